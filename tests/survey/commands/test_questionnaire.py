from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from questionnaires.digest import digest
from questionnaires.loading import DEFINITIONS, load
from questionnaires.wording import in_words
from survey.commands.questionnaire import questionnaire
from tests.vectors.refresh import FOR_TESTS

WORKPLACE = DEFINITIONS / "workplace.yaml"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(questionnaire, [str(argument) for argument in arguments])


def test_a_definition_without_fault_is_ok() -> None:
    result = run("check", WORKPLACE)

    assert (result.exit_code, result.output) == (0, f"{WORKPLACE}: ok\n")


def test_every_fault_of_every_file_is_printed_and_the_status_says_so(tmp_path: Path) -> None:
    text = FOR_TESTS / "text.yaml"
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [")

    result = run("check", text, WORKPLACE, broken, tmp_path / "none.yaml")

    assert result.exit_code == 1
    assert [line.partition(": ")[2][:18] for line in result.output.splitlines()] == [
        'item "comment": fr',
        "ok",
        "line 1: expected t",
        "file: cannot be re",
    ]


def test_a_paper_is_not_written_over_its_definition(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_bytes(WORKPLACE.read_bytes())

    result = run("print", file, "--out", file)

    assert "it is one of the files that are read" in str(result.exception)
    assert file.read_bytes() == WORKPLACE.read_bytes()


def test_a_definition_is_shown_with_its_digest_and_what_leads_where() -> None:
    result = run("show", WORKPLACE, "--lang", "da")

    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[0] == "workplace-culture 1.0.0: Kulturen på arbejdspladsen"
    assert lines[1] == f"digest {digest(load(WORKPLACE))}"
    assert lines[2].startswith("caution: Teksterne er læst grundigt igennem")
    assert "incident (content warning, can be skipped): Det, der skete" in lines
    told = lines.index("  r01_told (multi, sensitive): Har du fortalt nogen om det? Vælg gerne flere svar.")
    assert lines[told + 1] == "      if exposed"
    assert lines[told + 2].startswith("      nobody | private | colleague | manager | hr | tr_amr |")
    assert "  has_external_contact = d05_external_contact is daily or some" in lines


def test_a_definition_without_conditions_ends_with_its_items() -> None:
    result = run("show", FOR_TESTS / "multi.yaml")

    assert result.exit_code == 0
    assert result.output.endswith(
        "  told (multi): Hvem har du fortalt det?\n      nobody | friend | leader\n"
    )
    assert "  needs (multi, at most 2): Hvad ville hjælpe? Vælg højst to." in result.output


def test_a_definition_is_shown_in_its_first_language_unless_another_is_asked_for() -> None:
    assert "Kulturen på arbejdspladsen" in run("show", WORKPLACE).output
    assert "Culture at your workplace" in run("show", WORKPLACE, "--lang", "en").output


def test_a_language_it_is_not_written_in_is_refused_with_those_it_is() -> None:
    result = run("show", WORKPLACE, "--lang", "sv")

    assert result.exit_code == 1
    assert '--lang is "sv": it is not written in that. Choose among da, en.' in result.output


def test_a_definition_with_a_fault_is_not_shown() -> None:
    result = run("show", FOR_TESTS / "text.yaml")

    assert result.exit_code == 1
    assert 'text.yaml: item "comment": free text cannot be fielded' in result.output


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("first_or_second_yes", "any of first, second is yes"),
        ("several_one", "several includes one"),
        ("none_has_one", "each of several, more includes none of one"),
        ("several_not_one", "several includes none of one"),
        ("several_answered", "several is answered"),
        ("both_yes", "first_yes and second is yes"),
        ("not_both_yes", "not both_yes"),
    ],
)
def test_a_condition_is_said_on_one_line(name: str, words: str) -> None:
    assert in_words(load(FOR_TESTS / "conditions.yaml").conditions[name]) == words


def test_a_part_of_several_stands_in_brackets() -> None:
    nested = load(WORKPLACE).conditions["exposed"].model_copy(update={"any": ()})
    both = load(FOR_TESTS / "skipping.yaml").conditions["act_and_other"]

    assert in_words(nested.model_copy(update={"any": (both, both)})) == (
        "(act_yes and other is yes) or (act_yes and other is yes)"
    )
