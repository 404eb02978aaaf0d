"""Own items feed the alliance's indicators only where somebody says so, and then as the alliance's do."""

import pytest

from analysis.measures import indicators_of
from questionnaires.errors import DefinitionError
from questionnaires.exchange.reading import read_questionnaire
from questionnaires.loading import alliance_definition
from questionnaires.mapping import ItemMapping, mapped, with_own_names
from questionnaires.model import Questionnaire
from tests.questionnaires.exchange.forms import shown_if, table, workbook

ALLIANCE = alliance_definition("workplace")
CODES = [option.code for option in ALLIANCE.options_of(ALLIANCE.item("k04_dialogue"))]
SAME = {f"a{place}": code for place, code in enumerate(CODES)}


def own() -> Questionnaire:
    """A questionnaire that asks about dialogue in words of its own, and then about what came of it."""
    choices = "\n".join(f"talk | a{place} | Answer {place}" for place in range(len(CODES)))
    data = workbook(
        survey=table("""
            type            | name         | label             | relevant
            select_one talk | did_we_talk  | Did we talk?      |
            select_one talk | again        | And again?        | ${did_we_talk} = 'a0'
        """),
        choices=[["list_name", "name", "label"], *table(choices)],
    )
    return read_questionnaire({"own.xlsx": data}, "en").questionnaire()


def test_a_mapped_item_feeds_the_indicator_that_reads_it() -> None:
    taken = mapped(own(), {"did_we_talk": ItemMapping("k04_dialogue", SAME)}, ALLIANCE)

    assert [each.id for each in indicators_of(taken)] == ["I14_dialogue_held"]
    assert taken.item("k04_dialogue").text["en"] == "Did we talk?"
    assert [option.code for option in taken.options_of(taken.item("k04_dialogue"))] == CODES


def test_an_item_that_nobody_mapped_feeds_nothing_even_under_the_alliances_name() -> None:
    questionnaire = own()
    definition = questionnaire.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for item, name in zip(definition["sections"][0]["items"], ["k04_dialogue", "again"], strict=True):
        item["id"] = name
    definition["sections"][0]["items"][1]["show_if"]["items"] = ["k04_dialogue"]
    by_chance = Questionnaire.model_validate(definition)

    renamed = with_own_names(by_chance, ALLIANCE.positions)

    assert list(indicators_of(by_chance)) != []
    assert list(indicators_of(renamed)) == []
    assert shown_if(renamed.item("again")) == {"items": ["own_k04_dialogue"], "in": ["a0"]}


def test_conditions_follow_the_new_name_and_codes() -> None:
    taken = mapped(own(), {"did_we_talk": ItemMapping("k04_dialogue", SAME)}, ALLIANCE)

    assert shown_if(taken.item("again")) == {"items": ["k04_dialogue"], "in": [CODES[0]]}


def test_marks_of_what_hurts_come_with_a_mapping() -> None:
    act = ALLIANCE.item("b10_unwanted_touch")
    codes = [option.code for option in ALLIANCE.options_of(act)]
    choices = "\n".join(f"f | f{place} | Label {place}" for place in range(len(codes)))
    data = workbook(
        survey=[["type", "name", "label"], ["select_one f", "touch", "Touched?"]],
        choices=[["list_name", "name", "label"], *table(choices)],
    )
    questionnaire = read_questionnaire({"own.xlsx": data}, "en").questionnaire()
    same = {f"f{place}": code for place, code in enumerate(codes)}

    taken = mapped(questionnaire, {"touch": ItemMapping(act.id, same)}, ALLIANCE)

    assert taken.item(act.id).sensitive
    assert taken.core_behaviour_items == (act.id,)
    assert taken.grouping_of(taken.item(act.id))[1].codes == ALLIANCE.grouping_of(act)[1].codes


@pytest.mark.parametrize(
    ("mapping", "fact"),
    [
        (ItemMapping("k04_dialogue", SAME | {"a0": CODES[1]}), "two answers are matched"),
        (ItemMapping("k04_dialogue", {"a0": CODES[0]}), "is not matched"),
        (ItemMapping("k04_dialogue", SAME | {"a0": "other"}), "is not matched"),
        (ItemMapping("r01_told", SAME), "takes several answers"),
        (ItemMapping("nothing", SAME), "is not there"),
    ],
)
def test_what_is_not_the_same_cannot_be_mapped(mapping: ItemMapping, fact: str) -> None:
    with pytest.raises(DefinitionError, match=fact):
        mapped(own(), {"did_we_talk": mapping}, ALLIANCE)


def test_two_items_cannot_be_the_same_as_one() -> None:
    both = {name: ItemMapping("k04_dialogue", SAME) for name in ("did_we_talk", "again")}

    with pytest.raises(DefinitionError, match="taken by another question"):
        mapped(own(), both, ALLIANCE)
