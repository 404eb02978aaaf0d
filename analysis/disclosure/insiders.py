"""
Insiders: somebody who answered, and so knows one record beside the staff list and the release.

Everything that must stay open must stay so for each of them, counted among the others. Which records somebody may
hold follows from what is shown, as everything else does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.disclosure.roster import Witnesses

_Numbers = npt.NDArray[np.int64]
_Whether = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Record:
    """
    What an insider knows beside everybody else: the class and the outcome of one person.

    Attributes:
        unknown: The place of both among the unknowns.
        down: What each number must be able to come down to, so that the others are as open as all were.
        up: What each must be able to reach.
        asked: Whether anything is asked of it.
    """

    unknown: int
    down: _Numbers
    up: _Numbers
    asked: _Whether


def records(witnesses: Witnesses, outcomes: int) -> Iterator[Record]:
    """Every record that one person can hold, with what must stay open to whoever does."""
    demands = witnesses.demands
    sizes = np.array([demand.crowd.size for demand in demands])
    marks = np.vstack([demand.crowd.marks for demand in demands]).T
    own = witnesses.matrix.toarray()
    down = np.array([demand.down for demand in demands])
    up = np.array([demand.up for demand in demands])
    few = np.array([np.isfinite(demand.plain_from) for demand in demands])
    many = np.array([np.isfinite(demand.plain_to) for demand in demands])
    of_class = np.array([demand.is_class for demand in demands])
    plain = witnesses.are_plain
    for unknown in range(own.shape[1]):
        inside, its = marks[unknown // outcomes], own[:, unknown]
        others = sizes - inside
        # Of the others a band tells one less: who knows one of four knows that there are three more at most.
        others_few = np.minimum(up - down - 1, others)
        lowest = np.select([few, many, of_class], [its, sizes - inside + its - others_few, others - 1 + its])
        highest = np.select(
            [few, many, of_class], [its + others_few, others + its, np.where(up > 0, 1 + its, 0)]
        )
        asked = ~plain & (others > 0)
        yield Record(unknown, lowest, highest, asked)


def is_told(witnesses: Witnesses, outcomes: int) -> bool:
    """Whether some record makes its holder know of the others what the bands do not say."""
    return any(_is_told(witnesses, record) for record in records(witnesses, outcomes))


def _is_told(witnesses: Witnesses, record: Record) -> bool:
    for upward in (False, True):
        missing = _missing(witnesses, record, upward=upward)
        if not len(missing):
            continue
        witnesses.program.with_least(record.unknown, 1)
        try:
            if _is_short(witnesses, record, missing, upward=upward):
                return True
        finally:
            witnesses.program.with_least(record.unknown, 0)
    return False


def _is_short(witnesses: Witnesses, record: Record, missing: _Numbers, *, upward: bool) -> bool:
    """Whether some of the numbers cannot go where they must while somebody holds the record."""
    if not witnesses.program.is_possible():
        # Nobody can hold it. A limit that was reached is no such proof: what is missing then stays missing.
        return not witnesses.program.is_impossible
    witnesses.look(np.asarray(witnesses.matrix[missing].sum(axis=0)).ravel(), upward=upward)
    targets = record.up if upward else record.down
    for place in missing:
        if place in _missing(witnesses, record, upward=upward):
            demand = witnesses.demands[place]
            witnesses.look(demand.coefficients, upward=upward, enough=int(targets[place]))
            if place in _missing(witnesses, record, upward=upward):
                return True
    return False


def _missing(witnesses: Witnesses, record: Record, *, upward: bool) -> _Numbers:
    """The numbers that no set of people with the record takes where they must be able to go."""
    values = witnesses.values_with(record.unknown)
    if upward:
        highest = values.max(axis=0, initial=-1)
        return np.flatnonzero(record.asked & (highest < record.up))
    lowest = values.min(axis=0, initial=2**30)
    return np.flatnonzero(record.asked & (lowest > record.down))
