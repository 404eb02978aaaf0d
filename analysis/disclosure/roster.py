"""
The roster attacker: someone who knows who answered and how each described themselves, and has the release.

Of one block's tables, broken down by every breakdown that is shown. The unknowns are numbers of people by
person-class and outcome; what is shown are bounds on their sums. For every number that must stay open a set
of people is looked for that agrees with everything shown and takes the number to where it must be able to go.
What is not found counts as disclosed. Source: docs/explanation/disclosure.md, R5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from analysis.disclosure.classes import ORGANISATION, REMAINDER, Classes, Crowd
from analysis.disclosure.forms import hidden
from analysis.disclosure.outcomes import Outcomes
from analysis.disclosure.program import NotProvenError, Vector
from analysis.disclosure.scene import Shown
from analysis.disclosure.swaps import Swaps
from analysis.disclosure.witnesses import Rows, WitnessProgram
from analysis.tables import Interval
from policy import LIMITS

_TOLERANCE: Final = 1e-4

Matrix = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ties:
    """
    What the organisation's own tables say of how many have each outcome.

    Attributes:
        shown: Table id → what is shown of the organisation as a whole.
        totals: Shape (sets, outcomes), whole numbers: totals of sets of respondents that agree with
            everything shown of the organisation, where more than these tables ties them; else None. Any
            mixture of them agrees too.
        places: For each kind of respondent of the organisation's tables its outcome.
    """

    shown: Mapping[str, Shown]
    totals: Matrix | None = None
    places: Matrix = field(default_factory=lambda: np.zeros(0, np.int64))


class Demand(NamedTuple):
    """
    A number that must stay open.

    Attributes:
        coefficients: The number, as a sum over (class, outcome).
        crowd: Whom it counts among.
        down: What it must be able to come down to.
        up: What it must be able to reach.
        plain_from: From so much on it is no secret: where it is proven to be at least that, nothing is asked.
        plain_to: Likewise, down from so much.
        is_class: Whether it says what everybody of a class did, rather than how many.
        name: Table, row and cell, for whoever must coarsen it.
    """

    coefficients: Matrix
    crowd: Crowd
    down: int
    up: int
    plain_from: float = np.inf
    plain_to: float = -np.inf
    is_class: bool = False
    name: tuple[str, int, int] = ("", REMAINDER, -1)


Published = Mapping[str, Mapping[int, Shown]]
"""Table id → place of a reporting group among the classes' groups → what is shown of its row."""


