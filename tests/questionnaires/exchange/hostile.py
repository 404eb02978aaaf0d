"""
Files that somebody made to hang, fill or fool whoever reads them; each as bytes, made when asked for.

Used by the attack tests and, beside honest files, by benchmarks/exchange.py.
"""

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import cache, partial

from tests.questionnaires.exchange.forms import workbook

HEADER = ["type", "name", "label"]
LISTS = [["list_name", "name", "label"], ["yn", "y", "Yes"], ["yn", "n", "No"]]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MEGABYTE = 1_000_000
_SHEET, _CHOICES = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
_TEXT = b'<c t="inlineStr"><is><t>%s</t></is></c>'
_CHOICE = b"<row>" + _TEXT % b"yn" + _TEXT % b"y" + _TEXT % b"Yes" + b"</row>"
_QUESTION = b"<row>" + _TEXT % b"select_one yn" + _TEXT % b"q" + _TEXT % b"Question" + b"</row>"


def questions(number: int) -> list[list[object]]:
    """A survey sheet of so many questions."""
    rows: list[list[object]] = [["select_one yn", f"q{place}", "Question"] for place in range(number)]
    return [[*HEADER], *rows]


def changed(part: str, old: bytes, new: bytes) -> bytes:
    """A small form of which one part was changed by hand."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(survey=questions(1), choices=LISTS))) as archive,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in archive.namelist():
            content = archive.read(name)
            copy.writestr(name, content.replace(old, new, 1) if name == part else content)
    return made.getvalue()


def _with_part(name: str, content: bytes) -> bytes:
    made = io.BytesIO(workbook(survey=questions(1), choices=LISTS))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


def _claiming_a_million_rows() -> bytes:
    cell = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    return changed(_SHEET, b"</sheetData>", cell)


def _markup() -> bytes:
    texts = ["<a " * 6000, "<!--" * 5000, "<![CDATA[" * 2000, "</" * 9000, "&#" * 9000, "<script>" * 2000]
    rows = [["select_one yn", f"q{place}", texts[place % len(texts)]] for place in range(180)]
    return workbook(survey=[HEADER, *rows], choices=LISTS)


def _conditions() -> bytes:
    source = "(" * 28 + "${q0}='y'" + ")" * 28 + " or ${q0}='y'" * 200
    rows = [["select_one yn", f"q{place}", "Q", source if place else ""] for place in range(900)]
    return workbook(survey=[[*HEADER, "relevant"], *rows], choices=LISTS)


def _structure(inside: bytes) -> bytes:
    return b"<document><LimeSurveyDocType>Survey</LimeSurveyDocType>" + inside + b"</document>"


def _many_questions() -> bytes:
    row = b"<row><qid>%d</qid><parent_qid>0</parent_qid><gid>1</gid><type>L</type><title>Q%d</title></row>"
    survey = b"<surveys><rows><row><sid>1</sid><language>en</language></row></rows></surveys>"
    groups = (
        b"<groups><rows>"
        + b"".join(b"<row><gid>%d</gid></row>" % n for n in range(4000))
        + b"</rows></groups>"
    )
    asked = b"".join(row % (number, number) for number in range(4900))
    return _structure(survey + groups + b"<questions><rows>" + asked + b"</rows></questions>")


REFUSED: Mapping[str, Callable[[], bytes]] = {
    "a sheet that claims 1,048,576 rows": _claiming_a_million_rows,
    "a million choices": partial(changed, _CHOICES, b"</sheetData>", _CHOICE * 100_000 + b"</sheetData>"),
    "ten thousand questions": partial(changed, _SHEET, b"</sheetData>", _QUESTION * 7_000 + b"</sheetData>"),
    "a zip bomb": lambda: _with_part("xl/worksheets/sheet9.xml", b" " * (100 * _MEGABYTE)),
    "many small cells": partial(
        changed,
        _SHEET,
        b"</sheetData>",
        (b"<row>" + b"<c><v>1</v></c>" * 99 + b"</row>") * 5000 + b"</sheetData>",
    ),
    "many shared strings": lambda: _with_part(
        "xl/sharedStrings.xml", b"<sst>" + b"<si><t>a</t></si>" * 400_000 + b"</sst>"
    ),
    "many content types": partial(
        changed,
        "[Content_Types].xml",
        b"</Types>",
        b'<Override PartName="/z.xml" ContentType="t"/>' * 100_000 + b"</Types>",
    ),
    "entities in a sheet": partial(
        changed, _SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><worksheet'
    ),
    "a workbook cut in two": lambda: workbook(survey=questions(100), choices=LISTS)[:-2000],
    "a workbook of nothing": lambda: b"PK\x03\x04" + bytes(1000),
    "an old workbook of zeros": lambda: _OLE + bytes(_MEGABYTE),
    "an old workbook that is too large": lambda: _OLE + bytes(9 * _MEGABYTE),
    "conditions without end": _conditions,
    "a file of ten megabytes and one byte": lambda: b"a" * (10 * _MEGABYTE + 1),
    "a CSV of commas": lambda: b"," * (2 * _MEGABYTE),
    "a CSV of empty lines": lambda: b"\n" * (2 * _MEGABYTE + 900_000),
    "a CSV that never closes a quote": lambda: b'"' + b"a\n" * _MEGABYTE,
    "a CSV of another encoding": lambda: "type,name,label\nselect_one yn,a,Træt?".encode("latin-1"),
    "a CSV of UTF-16": lambda: "type,name,label".encode("utf-16"),
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000),
    "nothing": lambda: b"",
    "entities": lambda: b'<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><document>&b;</document>',
    "an entity from a file": lambda: (
        b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><document>&a;</document>'
    ),
    "elements without end": lambda: b"<document>" + b"<a>" * (3 * _MEGABYTE),
    "very many elements": lambda: _structure(b"<a/>" * (2 * _MEGABYTE)),
    "a text without end": lambda: b"<document><LimeSurveyDocType>" + b"a" * (9 * _MEGABYTE),
    "very many rows": lambda: _structure(
        b"<answers><rows>" + b"<row><a/></row>" * 300_000 + b"</rows></answers>"
    ),
    "very many questions": _many_questions,
    "another document": lambda: b"<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>",
    "a structure cut in two": lambda: _structure(b"<surveys><rows><row>")[:-20],
    "an archive with answers": lambda: _with_part("survey.lss", b"<document/>").replace(
        b"xl/workbook", b"xl/workboox"
    ),
}
"""What can be refused before it is read, by what it is."""

CLEANED: Mapping[str, Callable[[], bytes]] = {
    "a thousand questions": lambda: workbook(survey=questions(1000), choices=LISTS),
    "markup without end": _markup,
    "bloated styles": partial(
        changed, "xl/styles.xml", b"<cellXfs", b"<extra>" + b"<xf/>" * 300_000 + b"</extra><cellXfs"
    ),
    "rules without end": partial(
        changed,
        _SHEET,
        b"</sheetData>",
        b"</sheetData><dataValidations>" + b'<dataValidation sqref="A1"/>' * 100_000 + b"</dataValidations>",
    ),
}
"""What is read in part, with a word about the rest."""


@cache
def made(name: str) -> bytes:
    """One of them, made once."""
    return {**REFUSED, **CLEANED}[name]()
