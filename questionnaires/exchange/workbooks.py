"""
Workbooks as rows of texts: .xlsx through openpyxl, .xls through xlrd.

A file comes from anybody, and what it claims about itself is not believed. openpyxl is given only the parts
that hold cells, and of a sheet only its cells; how much there is to read is counted before it reads; a part
that declares a document type (entities, hence bombs) is refused. Macros, formulas and links are never run or
followed, and their places are told.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Final
from xml.parsers import expat

import openpyxl
import xlrd
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from questionnaires.errors import Finding
from questionnaires.exchange.limits import MOST_COLUMNS, MOST_ROWS, Cells, Raw, bounded, refuse
from questionnaires.exchange.report import ExchangeError, Log

# A thousand questions in three languages are half a megabyte. What unpacks to more is no questionnaire.
MOST_UNPACKED: Final = 8_000_000
# Reading takes time by the tag: a choice of six columns has about thirty.
MOST_TAGS: Final = 200_000
MOST_TAGS_ABOUT: Final = 20_000
MOST_PARTS: Final = 1_000
# xlrd reads the whole of the old format at once, in Python; what people have in it is small.
MOST_BYTES_XLS: Final = 2_000_000
_CELLS = re.compile(r"^xl/(worksheets/[^/]+|sharedStrings)\.xml$", re.IGNORECASE)
_ABOUT = re.compile(
    r"^(\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels)$", re.IGNORECASE
)
_ROOT = re.compile(rb"<(?:\w+:)?worksheet\b[^>]*>")
_FIRST_CELL = re.compile(rb"<(\w+:)?sheetData\b[^>]*>")
_ANEW: Final = "Open it, save it anew as .xlsx, and try again."
_LESS: Final = "Take out what is no question."


class TooLargeError(ExchangeError):
    """A workbook with more in it than is read."""


def cells_of_first_sheet(data: bytes, name: str) -> Iterator[Cells]:
    """
    The first `MOST_ROWS` rows of a workbook's first sheet, a formula as it is written, with its equals sign.

    Raises:
        TooLargeError: If the workbook holds more than is read.
        ExchangeError: If it is no workbook, or a damaged one.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            harmless = _harmless(archive, name)
        sheet = openpyxl.load_workbook(harmless, read_only=True, keep_links=False).worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
        yield from ([_text(cell.value) for cell in row] for row in rows)
    except ExchangeError:
        raise
    except Exception as error:  # noqa: BLE001  a crafted file ends the readers in errors of every kind
        refuse(name, f"it is no workbook, or a damaged one ({type(error).__name__})", _ANEW)


