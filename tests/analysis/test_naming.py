from __future__ import annotations

from pathlib import Path

import pytest

from analysis.naming import alternatives, caution, option_name, title
from questionnaires.errors import UnknownNameError
from questionnaires.loading import load
from tests.releases import table

WORKPLACE = load(Path("questionnaires/definitions/workplace.yaml"))
OPEN_SOURCE = load(Path("tests/questionnaires_for_tests/open_source_survey.yaml"))


def names_of(measured: str, options: int, *, coarse: bool = True) -> list[tuple[str, str]]:
    made = table(WORKPLACE, measured, ((0, 63),) * options, coarse=coarse)
    named = [option_name(option, made, WORKPLACE, "en") for option in made.options]
    return [(name.text, name.detail) for name in named]


def test_a_group_of_answers_says_which_they_are() -> None:
    assert names_of("c01_taken_seriously", 4) == [
        ("Favourable", "Partly agree · Strongly agree"),
        ("Neither agree nor disagree", ""),
        ("Unfavourable", "Strongly disagree · Partly disagree"),
        ("No answer", "Don't know / not relevant · Skipped"),
    ]


def test_an_option_by_itself_has_its_own_words() -> None:
    assert names_of("k02_contact", 4) == [
        ("Yes, I do", ""),
        ("Partly", ""),
        ("No", ""),
        ("No answer", "Skipped"),
    ]


def test_an_index_is_in_points() -> None:
    assert names_of("I11_climate_index", 4) == [
        ("65–100 points", ""),
        ("40–60 points", ""),
        ("0–35 points", ""),
        ("No answer", "Too few of the questions answered"),
    ]


def test_an_indicator_over_one_item_says_which_answers_it_leaves_out() -> None:
    # "Don't know" counts as not having talked about it, so it is not among them.
    assert names_of("I14_dialogue_held", 3)[-1] == ("No answer", "Skipped")
    assert names_of("I05_self_labelled", 4)[-1] == ("No answer", "Prefer not to answer · Skipped")


def test_a_profile_names_the_options_of_each_group() -> None:
    assert names_of("I07_source_profile", 5)[1] == (
        "My immediate manager / Another manager or senior leader",
        "",
    )


def test_a_questionnaire_is_named_in_its_own_language_where_it_lacks_the_readers() -> None:
    named = title("item", "witness", OPEN_SOURCE, "da")

    assert named.language == "en"
    assert named.text.startswith("Have you ever witnessed")


def test_what_is_in_the_readers_language_says_so() -> None:
    assert title("item", "k02_contact", WORKPLACE, "da").language == "da"
    assert title("indicator", "I11_climate_index", OPEN_SOURCE, "da").language == "da"


def test_an_indicator_may_carry_a_caution() -> None:
    exposure = table(WORKPLACE, "I01_exposure_any", ((0, 63),) * 3)
    awareness = table(WORKPLACE, "I10_awareness", ((0, 63),) * 3)

    assert "21" in (caution(exposure, "da") or "")
    assert caution(awareness, "da") is None


def test_a_table_of_something_else_is_refused() -> None:
    with pytest.raises(UnknownNameError):
        title("item", "nonsense", WORKPLACE, "da")


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")]
)
def test_alternatives_have_or_before_the_last(names: list[str], said: str) -> None:
    assert alternatives(names, "en") == said
