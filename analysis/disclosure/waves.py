"""
Two waves of one organisation: what a later one, beside an earlier one, tells of those who came and went.

The intruder knows who joined and who left, as few of them as can explain both releases if whoever stayed
answered as before, and takes it that at most one in ten of those who stayed did not. Even so, nobody's answer
among the newcomers or the leavers may be proven or excluded, nor may they surely have answered alike, and
every small count of either wave must stay open. Row by row: an organisation's own, and each group's by
itself; where the waves offered other answers, option by option. Source: docs/explanation/disclosure.md, R7.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, compress
from math import ceil, floor, inf
from operator import not_
from typing import Final, NamedTuple

import numpy as np

from analysis.disclosure.arrays import Arrays
from analysis.disclosure.attack import AttackProgram
from analysis.disclosure.problem import ChoiceCell, FormProblem, Known, Protected, Terms
from analysis.disclosure.program import NotProvenError
from analysis.disclosure.public import PublishedRow
from analysis.tables import Interval
from policy import WavePolicy

_NEAR: Final = 1e-4
_MOVEMENTS: Final = range(5)
_STAYED, _LEFT, _JOINED, _CHANGED_FROM, _CHANGED_TO = _MOVEMENTS
"""Who stayed and answered as before, who left, who joined, and who stayed and answered otherwise."""

Codes = frozenset[str]
"""What an option counts: its codes, or its own name where it counts none."""


@dataclass(frozen=True, slots=True)
class WaveRow:
    """
    One row of a release, with what its options count.

    Attributes:
        options: For each option what it counts.
        row: Base and cells.
        multiple: Whether a respondent may stand in several options.
    """

    options: tuple[Codes, ...]
    row: PublishedRow
    multiple: bool


def is_far_enough(earlier_last: date, later_first: date, policy: WavePolicy) -> bool:
    """Whether a wave may begin on this day, after one that ended on that."""
    months = earlier_last.month - 1 + policy.months_apart
    year, month = earlier_last.year + months // 12, months % 12 + 1
    # Six months after the 31st of August is the end of February.
    following = date(year + month // 12, month % 12 + 1, 1)
    latest = following.toordinal() - date(year, month, 1).toordinal()
    return later_first >= date(year, month, min(earlier_last.day, latest))


def tells_nothing_new(
    earlier: WaveRow, later: WaveRow, policy: WavePolicy, threshold: int, *, most_changed: int | None = None
) -> bool:
    """
    Whether the later row may stand beside the earlier one; where it was not found to, it may not.

    Args:
        earlier: Published before, also if it was taken back.
        later: To be published; of the same item and the same reporting group.
        policy: With the bounds on how many may have come and gone, and have answered otherwise.
        threshold: Least count that may be known.
        most_changed: Of what lasts, such as who somebody is, at most so many of those who stayed can differ.
    """
    held = partial(_is_open, policy=policy, threshold=threshold, most_changed=most_changed)
    if earlier.multiple or later.multiple or _counted(earlier) != _counted(later):
        # An answer that one wave alone offers does not make another one of "yes", which both offer.
        return all(held(_one(earlier, codes), _one(later, codes)) for codes in _in_both(earlier, later))
    return held(earlier, later)


def _counted(wave: WaveRow) -> Codes:
    return frozenset[str]().union(*wave.options)


def _in_both(earlier: WaveRow, later: WaveRow) -> Iterator[Codes]:
    """What an option of one wave counts that one of the other counts as well, or several together."""
    for codes in dict.fromkeys((*earlier.options, *later.options)):
        if all(codes == frozenset().union(*_within(wave, codes)) for wave in (earlier, later)):
            yield codes


def _within(wave: WaveRow, codes: Codes) -> list[Codes]:
    """The options that count nothing else; where several can be chosen, counts cannot be added up."""
    return [option for option in wave.options if (option == codes if wave.multiple else option <= codes)]


def _one(wave: WaveRow, codes: Codes) -> WaveRow:
    """Of several options those that count this, as one: how many chose it, and how many did not."""
    base, chosen = wave.row.base, _within(wave, codes)
    is_chosen = [option in chosen for option in wave.options]
    cell = _sum(compress(wave.row.cells, is_chosen))
    others = Interval(0, base.hi) if wave.multiple else _sum(compress(wave.row.cells, map(not_, is_chosen)))
    cells = _beside(cell, others, base), _beside(others, cell, base)
    row = PublishedRow(wave.row.group, wave.row.parent, base, cells)
    return WaveRow((codes, Codes({""})), row, multiple=False)


def _sum(cells: Iterable[Interval]) -> Interval:
    ends = [*cells]
    return Interval(sum(cell.lo for cell in ends), sum(cell.hi for cell in ends))


def _beside(cell: Interval, others: Interval, base: Interval) -> Interval:
    """What the cell can be if it and the others are the base."""
    return Interval(max(cell.lo, base.lo - others.hi), min(cell.hi, base.hi - others.lo))


def _is_open(
    earlier: WaveRow, later: WaveRow, policy: WavePolicy, threshold: int, most_changed: int | None
) -> bool:
    pair = _Pair(earlier.row, later.row, _atoms(earlier.options, later.options), threshold)
    try:
        joined = pair.fewest_joined()
        if joined is None or joined > policy.turnover_percent * later.row.base.hi // 100:
            return True
        changed = ceil(policy.changed_percent * max(later.row.base.lo - joined, 0) / 100)
        return pair.is_open(joined, changed if most_changed is None else min(changed, most_changed))
    except NotProvenError:
        return False


class _Atom(NamedTuple):
    """Codes that stand in one option of the earlier wave and one of the later, by their places."""

    earlier: int
    later: int


def _atoms(earlier: Sequence[Codes], later: Sequence[Codes]) -> list[_Atom]:
    """The finest groups of codes that both waves' options are made of."""
    return [
        _Atom(one, other)
        for one, codes in enumerate(earlier)
        for other, others in enumerate(later)
        if codes & others
    ]


