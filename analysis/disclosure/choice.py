"""
The cheapest levels that satisfy every cut found so far: the other half of the search, beside the attacks.

Cuts tie cells together; cells that no cut ties have nothing to do with one another and are chosen by
themselves, by trying all where they are few and by HiGHS's branch and bound where they are many. What the
choice costs is a lower bound of every protected choice, since cuts only ever say what protection takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import highspy
import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from analysis.disclosure.arrays import Arrays, Cut, Indices, Levels, Mask, grouped, is_one
from analysis.disclosure.program import NotProvenError, Vector, new_solver

FEW: Final = 4096
"""Choices that are tried one by one rather than searched."""
_SATISFIED: Final = 1e-6
_BRANCHING: Final = {
    "simplex_strategy": 1,
    "simplex_iteration_limit": 2**31 - 1,
    "mip_rel_gap": 0.0,
    "mip_feasibility_tolerance": 1e-9,
}


class Chosen(NamedTuple):
    """
    A choice.

    Attributes:
        levels: Of each cell; None where the limit was reached before any was found.
        bound: No choice that satisfies the cuts costs less.
        is_proven: Whether this one costs no more than the bound.
        nodes: Branches looked at.
    """

    levels: Levels | None
    bound: float
    is_proven: bool
    nodes: int


@dataclass(frozen=True, slots=True)
class _Part:
    """Cells that cuts tie together: their numbers, and the cuts as rows over their steps."""

    cells: Indices
    cuts: sparse.csr_matrix
    ties: sparse.csr_matrix


class Choice:
    """The cuts, and the cheapest levels under them."""

    def __init__(self, arrays: Arrays) -> None:
        """Start without a cut: then everything is shown at its finest."""
        self._arrays = arrays
        self._width = arrays.lows.shape[1] - 1
        self._cuts: list[Cut] = []
        self._known: set[bytes] = set()
        self._remembered: dict[tuple[int, ...], Chosen] = {}
        self._relaxed: _Relaxed | None = None
        self._matrix = self._ties = sparse.csr_matrix((0, arrays.weights.size))

    def tie(self) -> None:
        """
        Let no cell be shown coarsely for nothing.

        Where all other cells of an equation are exact, a cell follows from them, and showing it exactly tells
        nothing new: so the cheapest choice can be one in which no coarse cell stands alone in an equation.
        Bridge-less inequalities of Fischetti and Salazar-González; they make the bound far better, and tie
        cells together that cuts do not.
        """
        self._ties = _ties(self._arrays)

    @property
    def cuts(self) -> int:
        """How many there are."""
        return len(self._cuts)

    def add(self, cuts: Iterable[Cut]) -> int:
        """Take in cuts; says how many of them are new."""
        before = len(self._cuts)
        for cut in cuts:
            sign = cut.steps.tobytes() + np.round(cut.factors, 9).tobytes()
            if sign not in self._known:
                self._known.add(sign)
                self._cuts.append(cut)
        if len(self._cuts) > before:
            added = _rows(self._cuts[before:], self._arrays.weights.size)
            self._matrix = sparse.vstack([self._matrix, added], format="csr")
        return len(self._cuts) - before

    def is_cut_off(self, levels: Levels) -> bool:
        """Whether it is known already that these levels do not protect."""
        taken = self._arrays.steps(levels).ravel()
        return bool((np.asarray(self._matrix @ taken) < 1 - _SATISFIED).any())

    def relaxed(self) -> tuple[Vector, float]:
        """The cheapest steps, taken in part where that is cheaper; and what they cost: a lower bound."""
        if self._relaxed is None:
            self._relaxed = _Relaxed(self._arrays, self._ties)
        return self._relaxed.solved(self._cuts)

    def best(self, node_limit: int, start: Levels | None) -> Chosen:
        """
        The cheapest whole steps.

        Args:
            node_limit: Branches that may be looked at.
            start: Levels that satisfy the cuts, to begin from.

        Raises:
            NotProvenError: If the cuts leave nothing, or the solver fails.
        """
        levels = np.zeros(len(self._arrays.depth), np.int64)
        bound, proven, nodes, remembered = 0.0, True, 0, {}
        found_all = True
        for key, part in self._parts():
            chosen = self._remembered.get(key)
            if chosen is None:
                chosen = self._chosen(part, node_limit - nodes, start)
                nodes += chosen.nodes
            if chosen.is_proven:
                remembered[key] = chosen
            if chosen.levels is None:
                found_all = False
            else:
                levels[part.cells] = chosen.levels
            bound, proven = bound + chosen.bound, proven and chosen.is_proven
        self._remembered = remembered
        return Chosen(levels if found_all else None, bound, proven, nodes)

    def _parts(self) -> Iterator[tuple[tuple[int, ...], _Part]]:
        """Cells that cuts tie together, directly or through others, and the numbers of those cuts."""
        cuts, ties = self._matrix.shape[0], self._ties.shape[0]
        rows, cells = cuts + ties, len(self._arrays.depth)
        spread = sparse.vstack([self._matrix, self._ties]).tocoo()
        touched = sparse.csr_matrix(
            (np.ones(spread.nnz), (spread.row, rows + spread.col // self._width)), shape=(rows + cells,) * 2
        )
        _, label = csgraph.connected_components(touched, directed=False)
        members = grouped(label, int(label.max(initial=-1)) + 1)
        for part in np.unique(label[:cuts]):
            of_cuts, of_ties, of_cells = np.split(members[part], np.searchsorted(members[part], [cuts, rows]))
            columns = ((of_cells - rows)[:, None] * self._width + np.arange(self._width)).ravel()
            yield (
                tuple(map(int, of_cuts)),
                _Part(
                    of_cells - rows, self._matrix[of_cuts][:, columns], self._ties[of_ties - cuts][:, columns]
                ),
            )

    def _chosen(self, part: _Part, node_limit: int, start: Levels | None) -> Chosen:
        depth = tuple(int(levels) for levels in self._arrays.depth[part.cells])
        if float(np.log(depth).sum()) <= np.log(FEW):
            return self._tried(part, depth)
        return self._searched(part, max(node_limit, 1), None if start is None else start[part.cells])

    def _tried(self, part: _Part, depth: tuple[int, ...]) -> Chosen:
        levels, steps = _all_choices(depth, self._width)
        fits = (part.cuts @ steps.T >= 1 - _SATISFIED).all(axis=0)
        if not fits.any():
            raise NotProvenError("choice: no levels satisfy all cuts")
        costs = np.where(fits, steps @ self._arrays.weights[part.cells].ravel(), np.inf)
        cheapest = int(costs.argmin())
        return Chosen(levels[cheapest], float(costs[cheapest]), is_proven=True, nodes=0)

    def _searched(self, part: _Part, node_limit: int, start: Levels | None) -> Chosen:
        weights, is_step = self._arrays.weights[part.cells], self._arrays.is_step[part.cells]
        solver = new_solver(**_BRANCHING, mip_max_nodes=node_limit, mip_abs_gap=_gap(weights))
        _state(solver, weights, is_step)
        columns = weights.size
        solver.changeColsIntegrality(
            columns,
            np.arange(columns, dtype=np.int32),
            np.full(columns, highspy.HighsVarType.kInteger.value, np.uint8),
        )
        _add(solver, part.cuts)
        _add(solver, part.ties, least=0.0)
        if start is not None:
            taken = (np.arange(1, self._width + 1) <= start[:, None]).astype(np.float64).ravel()
            solver.setSolution(columns, np.arange(columns, dtype=np.int32), taken)
        return _outcome(solver, weights)


class _Relaxed:
    """The choice with steps taken in part: one linear program that cuts are added to."""

    def __init__(self, arrays: Arrays, ties: sparse.csr_matrix) -> None:
        self._shape = arrays.weights.shape
        self._taken_in = 0
        self._solver = new_solver(simplex_strategy=1, simplex_iteration_limit=2**31 - 1)
        _state(self._solver, arrays.weights, arrays.is_step)
        _add(self._solver, ties, least=0.0)

    def solved(self, cuts: Sequence[Cut]) -> tuple[Vector, float]:
        if len(cuts) > self._taken_in:
            _add(self._solver, _rows(cuts[self._taken_in :], self._shape[0] * self._shape[1]))
            self._taken_in = len(cuts)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise NotProvenError(f"choice: {self._solver.modelStatusToString(status)}")
        steps = np.clip(np.asarray(self._solver.getSolution().col_value), 0, 1)
        return steps.reshape(self._shape), float(self._solver.getInfo().objective_function_value)


def _outcome(solver: highspy.Highs, weights: Vector) -> Chosen:
    """What the branching came to; a limit is no failure, anything else but an optimum is."""
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    is_optimal = status == highspy.HighsModelStatus.kOptimal
    if not is_optimal and status != highspy.HighsModelStatus.kSolutionLimit:
        raise NotProvenError(f"choice: {solver.modelStatusToString(status)}")
    nodes, bound = max(int(info.mip_node_count), 0), max(float(info.mip_dual_bound), 0.0)
    levels = None
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        steps = np.asarray(solver.getSolution().col_value).reshape(weights.shape)
        levels = (steps > 1 / 2).sum(axis=1)
    return Chosen(levels, bound, is_optimal and levels is not None, nodes)


def _state(solver: highspy.Highs, weights: Vector, is_step: Mask) -> None:
    """Columns for the steps, none where there is no step, and each only after the one before it."""
    nothing, none = np.zeros(0), np.zeros(0, np.int32)
    columns, width = weights.size, weights.shape[1]
    starts = np.zeros(columns, np.int32)
    solver.addCols(
        columns, weights.ravel(), np.zeros(columns), is_step.ravel().astype(float), 0, starts, none, nothing
    )
    later = np.flatnonzero(is_step.ravel() & (np.arange(columns) % width > 0))
    ones = np.ones(len(later))
    order = sparse.csr_matrix(
        (
            np.concatenate([ones, -ones]),
            (np.tile(np.arange(len(later)), 2), np.concatenate([later - 1, later])),
        ),
        shape=(len(later), columns),
    )
    _add(solver, order, least=0.0)


def _add(solver: highspy.Highs, rows: sparse.csr_matrix, *, least: float = 1.0) -> None:
    number = rows.shape[0]
    endless = np.full(number, highspy.kHighsInf)
    starts, columns = rows.indptr[:-1].astype(np.int32), rows.indices.astype(np.int32)
    solver.addRows(number, np.full(number, least), endless, rows.nnz, starts, columns, rows.data)


def _rows(cuts: Sequence[Cut], columns: int) -> sparse.csr_matrix:
    starts = np.cumsum([0, *(len(cut.steps) for cut in cuts)])
    places = np.concatenate([cut.steps for cut in cuts]) if cuts else np.zeros(0, np.int32)
    factors = np.concatenate([cut.factors for cut in cuts]) if cuts else np.zeros(0)
    return sparse.csr_matrix((factors, places, starts), shape=(len(cuts), columns))


def _ties(arrays: Arrays) -> sparse.csr_matrix:
    """For each cell of each equation: its first step only with that of another cell of the equation."""
    width = arrays.weights.shape[1]
    first: dict[int, int] = {}
    for number, cell in enumerate(arrays.problem.cells):
        if is_one(cell.terms):
            first.setdefault(cell.terms.unknowns[0], number)
    rows = []
    for known in arrays.problem.frame:
        cells = [first.get(unknown, -1) for unknown in known.terms.unknowns]
        if known.least < known.most or -1 in cells or (arrays.lows[cells, 0] < arrays.highs[cells, 0]).any():
            continue
        chosen = [cell for cell in cells if arrays.depth[cell] > 1]
        rows += [
            Cut(np.array(chosen) * width, np.where(np.array(chosen) == one, -1.0, 1.0)) for one in chosen
        ]
    return _rows(rows, arrays.weights.size)


def _gap(weights: Vector) -> float:
    """Where all weights are whole, a bound within less than 1 of a cost is that cost."""
    return 0.99 if (weights == np.round(weights)).all() else 1e-6


@lru_cache(maxsize=64)
def _all_choices(depth: tuple[int, ...], width: int) -> tuple[Levels, Vector]:
    """Every combination of levels, finest first, and the steps that each takes."""
    levels = np.indices(depth).reshape(len(depth), -1).T
    steps = (np.arange(1, width + 1) <= levels[:, :, None]).astype(np.float64)
    return levels, steps.reshape(len(levels), -1)
