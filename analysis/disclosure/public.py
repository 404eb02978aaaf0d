"""
What anybody can check of a release: that its bounds leave open what they must, by the release alone.

The public part of the audit. The intruder assumed here has the published bases, forms and means of one item's
tables, all of its breakdowns together; how many stand in each crossing of the breakdowns is unknown, as it is
to the public. Whoever knows the staff list knows more: that part is proven in custody, whose ranges the
ledger holds, and they are checked here for whether they can be true.

What follows here is found by linear programs. Up to two breakdowns of an item they are exact (the tables are
a network); with three, whole numbers could say more than the programs see.
Source: docs/explanation/disclosure.md, R3, R5, R9.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, floor
from typing import Final, NamedTuple

import numpy as np

from analysis.disclosure.arrays import Arrays
from analysis.disclosure.attack import AttackProgram
from analysis.disclosure.forms import hidden, is_band, is_wide_band
from analysis.disclosure.problem import ChoiceCell, FormProblem, Known, Protected, Terms
from analysis.disclosure.program import NotProvenError
from analysis.tables import Interval
from policy import Policy

_NEAR: Final = 1e-4
_STEP: Final = 5
"""Of points, and of a mean."""


class PublishedRow(NamedTuple):
    """A row of a release: its group (None for the organisation), whose part that is, its bounds, its mean."""

    group: str | None
    parent: str | None
    base: Interval
    cells: tuple[Interval, ...]
    mean: int | None = None


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """
    A table of a release.

    Attributes:
        id: Its name.
        by: What it is broken down by, or None.
        multiple: Whether a respondent may stand in several options.
        options: Their ids, in order.
        rows: Its rows.
        ranges: What the ledger says each cell that is not exact was found able to be, in reading order.
        scores: Of an index, the least and the greatest points that each option counts, but for no answer.
    """

    id: str
    by: str | None
    multiple: bool
    options: tuple[str, ...]
    rows: tuple[PublishedRow, ...]
    ranges: tuple[Interval, ...]
    scores: tuple[Interval, ...] = ()


class Doubt(StrEnum):
    """Why a cell, a row or a whole table is not proven; `LIST` is of the list of responses."""

    BASE = "base"
    FEW = "few"
    COUNTED = "counted"
    PLAN = "plan"
    OPTIONS = "options"
    SENSITIVE = "sensitive"
    FORM = "form"
    EXACT = "exact"
    TOLD = "told"
    MEAN = "mean"
    NO_MEAN = "no_mean"
    LEDGER = "ledger"
    LEDGER_FORM = "ledger_form"
    CONTRADICTION = "contradiction"
    UNSOLVED = "unsolved"
    LIST = "list"
    MISSING = "missing"
    TWICE = "twice"
    LONE = "lone"


class Finding(NamedTuple):
    """
    What is not proven.

    Attributes:
        table: Whose.
        group: Of the row; None for the organisation, or for the table as a whole.
        option: Of the cell; None for the row as a whole.
        doubt: Why.
        found: What the cell was found to be at least and at most, where that is the reason.
        is_rest: Whether it is about those whom the breakdown never shows.
    """

    table: str
    group: str | None
    option: str | None
    doubt: Doubt
    found: Interval | None = None
    is_rest: bool = False


class _Asked(NamedTuple):
    """A number that must stay open, where it stands, and what the ledger says of it, if it says so."""

    terms: Terms
    need: Interval
    place: Finding
    claim: Interval | None = None


def findings(tables: Sequence[PublishedTable], policy: Policy) -> Iterator[Finding]:
    """
    Everything that a release does not prove of one item's tables; nothing if all of it is proven.

    Args:
        tables: All tables of one item or indicator.
        policy: With the numbers that the wave raised.
    """
    broken = [table for table in tables if not _hangs_together(table, tables)]
    if broken:
        yield from (Finding(table.id, None, None, Doubt.CONTRADICTION) for table in broken)
        return
    yield from (finding for table in tables for finding in _of_forms(table, policy))
    yield from (finding for table in tables for finding in _of_means(table, policy))
    try:
        yield from _Family(tables, policy.threshold).findings()
    except NotProvenError:
        yield from _unsolved(tables, policy.threshold)


def _of_means(table: PublishedTable, policy: Policy) -> Iterator[Finding]:
    """Means where none is shown: of no index, by group, of a hidden row, or of too few who have a score."""
    for row in table.rows:
        is_hidden = all(cell == hidden(row.base.hi) for cell in row.cells)
        has_one = table.by is None and table.scores and not is_hidden
        scored = row.base.lo - row.cells[-1].hi
        if row.mean is not None and not (has_one and scored >= policy.mean):
            yield Finding(table.id, row.group, None, Doubt.NO_MEAN)


def _unsolved(tables: Sequence[PublishedTable], threshold: int) -> Iterator[Finding]:
    """Tables that no answers give: if without their means some would, it is these."""
    means = [(table.id, row.group) for table in tables for row in table.rows if row.mean is not None]
    without = [replace(table, rows=tuple(row._replace(mean=None) for row in table.rows)) for table in tables]
    if means and _Family(without, threshold).is_possible():
        yield from (Finding(table_id, group, None, Doubt.MEAN) for table_id, group in means)
    else:
        yield from (Finding(table.id, None, None, Doubt.UNSOLVED) for table in tables)


def _of_forms(table: PublishedTable, policy: Policy) -> Iterator[Finding]:
    """Bases under the policy's, exact counts too small, and intervals that are none of the ladder's."""
    for row in table.rows:
        if row.base.hi < policy.general:
            yield Finding(table.id, row.group, None, Doubt.BASE)
            continue
        for option, cell in zip(table.options, row.cells, strict=True):
            is_small = cell.lo < policy.threshold or cell.hi > row.base.lo - policy.threshold
            if cell.is_exact and is_small:
                yield Finding(table.id, row.group, option, Doubt.EXACT)
            elif not _is_a_form(cell, row.base.hi, policy.threshold):
                yield Finding(table.id, row.group, option, Doubt.FORM)


def _hangs_together(table: PublishedTable, tables: Sequence[PublishedTable]) -> bool:
    """Whether its rows are one group each, every part of one that is there, and its options the others'."""
    groups = [row.group for row in table.rows]
    if table.by is None:
        is_whole = groups == [None]
    else:
        known = {row.group: row.parent for row in table.rows}
        is_whole = None not in known and len(known) == len(groups) and None not in _depths(known).values()
    first = tables[0]
    is_alone = sum(other.by == table.by for other in tables) == 1
    return is_whole and is_alone and (table.options, table.multiple) == (first.options, first.multiple)


