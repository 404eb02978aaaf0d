from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from questionnaires.answers import codes_of
from questionnaires.errors import DefinitionError
from questionnaires.loading import load
from survey.commands.files import FileError, check_sizes, read_groups, read_replies
from survey.commands.main import tillid
from survey.waves.manifest import Unit

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
        ("unit,k02_contact\nstage,yes\n", "row 1, column 1", "unknown without a file of groups"),
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
        ("unit,parent,headcount\na,b,3\n", "row 2, parent: no unit 'b' above; put it before its parts"),
        ("unit,parent,headcount\na,b,3\nb,,9\n", "row 2, parent: no unit 'b' above; put it before"),
        ("unit,parent,headcount\nc,a,1\na,b,3\nb,a,3\n", "row 2, parent: no unit 'a' above"),
        ("unit,parent,headcount\na,b,3\nb,a,3\n", "row 2, parent: 'a' is a part of itself, by way of 'b'"),
        ("unit,parent,headcount\na,a,3\n", "row 2, parent: 'a' is a part of itself, by way of 'a'"),
        ("unit,parent,headcount\n", "it has no unit below row 1; add the units, or leave out --groups"),
        ("unit,parent,headcount\na,,-3\n", "row 2, headcount"),
        ("unit,parent,headcount\na,,2.5\n", "row 2, headcount"),
        ("unit,parent,headcount\na,," + "9" * 5000 + "\n", "row 2, headcount"),
        ("unit,parent,headcount\n" + "a" * 65 + ",,5\n", "row 2, unit: its name has 65 characters"),
    ],
)
def test_a_faulty_groups_file_is_refused_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(FileError, match=place):
        read_groups(written(tmp_path, text))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "a,,5\nb,a,9\n",
            "row 2, headcount: 'a' has 5 people and its parts 9; count those in its parts too",
        ),
        (
            "c,,40\na,,5\nb,a,3\nd,a,3\n",
            "row 3, headcount: 'a' has 5 people and its parts 6; count those in its parts too",
        ),
        (
            "a,,50\nb,a,9\nc,b,5\n",
            "row 4, parent: 'b' is a part of 'a', and units have two levels; name 'a' instead",
        ),
    ],
)
def test_units_that_do_not_add_up_or_lie_too_deep_are_refused(tmp_path: Path, rows: str, said: str) -> None:
    file = written(tmp_path, "unit,parent,headcount\n" + rows)

    with pytest.raises(FileError) as refused:
        read_groups(file)

    assert str(refused.value) == f"{file}: {said}"


def test_a_unit_cannot_answer_more_often_than_it_has_people(tmp_path: Path) -> None:
    file = written(tmp_path, "unit,k02_contact\na,yes\nb,yes\nb,no\n,no\n")
    units = [
        Unit(id="a", name="a", parent=None, headcount=2),
        Unit(id="b", name="b", parent="a", headcount=2),
    ]
    replies = read_replies(file, WORKPLACE, units)

    with pytest.raises(FileError) as refused:
        check_sizes(file, units, replies)

    assert str(refused.value) == (
        f"{file}: unit: 3 rows are of 'a' or its parts, and its headcount is 2; mend the unit of the rows or"
        " the headcount in the groups file"
    )
    check_sizes(file, [units[0].model_copy(update={"headcount": 3}), units[1]], replies)


def test_responses_beside_groups_say_their_units(tmp_path: Path) -> None:
    units = [Unit(id="a", name="a", parent=None, headcount=2)]

    with pytest.raises(FileError, match="row 1: no column is named 'unit'; add it, or leave out --groups"):
        read_replies(written(tmp_path, "k02_contact\nyes\n"), WORKPLACE, units)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(FileError, match=r"pipe: cannot be read \(it is a pipe or a device\); name a file"):
        read_groups(tmp_path / "pipe")
    with pytest.raises(DefinitionError, match="it is a pipe or a device"):
        load(tmp_path / "pipe")
    for command, argument in (("disclosure", "solve"), ("release", "audit")):
        result = CliRunner().invoke(tillid, [command, argument, str(tmp_path / "pipe")])

        assert result.exit_code == 1
        assert "pipe: cannot be read (it is a pipe or a device); name a file" in result.stderr


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        read_groups(tmp_path / "none.csv")
