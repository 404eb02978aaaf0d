"""
A problem of choosing forms as arrays, and what a choice of levels means in them.

Between analysis/disclosure/problem.py, which is read by people, and the programs, which need speed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from analysis.disclosure.problem import FormProblem, Protected, Terms
from analysis.disclosure.program import Vector

Indices: TypeAlias = npt.NDArray[np.signedinteger[Any]]
Mask: TypeAlias = npt.NDArray[np.bool_]
Levels: TypeAlias = npt.NDArray[np.int64]
"""The level of each cell; shape (cells,)."""

_REACHED: Final = 1e-4
"""How near to its mark a sum counts as there; HiGHS keeps bounds to 1e-7 and marks are whole numbers."""
_ENOUGH: Final = 1e-6
_NOTHING: Final = 1e-9
_OF_LARGEST: Final = 1e-9
"""The same where numbers are large, as a part of the largest."""


class Cut(NamedTuple):
    """
    Of these steps, so much must be taken: the factors of those taken sum to 1 or more.

    Attributes:
        steps: Places in the flattened (cells, steps) array.
        factors: Each between 0 and 1.
    """

    steps: Indices
    factors: Vector


class Arrays:
    """
    A problem, compiled.

    An attack is the wish to bring a sum down to a mark: `greatest` of a protection is the least of its
    negative, so that each protection gives two. A spread is a pair of them.

    Attributes:
        problem: What was compiled.
        upper: Shape (unknowns,).
        cells, frame, attacks: One row each, one column per unknown.
        least, most: Of the frame's rows.
        lows, highs: Ends of each cell's levels, shape (cells, deepest); where a cell has fewer levels, its
            coarsest again.
        depth: Number of levels of each cell.
        drops, rises: How far each step moves a cell's ends outward, shape (cells, deepest − 1).
        weights: Of each step, the same shape; nothing where there is no step.
        is_step: Whether there is that step.
        marks: What each attack must come down to.
        spreads: Protections that have one: its number, and the width.
        tolerance: How near counts as there.
    """

    def __init__(self, problem: FormProblem) -> None:
        self.problem = problem
        self.upper: Vector = problem.upper.astype(np.float64)
        self.cells = _matrix([cell.terms for cell in problem.cells], problem.unknowns)
        self.frame = _matrix([known.terms for known in problem.frame], problem.unknowns)
        self.least: Vector = np.array([known.least for known in problem.frame], float)
        self.most: Vector = np.array([known.most for known in problem.frame], float)
        self.depth: Levels = np.array([len(cell.levels) for cell in problem.cells], np.int64)
        # At least one step, even if no cell takes it: then every array has a column.
        deepest = int(self.depth.max(initial=2))
        self.lows: Vector = np.zeros((len(self.depth), deepest))
        self.highs: Vector = np.zeros((len(self.depth), deepest))
        self.weights: Vector = np.zeros((len(self.depth), deepest - 1))
        for number, cell in enumerate(problem.cells):
            ends = np.array([*cell.levels, *[cell.levels[-1]] * (deepest - len(cell.levels))], float)
            self.lows[number], self.highs[number] = ends[:, 0], ends[:, 1]
            self.weights[number, : len(cell.weights)] = cell.weights
        self._clip_to_what_can_be()
        self.drops: Vector = self.lows[:, :-1] - self.lows[:, 1:]
        self.rises: Vector = self.highs[:, 1:] - self.highs[:, :-1]
        self.is_step: Mask = np.arange(1, deepest) < self.depth[:, None]
        self._make_attacks(problem.protections)
        largest = max((abs(cell.count) for cell in problem.cells), default=0)
        self.tolerance = max(_REACHED, _OF_LARGEST * largest)

    def steps(self, levels: Levels) -> Vector:
        """The choice as zeros and ones: whether each step to a coarser level is taken."""
        taken: Vector = (np.arange(1, self.lows.shape[1]) <= levels[:, None]).astype(np.float64)
        return taken

    def cost(self, levels: Levels) -> float:
        """What a choice costs."""
        return float((self.weights * self.steps(levels)).sum())

    def objective(self, attacks: Indices) -> Vector:
        """The sums of these attacks, summed."""
        objective: Vector = np.zeros(self.problem.unknowns)
        indptr, indices, values = self.attacks.indptr, self.attacks.indices, self.attacks.data
        for attack in attacks:
            part = slice(indptr[attack], indptr[attack + 1])
            objective[indices[part]] += values[part]
        return objective

    def bounds(self, steps: Vector) -> tuple[Vector, Vector]:
        """What is shown of each cell, as ends; steps may be taken in part."""
        return (
            self.lows[:, 0] - (self.drops * steps).sum(axis=1),
            self.highs[:, 0] + (self.rises * steps).sum(axis=1),
        )

    def coarsened(self, levels: Levels, cuts: Iterable[Cut]) -> Levels:
        """Levels that satisfy the cuts: the cheapest further steps for what is missing, cut by cut."""
        levels = levels.copy()
        for cut in cuts:
            factors = np.zeros(self.weights.size)
            factors[cut.steps] = cut.factors
            gains = np.cumsum(factors.reshape(self.weights.shape), axis=1)
            costs = np.cumsum(self.weights, axis=1)
            cells = np.unique(cut.steps // self.weights.shape[1])
            missing = 1.0 - sum(gains[cell, levels[cell] - 1] for cell in cells if levels[cell])
            while missing > _ENOUGH:
                best = min(_further(cells, levels, gains, costs, missing), default=None)
                if best is None:
                    break
                _, cell, level, gain = best
                levels[cell], missing = level, missing - gain
        return levels

    def _clip_to_what_can_be(self) -> None:
        """Where a cell is one unknown, no level says more than that unknown's own bounds."""
        for number, cell in enumerate(self.problem.cells):
            if is_one(cell.terms):
                most = self.upper[cell.terms.unknowns[0]]
                self.lows[number] = np.clip(self.lows[number], 0, most)
                self.highs[number] = np.clip(self.highs[number], 0, most)

    def _make_attacks(self, protections: Sequence[Protected]) -> None:
        sums = _matrix([protected.terms for protected in protections], self.problem.unknowns)
        self.attacks = sparse.vstack([-sums, sums], format="csr")
        self.marks: Vector = np.array(
            [-protected.need[1] for protected in protections]
            + [protected.need[0] for protected in protections],
            float,
        )
        self.spreads = [(number, p.spread) for number, p in enumerate(protections) if p.spread]


