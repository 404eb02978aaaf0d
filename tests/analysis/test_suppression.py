"""Which tables are shown, from how many responses, and in which form."""

from itertools import cycle, islice

import pytest

from analysis.disclosure import audit as audits
from analysis.disclosure.forms import bands
from analysis.disclosure.program import NotProvenError
from analysis.disclosure.scene import Scene
from analysis.release import Release, Table
from analysis.tables import Interval, OpenedWave
from policy import POLICY
from questionnaires.model import Questionnaire
from tests.analysis.rosters import (
    definition,
    invented,
    multi,
    questionnaire,
    released,
    replaced,
    single,
    wave,
)

SHORT = questionnaire(
    single("tone", "good", "neither", "bad"),
    single("b11_favours", "never", "once", sensitive=True),
    single("act", "never", "once", sensitive=True),
    subscales={"coercion": ["b11_favours"]},
)


def everyone(asked: Questionnaire, people: int, **codes: list[str]) -> OpenedWave:
    """So many people; each item's answers are handed round."""
    columns = {item: list(islice(cycle(given), people)) for item, given in codes.items()}
    return wave(asked, [{item: column[place] for item, column in columns.items()} for place in range(people)])


def short(people: int) -> OpenedWave:
    tones = ["good", "neither", "bad", "good", "neither", "bad", ""]
    return everyone(
        SHORT, people, tone=tones, act=["never", "never", "once", ""], b11_favours=["never", "once", ""]
    )


def left_out(release: Release) -> dict[str, str]:
    return {fact.table: fact.reason for fact in release.ledger.left_out}


@pytest.mark.parametrize("people", [0, 1, 9])
def test_of_under_ten_responses_nothing_is_shown(people: int) -> None:
    release = released(short(people))

    assert release.tables == ()
    assert left_out(release) == dict.fromkeys(["tone", "act", "b11_favours"], "base")


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        (10, {"tone"}),
        (19, {"tone"}),
        (20, {"tone", "act"}),
        (99, {"tone", "act"}),
        (100, {"tone", "act", "b11_favours"}),
    ],
)
def test_each_table_has_its_base(people: int, shown: set[str]) -> None:
    release = released(short(people))

    assert {table.id for table in release.tables} == shown
    assert left_out(release) == dict.fromkeys({"tone", "act", "b11_favours"} - shown, "base")


@pytest.mark.parametrize(("people", "shown"), [(39, 0), (40, 2), (100, 3)])
def test_an_open_wave_shows_nothing_under_forty(people: int, shown: int) -> None:
    assert len(released(short(people), mode="open").tables) == shown


def test_a_wave_may_ask_for_more() -> None:
    release = released(short(30), POLICY.raised({"sensitive": 40, "general": 20}))

    assert {table.id for table in release.tables} == {"tone"}
    assert release.policy.raised == {"sensitive": 40, "general": 20}


@pytest.mark.parametrize(("people", "options"), [(199, 4), (200, 6)])
def test_a_large_organisation_sees_every_option_and_a_smaller_one_the_scales_groups(
    people: int, options: int
) -> None:
    climate = definition("workplace").with_sections(["climate"])
    codes = {item.id: ["a1", "a2", "a3", "a4", "a5", "na", "a5"] for item in climate.items}

    release = released(everyone(climate, people, **codes))

    assert len(one(release, "c01_taken_seriously").options) == options


def one(release: Release, name: str) -> Table:
    table = release.table(name)
    assert table is not None
    return table


def cells(release: Release, name: str) -> list[tuple[int, int]]:
    return list(one(release, name).rows[0].cells)


def test_a_row_is_exact_only_if_every_cell_and_its_complement_reach_five() -> None:
    exact = everyone(SHORT, 40, tone=["good", "good", "neither", "bad", ""], act=["never"])
    banded = everyone(
        SHORT, 40, tone=[*["good"] * 6, *["neither"] * 10, *["bad"] * 22, "", ""], act=["never"]
    )

    assert cells(released(exact), "tone") == [(16, 16), (8, 8), (8, 8), (8, 8)]
    assert cells(released(banded), "tone") == [(5, 9), (10, 14), (20, 24), (0, 4)]
    assert released(exact).ledger.forms["tone"] == "exact"
    assert released(banded).ledger.forms["tone"] == "bands"


def test_nobody_exposed_looks_as_four_exposed_do() -> None:
    nobody = everyone(SHORT, 30, act=["never"], tone=["good"])
    four = wave(SHORT, [{"act": "once" if place < 4 else "never", "tone": "good"} for place in range(30)])

    assert cells(released(nobody), "act") == cells(released(four), "act") == [(0, 30), (0, 4), (0, 4)]


def test_everybody_exposed_looks_as_all_but_four_do() -> None:
    everybody = everyone(SHORT, 30, act=["once"], tone=["good"])
    all_but_four = wave(
        SHORT, [{"act": "never" if place < 4 else "once", "tone": "good"} for place in range(30)]
    )

    assert cells(released(everybody), "act") == cells(released(all_but_four), "act")


