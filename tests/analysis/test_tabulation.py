"""Counts held to plain Python over codes: no arrays, no code of the analysis."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from analysis.coding import coded
from analysis.measures import measures_of
from analysis.plan import publication_plan
from analysis.tables import OpenedWave, TableKind
from analysis.tabulation import tabulated
from questionnaires.answers import codes_of
from questionnaires.model import ItemType, OptionKind, Ref
from questionnaires.routing import Router
from tests.analysis.rosters import NAMES, answers_of, definition, invented

MISSING = {OptionKind.NO_ANSWER, OptionKind.DONT_KNOW, OptionKind.NOT_APPLICABLE}


def by_hand(opened: OpenedWave, item_id: str) -> Iterator[set[str] | None]:
    """For everybody known to be meant, the codes that say something; None for the rest."""
    asked = opened.questionnaire
    item, section, router = asked.item(item_id), asked.section_of(item_id), Router(asked)
    missing = {option.code for option in asked.options_of(item) if option.kind in MISSING}
    alone = {option.code for option in asked.options_of(item) if option.exclusive}
    for answers in answers_of(opened):
        routed = router.route(answers)
        names = [condition.ref for condition in (section.show_if, item.show_if) if isinstance(condition, Ref)]
        if any(router.truth(name, routed).name != "TRUE" for name in names):
            yield None
            continue
        given = codes_of(asked, routed.answers).get(item_id, ())
        said = {given} if isinstance(given, str) else set(given)
        said -= missing
        if item.type is ItemType.MULTI and said - alone:
            said -= alone
        yield said if len(said & alone) < 2 else set()


@pytest.mark.parametrize("name", NAMES)
def test_every_item_is_counted_as_by_hand(name: str) -> None:
    opened = invented(definition(name), 150, seed=5)
    measures = measures_of(opened.questionnaire)
    responses = coded(opened, measures.values())
    plan = publication_plan(opened.questionnaire, breakdowns=[], open_wave=False)

    for planned in (table for table in plan.tables if table.kind is TableKind.ITEM):
        people = [codes for codes in by_hand(opened, planned.item) if codes is not None]
        for options in planned.alternatives:
            table = tabulated(responses, planned, options)
            expected = [sum(bool(codes & set(o.codes)) for codes in people) for o in options[:-1]]
            assert table.base == len(people)
            assert list(table.cells) == [*expected, sum(not codes for codes in people)], planned.id


def test_an_index_adds_up_its_points() -> None:
    opened = invented(definition("workplace"), 80, seed=2)
    measure = measures_of(opened.questionnaire)["I12_safety_index"]
    responses = coded(opened, [measure])
    (planned,) = (
        table
        for table in publication_plan(opened.questionnaire, breakdowns=[], open_wave=False).tables
        if table.id == measure.id
    )

    table = tabulated(responses, planned, planned.alternatives[0])

    scores = Counter(int(measure.codes[n]) for n in responses.column(measure.id) if n >= 0)
    assert table.points == sum(score * times for score, times in scores.items())
    assert table.cells[0] == sum(times for score, times in scores.items() if score >= 65)
    assert table.cells[2] == sum(times for score, times in scores.items() if score <= 35)
    assert table.scored == sum(scores.values())


def test_the_order_of_responses_means_nothing() -> None:
    opened = invented(definition("workplace"), 60, seed=3)
    shuffled = OpenedWave(
        opened.questionnaire, opened.units, np.random.default_rng(1).permutation(opened.answers)
    )
    measures = measures_of(opened.questionnaire)
    plan = publication_plan(opened.questionnaire, breakdowns=[], open_wave=False)

    one, other = (coded(each, measures.values()) for each in (opened, shuffled))

    for planned in plan.tables:
        assert tabulated(one, planned, planned.alternatives[0]) == tabulated(
            other, planned, planned.alternatives[0]
        )
