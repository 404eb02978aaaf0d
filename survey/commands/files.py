"""Files of commands: responses and groups, each fault named with its row and column; written whole."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from questionnaires.answers import Answers, answers_from_codes
from questionnaires.errors import AnswerError, UnknownNameError, did_you_mean
from questionnaires.model import ItemType, Questionnaire
from survey.waves.manifest import Unit

UNIT = "unit"
_GROUP_COLUMNS = [UNIT, "parent", "headcount"]


class FileError(Exception):
    """A file that cannot be used: which, where in it, what is wrong and how to mend it."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as aside:
        aside.write(content)
    Path(aside.name).replace(path)


@dataclass(frozen=True, slots=True)
class Reply:
    """One row of a responses file: the unit's position or None, and the answers."""

    unit: int | None
    answers: Answers


def read_groups(path: Path) -> tuple[Unit, ...]:
    """
    The unit tree of a groups file.

    Raises:
        FileError: If a column, parent or headcount is not what it should be.
    """
    columns, rows = _table(path)
    if columns != _GROUP_COLUMNS:
        raise FileError(f"{path}: row 1: the columns are {', '.join(columns)}; write unit,parent,headcount")
    units: dict[str, Unit] = {}
    for number, row in rows:
        name, parent, headcount = row
        if not name or name in units:
            raise FileError(
                f"{path}: row {number}, unit: {name!r} is empty or comes twice; name each unit once"
            )
        if parent and parent not in units:
            raise FileError(
                f"{path}: row {number}, parent: no unit {parent!r} above; put it before its parts"
            )
        if not (headcount.isascii() and headcount.isdigit()):
            raise FileError(f"{path}: row {number}, headcount: {headcount!r}; write a whole number from 0 up")
        units[name] = Unit(id=name, name=name, parent=parent or None, headcount=int(headcount))
    return tuple(units.values())


def read_replies(path: Path, questionnaire: Questionnaire, units: Sequence[Unit]) -> list[Reply]:
    """
    All rows of a responses file, checked before the first is sent.

    Raises:
        FileError: If a column, unit or code is unknown, or a row has another number of cells.
    """
    columns, rows = _table(path)
    known = [item.id for item in questionnaire.items] + ([UNIT] if units else [])
    for place, column in enumerate(columns, 1):
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
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, strict=True))
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
