"""Two waves of one organisation with its units, and an intruder who knows who came to each and who left."""

from __future__ import annotations

import pytest

from tests.attacks.intruder.waves import attacked_across
from tests.attacks.two_waves import FAMILIES, naively, released, waves


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", FAMILIES)
def test_two_waves_with_their_units_tell_nothing_of_who_came_and_who_left(name: str, seed: int) -> None:
    found = waves(name, 60, seed)

    loot = attacked_across(*released(found), found.known)

    assert (loot.wins, loot.undecided) == ([], 0)
    assert loot.asked > 0


@pytest.mark.parametrize("name", ["met", "three answers"])
def test_two_waves_by_the_naive_rule_tell(name: str) -> None:
    found = waves(name, 60, 0)

    assert attacked_across(*naively(found), found.known).wins


def test_what_is_shown_of_units_makes_no_difference_to_who_is_on_both_lists() -> None:
    known = waves("met", 60, 0).known

    moved = known.number(before=True, after=False).total(), known.number(before=False, after=True).total()
    assert known.number(before=True, after=True).total() + moved[0] == 60
    assert min(moved) > 0
