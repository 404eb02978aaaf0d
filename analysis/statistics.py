"""
A sector's share or mean, estimated from its organisations' randomly rounded totals.

Respondents cluster in organisations, and each total was rounded at random before anybody saw it. So a share
is the mean of a beta-binomial with an organisation effect, estimated by its moments (Kleinman 1973, Journal
of the American Statistical Association 68), with the rounding as noise of known variance. Its interval is
Wilson's for as many people as would tell as much (Dean & Pagano 2015, Journal of Survey Statistics and
Methodology 3), with Student's quantile and never narrower than the organisations' own spread says (Hartung &
Knapp 2001, Statistics in Medicine 20). How far that holds: docs/measurements/0009-pooled-figures.md.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.contributions import ROUNDING, variance

Floats: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]
Places: TypeAlias = npt.NDArray[np.intp]

LEVEL: Final = 0.95
_ROUNDS: Final = 8
"""Weights and spread are computed from each other in turns; after four nothing moves that is shown."""
_TELLING: Final = 0.05
"""How rarely a spread between organisations would be told that is none."""
_REMAINDERS: Final = np.arange(ROUNDING)
_VARIANCES: Final = np.array([variance(ROUNDING, int(remainder)) for remainder in _REMAINDERS])
_EVEN: Final = float(_VARIANCES.mean())
_ANGLES: Final = tuple(float(turn) for turn in 2 * np.pi * np.arange(1, (ROUNDING + 1) // 2) / ROUNDING)
_WAVES: Final = tuple(2 * float((_VARIANCES * np.cos(angle * _REMAINDERS)).mean()) for angle in _ANGLES)
"""The variance of each remainder as a sum of waves over remainders, in pairs alike as the step is odd."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """From `lo` to `hi`, both in the unit of the figure."""

    lo: float
    hi: float


@dataclass(frozen=True, slots=True)
class Pooled:
    """
    A figure over several organisations.

    Attributes:
        estimate: A share in 0..1, or a mean in 0..100.
        error: Its standard error, with the organisations' spread and the rounding in it.
        interval: 95 per cent, for the sector.
        prediction: 95 per cent, for one more organisation of the sector.
        freedom: Degrees of freedom: one less than the organisations.
        icc: Correlation of two people of one organisation; None where the rounding alone could look so.
    """

    estimate: float
    error: float
    interval: Bounds
    prediction: Bounds
    freedom: int
    icc: float | None = None


@dataclass(frozen=True, slots=True)
class _Sizes:
    """
    What is known of each organisation beside one option's count.

    Attributes:
        others: Of how many other options the counts were rounded, each for itself.
        kinds: Every number of people that there is, once: rounded numbers are few, organisations many.
        kind: Which of them each organisation has.
    """

    people: Floats
    others: int
    kinds: Floats
    kind: Places

    @classmethod
    def of(cls, counts: Counts) -> _Sizes:
        """Of counts with a row per organisation and a column per option."""
        people = counts.sum(axis=1).astype(np.float64)
        kinds, kind = np.unique(people, return_inverse=True)
        return cls(people, counts.shape[1] - 1, kinds, kind)


@dataclass(frozen=True, slots=True)
class _Fit:
    share: float
    icc: float
    variances: Floats
    residuals: Floats

    @property
    def weights(self) -> Floats:
        return 1 / self.variances


def wilson(share: float, people: float, quantile: float) -> Bounds:
    """
    Wilson's interval for a share (Wilson 1927, Journal of the American Statistical Association 22).

    Args:
        share: 0..1.
        people: How many independent people it tells as much as; over 0.
        quantile: Of the normal or of Student's distribution, for both sides.
    """
    square = quantile**2 / people
    middle = (share + square / 2) / (1 + square)
    half = quantile / (1 + square) * np.sqrt((share * (1 - share) + square / 4) / people)
    return Bounds(max(0.0, float(middle - half)), min(1.0, float(middle + half)))


def rounding_noise(people: Floats, share: float) -> Floats:
    """
    The variance that random rounding adds to a count of so many people, before the count is known.

    The mean of remainder × (step − remainder) over a binomial count: a sum of characteristic functions.

    Args:
        people: Of each organisation, how many answered.
        share: How many of them have the option.
    """
    noise = np.full(len(people), _EVEN)
    for angle, wave in zip(_ANGLES, _WAVES, strict=True):
        length, turn = cmath.polar(1 - share + share * cmath.exp(1j * angle))
        noise += wave * np.exp(math.log(length) * people) * np.cos(turn * people)
    return noise.clip(0.0)


def pooled_shares(counts: Counts) -> tuple[Pooled, ...]:
    """
    Each option's share over the organisations.

    Args:
        counts: A row per organisation and a column per option, each rounded at random for itself.

    Raises:
        ValueError: If under two organisations have any count.
    """
    counts = counts[counts.sum(axis=1) > 0]
    if len(counts) < 2:  # noqa: PLR2004  a spread needs two
        raise ValueError(f"{len(counts)} organisations with answers: a figure is pooled from two or more")
    sizes = _Sizes.of(counts)
    return tuple(_pooled_share(column.astype(np.float64), sizes) for column in counts.T)


def pooled_mean(points: Floats, people: Floats) -> Pooled:
    """
    The mean over the organisations, each weighing as many as answered.

    The spread of the organisations' own means carries the rounding with it, so that nothing is assumed of how
    people differ within one. A ratio's standard error as in Cochran (1977), Sampling Techniques, section 6.3.

    Args:
        points: The sum of all scores in each, rounded at random.
        people: How many they are of.

    Raises:
        ValueError: If under two organisations have anybody.
    """
    counted = people > 0
    points, people = points[counted], people[counted]
    freedom = len(people) - 1
    if freedom < 1:
        raise ValueError(f"{len(people)} organisations with answers: a figure is pooled from two or more")
    mean = float(points.sum() / people.sum())
    residuals = points - mean * people
    error = float(np.sqrt((freedom + 1) / freedom * (residuals**2).sum()) / people.sum())
    spread = float(np.sqrt((people * (points / people - mean) ** 2).sum() / people.sum() + error**2))
    quantile = _quantile(freedom)
    return Pooled(mean, error, _around(mean, quantile * error), _around(mean, quantile * spread), freedom)


def _pooled_share(counts: Floats, sizes: _Sizes) -> Pooled:
    fit = _fitted(counts, sizes)
    freedom = len(counts) - 1
    own = float((fit.weights * fit.residuals**2).sum() / freedom)
    error = float(np.sqrt(max(1.0, own) / fit.weights.sum()))
    inner = _within(fit.share, sizes)
    alike = min(inner * (1 - inner) / error**2, float(sizes.people.sum()))
    return Pooled(
        estimate=fit.share,
        error=error,
        interval=wilson(fit.share, alike, _quantile(freedom)),
        prediction=_prediction(inner, fit.icc, error),
        freedom=freedom,
        icc=fit.icc if _is_told(counts, sizes, inner) else None,
    )


def _fitted(counts: Floats, sizes: _Sizes) -> _Fit:
    """Share, spread and weights, from each other in turns."""
    shares = counts / sizes.people
    weights = sizes.people
    for _ in range(_ROUNDS):
        share = float((weights * shares).sum() / weights.sum())
        inner = _within(share, sizes)
        residuals = shares - inner
        noise = _noise(sizes, inner)
        icc = _icc(residuals, weights, sizes, inner, noise)
        variances = _variances(sizes, inner, icc, noise)
        weights = 1 / variances
    share = float(np.clip((weights * shares).sum() / weights.sum(), 0, 1))
    return _Fit(share, icc, variances, shares - share)


def _icc(residuals: Floats, weights: Floats, sizes: _Sizes, share: float, noise: Floats) -> float:
    """The correlation at which the squared residuals are what they are, within 0..1 (Kleinman 1973)."""
    scale = weights * (1 - weights / weights.sum())
    alone = float((scale * _variances(sizes, share, 0.0, noise)).sum())
    slope = share * (1 - share) * float((scale * (1 - 1 / sizes.people)).sum())
    return min(1.0, max(0.0, float((weights * residuals**2).sum() - alone) / slope)) if slope > 0 else 0.0


def _variances(sizes: _Sizes, share: float, icc: float, noise: Floats) -> Floats:
    """Of each organisation's share: its people, the organisation itself, and the rounding."""
    total: Floats = share * (1 - share) * ((1 - icc) / sizes.people + icc) + noise
    return total