@dataclass(frozen=True, slots=True)
class Roster:
    """
    What is known of one block before anything of its breakdowns is shown.

    Attributes:
        classes: Everybody, by what they said of themselves.
        outcomes: What one person can count as.
        ties: What the organisation's tables say.
        threshold: Least count that may be known.
        small: Base from which a group is shown; fewer people who differ two groups are protected as a row is.
    """

    classes: Classes
    outcomes: Outcomes
    ties: Ties
    threshold: int
    small: int

    def program(self, published: Published) -> WitnessProgram:
        """The program of all that is shown, the breakdowns among it."""
        rows = list(self.rows(published))
        matrix = sparse.csr_array(sparse.vstack([row for row, _, _ in rows], format="csr"))
        least = np.concatenate([low for _, low, _ in rows])
        most = np.concatenate([high for _, _, high in rows])
        people = np.repeat(self.classes.sizes, self.outcomes.number)
        upper = np.concatenate([people, np.ones(self._mixed)])
        return WitnessProgram.on(Rows(matrix, least, most), upper.astype(np.float64), len(people))

    def totals_left(self, published: Published) -> npt.NDArray[np.float64]:
        """Those of the organisation's possible totals that what is shown leaves, toward each of them."""
        if self.ties.totals is None:
            return np.zeros((0, self.outcomes.number))
        program = self.program(published)
        mixtures = [program.most_of(place) for place in range(self._mixed)]
        found = [mixture @ self.ties.totals for mixture in mixtures if mixture is not None]
        return np.array(found).reshape(-1, self.outcomes.number)

    @property
    def _mixed(self) -> int:
        """How many totals may be mixed."""
        return 0 if self.ties.totals is None else len(self.ties.totals)

    def swaps(self, published: Published) -> Swaps | None:
        """What two people may swap while so much is shown; None where a person can have several outcomes."""
        ((table_id, cells),) = self.outcomes.cells.items()
        if len(self.outcomes.rules) > 1 or cells.shape[0] != self.outcomes.number:
            return None
        rows = published.get(table_id, {})
        order = cells.argmax(axis=0)
        least = [[shown.cells[cell].lo for cell in order] for shown in rows.values()]
        most = [[shown.cells[cell].hi for cell in order] for shown in rows.values()]
        shape = (len(rows), self.outcomes.number)
        marks = self.classes.marks[list(rows)]
        return Swaps(marks, np.reshape(least, shape).astype(int), np.reshape(most, shape).astype(int))

    def spread(self, crowd: Crowd, outcomes: npt.ArrayLike) -> Matrix:
        """A sum over the people of a crowd, with so much for each outcome."""
        spread: Matrix = np.outer(crowd.marks, np.asarray(outcomes)).astype(np.int64).ravel()
        return spread

    def demands(self, published: Published) -> Iterator[Demand]:
        """Everything that must stay open while so much is shown."""
        for table_id, shown in self.ties.shown.items():
            yield from self._of_row(table_id, ORGANISATION, self.classes.everybody, shown)
        for table_id, rows in published.items():
            for place, shown in rows.items():
                yield from self._of_row(table_id, place, self.classes.crowd(place), shown)
        for table_id in published:
            for crowd in self.classes.remainders(self.small):
                for cell in range(len(self.outcomes.cells[table_id])):
                    yield from self._of_remainder((table_id, REMAINDER, cell), crowd)
            yield from self._of_classes(table_id)

    def before(self, table_id: str, cell: int, size: int) -> Interval:
        """What the organisation's own table leaves a count among so many people."""
        bounds, everybody = self.ties.shown[table_id].cells[cell], self.classes.everybody.size
        return Interval(max(size - (everybody - bounds.lo), 0), min(size, bounds.hi))

    def _of_remainder(self, name: tuple[str, int, int], crowd: Crowd) -> Iterator[Demand]:
        """Open as a row is, but for what the organisation's own table has said already."""
        before = self.before(name[0], name[2], crowd.size)
        base = Interval(crowd.size, crowd.size)
        for demand in self._of_cell(name, crowd, Interval(0, crowd.size), base):
            if before.lo <= demand.down and demand.up <= before.hi:
                yield demand

    def _of_row(self, table_id: str, place: int, crowd: Crowd, shown: Shown) -> Iterator[Demand]:
        for cell, bounds in enumerate(shown.cells):
            if bounds == hidden(crowd.size):
                yield from self._of_remainder((table_id, place, cell), crowd)
            elif not bounds.is_exact:
                yield from self._of_cell((table_id, place, cell), crowd, bounds, shown.base)

    def _of_cell(
        self, name: tuple[str, int, int], crowd: Crowd, bounds: Interval, base: Interval
    ) -> Iterator[Demand]:
        """A count and its complement, where each may be small: from none to just under the threshold."""
        coefficients = self.spread(crowd, self.outcomes.cells[name[0]][name[2]])
        few, size = min(self.threshold - 1, base.hi), base.hi
        if bounds.lo < self.threshold:
            yield Demand(coefficients, crowd, 0, few, plain_from=self.threshold, name=name)
        if bounds.hi > size - self.threshold:
            plain = size - self.threshold
            yield Demand(coefficients, crowd, size - few, size, plain_to=plain, name=name)

    def _of_classes(self, table_id: str) -> Iterator[Demand]:
        """Nobody is shown to have given an answer, nor never to have said what happened to them."""
        for place, size in enumerate(self.classes.sizes):
            marks = np.arange(len(self.classes.sizes)) == place
            crowd = Crowd(marks, int(size))
            for cell, outcomes in enumerate(self.outcomes.cells[table_id]):
                up = int(self.outcomes.exposed[table_id][cell])
                name = (table_id, REMAINDER, cell)
                yield Demand(self.spread(crowd, outcomes), crowd, int(size) - 1, up, is_class=True, name=name)

    def rows(self, published: Published) -> Iterator[tuple[sparse.csr_array, Vector, Vector]]:
        """What everybody knows, then what is shown: sums of unknowns with their least and their most."""
        classes = len(self.classes.sizes)
        people = classes * self.outcomes.number
        eye = sparse.eye_array(classes, format="csr")
        for rule in self.outcomes.rules:
            row = sparse.kron(eye, sparse.csr_array(rule.coefficients[None, :]), format="csr")
            sizes = self.classes.sizes.astype(np.float64)
            yield self._beside(row), rule.least * sizes, rule.most * sizes
        if self.ties.totals is not None:
            everyone = [sparse.eye_array(self.outcomes.number)] * len(self.classes.sizes)
            mixture = -sparse.csr_array(self.ties.totals.T)
            none = np.zeros(self.outcomes.number)
            yield sparse.csr_array(sparse.hstack([*everyone, mixture])), none, none
            one = np.concatenate([np.zeros(people), np.ones(self._mixed)])
            yield sparse.csr_array(one[None, :]), np.ones(1), np.ones(1)
        everybody = self.classes.everybody
        for table_id, shown in self.ties.shown.items():
            yield from self._bounds(table_id, everybody, shown)
        for table_id, rows in published.items():
            for place, shown in rows.items():
                yield from self._bounds(table_id, self.classes.crowd(place), shown)

    def _bounds(
        self, table_id: str, crowd: Crowd, shown: Shown
    ) -> Iterator[tuple[sparse.csr_array, Vector, Vector]]:
        for outcomes, (lo, hi) in zip(self.outcomes.cells[table_id], shown.cells, strict=True):
            if (lo, hi) != (0, crowd.size):
                yield self._row(self.spread(crowd, outcomes), lo, hi)

    def _row(
        self, coefficients: Matrix, least: float, most: float
    ) -> tuple[sparse.csr_array, Vector, Vector]:
        row = sparse.csr_array(coefficients[None, :].astype(np.float64))
        return self._beside(row), np.array([least], float), np.array([most], float)

    def _beside(self, rows: sparse.csr_array) -> sparse.csr_array:
        """The rows, with nothing for the mixture."""
        nothing = sparse.csr_array((rows.shape[0], self._mixed))
        return sparse.csr_array(sparse.hstack([rows, nothing]))


