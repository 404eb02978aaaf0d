"""Somebody who answered knows one record beside the staff list; two who trust each other know two."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.attacks.campaign import Case, opened, released
from tests.attacks.families import BREAKDOWNS
from tests.attacks.insiders import records_of, wins
from tests.attacks.rules import naive_release
from tests.attacks.test_release_intruder import FAMILIES, SMALL_ONES, Intruder, draw, drawn, naive

CASES = [
    Case(kind, people, prevalence, seed=0)
    for kind in ("met", "act", "three answers", "five answers", "several answers", "indicator of two")
    for people, prevalence in ((25, 20), (40, 8), (60, 8))
]
SENSITIVE = [case for case in CASES if case.kind in ("met", "act")] + [Case("met", 200, 20, seed=0)]


def named(case: Case) -> str:
    return f"{case.kind} {case.people} {case.prevalence}"


@pytest.mark.parametrize("case", [*CASES, SENSITIVE[-1]], ids=named)
def test_whoever_knows_one_record_is_told_no_more_of_the_others_than_bands_say(case: Case) -> None:
    wave = opened(case)
    release = released(case, wave).model_dump(mode="json")

    for record in records_of(wave):
        assert wins(wave, release, (record,)) == []


@pytest.mark.parametrize("case", SENSITIVE, ids=named)
def test_two_who_share_their_records_are_told_nothing_of_what_others_met(case: Case) -> None:
    wave = opened(case)
    release = released(case, wave).model_dump(mode="json")

    for pair in combinations(records_of(wave), 2):
        assert wins(wave, release, pair) == []


def test_two_can_be_told_of_a_hidden_cell_that_is_not_sensitive() -> None:
    """What docs/explanation/disclosure.md says of two: the audit reckons with one."""
    case = Case("five answers", 60, 8, seed=0)
    wave = opened(case)
    release = released(case, wave).model_dump(mode="json")

    pair = [record for record in records_of(wave) if record.place in (56, 59)]

    assert len(pair) == 2
    assert wins(wave, release, pair) == ["often u1[4]"]


@pytest.mark.parametrize("kind", ["met", "act"])
def test_the_naive_rule_tells_an_insider_of_the_others(kind: str) -> None:
    wave = opened(Case(kind, 60, 8, seed=1))

    assert wins(wave, naive_release(wave, BREAKDOWNS), (records_of(wave)[-1],))


@pytest.mark.parametrize(("name", "people", "seed"), [*SMALL_ONES, ("coercion", 200, 1)])
def test_nor_do_tables_of_the_organisation_that_hang_together_tell_an_insider(
    name: str, people: int, seed: int
) -> None:
    family = FAMILIES[name]
    release = drawn(family, people, seed)
    there = draw(family, people, seed)

    for own in [person for person in family.people if person in there][:8]:
        assert list(Intruder(family, release, (own,)).wins()) == []


def test_the_naive_rule_s_tables_of_the_organisation_do() -> None:
    family = FAMILIES["gender harassment"]

    won = [
        any(Intruder(family, naive(family, 60, seed), draw(family, 60, seed)[:1]).wins()) for seed in range(6)
    ]

    assert sum(won) >= 4
