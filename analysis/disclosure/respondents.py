"""
Possible respondents: what anybody could have answered, and which cells that counts in.

The audit's unknowns. A release is consistent with every set of possible respondents whose counts lie within
what it shows. Whatever ties tables together (an act and "any act", a routed item and the answers that lead
to it, an index and its items) holds for each of them, because they are counted by the functions that count
the responses; so no tie can be forgotten, and a number that some set of them gives is a number that nobody
can exclude.

A block whose items have few combinations of answers lists them all. Another lists many, drawn evenly and in
the same way every time, without looking at any response: fewer possible respondents can only make the audit
refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from analysis.disclosure.blocks import AuditedTable, Block
from analysis.routes import Columns, truths
from analysis.tables import LEFT_BLANK, UNANSWERED, Coded, Measure
from questionnaires.conditions import Truth
from questionnaires.model import ItemType, Questionnaire

Counted: TypeAlias = Callable[[Measure, Columns], Coded]
"""What answers count as in a measure: analysis/coding.py:counted_as, handed in by the pipeline."""

Marks: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = npt.NDArray[np.intp]
Weights: TypeAlias = Sequence[float]
"""How often each option of an item is drawn, and last left blank; they need not sum to one."""

ALL_COMBINATIONS: Final = 4096
"""Up to so many combinations of answers a block lists them all."""

_DRAWS: Final = 250
_MOST_OPTIONS_COMBINED: Final = 11
_FIRST: Final = (0.05, 0.4, 0.7, 0.92)
_BLANK: Final = (0.0, 0.08, 0.35)
_SHIFTS: Final = 10


@dataclass(frozen=True, eq=False)
class Kinds:
    """
    Kinds of respondents of one block: all that count alike are one kind.

    Attributes:
        number: How many kinds there are.
        is_complete: Whether these are all there can be.
        cells: Table id → shape (kinds, cells), whether the kind counts in the cell.
        scores: Id of an index's table → the kind's score, -1 where it has none.
        leads_to: Child block → whether the kind is asked its items.
    """

    number: int
    is_complete: bool
    cells: Mapping[str, Marks]
    scores: Mapping[str, npt.NDArray[np.int16]]
    leads_to: Mapping[Block, Marks]


@dataclass(frozen=True, slots=True)
class Respondents:
    """
    Makes the kinds of respondents of a block.

    Attributes:
        questionnaire: Its items and conditions.
        counted: How answers are counted.
        blocks: All blocks, for whom a block's answers lead to.
    """

    questionnaire: Questionnaire
    counted: Counted
    blocks: tuple[Block, ...]

    def kinds(self, block: Block, weights: Mapping[str, Weights]) -> Kinds:
        """
        The kinds of respondents that the audit may make a release of.

        Args:
            block: What was asked.
            weights: Item id → how often its choices are drawn, where the block is too large to list all; from
                what is shown or about to be shown, never from a count that is not.
        """
        choices = [_choices_of(self.questionnaire, item_id) for item_id in block.items]
        is_complete = all(of.is_complete for of in choices) and (
            prod(len(of.values) for of in choices) <= ALL_COMBINATIONS
        )
        rows = _all_combinations(choices) if is_complete else self._many(block, choices, weights)
        read: Columns = dict(zip(block.items, rows.T, strict=True)).__getitem__
        cells = {table.id: self._cells(table, read) for table in block.tables}
        scores = {t.id: self._scores(t, read) for t in block.tables if t.measure.scores}
        children = [child for child in self.blocks if child.parent is block]
        leads_to = {child: self._asked(child, read, len(rows)) for child in children}
        return _distinct(Kinds(len(rows), is_complete, cells, scores, leads_to))

    def _many(
        self, block: Block, choices: Sequence[_Choices], weights: Mapping[str, Weights]
    ) -> npt.NDArray[np.int32]:
        sizes = [len(of.values) for of in choices]
        places = np.vstack(list(_places(sizes, [weights.get(item_id, ()) for item_id in block.items])))
        return np.column_stack(
            [np.array(of.values, np.int32)[column] for of, column in zip(choices, places.T, strict=True)]
        )

    def _cells(self, table: AuditedTable, columns: Columns) -> Marks:
        measure = table.measure
        counted = self.counted(measure, columns).astype(np.int64)
        if not measure.multiple:
            counted = np.where(counted > UNANSWERED, 1 << np.maximum(counted, 0), UNANSWERED)
        chosen = np.maximum(counted, 0)
        groups = [sum(1 << measure.codes.index(c) for c in option.codes) for option in table.options[:-1]]
        return np.column_stack([*(chosen & group != 0 for group in groups), counted == UNANSWERED])

    def _scores(self, table: AuditedTable, columns: Columns) -> npt.NDArray[np.int16]:
        # The last entry is what UNANSWERED, -1, points at.
        points = np.array([*table.measure.scores, -1], np.int16)
        return points[self.counted(table.measure, columns)]

    def _asked(self, child: Block, columns: Columns, rows: int) -> Marks:
        given = child.parent.guard if child.parent else frozenset()
        asked = np.ones(rows, np.bool_)
        for condition in child.guard - given:
            known = truths(condition, self.questionnaire, columns, rows=rows, given=given)
            asked &= known == Truth.TRUE
        return asked


@dataclass(frozen=True, slots=True)
class _Choices:
    """What can stand in an item's column, `LEFT_BLANK` last, and whether that is all."""

    values: tuple[int, ...]
    is_complete: bool = True


