from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures import guard_of
from analysis.routes import meant_by, truths
from analysis.tables import LEFT_BLANK, OpenedWave
from questionnaires.conditions import Truth
from questionnaires.loading import load
from questionnaires.model import ItemType, Questionnaire, Ref
from questionnaires.routing import Router
from tests.analysis.rosters import NAMES, answers_of, definition, on_path

FOR_TESTS = Path("tests/questionnaires_for_tests")
FEATURES = [load(FOR_TESTS / f"{name}.yaml") for name in ("routing", "skipping", "conditions")]
EVERY = [*FEATURES, *(definition(name) for name in NAMES)]


@st.composite
def responses(draw: st.DrawFn, asked: Questionnaire) -> OpenedWave:
    columns = [st.just(LEFT_BLANK)]
    for item in asked.items:
        options = len(asked.options_of(item))
        several = item.type is ItemType.MULTI
        chosen = st.integers(1, 2**options - 1) if several else st.integers(0, options - 1)
        columns.append(st.one_of(st.just(LEFT_BLANK), chosen))
    rows = draw(st.lists(st.tuples(*columns), min_size=1, max_size=6))
    return on_path(asked, np.array(rows, np.int32))


@pytest.mark.parametrize("asked", EVERY, ids=lambda asked: asked.id)
@settings(max_examples=25)
@given(data=st.data())
def test_a_column_of_answers_knows_what_one_respondent_at_a_time_knows(
    asked: Questionnaire, data: st.DataObject
) -> None:
    wave = data.draw(responses(asked))
    router = Router(asked)

    for name in asked.conditions:
        at_once = truths(Ref(ref=name), asked, wave.column, rows=wave.responses)
        one_by_one = [router.truth(name, router.route(answers)) for answers in answers_of(wave)]
        assert at_once.tolist() == one_by_one


def test_whoever_is_asked_without_being_known_to_be_meant_is_no_part_of_the_base() -> None:
    asked = definition("workplace")
    wave = answered(asked, "d05_external_contact", ["daily", "no", None, "pna"])

    is_asked = wave.column("k05_external") >= LEFT_BLANK

    assert is_asked.tolist() == [True, False, True, True]
    assert meant_by(guard_of(asked, "k05_external"), wave).tolist() == [True, False, False, False]


def test_everybody_is_meant_by_an_item_without_conditions() -> None:
    wave = answered(definition("workplace"), "d05_external_contact", ["no", None])

    assert meant_by(guard_of(wave.questionnaire, "c01_taken_seriously"), wave).tolist() == [True, True]


def test_a_condition_that_is_given_is_not_asked_for() -> None:
    asked = definition("workplace")
    exposed, told = Ref(ref="exposed"), Ref(ref="told_formal")
    column = np.array([1 << 3, 1 << 1, LEFT_BLANK], np.int32)

    known = truths(told, asked, {"r01_told": column}.__getitem__, rows=3, given=[exposed])

    assert known.tolist() == [Truth.TRUE, Truth.FALSE, Truth.UNKNOWN]


def test_an_item_that_the_wave_leaves_out_is_known_to_be_unanswered_and_nothing_else() -> None:
    asked = load(FOR_TESTS / "skipping.yaml").with_sections(["rest"])

    def of(name: str) -> list[int]:
        columns: dict[str, npt.NDArray[np.int32]] = {}
        return [int(truth) for truth in truths(Ref(ref=name), asked, columns.__getitem__, rows=1)]

    assert of("act_answered") == [Truth.FALSE]
    assert of("act_blank") == [Truth.TRUE]
    assert of("act_yes") == of("kinds_none") == [Truth.UNKNOWN]


def answered(asked: Questionnaire, item_id: str, codes: list[str | None]) -> OpenedWave:
    options = [option.code for option in asked.options_of(asked.item(item_id))]
    rows = np.full((len(codes), 1 + len(asked.items)), LEFT_BLANK, np.int32)
    rows[:, 1 + asked.positions[item_id]] = [LEFT_BLANK if c is None else options.index(c) for c in codes]
    return on_path(asked, rows)
