"""The intruder whose people are paths: it knows of a few items all that listing every answer would tell."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.attacks.intruder.known import Known
from tests.attacks.intruder.paths import WithPaths
from tests.attacks.intruder.reading import Table, items_of
from tests.attacks.organisations import organisation, workplace
from tests.attacks.rules import naive_release

PEOPLE = 200
FEW_ITEMS = {
    "an index of three": ("t01_can_object", "t02_difficult_topics", "t03_be_different"),
    "an index of two": ("l01_leader_clear", "l02_leader_acts"),
    "any of two acts": ("b11_favours", "b12_pressure_force"),
    "all of two": ("k01_guidelines", "k02_contact"),
    "one of several": ("k04_dialogue",),
}


class Always(WithPaths):
    """With paths also where every way to answer could be listed."""

    most_raw = 0


class Listed(Known):
    """Every way to answer, whatever is asked."""

    def _state_single(self, tables: Sequence[Table]) -> None:
        self._list(tables, list(dict.fromkeys(name for table in tables for name in items_of(table))))


@cache
def naive(seed: int) -> list[dict[str, Any]]:
    """Counts of an organisation, each table by itself."""
    return list(naive_release(organisation(PEOPLE, 20, seed), ())["tables"])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("items", FEW_ITEMS.values(), ids=FEW_ITEMS)
def test_paths_tell_of_every_figure_what_all_ways_to_answer_tell(items: tuple[str, ...], seed: int) -> None:
    tables = [table for table in naive(seed) if set(items_of(table)) <= set(items)]
    assert len(tables) > len(items) or items == ("k04_dialogue",)

    for left_out in tables:
        ranges = [of_one(kind, left_out, tables) for kind in (Always, Listed)]

        assert ranges[0] == ranges[1]


def of_one(kind: type[Known], asked_of: Table, tables: Sequence[Table]) -> list[tuple[float, float]]:
    """Between how many and how many each option of a table can be, by what the others say of it."""
    known = kind(tables, workplace(), PEOPLE)
    for table in tables:
        if table is not asked_of:
            for cell, (lo, hi) in enumerate(table["rows"][0]["cells"]):
                known.program.know(known.sums[table["id"], cell], lo, hi)
    found = []
    for cell in range(len(asked_of["options"])):
        costs = np.zeros(len(known.program.upper))
        for at, factor in known.sums[asked_of["id"], cell].items():
            costs[at] = factor
        ends = known.program.least(costs).bound, -known.program.least(-costs).bound
        found.append((round(ends[0], 3), round(ends[1], 3)))
    return found
