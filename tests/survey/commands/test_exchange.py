from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analysis.release import to_bytes
from questionnaires.digest import digest
from questionnaires.loading import DEFINITIONS, load
from survey.commands.questionnaire import questionnaire
from tests import releases
from tests.questionnaires.exchange.forms import workbook
from tests.questionnaires.exchange.hostile import LISTS, questions

WORKPLACE = DEFINITIONS / "workplace.yaml"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(questionnaire, [str(argument) for argument in arguments])


def test_a_form_becomes_a_definition_that_can_be_fielded(tmp_path: Path) -> None:
    form, out = tmp_path / "form.xlsx", tmp_path / "own.yaml"
    form.write_bytes(workbook(survey=questions(3), choices=LISTS))

    result = run("import", form, "--out", out, "--language", "en")

    assert result.exit_code == 0, result.output
    assert 'carried over: survey, row 2: question "q0" with 2 options' in result.output
    assert [item.id for item in load(out).items] == ["q0", "q1", "q2"]


@pytest.mark.parametrize(("to", "name"), [("xlsform", "w.xlsx"), ("limesurvey", "w.lss")])
def test_what_was_exported_is_imported_as_the_same_definition(tmp_path: Path, to: str, name: str) -> None:
    exported, out = tmp_path / name, tmp_path / "back.yaml"

    assert run("export", WORKPLACE, "--to", to, "--out", exported).exit_code == 0
    assert run("import", exported, "--out", out, "--strict").exit_code == 0

    assert digest(load(out)) == digest(load(WORKPLACE))


def test_strict_writes_nothing_when_anything_is_left_out(tmp_path: Path) -> None:
    form, out = tmp_path / "form.xlsx", tmp_path / "own.yaml"
    form.write_bytes(workbook(survey=[*questions(1), ["text", "t", "Write"]], choices=LISTS))

    result = run("import", form, "--out", out, "--strict")

    assert result.exit_code == 1
    assert 'left out: survey, row 3: question "t"' in result.output
    assert not out.exists()


def test_nothing_is_written_over_what_is_there(tmp_path: Path) -> None:
    out = tmp_path / "own.yaml"
    out.write_text("mine")

    result = run("export", WORKPLACE, "--to", "codebook", "--out", out)

    assert result.exit_code == 1
    assert "is there already" in result.output
    assert out.read_text() == "mine"


def test_faults_of_what_was_imported_are_told_and_end_with_status_1(tmp_path: Path) -> None:
    form, out = tmp_path / "form.xlsx", tmp_path / "own.yaml"
    form.write_bytes(workbook(survey=questions(300), choices=LISTS))

    result = run("import", form, "--out", out)

    assert result.exit_code == 1
    assert "fault: questionnaire: it has 300 items" in result.output


def test_a_codebook_has_the_figures_of_a_release_of_the_same_questionnaire(tmp_path: Path) -> None:
    workplace, release, out = load(WORKPLACE), tmp_path / "release.json", tmp_path / "codebook.xml"
    facts = {"id": "0" * 16, "name": "Værkstedet"}
    made = releases.release(workplace, "0" * 16, facts, releases.tables(workplace))
    release.write_bytes(to_bytes(made))

    result = run("export", WORKPLACE, "--to", "ddi", "--out", out, "--release", release)

    assert result.exit_code == 0, result.output
    assert "catStat" in out.read_text(encoding="utf-8")
    other = run(
        "export", DEFINITIONS / "education.yaml", "--to", "ddi", "--out", tmp_path / "x", "--release", release
    )
    assert other.exit_code == 1


def test_figures_have_no_place_but_in_a_codebook(tmp_path: Path) -> None:
    result = run("export", WORKPLACE, "--to", "xlsform", "--out", tmp_path / "x", "--release", WORKPLACE)

    assert result.exit_code == 1
    assert "has no place for figures" in result.output
