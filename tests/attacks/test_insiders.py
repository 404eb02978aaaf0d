"""Somebody who answered knows one record beside the staff list; two who trust each other know two."""

from __future__ import annotations

from itertools import combinations

import pytest

from analysis.tables import OpenedWave
from tests.attacks.campaign import Case, opened, released
from tests.attacks.families import BREAKDOWNS
from tests.attacks.intruder.crowd import staff_list
from tests.attacks.intruder.insiders import Record, told
from tests.attacks.rules import Released, naive_release

CASES = [
    Case(kind, people, prevalence, seed=0)
    for kind in ("met", "act", "three answers", "five answers")
    for people, prevalence in ((25, 20), (40, 8), (60, 8))
]


def records_of(wave: OpenedWave) -> list[Record]:
    """One for each answer that was given, by the people who gave it last: rare answers are among them."""
    asked = wave.questionnaire
    found: dict[str | None, list[Record]] = {}
    for place, row in enumerate(wave.answers):
        said = {}
        for column, item in enumerate(asked.items, 1):
            codes = [option.code for option in asked.options_of(item)]
            said[item.id] = codes[row[column]] if row[column] >= 0 else None
        found.setdefault(said[asked.items[-1].id], []).append(Record(place, said))
    return [record for those in found.values() for record in those[-2:]]


def wins(wave: OpenedWave, release: Released, records: tuple[Record, ...]) -> list[str]:
    staff = staff_list(wave.questionnaire, wave.units, wave.answers)
    return [win.what for win in told(release, wave.questionnaire, staff, records)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind} {case.people} {case.prevalence}")
def test_whoever_knows_one_record_is_told_no_more_of_the_others_than_bands_say(case: Case) -> None:
    wave = opened(case)
    release = released(case, wave).model_dump(mode="json")

    for record in records_of(wave):
        # But that not all of those never shown said what oneself did: one's own answer tells that by itself.
        assert [what for what in wins(wave, release, (record,)) if not is_of_the_unseen(what)] == []


def is_of_the_unseen(what: str) -> bool:
    return "unseen" in what


@pytest.mark.parametrize("case", CASES[::3], ids=lambda case: f"{case.kind} {case.people} {case.prevalence}")
def test_two_who_share_their_records_are_told_nothing_of_anybody_shown(case: Case) -> None:
    wave = opened(case)
    release = released(case, wave).model_dump(mode="json")

    for pair in list(combinations(records_of(wave), 2))[::3]:
        assert [what for what in wins(wave, release, pair) if not is_of_the_unseen(what)] == []


@pytest.mark.parametrize("kind", ["met", "act"])
def test_the_naive_rule_tells_an_insider_of_the_others(kind: str) -> None:
    wave = opened(Case(kind, 60, 8, seed=1))

    assert wins(wave, naive_release(wave, BREAKDOWNS), (records_of(wave)[-1],))
