"""
In which ways a sensitive breakdown could have come out: a refusal may tell nothing.

Such a breakdown is shown whole in narrow bands, or not at all. Were it refused because of its counts, that
would tell: low bands of two groups never add up to a row of 5 to 9, so whoever saw that just these were left
out would know of one in each group at least. So it is asked of every way in which it could have come out,
given only what is published, whether it may be shown, and never of its counts.
Source: docs/decisions/0168.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from analysis.disclosure.cheapest import Rows
from analysis.disclosure.proposals import remainders_of
from analysis.disclosure.rows import Bands, RowRules, can_sum, row_form, summed, with_a_remainder
from analysis.disclosure.scene import Shown
from analysis.tables import BrokenDownTable, Form, FrequencyTable, Interval
from policy import LIMITS

if TYPE_CHECKING:
    from analysis.disclosure.roster import Roster

_Found = TypeVar("_Found")


def in_bands(table: BrokenDownTable, threshold: int) -> Rows | None:
    """A table as its counts make it: in narrow bands, a cell of each row open; None where a row cannot be."""
    rows = [row_form(_rules(row, threshold), row.cells) for row in table.rows]
    if any(row.form is Form.HIDDEN for row in rows):
        return None
    return tuple(
        Shown(Interval(of.base, of.base), row.cells) for of, row in zip(table.rows, rows, strict=True)
    )


class Way(NamedTuple):
    """
    One way in which a table could have come out.

    Attributes:
        rows: As it would be shown; else the bands that its counts would lie in.
        is_shown: Whether each row by itself could be.
    """

    rows: Rows
    is_shown: bool


def every_way(table: BrokenDownTable, roster: Roster) -> Sequence[Way]:
    """
    Every way in which it could have come out, and some that are impossible beside other breakdowns.

    None where there are more than `LIMITS.alternatives`: then it is not shown.

    Args:
        table: Whose counts are not looked at; each of its people stands in one cell of a row.
        roster: What is known before it is shown.
    """
    measure = table.rows[0].measure
    rows: list[Sequence[Row]] = []
    for row in table.rows:
        within = [roster.before(measure.id, cell, row.base) for cell in range(len(row.cells))]
        rows.append(_few(_of_row(_rules(row, roster.threshold), within)))
    if not all(rows):
        return ()
    tree = _Tree.of(table, roster.ties.shown[measure.id].cells, roster.classes.everybody.size, rows)
    bases = [Interval(row.base, row.base) for row in table.rows]
    return [
        Way(tuple(map(Shown, bases, (row.cells for row in way))), all(row.is_shown for row in way))
        for way in _few(_combined(tree, rows, ()))
    ]


def _few(found: Iterator[_Found]) -> Sequence[_Found]:
    """Each once; nothing where there are more than are attacked."""
    distinct: dict[_Found, None] = {}
    for one in found:
        distinct[one] = None
        if len(distinct) > LIMITS.alternatives:
            return ()
    return [*distinct]


def _rules(row: FrequencyTable, threshold: int) -> RowRules:
    return RowRules(row.base, threshold, remainders_of(row), may_be_exact=False)


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


def _of_row(rules: RowRules, within: Sequence[Interval]) -> Iterator[Row]:
    possible = [
        [band for band in rules.narrow if band.lo <= lo_hi.hi and lo_hi.lo <= band.hi] for lo_hi in within
    ]
    if prod(map(len, possible)) > LIMITS.combined:
        return
    for narrow in product(*possible):
        if not can_sum(narrow, rules.base):
            continue
        candidate = with_a_remainder(rules, narrow)
        is_shown = candidate.form is not Form.HIDDEN
        cells = candidate.cells if is_shown else narrow
        own = zip(summed(cells, rules.base), within, strict=True)
        bounds = tuple(Interval(max(one.lo, other.lo), min(one.hi, other.hi)) for one, other in own)
        if all(lo <= hi for lo, hi in bounds):
            yield Row(cells, is_shown, bounds)


class _Tree(NamedTuple):
    """
    Which rows are parts of which: of the organisation, of which none stands before, or of a unit before them.

    Attributes:
        parents: For each row the place of what it is a part of, -1 for the organisation.
        sizes: People of each row; those of the organisation come last.
        whole: What is shown of the organisation.
        spans: For each row what its cells can be at all.
    """

    parents: tuple[int, ...]
    sizes: tuple[int, ...]
    whole: Bands
    spans: tuple[Bands, ...]

    @classmethod
    def of(cls, table: BrokenDownTable, whole: Bands, everybody: int, rows: Sequence[Sequence[Row]]) -> _Tree:
        places = {group.id: place for place, group in enumerate(table.groups)}
        parents = tuple(
            -1 if group.parent is None else places.get(group.parent, -1) for group in table.groups
        )
        sizes = (*(group.base for group in table.groups), everybody)
        return cls(parents, sizes, whole, tuple(map(_span, rows)))

    def can_be(self, rows: Sequence[Row]) -> bool:
        """Whether the last of these rows fits with those before it, and its parts can fill it."""
        last = len(rows) - 1
        return self._fits(self.parents[last], rows) and self._fits(last, rows)

    def _fits(self, parent: int, rows: Sequence[Row]) -> bool:
        parts = [place for place, above in enumerate(self.parents) if above == parent]
        bounds = [rows[place].bounds if place < len(rows) else self.spans[place] for place in parts]
        outer = self.whole if parent < 0 else rows[parent].bounds
        # Whoever stands in no part may be in any cell.
        rest = self.sizes[parent] - sum(self.sizes[place] for place in parts)
        return all(
            sum(part[cell].lo for part in bounds) <= hi and sum(part[cell].hi for part in bounds) + rest >= lo
            for cell, (lo, hi) in enumerate(outer)
        )


def _span(ways: Sequence[Row]) -> Bands:
    cells = zip(*(row.bounds for row in ways), strict=True)
    return tuple(Interval(min(b.lo for b in of_cell), max(b.hi for b in of_cell)) for of_cell in cells)


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