def _noise(sizes: _Sizes, share: float) -> Floats:
    """What the rounding of all options adds to the variance of each organisation's share."""
    own = rounding_noise(sizes.kinds, share)
    others = sizes.others * rounding_noise(sizes.kinds, (1 - share) / max(1, sizes.others))
    noise: Floats = ((1 - share) ** 2 * own + share**2 * others) / sizes.kinds**2
    return noise[sizes.kind]


def _within(share: float, sizes: _Sizes) -> float:
    """The share, half a person away from none and from all, where no variance could be told."""
    half = 0.5 / float(sizes.people.sum())
    return min(max(share, half), 1 - half)


def _is_told(counts: Floats, sizes: _Sizes, share: float) -> bool:
    """Whether people and rounding alone would hardly differ so much between organisations (Cochran's Q)."""
    alone = _variances(sizes, share, 0.0, _noise(sizes, share))
    distance = float(((counts / sizes.people - share) ** 2 / alone).sum())
    return bool(special.chdtrc(len(counts) - 1, distance) < _TELLING)


def _prediction(share: float, icc: float, error: float) -> Bounds:
    """Where one more organisation lies: a beta with the organisations' spread and the estimate's error."""
    most = share * (1 - share)
    spread = min(most * icc + error**2, 0.999 * most)
    both = most / spread - 1
    lo, hi = (
        float(special.betaincinv(share * both, (1 - share) * both, end))
        for end in ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    )
    return Bounds(lo, hi)


def _around(mean: float, half: float) -> Bounds:
    return Bounds(max(0.0, mean - half), min(100.0, mean + half))


def _quantile(freedom: int) -> float:
    return float(special.stdtrit(freedom, (1 + LEVEL) / 2))
