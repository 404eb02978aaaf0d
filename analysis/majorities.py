"""
In how many organisations at least half say so, estimated from a figure as an edition tells it.

No organisation's own share goes in: a figure's estimate and what it says of one more organisation fix the
beta that the shares of its organisations are spread by (`statistics.py`). The part of it from one half on,
times the organisations, is the number. Its interval is put together of the figure's own and of that of the
spread (Zou & Donner 2008, Statistics in Medicine 27). How far that holds:
docs/measurements/0009-pooled-figures.md; what it says and what not:
docs/decisions/0156-in-how-many-at-least-half.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from scipy import optimize, special

from analysis.edition import Answer, Figure

HALF: Final = 0.5
"""At least so many of those who answered: more say that it is so than that it is not."""
_WHOLE: Final = 1_000
"""Tenths of a per cent in a share of one."""
_TAIL: Final = 0.025
_LEAST: Final = 1e-4
_MOST: Final = 0.98
"""Of the greatest spread that shares of this mean can have: nobody alike, and everybody alike within each."""


@dataclass(frozen=True, slots=True)
class Majority:
    """
    In how many organisations at least half say so: an estimate, and none of them is known.

    Attributes:
        estimate: Organisations, of those that the figure is over.
        lower, upper: 95 per cent.
    """

    estimate: int
    lower: int
    upper: int


@dataclass(frozen=True, slots=True)
class _Spread:
    """How organisations' shares are spread, in shares of one and their squares."""

    share: float
    between: float
    """Variance of organisations' own shares."""
    seen: float
    """Variance of what is seen of them: with their people and the noise in it."""

    @property
    def most(self) -> float:
        """The variance of shares that are all none or all one."""
        return self.share * (1 - self.share)

    @property
    def both(self) -> float:
        """The beta's two parameters together."""
        return self.most / self.between - 1


def majority(figure: Figure, answer: Answer) -> Majority:
    """
    Return in how many of a figure's organisations at least half have this answer.

    Args:
        figure: As an edition tells it.
        answer: One of its answers, in per cent.
    """
    spread = _spread(figure, answer)
    estimate = _part(spread.share, spread.between)
    low, high = (_part(end / _WHOLE, spread.between) for end in (answer.lower, answer.upper))
    narrow, wide = (_part(spread.share, end) for end in _ends(figure, spread))
    # Seen too high it is seen too wide as well where most say no, and too narrow where most say yes.
    together = math.copysign(_together(figure.organisations, spread), 0.5 - spread.share)
    together *= math.copysign(1, wide - narrow)
    lower = estimate - _both(estimate - low, estimate - min(estimate, narrow, wide), together)
    upper = estimate + _both(high - estimate, max(estimate, narrow, wide) - estimate, together)
    of = figure.organisations
    return Majority(round(of * estimate), math.floor(of * max(0, lower)), math.ceil(of * min(1, upper)))


def _both(one: float, other: float, together: float) -> float:
    """Two distances from the estimate as one, of errors that go together so much (−1 … 1)."""
    one, other = max(0.0, one), max(0.0, other)
    return math.sqrt(one**2 + other**2 + 2 * together * one * other)


def _spread(figure: Figure, answer: Answer) -> _Spread:
    """As it was fitted: the interval for one more organisation has the estimate's error in it."""
    # Half a tenth from none and from all, where no spread could be read off.
    share = min(max(answer.estimate, 0.5), _WHOLE - 0.5) / _WHOLE
    error = max(answer.error, 0.5) / _WHOLE
    most = share * (1 - share)
    between = max(most * _alike(share, answer) - error**2, most * _LEAST)
    return _Spread(share, between, max(between, figure.organisations * error**2))


def _alike(share: float, answer: Answer) -> float:
    """Of the greatest spread, the part at which one more organisation lies as widely as is told."""
    told = (answer.next_upper - answer.next_lower) / _WHOLE

    def wider(part: float) -> float:
        lo, hi = (_quantile(share, part, end) for end in (_TAIL, 1 - _TAIL))
        return hi - lo - told

    if wider(_LEAST) >= 0:
        return _LEAST
    return float(optimize.brentq(wider, _LEAST, _MOST)) if wider(_MOST) > 0 else _MOST


def _ends(figure: Figure, spread: _Spread) -> list[float]:
    """The variance between organisations, at both ends of a 95 per cent interval for what is seen."""
    freedom = _freedom(figure.organisations, spread)
    rest = spread.seen - spread.between
    least, most = _LEAST * spread.most, _MOST * spread.most
    quantiles = (float(special.chdtri(freedom, tail)) for tail in (_TAIL, 1 - _TAIL))
    return [min(max(spread.seen * freedom / each - rest, least), most) for each in quantiles]


def _freedom(organisations: int, spread: _Spread) -> float:
    """
    Degrees of freedom of a variance of shares so spread.

    A variance of N values varies as 2 / (N − 1) + excess / N, squared to itself; a beta's excess is negative
    where it is flat or lies at both ends. What is seen beyond it is taken as normal.
    """
    return max(1.0, 2 / _varies(organisations, spread))


def _varies(organisations: int, spread: _Spread) -> float:
    share, both = spread.share, spread.both
    top = 6 * ((1 - 2 * share) ** 2 * (both + 1) - spread.most * (both + 2))
    excess = top / (spread.most * (both + 2) * (both + 3)) * (spread.between / spread.seen) ** 2
    return max(2 / (organisations - 1) + excess / organisations, 1e-3)


def _together(organisations: int, spread: _Spread) -> float:
    """How far the errors of mean and variance go together (0 … 1): by the beta's skewness, to either side."""
    skewed = 2 * abs(1 - 2 * spread.share) * math.sqrt((spread.both + 1) / spread.most) / (spread.both + 2)
    seen = skewed * math.pow(spread.between / spread.seen, 1.5)
    return min(1.0, seen / math.sqrt(organisations * _varies(organisations, spread)))


def _part(share: float, between: float) -> float:
    """The part of organisations in which at least half say so."""
    share = min(max(share, 1e-6), 1 - 1e-6)
    both = share * (1 - share) / min(between, _MOST * share * (1 - share)) - 1
    return float(special.betaincc(share * both, (1 - share) * both, HALF))


def _quantile(share: float, part: float, end: float) -> float:
    both = 1 / part - 1
    return float(special.betaincinv(share * both, (1 - share) * both, end))
