"""
Whole numbers of people as an integer program: what is known of their sums, and how far a sum can go.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

NEAR: Final = 1e-5
_NODES: Final = 200
_NUDGE: Final = 1e-3
_NUDGES: Final = 3

Terms = dict[int, int]
"""A sum of unknowns."""


@dataclass
class Program:
    """Whole numbers of people and what is known of their sums."""

    upper: list[int] = field(default_factory=list)
    rows: list[tuple[Terms, float, float]] = field(default_factory=list)

    def unknowns(self, number: int, most: int) -> list[int]:
        """So many more."""
        first = len(self.upper)
        self.upper += [most] * number
        return list(range(first, first + number))

    def know(self, terms: Terms, least: float, most: float) -> None:
        """A sum is between two numbers."""
        self.rows.append((terms, least, most))

    @cached_property
    def _known(self) -> LinearConstraint:
        places = [
            (row, place, factor) for row, (t, *_) in enumerate(self.rows) for place, factor in t.items()
        ]
        rows, columns, factors = zip(*places, strict=True)
        matrix = sparse.csr_array((factors, (rows, columns)), shape=(len(self.rows), len(self.upper)))
        return LinearConstraint(matrix, [row[1] for row in self.rows], [row[2] for row in self.rows])

    def least(self, costs: npt.NDArray[np.float64], enough: int | None = None) -> Found:
        """
        The least that a sum can be; whole people are looked for until they bring it down to `enough`.

        A program in fractions first, and the same with small costs added, which mostly ends in whole numbers;
        then one in whole numbers.
        """
        value, people = self._solved(costs, whole=False)
        draw = np.random.default_rng(0)
        for _ in range(_NUDGES if enough is not None else 0):
            if people is not None and _are_whole(people):
                break
            people = self._solved(costs + _NUDGE * draw.random(len(costs)), whole=False)[1]
        if people is not None and _are_whole(people) and (enough is None or costs @ people <= enough + NEAR):
            return Found(value, np.rint(people))
        if enough is None or value > enough + NEAR:
            return Found(value, None)
        found, people = self._solved(costs, whole=True)
        return Found(max(found, value), people)

    def _solved(
        self, costs: npt.NDArray[np.float64], *, whole: bool
    ) -> tuple[float, npt.NDArray[np.float64] | None]:
        """A bound that no people pass, and people that come near it if there was time."""
        found = milp(
            costs,
            integrality=np.full(len(costs), int(whole)),
            bounds=Bounds(0, np.array(self.upper, float)),
            constraints=self._known,
            options={"node_limit": _NODES},
        )
        if found.status == 2:
            raise AssertionError("the release contradicts itself")
        bound = found.fun if found.status == 0 else found.mip_dual_bound
        people = None if found.x is None else np.rint(found.x) if whole else found.x
        return (-np.inf if bound is None else float(bound)), people


class Found(NamedTuple):
    """A bound that no people pass, and whole people who come as near to it as was found."""

    bound: float
    people: npt.NDArray[np.float64] | None


def _are_whole(people: npt.NDArray[np.float64]) -> bool:
    return bool(np.abs(people - np.rint(people)).max(initial=0) < NEAR)
