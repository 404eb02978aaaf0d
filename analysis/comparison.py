"""
Sectors against each other: differences that were planned, differences found by looking, and what matters.

Many comparisons find something by chance. Those the alliance planned before it looked are held together by
Holm (1979, Scandinavian Journal of Statistics 6), those anybody explores by Benjamini and Hochberg (1995,
Journal of the Royal Statistical Society B 57). Beside it stands the smallest difference that would matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from scipy import special

from analysis.statistics import LEVEL, Bounds, Pooled

MATTERS: Final = 5.0
"""Per cent points, or points of an index: one step of the published grid, and no finer thing is shown."""


@dataclass(frozen=True, slots=True)
class Difference:
    """
    One sector's figure less another's.

    Attributes:
        estimate: In the figures' unit.
        interval: 95 per cent, by Welch (1947, Biometrika 34).
        p: How often a difference as large or larger would be seen if there were none.
    """

    estimate: float
    interval: Bounds
    p: float

    def surely_matters(self, least: float) -> bool:
        """Whether the whole interval lies further from none than what would matter."""
        return self.interval.lo >= least or self.interval.hi <= -least

    def surely_does_not(self, least: float) -> bool:
        """Whether the whole interval lies nearer to none than what would matter."""
        return -least < self.interval.lo and self.interval.hi < least


def difference(one: Pooled, other: Pooled) -> Difference:
    """One figure less another, of sectors that share no organisation."""
    variances = (one.error**2, other.error**2)
    error = sum(variances) ** 0.5
    estimate = one.estimate - other.estimate
    freedoms = (one.freedom, other.freedom)
    freedom = sum(variances) ** 2 / sum(v**2 / f for v, f in zip(variances, freedoms, strict=True))
    half = float(special.stdtrit(freedom, (1 + LEVEL) / 2)) * error
    p = 2 * float(special.stdtr(freedom, -abs(estimate) / error))
    return Difference(estimate, Bounds(estimate - half, estimate + half), p)


def holm(values: Sequence[float]) -> list[float]:
    """P-values of planned comparisons, each adjusted for all; in the order given."""
    order = sorted(range(len(values)), key=values.__getitem__)
    raised = ((len(values) - place) * values[index] for place, index in enumerate(order))
    return _placed(order, [min(1.0, value) for value in accumulate(raised, max)])


def benjamini_hochberg(values: Sequence[float]) -> list[float]:
    """P-values of explored comparisons, adjusted so that few of those told are chance; in the order given."""
    order = sorted(range(len(values)), key=values.__getitem__, reverse=True)
    raised = (len(values) / (len(values) - place) * values[index] for place, index in enumerate(order))
    return _placed(order, [min(1.0, value) for value in accumulate(raised, min)])


def _placed(order: Sequence[int], values: Sequence[float]) -> list[float]:
    return [value for _, value in sorted(zip(order, values, strict=True))]
