"""
Which group of a later wave may be the same people as which of an earlier one.

A unit is found again by its name, by which its people choose it; its id is only its line in the steward's
list. Of what has no namesake nobody knows that it was not renamed on purpose. Source: docs/decisions/0166.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol

from policy import WavePolicy

Group = str | None
"""Id of a row's group; None for the organisation."""


class NamedUnit(Protocol):
    """A unit, as a manifest has it."""

    @property
    def id(self) -> str:
        """Its line in the list."""

    @property
    def name(self) -> str:
        """What its people call it."""

    @property
    def headcount(self) -> int:
        """How many people it has."""


@dataclass(frozen=True, slots=True)
class Counterparts:
    """
    The units that two waves list.

    Attributes:
        earlier: Of the wave that was published before.
        later: Of the other.
        policy: With how many may be new where people still count as the same.
    """

    earlier: Sequence[NamedUnit]
    later: Sequence[NamedUnit]
    policy: WavePolicy

    def pairs(
        self, earlier: Mapping[Group, Group], later: Mapping[Group, Group]
    ) -> Iterator[tuple[Group, Group]]:
        """
        The groups of two tables that may be the same people, one of each.

        All that share a name; and what has no namesake in the other table with whatever has none there,
        unless both are listed in either wave: those had too few answers in one, which happens to units.

        Args:
            earlier: Group → its name, in the table of the earlier wave.
            later: The same in that of the later.
        """
        shared = {*earlier.values()} & {*later.values()}
        lasting = self._listed_twice()
        for (before, name), (after, other) in product(earlier.items(), later.items()):
            may_be_renamed = not shared & {name, other} and not lasting >= {name, other}
            if name == other or may_be_renamed:
                yield before, after

    def _listed_twice(self) -> set[Group]:
        """
        Names that either wave lists, for about as many people.

        A list that keeps a name for next to nobody, beside the new one, has not kept the unit.
        """
        before, after = (
            {said(unit): unit.headcount for unit in units} for units in (self.earlier, self.later)
        )
        return {name for name in before.keys() & after.keys() if self._are_alike(before[name], after[name])}

    def _are_alike(self, one: int, other: int) -> bool:
        most = max(one, other)
        return abs(one - other) <= most * self.policy.turnover_percent // 100


def said(unit: NamedUnit) -> str:
    """The unit's name, the same for every way to write it: capitals, spaces, widths and composed letters."""
    return " ".join(unicodedata.normalize("NFKC", unit.name).casefold().split())
