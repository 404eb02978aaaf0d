"""Sheets as rows under a row of names, from a workbook or CSV; bounded, since files come from anybody."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from questionnaires.exchange.limits import MOST_BYTES, MOST_ROWS, Cells, Raw, bounded, refuse
from questionnaires.exchange.report import Log
from questionnaires.exchange.workbooks import sheets_of_xls, sheets_of_xlsx

MOST_BYTES_CSV: Final = 3_000_000
_LONG_LINE = re.compile(r"[^\n]{200001}")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Row:
    """
    One row with something in it.

    Attributes:
        place: `survey, row 12`.
        cells: Column's name in lower case → text, without empty cells.
    """

    place: str
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """Return the text in a column, empty if there is none."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    Rows under a row of names.

    Attributes:
        name: In lower case.
        columns: The names of its columns, in lower case, in order.
        rows: All that are not empty.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Row]


def read_sheets(data: bytes, name: str, wanted: Sequence[str], log: Log) -> dict[str, Sheet]:
    """
    The sheets of a file by their names.

    Args:
        data: The file.
        name: Its name: a CSV file's says which sheet it is, unless its first column does.
        wanted: Names of the sheets to read; others are told of and passed over.
        log: Hears of macros, formulas, links and sheets that are not read.

    Raises:
        ExchangeError: If it is too large, damaged, or not of one of the three formats.
    """
    if len(data) > MOST_BYTES:
        refuse(
            name, f"it has {len(data)} bytes, and may have {MOST_BYTES}", "Split it, or take out pictures."
        )
    if data.startswith(_ZIP):
        read = sheets_of_xlsx(data, name, wanted, log)
    elif data.startswith(_OLE):
        read = sheets_of_xls(data, name, wanted, log)
    else:
        read = _sheets_of_csv(data, name, wanted, log)
    return {called: _sheet(called, rows, log) for called, rows in read}


def _sheet(name: str, rows: Iterable[Cells], log: Log) -> Sheet:
    numbered = ((number, row) for number, row in enumerate(rows, 1) if any(row))
    header = next(numbered, (0, ()))[1]
    columns = [" ".join(cell.split()).lower() for cell in header]
    for column in sorted({column for column in columns if column and columns.count(column) > 1}):
        log.left_out(f"{name}, row 1", f'the column "{column[:60]}" stands there twice: the first was read')
    read = [_row(name, columns, number, row) for number, row in numbered]
    return Sheet(name, [column for column in columns if column], read)


def _row(name: str, columns: Sequence[str], number: int, row: Cells) -> Row:
    cells: dict[str, str] = {}
    for column, cell in zip(columns, row, strict=False):
        if column and cell and column not in cells:
            cells[column] = cell
    return Row(f"{name}, row {number}", cells)


def _sheets_of_csv(data: bytes, name: str, wanted: Sequence[str], log: Log) -> Iterator[Raw]:
    rows = _rows_of_csv(_decoded(data, name), name)
    first = next((row for row in rows if any(row)), [""])
    if first[0].lower() in wanted and not any(first[1:]):
        yield from _one_below_the_other(rows, name, wanted, log)
    else:
        called = PurePath(name).stem.lower()
        called = called if called in wanted else wanted[0]
        yield called, bounded(called, name, rows)


def _rows_of_csv(text: str, name: str) -> list[list[str]]:
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            rows.append([cell.strip() for cell in row])
            if len(rows) > 2 * MOST_ROWS:
                refuse(name, f"it has more than {2 * MOST_ROWS} rows", "Delete those that are no question.")
    except csv.Error as error:
        refuse(name, f"row {len(rows) + 1} is no CSV ({error})", "Save it as CSV with UTF-8.")
    return rows


def _one_below_the_other(rows: Sequence[Cells], name: str, wanted: Sequence[str], log: Log) -> Iterator[Raw]:
    """Sheets in one file, each begun by its name alone in the first column."""
    sheets: dict[str, list[Cells]] = {}
    current: list[Cells] = []
    for row in rows:
        if row and row[0]:
            current = sheets.setdefault(row[0].lower(), [])
        if any(row[1:]):
            current.append(row[1:])
    for called, found in sheets.items():
        if called in wanted:
            yield called, bounded(called, name, found)
        else:
            log.left_out(f'sheet "{called[:60]}"', "it is not one that is read")


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MOST_BYTES_CSV:
        refuse(name, f"it has {len(data)} bytes, and a CSV may have {MOST_BYTES_CSV}", "Split the form.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        refuse(name, "it is UTF-16", "Save it as CSV with UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        refuse(name, f"line {line} is not UTF-8", "Save it as CSV with UTF-8.")
    if "\0" in text:
        refuse(name, "it holds bytes that no text has", "Give a workbook, or CSV with UTF-8.")
    if _LONG_LINE.search(text):
        refuse(name, "a line has over 200000 characters", "Give a form: a question on each row.")
    return text
