"""
Sectors against each other: differences that were planned, differences found by looking, and what matters.

Many comparisons find something by chance. Those the alliance planned before it looked are held together by
Holm (1979, Scandinavian Journal of Statistics 6), those anybody explores by Benjamini and Hochberg (1995,
Journal of the Royal Statistical Society B 57). Beside it stands the smallest difference that would matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, pairwise
from typing import Final, TypeAlias

from scipy import special

from analysis.edition import Figure
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


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    Two figures of an edition beside each other.

    Attributes:
        one, other: The figures; the difference is of the first less the second, in per cent points or points.
        adjusted: The p-value, adjusted for all that were compared with it.
    """

    one: Figure
    other: Figure
    difference: Difference
    adjusted: float

    @property
    def is_told(self) -> bool:
        """Whether there is a difference, though so many were looked at."""
        return self.adjusted < 1 - LEVEL

    @property
    def matters(self) -> bool | None:
        """Whether it surely matters, surely does not, or (None) cannot be told."""
        if self.difference.surely_matters(MATTERS):
            return True
        return False if self.difference.surely_does_not(MATTERS) else None


_Adjust: TypeAlias = Callable[[Sequence[float]], list[float]]


def planned(areas: Sequence[Figure], answer: str) -> list[Comparison]:
    """The comparisons that the alliance planned before it looked: the areas, each with each (Holm)."""
    return _compared(combinations(areas, 2), answer, holm)


def explored(parts: Sequence[Figure], answer: str) -> list[Comparison]:
    """Whatever stands side by side, each with each (Benjamini and Hochberg); parts share no organisation."""
    return _compared(combinations(parts, 2), answer, benjamini_hochberg)


def compared_by_year(years: Sequence[Figure], answer: str) -> list[Comparison]:
    """
    Each year's figure less the one before, planned too (Holm).

    Many organisations are in both, which makes a difference surer than is said here.

    Args:
        years: Figures of one selection, the oldest first.
        answer: Id of the answer.
    """
    return _compared(((after, before) for before, after in pairwise(years)), answer, holm)


def _compared(pairs: Iterable[tuple[Figure, Figure]], answer: str, adjust: _Adjust) -> list[Comparison]:
    pairs = list(pairs)
    found = [difference(_pooled(one, answer), _pooled(other, answer)) for one, other in pairs]
    adjusted = adjust([each.p for each in found])
    return [
        Comparison(one, other, each, p) for (one, other), each, p in zip(pairs, found, adjusted, strict=True)
    ]


def _pooled(figure: Figure, answer: str) -> Pooled:
    """An answer as it was estimated, in per cent or points; an error that is told as none is half a tenth."""
    found = next(each for each in figure.answers if each.id == answer)
    return Pooled(
        estimate=found.estimate / 10,
        error=max(found.error, 0.5) / 10,
        interval=Bounds(found.lower / 10, found.upper / 10),
        prediction=Bounds(found.next_lower / 10, found.next_upper / 10),
        freedom=max(1, figure.organisations - 1),
    )


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