@dataclass(frozen=True)
class _Pair:
    """Two rows as one program: for each atom how many made each movement."""

    earlier: PublishedRow
    later: PublishedRow
    atoms: Sequence[_Atom]
    threshold: int

    def fewest_joined(self) -> int | None:
        """The fewest newcomers who explain both rows if nobody changed; None if none do."""
        try:
            return self._fewest(_JOINED, ())
        except NotProvenError:
            return None

    def is_open(self, joined: int, changed: int) -> bool:
        """Whether people and small numbers stay open if just so many joined, and at most so many changed."""
        left = self._fewest(_LEFT, [Known(self._all(_JOINED), joined, joined)])
        # Of those who were led to a question by their answers, nobody knows how many came or went.
        known = self.earlier.base.is_exact and self.later.base.is_exact
        frame = [
            Known(self._all(_JOINED), joined, joined if known else inf),
            Known(self._all(_LEFT), left, left if known else inf),
            Known(self._all(_CHANGED_TO), 0, changed),
        ]
        return self._are_mixed(frame, joined, left) and self._are_counts_open(frame)

    def _fewest(self, movement: int, known: Sequence[Known]) -> int:
        frame = [*known, Known(self._all(_CHANGED_TO), 0, 0)]
        least, _ = self._program(frame, [Protected(self._all(movement), (0, 0))]).range_of(0)
        return max(ceil(least - _NEAR), 0)

    def _are_mixed(self, frame: Sequence[Known], joined: int, left: int) -> bool:
        """Whether of those who joined, or left, some may have given each answer, and some not."""
        asked = [
            (self._sum(movement, places), size)
            for movement, size, options in ((_JOINED, joined, self._later), (_LEFT, left, self._earlier))
            for places in options.values()
            if size
        ]
        program = self._program(frame, [Protected(terms, (0, 0)) for terms, _ in asked])
        return all(
            self._is_mixed(found, size) for found, (_, size) in zip(program.ranges(), asked, strict=True)
        )

    def _is_mixed(self, found: tuple[float, float], size: int) -> bool:
        few = min(self.threshold - 1, size)
        could_be = _inward(found)
        return could_be.lo <= size - few and few <= could_be.hi

    def _are_counts_open(self, frame: Sequence[Known]) -> bool:
        asked = [*self._small_counts()]
        program = self._program(frame, [protected for protected, _ in asked])
        return program.is_safe() or all(
            _is_disjoint(_inward(program.range_of(number)), asked[number][1]) for number in program.won()
        )

    def _small_counts(self) -> Iterator[tuple[Protected, Interval]]:
        """Each end of a cell that is a few, or all but a few, and what it would be if it were."""
        for row, options, others in self._rows:
            size, few = row.base.hi, min(self.threshold - 1, row.base.hi)
            for option, places in options.items():
                cell = row.cells[option]
                ends = (Interval(0, few), Interval(size - few, size)) if not cell.is_exact else ()
                for end in ends:
                    if not _is_disjoint(cell, end):
                        yield Protected(self._in_wave(others, places), (end.lo, end.hi)), end

    @property
    def _rows(self) -> Iterator[tuple[PublishedRow, Mapping[int, list[int]], tuple[int, ...]]]:
        """Each wave's row, its options' atoms, and who stands in it beside those who answered as before."""
        yield self.earlier, self._earlier, (_LEFT, _CHANGED_FROM)
        yield self.later, self._later, (_JOINED, _CHANGED_TO)

    @property
    def _earlier(self) -> Mapping[int, list[int]]:
        return self._places([atom.earlier for atom in self.atoms])

    @property
    def _later(self) -> Mapping[int, list[int]]:
        return self._places([atom.later for atom in self.atoms])

    def _places(self, options: Sequence[int]) -> dict[int, list[int]]:
        places: dict[int, list[int]] = {}
        for place, option in enumerate(options):
            places.setdefault(option, []).append(place)
        return places

    def _all(self, movement: int) -> Terms:
        return self._sum(movement, range(len(self.atoms)))

    def _sum(self, movement: int, places: Sequence[int] | range) -> Terms:
        return Terms(tuple(movement * len(self.atoms) + place for place in places))

    def _in_wave(self, others: Sequence[int], places: Sequence[int] | range) -> Terms:
        """Those in a wave: who answered the same in both, and those others."""
        sums = [self._sum(movement, places) for movement in (_STAYED, *others)]
        return Terms(tuple(chain.from_iterable(one.unknowns for one in sums)))

    def _frame(self) -> Iterator[Known]:
        for row, _, others in self._rows:
            yield Known(self._in_wave(others, range(len(self.atoms))), row.base.lo, row.base.hi)
        # Whoever changed left one option of the earlier wave for one of the later.
        both = (self._all(_CHANGED_FROM).unknowns, self._all(_CHANGED_TO).unknowns)
        signs = (1.0,) * len(self.atoms) + (-1.0,) * len(self.atoms)
        yield Known(Terms((*both[0], *both[1]), signs), 0, 0)

    def _program(self, known: Sequence[Known], asked: Sequence[Protected]) -> AttackProgram:
        cells = [
            ChoiceCell(self._in_wave(others, places), row.cells[option].lo, (row.cells[option],))
            for row, options, others in self._rows
            for option, places in options.items()
        ]
        unknowns = len(_MOVEMENTS) * len(self.atoms)
        most = float(max(self.earlier.base.hi, self.later.base.hi))
        frame = (*self._frame(), *known)
        arrays = Arrays(FormProblem(unknowns, np.full(unknowns, most), frame, tuple(cells), tuple(asked)))
        program = AttackProgram(arrays)
        program.face(arrays.steps(np.zeros(len(cells), np.int64)))
        return program


def _inward(found: tuple[float, float]) -> Interval:
    return Interval(ceil(found[0] - _NEAR), floor(found[1] + _NEAR))


def _is_disjoint(one: Interval, other: Interval) -> bool:
    """Whether a number in the one is plainly not in the other, as the bounds by themselves say."""
    return one.hi < other.lo or other.hi < one.lo
