"""
A tree of units as a steward types, pastes or uploads it: every fault at its row, and nothing half read.

A row is a unit's name, how many people it has, and what it is a part of. The first row may name the columns;
then they may come in any order. Lines are separated by tab, semicolon or comma.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

from questionnaires.exchange.report import ExchangeError
from survey.waves.manifest import Unit

MOST: Final = 5000
MOST_PEOPLE: Final = 1_000_000
LONGEST_NAME: Final = 200
MOST_FAULTS: Final = 20
"""How many are told at once: whoever sent the wrong file need not read five thousand."""
_ZIP: Final = b"PK\x03\x04"
_OTHER_ENCODINGS: Final = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS: Final = "\t;,"
_NAMES: Final = {
    "name": {"unit", "enhed", "afdeling", "department", "name", "navn", "group", "gruppe", "hold", "klasse"},
    "headcount": {"headcount", "people", "antal", "personer", "medarbejdere", "number", "count"},
    "parent": {"parent", "part of", "del af", "overenhed", "hører til", "under"},
}
_IN_ORDER: Final = ("name", "headcount", "parent")


class Wrong(StrEnum):
    """What can be wrong with a row, or with the whole."""

    NO_NAME = "no_name"
    LONG_NAME = "long_name"
    NO_HEADCOUNT = "no_headcount"
    HEADCOUNT = "headcount"
    TWICE = "twice"
    NO_PARENT = "no_parent"
    CYCLE = "cycle"
    TOO_DEEP = "too_deep"
    PARTS_EXCEED = "parts_exceed"
    FORMULA = "formula"
    TOO_MANY = "too_many"
    ENCODING = "encoding"
    NO_TABLE = "no_table"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: in which row (0 for the whole), what, and the words it is about."""

    row: int
    wrong: Wrong
    about: str = ""


