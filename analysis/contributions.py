"""
What one wave may give to the figures of its sector: for each indicator, how many, rounded at random.

Banded tables make biased sums; these do not: a count goes to the multiple of 5 under or over it with the
probability that leaves its expectation as it is. Whoever adds them up knows the rounding's variance. Nobody
sees a contribution by itself: custody alone keeps it, and erases it at destruction if it was not shared.
Between tabulation and custody; format: docs/reference/formats.md, "Contribution". Source:
docs/explanation/disclosure.md, R8; unbiased random rounding as in Hundepool et al. (2012), ch. 5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from analysis.tables import FrequencyTable
from questionnaires.digest import JsonValue

ROUNDING: Final = 5
"""The step that counts are rounded to; policy v1's threshold, so that none is told from a few."""
_WHOLE_SCORE: Final = 100
"""The most that one respondent adds to the sum of an index's points."""

Draw: TypeAlias = Callable[[str, int], int]
"""From a label and a number n: one of 0 … n − 1, each as likely, the same for the same label."""


@dataclass(frozen=True, slots=True)
class IndicatorTotal:
    """
    One indicator's totals over a wave.

    Attributes:
        id: The indicator's.
        options: Ids of its outcomes, without no answer.
        counts: How many have each, rounded at random to a multiple of `ROUNDING`.
        points: Of an index, the sum of all scores, rounded at random to `ROUNDING` whole scores; else None.
    """

    id: str
    options: tuple[str, ...]
    counts: tuple[int, ...] = field(repr=False)
    points: int | None = field(default=None, repr=False)

    def value(self) -> JsonValue:
        """As the contribution has it."""
        written: dict[str, JsonValue] = {
            "id": self.id,
            "options": list(self.options),
            "counts": list(self.counts),
        }
        return written if self.points is None else {**written, "points": self.points}


def totals(tables: Sequence[FrequencyTable], draw: Draw) -> tuple[IndicatorTotal, ...]:
    """
    The rounded totals of these indicators.

    Args:
        tables: One for each indicator, of the organisation as a whole. Unsafe to show.
        draw: Randomness that comes out the same if the opening is done again.
    """
    return tuple(_total(table, draw) for table in tables)


def rounded(count: int, step: int, draw: int) -> int:
    """
    The multiple of `step` under or over a count, in expectation the count itself.

    Args:
        count: 0 or more.
        step: 1 or more.
        draw: One of 0 … step − 1, each as likely.
    """
    return count - count % step + (step if draw < count % step else 0)


def variance(step: int, remainder: int) -> int:
    """The variance that rounding adds to a count with this remainder; for estimators."""
    return remainder * (step - remainder)


def _total(table: FrequencyTable, draw: Draw) -> IndicatorTotal:
    name = table.measure.id
    counts = tuple(
        rounded(count, ROUNDING, draw(f"{name}/{option.id}", ROUNDING))
        for option, count in zip(table.options[:-1], table.cells[:-1], strict=True)
    )
    step = ROUNDING * _WHOLE_SCORE
    points = rounded(table.points, step, draw(f"{name}/points", step)) if table.measure.scores else None
    return IndicatorTotal(name, tuple(option.id for option in table.options[:-1]), counts, points)
