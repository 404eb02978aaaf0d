"""
What an intruder has before them: everything shown of some tables.

It is read as bounds on numbers of possible respondents. Used by analysis/disclosure/audit.py, which asks
what these bounds leave open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import inf
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.disclosure.blocks import AuditedTable, Block
from analysis.disclosure.program import Bounded, Program, Vector
from analysis.disclosure.respondents import Kinds, Marks, Respondents, Weights
from analysis.disclosure.rows import Bands
from analysis.tables import NO_ANSWER, Interval

MIXED: Final = 1e-6
"""How far a sum may be off where it was read from a solution, whose ends are rounded."""

_ROUNDING: Final = 5
"""A mean is shown to the nearest multiple of this."""


@dataclass(frozen=True, slots=True)
class Shown:
    """
    What a release shows of one table.

    Attributes:
        base: Bounds of the people it was asked of.
        cells: Bounds of its cells.
        mean: Of an index, rounded; None where it is not shown.
    """

    base: Interval
    cells: Bands
    mean: int | None = None


class Mixture(NamedTuple):
    """
    How many have each outcome in one block, known to be a mixture of some totals.

    Attributes:
        block: Whose kinds of respondents have the outcomes.
        places: For each of its kinds the outcome; -1 for one that nobody has.
        totals: Shape (sets, outcomes).
    """

    block: Block
    places: npt.NDArray[np.int64]
    totals: npt.NDArray[np.float64]


class Count(NamedTuple):
    """
    A number of respondents that a table tells, or would tell.

    Attributes:
        marks: Which kinds they are.
        bounds: What is shown of it, or follows from its row's sum.
        row: Id of the table in which each respondent stands in one cell; empty elsewhere.
        is_shown: Whether anything is shown of it.
        is_derived: Whether what is shown follows from other tables, and is nothing of its own.
    """

    marks: Marks
    bounds: Interval
    row: str = ""
    is_shown: bool = True
    is_derived: bool = False

    def complement(self, base: Interval) -> Count:
        """All others of the base."""
        bounds = Interval(max(base.lo - self.bounds.hi, 0), base.hi - self.bounds.lo)
        return self._replace(marks=~self.marks, bounds=bounds)


@dataclass(frozen=True, eq=False)
class Scene:
    """
    The blocks that hang on one root, as one linear program's unknowns.

    Attributes:
        shown: By table id, what is shown; other tables are hidden.
        places: Block → where its kinds of respondents stand among the unknowns.
        kinds: Block → its kinds.
        bases: Block → bounds of how many were asked its items.
    """

    shown: Mapping[str, Shown]
    places: Mapping[Block, slice]
    kinds: Mapping[Block, Kinds]
    bases: Mapping[Block, Interval]

    @classmethod
    def of(
        cls,
        respondents: Respondents,
        responses: int,
        root: Block,
        shown: Mapping[str, Shown],
        beside: Iterable[Block] = (),
    ) -> Scene:
        """The root, all that hangs on it and is shown, what leads there, and `beside`."""
        bases = {root: Interval(responses, responses)}
        for block in respondents.blocks:
            if block.root is root and (block in beside or is_shown(block, shown)):
                bases[block] = _base_of(block, shown, responses)
                for above in _ancestors(block):
                    bases.setdefault(above, _base_of(above, shown, responses))
        weights = _weights(respondents, bases, shown)
        kinds = {block: respondents.kinds(block, weights) for block in bases}
        ends = [0, *accumulate(of_block.number for of_block in kinds.values())]
        places = {block: slice(*pair) for block, pair in zip(kinds, pairwise(ends), strict=True)}
        return cls(shown, places, kinds, bases)

    @property
    def lists_all(self) -> bool:
        """Whether no kind of respondent is missing."""
        return all(kinds.is_complete for kinds in self.kinds.values())

    @property
    def is_exact(self) -> bool:
        """Whether everything shown is, so that nothing is left for a program to find."""
        return all(cell.is_exact for shown in self.shown.values() for cell in shown.cells)

    @property
    def unknowns(self) -> int:
        """How many kinds there are in all."""
        return sum(kinds.number for kinds in self.kinds.values())

    def among_all(self, block: Block, marks: Marks) -> Marks:
        """The marked kinds of one block, or several rows of them, among all unknowns."""
        everywhere = np.zeros((*marks.shape[:-1], self.unknowns), np.bool_)
        everywhere[..., self.places[block]] = marks
        return everywhere

    def program(self, mixture: Mixture | None = None) -> Program:
        """The linear program of all that is shown, and of one more thing that is known."""
        bounds = list(self._bounds())
        if mixture is None:
            return Program(bounds)
        beside = np.zeros(len(mixture.totals))
        padded = [b._replace(coefficients=np.concatenate([b.coefficients, beside])) for b in bounds]
        return Program([*padded, *self._mixed(mixture)])

    def _mixed(self, mixture: Mixture) -> Iterator[Bounded]:
        sets, outcomes = mixture.totals.shape
        for outcome in range(-1, outcomes):
            kinds = self._vector(mixture.block, mixture.places == outcome)
            total = mixture.totals[:, outcome] if outcome >= 0 else np.zeros(sets)
            yield Bounded(np.concatenate([kinds, -total]), -MIXED, MIXED)
        yield Bounded(np.concatenate([np.zeros(self.unknowns), np.ones(sets)]), 1, 1)

    def counts(self, block: Block) -> Iterator[Count]:
        """All numbers of respondents of a block that a table tells or would tell, with their complements."""
        kinds, base = self.kinds[block], self.bases[block]
        for table in block.tables:
            *counts, last = _counts_of(table, kinds.cells[table.id], base, self.shown.get(table.id))
            for count in counts:
                yield count
                yield count.complement(base)
            yield last
            # That somebody answered an item of which nothing is shown tells nothing of anybody.
            if last.is_shown:
                yield last.complement(base)
        for child, marks in kinds.leads_to.items():
            if is_shown(child, self.shown):
                bounds = self.bases[child]
                count = Count(marks, bounds, is_derived=not bounds.is_exact)
                yield count
                yield count.complement(base)

    def _bounds(self) -> Iterator[Bounded]:
        for block, base in self.bases.items():
            everybody = self._vector(block, np.ones(self.kinds[block].number))
            yield Bounded(everybody, base.lo, base.hi)
            if block.parent is not None:
                asked = self._vector(block.parent, self.kinds[block.parent].leads_to[block])
                yield Bounded(everybody - asked, 0, 0)
            for table in block.tables:
                if table.id in self.shown:
                    yield from self._bounds_of(block, table, self.shown[table.id])

    def _bounds_of(self, block: Block, table: AuditedTable, shown: Shown) -> Iterator[Bounded]:
        for marks, (lo, hi) in zip(self.kinds[block].cells[table.id].T, shown.cells, strict=True):
            yield Bounded(self._vector(block, marks), lo, hi)
        if shown.mean is None:
            return
        scores = self.kinds[block].scores[table.id]
        scored = self._vector(block, scores >= 0)
        # Twice the distance to the mean, to stay in whole numbers: from -5 to under 5 on average.
        distance = 2 * self._vector(block, np.where(scores >= 0, scores - shown.mean, 0))
        yield Bounded(distance + _ROUNDING * scored, 0, inf)
        yield Bounded(distance - _ROUNDING * scored, -inf, -1)

    def _vector(self, block: Block, coefficients: npt.ArrayLike) -> Vector:
        vector = np.zeros(self.unknowns)
        vector[self.places[block]] = coefficients
        return vector


def is_shown(block: Block, shown: Mapping[str, Shown]) -> bool:
    """Whether anything of the block is."""
    return any(table.id in shown for table in block.tables)


def _base_of(block: Block, shown: Mapping[str, Shown], responses: int) -> Interval:
    """What is shown of how many were asked: everybody, or what a routed table says of its base."""
    if block.parent is None:
        return Interval(responses, responses)
    return next((shown[t.id].base for t in block.tables if t.id in shown), Interval(0, responses))


def _ancestors(block: Block) -> Iterator[Block]:
    while block.parent is not None:
        block = block.parent
        yield block


def _counts_of(table: AuditedTable, cells: Marks, base: Interval, shown: Shown | None) -> Iterator[Count]:
    """The cells of one table; of one where several may be chosen also who named anything at all."""
    if shown is None:
        for marks in cells.T:
            yield Count(marks, Interval(0, base.hi), is_shown=False)
        return
    if not table.measure.multiple:
        for marks, bounds in zip(cells.T, _summed(shown.cells, base), strict=True):
            yield Count(marks, bounds, table.id)
        return
    for marks, bounds in zip(cells.T, shown.cells, strict=True):
        yield Count(marks, bounds)
    exclusive = set(table.measure.exclusive)
    alone = [option.id == NO_ANSWER or set(option.codes) <= exclusive for option in table.options]
    apart = [bounds for bounds, is_alone in zip(shown.cells, alone, strict=True) if is_alone]
    least, most = base.lo - sum(cell.hi for cell in apart), base.hi - sum(cell.lo for cell in apart)
    named: Marks = ~np.any(cells[:, np.array(alone)], axis=1)
    yield Count(named, Interval(max(least, 0), most))


def _summed(cells: Bands, base: Interval) -> Iterator[Interval]:
    """What each cell can be when all of them sum to a number within the base's bounds."""
    least, most = sum(cell.lo for cell in cells), sum(cell.hi for cell in cells)
    for lo, hi in cells:
        yield Interval(max(lo, base.lo - (most - hi)), max(min(hi, base.hi - (least - lo)), 0))


def _weights(
    respondents: Respondents, blocks: Iterable[Block], shown: Mapping[str, Shown]
) -> dict[str, Weights]:
    """How often each choice of an item is drawn: as the middle of what is shown of it."""
    return {
        table.measure.id: _middles(respondents, table, shown[table.id])
        for block in blocks
        for table in block.tables
        if table.id in shown and table.measure.id == table.measure.items[0] and not table.measure.multiple
    }


def _middles(respondents: Respondents, table: AuditedTable, shown: Shown) -> list[float]:
    options = respondents.questionnaire.options_of(respondents.questionnaire.item(table.measure.id))
    middles = [(cell.lo + cell.hi) / 2 for cell in shown.cells]
    share = {
        code: middle / len(option.codes)
        for option, middle in zip(table.options[:-1], middles, strict=False)
        for code in option.codes
    }
    # A little of everything, so that nothing possible is never drawn.
    return [*(share.get(option.code, 0.0) + 0.01 for option in options), middles[-1] + 0.01]