class Witnesses:
    """
    Sets of people that agree with what is shown, and what each makes of the numbers that must stay open.

    Every one that was found answers for all the questions it can.

    Attributes:
        program: Where they are looked for.
        demands: The numbers.
        swaps: What two people may swap; None where a person can have several outcomes.
        matrix: The numbers as sums of unknowns, a row each.
        are_plain: Which numbers were proven to be beyond what is protected.
    """

    def __init__(
        self, program: WitnessProgram, demands: Sequence[Demand], swaps: Swaps | None = None
    ) -> None:
        """Begin with none."""
        self.program, self.demands, self.swaps = program, demands, swaps
        self.matrix = sparse.csr_array(np.vstack([demand.coefficients for demand in demands]))
        self.are_plain = np.zeros(len(demands), np.bool_)
        self._people = np.zeros((0, self.matrix.shape[1]), np.int32)
        self._values = np.zeros((0, len(demands)), np.int32)
        self._found = 0

    def look(self, coefficients: Matrix, *, upward: bool, enough: int | None = None) -> float:
        """Look for a set in which a sum is at its least, or greatest; the bound that none passes."""
        sign = -1 if upward else 1
        answer = self.program.least(
            sign * coefficients.astype(np.float64), enough=None if enough is None else sign * enough
        )
        if answer.people is not None:
            self._keep(answer.people)
        return sign * answer.bound

    @property
    def lowest(self) -> Matrix:
        """The least that each number was found to be."""
        lowest: Matrix = np.min(self._values[: self._found], axis=0, initial=2**30)
        return lowest

    @property
    def highest(self) -> Matrix:
        """The greatest that each number was found to be."""
        highest: Matrix = np.max(self._values[: self._found], axis=0, initial=-1)
        return highest

    def without(
        self, wanted: npt.NDArray[np.bool_], place: int, target: int, *, upward: bool
    ) -> npt.NDArray[np.bool_]:
        """Of the wanted unknowns those that are there in no set in which a number goes as far as a target."""
        values = self._values[: self._found, place]
        there = np.flatnonzero(values >= target if upward else values <= target)
        left = wanted & ~(self._people[there] > 0).any(axis=0)
        if self.swaps is None or not left.any():
            return left
        swaps = self._with_demand(self.swaps, self.demands[place], target, upward=upward)
        # The last found first: they were looked for with this number in mind.
        for found in there[::-1][: LIMITS.swapped]:
            left &= ~swaps.records(self._people[found])
            if not left.any():
                break
        return left

    def _with_demand(self, swaps: Swaps, demand: Demand, target: int, *, upward: bool) -> Swaps:
        """What two people may swap without the number leaving its target."""
        outcomes = swaps.least.shape[1]
        inside = demand.coefficients.reshape(-1, outcomes).any(axis=0)
        nothing, everybody = np.zeros(outcomes, np.int64), np.full(outcomes, demand.crowd.size)
        # Of a crowd one cell is counted; the others may be anything.
        least = np.where(inside, target, nothing) if upward else nothing - 1
        most = everybody + 1 if upward else np.where(inside, target, everybody + 1)
        return swaps.with_row(demand.crowd.marks, np.where(inside, least, -1), most)

    def range_of(self, count: Matrix, bounds: Interval) -> Interval:
        """The least and the greatest that a count was found to be, within its bounds."""
        ends = []
        for upward, wanted in ((False, bounds.lo), (True, bounds.hi)):
            found = self._people[: self._found] @ count
            if wanted not in found:
                bound = self.look(count, upward=upward)
                if np.isfinite(bound):
                    end = floor(bound + _TOLERANCE) if upward else ceil(bound - _TOLERANCE)
                    self.look(count, upward=upward, enough=end)
                found = self._people[: self._found] @ count
            ends.append(int(found.max() if upward else found.min()))
        return Interval(*ends)

    def _keep(self, people: npt.NDArray[np.int64]) -> None:
        if self._found == len(self._people):
            # Room for as many again: each is copied few times.
            room = max(64, self._found)
            self._people = np.vstack([self._people, np.zeros((room, self._people.shape[1]), np.int32)])
            self._values = np.vstack([self._values, np.zeros((room, self._values.shape[1]), np.int32)])
        self._people[self._found] = people
        self._values[self._found] = np.asarray(self.matrix @ people)
        self._found += 1


