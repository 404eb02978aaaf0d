import json
from itertools import groupby
from typing import Any

import pytest

from analysis.plan import PlanError, PublicationPlan, publication_plan
from questionnaires.digest import canonical_bytes
from tests.analysis.rosters import NAMES, definition


def workplace_plan() -> PublicationPlan:
    return publication_plan(definition("workplace"), breakdowns=["unit", "d01_gender"], open_wave=False)


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_says_in_the_manifest_what_it_is(name: str) -> None:
    plan = publication_plan(definition(name), breakdowns=[], open_wave=False)

    read = PublicationPlan.from_value(plan.value())

    assert read == plan
    assert read.digest == plan.digest
    assert len(canonical_bytes(plan.value())) < 100_000
    read.check(definition(name))


def test_what_leaders_can_change_comes_first_and_what_follows_from_exposure_last() -> None:
    ids = [table.id for table in workplace_plan().tables]

    assert ids[:3] == ["I11_climate_index", "I12_safety_index", "I13_leader_index"]
    assert ids.index("c01_taken_seriously") < ids.index("I01_exposure_any")
    assert ids.index("I01_exposure_any") < ids.index("I02_exposure_gender_harassment")
    assert ids.index("I04_exposure_coercion") < ids.index("b01_degrading_talk") < ids.index("i01_source")
    assert ids.index("I07_source_profile") < ids.index("i01_source")


def test_tables_by_group_come_after_those_of_the_organisation_breakdown_by_breakdown() -> None:
    assert [by for by, _ in groupby(table.by for table in workplace_plan().tables)] == [
        None,
        "unit",
        "d01_gender",
    ]


def test_of_measures_that_read_the_same_answers_one_is_broken_down() -> None:
    broken = [table.id for table in workplace_plan().tables if table.by == "unit"]

    assert broken[:3] == ["I11_climate_index.unit", "I12_safety_index.unit", "I13_leader_index.unit"]
    assert "I01_exposure_any.unit" in broken
    assert not {"c01_taken_seriously.unit", "b01_degrading_talk.unit", "S01_repeated.unit"} & set(broken)


@pytest.mark.parametrize(
    "measured", ["I04_exposure_coercion", "I08_told_formal", "i01_source", "b11_favours", "d02_age"]
)
def test_coercion_what_some_are_led_to_and_who_somebody_is_are_never_broken_down(measured: str) -> None:
    assert f"{measured}.unit" not in [table.id for table in workplace_plan().tables]


def test_a_breakdown_has_no_table_of_its_own_since_its_bases_say_it() -> None:
    ids = [table.id for table in workplace_plan().tables]

    assert "d01_gender" not in ids
    assert "d02_age" in ids


def test_an_open_wave_has_no_breakdown() -> None:
    whole = publication_plan(definition("workplace"), breakdowns=[], open_wave=False)

    assert publication_plan(definition("workplace"), breakdowns=[], open_wave=True) == whole
    with pytest.raises(PlanError, match=r"an open wave has none; leave it out"):
        publication_plan(definition("workplace"), breakdowns=["unit"], open_wave=True)


def test_a_breakdown_stands_there_once_and_three_besides_units_at_most() -> None:
    items = definition("workplace").rules.breakdown_items

    with pytest.raises(PlanError, match='breakdown "unit" stands there twice; name it once'):
        publication_plan(definition("workplace"), breakdowns=["unit", "unit"], open_wave=False)
    with pytest.raises(PlanError, match="4 breakdowns besides units; keep 3 at most"):
        publication_plan(definition("workplace"), breakdowns=["unit", *items[:4]], open_wave=False)


def test_an_unknown_breakdown_is_refused() -> None:
    with pytest.raises(PlanError, match='Did you mean "d01_gender"'):
        publication_plan(definition("workplace"), breakdowns=["d01_gendre"], open_wave=False)


def changed(**fields: object) -> list[dict[str, Any]]:
    value = planned()
    value[0] |= fields
    return value


def planned() -> list[dict[str, Any]]:
    value: list[dict[str, Any]] = json.loads(canonical_bytes(workplace_plan().value()))
    return value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({}, "plan: "),
        (changed(kind="picture"), "0.kind: "),
        (changed(colour="red"), "0.colour: Extra inputs"),
        (changed(alternatives=[]), "0.alternatives: "),
        (
            changed(alternatives=[[{"id": "favourable", "codes": []}]]),
            'options are distinct and end with "no_answer"',
        ),
        (
            [*planned(), planned()[0]],
            'table "I11_climate_index" stands in it twice',
        ),
    ],
)
def test_a_value_that_is_no_plan_is_refused(value: object, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        PublicationPlan.from_value(value)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"item": "I11_climate"}, 'there is no indicator "I11_climate". Did you mean "I11_climate_index"'),
        ({"kind": "item"}, 'there is no item "I11_climate_index"'),
        (
            {"alternatives": [[{"id": "favourable", "codes": ["100"]}, {"id": "no_answer", "codes": []}]]},
            'its options do not count each code of "I11_climate_index" once; they are 0, 5',
        ),
    ],
)
def test_a_plan_of_another_questionnaire_is_refused(fields: dict[str, Any], message: str) -> None:
    plan = PublicationPlan.from_value(changed(**fields))

    with pytest.raises(PlanError, match=message):
        plan.check(definition("workplace"))
