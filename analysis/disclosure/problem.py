"""
The problem of choosing forms: what is unknown, what everybody knows, what may be shown, what must stay open.

Numbers and bounds alone, no word of respondents: whoever has a table to protect states it so, and
analysis/disclosure/optimisation.py chooses. Notation and terms as in Fischetti and Salazar-González (2001),
Management Science 47(7), 1008-1027, with nested intervals where they have "published" and "suppressed".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt

Bounds: TypeAlias = tuple[float, float]
"""The least and the greatest, both included; `Interval` is one."""


class ProblemError(ValueError):
    """A problem that contradicts itself; the message says where and what to do, and holds no count."""


@dataclass(frozen=True, slots=True)
class Terms:
    """
    A weighted sum of some unknowns.

    Attributes:
        unknowns: Which, each at most once.
        factors: How often each counts; 1 for all of them if it is empty.
    """

    unknowns: tuple[int, ...]
    factors: tuple[float, ...] = ()

    @classmethod
    def one(cls, unknown: int) -> Self:
        """Just this unknown."""
        return cls((unknown,))

    @property
    def values(self) -> tuple[float, ...]:
        """The factors, written out."""
        return self.factors or (1.0,) * len(self.unknowns)


@dataclass(frozen=True, slots=True)
class Known:
    """A sum that everybody knows to lie between two numbers, whatever is shown; infinite for no bound."""

    terms: Terms
    least: float = -inf
    most: float = inf


@dataclass(frozen=True, slots=True)
class ChoiceCell:
    """
    A count that is shown in one of several forms.

    Attributes:
        terms: The count, as a sum of unknowns.
        count: What it is; it lies in the finest interval.
        levels: What each form says of it, finest first; each interval lies in the next. One level: no choice.
        weights: What each step to the next level costs, one fewer than levels, none negative. From what is
            public only: a weight that depends on a hidden count tells of it.
    """

    terms: Terms
    count: float
    levels: tuple[Bounds, ...]
    weights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Protected:
    """
    A sum of which an intruder may learn only so much.

    Attributes:
        terms: The sum.
        need: It must still be able to come down to the first, and up to the second.
        spread: The least width of what it can be (the sliding protection level); 0 for no such wish.
    """

    terms: Terms
    need: Bounds
    spread: float = 0


@dataclass(frozen=True, slots=True)
class FormProblem:
    """
    One choice of forms.

    Attributes:
        unknowns: How many; each is 0 or more.
        upper: The most that each can be, known to everybody; shape (unknowns,).
        frame: What everybody knows beside that: class sizes, bases, equations.
        cells: What is shown.
        protections: What must stay open.

    Raises:
        ProblemError: If a part names an unknown that is not there, levels are not nested, weights do not fit
            the levels or are negative, or a need is upside down.
    """

    unknowns: int
    upper: npt.NDArray[np.float64]
    frame: tuple[Known, ...]
    cells: tuple[ChoiceCell, ...]
    protections: tuple[Protected, ...]

    def __post_init__(self) -> None:
        if (
            self.upper.shape != (self.unknowns,)
            or not np.isfinite(self.upper).all()
            or (self.upper < 0).any()
        ):
            raise ProblemError(
                "problem: upper is one finite bound, 0 or more, for each unknown; give them so"
            )
        for place, terms in self._all_terms():
            _check_terms(place, terms, self.unknowns)
        for number, known in enumerate(self.frame):
            if not known.least <= known.most:
                raise ProblemError(f"frame {number}: its least is over its most; swap them")
        for number, cell in enumerate(self.cells):
            _check_cell(f"cell {number}", cell)
        for number, protected in enumerate(self.protections):
            if protected.need[0] > protected.need[1] or protected.spread < 0:
                raise ProblemError(f"protection {number}: its need is upside down; put the least first")

    def _all_terms(self) -> Iterator[tuple[str, Terms]]:
        parts: Sequence[tuple[str, Sequence[Known | ChoiceCell | Protected]]] = (
            ("frame", self.frame),
            ("cell", self.cells),
            ("protection", self.protections),
        )
        for name, those in parts:
            for number, part in enumerate(those):
                yield f"{name} {number}", part.terms


def _check_terms(place: str, terms: Terms, unknowns: int) -> None:
    if terms.factors and len(terms.factors) != len(terms.unknowns):
        raise ProblemError(f"{place}: give one factor for each unknown, or none")
    if not all(map(isfinite, terms.factors)):
        raise ProblemError(f"{place}: a factor is not a finite number; give one")
    if len(set(terms.unknowns)) != len(terms.unknowns):
        raise ProblemError(f"{place}: an unknown stands in it twice; add its factors up")
    if terms.unknowns and not (min(terms.unknowns) >= 0 and max(terms.unknowns) < unknowns):
        raise ProblemError(f"{place}: names an unknown outside 0 to {unknowns - 1}")


def _check_cell(place: str, cell: ChoiceCell) -> None:
    if not cell.levels or not cell.levels[0][0] <= cell.count <= cell.levels[0][1]:
        raise ProblemError(f"{place}: its count lies in its finest level; give levels, finest first")
    for finer, coarser in zip(cell.levels, cell.levels[1:], strict=False):
        if not coarser[0] <= finer[0] <= finer[1] <= coarser[1]:
            raise ProblemError(f"{place}: each level lies in the next coarser one; order them so")
    if len(cell.weights) != len(cell.levels) - 1 or not all(0 <= w < inf for w in cell.weights):
        raise ProblemError(f"{place}: give one finite weight, 0 or more, for each step to a coarser level")