@dataclass(frozen=True, slots=True)
class Finding:
    """
    What the attacker found.

    Attributes:
        told: The numbers that do not stay open.
        witnesses: The sets of people that show the others to.
    """

    told: tuple[Demand, ...]
    witnesses: Witnesses


def attacked(roster: Roster, published: Published) -> Finding:
    """
    Everything the roster attacker learns that they must not.

    Raises:
        NotProvenError: If nobody could have answered so.
    """
    program = roster.program(published)
    if not program.is_possible():
        raise NotProvenError("breakdown: nobody could have answered so")
    witnesses = Witnesses(program, list(roster.demands(published)), roster.swaps(published))
    return Finding(tuple(_told(witnesses)), witnesses)


def _told(witnesses: Witnesses) -> Iterator[Demand]:
    """The numbers for which no witness was found; one witness answers for as many as it can."""
    demands = witnesses.demands
    for places in (range(len(demands)), [place for place, demand in enumerate(demands) if demand.is_class]):
        together: Matrix = np.asarray(witnesses.matrix[list(places)].sum(axis=0)).ravel()
        for upward in (False, True):
            witnesses.look(together, upward=upward)
    for place, demand in enumerate(demands):
        if not _is_open(witnesses, place, demand):
            witnesses.are_plain[place] = _is_plain(witnesses, demand)
            if not witnesses.are_plain[place]:
                yield demand


def _is_open(witnesses: Witnesses, place: int, demand: Demand) -> bool:
    if witnesses.lowest[place] > demand.down:
        witnesses.look(demand.coefficients, upward=False, enough=demand.down)
    if witnesses.lowest[place] > demand.down:
        return False
    if witnesses.highest[place] < demand.up:
        witnesses.look(demand.coefficients, upward=True, enough=demand.up)
    return bool(witnesses.highest[place] >= demand.up)


def _is_plain(witnesses: Witnesses, demand: Demand) -> bool:
    """Whether the number is proven to be beyond what is protected."""
    if np.isfinite(demand.plain_from):
        least = witnesses.look(demand.coefficients, upward=False)
        return bool(np.isfinite(least) and ceil(least - _TOLERANCE) >= demand.plain_from)
    if np.isfinite(demand.plain_to):
        most = witnesses.look(demand.coefficients, upward=True)
        return bool(np.isfinite(most) and floor(most + _TOLERANCE) <= demand.plain_to)
    return False