def _depths(parents: Mapping[str | None, str | None]) -> dict[str | None, int | None]:
    """How many groups each lies within; None where it lies within itself, or in one that is not there."""
    depths: dict[str | None, int | None] = {None: -1}
    for group in parents:
        way: list[str | None] = []
        at: str | None = group
        while at not in depths:
            # A circle comes back to where no depth is known yet.
            depths[at] = None
            way.append(at)
            at = parents.get(at, at)
        depth = depths[at]
        for passed in reversed(way):
            depth = None if depth is None else depth + 1
            depths[passed] = depth
    del depths[None]
    return depths


def _is_a_form(cell: Interval, base: int, threshold: int) -> bool:
    """Whether it is exact, a band, a wide band, or hidden."""
    is_told = is_band(cell, base, threshold) or is_wide_band(cell, base, threshold)
    return cell.is_exact or is_told or cell == hidden(base)


class _Family:
    """One item's tables as a program: the options' counts of each group without parts, and of each rest."""

    def __init__(self, tables: Sequence[PublishedTable], threshold: int) -> None:
        self._tables, self._threshold = tables, threshold
        self._options = len(tables[0].options)
        self._multiple = tables[0].multiple
        self._unknowns = 0
        self._frame: list[Known] = []
        self._cells: list[ChoiceCell] = []
        self._asked: list[_Asked] = []
        self._upper: list[float] = []
        self._doubts: list[Finding] = []

    def findings(self) -> Iterator[Finding]:
        """Everything that does not stay open."""
        self._state()
        yield from self._doubts
        if self._doubts:
            return
        program = self._program()
        program.check_possible()
        for number in self._won(program):
            least, most = program.range_of(number)
            found = Interval(ceil(least - _NEAR), floor(most + _NEAR))
            asked = self._asked[number]
            if asked.place.doubt is Doubt.LEDGER or not self._is_no_secret(found, asked):
                yield asked.place._replace(found=found)

    def is_possible(self) -> bool:
        """Whether some answers give these figures."""
        self._state()
        try:
            self._program().check_possible()
        except NotProvenError:
            return False
        return True

    def _is_no_secret(self, found: Interval, asked: _Asked) -> bool:
        """
        Whether what is told is only that a count is not small.

        Which of several options exclude one another a release does not say: there a count may be further from
        small than it seems here, and the ledger says so.
        """
        claims = [asked.claim] if self._multiple and asked.claim else []
        return any(self._is_plain(each, asked.need) for each in [found, *claims])

    def _is_plain(self, found: Interval, need: Interval) -> bool:
        return found.lo >= self._threshold if need.lo == 0 else found.hi <= need.hi - self._threshold

    def _won(self, program: AttackProgram) -> list[int]:
        return [] if program.is_safe() else program.won()

    def _program(self) -> AttackProgram:
        problem = FormProblem(
            unknowns=self._unknowns,
            upper=np.array(self._upper),
            frame=tuple(self._frame),
            cells=tuple(self._cells),
            protections=tuple(Protected(asked.terms, asked.need) for asked in self._asked),
        )
        arrays = Arrays(problem)
        program = AttackProgram(arrays, AttackProgram(arrays, linked=False))
        program.face(arrays.steps(np.zeros(len(self._cells), np.int64)))
        return program

    # The statement.

    def _state(self) -> None:
        whole = next((table for table in self._tables if table.by is None), None)
        of_whole: tuple[Terms, ...] | None = None
        for table in (table for table in self._tables if table.by is not None):
            of_whole = self._state_breakdown(table, whole, of_whole)
        if whole is None:
            return
        if of_whole is None:
            of_whole = self._new_counts(whole.rows[0].base)
        self._publish(whole, [(row, of_whole) for row in whole.rows])

    def _state_breakdown(
        self, table: PublishedTable, whole: PublishedTable | None, of_whole: tuple[Terms, ...] | None
    ) -> tuple[Terms, ...] | None:
        """The rows of a breakdown; with the organisation's row they, and those never shown, sum to it."""
        by_parent: dict[str | None, list[PublishedRow]] = {}
        for row in table.rows:
            by_parent.setdefault(row.parent, []).append(row)
        counts: dict[str | None, tuple[Terms, ...]] = {}
        depths = _depths({row.group: row.parent for row in table.rows})
        for row in sorted(table.rows, key=lambda row: depths[row.group] or 0, reverse=True):
            counts[row.group] = self._sum_of_parts(table, row, by_parent.get(row.group, []), counts)
        self._publish(table, [(row, counts[row.group]) for row in table.rows])
        if whole is None:
            return of_whole
        top = by_parent.get(None, [])
        everybody = whole.rows[0]._replace(group=None)
        found = self._sum_of_parts(table, everybody, top, counts)
        if of_whole is not None:
            for one, other in zip(found, of_whole, strict=True):
                self._frame.append(Known(_plus([one], minus=other), 0, 0))
        return of_whole or found

    def _sum_of_parts(
        self,
        table: PublishedTable,
        row: PublishedRow,
        parts: Sequence[PublishedRow],
        counts: Mapping[str | None, tuple[Terms, ...]],
    ) -> tuple[Terms, ...]:
        """A group's counts: its parts' and, of those in none of them, their own."""
        if not parts:
            return self._new_counts(row.base)
        rest = Interval(
            max(row.base.lo - sum(part.base.hi for part in parts), 0),
            row.base.hi - sum(part.base.lo for part in parts),
        )
        if rest.hi < 0:
            self._doubts.append(Finding(table.id, row.group, None, Doubt.CONTRADICTION))
            rest = Interval(0, 0)
        own = self._new_counts(rest)
        if rest.hi:
            for at, terms in enumerate(own):
                place = Finding(table.id, row.group, table.options[at], Doubt.TOLD, is_rest=True)
                self._ask_openness(at, terms, hidden(rest.hi), rest, place)
        return tuple(
            _plus([own[at], *(counts[part.group][at] for part in parts)]) for at in range(self._options)
        )

    def _new_counts(self, base: Interval) -> tuple[Terms, ...]:
        """Unknown counts of some people, one for each option."""
        first = self._unknowns
        self._unknowns += self._options
        self._upper += [float(base.hi)] * self._options
        counts = tuple(Terms.one(first + at) for at in range(self._options))
        # Whoever may choose several options stands in one at least; else in just one.
        most = base.hi * self._options if self._multiple else base.hi
        self._frame.append(Known(_plus(counts), base.lo, most))
        if self._multiple:
            # No answer is the last of the options, and stands alone.
            self._frame += [Known(_plus([one, counts[-1]]), most=base.hi) for one in counts[:-1]]
        return counts

    def _publish(self, table: PublishedTable, rows: Sequence[tuple[PublishedRow, tuple[Terms, ...]]]) -> None:
        claimed = iter(table.ranges)
        for row, counts in rows:
            if row.mean is not None and table.scores:
                self._publish_mean(row.mean, counts, table.scores)
            for at, (cell, terms) in enumerate(zip(row.cells, counts, strict=True)):
                self._cells.append(ChoiceCell(terms, cell.lo, (cell,)))
                if cell.is_exact:
                    continue
                place = Finding(table.id, row.group, table.options[at], Doubt.TOLD)
                claim = next(claimed, None)
                self._ask_openness(at, terms, cell, row.base, place, claim)
                if claim is not None:
                    self._asked.append(_Asked(terms, claim, place._replace(doubt=Doubt.LEDGER)))

    def _publish_mean(self, mean: int, counts: Sequence[Terms], scores: Sequence[Interval]) -> None:
        """
        What a mean, rounded half up to a multiple of 5, says of how many have which points.

        Their sum is n (mean - 2.5) at least, and under n (mean + 2.5), if n have any. With everybody at the
        most that their option counts it must reach the first, with everybody at the least stay under the
        second; every multiple of 5 between the two is some answers'. In steps of 5, to stay in whole numbers.
        """
        most = [1 + 2 * (points.hi - mean) // _STEP for points in scores]
        least = [2 * (points.lo - mean) // _STEP - 1 for points in scores]
        self._frame.append(Known(_weighted(counts, most), least=0))
        self._frame.append(Known(_weighted(counts, least), most=-1))

    def _left(self, option: int, size: int) -> Interval:
        """What the organisation's own figure leaves a count among so many people, as custody reckons it."""
        whole = next((table for table in self._tables if table.by is None), None)
        if whole is None:
            return Interval(0, size)
        cell, everybody = whole.rows[0].cells[option], whole.rows[0].base.hi
        return Interval(max(size - (everybody - cell.lo), 0), min(size, cell.hi))

    def _ask_openness(
        self,
        at: int,
        terms: Terms,
        cell: Interval,
        base: Interval,
        place: Finding,
        claim: Interval | None = None,
    ) -> None:
        """
        A count that may be small, and one that may be all but a few, may be anything so small.

        Of one that is hidden only what the organisation's own figure left open, which is no doing of its row.
        """
        left = self._left(at, base.hi) if cell == hidden(base.hi) else hidden(base.hi)
        few = min(self._threshold - 1, base.hi)
        needs = []
        if cell.lo < self._threshold:
            needs.append(Interval(0, few))
        if base.is_exact and cell.hi > base.hi - self._threshold and base.hi > few:
            needs.append(Interval(base.hi - few, base.hi))
        for need in needs:
            if left.lo <= need.lo and need.hi <= left.hi:
                self._asked.append(_Asked(terms, need, place, claim))


def _weighted(counts: Sequence[Terms], weights: Sequence[int]) -> Terms:
    """The sum of counts, each so many times; counts beyond the weights are left out."""
    factors: dict[int, float] = {}
    for terms, weight in zip(counts, weights, strict=False):
        for unknown, value in zip(terms.unknowns, terms.values, strict=True):
            factors[unknown] = factors.get(unknown, 0.0) + weight * value
    return Terms(tuple(factors), tuple(factors.values()))


def _plus(sums: Sequence[Terms], minus: Terms | None = None) -> Terms:
    """The sum of sums, less another."""
    factors: dict[int, float] = {}
    for terms, sign in [*((terms, 1.0) for terms in sums), *([(minus, -1.0)] if minus else [])]:
        for unknown, value in zip(terms.unknowns, terms.values, strict=True):
            factors[unknown] = factors.get(unknown, 0.0) + sign * value
    kept = {unknown: value for unknown, value in factors.items() if value}
    return Terms(tuple(kept), tuple(kept.values()))
