import numpy as np
import pytest

from analysis.coding import counted_as
from analysis.disclosure.blocks import AuditedTable, Block, blocks_of
from analysis.disclosure.respondents import ALL_COMBINATIONS, Respondents
from analysis.measures import measures_of, option_sets
from questionnaires.model import Questionnaire
from tests.analysis.rosters import definition, multi, questionnaire, single


def respondents(asked: Questionnaire) -> Respondents:
    tables = [
        AuditedTable(measure.id, measure, option_sets(asked, measure)[-1])
        for measure in measures_of(asked).values()
    ]
    blocks = blocks_of(asked, tables)
    return Respondents(asked, lambda measure, columns: counted_as(measure, asked, columns), blocks)


def block_of(found: Respondents, item: str) -> Block:
    (block,) = (block for block in found.blocks if item in block.items)
    return block


def test_few_combinations_are_all_listed_and_those_that_count_alike_once() -> None:
    asked = questionnaire(single("tone", "good", "bad", missing={"pna": "no_answer", "dk": "dont_know"}))
    possible = respondents(asked)

    kinds = possible.kinds(possible.blocks[0], {})

    assert kinds.is_complete
    assert sorted(kinds.cells["tone"].argmax(axis=1)) == [0, 1, 2]


def test_several_choices_keep_what_stands_alone_alone_and_to_the_most_allowed() -> None:
    asked = questionnaire(multi("needs", "a", "b", "c", "fine", exclusive=["fine"], max_choices=2))
    possible = respondents(asked)

    cells = possible.kinds(possible.blocks[0], {}).cells["needs"]

    assert len(cells) == 3 + 3 + 1 + 1
    assert cells.sum(axis=1).max() == 2
    assert cells[cells[:, 3]].sum(axis=1).tolist() == [1]


def test_very_many_choices_are_not_all_listed_and_it_is_known() -> None:
    asked = questionnaire(multi("many", *(f"o{place}" for place in range(14))))
    possible = respondents(asked)

    kinds = possible.kinds(possible.blocks[0], {})

    assert not kinds.is_complete
    assert kinds.number < ALL_COMBINATIONS
    assert np.all(kinds.cells["many"].any(axis=0))


def test_many_items_are_drawn_the_same_way_every_time() -> None:
    possible = respondents(definition("workplace"))
    acts = block_of(possible, "b01_degrading_talk")

    one, other = possible.kinds(acts, {}), possible.kinds(acts, {})

    assert not one.is_complete
    assert one.number == other.number
    assert all(np.array_equal(one.cells[table], other.cells[table]) for table in one.cells)


def test_weights_decide_what_is_drawn_often() -> None:
    possible = respondents(definition("workplace"))
    acts = block_of(possible, "b01_degrading_talk")

    few = possible.kinds(acts, {"b05_body_comments": [100, 1, 1, 1, 1, 1]})
    many = possible.kinds(acts, {"b05_body_comments": [1, 100, 100, 100, 1, 1]})

    assert few.cells["b05_body_comments"][:, 1].mean() < many.cells["b05_body_comments"][:, 1].mean()


@pytest.mark.parametrize("table", ["I01_exposure_any", "I02_exposure_gender_harassment", "S01_repeated"])
def test_every_outcome_of_an_indicator_can_come_from_somebody(table: str) -> None:
    possible = respondents(definition("workplace"))

    cells = possible.kinds(block_of(possible, "b01_degrading_talk"), {}).cells[table]

    assert cells.any(axis=0).all()
    assert (cells.sum(axis=1) == 1).all()


def test_an_index_has_a_score_for_everyone_who_counts() -> None:
    possible = respondents(definition("workplace"))

    kinds = possible.kinds(block_of(possible, "t01_can_object"), {})

    assert ((kinds.scores["I12_safety_index"] < 0) == kinds.cells["I12_safety_index"][:, -1]).all()
    assert set(kinds.scores["I12_safety_index"]) >= {0, 35, 50, 100}


def test_who_is_led_on_follows_from_the_answers() -> None:
    possible = respondents(definition("workplace"))
    witnessed = block_of(possible, "w01_witnessed")
    (asked,) = (leads for child, leads in possible.kinds(witnessed, {}).leads_to.items())

    cells = possible.kinds(witnessed, {}).cells["w01_witnessed"]

    assert np.array_equal(asked, cells[:, 1])
