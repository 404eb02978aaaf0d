from __future__ import annotations

from pathlib import Path

import pytest

from questionnaires.answers import codes_of
from questionnaires.loading import load
from survey.commands.files import FileError, read_groups, read_replies

WORKPLACE = load(Path("questionnaires/definitions/workplace.yaml"))


def written(folder: Path, text: str) -> Path:
    file = folder / "file.csv"
    file.write_text(text, "utf-8")
    return file


def test_cells_are_codes_and_an_empty_cell_is_left_blank(tmp_path: Path) -> None:
    file = written(tmp_path, "c01_taken_seriously,n01_needs\na4,guidelines|dialogue\n,\n")

    first, second = read_replies(file, WORKPLACE, ())

    assert codes_of(WORKPLACE, first.answers) == {
        "c01_taken_seriously": "a4",
        "n01_needs": ("guidelines", "dialogue"),
    }
    assert codes_of(WORKPLACE, second.answers) == {}
    assert first.unit is None


def test_units_are_named_as_in_the_groups_file_and_may_be_left_blank(tmp_path: Path) -> None:
    groups = tmp_path / "groups.csv"
    groups.write_text("unit,parent,headcount\nhouse,,40\nstage,house,12\n", "utf-8")
    units = read_groups(groups)
    file = written(tmp_path, "unit,k02_contact\nstage,yes\n,no\n")

    replies = read_replies(file, WORKPLACE, units)

    assert [reply.unit for reply in replies] == [1, None]
    assert [(u.id, u.parent, u.headcount) for u in units] == [("house", None, 40), ("stage", "house", 12)]


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ("c01_taken_seriusly\na4\n", "row 1, column 1", 'Did you mean "c01_taken_seriously"?'),
        ("k02_contact,k02_contact\nyes,yes\n", "row 1, column 1", "keep one"),
        ("k02_contact\nmaybe\n", "row 2", "Choose among"),
        ("k02_contact\nyes\nyes,no\n", "row 3", "mend the row"),
        ("unit,k02_contact\nstage,yes\n", "row 1, column 1", "unknown"),
        ("", "empty", "names the columns"),
        ('k02_contact\n"yes\n', "CSV", "save it as CSV UTF-8"),
    ],
)
def test_a_faulty_responses_file_is_refused_with_place_and_remedy(
    tmp_path: Path, text: str, place: str, remedy: str
) -> None:
    with pytest.raises(FileError) as refused:
        read_replies(written(tmp_path, text), WORKPLACE, ())

    assert place in str(refused.value)
    assert remedy in str(refused.value)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("unit,headcount\na,3\n", "row 1"),
        ("unit,parent,headcount\na,,3\na,,4\n", "row 3, unit"),
        ("unit,parent,headcount\na,b,3\n", "row 2, parent"),
        ("unit,parent,headcount\na,,-3\n", "row 2, headcount"),
        ("unit,parent,headcount\na,,2.5\n", "row 2, headcount"),
    ],
)
def test_a_faulty_groups_file_is_refused_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(FileError, match=place):
        read_groups(written(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        read_groups(tmp_path / "none.csv")
