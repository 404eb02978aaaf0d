from collections.abc import Callable

import pytest
from pydantic import ValidationError

from questionnaires.errors import UnknownNameError
from questionnaires.loading import DEFINITIONS, alliance_definition, load
from questionnaires.model import Band, ItemType, OptionKind, ResponseScale, Text
from tests.vectors.refresh import FOR_TESTS

WORKPLACE = alliance_definition("workplace")
MATRIX = load(FOR_TESTS / "matrix.yaml")
BREAKDOWN = load(FOR_TESTS / "breakdown.yaml")


def test_items_come_in_the_definitions_order() -> None:
    in_order = [item.id for section in WORKPLACE.sections for item in section.items]

    assert [item.id for item in WORKPLACE.items] == in_order
    assert list(WORKPLACE.positions.values()) == list(range(len(in_order)))


def test_a_questionnaire_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        WORKPLACE.version = "9.9.9"  # type: ignore[misc]


def test_an_items_options_are_its_own_or_its_scales() -> None:
    by_scale = [option.code for option in WORKPLACE.options_of(WORKPLACE.item("c01_taken_seriously"))]
    own = [option.code for option in WORKPLACE.options_of(WORKPLACE.item("k02_contact"))]

    assert by_scale == ["a1", "a2", "a3", "a4", "a5", "na"]
    assert own == ["yes", "partly", "no"]


def test_a_section_is_found_by_an_item_that_stands_in_it() -> None:
    assert WORKPLACE.section_of("r01_told").id == "incident"


@pytest.mark.parametrize("look_up", [WORKPLACE.item, WORKPLACE.section_of])
def test_an_item_that_is_not_there_is_named(look_up: Callable[[str], object]) -> None:
    with pytest.raises(UnknownNameError, match='workplace-culture: there is no item "r99"'):
        look_up("r99")


def test_a_scale_that_is_not_there_is_named() -> None:
    lost = MATRIX.item("tone").model_copy(update={"scale": "lost"})

    with pytest.raises(UnknownNameError, match='item "tone" is on "lost", which is no scale'):
        MATRIX.options_of(lost)


def test_a_scale_is_counted_in_its_declared_groups() -> None:
    groups = MATRIX.grouping_of(MATRIX.item("serious"))

    assert [(group.id, group.codes) for group in groups] == [
        ("favourable", ("a4",)),
        ("neutral", ("a3",)),
        ("unfavourable", ("a1", "a2")),
    ]


def test_a_reversed_item_is_counted_the_other_way_round() -> None:
    groups = MATRIX.grouping_of(MATRIX.item("tone"))

    assert [(group.id, group.codes) for group in groups] == [
        ("favourable", ("a1", "a2")),
        ("neutral", ("a3",)),
        ("unfavourable", ("a4",)),
    ]


def test_an_item_may_group_its_own_options() -> None:
    groups = MATRIX.grouping_of(MATRIX.item("contact"))

    assert [group.codes for group in groups] == [("yes", "partly"), ("no",)]


def test_without_a_grouping_each_answer_stands_by_itself_and_the_missing_kinds_do_not() -> None:
    groups = WORKPLACE.grouping_of(WORKPLACE.item("k04_dialogue"))

    assert [(group.id, group.codes) for group in groups] == [
        ("more", ("more",)),
        ("once", ("once",)),
        ("no", ("no",)),
    ]


def test_being_in_doubt_is_an_answer_of_its_own() -> None:
    item = WORKPLACE.item("s01_self_label")

    assert [group.id for group in WORKPLACE.grouping_of(item)] == ["never", "ever", "unsure"]
    assert "unsure" in [group.id for group in WORKPLACE.separately(item)]
    assert not OptionKind.UNSURE.is_missing


def test_a_breakdown_merges_from_fine_to_coarse() -> None:
    ladder = WORKPLACE.ladder_of(WORKPLACE.item("d02_age"))

    assert [[group.id for group in rung] for rung in ladder] == [
        ["u30", "30_44", "45_59", "60p"],
        ["u45", "45p"],
    ]


def test_a_small_gender_is_never_shown_rather_than_put_with_another() -> None:
    fine, coarse = WORKPLACE.ladder_of(WORKPLACE.item("d01_gender"))

    assert [group.codes for group in fine] == [("w",), ("m",), ("x",)]
    assert [group.codes for group in coarse] == [("w",), ("m",)]


