"""
Person-classes: respondents whom nothing published can tell apart, and how many stand in each.

The intruder knows the staff list: who answered, and how each described themselves. Whoever stands in the same
groups of every breakdown shown is one class to them, of known size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.tables import ReportingGroup

ORGANISATION: Final = -1
"""In names of numbers, where a reporting group's place stands: the organisation as a whole."""
REMAINDER: Final = -2
"""Likewise: people of whom no row is shown."""

Marks = npt.NDArray[np.bool_]
Sizes = npt.NDArray[np.int64]


class Crowd(NamedTuple):
    """
    Some of the classes, looked at together.

    Attributes:
        marks: Which classes.
        size: How many people.
    """

    marks: Marks
    size: int


@dataclass(frozen=True, eq=False)
class Classes:
    """
    Everybody who answered, by the groups they stand in.

    Attributes:
        sizes: How many people each class has.
        groups: The reporting groups.
        marks: Shape (groups, classes), of which classes each group consists.
    """

    sizes: Sizes
    groups: tuple[ReportingGroup, ...]
    marks: Marks

    @classmethod
    def of(cls, groups: Sequence[ReportingGroup], responses: int) -> Classes:
        """The classes that these groups make of so many responses."""
        if not groups:
            return cls(np.array([responses]), (), np.zeros((0, 1), np.bool_))
        members = np.vstack([group.members for group in groups])
        # In the order of their marks: the order of responses must not tell.
        marks, sizes = np.unique(members, axis=1, return_counts=True)
        return cls(sizes, tuple(groups), marks)

    @property
    def everybody(self) -> Crowd:
        """The organisation as a whole."""
        return Crowd(np.ones(len(self.sizes), np.bool_), int(self.sizes.sum()))

    def crowd(self, place: int) -> Crowd:
        """One reporting group."""
        return self._crowd(self.marks[place])

    def remainders(self, small: int) -> tuple[Crowd, ...]:
        """
        Whoever is never shown, but can be had by subtracting what is shown.

        Of each breakdown those in none of its groups, of each unit those in none of its parts, and those that
        any two nested groups differ by, where they are fewer than `small`. Each set of people once.
        """
        found = [*self._unplaced(), *self._nested(small)]
        distinct = {marks.tobytes(): self._crowd(marks) for marks in found if marks.any()}
        shown = {marks.tobytes() for marks in self.marks}
        return tuple(crowd for sign, crowd in distinct.items() if sign not in shown)

    def _unplaced(self) -> list[Marks]:
        everybody = np.ones(len(self.sizes), np.bool_)
        left = []
        for by in dict.fromkeys(group.by for group in self.groups):
            left.append(everybody & ~self._within(by, None))
            for place, group in enumerate(self.groups):
                parts = self._within(by, group.id)
                if group.by == by and parts.any():
                    left.append(self.marks[place] & ~parts)
        return left

    def _within(self, by: str, parent: str | None) -> Marks:
        places = [
            place for place, group in enumerate(self.groups) if group.by == by and group.parent == parent
        ]
        within: Marks = np.any(self.marks[places], axis=0)
        return within

    def _nested(self, small: int) -> list[Marks]:
        differences = []
        for one, other in combinations([np.ones(len(self.sizes), np.bool_), *self.marks], 2):
            for outer, inner in ((one, other), (other, one)):
                difference = outer & ~inner
                if not (inner & ~outer).any() and 0 < self.sizes[difference].sum() < small:
                    differences.append(difference)
        return differences

    def _crowd(self, marks: Marks) -> Crowd:
        return Crowd(marks, int(self.sizes[marks].sum()))
