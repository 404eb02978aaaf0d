"""E-mail addresses as a steward has them: typed, pasted, or a column of a file; each fault at its row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from questionnaires.exchange.limits import MOST_ROWS
from questionnaires.exchange.report import ExchangeError
from survey.delivery.outbox import AddressError, mail_address

MOST: Final = 10_000
"""How many addresses are read at once."""
MOST_BYTES: Final = 5_000_000
_HEADINGS: Final = frozenset(
    {"e-mail", "email", "e-mailadresse", "emailadresse", "mail", "e-post", "address"}
)
_BETWEEN: Final = re.compile(r"[,;\t]|\s(?=\S+@)")
_IN_BRACKETS: Final = re.compile(r"<([^<>]*)>\s*$")
_FORMULA: Final = "="
_LONGEST_SHOWN: Final = 80
_ZIP: Final = b"PK\x03\x04"


class Fault(Enum):
    """What is wrong with what stands in a row."""

    NO_ADDRESS = "no_address"
    FORMULA = "formula"
    TWICE = "twice"


class Reason(Enum):
    """Why a list cannot be read."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_COLUMN = "no_column"
    UNREADABLE = "unreadable"


class ListError(ValueError):
    """A list that cannot be read as a whole: why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row to be mended: its number, what stands in it, and what is wrong."""

    row: int
    typed: str
    fault: Fault


@dataclass(slots=True)
class AddressList:
    """Addresses in their one spelling, in the order of their rows, and the rows to be mended."""

    addresses: list[str] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


def typed_list(text: str) -> AddressList:
    """
    The addresses in a text: one or several on a line, with a name before them or not.

    Raises:
        ListError: If there is none, or too many.
    """
    return _checked(
        (number, part)
        for number, line in enumerate(text.splitlines(), 1)
        for part in (each.strip() for each in _BETWEEN.split(line))
        # Where a line has an address, what stands beside it is a name.
        if part and ("@" in part or "@" not in line)
    )


def list_in_file(data: bytes) -> AddressList:
    """
    The addresses in a CSV file or a workbook's first sheet: of the column that is called so or has one.

    Raises:
        ListError: If it cannot be read, has no such column, or too many rows.
    """
    if len(data) > MOST_BYTES:
        raise ListError(Reason.TOO_LONG)
    rows = _sheet(data) if data.startswith(_ZIP) else _csv(data)
    return _checked(_of_one_column(rows))


def _checked(found: Iterable[tuple[int, str]]) -> AddressList:
    made, known = AddressList(), set[str]()
    for row, typed in found:
        if len(made.addresses) + len(made.faults) >= MOST:
            raise ListError(Reason.TOO_LONG)
        fault, address = _read(typed)
        if fault is None and address.lower() in known:
            fault = Fault.TWICE
        if fault is None:
            known.add(address.lower())
            made.addresses.append(address)
        else:
            made.faults.append(RowFault(row, typed[:_LONGEST_SHOWN], fault))
    if not made.addresses and not made.faults:
        raise ListError(Reason.EMPTY)
    return made


def _read(typed: str) -> tuple[Fault | None, str]:
    bracketed = _IN_BRACKETS.search(typed)
    wanted = bracketed[1] if bracketed else typed
    if typed.startswith(_FORMULA):
        return Fault.FORMULA, ""
    try:
        return None, mail_address(wanted.removeprefix("mailto:"))
    except AddressError:
        return Fault.NO_ADDRESS, ""


def _of_one_column(rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """What stands in the column of addresses, with the numbers of the rows; empty cells are left out."""
    column: int | None = None
    for number, row in enumerate(rows, 1):
        if column is None:
            column, heading = _column(row)
            if heading:
                continue
        if column is not None and len(row) > column and row[column].strip():
            yield number, row[column].strip()
    if column is None:
        raise ListError(Reason.NO_COLUMN)


def _column(row: Sequence[str]) -> tuple[int | None, bool]:
    """Which column of a row is the addresses', and whether it is their heading."""
    for place, cell in enumerate(row):
        if cell.strip().lower() in _HEADINGS:
            return place, True
    return next((place for place, cell in enumerate(row) if "@" in cell), None), False


def _csv(data: bytes) -> Iterator[Sequence[str]]:
    text = _text(data)
    head = text[:4096]
    delimiter = max(";,\t", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as fault:
        raise ListError(Reason.UNREADABLE) from fault


def _text(data: bytes) -> str:
    """Read a file's text: Unicode, or what spreadsheets in Denmark write without saying so."""
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ListError(Reason.UNREADABLE)
    for encoding in ("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ListError(Reason.UNREADABLE)


def _sheet(data: bytes) -> Iterator[Sequence[str]]:
    # Heavy, and asked for by hardly anybody: the web starts without it.
    from questionnaires.exchange.workbooks import TooLargeError, cells_of_first_sheet  # noqa: PLC0415

    try:
        for number, row in enumerate(cells_of_first_sheet(data, "list.xlsx"), 1):
            if number >= MOST_ROWS:
                raise ListError(Reason.TOO_LONG)
            yield row
    except TooLargeError as fault:
        raise ListError(Reason.TOO_LONG) from fault
    except ExchangeError as fault:
        raise ListError(Reason.UNREADABLE) from fault