def test_a_ladder_merges_what_is_left_when_small_options_have_gone() -> None:
    item = BREAKDOWN.item("role")

    assert [[group.codes for group in rung] for rung in BREAKDOWN.ladder_of(item)] == [
        [("cook",), ("waiter",), ("chef",), ("owner",)],
        [("cook",), ("waiter",), ("chef",)],
        [("cook", "chef"), ("waiter",)],
    ]


def test_every_scale_of_the_alliance_declares_two_or_three_groups() -> None:
    for file in DEFINITIONS.glob("[a-z]*.yaml"):
        assert all(len(scale.grouping) in {2, 3} for scale in load(file).scales.values())


def test_a_list_of_options_is_a_scale_without_a_grouping() -> None:
    options = [{"code": "a", "label": {"en": "A"}}, {"code": "b", "label": {"en": "B"}}]

    assert ResponseScale.model_validate(options) == ResponseScale.model_validate({"options": options})


def test_saying_nothing_is_exclusive_among_several_choices_without_a_word() -> None:
    told = WORKPLACE.item("r01_told")

    assert [option.code for option in WORKPLACE.options_of(told) if option.exclusive] == ["nobody", "pna"]


def test_a_wave_asks_whole_sections_in_the_definitions_order() -> None:
    wave = WORKPLACE.with_sections({"needs", "climate", "about_you"})

    assert [section.id for section in wave.sections] == ["climate", "needs", "about_you"]
    assert [item.id for item in wave.items] == [
        item.id
        for item in WORKPLACE.items
        if WORKPLACE.section_of(item.id).id in {"climate", "needs", "about_you"}
    ]


def test_a_wave_names_what_it_leaves_out_and_keeps_no_list_of_it() -> None:
    wave = WORKPLACE.with_sections({"climate", "about_you"})

    assert set(wave.left_out) == {item.id for item in WORKPLACE.items} - {item.id for item in wave.items}
    assert wave.core_behaviour_items == ()
    assert set(wave.subscales) == {"climate_index", "safety_index", "leader_index"}
    assert wave.rules.breakdown_items == ("d01_gender", "d02_age", "d03_role", "d04_tenure")


def test_a_wave_of_all_sections_is_the_questionnaire() -> None:
    assert WORKPLACE.with_sections([section.id for section in WORKPLACE.sections]) == WORKPLACE


def test_a_wave_of_a_wave_leaves_out_what_either_does() -> None:
    wave = WORKPLACE.with_sections(["climate", "needs"]).with_sections(["needs"])

    assert len(wave.left_out) == len(WORKPLACE.items) - len(wave.items)


@pytest.mark.parametrize(("sections", "fact"), [(["climat"], "no section climat"), ([], "no section to ask")])
def test_a_wave_of_unknown_sections_or_none_is_refused(sections: list[str], fact: str) -> None:
    with pytest.raises(UnknownNameError, match=f"there is {fact}; choose among about_place, climate"):
        WORKPLACE.with_sections(sections)


def test_a_text_is_had_by_its_language() -> None:
    text = Text({"da": "Kultur", "en": "Culture"})

    assert (text["da"], text["en"]) == ("Kultur", "Culture")
    assert text.languages == ("da", "en")
    assert "sv" not in text
    with pytest.raises(KeyError):
        text["sv"]


def test_texts_of_the_same_words_are_one_key() -> None:
    assert hash(Text({"da": "a", "en": "b"})) == hash(Text({"en": "b", "da": "a"}))


@pytest.mark.parametrize(
    ("band", "inside", "outside"),
    [
        (Band(least=1, most=4), [1, 4], [0, 5, "1"]),
        (Band(most=0), [-3, 0], [1]),
        (Band(least=5), [5, 10**9], [4]),
    ],
)
def test_a_band_holds_its_ends(band: Band, inside: list[object], outside: list[object]) -> None:
    assert all(number in band for number in inside)
    assert not any(number in band for number in outside)


def test_the_three_questionnaires_share_the_ids_of_what_they_share() -> None:
    asked = [{item.id for item in load(file).items} for file in sorted(DEFINITIONS.glob("[a-z]*.yaml"))]

    assert len(set.intersection(*asked)) == 42


def test_no_option_of_the_alliances_several_choices_says_nothing_beside_others() -> None:
    for file in DEFINITIONS.glob("[a-z]*.yaml"):
        questionnaire = load(file)
        several = [item for item in questionnaire.items if item.type is ItemType.MULTI]

        assert all(
            option.exclusive
            for item in several
            for option in questionnaire.options_of(item)
            if option.kind.is_missing
        )
