"""
What else a sensitive breakdown could have come out as: a refusal may tell nothing.

Such a breakdown is shown whole in narrow bands, or not at all, and which of the two can depend on the counts:
low bands of two groups never add up to a row of 5 to 9. Whoever sees that the breakdown is missing, and can
compute, then knows that each group has one at least. So every way in which its bands could have come out is
looked at, given only what is published. Source: docs/decisions/0158.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.disclosure.cheapest import Rows
from analysis.disclosure.forms import hidden
from analysis.disclosure.proposals import remainders_of
from analysis.disclosure.roster import Witnesses
from analysis.disclosure.rows import Bands, RowRules, can_sum, summed, with_a_remainder
from analysis.disclosure.scene import Shown
from analysis.tables import BrokenDownTable, Form, Interval
from policy import LIMITS

if TYPE_CHECKING:
    from analysis.disclosure.program import Vector
    from analysis.disclosure.roster import Demand, Published, Roster


class Row(NamedTuple):
    """
    One way in which a row can have come out.

    Attributes:
        cells: As it would be shown, or the bands of its counts.
        is_shown: Whether it could be.
        bounds: What its cells can be by its own sum, and by what is shown of the organisation.
    """

    cells: Bands
    is_shown: bool
    bounds: Bands


@dataclass(frozen=True)
class Alternatives:
    """
    A breakdown in every way in which it could have come out.

    Attributes:
        accepted: Those in which it would be shown.
        refused: The others, as the bands that its counts would lie in.
    """

    accepted: frozenset[Rows]
    refused: tuple[Rows, ...]

    @classmethod
    def of(
        cls, table: BrokenDownTable, roster: Roster, is_safe: Callable[[Rows], bool]
    ) -> Alternatives | None:
        """
        Ask of each whether it is safe; None where there are more than can be asked.

        Args:
            table: Whose counts are not looked at.
            roster: What is known before it is shown.
            is_safe: Whether so much may be shown.
        """
        if table.rows[0].measure.multiple:
            # Its cells do not add up to a base, and none of the alliance's is broken down.
            return None
        ways = list(islice(_ways(table, roster), LIMITS.alternatives + 1))
        if len(ways) > LIMITS.alternatives:
            return None
        accepted: list[Rows] = []
        refused: list[Rows] = []
        for way in ways:
            rows = tuple(
                Shown(Interval(g.base, g.base), row.cells) for g, row in zip(table.groups, way, strict=True)
            )
            shown = all(row.is_shown for row in way) and is_safe(rows)
            (accepted if shown else refused).append(rows)
        return cls(frozenset(accepted), tuple(refused))


def _ways(table: BrokenDownTable, roster: Roster) -> Iterator[tuple[Row, ...]]:
    """Every combination of rows that can add up to what is shown of the organisation."""
    measure = table.rows[0].measure.id
    whole = roster.ties.shown[measure].cells
    rows: list[list[Row]] = []
    for row in table.rows:
        rules = RowRules(row.base, roster.threshold, remainders_of(row), may_be_exact=False)
        within = [roster.before(measure, cell, row.base) for cell in range(len(row.cells))]
        rows.append(list(dict.fromkeys(_of_row(rules, within))))
    return _combined(_Tree.of(table, whole, roster.classes.everybody.size), rows, ())


def _of_row(rules: RowRules, within: Sequence[Interval]) -> Iterator[Row]:
    possible = [
        [band for band in rules.narrow if band.lo <= lo_hi.hi and lo_hi.lo <= band.hi] for lo_hi in within
    ]
    for narrow in product(*possible):
        candidate = with_a_remainder(rules, narrow)
        is_shown = candidate.form is not Form.HIDDEN
        cells = candidate.cells if is_shown else narrow
        own = zip(summed(cells, rules.base), within, strict=True)
        bounds = tuple(Interval(max(one.lo, other.lo), min(one.hi, other.hi)) for one, other in own)
        if can_sum(narrow, rules.base) and all(lo <= hi for lo, hi in bounds):
            yield Row(cells, is_shown, bounds)


class _Tree(NamedTuple):
    """
    Which rows are parts of which: of the organisation, of which none stands before, or of a unit before them.

    Attributes:
        parents: For each row the place of what it is a part of, -1 for the organisation.
        sizes: People of each row; those of the organisation come last.
        whole: What is shown of the organisation.
    """

    parents: tuple[int, ...]
    sizes: tuple[int, ...]
    whole: Bands

    @classmethod
    def of(cls, table: BrokenDownTable, whole: Bands, everybody: int) -> _Tree:
        places = {group.id: place for place, group in enumerate(table.groups)}
        parents = tuple(
            -1 if group.parent is None else places.get(group.parent, -1) for group in table.groups
        )
        return cls(parents, (*(group.base for group in table.groups), everybody), whole)

    def can_be(self, rows: Sequence[Row]) -> bool:
        """Whether the parts so far fit into what they are parts of, and fill it where they are all there."""
        return all(self._fits(parent, rows) for parent in {*self.parents})

    def _fits(self, parent: int, rows: Sequence[Row]) -> bool:
        if parent >= len(rows):
            return True
        parts = [place for place, above in enumerate(self.parents) if above == parent]
        there = [rows[place].bounds for place in parts if place < len(rows)]
        outer = self.whole if parent < 0 else rows[parent].bounds
        # Whoever stands in no part, and everybody of the parts to come, may be in any cell.
        rest = self.sizes[parent] - sum(self.sizes[place] for place in parts if place < len(rows))
        return all(
            sum(part[cell].lo for part in there) <= hi and sum(part[cell].hi for part in there) + rest >= lo
            for cell, (lo, hi) in enumerate(outer)
        )


def _combined(
    tree: _Tree, rows: Sequence[Sequence[Row]], so_far: tuple[Row, ...]
) -> Iterator[tuple[Row, ...]]:
    if len(so_far) == len(rows):
        yield so_far
        return
    for row in rows[len(so_far)]:
        more = (*so_far, row)
        if tree.can_be(more):
            yield from _combined(tree, rows, more)


def tells_nothing(
    roster: Roster, published: Published, table: BrokenDownTable, refused: Sequence[Rows]
) -> bool:
    """
    Whether everything stays open for somebody who knows that one of these ways came out, and not which.

    Args:
        roster: What is known before.
        published: What is shown beside it.
        table: The breakdown that is missing.
        refused: The ways in which it is.
    """
    nothing = tuple(
        Shown(Interval(g.base, g.base), (hidden(g.base),) * len(row.cells))
        for g, row in zip(table.groups, table.rows, strict=True)
    )
    demands = list(roster.demands(beside(roster, published, table, nothing)))
    before, found = _Union.of(len(demands)), _Union.of(len(demands))
    before.look(Witnesses(roster.program(published), demands), demands)
    for rows in refused:
        program = roster.program(beside(roster, published, table, rows))
        if program.is_possible():
            found.look(Witnesses(program, demands), demands)
    return found.is_empty or all(
        found.is_open(place, demand) or not before.is_open(place, demand)
        for place, demand in enumerate(demands)
    )


def beside(roster: Roster, published: Published, table: BrokenDownTable, rows: Rows) -> Published:
    """What is published, and these rows of a table."""
    places = {(group.by, group.id): place for place, group in enumerate(roster.classes.groups)}
    measure = table.rows[0].measure.id
    more = {places[group.by, group.id]: row for group, row in zip(table.groups, rows, strict=True)}
    return {**published, measure: {**published.get(measure, {}), **more}}


@dataclass
class _Union:
    """
    How far each number goes in some of several sets of people, and where none of them lets it go.

    Attributes:
        lowest: The least that was found.
        highest: The greatest.
        least: No set has less.
        most: No set has more.
        is_empty: Whether nobody could have answered in any of these ways.
    """

    lowest: Vector
    highest: Vector
    least: Vector
    most: Vector
    is_empty: bool = True

    @classmethod
    def of(cls, numbers: int) -> _Union:
        far = np.full(numbers, np.inf)
        return cls(far, -far, far.copy(), -far)

    def look(self, witnesses: Witnesses, demands: Sequence[Demand]) -> None:
        """Take in what can be in one of the ways."""
        self.is_empty = False
        for place, demand in enumerate(demands):
            if self.lowest[place] > demand.down:
                bound = witnesses.look(demand.coefficients, upward=False, enough=demand.down)
                self.least[place] = min(self.least[place], bound)
            if self.highest[place] < demand.up:
                bound = witnesses.look(demand.coefficients, upward=True, enough=demand.up)
                self.most[place] = max(self.most[place], bound)
            self.lowest = np.minimum(self.lowest, witnesses.lowest)
            self.highest = np.maximum(self.highest, witnesses.highest)

    def is_open(self, place: int, demand: Demand) -> bool:
        """Whether it can be none and a few, or is beyond what is protected in every way."""
        if self.lowest[place] <= demand.down and self.highest[place] >= demand.up:
            return True
        return demand.is_plain(self.least[place], self.most[place])
