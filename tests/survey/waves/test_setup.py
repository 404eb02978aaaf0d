"""What a steward decided makes a questionnaire and a plan, and a wave gives back what it was made from."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure.waves import is_far_enough
from policy import WAVES
from questionnaires.loading import alliance_definition
from survey.waves.plan import PlanError
from survey.waves.setup import OwnItem, Setup, Step, asked, earliest, planned

DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 12, 31))


@given(last=DAYS, days=st.integers(0, 400))
def test_a_wave_may_begin_on_exactly_the_days_that_custody_lets_it(last: datetime.date, days: int) -> None:
    first = last + datetime.timedelta(days=days)
    allowed = earliest([last], WAVES.months_apart)

    assert allowed is not None
    assert (first >= allowed) == is_far_enough(last, first, WAVES)


def test_after_no_other_wave_one_may_begin_on_any_day() -> None:
    assert earliest([], WAVES.months_apart) is None


def test_a_plan_needs_every_step_that_it_is_made_from() -> None:
    setup = Setup().decided(Step.PEOPLE, people=60)

    with pytest.raises(PlanError, match="period"):
        planned(setup, alliance_definition("workplace"))


def test_own_questions_stand_before_those_about_the_respondent_in_every_language() -> None:
    own = OwnItem(text={"da": "Hvad?"}, options=({"da": "Ja"}, {"da": "Nej"}))
    setup = Setup(own_items=(own,), sections=("climate", "about_you"))

    made = asked(setup, alliance_definition("workplace"), "Havnens Værksted")

    assert [section.id for section in made.sections] == ["climate", "own_questions", "about_you"]
    assert made.item("own_question_1").text["en"] == "Hvad?"
    assert made.sections[1].title["da"] == "Spørgsmål fra Havnens Værksted"
    assert [option.code for option in made.item("own_question_1").options] == ["a1", "a2", "pna"]
