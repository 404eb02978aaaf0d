"""
Numbers of people that must stay open, and the search for people who keep them so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tests.attacks.intruder.program import NEAR, Program, Terms

T: Final = 5


class Win(NamedTuple):
    """What the intruder can tell that it must not: between how many and how many there are."""

    what: str
    least: int
    most: int


class Number(NamedTuple):
    """
    A number of people that must stay open.

    Attributes:
        what: For whoever reads that it did not.
        terms: The number.
        cap: The most that there could be.
        down: How few it must be able to be.
        up: How many.
        is_plain: Whether it is no secret once it is proven to reach the threshold.
    """

    what: str
    terms: Terms
    cap: int
    down: int = 0
    up: int = 0
    is_plain: bool = True


@dataclass
class Loot:
    """
    What an intruder came away with.

    Attributes:
        wins: What it can tell that it must not.
        asked: How many numbers it went for.
        undecided: Of how many it could not say within its limit of branches: fractions of people leave them
            open, and whole ones were not found.
    """

    wins: list[Win] = field(default_factory=list)
    asked: int = 0
    undecided: int = 0


class Search:
    """Sets of people that agree with the release; each answers for every number that it can."""

    def __init__(self, program: Program, numbers: Sequence[Number], few: int) -> None:
        self._program, self._few = program, few
        self._matrix = sparse.csr_array(
            (
                [factor for number in numbers for factor in number.terms.values()],
                (
                    [row for row, number in enumerate(numbers) for _ in number.terms],
                    [at for number in numbers for at in number.terms],
                ),
            ),
            shape=(len(numbers), len(program.upper)),
        )
        self._numbers = numbers
        self._least = np.full(len(numbers), 2**30)
        self._most = np.full(len(numbers), -1)
        self._begin()

    def go_for(self, row: int, loot: Loot) -> None:
        """One number: whether it can be as small, and as large, as it must be able to be."""
        number = self._numbers[row]
        loot.asked += 1
        least = self._end(row, 1, number.down)
        most = self._end(row, -1, -number.up)
        low, high = int(np.ceil(least - NEAR)), int(np.floor(-most + NEAR))
        is_low, is_high = self._least[row] <= number.down, self._most[row] >= number.up
        if is_low and is_high:
            return
        upper = number.up == number.cap and number.down > 0
        if number.is_plain and (high < number.cap - self._few if upper else low > self._few):
            return
        if (is_low or low <= number.down) and (is_high or high >= number.up):
            loot.undecided += 1
        else:
            loot.wins.append(Win(number.what, low, high))

    def _end(self, row: int, sign: int, enough: int) -> float:
        """How far a number goes one way, or a bound of that where it need not be known."""
        reached = self._least[row] if sign > 0 else -self._most[row]
        if reached <= enough:
            return float(enough)
        costs = sign * self._matrix[[row]].toarray().ravel().astype(float)
        found = self._program.least(costs, enough)
        self._keep(found.people)
        return found.bound

    def _begin(self) -> None:
        together = np.asarray(self._matrix.sum(axis=0)).ravel().astype(float)
        draw = np.random.default_rng(0)
        signs = draw.choice([-1.0, 1.0], size=(4, self._matrix.shape[0]))
        for costs in (together, -together, *(sign @ self._matrix for sign in signs)):
            self._keep(self._program.least(np.asarray(costs).ravel()).people)

    def _keep(self, people: npt.NDArray[np.float64] | None) -> None:
        if people is not None:
            values = np.rint(np.asarray(self._matrix @ people)).astype(np.int64)
            self._least, self._most = np.minimum(self._least, values), np.maximum(self._most, values)
