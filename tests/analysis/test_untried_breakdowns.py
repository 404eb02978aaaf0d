"""What is too large to be attacked, or not shown to be safe, keeps no smaller breakdown from being tried."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.disclosure import breakdowns
from analysis.disclosure.breakdowns import BlockBreakdowns, BrokenDown
from analysis.disclosure.rows import Bands, Candidate, RowRules, with_a_remainder
from policy import LIMITS
from tests.attacks.campaign import Case, opened, released
from tests.attacks.intruder.attack import attacked
from tests.attacks.intruder.crowd import staff_list

CASE = Case("three answers", 60, 8, seed=1)
UNIT_BY_ITSELF, LESS = 25, 15


def shown_by(most_unknowns: int, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """By what the item is shown, if blocks of so many unknowns are attacked; nobody is given away by it."""
    monkeypatch.setattr(breakdowns, "LIMITS", replace(LIMITS, unknowns=most_unknowns))
    wave = opened(CASE)
    release = released(CASE, wave)
    staff = staff_list(wave.questionnaire, wave.units, wave.answers)

    loot = attacked(release.model_dump(mode="json"), wave.questionnaire, staff)

    assert (loot.wins, loot.undecided) == ([], 0)
    return {table.by for table in release.tables if table.item == "tone" and table.by}


def test_units_that_are_too_many_leave_room_for_what_is_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown_by(LESS, monkeypatch) == {"sex"}


def test_what_was_left_out_for_its_size_is_tried_once_the_others_were_not_shown_to_be_safe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[tuple[str, ...]] = []
    protected = BlockBreakdowns.protected

    def not_by_unit(block: BlockBreakdowns) -> BrokenDown:
        tried.append(tuple(str(table.planned.by) for table in block.tables))
        return BrokenDown((), {}) if "unit" in tried[-1] else protected(block)

    monkeypatch.setattr(BlockBreakdowns, "protected", not_by_unit)

    assert shown_by(UNIT_BY_ITSELF, monkeypatch) == {"sex"}
    assert ("unit",) in tried
    assert tried.index(("unit",)) < tried.index(("sex",))


def test_what_can_come_out_in_too_many_ways_is_given_up_before_they_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[Bands] = []

    def noted(rules: RowRules, narrow: Bands) -> Candidate:
        looked_at.append(narrow)
        return with_a_remainder(rules, narrow)

    monkeypatch.setattr("analysis.disclosure.alternatives.with_a_remainder", noted)
    wave = opened(case := Case("act", 1_000, 8, seed=3))

    release = released(case, wave)

    assert {table.by for table in release.tables} == {None}
    # Fewer in all than a single row may have combinations.
    assert 0 < len(looked_at) < LIMITS.combined
