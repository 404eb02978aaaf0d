"""Over how many organisations a group of a joint wave surely is."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.loading import alliance_definition
from questionnaires.model import Questionnaire
from survey.waves.joint import FEWEST, Joint, least_people, own_breakdowns, singled_out
from survey.waves.manifest import Unit

THEATRES = Joint(organisations=58, largest=14, kind={"da": "små teatre", "en": "small theatres"})


def unit(name: str, headcount: int, parent: str | None = None) -> Unit:
    return Unit(id=name, name=name, parent=parent, headcount=headcount)


@pytest.mark.parametrize("largest", [1, 2, 3])
def test_a_group_that_is_large_enough_is_of_five_organisations_however_they_lie(largest: int) -> None:
    least = least_people(Joint(organisations=9, largest=largest, kind={"da": "steder"}))

    for organisations in range(1, FEWEST):
        sizes = combinations_with_replacement(range(1, largest + 1), organisations)
        assert max(map(sum, sizes)) < least


@given(st.integers(1, 400), st.integers(1, 400), st.integers(1, 400))
def test_no_difference_of_what_is_shown_is_of_fewer(people: int, whole: int, part: int) -> None:
    units = [unit("whole", whole), unit("part", part, "whole")]

    if not list(singled_out(THEATRES, people, units)):
        for left in (people, whole, part, people - whole, whole - part):
            assert left <= 0 or left >= least_people(THEATRES)


def test_each_group_that_may_be_one_organisation_is_named() -> None:
    units = [unit("Fyn", 100), unit("Odense", 90, "Fyn"), unit("Teater Ø", 14)]

    said = [str(found) for found in singled_out(THEATRES, 160, units)]

    assert said == ['"Teater Ø"', "what is left over in the wave", 'what is left over in "Fyn"']


def test_they_are_called_by_their_number_and_kind_in_each_language() -> None:
    many = THEATRES.model_copy(update={"organisations": 1200})

    assert (many.called("da"), many.called("en")) == ("1.200 små teatre", "1,200 small theatres")
    assert many.called("de").endswith("små teatre")


def test_a_question_that_is_not_the_alliances_is_no_breakdown_of_a_joint_wave() -> None:
    asked = alliance_definition("culture_leisure")
    gender, *others = asked.rules.breakdown_items

    assert own_breakdowns(asked, ["unit", gender, *others]) == []
    assert own_breakdowns(changed(asked, gender), ["unit", gender, *others]) == [gender]


def changed(asked: Questionnaire, name: str) -> Questionnaire:
    """The questionnaire with other answers under the id of a known question."""
    item = asked.item(name)
    other = item.options[0].model_copy(update={"code": "teater_oe"})
    forged = item.model_copy(update={"options": (other, *item.options[1:])})
    sections = tuple(
        section.model_copy(
            update={"items": tuple(forged if each.id == name else each for each in section.items)}
        )
        for section in asked.sections
    )
    written = asked.model_copy(update={"sections": sections})
    return Questionnaire.model_validate(written.model_dump(mode="json", by_alias=True, exclude_defaults=True))
