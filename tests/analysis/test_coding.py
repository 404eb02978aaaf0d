"""The edge cases of the indicators' definitions, one by one."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.coding import coded
from analysis.measures import measures_of
from analysis.tables import LEFT_BLANK, OUTSIDE, UNANSWERED, OpenedWave
from tests.analysis.rosters import definition, multi, questionnaire, wave

ACTS = definition("workplace").core_behaviour_items
CLIMATE = definition("workplace").subscales["climate_index"]
VALUES = {"a1": 0, "a2": 25, "a3": 50, "a4": 75, "a5": 100}


def counted(measure: str, *rows: Mapping[str, str | Sequence[str]], name: str = "workplace") -> list[object]:
    """What each row counts as: a code, a set of codes, "unanswered" or "outside"."""
    asked = definition(name)
    return read(wave(asked, rows), measure)


def read(opened: OpenedWave, measure: str) -> list[object]:
    of = measures_of(opened.questionnaire)[measure]
    silent = {UNANSWERED: "unanswered", OUTSIDE: "outside"}
    numbers = coded(opened, [of]).column(measure).tolist()
    if of.multiple:
        return [
            silent.get(n) or {code for place, code in enumerate(of.codes) if n >> place & 1} for n in numbers
        ]
    return [silent.get(n) or of.codes[n] for n in numbers]


def all_acts(code: str, **others: str | list[str]) -> dict[str, str | list[str]]:
    return {**dict.fromkeys(ACTS, code), **others}


def test_prefer_not_to_answer_is_never_never() -> None:
    assert counted("b01_degrading_talk", {"b01_degrading_talk": "pna"}, {"b01_degrading_talk": "never"}) == [
        "unanswered",
        "never",
    ]
    assert counted("I01_exposure_any", all_acts("pna"), all_acts("never")) == ["unanswered", "no"]


def test_eight_valid_nevers_and_four_blanks_are_not_in_the_exposure_indicator() -> None:
    eight = dict.fromkeys(ACTS[:8], "never")

    assert counted("I01_exposure_any", eight, eight | {ACTS[8]: "never"}) == ["unanswered", "no"]


def test_one_act_with_too_few_valid_answers_does_not_count_either() -> None:
    eight = dict.fromkeys(ACTS[:7], "never") | {ACTS[7]: "once"}

    assert counted("I01_exposure_any", eight, eight | {ACTS[8]: "never"}) == ["unanswered", "yes"]


@pytest.mark.parametrize("code", ["once", "few", "monthly"])
def test_any_frequency_above_never_is_exposure(code: str) -> None:
    assert counted("I01_exposure_any", all_acts("never", b10_unwanted_touch=code)) == ["yes"]


def test_what_is_repeated_is_more_than_once() -> None:
    rows = [all_acts("never", b02_treated_worse=code) for code in ("once", "few", "monthly")]

    assert counted("S01_repeated", *rows) == ["no", "yes", "yes"]


def test_what_is_only_said_around_somebody_is_not_directed_at_them() -> None:
    ambient = all_acts("never", b01_degrading_talk="monthly", b03_sexual_talk="few")

    assert counted("S02_directed", ambient, all_acts("never", b04_identity_remarks="once")) == ["no", "yes"]
    assert counted("I02_exposure_gender_harassment", ambient) == ["yes"]


def test_each_kind_of_exposure_has_its_own_least_number_of_answers() -> None:
    three = dict.fromkeys(ACTS[:3], "never")
    five = dict.fromkeys(ACTS[4:9], "never")

    assert counted("I02_exposure_gender_harassment", three, dict.fromkeys(ACTS[:2], "once")) == [
        "no",
        "unanswered",
    ]
    assert counted("I03_exposure_unwanted_attention", five, dict.fromkeys(ACTS[4:8], "once")) == [
        "no",
        "unanswered",
    ]
    assert counted("I04_exposure_coercion", {"b11_favours": "once"}, all_acts("never")) == [
        "unanswered",
        "no",
    ]


def test_the_thirteenth_act_opens_the_incident_section_but_never_counts() -> None:
    only_it = all_acts("never", b13_shared_about_you="monthly", i01_source=["peer"])

    assert counted("I01_exposure_any", only_it, name="education") == ["no"]
    assert counted("i01_source", only_it, name="education") == [{"peer"}]


def test_someone_exposed_only_by_their_own_word_is_asked_what_happened() -> None:
    row = {**all_acts("never"), "s01_self_label": "once", "i01_source": ["client", "senior"]}

    assert counted("I01_exposure_any", row) == ["no"]
    assert counted("I05_self_labelled", row) == ["yes"]
    assert counted("I07_source_profile", row) == [{"external", "leader"}]


def test_doubt_stays_in_the_denominator_by_itself() -> None:
    rows = [{"s01_self_label": code} for code in ("unsure", "no", "pna", "few")]

    assert counted("I05_self_labelled", *rows) == ["unsure", "no", "unanswered", "yes"]


def test_nobody_together_with_somebody_is_somebody() -> None:
    asked = definition("workplace")
    options = [option.code for option in asked.options_of(asked.item("r01_told"))]
    row = np.full((2, 1 + len(asked.items)), LEFT_BLANK, np.int32)
    row[:, 1 + asked.positions["b01_degrading_talk"]] = 1
    nobody, hr, pna = (1 << options.index(code) for code in ("nobody", "hr", "pna"))
    row[:, 1 + asked.positions["r01_told"]] = [nobody | hr, nobody | pna]

    assert read(OpenedWave(asked, (), row), "r01_told") == [{"hr"}, {"nobody"}]
    assert read(OpenedWave(asked, (), row), "I08_told_formal") == ["yes", "no"]


def test_two_answers_that_stand_alone_contradict_each_other() -> None:
    asked = questionnaire(multi("needs", "rules", "fine", "enough", exclusive=("fine", "enough")))

    assert read(OpenedWave(asked, (), np.array([[-1, 0b110], [-1, 0b010]], np.int32)), "needs") == [
        "unanswered",
        {"fine"},
    ]


def test_someone_who_told_only_others_did_not_tell_anyone_responsible() -> None:
    exposed = {"s01_self_label": "once"}
    told = [["private"], ["private", "tr_amr"], ["nobody"], ["pna"], []]

    assert counted("I08_told_formal", *({**exposed, "r01_told": who} for who in told)) == [
        "no",
        "yes",
        "no",
        "unanswered",
        "unanswered",
    ]
    assert counted("I08_told_formal", {"r01_told": ["hr"]}) == ["outside"]


def test_handling_counts_among_those_who_told_and_leaves_out_what_is_not_concluded() -> None:
    told = {"s01_self_label": "once", "r01_told": ["manager"]}
    rows = [told | {"r03_handling": code} for code in ("s1", "s4", "open", "pna")]

    assert counted("I09_handling_score", *rows, {"s01_self_label": "once"}) == [
        "0",
        "75",
        "unanswered",
        "unanswered",
        "outside",
    ]


def test_who_does_not_know_whether_there_are_rules_does_not_know_them() -> None:
    rows = [
        {"k01_guidelines": rules, "k02_contact": contact}
        for rules, contact in (("yes_know", "yes"), ("yes_know", "partly"), ("dk", "yes"), ("yes_know", ""))
    ]

    assert counted("I10_awareness", *rows) == ["yes", "no", "no", "unanswered"]


def test_dialogue_that_nobody_remembers_was_not_held() -> None:
    rows = [{"k04_dialogue": code} for code in ("more", "once", "no", "dk", "")]

    assert counted("I14_dialogue_held", *rows) == ["yes", "yes", "no", "no", "unanswered"]


def test_reversed_items_count_one_hundred_minus_their_value() -> None:
    best = {item: "a1" if definition("workplace").item(item).reverse else "a5" for item in CLIMATE}
    worst = {item: "a5" if definition("workplace").item(item).reverse else "a1" for item in CLIMATE}

    assert counted("I11_climate_index", best, worst) == ["100", "0"]


def test_an_index_needs_its_least_number_of_answers() -> None:
    four = dict.fromkeys(CLIMATE[:4], "a3")

    assert counted("I11_climate_index", four, dict.fromkeys(CLIMATE[:3], "a3") | {CLIMATE[3]: "na"}) == [
        "50",
        "unanswered",
    ]
    assert counted("I13_leader_index", {"l02_leader_acts": "a5"}, {}) == ["100", "unanswered"]


@given(st.lists(st.sampled_from([*VALUES, "na", ""]), min_size=6, max_size=6))
def test_a_score_is_the_rounded_mean_of_what_was_answered(codes: list[str]) -> None:
    asked = definition("workplace")
    points = [
        100 - VALUES[code] if asked.item(item).reverse else VALUES[code]
        for item, code in zip(CLIMATE, codes, strict=True)
        if code in VALUES
    ]
    expected: object = "unanswered"
    if len(points) >= 4:
        # Half up, by hand: the grid point whose half-open cell the mean lies in.
        expected = str(next(g for g in range(0, 101, 5) if 2 * sum(points) < (2 * g + 5) * len(points)))

    assert counted("I11_climate_index", dict(zip(CLIMATE, codes, strict=True))) == [expected]


def test_a_half_is_rounded_up() -> None:
    row = {"l01_leader_clear": "a1", "l02_leader_acts": "a2"}

    assert counted("I13_leader_index", row) == ["15"]  # 12.5