def _further(
    cells: Indices, levels: Levels, gains: Vector, costs: Vector, missing: float
) -> Iterator[tuple[float, int, int, float]]:
    """Each further level of each cell: its cost for what it gains of what is missing, and what it is."""
    for cell in cells:
        now = int(levels[cell])
        before, spent = (gains[cell, now - 1], costs[cell, now - 1]) if now else (0.0, 0.0)
        for level in range(now + 1, gains.shape[1] + 1):
            gain = min(gains[cell, level - 1] - before, missing)
            if gain > _NOTHING:
                yield (costs[cell, level - 1] - spent) / gain, int(cell), level, gain


def is_one(terms: Terms) -> bool:
    """Whether the sum is just one unknown."""
    return len(terms.unknowns) == 1 and terms.values == (1.0,)


def _matrix(rows: Sequence[Terms], unknowns: int) -> sparse.csr_matrix:
    starts = np.cumsum([0, *(len(terms.unknowns) for terms in rows)])
    columns = np.array([unknown for terms in rows for unknown in terms.unknowns], np.int32)
    values = np.array([value for terms in rows for value in terms.values], np.float64)
    return sparse.csr_matrix((values, columns, starts), shape=(len(rows), unknowns))


def grouped(groups: Indices, number: int) -> list[Indices]:
    """The places of each group, in order."""
    order = np.argsort(groups, kind="stable")
    edges = np.searchsorted(groups[order], np.arange(number + 1))
    return [order[start:end] for start, end in pairwise(edges)]
