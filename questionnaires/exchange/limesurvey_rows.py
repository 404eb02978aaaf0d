"""
A LimeSurvey survey structure (.lss) as tables of rows, read as a stream.

The file comes from anybody: a document type (entities, hence bombs) is refused, elements are counted while
they come, and only the tables that are asked for are kept.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import ParseError  # nosec  # only its name; the parser is defusedxml's

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from questionnaires.exchange.limits import MOST_BYTES, refuse
from questionnaires.exchange.report import ExchangeError

MOST_ELEMENTS: Final = 300_000
MOST_ROWS: Final = 60_000
MOST_CELL: Final = 100_000
_ROOT, _TABLE, _ROWS, _ROW, _CELL = 1, 2, 3, 4, 5
_CHUNK: Final = 65_536
_ZIP: Final = b"PK\x03\x04"

Row = Mapping[str, str]


def read_tables(data: bytes, name: str, wanted: Collection[str]) -> dict[str, Sequence[Row]]:
    """
    The wanted tables of a file, and by `""` one row with the names of the others that have rows.

    Raises:
        ExchangeError: If it is too large, damaged, or no LimeSurvey survey structure.
    """
    if len(data) > MOST_BYTES:
        refuse(name, f"it has {len(data)} bytes, and may have {MOST_BYTES}", "Split the survey.")
    if data.startswith(_ZIP):
        refuse(
            name, "it is an archive, which may hold people's answers", "Export the survey structure (.lss)."
        )
    tables = _Tables(name, wanted)
    parser = DefusedXMLParser(target=tables, forbid_dtd=True)
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
        parser.close()
    except DefusedXmlException:
        refuse(name, "it declares a document type", "Export it from LimeSurvey anew.")
    except (ParseError, ValueError, LookupError) as error:
        if isinstance(error, ExchangeError):
            raise
        refuse(name, f"it is no XML ({error})", "Export it from LimeSurvey anew, as .lss in UTF-8.")
    if tables.document_type.strip() != "Survey":
        refuse(name, "it is no survey structure of LimeSurvey", "Export the survey structure (.lss).")
    return tables.found


class _Tables:
    """What the parser calls: keeps rows, and nothing else of the document."""

    def __init__(self, name: str, wanted: Collection[str]) -> None:
        self._name = name
        self._wanted = wanted
        self._depth = self._elements = self._rows = self._length = 0
        self._table = ""
        self._row: dict[str, str] = {}
        self._text: list[str] = []
        self.document_type = ""
        self.found: dict[str, Sequence[Row]] = {}
        self._kept: dict[str, list[Row]] = {}
        self._others: dict[str, str] = {}

    def start(self, tag: str, _: Mapping[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            refuse(self._name, f"it has more than {MOST_ELEMENTS} elements", "Split the survey.")
        if self._depth == _TABLE:
            self._table = tag
        if self._depth == _ROW:
            self._row = {}
        self._text, self._length = [], 0

    def data(self, text: str) -> None:
        self._length += len(text)
        if self._length > MOST_CELL:
            refuse(self._name, f"{self._table}: a text has over {MOST_CELL} characters", "Shorten it.")
        self._text.append(text)

    def end(self, tag: str) -> None:
        if self._depth == _CELL:
            self._row[tag] = "".join(self._text)
        elif self._depth == _ROW and tag == "row":
            self._end_of_row()
        elif self._depth == _TABLE and tag == "LimeSurveyDocType":
            self.document_type = "".join(self._text)
        self._depth -= 1
        self._text = []

    def _end_of_row(self) -> None:
        self._rows += 1
        if self._rows > MOST_ROWS:
            refuse(self._name, f"it has more than {MOST_ROWS} rows", "Split the survey.")
        if self._table in self._wanted:
            self._kept.setdefault(self._table, []).append(self._row)
        else:
            self._others[self._table] = self._table

    def close(self) -> None:
        self.found = {**self._kept, "": [self._others]}
