"""
The roster attacker's program: sparse, asked many questions, answered in whole numbers of people.

A thin layer over HiGHS (Huangfu and Hall 2018, Mathematical Programming Computation 10). Each question is put
to the linear program first, from where the last one ended; where its answer splits people, to branch and
bound, within a number of nodes. What is found is a set of people that could be counted: a witness. What is
not found is not proven.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from analysis.disclosure.program import Vector
from policy import LIMITS

_OPTIONS: Final[Mapping[str, bool | int]] = MappingProxyType(
    {
        "output_flag": False,
        # One thread and one seed, so that every run takes the same steps.
        "threads": 1,
        "random_seed": 0,
        # Primal simplex: what was found for the last question is still possible for the next.
        "simplex_strategy": 4,
        # Limits in steps, never in seconds: the same release must come out of a slow machine.
        "simplex_iteration_limit": LIMITS.simplex_steps,
        "mip_max_nodes": LIMITS.witness_nodes,
    }
)
_WHOLE: Final = 1e-6
_NUDGE: Final = 1e-3
_ROOTS: Final = (1.4142135623730951, 1.7320508075688772, 2.23606797749979)


class Rows(NamedTuple):
    """
    Sums of unknowns and the bounds they keep.

    Attributes:
        coefficients: A row for each sum.
        least: What each is at least.
        most: What each is at most.
    """

    coefficients: sparse.csr_array
    least: Vector
    most: Vector


class Answer(NamedTuple):
    """
    What a question found.

    Attributes:
        bound: No solution passes it, whole or not; infinite where nothing is known.
        people: A solution in whole numbers, the best that was found; None if none was.
    """

    bound: float
    people: npt.NDArray[np.int64] | None


@dataclass(frozen=True, slots=True)
class WitnessProgram:
    """
    Numbers of people, none of them negative, that keep all bounds.

    Attributes:
        solver: With the program, whole numbers not asked for.
        people: How many of the unknowns are people; those that follow may be any number.
    """

    solver: highspy.Highs
    people: int

    @classmethod
    def on(cls, rows: Rows, upper: Vector, people: int) -> WitnessProgram:
        """The program of these bounds."""
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, setting in _OPTIONS.items():
            solver.setOptionValue(name, setting)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(upper), len(rows.least)
        program.col_cost_ = program.col_lower_ = np.zeros(len(upper))
        program.col_upper_ = upper
        program.row_lower_, program.row_upper_ = rows.least, rows.most
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = rows.coefficients.indptr.astype(np.int32)
        program.a_matrix_.index_ = rows.coefficients.indices.astype(np.int32)
        program.a_matrix_.value_ = rows.coefficients.data.astype(np.float64)
        solver.passModel(program)
        return cls(solver, people)

    def is_possible(self) -> bool:
        """Whether anybody could have answered so, were people divisible."""
        self._ask(np.zeros(self.solver.getNumCol()))
        return self._is_optimal()

    def is_impossible(self) -> bool:
        """Whether it is proven that nobody could have answered so, not even were people divisible."""
        self._ask(np.zeros(self.solver.getNumCol()))
        return bool(self.solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible)

    def least(self, coefficients: Vector, *, enough: float | None = None) -> Answer:
        """
        The least that a sum of people can be.

        Args:
            coefficients: Of the unknowns that are people.
            enough: Where a whole solution at or under it is all that is asked for; None for a first look,
            that
                takes no trouble to make a solution whole.
        """
        costs = np.zeros(self.solver.getNumCol())
        costs[: self.people] = coefficients
        self._ask(costs)
        if not self._is_optimal():
            return Answer(-np.inf, None)
        bound = float(self.solver.getInfo().objective_function_value)
        people = self._found()
        if people is None and enough is not None and bound <= enough + _WHOLE:
            people = self._nudged(costs, enough)
            if people is None and self.people <= LIMITS.branched:
                self._ask(costs)
                people = self._whole()
        return Answer(bound, people)

    def most_of(self, unknown: int) -> Vector | None:
        """The unknowns that are not people, where one of them is as much as it can be; None if not found."""
        costs = np.zeros(self.solver.getNumCol())
        costs[self.people + unknown] = -1
        self._ask(costs)
        return np.asarray(self.solver.getSolution().col_value)[self.people :] if self._is_optimal() else None

    @contextmanager
    def demanding(self, coefficients: npt.NDArray[np.int64], target: int, *, upward: bool) -> Iterator[None]:
        """For a while, let a sum be at most, or at least, a target."""
        places = np.flatnonzero(coefficients).astype(np.int32)
        least, most = (target, highspy.kHighsInf) if upward else (-highspy.kHighsInf, target)
        row = self.solver.getNumRow()
        self.solver.addRow(least, most, len(places), places, coefficients[places].astype(np.float64))
        try:
            yield
        finally:
            self.solver.deleteRows(1, np.array([row], np.int32))

    def _ask(self, costs: Vector) -> None:
        self.solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        self.solver.run()

    def _is_optimal(self) -> bool:
        return bool(self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _found(self) -> npt.NDArray[np.int64] | None:
        found = np.asarray(self.solver.getSolution().col_value)[: self.people]
        people = np.rint(found)
        return people.astype(np.int64) if np.abs(found - people).max(initial=0) < _WHOLE else None

    def _nudged(self, costs: Vector, enough: float) -> npt.NDArray[np.int64] | None:
        """A whole solution that is far enough, where a preference without meaning leads to one."""
        for nudge in self._nudges():
            self._ask(costs + nudge)
            people = self._found() if self._is_optimal() else None
            if people is not None and costs[: self.people] @ people <= enough + _WHOLE:
                return people
        return None

    def _nudges(self) -> Iterator[Vector]:
        """Small costs, the same every time: fractions of square roots, as good as any."""
        places = np.arange(1, self.solver.getNumCol() + 1)
        for root in _ROOTS:
            yield np.asarray(_NUDGE * ((places * root) % 1.0), np.float64)

    def _whole(self) -> npt.NDArray[np.int64] | None:
        """The same question in whole numbers; the linear program is put back afterwards."""
        places = np.arange(self.people, dtype=np.int32)
        basis = self.solver.getBasis()
        kinds = np.full(self.people, highspy.HighsVarType.kInteger)
        self.solver.changeColsIntegrality(self.people, places, kinds)
        self.solver.run()
        people = self._found() if self.solver.getInfo().primal_solution_status == _FEASIBLE else None
        self.solver.changeColsIntegrality(
            self.people, places, np.full(self.people, highspy.HighsVarType.kContinuous)
        )
        self.solver.setBasis(basis)
        return people


_FEASIBLE: Final = 2
"""HiGHS' word for a solution that keeps all bounds."""
