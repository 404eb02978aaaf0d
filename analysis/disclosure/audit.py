"""
The intruder: someone with the whole release, who can compute, and knows how everything is counted.

Between suppression and release. For every number that must stay open the audit looks for two sets of possible
respondents, both in agreement with everything shown: one in which the number is zero, one in which it reaches
the threshold less one. Where both exist, nobody can tell none from a few. A number that the shown bounds by
themselves prove to reach the threshold needs no such proof. What is not proven counts as disclosed.

Source: docs/explanation/disclosure.md, R5 and R6; feasibility intervals as in Hundepool et al. (2012),
Statistical Disclosure Control, ch. 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.disclosure.blocks import Block
from analysis.disclosure.program import NotProvenError, Program, Solution, Vector
from analysis.disclosure.respondents import Marks, Respondents
from analysis.disclosure.scene import Count, Mixture, Scene, Shown
from analysis.tables import Interval

_TOLERANCE: Final = 1e-4
"""
How far from a whole number a solution may lie and still count as it. HiGHS keeps bounds to 1e-7 and sums
here have at most some thousand terms; a vertex that is truly no whole number has a denominator far below
ten thousand.
"""

_Packed = npt.NDArray[np.uint8]


class _Protected(NamedTuple):
    """
    Numbers that must stay open, one per row.

    Attributes:
        marks: Which kinds each counts.
        floors: What each must be able to come down to: zero, unless more was known before.
    """

    marks: Marks
    floors: Vector


@dataclass(frozen=True, slots=True)
class Audit:
    """
    The audit of one organisation's tables.

    Attributes:
        respondents: What anybody could have answered.
        responses: How many answered: public.
        threshold: Least count that may be known.
    """

    respondents: Respondents
    responses: int
    threshold: int

    def is_safe(self, root: Block, shown: Mapping[str, Shown], mixture: Mixture | None = None) -> bool:
        """
        Whether everything protected in the blocks that hang on `root` stays open.

        Args:
            root: A block of everybody.
            shown: By table id, what is shown of these blocks; other tables are hidden.
            mixture: What is known besides of how many count as what in one of them.
        """
        scene = Scene.of(self.respondents, self.responses, root, shown)
        numbers = [self._unproven(scene, block) for block in scene.places]
        protected = _Protected(
            np.vstack([of_block.marks for of_block in numbers]),
            np.concatenate([of_block.floors for of_block in numbers]),
        )
        if not len(protected.floors) and scene.is_exact:
            return True
        try:
            return self._all_open(scene, protected, mixture)
        except NotProvenError:
            return False

    def asked(self, block: Block, shown: Mapping[str, Shown]) -> Interval:
        """
        Bounds of how many were asked a routed block's items.

        From what is shown of the answers that lead there.

        Raises:
            NotProvenError: If no bounds were found.
        """
        parent = block.parent or block
        scene = Scene.of(self.respondents, self.responses, block.root, shown, beside=[parent])
        asked = scene.among_all(parent, scene.kinds[parent].leads_to[block]).astype(np.float64)
        program = scene.program()
        least, most = program.least(asked).value, program.greatest(asked).value
        # Outward: these bounds are shown as true, so they may only be too wide.
        return Interval(max(floor(least + _TOLERANCE), 0), min(ceil(most - _TOLERANCE), self.responses))

    def ranges(
        self, root: Block, shown: Mapping[str, Shown], mixture: Mixture | None = None
    ) -> dict[str, tuple[Interval, ...]]:
        """
        What each cell that is not exact was found able to be, by table id.

        Rounded inward: each end is reached by some set of possible respondents.

        Raises:
            NotProvenError: If a range was not found.
        """
        scene = Scene.of(self.respondents, self.responses, root, shown)
        open_cells = [
            (table.id, cell, scene.among_all(block, marks))
            for block in scene.places
            for table in block.tables
            if table.id in shown
            for marks, cell in zip(scene.kinds[block].cells[table.id].T, shown[table.id].cells, strict=True)
            if not cell.is_exact
        ]
        found = _ranges_within(
            [cell for _, cell, _ in open_cells],
            [marks for *_, marks in open_cells],
            scene.program(mixture) if open_cells else None,
        )
        ranges: dict[str, tuple[Interval, ...]] = dict.fromkeys(shown, ())
        for (table_id, *_), found_range in zip(open_cells, found, strict=True):
            ranges[table_id] += (found_range,)
        return ranges

    def _all_open(self, scene: Scene, protected: _Protected, mixture: Mixture | None) -> bool:
        """Whether each number can come down to its floor and reach just under the threshold above it."""
        program, (marks, floors) = scene.program(mixture), protected
        is_open = np.ones(len(floors), np.bool_)
        for place in _short_of(marks, program.least, lambda found: found <= floors + _TOLERANCE):
            # Where all kinds of respondents are listed, what none of them allows is impossible: proof enough.
            least = ceil(program.least(marks[place].astype(np.float64)).value - _TOLERANCE)
            if mixture is not None or not scene.lists_all or least < self.threshold:
                return False
            is_open[place] = False
        marks, wanted = marks[is_open], floors[is_open] + self.threshold - 1 - _TOLERANCE
        return not any(True for _ in _short_of(marks, program.greatest, lambda found: found >= wanted))

    def _unproven(self, scene: Scene, block: Block) -> _Protected:
        """
        Numbers that must stay open and that the bounds do not prove to reach the threshold.

        Each count of the block, whether or not it is shown, and the difference of any two shown counts of
        which one is a part of the other. Counts come with their complements, so that two counts that exclude
        each other give away the rest, and this is such a difference too.
        """
        counts = [count for count in scene.counts(block) if count.marks.any()]
        packed = np.packbits(np.vstack([count.marks for count in counts]), axis=1)
        shown = [place for place, count in enumerate(counts) if count.is_shown]
        proofs = {place: counts[place].bounds.lo for place in shown}
        found: dict[bytes, tuple[int, int]] = {}
        for sign, floor_, least in (
            *((packed[place].tobytes(), 0, count.bounds.lo) for place, count in enumerate(counts)),
            *_differences([counts[place] for place in shown], packed[shown]),
        ):
            before = found.get(sign, (floor_, least))
            found[sign] = min(before[0], floor_), max(before[1], least)
        unproven = [(sign, floor_) for sign, (floor_, least) in found.items() if least < self.threshold]
        sets = np.frombuffer(b"".join(sign for sign, _ in unproven), np.uint8).reshape(-1, packed.shape[1])
        for place in (place for place, least in proofs.items() if least >= self.threshold):
            holds_proof = ~(packed[place] & ~sets).any(axis=1)
            unproven = [
                entry for entry, is_proven in zip(unproven, holds_proof, strict=True) if not is_proven
            ]
            sets = sets[~holds_proof]
        marks = np.unpackbits(sets, axis=1, count=scene.kinds[block].number).astype(np.bool_)
        return _Protected(scene.among_all(block, marks), np.array([floor_ for _, floor_ in unproven], float))


def _differences(shown: Sequence[Count], packed: _Packed) -> Iterator[tuple[bytes, int, int]]:
    """Differences of a shown count and a part of it that is shown: the set, its floor, its proven least."""
    for inner, part in zip(shown, packed, strict=True):
        is_whole = ~(part & ~packed).any(axis=1) & (packed & ~part).any(axis=1)
        for place in np.flatnonzero(is_whole):
            outer = shown[int(place)]
            # Within one row of which each respondent stands in one cell the row's own sum has said it
            # already.
            if inner.row and inner.row == outer.row:
                continue
            least = max(outer.bounds.lo - inner.bounds.hi, 0)
            is_known = inner.is_derived or outer.is_derived
            yield (packed[place] & ~part).tobytes(), least if is_known else 0, least


def _short_of(
    marks: Marks, ask: Callable[[Vector], Solution], reached: Callable[[Vector], Marks]
) -> Iterator[int]:
    """Places of the numbers that no solution brings to their mark; one answers for as many as it can."""
    if not len(marks):
        return
    short = ~reached(_sums(marks, ask(marks.sum(axis=0).astype(np.float64))))
    for place in range(len(marks)):
        if short[place]:
            short &= ~reached(_sums(marks, ask(marks[place].astype(np.float64))))
            if short[place]:
                yield place


def _sums(marks: Marks, solution: Solution) -> Vector:
    """What each number is in a solution, which has few kinds of respondents."""
    there = np.flatnonzero(solution.respondents)
    sums: Vector = marks[:, there] @ solution.respondents[there]
    return sums


def _ranges_within(
    cells: Sequence[Interval], marks: Sequence[Marks], program: Program | None
) -> list[Interval]:
    """The least and the greatest that each cell was found to be; a search ends where its bounds do."""
    if program is None:
        return []
    matrix = np.vstack(marks)
    lowest, highest = np.array([cell.lo for cell in cells]), np.array([cell.hi for cell in cells])
    least = most = _sums(matrix, program.least(matrix.sum(axis=0).astype(np.float64)))
    for place in range(len(cells)):
        one = matrix[place].astype(np.float64)
        if least[place] > lowest[place] + _TOLERANCE:
            least = np.minimum(least, _sums(matrix, program.least(one)))
        if most[place] < highest[place] - _TOLERANCE:
            most = np.maximum(most, _sums(matrix, program.greatest(one)))
    return [_inward(*ends) for ends in zip(least, most, strict=True)]


def _inward(least: float, most: float) -> Interval:
    return Interval(max(ceil(least - _TOLERANCE), 0), floor(most + _TOLERANCE))
