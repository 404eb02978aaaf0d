"""Units as a steward types, pastes or uploads them: read whole, or refused with every fault at its row."""

from __future__ import annotations

import io
import zipfile

import pytest

from survey.waves.manifest import Unit
from survey.waves.unit_tree import (
    MOST,
    MOST_FAULTS,
    Fault,
    UnitsError,
    Wrong,
    people_in,
    text_of,
    units_from_file,
    units_from_text,
)

_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
    b'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(rows: bytes) -> bytes:
    """A workbook with one sheet of these rows."""
    package = b"http://schemas.openxmlformats.org/package/2006/relationships"
    link = b'<Relationships xmlns="%s"><Relationship Id="r1" Type="%s/%s" Target="%s"/></Relationships>'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", link % (package, _OFFICE, b"officeDocument", b"xl/workbook.xml"))
        archive.writestr(
            "xl/workbook.xml",
            b'<workbook %s xmlns:r="%s"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
            % (_MAIN, _OFFICE),
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", link % (package, _OFFICE, b"worksheet", b"worksheets/sheet1.xml")
        )
        sheet = b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (_MAIN, rows)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return content.getvalue()


def row(name: str, people: int) -> bytes:
    return f'<row><c t="inlineStr"><is><t>{name}</t></is></c><c><v>{people}</v></c></row>'.encode()


def faults(data: str | bytes) -> list[tuple[int, Wrong, str]]:
    with pytest.raises(UnitsError) as refused:
        units_from_text(data) if isinstance(data, str) else units_from_file(data)
    return [(fault.row, fault.wrong, fault.about) for fault in refused.value.faults]


FORMULA = b'<row><c t="inlineStr"><is><t>A</t></is></c><c><f>1+1</f><v>2</v></c></row>'
THEATRE = (
    Unit(id="u1", name="Scenen", parent=None, headcount=24),
    Unit(id="u2", name="Værkstederne", parent=None, headcount=26),
    Unit(id="u3", name="Snedkerne", parent="u2", headcount=12),
    Unit(id="u4", name="Malerne", parent="u2", headcount=14),
)


@pytest.mark.parametrize(
    "text",
    [
        "Scenen; 24\nVærkstederne; 26\nSnedkerne; 12; Værkstederne\nMalerne; 14; Værkstederne",
        "Scenen\t24\t\nVærkstederne\t\t\n\nSnedkerne\t12\tværkstederne\nMalerne\t14\tVærkstederne\n",
        "del af,enhed,antal\n,Scenen,24\nVærkstederne,Snedkerne,12\n,Værkstederne,\nVærkstederne,Malerne,14",
        'unit;headcount;parent\r\n"Scenen";24;\r\nVærkstederne;26;\r\nSnedkerne;12;Værkstederne\r\nMalerne;14;Værkstederne',
    ],
)
def test_the_same_tree_can_be_written_in_many_ways(text: str) -> None:
    assert units_from_text(text) == THEATRE
    assert units_from_file(b"\xef\xbb\xbf" + text.encode()) == THEATRE


def test_what_is_read_can_be_written_and_read_again() -> None:
    assert units_from_text(text_of(THEATRE)) == THEATRE
    assert people_in(THEATRE) == 50


def test_a_workbook_is_read_from_its_first_sheet() -> None:
    data = workbook(row("Scenen", 24) + row("Kontoret", 5))

    assert [(unit.name, unit.headcount) for unit in units_from_file(data)] == [
        ("Scenen", 24),
        ("Kontoret", 5),
    ]


def test_as_many_units_as_are_allowed_are_taken_and_one_more_is_not() -> None:
    most = [row(f"Enhed {number}", 3) for number in range(MOST)]

    assert len(units_from_file(workbook(b"".join(most)))) == MOST
    assert faults(workbook(b"".join([*most, row("En til", 3)]))) == [(MOST + 1, Wrong.TOO_MANY, "")]


def test_a_sheet_of_a_hundred_thousand_rows_is_refused_at_the_first_too_many() -> None:
    rows = b"".join(row(f"n{number}", 3) for number in range(100_000))
    text = "\n".join(f"n{number};3" for number in range(100_000))

    assert faults(workbook(rows)) == [(MOST + 2, Wrong.TOO_MANY, "")]
    assert faults(text) == [(MOST + 1, Wrong.TOO_MANY, "")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(0, Wrong.EMPTY, "")]),
        ("enhed;antal", [(0, Wrong.EMPTY, "")]),
        (";3", [(1, Wrong.NO_NAME, "")]),
        ("A", [(1, Wrong.NO_HEADCOUNT, "A")]),
        (
            "A;1.5\nB;-2\nC;²",
            [(1, Wrong.HEADCOUNT, "1.5"), (2, Wrong.HEADCOUNT, "-2"), (3, Wrong.HEADCOUNT, "²")],
        ),
        ("A;" + "9" * 30, [(1, Wrong.HEADCOUNT, "9" * 30)]),
        ("A" * 201 + ";1", [(1, Wrong.LONG_NAME, "A" * 40)]),
        ("A;1\n\na;2", [(3, Wrong.TWICE, "a")]),
        ("A;1;B", [(1, Wrong.NO_PARENT, "B")]),
        ("A;1;A", [(1, Wrong.CYCLE, "A")]),
        ("A;1;B\nB;1;A", [(1, Wrong.CYCLE, "A"), (2, Wrong.CYCLE, "B")]),
        ("A;9\nB;5;A\nC;2;B", [(3, Wrong.TOO_DEEP, "C")]),
        ("A;4\nB;5;A", [(1, Wrong.PARTS_EXCEED, "A")]),
        ("A;=1+1\n=cmd|x;2", [(1, Wrong.FORMULA, ""), (2, Wrong.FORMULA, "")]),
        ("A;1\nB;\x001", [(2, Wrong.ENCODING, "")]),
    ],
)
def test_every_fault_is_told_at_its_row(text: str, found: list[tuple[int, Wrong, str]]) -> None:
    assert faults(text) == found


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("Scenen;2\nSmørrebrød;3".encode("latin-1"), (2, Wrong.ENCODING, "")),
        ("Scenen;2".encode("utf-16"), (1, Wrong.ENCODING, "")),
        (b"PK\x03\x04 and nothing more", (0, Wrong.NO_TABLE, "")),
        (workbook(FORMULA), (1, Wrong.FORMULA, "")),
    ],
)
def test_a_file_that_is_something_else_says_what_it_is(data: bytes, found: tuple[int, Wrong, str]) -> None:
    assert faults(data) == [found]


def test_no_more_faults_are_told_than_anybody_reads() -> None:
    assert len(faults("\n".join("A;x" for _ in range(1000)))) == MOST_FAULTS
    assert Fault(1, Wrong.EMPTY).about == ""
