"""The intruder with everything, against whole releases and families: a seeded part of `make attacks`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks.campaign import (
    SINGLE_FAMILIES,
    WHOLE_RELEASES,
    Case,
    done,
    opened,
    outcome,
    released,
    run,
    single_families,
    whole_releases,
)
from tests.attacks.families import BREAKDOWNS, FAMILIES
from tests.attacks.intruder.attack import attacked
from tests.attacks.intruder.crowd import staff_list
from tests.attacks.rules import Released, cells_of, naive_release, plainly_suppressed

pytestmark = pytest.mark.slow
# Two in a hundred of the campaign. Whole releases of 40 people and more take up to a minute each, and are
# left to `make attacks`; families are of all sizes.
WHOLE_ONES = [case for case in whole_releases(WHOLE_RELEASES) if case.people <= 25][: WHOLE_RELEASES // 50]
FAMILY_ONES = single_families(SINGLE_FAMILIES)[: SINGLE_FAMILIES // 50]


def _named(case: Case) -> str:
    return f"{case.kind} {case.people} {case.prevalence} {case.seed}"


@pytest.mark.parametrize("case", WHOLE_ONES, ids=_named)
def test_a_whole_release_tells_the_intruder_nothing_that_must_stay_open(case: Case) -> None:
    found = outcome(case, naive=False)

    assert (found.wins, found.undecided) == (0, 0)
    assert found.asked > 0


@pytest.mark.parametrize("case", FAMILY_ONES, ids=_named)
def test_a_family_tells_the_intruder_nothing_that_must_stay_open(case: Case) -> None:
    found = outcome(case, naive=False)

    assert (found.wins, found.undecided) == (0, 0)


@pytest.mark.parametrize("kind", ["act", "met", "three answers", "indicator of two"])
def test_the_naive_rule_loses_to_the_same_intruder(kind: str) -> None:
    wave = opened(Case(kind, 60, 8, seed=1))
    staff = staff_list(wave.questionnaire, wave.units, wave.answers)

    loot = attacked(naive_release(wave, BREAKDOWNS), wave.questionnaire, staff)

    assert loot.wins


def test_the_intruder_believes_only_what_can_be_true() -> None:
    """Were it to read a release otherwise than it was made, no people would agree with what it knows."""
    case = Case("witness", 60, 20, seed=2)
    wave = opened(case)
    broken = released(case, wave).model_dump(mode="json")
    first = next(table for table in broken["tables"] if table["item"] == "w01_witnessed")
    first["rows"][0]["cells"] = [[60, 60]] * len(first["options"])

    with pytest.raises(AssertionError, match="contradicts itself"):
        attacked(broken, wave.questionnaire, staff_list(wave.questionnaire, wave.units, wave.answers))


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    cases, file = [Case("met", 12, 3, seed) for seed in range(2)], tmp_path / "attacked.csv"
    run(cases[:1], file, naive=False)

    run(cases, file, naive=False)

    assert [found.seed for found in done(file)] == [0, 1]


def test_cases_are_spread_over_sizes_and_prevalences() -> None:
    assert len({(case.people, case.prevalence) for case in whole_releases(WHOLE_RELEASES)}) == 18
    assert len(single_families(SINGLE_FAMILIES)) == SINGLE_FAMILIES
    assert {case.kind for case in single_families(1_000)} == set(FAMILIES)


def test_cells_of_both_rules_are_counted_over_the_same_tables() -> None:
    naive = naive_release(opened(Case("act", 60, 8, seed=0)), BREAKDOWNS)

    nothing: Released = {"tables": []}
    counted = [cells_of(each, naive) for each in (naive, plainly_suppressed(naive), nothing)]

    assert len({sum(cells) for cells in counted}) == 1
    assert counted[0].hidden == 0
    assert counted[1].banded == 0
    assert counted[2].exact == 0
