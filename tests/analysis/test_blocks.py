from analysis.disclosure.blocks import AuditedTable, Block, blocks_of
from analysis.measures import measures_of
from analysis.tables import Measure, TableKind
from questionnaires.model import Questionnaire
from tests.analysis.rosters import definition, questionnaire, single


def blocks(asked: Questionnaire, *more: Measure) -> tuple[Block, ...]:
    measures = [*measures_of(asked).values(), *more]
    return blocks_of(asked, [AuditedTable(measure.id, measure, ()) for measure in measures])


def block_with(found: tuple[Block, ...], item: str) -> Block:
    (block,) = (block for block in found if item in block.items)
    return block


def test_what_an_indicator_or_a_condition_reads_together_stands_together() -> None:
    found = blocks(definition("workplace"))

    acts = block_with(found, "b01_degrading_talk")
    assert {"b12_pressure_force", "s01_self_label"} <= set(acts.items)
    assert {"I01_exposure_any", "I05_self_labelled", "S02_directed", "b07_staring_gestures"} <= {
        table.id for table in acts.tables
    }
    assert set(block_with(found, "k01_guidelines").items) == {"k01_guidelines", "k02_contact"}
    assert block_with(found, "x01_ease").items == ("x01_ease",)


def test_a_routed_block_hangs_on_the_answers_that_lead_to_it() -> None:
    found = blocks(definition("workplace"))

    acts, told = block_with(found, "b01_degrading_talk"), block_with(found, "r01_told")
    assert told.parent is acts
    assert block_with(found, "r04_outcome").parent is told
    assert block_with(found, "r04_outcome").root is acts
    assert block_with(found, "w02_witness_action").parent is block_with(found, "w01_witnessed")
    assert acts.parent is None
    assert acts.root is acts


def test_parents_come_before_children_and_every_table_stands_in_one_block() -> None:
    found = blocks(definition("education"))

    for place, block in enumerate(found):
        assert block.parent is None or block.parent in found[:place]
    ids = [table.id for block in found for table in block.tables]
    assert sorted(ids) == sorted(measures_of(definition("education")))


def test_a_table_over_items_meant_for_different_people_stands_in_none() -> None:
    asked = definition("workplace")
    mixed = Measure("mixed", TableKind.INDICATOR, ("k01_guidelines", "r01_told"), ("yes", "no"))

    assert "mixed" not in {table.id for block in blocks(asked, mixed) for table in block.tables}


def test_a_condition_over_answers_of_several_blocks_cannot_be_followed() -> None:
    asked = questionnaire(
        single("start", "yes", "no"),
        single("middle", "yes", "no", show_if="began"),
        single("either", "yes", "no", show_if="began_or_middle"),
        conditions={
            "began": {"items": ["start"], "in": ["yes"]},
            "began_or_middle": {
                "any": [{"items": ["middle"], "in": ["yes"]}, {"not": {"items": ["start"], "in": ["yes"]}}]
            },
        },
    )

    found = blocks(asked)

    assert {item for block in found for item in block.items} == {"start", "middle"}


def test_an_item_that_nothing_in_the_wave_leads_to_stands_in_no_block() -> None:
    asked = definition("workplace").with_sections(["climate", "incident"])

    assert not any("i01_source" in block.items for block in blocks(asked))