def _choices_of(questionnaire: Questionnaire, item_id: str) -> _Choices:
    item = questionnaire.item(item_id)
    options = questionnaire.options_of(item)
    if item.type is not ItemType.MULTI:
        return _Choices((*range(len(options)), LEFT_BLANK))
    together = [1 << place for place, o in enumerate(options) if not (o.exclusive or o.kind.is_missing)]
    alone = [1 << place for place in range(len(options)) if 1 << place not in together]
    most = item.max_choices or len(together)
    if len(together) <= _MOST_OPTIONS_COMBINED:
        several = _combined(together, most)
        return _Choices((*alone, *several, LEFT_BLANK))
    return _Choices((*alone, *_neighbours(together, most), LEFT_BLANK), is_complete=False)


def _combined(bits: Sequence[int], most: int) -> Iterator[int]:
    """All sets of the bits with one member up to the most allowed."""
    for chosen in product((0, 1), repeat=len(bits)):
        if 0 < sum(chosen) <= most:
            yield sum(bit for bit, is_chosen in zip(bits, chosen, strict=True) if is_chosen)


def _neighbours(bits: Sequence[int], most: int) -> Iterator[int]:
    """Sets of bits that stand side by side in a circle, and all pairs: some of very many."""
    circle = [*bits, *bits]
    for size in range(1, min(most, len(bits)) + 1):
        for start in range(len(bits)):
            yield sum(circle[start : start + size])
    if most > 1:
        yield from (one | two for one, two in combinations(bits, 2))


def _all_combinations(choices: Sequence[_Choices]) -> npt.NDArray[np.int32]:
    return np.array(list(product(*(of.values for of in choices))), np.int32)


def _places(sizes: Sequence[int], weights: Sequence[Weights]) -> Iterator[Places]:
    """
    Answers, as places in each item's choices, that spread over what can be answered.

    All alike; all alike but for one item, or two; drawn independently with few or many blanks; and drawn by
    the weights, from all items going together to all going apart.
    """
    yield from _alike_but_for(sizes)
    independent = _evenly_spread(_DRAWS, len(sizes))
    for first, blank in product(_FIRST, _BLANK):
        yield _drawn(independent, [_profile(size, first, blank) for size in sizes])
    given = [
        of_item or _profile(size, _FIRST[1], _BLANK[1]) for of_item, size in zip(weights, sizes, strict=True)
    ]
    steps = (np.arange(_DRAWS)[:, None] + 0.5) / _DRAWS
    for shift in (0.0, *_evenly_spread(_SHIFTS, 1)[:, 0]):
        yield _drawn((steps + shift * np.arange(len(sizes))) % 1.0, given)
    yield _drawn(_evenly_spread(4 * _DRAWS, len(sizes)), given)


def _alike_but_for(sizes: Sequence[int]) -> Iterator[Places]:
    """All chose the first, the last, or left blank, but for one item, or two, or all from some item on."""
    number = len(sizes)
    firsts, blanks = np.zeros(number, np.intp), np.array(sizes) - 1
    for start in (firsts, np.maximum(blanks - 1, 0), blanks):
        yield start[None, :]
        for item, size in enumerate(sizes):
            others = np.tile(start, (size, 1))
            others[:, item] = np.arange(size)
            yield others
        for one, other in combinations(range(number), 2):
            pairs = np.tile(start, (4, 1))
            pairs[:, one] = [0, 1, 1, blanks[one]]
            pairs[:, other] = [1, 0, 1, blanks[other]]
            yield pairs
        for from_item in range(number):
            ends = np.tile(start, (4, 1))
            ends[0, from_item:], ends[1, :from_item] = blanks[from_item:], blanks[:from_item]
            ends[2, from_item:], ends[3, :from_item] = 1, 1
            yield ends


def _evenly_spread(number: int, dimensions: int) -> npt.NDArray[np.float64]:
    """
    Points that fill a cube evenly, the same every time: Kronecker's sequence with square roots of primes.

    Source: Niederreiter (1992), Random Number Generation and Quasi-Monte Carlo Methods, ch. 3.
    """
    primes = [n for n in range(2, 400) if all(n % d for d in range(2, int(n**0.5) + 1))][:dimensions]
    return np.outer(np.arange(1, number + 1), np.sqrt(primes)) % 1.0


def _profile(size: int, first: float, blank: float) -> list[float]:
    """Weights with so much on the first choice and on blank, the rest on what lies between."""
    between = max(size - 2, 1)
    return [first, *[(1 - first) * (1 - blank) / between] * (size - 2), (1 - first) * blank + 1e-3]


def _drawn(points: npt.NDArray[np.float64], weights: Sequence[Weights]) -> Places:
    """The choice at each point, by each item's weights."""
    columns = []
    for column, of_item in zip(points.T, weights, strict=True):
        edges = np.cumsum(of_item) / np.sum(of_item)
        columns.append(np.minimum(np.searchsorted(edges, column, side="right"), len(of_item) - 1))
    return np.column_stack(columns)


def _distinct(kinds: Kinds) -> Kinds:
    """Each kind once."""
    marks = np.column_stack([*kinds.cells.values(), *(m[:, None] for m in kinds.leads_to.values())])
    scores = [(scores + 1).astype(np.uint8)[:, None] for scores in kinds.scores.values()]
    signs = np.ascontiguousarray(np.column_stack([np.packbits(marks, axis=1), *scores]))
    _, first = np.unique(signs.view(f"V{signs.shape[1]}").ravel(), return_index=True)
    kept = np.sort(first)
    return Kinds(
        number=len(kept),
        is_complete=kinds.is_complete,
        cells={table_id: cells[kept] for table_id, cells in kinds.cells.items()},
        scores={table_id: scores[kept] for table_id, scores in kinds.scores.items()},
        leads_to={child: asked[kept] for child, asked in kinds.leads_to.items()},
    )