class UnitsError(Exception):
    """Units that cannot be used, with everything that is wrong with them, at most `MOST_FAULTS`."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(islice(faults, MOST_FAULTS), key=lambda fault: fault.row)
        first = self.faults[0]
        super().__init__(f"units: row {first.row}: {first.wrong.value}; mend the row")


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    name: str
    headcount: str
    parent: str


def units_from_file(data: bytes) -> tuple[Unit, ...]:
    """
    The units in an uploaded file: CSV in UTF-8, or the first sheet of an .xlsx workbook.

    Raises:
        UnitsError: If it cannot be read, or a row is wrong.
    """
    if data.startswith(_ZIP):
        return _units(_sheet(data))
    if data.startswith(_OTHER_ENCODINGS):
        raise UnitsError([Fault(1, Wrong.ENCODING)])
    try:
        return units_from_text(data.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        row = data.count(b"\n", 0, fault.start) + 1
        raise UnitsError([Fault(row, Wrong.ENCODING)]) from fault


def units_from_text(text: str) -> tuple[Unit, ...]:
    """
    The units in lines that were typed or pasted.

    Raises:
        UnitsError: If a row is wrong.
    """
    if "\x00" in text:
        raise UnitsError([Fault(text.count("\n", 0, text.index("\x00")) + 1, Wrong.ENCODING)])
    return _units(_lines(text))


def text_of(units: Sequence[Unit]) -> str:
    """The units as they could have been typed: one a line, columns separated by semicolons."""
    names = {unit.id: unit.name for unit in units}
    return "\n".join(
        "; ".join([unit.name, str(unit.headcount), *([names[unit.parent]] if unit.parent else [])])
        for unit in units
    )


def people_in(units: Iterable[Unit]) -> int:
    """How many people the units have together: parts are counted with what they are a part of."""
    return sum(unit.headcount for unit in units if unit.parent is None)


def smaller_than_parts(units: Sequence[Unit]) -> Iterator[Unit]:
    """The units whose parts have more people than they have themselves."""
    within: dict[str, int] = {}
    for unit in units:
        if unit.parent:
            within[unit.parent] = within.get(unit.parent, 0) + unit.headcount
    return (unit for unit in units if within.get(unit.id, 0) > unit.headcount)


def is_headcount(text: str) -> bool:
    """Whether it is a whole number up to `MOST_PEOPLE`."""
    # Text of thousands of digits is no number to Python either.
    few_digits = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PEOPLE))
    return few_digits and int(text) <= MOST_PEOPLE


def _lines(text: str) -> Iterator[list[str]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = next((sign for sign in _DELIMITERS if sign in first), ";")
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, skipinitialspace=True)
    try:
        yield from reader
    except csv.Error as fault:
        raise UnitsError([Fault(reader.line_num, Wrong.NO_TABLE)]) from fault


def _sheet(data: bytes) -> Iterator[Sequence[str]]:
    # The readers of workbooks take a third of a second to load: only who brings a file waits for them.
    from questionnaires.exchange.workbooks import TooLargeError, cells_of_first_sheet  # noqa: PLC0415

    try:
        yield from cells_of_first_sheet(data, "units")
    except TooLargeError as fault:
        raise UnitsError([Fault(MOST + 2, Wrong.TOO_MANY)]) from fault
    except ExchangeError as fault:
        raise UnitsError([Fault(0, Wrong.NO_TABLE)]) from fault


def _units(table: Iterable[Sequence[str]]) -> tuple[Unit, ...]:
    rows = list(_rows(table))
    if not rows:
        raise UnitsError([Fault(0, Wrong.EMPTY)])
    faults = [fault for row in rows for fault in _faults_of(row)]
    faults += _faults_between([row for row in rows if row.name])
    if faults:
        raise UnitsError(faults)
    units = tuple(_in_order(rows))
    faults = list(_faults_of_numbers(units, {row.name.casefold(): row.number for row in rows}))
    if faults:
        raise UnitsError(faults)
    return units


def _rows(table: Iterable[Sequence[str]]) -> Iterator[_Row]:
    columns: Sequence[str] = ()
    found = 0
    for number, cells in enumerate(table, 1):
        written = [" ".join(cell.split()) for cell in cells]
        if not any(written):
            continue
        if not columns:
            columns = _columns(written)
            if columns:
                continue
            columns = _IN_ORDER
        found += 1
        if found > MOST:
            raise UnitsError([Fault(number, Wrong.TOO_MANY)])
        named = dict(zip(columns, written, strict=False))
        yield _Row(number, named.get("name", ""), named.get("headcount", ""), named.get("parent", ""))


def _columns(cells: Sequence[str]) -> tuple[str, ...]:
    """What the columns hold, if the row names them; nothing if it is a unit already."""
    meant = tuple(
        next((column for column, names in _NAMES.items() if cell.casefold() in names), "") for cell in cells
    )
    return meant if "name" in meant and "headcount" in meant else ()


def _faults_of(row: _Row) -> Iterator[Fault]:
    if any(cell.startswith("=") for cell in (row.name, row.headcount, row.parent)):
        yield Fault(row.number, Wrong.FORMULA)
    elif not row.name:
        yield Fault(row.number, Wrong.NO_NAME)
    elif len(row.name) > LONGEST_NAME:
        yield Fault(row.number, Wrong.LONG_NAME, row.name[:40])
    elif row.headcount and not is_headcount(row.headcount):
        yield Fault(row.number, Wrong.HEADCOUNT, row.headcount[:40])


def _faults_between(rows: Sequence[_Row]) -> Iterator[Fault]:
    by_name: dict[str, _Row] = {}
    for row in rows:
        if row.name.casefold() in by_name:
            yield Fault(row.number, Wrong.TWICE, row.name)
        by_name.setdefault(row.name.casefold(), row)
    wholes = {row.parent.casefold() for row in rows if row.parent}
    for row in rows:
        if row.parent:
            yield from _faults_of_part(row, by_name)
        if not row.headcount and row.name.casefold() not in wholes:
            yield Fault(row.number, Wrong.NO_HEADCOUNT, row.name)


def _faults_of_part(row: _Row, by_name: dict[str, _Row]) -> Iterator[Fault]:
    above = by_name.get(row.parent.casefold())
    if above is None:
        yield Fault(row.number, Wrong.NO_PARENT, row.parent[:40])
    elif _lies_in_itself(row, by_name):
        yield Fault(row.number, Wrong.CYCLE, row.name)
    elif above.parent:
        yield Fault(row.number, Wrong.TOO_DEEP, row.name)


def _lies_in_itself(row: _Row, by_name: dict[str, _Row]) -> bool:
    seen, here = set[str](), by_name.get(row.parent.casefold())
    while here is not None and here.name.casefold() not in seen:
        if here.name.casefold() == row.name.casefold():
            return True
        seen.add(here.name.casefold())
        here = by_name.get(here.parent.casefold()) if here.parent else None
    return False


def _in_order(rows: Sequence[_Row]) -> Iterator[Unit]:
    """Each unit of the upper level, followed by its parts."""
    parts: dict[str, list[_Row]] = {}
    for row in rows:
        parts.setdefault(row.parent.casefold(), []).append(row)
    number = 0
    for whole in parts.get("", []):
        within = parts.get(whole.name.casefold(), [])
        people = sum(int(part.headcount) for part in within)
        number += 1
        above = f"u{number}"
        yield Unit(id=above, name=whole.name, parent=None, headcount=int(whole.headcount or people))
        for part in within:
            number += 1
            yield Unit(id=f"u{number}", name=part.name, parent=above, headcount=int(part.headcount))


def _faults_of_numbers(units: Sequence[Unit], rows: dict[str, int]) -> Iterator[Fault]:
    for unit in smaller_than_parts(units):
        yield Fault(rows[unit.name.casefold()], Wrong.PARTS_EXCEED, unit.name)
