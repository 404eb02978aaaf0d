"""
The intruder against a choice of forms: what a protected sum can be, and what its protection would take.

A linear program over the unknowns, with the shown intervals as bounds. If an attack succeeds, the multipliers
that prove it (weak duality) say which cells would have to be shown more coarsely: a Benders cut of Fischetti
and Salazar-González (2001), Management Science 47(7). The cut is computed from the multipliers alone, in our
own arithmetic, and holds for whatever multipliers the solver gives, also slightly wrong ones; and nothing is
called safe but by a solution that was checked here, never by the solver's word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

import highspy
import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from analysis.disclosure.arrays import Arrays, Cut, Indices, Mask, grouped, is_one
from analysis.disclosure.program import NotProvenError, Vector, new_solver

_NOTHING: Final = 1e-9
_KEPT: Final = 64
"""Witnesses that are remembered; older ones seldom hold any more."""
_UNCOUNTED: Final = 100.0
_LONG: Final = 32
"""Sums over more unknowns than this are taken for links between parts of the problem."""


class Multipliers(NamedTuple):
    """What a solution's proof gives each row, and each unknown's bounds."""

    rows: Vector
    unknowns: Vector


@dataclass(frozen=True, slots=True)
class _Solved:
    value: float
    unknowns: Vector
    multipliers: Multipliers


@dataclass(frozen=True, slots=True)
class _Witness:
    unknowns: Vector
    cells: Vector
    meets: Mask


class AttackProgram:
    """All attacks of a problem, against one choice of forms after the other."""

    def __init__(self, arrays: Arrays, parts: AttackProgram | None = None, *, linked: bool = True) -> None:
        """
        State the program.

        Args:
            arrays: The problem.
            parts: The same program not linked: attacks in different parts of it are seldom in one another's
                way, so that one solution is tried for many of them.
            linked: With all sums; else without those that link its parts: fewer attacks succeed, in far less
                time, and their cuts hold for the whole problem too.
        """
        self._arrays = arrays
        row_cells, column_cells = _placed(arrays)
        frame = np.arange(len(arrays.least))
        if not linked:
            frame = frame[np.diff(arrays.frame.indptr) <= _LONG]
            row_cells = row_cells[np.diff(arrays.cells.indptr)[row_cells] <= _LONG]
        self._frame, self._row_cells = frame, row_cells
        self._columns = np.flatnonzero(column_cells >= 0).astype(np.int32)
        self._column_cells = column_cells[self._columns]
        self._matrix = sparse.vstack([arrays.frame[frame], arrays.cells[row_cells]], format="csr")
        self._turned = self._matrix.T.tocsr()
        self._find_parts()
        self._lower, self._upper = np.zeros(arrays.problem.unknowns), arrays.upper.copy()
        self._least = np.concatenate([arrays.least[frame], np.zeros(len(row_cells))])
        self._most = np.concatenate([arrays.most[frame], np.zeros(len(row_cells))])
        self._tried_together = parts.homes if parts else self.homes
        self._witnesses: list[_Witness] = []
        self._solver = self._stated()

    @property
    def parts(self) -> int:
        """How many parts of the problem have nothing to do with one another here."""
        return int(self._part.max(initial=-1)) + 1

    @property
    def most_choices(self) -> float:
        """Over how many combinations of levels the largest part has."""
        choices = np.zeros(self.parts)
        shown = np.concatenate([self._column_cells, self._row_cells])
        rows = self._matrix.indices[self._matrix.indptr[len(self._frame) : -1]]
        np.add.at(
            choices, self._part[np.concatenate([self._columns, rows])], np.log(self._arrays.depth[shown])
        )
        return float(np.exp(min(choices.max(initial=0), _UNCOUNTED)))

    def face(self, steps: Vector) -> None:
        """Attack this choice from now on; shape (cells, steps), each from 0 to 1."""
        arrays = self._arrays
        lows, highs = arrays.bounds(steps)
        self._lower[self._columns] = lows[self._column_cells]
        self._upper[self._columns] = highs[self._column_cells]
        of_cells = slice(len(self._frame), None)
        self._least[of_cells], self._most[of_cells] = lows[self._row_cells], highs[self._row_cells]
        self._solver.changeColsBounds(
            len(self._columns), self._columns, self._lower[self._columns], self._upper[self._columns]
        )
        rows = np.arange(len(self._least), dtype=np.int32)
        self._solver.changeRowsBounds(  # type: ignore[attr-defined]  # Missing in its stubs alone.
            len(rows), rows, self._least, self._most
        )
        # Only what is attacked here must hold for a witness: cells that link parts may be left out.
        self._shown = np.concatenate([self._column_cells, self._row_cells])
        self._ends = lows[self._shown] - arrays.tolerance, highs[self._shown] + arrays.tolerance
        self._witnesses = [witness for witness in self._witnesses if self._holds(witness.cells)]
        self._met = np.zeros(len(arrays.marks), np.bool_)
        for witness in self._witnesses:
            self._met |= witness.meets

    def cuts(self, *, at_most: int | None = None) -> Iterator[Cut]:
        """
        What it would take to stop each attack that succeeds; nothing if none does.

        Raises:
            NotProvenError: If an attack was not solved: then nothing is known.
        """
        yield from islice(self._all_cuts(), at_most)

    def is_safe(self) -> bool:
        """Whether every attack fails against this choice."""
        return next(self._all_cuts(), None) is None

    def check_possible(self) -> None:
        """
        Find one set of unknowns that agrees with what is shown.

        Raises:
            NotProvenError: If there is none: then nothing follows from what is shown, or everything.
        """
        self._solve(np.zeros(self._arrays.problem.unknowns))

    def won(self) -> list[int]:
        """The protections that are not kept."""
        protections = len(self._arrays.problem.protections)
        attacks = [attack for attack in range(len(self._arrays.marks)) if not self._is_met(attack)]
        pairs = [number for number, width in self._arrays.spreads if self._pair(number, width) is not None]
        return sorted({attack % protections for attack in attacks} | set(pairs))

    def range_of(self, protection: int) -> tuple[float, float]:
        """The least and the greatest that a protected sum can be."""
        protections = len(self._arrays.problem.protections)
        return self._solve_attack(protections + protection).value, -self._solve_attack(protection).value

    def ranges(self) -> list[tuple[float, float]]:
        """The least and the greatest that each protected sum can be; parts do not disturb one another."""
        values = np.zeros(len(self._arrays.marks))
        for batch in _one_of_each(np.ones(len(values), np.bool_), self.homes):
            solved = self._solve(self._arrays.objective(batch))
            values[batch] = self._arrays.attacks[batch] @ solved.unknowns
        greatest, least = np.split(values, 2)
        return [(float(low), float(-high)) for low, high in zip(least, greatest, strict=True)]

    # The attacks, many at a time.

    def _all_cuts(self) -> Iterator[Cut]:
        self._meet_together()
        for batch in _one_of_each(~self._met, self.homes):
            yield from self._cuts_of(batch)
        for number, width in self._arrays.spreads:
            cut = self._pair(number, width)
            if cut is not None:
                yield cut

    def _meet_together(self) -> None:
        """Solutions that may meet many marks at once: all upward, all downward, and one of each part."""
        half = len(self._met) // 2
        up = np.arange(len(self._met)) < half
        for side in (up, ~up):
            self._meet(np.flatnonzero(side & ~self._met))
        for batch in _one_of_each(~self._met, self._tried_together):
            if len(batch) > 1:
                self._meet(batch[~self._met[batch]])

    def _meet(self, attacks: Indices) -> None:
        if len(attacks) > 1:
            self._solve(self._arrays.objective(attacks))

    def _cuts_of(self, batch: Indices) -> Iterator[Cut]:
        batch = batch[~self._met[batch]]
        if not len(batch):
            return
        solved = self._solve(self._arrays.objective(batch))
        for attack in batch:
            if not self._met[attack]:
                cut = self._cut(solved.multipliers, self._arrays.marks[attack], int(self.homes[attack]))
                if cut is None:
                    raise NotProvenError("attack: neither met nor proven; its numbers are too far apart")
                yield cut

    def _is_met(self, attack: int) -> bool:
        if not self._met[attack]:
            self._solve_attack(attack)
        return bool(self._met[attack])

    def _pair(self, number: int, width: float) -> Cut | None:
        """What it would take to give a protection its spread."""
        down, up = (self._solve_attack(number + side) for side in (len(self._met) // 2, 0))
        if down.value + up.value <= -width + self._arrays.tolerance:
            return None
        return self._spread_cut(down.multipliers, up.multipliers, width)

    # One program.

    def _solve_attack(self, attack: int) -> _Solved:
        return self._solve(self._arrays.objective(np.array([attack])))

    def _solve(self, costs: Vector) -> _Solved:
        solver = self._solver
        solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        solver.run()
        status = solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise NotProvenError(f"attack: {solver.modelStatusToString(status)}")
        solution = solver.getSolution()
        unknowns = np.asarray(solution.col_value)
        self._remember(unknowns)
        rows = np.asarray(solution.row_dual)
        rows[((rows > 0) & np.isinf(self._least)) | ((rows < 0) & np.isinf(self._most))] = 0.0
        rows[np.abs(rows) < _NOTHING] = 0.0
        multipliers = Multipliers(rows, costs - self._turned @ rows)
        return _Solved(float(costs @ unknowns), unknowns, multipliers)

    def _remember(self, unknowns: Vector) -> None:
        arrays = self._arrays
        cells = (arrays.cells @ unknowns)[self._shown]
        sums = self._matrix @ unknowns
        within = arrays.tolerance
        if not (
            self._holds(cells)
            and (unknowns >= -within).all()
            and (unknowns <= arrays.upper + within).all()
            and (sums >= self._least - within).all()
            and (sums <= self._most + within).all()
        ):
            raise NotProvenError("attack: the solver's solution does not keep the bounds")
        meets = np.asarray(arrays.attacks @ unknowns <= arrays.marks + within)
        self._witnesses = [*self._witnesses[1 - _KEPT :], _Witness(unknowns, cells, meets)]
        self._met |= meets

    def _holds(self, cells: Vector) -> bool:
        return bool((cells >= self._ends[0]).all() and (cells <= self._ends[1]).all())

    # From a proof to a cut.

    def _cut(self, multipliers: Multipliers, mark: float, part: int) -> Cut | None:
        """The cut of one attack: of its own part alone, where a solution served several."""
        if part >= 0 and self.parts > 1:
            rows, columns = self._rows_of[part], self._columns_of[part]
            kept = Multipliers(np.zeros_like(multipliers.rows), np.zeros_like(multipliers.unknowns))
            kept.rows[rows], kept.unknowns[columns] = multipliers.rows[rows], multipliers.unknowns[columns]
            multipliers = kept
        return self._scaled(*self._reach(multipliers), mark)

    def _spread_cut(self, down: Multipliers, up: Multipliers, width: float) -> Cut | None:
        (finest_down, gains_down), (finest_up, gains_up) = self._reach(down), self._reach(up)
        return self._scaled(finest_down + finest_up, gains_down + gains_up, -width)

    def _reach(self, multipliers: Multipliers) -> tuple[float, Vector]:
        """How low a proof lets the sum come with all at the finest, and how much lower each step lets it."""
        arrays = self._arrays
        of_cells = np.zeros(len(arrays.depth))
        of_cells[self._column_cells] = multipliers.unknowns[self._columns]
        of_cells[self._row_cells] = multipliers.rows[len(self._frame) :]
        free = multipliers.unknowns.copy()
        free[self._columns] = 0.0
        of_frame = multipliers.rows[: len(self._frame)]
        up, down = np.maximum(of_cells, 0), np.maximum(-of_cells, 0)
        finest = (
            up @ arrays.lows[:, 0]
            - down @ arrays.highs[:, 0]
            + _least_of(of_frame, arrays.least[self._frame], arrays.most[self._frame])
            - np.maximum(-free, 0) @ arrays.upper
        )
        return float(finest), up[:, None] * arrays.drops + down[:, None] * arrays.rises

    def _scaled(self, finest: float, gains: Vector, mark: float) -> Cut | None:
        """Right side 1, no more counted of a cell than the whole that is wanted."""
        missing = finest - mark
        if missing <= self._arrays.tolerance / 10:
            return None
        # The tolerance is given away here, so that what counts as met is never cut off.
        missing -= self._arrays.tolerance / 20
        reached = np.minimum(np.cumsum(gains, axis=1), missing)
        factors = np.diff(reached, axis=1, prepend=0.0) / missing
        steps = np.flatnonzero(factors > _NOTHING).astype(np.int32)
        return Cut(steps, factors.ravel()[steps])

    # The program's parts.

    def _stated(self) -> highspy.Highs:
        solver = new_solver()
        unknowns = self._arrays.problem.unknowns
        nothing = np.zeros(0)
        none = np.zeros(unknowns, np.int32)
        solver.addCols(unknowns, np.zeros(unknowns), self._lower, self._upper, 0, none, none[:0], nothing)
        matrix = self._matrix
        starts, columns = matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32)
        rows = len(self._least)
        solver.addRows(rows, self._least, self._most, matrix.nnz, starts, columns, matrix.data)
        return solver

    def _find_parts(self) -> None:
        """Connected parts of the program, and the part that each attack lies in; -1 if in several."""
        spread = self._matrix.tocoo()
        size = sum(self._matrix.shape)
        both = sparse.csr_array(
            (np.ones(spread.nnz), (spread.col, self._matrix.shape[1] + spread.row)), shape=(size, size)
        )
        _, part = csgraph.connected_components(both, directed=False)
        _, self._part = np.unique(part[: self._matrix.shape[1]], return_inverse=True)
        first = self._matrix.indices[np.minimum(self._matrix.indptr[:-1], max(self._matrix.nnz - 1, 0))]
        row_parts = self._part[first] if self._matrix.nnz else np.zeros(self._matrix.shape[0], np.int32)
        self._rows_of = grouped(row_parts, self.parts)
        self._columns_of = grouped(self._part, self.parts)
        attacks = self._arrays.attacks
        ends = zip(attacks.indptr, attacks.indptr[1:], strict=False)
        parts = self._part[attacks.indices]
        self.homes = np.array([_home(parts[start:end]) for start, end in ends], np.int64)


def _one_of_each(waiting: Mask, homes: Indices) -> Iterator[Indices]:
    """Attacks that wait, one of each part at a time, so that they do not disturb one another."""
    places = np.flatnonzero(waiting)
    for place in places[homes[places] < 0]:
        yield np.array([place])
    places = places[homes[places] >= 0]
    places = places[np.argsort(homes[places], kind="stable")]
    rank = np.arange(len(places)) - np.searchsorted(homes[places], homes[places])
    for turn in range(int(rank.max(initial=-1)) + 1):
        yield places[rank == turn]


def _placed(arrays: Arrays) -> tuple[Indices, Indices]:
    """Cells that need a row of their own, and for each unknown the cell that is its bounds, or -1."""
    column_cells = np.full(arrays.problem.unknowns, -1, np.int32)
    row_cells = []
    for number, cell in enumerate(arrays.problem.cells):
        if is_one(cell.terms) and column_cells[cell.terms.unknowns[0]] < 0:
            column_cells[cell.terms.unknowns[0]] = number
        else:
            row_cells.append(number)
    return np.array(row_cells, np.int32), column_cells


def _least_of(factors: Vector, least: Vector, most: Vector) -> float:
    """The least that a weighted sum of bounded numbers can be; an infinite bound has factor 0."""
    up, down = factors > 0, factors < 0
    return float(factors[up] @ least[up] + factors[down] @ most[down])


def _home(parts: Indices) -> int:
    return int(parts[0]) if len(parts) and (parts == parts[0]).all() else -1
