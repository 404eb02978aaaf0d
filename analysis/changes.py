"""
A figure beside an earlier wave's: higher, lower, or no clear change; nothing where the rules do not let it.

A function of published bounds alone (docs/explanation/disclosure.md, R4 and R7). A change is said only where
every value within both bounds says it, and where it is larger than chance makes between two samples of the
people who were asked.

Sources: Newcombe 1998, Statistics in Medicine 17, 873-890 (method 10: the interval of a difference from two
Wilson intervals); Cochran 1977, Sampling Techniques, 2.6 (whoever asks nearly everybody is nearly sure).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf, sqrt
from typing import Final

from analysis.findings import headline, together
from analysis.release import Release, Table
from analysis.shares import Share
from questionnaires.model import Questionnaire

LEAST_BASE: Final = 20
"""Base of both waves from which a change is spoken of: policy v1, R7."""
_Z: Final = 1.959964
"""Of a 95 % interval."""


class Trend(StrEnum):
    """What is said of a figure and the one before it."""

    HIGHER = "higher"
    LOWER = "lower"
    NO_CLEAR_CHANGE = "no_clear_change"


@dataclass(frozen=True, slots=True)
class Change:
    """
    One figure in two waves.

    Attributes:
        trend: Which way it went, if the published bounds and chance leave no doubt.
        before: The earlier wave's share of what the figure's sentence speaks of.
        after: The later wave's.
    """

    trend: Trend
    before: Share
    after: Share


@dataclass(frozen=True, slots=True)
class _Side:
    """One wave's share, and how many answers it is sure to rest on, chance taken into account."""

    share: Share
    answers: float

    @property
    def under(self) -> float:
        """How far chance reaches below the least share."""
        least = float(self.share.least)
        return least - _wilson(least, self.answers, -1)

    @property
    def over(self) -> float:
        """How far chance reaches above the greatest share."""
        most = float(self.share.most)
        return _wilson(most, self.answers, 1) - most


def change(table: str, before: Release, after: Release, questionnaire: Questionnaire) -> Change | None:
    """
    What became of the organisation's figure between two waves.

    Args:
        table: Id of a table of the later release.
        before: The earlier wave's release.
        after: The later wave's.
        questionnaire: What the later wave asked; words mean the same in both where the options are the same.

    Returns:
        None where nothing may be said: one of them does not show it, asked it otherwise, or of too few.
    """
    old, new = before.table(table), after.table(table)
    if old is None or new is None or not _alike(old, new):
        return None
    said = headline(new, questionnaire, "en")
    if said is None:
        return None
    earlier, later = _side(said.options, old, before), _side(said.options, new, after)
    if earlier.share.is_unknown or later.share.is_unknown:
        return None
    return Change(_trend(earlier, later), earlier.share, later.share)


def _alike(old: Table, new: Table) -> bool:
    bases = (old.rows[0].base, new.rows[0].base)
    same = (old.kind, old.item, old.by, old.options) == (new.kind, new.item, new.by, new.options)
    return same and new.by is None and min(base[0] for base in bases) >= LEAST_BASE


def _side(options: frozenset[str], table: Table, release: Release) -> _Side:
    row = table.rows[0]
    answered: float = max(row.base[0] - row.cells[-1][1], 1)
    invited = release.participation.invited
    # Whoever asked N people and heard n of them knows as much as from n (N - 1) / (N - n) of many.
    heard = release.participation.counted
    if 0 < heard <= invited:
        answered = inf if heard == invited else answered * (invited - 1) / (invited - heard)
    return _Side(together(options, table, row)[1], answered)


def _trend(earlier: _Side, later: _Side) -> Trend:
    if _surely_above(later, earlier):
        return Trend.HIGHER
    return Trend.LOWER if _surely_above(earlier, later) else Trend.NO_CLEAR_CHANGE


def _surely_above(upper: _Side, lower: _Side) -> bool:
    least = float(upper.share.least - lower.share.most)
    return least > sqrt(upper.under**2 + lower.over**2)


def _wilson(share: float, answers: float, end: int) -> float:
    """The lower (-1) or upper (1) end of Wilson's interval for a share among so many answers."""
    if answers == inf:
        return share
    square = _Z**2
    middle = share + square / (2 * answers)
    spread = _Z * sqrt(share * (1 - share) / answers + square / (4 * answers**2))
    return (middle + end * spread) / (1 + square / answers)
