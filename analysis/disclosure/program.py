"""
A linear program that is asked many questions: what can this sum be, given all that is shown?

A thin layer over HiGHS (Huangfu and Hall 2018, Mathematical Programming Computation 10). The unknowns are
thousands of kinds of respondents of whom a solution has few, so only those that a question calls for are
handed to the solver: column generation (Dantzig and Wolfe 1960, Operations Research 8). It ends when no
kind that was left out would improve the answer, so the answer is that of the whole program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

import highspy
import numpy as np
import numpy.typing as npt

from analysis.tables import Solver

Vector: TypeAlias = npt.NDArray[np.float64]

_OPTIONS: Final[Mapping[str, bool | int]] = MappingProxyType(
    {
        "output_flag": False,
        # One thread and one seed, so that every run takes the same steps.
        "threads": 1,
        "random_seed": 0,
        # Primal simplex: what was found for the last question is still possible for the next.
        "simplex_strategy": 4,
        # A limit in steps, never in seconds: the same release must come out of a slow machine.
        "simplex_iteration_limit": 50_000,
    }
)
_ROUNDS: Final = 400
_CALLED_AT_ONCE: Final = 40
_IMPROVES: Final = 1e-7
_NOTHING: Final = 1e-6


class NotProvenError(Exception):
    """The program has no solution, or none was found within the limits. Nothing is proven: less is shown."""


class Bounded(NamedTuple):
    """A sum of unknowns and the bounds it keeps; infinite where there is none."""

    coefficients: Vector
    least: float
    most: float


class Solution(NamedTuple):
    """The value asked for, and one set of respondents that gives it."""

    value: float
    respondents: Vector


class Program:
    """Numbers of respondents of each kind, none of them negative, that keep all bounds."""

    def __init__(self, bounds: Sequence[Bounded]) -> None:
        """
        Find a first set of respondents that keeps the bounds.

        Unknowns that the questions do not name come last and count nothing.

        Raises:
            NotProvenError: If there is none.
        """
        self._rows = np.vstack([bound.coefficients for bound in bounds])
        self._called = np.zeros(0, np.int64)
        self._solver = new_solver()
        self._make_rows(bounds)
        missing = self._solved(np.zeros(self._rows.shape[1]), slack_cost=1.0)
        if missing.value > _NOTHING:
            raise NotProvenError("linear program: nobody could have answered so")
        none = np.zeros(self._slacks)
        self._solver.changeColsBounds(self._slacks, np.arange(self._slacks, dtype=np.int32), none, none)

    def least(self, coefficients: Vector) -> Solution:
        """
        The least that the sum can be.

        Raises:
            NotProvenError: If no optimum was found.
        """
        return self._solved(coefficients)

    def greatest(self, coefficients: Vector) -> Solution:
        """
        The greatest that the sum can be.

        Raises:
            NotProvenError: If no optimum was found.
        """
        found = self._solved(-coefficients)
        return Solution(-found.value, found.respondents)

    @property
    def _slacks(self) -> int:
        """Columns that make up for kinds not yet called, two for each row; nothing may stay in them."""
        return 2 * len(self._rows)

    def _make_rows(self, bounds: Sequence[Bounded]) -> None:
        rows = len(bounds)
        least = np.array([bound.least for bound in bounds])
        most = np.array([bound.most for bound in bounds])
        nothing = np.zeros(0)
        self._solver.addRows(rows, least, most, 0, np.zeros(rows, np.int32), np.zeros(0, np.int32), nothing)
        self._add_columns(np.zeros(2 * rows), np.hstack([np.eye(rows), -np.eye(rows)]))

    def _solved(self, costs: Vector, *, slack_cost: float = 0.0) -> Solution:
        """Minimise, calling kinds until none that is left out would lower the cost."""
        asked, costs = len(costs), np.pad(costs, (0, self._rows.shape[1] - len(costs)))
        self._set_costs(np.concatenate([np.full(self._slacks, slack_cost), costs[self._called]]))
        for _ in range(_ROUNDS):
            self._solver.run()
            status = self._solver.getModelStatus()
            if status != highspy.HighsModelStatus.kOptimal:
                raise NotProvenError(f"linear program: {self._solver.modelStatusToString(status)}")
            solution = self._solver.getSolution()
            reduced = costs - np.asarray(solution.row_dual) @ self._rows
            wanted = np.argsort(reduced, kind="stable")[:_CALLED_AT_ONCE]
            wanted = wanted[reduced[wanted] < -_IMPROVES]
            wanted = wanted[~np.isin(wanted, self._called)]
            if not len(wanted):
                return self._solution(np.asarray(solution.col_value), costs, slack_cost, asked)
            self._add_columns(costs[wanted], self._rows[:, wanted])
            self._called = np.concatenate([self._called, wanted])
        raise NotProvenError("linear program: not solved within its limit of rounds")

    def _solution(self, columns: Vector, costs: Vector, slack_cost: float, asked: int) -> Solution:
        respondents = np.zeros(self._rows.shape[1])
        respondents[self._called] = columns[self._slacks :]
        value = costs @ respondents + slack_cost * columns[: self._slacks].sum()
        return Solution(float(value), respondents[:asked])

    def _set_costs(self, costs: Vector) -> None:
        self._solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)

    def _add_columns(self, costs: Vector, columns: npt.NDArray[np.float64]) -> None:
        places, rows = np.nonzero(columns.T)
        starts = np.searchsorted(places, np.arange(len(costs))).astype(np.int32)
        none, endless = np.zeros(len(costs)), np.full(len(costs), highspy.kHighsInf)
        values = columns.T[places, rows]
        self._solver.addCols(
            len(costs), costs, none, endless, len(values), starts, rows.astype(np.int32), values
        )


def new_solver(**settings: float | str) -> highspy.Highs:
    """A solver with the settings of the house, and these: quiet, one thread, the same steps in every run."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, setting in {**_OPTIONS, **settings}.items():
        solver.setOptionValue(name, setting)
    return solver


def solver_facts() -> Solver:
    """What the release says it was proven with."""
    return Solver("HiGHS", highspy.Highs().version())  # type: ignore[no-untyped-call]
