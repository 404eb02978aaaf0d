import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.answers import Answers, answers_from_codes
from questionnaires.conditions import Scope, Truth, compiled
from questionnaires.errors import DefinitionError
from questionnaires.loading import alliance_definition
from questionnaires.model import Condition, Item, Questionnaire, Section
from questionnaires.routing import Router, on_path, path, truth_of
from tests.questionnaires.drawn import Drawn, answered_questionnaires


def known(questionnaire: Questionnaire, condition: Condition | None, answers: Answers) -> Truth:
    scope = Scope(questionnaire, answers.skipped)
    return Truth.TRUE if condition is None else compiled(condition, scope)(answers.chosen)


def is_careful(section: Section, item: Item) -> bool:
    return item.sensitive or item.content_warning or section.sensitive or section.content_warning


@given(answered_questionnaires())
def test_a_path_holds_no_item_whose_condition_is_known_to_be_false(
    drawn: Drawn,
) -> None:
    questionnaire, answers = drawn
    routed = on_path(questionnaire, answers)

    for item_id in path(questionnaire, answers):
        item, section = questionnaire.item(item_id), questionnaire.section_of(item_id)

        assert known(questionnaire, item.show_if, routed.answers) is not Truth.FALSE
        assert known(questionnaire, section.show_if, routed.answers) is not Truth.FALSE


@given(answered_questionnaires())
def test_a_sensitive_item_is_asked_only_when_its_conditions_are_known_to_be_true(
    drawn: Drawn,
) -> None:
    questionnaire, answers = drawn
    routed = on_path(questionnaire, answers)

    for item, asked in zip(questionnaire.items, routed.asked, strict=True):
        section = questionnaire.section_of(item.id)
        conditions = (item.show_if, section.show_if)
        least = Truth.TRUE if is_careful(section, item) else Truth.UNKNOWN
        meant = all(known(questionnaire, condition, routed.answers) >= least for condition in conditions)

        assert asked == (meant and section.id not in answers.skipped)


@given(answered_questionnaires())
def test_an_answer_off_the_path_never_survives_and_is_counted(drawn: Drawn) -> None:
    questionnaire, answers = drawn

    routed = on_path(questionnaire, answers)

    pairs = list(zip(answers.chosen, routed.answers.chosen, routed.asked, strict=True))
    assert all(after == (before if asked else None) for before, after, asked in pairs)
    assert routed.dropped == sum(before is not None and not asked for before, _, asked in pairs)


@given(answered_questionnaires())
def test_dropping_what_is_off_the_path_a_second_time_changes_nothing(
    drawn: Drawn,
) -> None:
    questionnaire, answers = drawn
    once = on_path(questionnaire, answers)

    again = on_path(questionnaire, once.answers)

    assert (again.answers, again.asked, again.dropped) == (once.answers, once.asked, 0)


@given(answered_questionnaires())
def test_opening_is_told_nothing_of_skipping_and_drops_nothing_for_it(
    drawn: Drawn,
) -> None:
    questionnaire, answers = drawn
    in_the_browser = on_path(questionnaire, answers)

    opened = on_path(questionnaire, dataclasses.replace(in_the_browser.answers, skipped=frozenset()))

    assert opened.dropped == 0
    assert opened.answers.chosen == in_the_browser.answers.chosen


@given(answered_questionnaires(skipping=False), st.data())
def test_an_answer_taken_away_never_makes_a_known_truth_its_opposite(
    drawn: Drawn, data: st.DataObject
) -> None:
    questionnaire, answers = drawn
    position = data.draw(st.sampled_from(range(len(answers.chosen))))
    fewer = list(answers.chosen)
    fewer[position] = None
    conditions = [item.show_if for item in questionnaire.items if item.show_if is not None]

    for condition in conditions:
        if "answered" in condition.model_dump_json(exclude_none=True):
            continue  # a blank is known to be no answer
        before = known(questionnaire, condition, answers)
        after = known(questionnaire, condition, Answers(tuple(fewer)))

        assert after in {before, Truth.UNKNOWN} or before is Truth.UNKNOWN


def test_a_condition_over_a_later_item_cannot_be_routed() -> None:
    workplace = alliance_definition("workplace")
    turned = workplace.model_copy(update={"sections": tuple(reversed(workplace.sections))})
    backwards = Questionnaire.model_validate(turned.model_dump(by_alias=True, exclude_defaults=True))

    with pytest.raises(
        DefinitionError, match=r'item "i01_source": its condition reads an item that does not'
    ):
        Router(backwards)


def test_a_router_is_made_once_and_walked_for_every_response() -> None:
    workplace = alliance_definition("workplace")
    router = Router(workplace)
    exposed = answers_from_codes(workplace, {"b01_degrading_talk": "once"})
    nothing = answers_from_codes(workplace, {})

    assert router.truth("exposed", router.route(exposed)) is Truth.TRUE
    assert router.truth("exposed", router.route(nothing)) is Truth.UNKNOWN
    assert router.route(exposed) == on_path(workplace, exposed)


def test_answers_that_stand_are_handed_on_as_they_are() -> None:
    workplace = alliance_definition("workplace")
    answers = answers_from_codes(workplace, {"b01_degrading_talk": "never"})

    assert on_path(workplace, answers).answers is answers


def test_what_is_known_counts_answers_on_the_path_only() -> None:
    workplace = alliance_definition("workplace")
    left_behind = answers_from_codes(workplace, {"b01_degrading_talk": "never", "r01_told": ["manager"]})

    assert truth_of(workplace, "told_formal", left_behind) is Truth.UNKNOWN