ROUTED = questionnaire(
    single("seen", "never", "once", sensitive=True),
    multi("did", "spoke", "told", sensitive=True, show_if="witnessed"),
    conditions={"witnessed": {"items": ["seen"], "in": ["once"]}},
)


def witnesses(people: int, witnessed: int) -> OpenedWave:
    acts = [["spoke"], ["told"], ["spoke", "told"], []]
    return wave(
        ROUTED,
        [
            {"seen": "once", "did": acts[place % 4]} if place < witnessed else {"seen": "never"}
            for place in range(people)
        ],
    )


@pytest.mark.parametrize(
    ("people", "witnessed", "reason"), [(39, 24, "base"), (60, 9, "not_proven"), (60, 3, "not_proven")]
)
def test_a_routed_table_needs_forty_responses_and_ten_led_there(
    people: int, witnessed: int, reason: str
) -> None:
    assert left_out(released(witnesses(people, witnessed)))["did"] == reason


def test_a_routed_table_says_of_its_base_what_the_answers_that_lead_there_say() -> None:
    release = released(witnesses(60, 24))

    ever = cells(release, "seen")[1]
    assert one(release, "did").rows[0].base == ever == (20, 24)
    assert all(cell in bands(24, 5) for cell in cells(release, "did"))


def test_handling_and_telling_are_shown_from_two_hundred() -> None:
    small, large = (released(invented(definition("workplace"), people, seed=4)) for people in (199, 400))

    for name in ("I08_told_formal", "I09_handling_score"):
        assert left_out(small)[name] == "base"
        assert left_out(large).get(name) != "base"


def test_details_of_exposure_are_shown_from_two_hundred() -> None:
    small = released(invented(definition("workplace"), 199, seed=4))

    missing = {name for name, reason in left_out(small).items() if reason == "base"}
    assert {"I02_exposure_gender_harassment", "S02_directed", "b05_body_comments"} <= missing
    assert not {"I01_exposure_any", "I05_self_labelled", "s01_self_label", "w01_witnessed"} & missing


def test_a_mean_needs_twenty_who_have_a_score() -> None:
    climate = definition("workplace").with_sections(["climate"])
    answers = {
        "l01_leader_clear": ["a5", "a4", "a1", "a3", "a2"],
        "l02_leader_acts": ["a5", "a4", "a1", "a3", "a2"],
    }

    assert one(released(everyone(climate, 19, **answers)), "I13_leader_index").rows[0].mean is None
    assert one(released(everyone(climate, 60, **answers)), "I13_leader_index").rows[0].mean == 50


def test_where_a_mean_would_tell_it_goes_first() -> None:
    climate = definition("workplace").with_sections(["climate"])
    best = {"t01_can_object": ["a5"], "t02_difficult_topics": ["a5"], "t03_be_different": ["a5"]}

    row = one(released(everyone(climate, 60, **best)), "I12_safety_index").rows[0]

    assert row.mean is None
    assert row.cells == ((56, 60), (0, 4), (0, 4), (0, 4))


def test_with_one_difference_too_small_all_of_a_block_is_shown_in_bands() -> None:
    # 12 of 90 left the first blank, 10 both: the difference is 2.
    rows = [
        {"l01_leader_clear": "a4", "l02_leader_acts": ("a1", "a3", "a5")[place % 3]} for place in range(78)
    ]
    rows += [{"l02_leader_acts": "a2"}] * 2 + [{}] * 10
    climate = definition("workplace").with_sections(["climate"])

    release = released(wave(climate, rows))

    forms = {
        name: release.ledger.forms[name]
        for name in ("I13_leader_index", "l01_leader_clear", "l02_leader_acts")
    }
    assert "exact" not in forms.values()


def test_a_limit_reached_hides_everything_and_is_still_a_release(monkeypatch: pytest.MonkeyPatch) -> None:
    def gives_up(*_: object) -> None:
        raise NotProvenError("linear program: kIterationLimit")

    monkeypatch.setattr(Scene, "program", gives_up)

    release = released(witnesses(60, 24))

    assert [table.is_hidden for table in release.tables] == [True]
    assert left_out(release) == {"did": "not_proven"}
    assert release.ledger.ranges == {"seen": ((0, 60),) * 3}


def test_bounds_of_a_base_that_do_not_hold_the_base_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """If too few kinds of respondents were drawn, what was found of a base may be wrong: it is not shown."""
    monkeypatch.setattr(audits.Audit, "asked", lambda *_: Interval(30, 40))

    assert left_out(released(witnesses(60, 24)))["did"] == "not_proven"


def test_lower_thresholds_would_show_more() -> None:
    lower = replaced(POLICY, routed_respondents=10, routed_base=5)

    assert left_out(released(witnesses(39, 24), lower)) == {}
