"""
The cheapest choice of forms that protects what must stay open, or a protected one and how far it may be off.

Attack and choice by turns: the cheapest levels under the cuts so far are attacked
(analysis/disclosure/attack.py), what succeeds becomes cuts (analysis/disclosure/choice.py), and when nothing
succeeds the levels are the cheapest of all. First where the problem falls into parts without its longest
sums, then as a whole; with steps taken in part before whole ones, which is quick and gives most cuts.

Source: Fischetti and Salazar-González (2001), Management Science 47(7), 1008-1027.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, inf
from typing import Final, NamedTuple

import numpy as np

from analysis.disclosure.arrays import Arrays, Levels
from analysis.disclosure.attack import AttackProgram
from analysis.disclosure.choice import FEW, Choice
from analysis.disclosure.problem import ChoiceCell, FormProblem, Known, ProblemError, Protected, Terms
from analysis.disclosure.program import NotProvenError

__all__ = [
    "CannotProtectError",
    "ChoiceCell",
    "FormProblem",
    "Forms",
    "Known",
    "NotProvenError",
    "ProblemError",
    "Progress",
    "Protected",
    "Terms",
    "optimise",
    "ranges",
]

_PARTIAL_ROUNDS: Final = 100
_ROUNDS: Final = 1000
_TRIALS: Final = 2000
"""Levels that are tried one finer, to better a choice that is not the cheapest."""
_CUTS_AT_ONCE: Final = 400
_MANY: Final = 8
"""Parts from which it is worth while to look at them by themselves."""
_EQUAL: Final = 1e-6


class CannotProtectError(Exception):
    """
    Not even the coarsest forms protect.

    Attributes:
        protections: Numbers of those that are not kept.
    """

    def __init__(self, protections: list[int]) -> None:
        super().__init__(
            f"optimisation: {len(protections)} protections are not kept even where everything is shown at its"
            " coarsest; ask for less, or allow coarser levels"
        )
        self.protections = protections


class Progress(NamedTuple):
    """How far the search is; for a person who waits, and never for a decision."""

    rounds: int
    cuts: int
    cost: float
    bound: float


@dataclass(frozen=True, slots=True)
class Forms:
    """
    A choice that protects.

    Attributes:
        levels: The level of each cell, 0 the finest, in the problem's order.
        cost: Its weights, summed.
        bound: No choice that protects costs less.
        optimal: Whether this one costs just that.
    """

    levels: tuple[int, ...]
    cost: float
    bound: float
    optimal: bool


def optimise(
    problem: FormProblem, *, node_limit: int, progress: Callable[[Progress], None] | None = None
) -> Forms:
    """
    Choose a level for each cell so that all protections hold, at the least weight.

    The same problem gives the same forms on every machine: limits are in nodes and rounds, never in seconds.

    Args:
        problem: See `FormProblem`.
        node_limit: Branches of the search that may be looked at in all; 0 for the first good choice and its
            bound.
        progress: Told after each round.

    Raises:
        CannotProtectError: If no choice protects.
        NotProvenError: If the solver failed. Nothing is known then, and nothing may be shown.
    """
    return _Search(problem, node_limit, progress or (lambda _: None)).forms()


def ranges(problem: FormProblem, levels: tuple[int, ...]) -> list[tuple[float, float]]:
    """
    The least and the greatest that an intruder can find each protected sum to be under a choice.

    Raises:
        NotProvenError: If the solver failed.
    """
    arrays = Arrays(problem)
    program = AttackProgram(arrays)
    program.face(arrays.steps(np.array(levels, np.int64)))
    return program.ranges()


class _Search:
    """One search: the cuts, the best choice that protects, and the bound, as they grow."""

    def __init__(self, problem: FormProblem, node_limit: int, progress: Callable[[Progress], None]) -> None:
        self._arrays = Arrays(problem)
        self._choice = Choice(self._arrays)
        self._parts = AttackProgram(self._arrays, linked=False)
        self._whole = AttackProgram(self._arrays, self._parts)
        self._nodes, self._progress = node_limit, progress
        self._best = self._last = self._arrays.depth - 1
        self._cost, self._bound, self._rounds = inf, 0.0, 0

    def forms(self) -> Forms:
        self._check_coarsest()
        falls_apart = self._parts.parts >= max(_MANY, 2 * self._whole.parts)
        programs = [self._parts, self._whole] if falls_apart else [self._whole]
        if programs[0].most_choices > FEW:
            self._choice.tie()
            for program in programs:
                self._take_partly(program)
        for program in programs:
            self._take_wholly(program)
        if not self._is_optimal:
            self._keep_near(self._last)
        return self._written()

    # The steps of the search.

    def _check_coarsest(self) -> None:
        self._whole.face(self._arrays.steps(self._best))
        if not self._whole.is_safe():
            raise CannotProtectError(self._whole.won())
        self._keep(self._best)

    def _take_partly(self, program: AttackProgram) -> None:
        """Rounds with steps taken in part, until no attack succeeds against them; then all of each step."""
        for _ in range(_PARTIAL_ROUNDS):
            steps, bound = self._choice.relaxed()
            self._learn(bound)
            self._last = (steps > _EQUAL).sum(axis=1)
            program.face(steps)
            if not self._choice.add(program.cuts(at_most=_CUTS_AT_ONCE)):
                break
        if program is self._whole:
            self._keep_near(self._last)

    def _take_wholly(self, program: AttackProgram) -> None:
        """Rounds with whole steps, until no attack succeeds against the cheapest, or the limit is reached."""
        for _ in range(_ROUNDS):
            chosen = self._choice.best(self._nodes, self._best)
            self._nodes -= chosen.nodes
            self._learn(chosen.bound)
            if self._is_optimal or chosen.levels is None:
                return
            self._last = chosen.levels
            program.face(self._arrays.steps(chosen.levels))
            cuts = list(program.cuts())
            if not cuts and program is self._whole:
                self._keep(chosen.levels)
            if not self._choice.add(cuts) or not chosen.is_proven:
                return

    def _keep_near(self, levels: Levels) -> None:
        """A choice that protects, from one that may not: coarser where attacks succeed, then finer again."""
        levels = self._mended(levels)
        self._keep(self._fined(levels, np.flatnonzero(levels), _TRIALS))

    def _written(self) -> Forms:
        if self._is_optimal:
            free = self._arrays.weights[np.arange(len(self._best)), np.maximum(self._best, 1) - 1] == 0
            self._best = self._fined(self._best, np.flatnonzero(free & (self._best > 0)), _TRIALS)
        # A program that knows nothing of the search has the last word.
        final = AttackProgram(self._arrays, self._parts)
        final.face(self._arrays.steps(self._best))
        if not final.is_safe():
            raise NotProvenError("optimisation: what was chosen does not protect; show less")
        bound = min(self._bound, self._cost)
        return Forms(tuple(map(int, self._best)), self._cost, bound, self._is_optimal)

    # What the search knows.

    @property
    def _is_optimal(self) -> bool:
        return self._cost <= self._bound + _EQUAL * max(1.0, abs(self._cost))

    def _keep(self, levels: Levels) -> None:
        cost = self._arrays.cost(levels)
        if cost < self._cost:
            self._best, self._cost = levels, cost

    def _learn(self, bound: float) -> None:
        if (self._arrays.weights == np.round(self._arrays.weights)).all():
            bound = ceil(bound - _EQUAL * max(1.0, bound))
        self._bound = max(self._bound, bound)
        self._rounds += 1
        self._progress(Progress(self._rounds, self._choice.cuts, self._cost, self._bound))

    # From one choice to a better one.

    def _mended(self, levels: Levels) -> Levels:
        """Coarser where an attack succeeds, the cheapest step first, until none does."""
        for _ in range(_ROUNDS):
            self._whole.face(self._arrays.steps(levels))
            cuts = list(self._whole.cuts(at_most=_CUTS_AT_ONCE))
            if not cuts:
                return levels
            self._choice.add(cuts)
            levels = self._arrays.coarsened(levels, cuts)
        return self._best

    def _fined(self, levels: Levels, cells: Levels, trials: int) -> Levels:
        """Finer where no attack succeeds for it, the dearest step first."""
        weights = self._arrays.weights[cells, levels[cells] - 1]
        for cell in cells[np.argsort(-weights, kind="stable")][:trials]:
            while levels[cell] > 0:
                finer = levels.copy()
                finer[cell] -= 1
                if self._choice.is_cut_off(finer):
                    break
                self._whole.face(self._arrays.steps(finer))
                cut = next(self._whole.cuts(), None)
                if cut is not None:
                    self._choice.add([cut])
                    break
                levels = finer
        return levels