def sheets_of_xlsx(data: bytes, name: str, wanted: Sequence[str], log: Log) -> Iterator[Raw]:
    """The wanted sheets of a workbook of today, each as its rows."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _tell_of_what_is_not_read(archive, name, log)
            harmless = _harmless(archive, name)
        book = openpyxl.load_workbook(harmless, read_only=True, keep_links=False)
        sheets = list(book.worksheets)
    except ExchangeError:
        raise
    except Exception as error:  # noqa: BLE001  a crafted file ends the readers in errors of every kind
        refuse(name, f"it is no workbook, or a damaged one ({type(error).__name__})", _ANEW)
    for sheet in sheets:
        called = sheet.title.strip().lower()
        if called in wanted:
            yield called, bounded(called, name, _rows_of_xlsx(sheet, called, log))
        else:
            log.left_out(f'sheet "{sheet.title}"', "it is not one that is read")


def _tell_of_what_is_not_read(archive: zipfile.ZipFile, name: str, log: Log) -> None:
    names = [part.filename.lower() for part in archive.infolist()]
    if len(names) > MOST_PARTS:
        refuse(name, f"it has {len(names)} parts, and may have {MOST_PARTS}", _ANEW)
    if any(part.endswith("vbaproject.bin") for part in names):
        log.left_out(name, "it holds macros, which are never run")
    if any("/externallinks/" in part for part in names):
        log.left_out(name, "it links to other workbooks, which are never opened")
    if any("/media/" in part or "/embeddings/" in part for part in names):
        log.left_out(name, "it holds pictures or other files, which are not read")
    if any("/comments" in part or "/threadedcomments" in part for part in names):
        log.left_out(name, "it holds comments, which are not read")


def _harmless(archive: zipfile.ZipFile, name: str) -> io.BytesIO:
    """The workbook without all that is no cell: no styles, drawings, rules, links."""
    parts = [
        part for part in archive.infolist() if _CELLS.match(part.filename) or _ABOUT.match(part.filename)
    ]
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED:
        fact = f"it unpacks to {unpacked} bytes, and may to {MOST_UNPACKED}"
        raise TooLargeError(Finding(name, fact, _LESS))
    copy, tags, about = io.BytesIO(), 0, 0
    with zipfile.ZipFile(copy, "w") as kept:
        for part in parts:
            content = archive.read(part)
            _see_that_it_declares_nothing(content, part.filename, name)
            if "/worksheets/" in part.filename.lower():
                content = _only_cells(content, part.filename, name)
            number = content.count(b"<")
            tags += number
            about += 0 if _CELLS.match(part.filename) else number
            if tags > MOST_TAGS or about > MOST_TAGS_ABOUT:
                raise TooLargeError(Finding(name, "it has more cells than a questionnaire", _LESS))
            kept.writestr(part.filename, content)
    copy.seek(0)
    return copy


def _only_cells(content: bytes, part: str, name: str) -> bytes:
    root, first = _ROOT.search(content), _FIRST_CELL.search(content)
    if root is None or first is None:
        refuse(name, f"its part {part} has no cells that can be read", _ANEW)
    prefix = first.group(1) or b""
    closing = b"</" + prefix + b"sheetData>"
    last = content.rfind(closing)
    cells = content[first.start() : last + len(closing)] if last > 0 else b"<" + prefix + b"sheetData/>"
    return content[: root.end()] + cells + b"</" + prefix + b"worksheet>"


def _see_that_it_declares_nothing(content: bytes, part: str, name: str) -> None:
    """Refuse a document type: it can define entities, a few bytes of which unfold into gigabytes."""
    parser = expat.ParserCreate()
    begun: list[str] = []

    def declared(*_: object) -> None:
        refuse(name, f"its part {part} declares a document type", _ANEW)

    def began(tag: str, _: object) -> None:
        begun.append(tag)

    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = began
    chunk = 4096
    for start in range(0, len(content), chunk):
        try:
            parser.Parse(content[start : start + chunk])
        except expat.ExpatError:
            refuse(name, f"its part {part} is damaged", _ANEW)
        if begun:
            return


def _rows_of_xlsx(sheet: ReadOnlyWorksheet, called: str, log: Log) -> Iterator[Cells]:
    # One row and column more than are allowed, so that going beyond is seen and not believed away.
    rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1)  # type: ignore[misc]  # the stubs lend it another class's method
    for number, row in enumerate(rows, 1):
        yield [_cell_of_xlsx(cell, f"{called}, row {number}", log) for cell in row]


def _cell_of_xlsx(cell: object, place: str, log: Log) -> str:
    kind, value = getattr(cell, "data_type", "n"), getattr(cell, "value", None)
    if kind == "f":
        log.left_out(place, "a cell holds a formula, which is not worked out: write what it says")
        return ""
    if kind == "e":
        log.left_out(place, f"a cell holds the error {value}")
        return ""
    return _text(value)


def _text(value: object) -> str:
    """A cell's value as its author sees it: whole numbers without a fraction."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value).replace("_x000D_", "").strip()


def sheets_of_xls(data: bytes, name: str, wanted: Sequence[str], log: Log) -> Iterator[Raw]:
    """The wanted sheets of a workbook of before 2007, as rows; of formulas, what they last came to."""
    if len(data) > MOST_BYTES_XLS:
        refuse(name, f"it has {len(data)} bytes, and an .xls may have {MOST_BYTES_XLS}", "Save it as .xlsx.")
    try:
        # xlrd prints what it wonders about: into the void.
        book = xlrd.open_workbook(file_contents=data, on_demand=True, ragged_rows=True, logfile=io.StringIO())
        names = book.sheet_names()
    except Exception as error:  # noqa: BLE001  xlrd ends a crafted file in errors of every kind
        refuse(name, f"it is no .xls workbook ({type(error).__name__})", "Save it as .xlsx.")
    for title in names:
        called = title.strip().lower()
        if called in wanted:
            yield called, bounded(called, name, _rows_of_xls(book, title))
        else:
            log.left_out(f'sheet "{title}"', "it is not one that is read")


def _rows_of_xls(book: xlrd.Book, title: str) -> Iterator[Cells]:
    sheet = book.sheet_by_name(title)
    for number in range(min(sheet.nrows, MOST_ROWS + 2)):
        yield [_cell_of_xls(cell) for cell in sheet.row(number)[: MOST_COLUMNS + 1]]
    book.unload_sheet(title)


def _cell_of_xls(cell: xlrd.sheet.Cell) -> str:
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    return "" if cell.ctype == xlrd.XL_CELL_ERROR else _text(cell.value)
