"""Somebody uploads a file that is made to hang, fill or fool the one who reads it."""

import io
import os
import resource
import sys
import zipfile

import pytest

from questionnaires.exchange.reading import read_questionnaire
from questionnaires.exchange.report import ExchangeError, Outcome
from tests.questionnaires.exchange.forms import left_out, table, workbook
from tests.questionnaires.exchange.hostile import CLEANED, LISTS, REFUSED, changed, made, questions

MEGABYTE = 2**20
MOST_MEMORY = 300 * MEGABYTE
# The promise is 2 s by itself (docs/measurements/0006-exchange.md); beside other tests a machine is slower.
MOST_SECONDS = 5


def _alone(data: bytes) -> str:
    """What came of reading it in a process of its own, within the limits; empty if it did not end well."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover  (a process of its own, which ends below)
        os.write(write, _came_of(data).encode()[:4000])
        os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as came:
        said = came.read()
    return said if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0 else ""


def _came_of(data: bytes) -> str:  # pragma: no cover  (runs in the process above)
    sys.settrace(None)  # the limit is the product's: what counting the lines read costs is not in it
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        imported = read_questionnaire({"form": data}, "en")
        said = f"read: {len(imported.entries)}"
    except ExchangeError as refused:
        said = f"refused: {refused}"
    except BaseException as error:  # noqa: BLE001  nothing may reach the tests that this process is a copy of
        said = f"broken: {error!r}"
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    return said if grown < MOST_MEMORY else f"too large: {grown}"


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_soon_in_little_memory_and_with_a_remedy(name: str) -> None:
    said = _alone(made(name))

    assert said.startswith(("refused: form: ", "refused: questionnaire: ")), said
    assert said.rstrip().endswith(".")


@pytest.mark.parametrize("name", CLEANED)
def test_a_file_with_more_than_questions_is_read_soon_without_the_rest(name: str) -> None:
    assert _alone(made(name)).startswith("read: ")


def test_macros_links_and_foreign_sheets_are_told_and_never_opened() -> None:
    made = io.BytesIO(workbook(survey=questions(1), choices=LISTS, secrets=[["a"]]))
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
        archive.writestr("xl/externalLinks/externalLink1.xml", b"<a/>")
        archive.writestr("xl/media/image1.png", b"png")

    told = " ".join(left_out(read_questionnaire({"form.xlsm": made.getvalue()}, "en")))

    for word in ("macros", "links to other workbooks", "pictures", 'sheet "secrets"'):
        assert word in told


def test_a_form_cannot_make_itself_an_item_of_the_alliances_by_a_correction() -> None:
    """The sheet `tillid` is written by whoever made the file: what it says is held to every rule."""
    rows = [["place", "read as", "meant"], ["rules", "absent", '{"free_text_allowed":true}']]
    data = workbook(survey=questions(1), choices=LISTS, tillid=rows)

    imported = read_questionnaire({"form.xlsx": data}, "en")

    assert any("free_text_allowed" in finding.fact for finding in imported.findings)


@pytest.mark.parametrize(
    ("place", "meant"),
    [
        ("sections/section_1/items/q0/id", '"unit"'),
        ("schema", '"other/9"'),
        ("__class__/__init__", "1"),
        ("sections", '"x"'),
        ("a" * 5000, "1"),
        ("/".join("a" * 500), "1"),
        ("title/en", "[" * 5000 + "]" * 5000),
        ("sections/section_1/items/q0/options/y/code", '{"a":{"b":[1,2,3]}}'),
    ],
)
def test_corrections_cannot_break_what_reads_them(place: str, meant: str) -> None:
    for read_as in ("absent", '"q0"', '"alliance-questionnaire/1"', '"y"'):
        rows = [["place", "read as", "meant"], [place, read_as, meant]]
        data = workbook(survey=questions(2), choices=LISTS, tillid=rows)

        imported = read_questionnaire({"form.xlsx": data}, "en")

        assert imported.findings or imported.questionnaire().items


def test_marks_that_turn_a_text_around_are_taken_out() -> None:
    survey = [["type", "name", "label"], ["select_one yn", "a", "Never\u202e share\u0007 this\u200b"]]

    text = read_questionnaire({"f.xlsx": changed_label(survey)}, "en").questionnaire().item("a").text["en"]

    assert text == "Never share this"


def changed_label(survey: list[list[str]]) -> bytes:
    """The form as a spreadsheet program escapes what XML cannot hold."""
    clean = [[cell.replace("\u0007", "") for cell in row] for row in survey]
    return workbook(survey=clean, choices=LISTS)


def test_relevance_in_a_circle_asks_nobody() -> None:
    rows = table("""
        type          | name | label  | relevant
        select_one yn | a    | First  | ${b} = 'y'
        select_one yn | b    | Second | ${a} = 'y'
        select_one yn | c    | Third  | ${c} = 'y'
        select_one yn | d    | Last   |
    """)

    imported = read_questionnaire({"f.xlsx": workbook(survey=rows, choices=LISTS)}, "en")

    assert [item.id for item in imported.questionnaire().items] == ["d"]
    assert sum(entry.outcome is Outcome.LEFT_OUT for entry in imported.entries) == 3


def test_a_wrong_part_of_a_workbook_is_no_stack_trace() -> None:
    for part, old, new in (
        ("xl/workbook.xml", b"<sheets>", b"<sheets><sheet name='x' sheetId='9' r:id='rId99'/>"),
        ("xl/worksheets/sheet1.xml", b'<c r="A1"', b'<c r="ZZZZZZ1"'),
        ("xl/worksheets/sheet1.xml", b"<v>0</v>", b"<v>99999</v>"),
        ("xl/worksheets/sheet1.xml", b"<v>0</v>", b"<v>x</v>"),
        ("xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml", b"../../../etc/passwd"),
    ):
        try:
            read_questionnaire({"f.xlsx": changed(part, old, new)}, "en")
        except ExchangeError as refused:
            assert "f.xlsx" in str(refused)  # noqa: PT017  either is right; anything else fails
