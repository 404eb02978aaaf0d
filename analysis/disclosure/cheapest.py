"""
The cheapest forms of tables that are not sensitive, broken down.

States a block's rows as a problem of choosing forms (analysis/disclosure/problem.py) and reads the choice.
What the attack on a choice finds is protected, or made coarser, in the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from analysis.disclosure.classes import Crowd
from analysis.disclosure.forms import band_of, bands, hidden, wide_bands
from analysis.disclosure.optimisation import CannotProtectError, NotProvenError, optimise
from analysis.disclosure.problem import ChoiceCell, FormProblem, Known, Protected, Terms
from analysis.disclosure.roster import Demand, Matrix, Roster
from analysis.disclosure.scene import Shown
from analysis.tables import BrokenDownTable, Interval
from policy import LIMITS, Policy

Rows = tuple[Shown, ...]
"""What is shown of the rows of one table."""

_STEPS: Final = (1.0, 2.0, 4.0)
"""What it costs to show a band for a number, a wide band for a band, and nothing for a wide band."""
_OF_A_WHOLE: Final = 2.0
"""How much more a cell of a unit that has parts is worth."""


class CheapestForms:
    """A block's tables, and what the attacks on earlier choices have asked for."""

    def __init__(self, roster: Roster, tables: Sequence[BrokenDownTable], policy: Policy) -> None:
        """Begin with what is known to be needed: small counts, and classes that answered alike."""
        self._roster, self._tables, self._policy = roster, tables, policy
        self._asked: dict[bytes, Protected] = {}
        self._finest: dict[tuple[str, int, int], int] = {}
        places = {(group.by, group.id): place for place, group in enumerate(roster.classes.groups)}
        self._rows = [
            (table, row, places[group.by, group.id])
            for table in tables
            for row, group in enumerate(table.groups)
        ]
        self._class_of = _classes(roster)
        for demand in roster.demands(_nothing_shown(tables, places)):
            if not (demand.is_class and self._count(demand) < demand.crowd.size):
                self._protect(demand)

    def attempts(self) -> Iterator[dict[str, Rows]]:
        """Choices, each with what was asked for since the last; it ends where none protects."""
        for _ in range(LIMITS.attempts):
            cells = list(self._cells())
            problem = FormProblem(
                unknowns=len(self._upper),
                upper=self._upper,
                frame=tuple(self._frame()),
                cells=tuple(cells),
                protections=tuple(self._asked.values()),
            )
            try:
                forms = optimise(problem, node_limit=LIMITS.choice_nodes)
            except (CannotProtectError, NotProvenError):
                return
            chosen = (cell.levels[level] for cell, level in zip(cells, forms.levels, strict=True))
            yield self._read([Interval(int(lo), int(hi)) for lo, hi in chosen])

    def refuse(self, told: Sequence[Demand]) -> None:
        """Ask for what an attack found to be told; where that was asked for, show less around it."""
        asked = [self._ask(demand, Interval(demand.down, max(demand.up, demand.down))) for demand in told]
        if not any(asked):
            for demand in told:
                self._coarsen(demand)

    def _protect(self, demand: Demand) -> None:
        """Ask for what is known to be needed of a number: that a small one may be none, or a few."""
        count = self._count(demand)
        if demand.is_class:
            self._ask(demand, Interval(demand.down, demand.down))
        elif demand.plain_to < count < demand.plain_from:
            self._ask(demand, Interval(demand.down, demand.up))

    def _ask(self, demand: Demand, need: Interval) -> bool:
        """Whether this asks for something new."""
        sign = demand.coefficients.tobytes() + str(need).encode()
        is_new = sign not in self._asked
        self._asked.setdefault(sign, Protected(_terms(demand.coefficients), need))
        return is_new

    def _coarsen(self, demand: Demand) -> None:
        """One level coarser for the same cell of every row, and for all of its own row."""
        measured, place, of_cell = demand.name
        for table, row, at in self._rows:
            if table.rows[row].measure.id == measured:
                for cell in range(len(table.rows[row].cells)):
                    if cell == of_cell or at == place:
                        key = (table.planned.id, row, cell)
                        self._finest[key] = self._finest.get(key, 0) + 1

    def _count(self, demand: Demand) -> int:
        table = next(table for table in self._tables if table.rows[0].measure.id == demand.name[0])
        members = demand.crowd.marks[self._class_of]
        return int(np.count_nonzero(table.chosen[members, demand.name[2]]))

    def _cells(self) -> Iterator[ChoiceCell]:
        for table, row, place in self._rows:
            counted, crowd = table.rows[row], self._roster.classes.crowd(place)
            has_parts = any(group.parent == table.groups[row].id for group in table.groups)
            for cell, count in enumerate(counted.cells):
                outcomes = self._roster.outcomes.cells[counted.measure.id][cell]
                finest = max(self._finest.get((table.planned.id, row, cell), 0), self._coarsest_of_all)
                before = self._roster.before(counted.measure.id, cell, crowd.size)
                levels, costs = _levels(count, before, crowd, self._policy.threshold, finest)
                weights = tuple(cost * (_OF_A_WHOLE if has_parts else 1.0) for cost in costs)
                yield ChoiceCell(_terms(self._roster.spread(crowd, outcomes)), count, levels, weights)

    @property
    def _upper(self) -> np.ndarray:
        sizes = np.repeat(self._roster.classes.sizes, self._roster.outcomes.number)
        mixed = 0 if self._roster.ties.totals is None else len(self._roster.ties.totals)
        return np.concatenate([sizes, np.ones(mixed)]).astype(np.float64)

    def _frame(self) -> Iterator[Known]:
        for rows, least, most in self._roster.rows({}):
            for row in range(rows.shape[0]):
                start, end = rows.indptr[row : row + 2]
                terms = Terms(
                    tuple(map(int, rows.indices[start:end])), tuple(map(float, rows.data[start:end]))
                )
                yield Known(terms, float(least[row]), float(most[row]))

    @property
    def _coarsest_of_all(self) -> int:
        """
        The finest level of any cell: bands, where there are more unknowns than are branched on.

        Exact counts of several breakdowns hold people so tightly that no witness would be found.
        """
        return int(len(self._roster.classes.sizes) * self._roster.outcomes.number > LIMITS.branched)

    def _read(self, cells: Sequence[Interval]) -> dict[str, Rows]:
        rows: dict[str, Rows] = {}
        at = 0
        for table, row, _ in self._rows:
            counted = table.rows[row]
            shown = Shown(Interval(counted.base, counted.base), tuple(cells[at : at + len(counted.cells)]))
            rows[table.planned.id] = (*rows.get(table.planned.id, ()), shown)
            at += len(counted.cells)
        return rows


