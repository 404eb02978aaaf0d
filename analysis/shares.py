"""
Shares of those who answered, as far as published bounds of counts tell them.

Between release and chart: counts come as intervals, so a share is an interval too. Nothing here reads more
into the bounds than they say by themselves; what they say together was audited before they were published
(docs/explanation/disclosure.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

from analysis.tables import Interval

_PER_CENT: Final = 100


@dataclass(frozen=True, slots=True)
class Share:
    """
    Part of those who answered, from `least` to `most`, both in 0..1 (not per cent).

    Raises:
        ValueError: If the bounds are not in order within 0..1.
    """

    least: Fraction
    most: Fraction

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most <= 1:
            raise ValueError(f"a share from {self.least} to {self.most}: bounds lie in order within 0 to 1")

    @property
    def is_exact(self) -> bool:
        """Whether it is one number."""
        return self.least == self.most

    @property
    def is_unknown(self) -> bool:
        """Whether it could be anything at all, when rounded to whole per cents."""
        return self.percent == Interval(0, _PER_CENT)

    @property
    def percent(self) -> Interval:
        """Whole per cents: one rounded number if exact, else bounds rounded away from each other."""
        if self.is_exact:
            nearest = floor(self.least * _PER_CENT + Fraction(1, 2))
            return Interval(nearest, nearest)
        return Interval(floor(self.least * _PER_CENT), ceil(self.most * _PER_CENT))


def shares_of_answered(cells: Sequence[Interval], base: Interval, *, multiple: bool) -> tuple[Share, ...]:
    """
    Share of each option among those who answered.

    Args:
        cells: Bounds of each option's count, in the table's order; the last counts those who did not answer.
        base: Bounds of the number that was asked.
        multiple: Whether a respondent may stand in several options.

    Returns:
        One share per option without the last. Where nobody need have answered, it reaches from 0 to 1.
    """
    *options, unanswered = cells
    answered = Interval(max(base.lo - unanswered.hi, 0), base.hi - unanswered.lo)
    if multiple:
        at_least = max(answered.lo, *(cell.lo for cell in options))
        return tuple(
            _share(cell, Interval(at_least, answered.hi), Interval(0, answered.hi)) for cell in options
        )
    total = Interval(sum(cell.lo for cell in options), sum(cell.hi for cell in options))
    return tuple(_share(cell, answered, Interval(total.lo - cell.lo, total.hi - cell.hi)) for cell in options)


def share_of_asked(cell: Interval, base: Interval) -> Share:
    """Share of a count in all who were asked, whose number may be an interval too."""
    most = Fraction(1) if cell.hi >= base.lo else Fraction(cell.hi, base.lo)
    return Share(Fraction(cell.lo, base.hi) if cell.lo else Fraction(0), most)


def _share(cell: Interval, answered: Interval, others: Interval) -> Share:
    # With the count at one end, the number who answered is as far away as both its own bounds and the other
    # options' let it be.
    fewest = max(answered.lo, cell.hi + others.lo)
    most = max(min(answered.hi, cell.lo + others.hi), cell.lo)
    return Share(
        least=Fraction(cell.lo, most) if cell.lo else Fraction(0),
        most=Fraction(min(cell.hi, fewest), fewest) if fewest else Fraction(1),
    )
