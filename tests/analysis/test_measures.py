import pytest

from analysis.indicators import BY_ID, INDICATORS, NEEDS_A_LARGE_ORGANISATION, SCORE_GROUPS, SCORES
from analysis.measures import guard_of, indicators_of, measures_of, named, option_sets
from analysis.tables import TableKind
from tests.analysis.rosters import NAMES, definition, multi, questionnaire, single


@pytest.mark.parametrize("name", NAMES)
def test_every_item_and_every_indicator_can_be_counted_in_each_definition(name: str) -> None:
    measures = measures_of(definition(name))

    assert list(measures)[: len(definition(name).items)] == [item.id for item in definition(name).items]
    assert set(measures) >= {indicator.id for indicator in INDICATORS}


def test_an_indicator_is_used_only_where_all_its_items_are_asked() -> None:
    climate_only = definition("workplace").with_sections(["climate", "knowledge"])

    ids = [indicator.id for indicator in indicators_of(climate_only)]

    assert ids == [
        "I11_climate_index",
        "I12_safety_index",
        "I13_leader_index",
        "I10_awareness",
        "I14_dialogue_held",
    ]


def test_missing_kinds_are_one_option_the_last_and_doubt_is_one_of_its_own() -> None:
    workplace = definition("workplace")
    measures = measures_of(workplace)

    fine, grouped = option_sets(workplace, measures["s01_self_label"])

    assert [option.id for option in fine] == ["no", "once", "few", "monthly", "unsure", "no_answer"]
    assert [option.id for option in grouped] == ["never", "ever", "unsure", "no_answer"]
    assert grouped[-1].codes == ("pna",)


def test_a_reversed_item_counts_disagreement_as_favourable() -> None:
    workplace = definition("workplace")

    grouped = option_sets(workplace, measures_of(workplace)["c04_must_tolerate_tone"])[-1]

    assert {option.id: option.codes for option in grouped} == {
        "favourable": ("a1", "a2"),
        "neutral": ("a3",),
        "unfavourable": ("a4", "a5"),
        "no_answer": ("na",),
    }


def test_several_choices_have_one_option_set_and_know_what_stands_alone() -> None:
    workplace = definition("workplace")
    measure = measures_of(workplace)["r01_told"]

    assert len(option_sets(workplace, measure)) == 1
    assert measure.multiple
    assert measure.exclusive == ("nobody",)
    assert "pna" not in measure.codes


def test_an_index_has_three_parts_that_leave_no_score_out() -> None:
    workplace = definition("workplace")
    measure = measures_of(workplace)["I11_climate_index"]

    (options,) = option_sets(workplace, measure)

    assert [option.id for option in options] == [*SCORE_GROUPS, "no_answer"]
    assert sorted(int(code) for option in options for code in option.codes) == list(SCORES)


def test_the_source_profile_counts_groups_of_options() -> None:
    assert measures_of(definition("workplace"))["I07_source_profile"].codes == (
        "internal",
        "leader",
        "external",
        "other",
    )


def test_whatever_is_asked_because_of_sensitive_answers_is_sensitive_too() -> None:
    asked = questionnaire(
        single("act", "never", "once", sensitive=True),
        single("then", "yes", "no", show_if="happened"),
        single("later", "yes", "no", show_if="and_then"),
        single("tone", "good", "bad"),
        single("why", "a", "b", show_if="bad_tone"),
        conditions={
            "happened": {"items": ["act"], "in": ["once"]},
            "and_then": {"items": ["then"], "in": ["yes"]},
            "bad_tone": {"items": ["tone"], "in": ["bad"]},
        },
    )

    sensitive = {measure.id for measure in measures_of(asked).values() if measure.sensitive}

    assert sensitive == {"act", "then", "later"}
    assert [len(guard_of(asked, item)) for item in ("act", "then", "why")] == [0, 1, 1]


def test_a_measure_is_found_by_kind_and_id() -> None:
    measures = measures_of(questionnaire(multi("help", "talk", "rules")))

    assert named(measures, TableKind.ITEM, "help") is measures["help"]
    assert named(measures, TableKind.INDICATOR, "help") is None
    assert named(measures, TableKind.ITEM, "other") is None


def test_every_indicator_is_named_in_both_languages() -> None:
    for indicator in INDICATORS:
        assert indicator.names["da"]
        assert indicator.names["en"]
        assert indicator.names["da"] != indicator.names["en"]
    assert len(BY_ID) == 16
    assert set(BY_ID) >= NEEDS_A_LARGE_ORGANISATION
