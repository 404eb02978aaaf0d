"""
A sector's share or mean, estimated from its organisations' totals and the noise in them.

Respondents cluster in organisations, and noise was added to each total before anybody saw it. So a share
is the mean of a beta-binomial with an organisation effect, estimated by its moments (Kleinman 1973, Journal
of the American Statistical Association 68), with that noise, of known variance. Its interval is
Wilson's for as many people as would tell as much (Dean & Pagano 2015, Journal of Survey Statistics and
Methodology 3), with Student's quantile and never narrower than the organisations' own spread says (Hartung &
Knapp 2001, Statistics in Medicine 20). How far that holds: docs/measurements/0009-pooled-figures.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.contributions import VARIANCE

Floats: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]

LEVEL: Final = 0.95
_ROUNDS: Final = 8
"""Weights and spread are computed from each other in turns; after four nothing moves that is shown."""
_TELLING: Final = 0.05
"""How rarely a spread between organisations would be told that is none."""
_SURELY: Final = 2.0
"""Standard errors."""


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
        error: Its standard error, with the organisations' spread and the noise in it.
        interval: 95 per cent, for the sector.
        prediction: 95 per cent, for one more organisation of the sector.
        freedom: Degrees of freedom: one less than the organisations.
        icc: Correlation of two people of one organisation; None where the noise alone could look so.
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
        told: How many answered, as the sum of its counts: with all their noise, and under none at times.
        people: How many of its respondents they would be if in all organisations as many of them answered.
        others: To how many other options noise was added, to each by itself.
    """

    told: Floats
    people: Floats
    others: int

    @classmethod
    def of(cls, counts: Counts, respondents: Counts) -> _Sizes:
        """Of counts with a row per organisation and a column per option."""
        told = counts.sum(axis=1).astype(np.float64)
        answering = max(1.0, float(told.sum())) / max(1, int(respondents.sum()))
        return cls(told, respondents.astype(np.float64) * answering, counts.shape[1] - 1)

    @property
    def together(self) -> float:
        """How many answered in all."""
        return max(1.0, float(self.told.sum()))


@dataclass(frozen=True, slots=True)
class _Fit:
    """
    A share, and how sure it is.

    Attributes:
        icc: How alike people of one organisation are.
        error: Standard error.
        distance: What residuals squared are of what is expected of them.
    """

    share: float
    icc: float
    error: float
    distance: float


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


def outweigh_noise(counts: Counts) -> bool:
    """
    Whether so many answered in all as the noise alone would hardly ever look like.

    Args:
        counts: A row per organisation and a column per option.
    """
    return bool(counts.sum() > _SURELY * math.sqrt(counts.size * VARIANCE))


def pooled_shares(counts: Counts, respondents: Counts) -> tuple[Pooled, ...]:
    """
    Each option's share over the organisations.

    Args:
        counts: A row per organisation and a column per option, noise added to each by itself.
        respondents: How many took part in each, exact: some may not have been asked, or have left it blank.

    Raises:
        ValueError: If they are under two organisations.
    """
    if len(counts) < 2:  # noqa: PLR2004  a spread needs two
        raise ValueError(f"{len(counts)} organisations with answers: a figure is pooled from two or more")
    # None is left out for a sum under none: that would keep those whose noise was upward.
    sizes = _Sizes.of(counts, respondents)
    return tuple(_pooled_share(column.astype(np.float64), sizes) for column in counts.T)


def pooled_mean(points: Floats, people: Floats) -> Pooled:
    """
    The mean over the organisations, each weighing as many as answered.

    The spread of the organisations' own sums carries the noise with it, so that nothing is assumed of how
    people differ within one. A ratio's standard error as in Cochran (1977), Sampling Techniques, section 6.3.

    Args:
        points: The sum of all scores in each, with noise added.
        people: How many they are of.

    Raises:
        ValueError: If they are under two organisations.
    """
    freedom = len(people) - 1
    if freedom < 1:
        raise ValueError(f"{len(people)} organisations with answers: a figure is pooled from two or more")
    everybody = max(1.0, float(people.sum()))
    mean = float(np.clip(points.sum() / everybody, 0, 100))
    residuals = points - mean * people
    error = float(np.sqrt((freedom + 1) / freedom * (residuals**2).sum())) / everybody
    # By the squares of their sizes: the noise says most where few answered.
    spread = float(np.sqrt((residuals**2).sum() / max(1.0, (people**2).sum()) + error**2))
    quantile = _quantile(freedom)
    return Pooled(mean, error, _around(mean, quantile * error), _around(mean, quantile * spread), freedom)


def _pooled_share(counts: Floats, sizes: _Sizes) -> Pooled:
    fit = _fitted(counts, sizes)
    freedom = len(counts) - 1
    error = fit.error * math.sqrt(max(1.0, fit.distance / freedom))
    inner = _within(fit.share, sizes)
    alike = min(inner * (1 - inner) / error**2, sizes.together)
    return Pooled(
        estimate=fit.share,
        error=error,
        interval=wilson(fit.share, alike, _quantile(freedom)),
        prediction=_prediction(inner, fit.icc, error),
        freedom=freedom,
        icc=fit.icc if _is_told(counts, sizes, inner) else None,
    )


def _fitted(counts: Floats, sizes: _Sizes) -> _Fit:
    """
    Share, likeness and weights, from each other in turns.

    An organisation weighs by how many took part in it: by its own sum it would weigh more where noise is up.
    """
    share, icc = _within(float(counts.sum()) / sizes.together, sizes), 0.0
    for _ in range(_ROUNDS):
        weights = sizes.people / _variances(sizes, share, icc)
        everybody = max(1.0, float((weights * sizes.told).sum()))
        found = float(np.clip((weights * counts).sum() / everybody, 0, 1))
        share = _within(found, sizes)
        residuals = counts - share * sizes.told
        variances = _variances(sizes, share, icc)
        left = 1 - weights * sizes.people / (weights * sizes.people).sum()
        icc = _icc(residuals, left / variances, sizes, share)
    error = math.sqrt(float((weights**2 * variances).sum())) / everybody
    return _Fit(found, icc, error, float((residuals**2 / variances).sum()))


def _icc(residuals: Floats, scale: Floats, sizes: _Sizes, share: float) -> float:
    """The correlation at which the squared residuals are what they are, within 0..1 (Kleinman 1973)."""
    alone = float((scale * _variances(sizes, share, 0.0)).sum())
    slope = share * (1 - share) * float((scale * sizes.people * (sizes.people - 1)).sum())
    return min(1.0, max(0.0, float((scale * residuals**2).sum() - alone) / slope)) if slope > 0 else 0.0


def _variances(sizes: _Sizes, share: float, icc: float) -> Floats:
    """Of each organisation's count, less the share of its sum: its people, itself, and the noise."""
    people = share * (1 - share) * sizes.people * (1 - icc + icc * sizes.people)
    return people + VARIANCE * ((1 - share) ** 2 + share**2 * sizes.others)


def _within(share: float, sizes: _Sizes) -> float:
    """The share, half a person away from none and from all, where no variance could be told."""
    half = 0.5 / sizes.together
    return min(max(share, half), 1 - half)


def _is_told(counts: Floats, sizes: _Sizes, share: float) -> bool:
    """Whether people and noise alone would hardly differ so much between organisations (Cochran's Q)."""
    expected = _variances(sizes, share, 0.0)
    distance = float(((counts - share * sizes.told) ** 2 / expected).sum())
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