def _levels(
    count: int, before: Interval, crowd: Crowd, threshold: int, finest: int
) -> tuple[tuple[Interval, ...], tuple[float, ...]]:
    """What may be said of a count, from its finest form, and what each step coarser costs."""
    ladder = [
        Interval(count, count),
        band_of(count, bands(crowd.size, threshold)),
        band_of(count, wide_bands(crowd.size, threshold)),
        hidden(crowd.size),
    ]
    is_plain = threshold <= count <= crowd.size - threshold
    first = min(max(finest, 0 if is_plain else 1), len(ladder) - 1)
    # A low or a high band whose end the organisation's own table excludes could never be whole.
    while first < len(ladder) - 1 and _is_broken(ladder[first], before, crowd.size):
        first += 1
    levels, costs = [ladder[first]], []
    for step in range(first, len(ladder) - 1):
        if ladder[step + 1] == levels[-1]:
            continue
        levels.append(ladder[step + 1])
        costs.append(_STEPS[step])
    return tuple(levels), tuple(costs)


def _is_broken(band: Interval, before: Interval, size: int) -> bool:
    return not band.is_exact and ((band.lo == 0 and before.lo > 0) or (band.hi == size and before.hi < size))


def _classes(roster: Roster) -> np.ndarray:
    """The class of each response."""
    members = np.vstack([group.members for group in roster.classes.groups])
    patterns = {
        column.tobytes(): place for place, column in enumerate(np.ascontiguousarray(roster.classes.marks.T))
    }
    return np.array([patterns[column.tobytes()] for column in np.ascontiguousarray(members.T)])


def _nothing_shown(
    tables: Sequence[BrokenDownTable], places: Mapping[tuple[str, str], int]
) -> dict[str, dict[int, Shown]]:
    """Every row hidden: everything in it is then asked to stay open."""
    shown: dict[str, dict[int, Shown]] = {}
    for table in tables:
        for group, row in zip(table.groups, table.rows, strict=True):
            unseen = Shown(Interval(row.base, row.base), (hidden(row.base),) * len(row.cells))
            shown.setdefault(row.measure.id, {})[places[group.by, group.id]] = unseen
    return shown


def _terms(coefficients: Matrix) -> Terms:
    places = np.flatnonzero(coefficients)
    factors = coefficients[places]
    return Terms(tuple(map(int, places)), () if (factors == 1).all() else tuple(map(float, factors)))
