"""Files of commands: responses and groups, each fault named with its row and column."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from questionnaires.answers import Answers, answers_from_codes
from questionnaires.errors import AnswerError, UnknownNameError, did_you_mean
from questionnaires.files import read_file
from questionnaires.model import ItemType, Questionnaire
from survey.waves.manifest import Unit
from survey.waves.unit_tree import MOST_PEOPLE, is_headcount, smaller_than_parts

UNIT = "unit"
# Its name is its id here, and a manifest's ids are no longer.
_LONGEST_NAME = 64
_GROUP_COLUMNS = [UNIT, "parent", "headcount"]


class FileError(Exception):
    """A file that cannot be used: which, where in it, what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One row of a responses file: the unit's position or None, and the answers."""

    unit: int | None
    answers: Answers


def read_groups(path: Path) -> tuple[Unit, ...]:
    """
    The unit tree of a groups file.

    Raises:
        FileError: If a column, parent or headcount is not what it should be, a unit lies deeper than in two
            levels, or has fewer people than its parts.
    """
    columns, rows = _table(path)
    if columns != _GROUP_COLUMNS:
        raise FileError(f"{path}: row 1: the columns are {', '.join(columns)}; write unit,parent,headcount")
    listed = list(rows)
    if not listed:
        raise FileError(f"{path}: it has no unit below row 1; add the units, or leave out --groups")
    parents = {name: parent for _, (name, parent, _) in listed}
    units: dict[str, Unit] = {}
    row_of: dict[str, int] = {}
    for number, (name, parent, headcount) in listed:
        if fault := _fault(name, parent, headcount, units, parents):
            raise FileError(f"{path}: row {number}, {fault}")
        units[name] = Unit(id=name, name=name, parent=parent or None, headcount=int(headcount))
        row_of[name] = number
    for unit in smaller_than_parts(tuple(units.values())):
        parts = sum(part.headcount for part in units.values() if part.parent == unit.id)
        raise FileError(
            f"{path}: row {row_of[unit.id]}, headcount: {unit.id!r} has {unit.headcount} people and its parts"
            f" {parts}; count those in its parts too"
        )
    return tuple(units.values())


def _fault_of_parent(name: str, parent: str, parents: Mapping[str, str]) -> str:
    """What is wrong with a parent that is not above: in a circle no row could come first."""
    if name in _above(name, parents):
        return f"parent: {name!r} is a part of itself, by way of {parent!r}; leave the outermost's empty"
    return f"parent: no unit {parent!r} above; put it before its parts"


def _above(name: str, parents: Mapping[str, str]) -> set[str]:
    """What a unit is a part of, and that of, and so on; itself too where that is a circle."""
    found: set[str] = set()
    while (name := parents.get(name, "")) and name not in found:
        found.add(name)
    return found


def _fault(
    name: str, parent: str, headcount: str, units: Mapping[str, Unit], parents: Mapping[str, str]
) -> str | None:
    """What is wrong with a row below the units: column, fact and remedy; `parents` are those of all rows."""
    if not name or name in units:
        return f"unit: {name!r} is empty or comes twice; name each unit once"
    if len(name) > _LONGEST_NAME:
        return f"unit: its name has {len(name)} characters; write at most {_LONGEST_NAME}"
    if parent and parent not in units:
        return _fault_of_parent(name, parent, parents)
    above = units[parent].parent if parent else None
    if above:
        return f"parent: {parent!r} is a part of {above!r}, and units have two levels; name {above!r} instead"
    if not is_headcount(headcount):
        return f"headcount: {headcount[:20]!r}; write a whole number from 0 to {MOST_PEOPLE:,}"
    return None


def check_sizes(path: Path, units: Sequence[Unit], replies: Sequence[Reply]) -> None:
    """
    See that no unit has more responses than people, those of its parts with it.

    Raises:
        FileError: If one has.
    """
    answered = Counter(reply.unit for reply in replies)
    for place, unit in enumerate(units):
        parts = [at for at, part in enumerate(units) if part.parent == unit.id]
        given = sum(answered[at] for at in (place, *parts))
        if given > unit.headcount:
            raise FileError(
                f"{path}: unit: {given} rows are of {unit.id!r} or its parts, and its headcount is"
                f" {unit.headcount}; mend the unit of the rows or the headcount in the groups file"
            )


def read_replies(path: Path, questionnaire: Questionnaire, units: Sequence[Unit]) -> list[Reply]:
    """
    All rows of a responses file, checked before the first is sent.

    Raises:
        FileError: If a column, unit or code is unknown, or a row has another number of cells.
    """
    columns, rows = _table(path)
    known = [item.id for item in questionnaire.items] + ([UNIT] if units else [])
    if units and UNIT not in columns:
        raise FileError(f"{path}: row 1: no column is named {UNIT!r}; add it, or leave out --groups")
    for place, column in enumerate(columns, 1):
        if column == UNIT and not units:
            raise FileError(
                f"{path}: row 1, column {place}: {UNIT!r} is unknown without a file of groups; give it with"
                " --groups, or leave out the column"
            )
        if column not in known:
            raise FileError(
                f"{path}: row 1, column {place}: {column!r} is unknown. {did_you_mean(column, known)}"
            )
        if columns.count(column) > 1:
            raise FileError(f"{path}: row 1, column {place}: {column!r} comes twice; keep one")
    positions = {unit.id: place for place, unit in enumerate(units)}
    reader = _ReplyReader(path, questionnaire, columns, positions)
    return [reader.reply(number, row) for number, row in rows]


@dataclass(frozen=True, slots=True)
class _ReplyReader:
    path: Path
    questionnaire: Questionnaire
    columns: Sequence[str]
    units: dict[str, int]

    def reply(self, number: int, row: Sequence[str]) -> Reply:
        cells = dict(zip(self.columns, row, strict=True))
        unit = self._unit(number, cells.pop(UNIT, ""))
        codes = {column: self._codes(column, cell) for column, cell in cells.items() if cell}
        try:
            return Reply(unit, answers_from_codes(self.questionnaire, codes))
        except (AnswerError, UnknownNameError) as fault:
            raise FileError(f"{self.path}: row {number}: {fault}") from fault

    def _unit(self, number: int, cell: str) -> int | None:
        if not cell:
            return None
        if cell not in self.units:
            hint = did_you_mean(cell, self.units)
            raise FileError(f"{self.path}: row {number}, unit: {cell!r} is not in the groups file. {hint}")
        return self.units[cell]

    def _codes(self, column: str, cell: str) -> str | list[str]:
        is_multi = self.questionnaire.item(column).type is ItemType.MULTI
        return cell.split("|") if is_multi else cell


def _table(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The header, then each row with its number in the file; the header is row 1."""
    try:
        text = read_file(path).decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except OSError as fault:
        raise FileError(f"{path}: cannot be read ({fault.strerror}); name a file that is there") from fault
    except (UnicodeDecodeError, csv.Error) as fault:
        raise FileError(f"{path}: not CSV in UTF-8 ({fault}); save it as CSV UTF-8") from fault
    if not lines:
        raise FileError(f"{path}: it is empty; the first row names the columns")
    return lines[0], _numbered(path, lines)


def _numbered(path: Path, lines: list[list[str]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(lines[1:], 2):
        # A CSV of one column writes a response in which all was left blank as an empty line.
        cells = row or [""]
        if len(cells) != len(lines[0]):
            raise FileError(
                f"{path}: row {number}: {len(cells)} cells where the header has {len(lines[0])}; mend the row"
            )
        yield number, cells
