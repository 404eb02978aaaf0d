"""
Two waves of one organisation: what a later one, beside an earlier one, tells of those who came and went.

The intruder knows who joined and who left, and takes it that whoever stayed answered as before, with the
fewest newcomers that explain both releases. Under that assumption the newcomers' and the leavers' answers are
what the two waves differ by. They must stay open, as must every small count of either wave. Decided from what
is published alone. Row by row: an organisation's own, and each group's by itself.
Source: docs/explanation/disclosure.md, R7.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from typing import Final, NamedTuple

import numpy as np

from analysis.disclosure.arrays import Arrays
from analysis.disclosure.attack import AttackProgram
from analysis.disclosure.policy import WavePolicy
from analysis.disclosure.problem import ChoiceCell, FormProblem, Known, Protected, Terms
from analysis.disclosure.program import NotProvenError
from analysis.disclosure.public import PublishedRow
from analysis.tables import Interval

_NEAR: Final = 1e-4
_STAYED, _LEFT, _JOINED = range(3)

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


def tells_nothing_new(earlier: WaveRow, later: WaveRow, policy: WavePolicy, threshold: int) -> bool:
    """
    Whether the later row may stand beside the earlier one; where it was not found to, it may not.

    Args:
        earlier: Published before, also if it was taken back.
        later: To be published; of the same item and the same reporting group.
        policy: With the bound on how many may have come and gone.
        threshold: Least count that may be known.
    """
    if earlier.multiple or later.multiple:
        pairs = [(_one(earlier, codes), _one(later, codes)) for codes in later.options]
        known = [pair for pair in pairs if pair[0] is not None and pair[1] is not None]
        return all(_is_open(one, other, policy, threshold) for one, other in known if one and other)
    return _is_open(earlier, later, policy, threshold)


def _one(wave: WaveRow, codes: Codes) -> WaveRow | None:
    """Of several options that can be chosen together, one: how many chose it, and how many did not."""
    if codes not in wave.options:
        return None
    cell, base = wave.row.cells[wave.options.index(codes)], wave.row.base
    others = Interval(max(base.lo - cell.hi, 0), base.hi - cell.lo)
    row = PublishedRow(wave.row.group, wave.row.parent, base, (cell, others))
    return WaveRow((codes, Codes({""})), row, multiple=False)


def _is_open(earlier: WaveRow, later: WaveRow, policy: WavePolicy, threshold: int) -> bool:
    atoms = _atoms(earlier.options, later.options)
    if atoms is None:
        # Other questions or other answers: nothing can be subtracted.
        return True
    pair = _Pair(earlier.row, later.row, atoms, threshold)
    try:
        joined = pair.fewest_joined()
        if joined is None or joined > policy.turnover_percent * later.row.base.hi // 100:
            return True
        return pair.is_open(joined)
    except NotProvenError:
        return False


class _Atom(NamedTuple):
    """Codes that stand in one option of the earlier wave and one of the later, by their places."""

    earlier: int
    later: int


def _atoms(earlier: Sequence[Codes], later: Sequence[Codes]) -> list[_Atom] | None:
    """The finest groups of codes that both waves' options are made of; None if they count other codes."""
    if frozenset().union(*earlier) != frozenset().union(*later):
        return None
    return [
        _Atom(one, other)
        for one, codes in enumerate(earlier)
        for other, others in enumerate(later)
        if codes & others
    ]


@dataclass(frozen=True)
class _Pair:
    """Two rows as one program: for each atom how many stayed, left and joined."""

    earlier: PublishedRow
    later: PublishedRow
    atoms: Sequence[_Atom]
    threshold: int

    def fewest_joined(self) -> int | None:
        """The fewest newcomers with whom both rows can be true; None if nothing explains them."""
        joined = self._sum(_JOINED, range(len(self.atoms)))
        program = self._program((), [Protected(joined, (0, 0))])
        try:
            least, _ = program.range_of(0)
        except NotProvenError:
            return None
        return max(ceil(least - _NEAR), 0)

    def is_open(self, joined: int) -> bool:
        """Whether every small number stays open if just so many joined."""
        everyone = range(len(self.atoms))
        left = joined - self.later.base.lo + self.earlier.base.lo
        fixed = [
            Known(self._sum(_JOINED, everyone), joined, joined),
            # Exact where the bases are; else as many as the least bases say, which is the tightest.
            Known(self._sum(_LEFT, everyone), max(left, 0), max(left, 0)),
        ]
        asked = [*self._openness(joined, max(left, 0))]
        program = self._program(fixed, [protected for protected, _ in asked])
        if program.is_safe():
            return True
        return all(self._is_plain(program.range_of(number), asked[number][1]) for number in program.won())

    def _is_plain(self, found: tuple[float, float], size: int) -> bool:
        """Whether what is told is only that a number is not small, nor all but a few."""
        least, most = ceil(found[0] - _NEAR), floor(found[1] + _NEAR)
        return self.threshold <= least and most <= size - self.threshold

    def _openness(self, joined: int, left: int) -> Iterator[tuple[Protected, int]]:
        for size, movement, options in ((joined, _JOINED, self._later), (left, _LEFT, self._earlier)):
            for places in options.values():
                yield from self._ends(self._sum(movement, places), size, Interval(0, size))
        for row, options, movement in (
            (self.earlier, self._earlier, _LEFT),
            (self.later, self._later, _JOINED),
        ):
            for option, places in options.items():
                yield from self._ends(self._in_wave(movement, places), row.base.hi, row.cells[option])

    def _ends(self, terms: Terms, size: int, cell: Interval) -> Iterator[tuple[Protected, int]]:
        few = min(self.threshold - 1, size)
        if size and cell.lo < self.threshold and not cell.is_exact:
            yield Protected(terms, (0, few)), size
        if size and cell.hi > size - self.threshold and not cell.is_exact:
            yield Protected(terms, (size - few, size)), size

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

    def _sum(self, movement: int, places: Sequence[int] | range) -> Terms:
        return Terms(tuple(movement * len(self.atoms) + place for place in places))

    def _in_wave(self, movement: int, places: Sequence[int] | range) -> Terms:
        """Those in a wave: who stayed, and who left after it or joined for it."""
        return Terms((*self._sum(_STAYED, places).unknowns, *self._sum(movement, places).unknowns))

    def _program(self, fixed: Sequence[Known], asked: Sequence[Protected]) -> AttackProgram:
        everyone = range(len(self.atoms))
        cells, frame = [], list(fixed)
        for row, options, movement in (
            (self.earlier, self._earlier, _LEFT),
            (self.later, self._later, _JOINED),
        ):
            frame.append(Known(self._in_wave(movement, everyone), row.base.lo, row.base.hi))
            for option, places in options.items():
                cell = row.cells[option]
                cells.append(ChoiceCell(self._in_wave(movement, places), cell.lo, (cell,)))
        most = float(max(self.earlier.base.hi, self.later.base.hi))
        arrays = Arrays(
            FormProblem(
                unknowns=3 * len(self.atoms),
                upper=np.full(3 * len(self.atoms), most),
                frame=tuple(frame),
                cells=tuple(cells),
                protections=tuple(asked),
            )
        )
        program = AttackProgram(arrays)
        program.face(arrays.steps(np.zeros(len(cells), np.int64)))
        return program
