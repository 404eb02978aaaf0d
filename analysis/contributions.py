"""
What one wave may give to the figures of its sector: for each indicator, how many, with noise added.

Whoever has an organisation's release and the figures of its sector can find out what it must have given, or
one of a few such numbers. So what is given proves nothing: to every count a whole number is added or taken
away at random, and every number can come of every count, so that a few can have been none. Each step more is
`NOISE.likelier` times as unlikely (the geometric mechanism; Ghosh, Roughgarden & Sundararajan 2012, SIAM
Journal on Computing 41). Expectations stay, and whoever adds up knows the variance. Numbers under none are
left as they are: to cut them off would make every sum too large. Nobody sees a contribution by itself:
custody alone keeps it, and erases it at destruction if it was not shared. Between tabulation and custody;
format: docs/reference/formats.md, "Contribution". Source: docs/explanation/disclosure.md, R8.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final, TypeAlias

from analysis.tables import FrequencyTable
from policy import NOISE
from questionnaires.digest import JsonValue

FORMAT: Final = "tillid-contribution/2"
"""The first one was rounded, and proved what it came of."""
VARIANCE: Final = float(2 * NOISE.likelier / (NOISE.likelier - 1) ** 2)
"""What the noise adds to the variance of a count; for estimators."""
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
        counts: How many have each, with noise added: any whole numbers.
        points: Of an index, the sum of all scores, as whole scores with noise added; else None.
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
    The totals of these indicators, with noise added.

    Args:
        tables: One for each indicator, of the organisation as a whole. Unsafe to show.
        draw: Randomness that comes out the same if the opening is done again.
    """
    return tuple(_total(table, draw) for table in tables)


def noise(label: str, draw: Draw) -> int:
    """A whole number, as often over none as under it: so many steps up, less so many down."""
    return _steps(f"{label}/up", draw) - _steps(f"{label}/down", draw)


def _steps(label: str, draw: Draw) -> int:
    """How many before it stays. There is no last one: the number at an end would prove what it came of."""
    more, less = NOISE.likelier.as_integer_ratio()
    return next(step for step in count() if draw(f"{label}/{step}", more) >= less)


def _total(table: FrequencyTable, draw: Draw) -> IndicatorTotal:
    name = table.measure.id
    counts = tuple(
        cell + noise(f"{name}/{option.id}", draw)
        for option, cell in zip(table.options[:-1], table.cells[:-1], strict=True)
    )
    points = _points(table.points, f"{name}/points", draw) if table.measure.scores else None
    return IndicatorTotal(name, tuple(option.id for option in table.options[:-1]), counts, points)


def _points(exact: int, label: str, draw: Draw) -> int:
    """A sum of scores as so many whole ones, the rest one more or none at random, and noise as on a count."""
    whole, rest = divmod(exact, _WHOLE_SCORE)
    whole += draw(f"{label}/rest", _WHOLE_SCORE) < rest
    return _WHOLE_SCORE * (whole + noise(label, draw))
