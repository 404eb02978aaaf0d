"""
The ladder of forms: exact, bands of five, bands of ten, hidden; each nested in the next.

Source: docs/explanation/disclosure.md, rule R3. For a base and a threshold the bands are fixed before any
count is seen, so a band says nothing but that the count lies in it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from analysis.tables import Form, Interval


@lru_cache(maxsize=4096)
def bands(base: int, threshold: int) -> tuple[Interval, ...]:
    """
    The narrow bands of counts out of a base, in order.

    A low band under the threshold and its mirror, the high band, so that the two answers to a yes-or-no item
    say the same; between them steps of the threshold's width, the last taking a leftover that is narrower.

    Args:
        base: The number of people asked, at least twice the threshold.
        threshold: Least count shown exactly; 5 in policy v1.
    """
    between = range(1, _steps_between(base, threshold) + 1)
    starts = [0, *(threshold * step for step in between), base - threshold + 1]
    return _from_starts(starts, base)


@lru_cache(maxsize=4096)
def wide_bands(base: int, threshold: int) -> tuple[Interval, ...]:
    """The narrow bands joined in pairs from below, the last taking a leftover."""
    narrow = bands(base, threshold)
    pairs = max(len(narrow) // 2, 1)
    return _from_starts([narrow[2 * pair].lo for pair in range(pairs)], base)


def is_band(cell: Interval, base: int, threshold: int) -> bool:
    """Whether it is one of `bands`, reckoned without making them: what a file calls a base may be huge."""
    last = base - threshold + 1
    if cell.lo >= last:
        return cell == Interval(last, base)
    between = _steps_between(base, threshold)
    at = min(cell.lo // threshold, between)
    end = (at + 1) * threshold if at < between else last
    return cell == Interval(at * threshold, end - 1)


def is_wide_band(cell: Interval, base: int, threshold: int) -> bool:
    """Whether it is one of `wide_bands`, reckoned as `is_band` is."""
    width, last = 2 * threshold, max((_steps_between(base, threshold) + 2) // 2, 1) - 1
    at = min(cell.lo // width, last)
    return cell == Interval(at * width, (at + 1) * width - 1 if at < last else base)


def band_of(count: int, ladder: tuple[Interval, ...]) -> Interval:
    """The band that a count lies in."""
    return ladder[bisect_right(ladder, count, key=lambda band: band.lo) - 1]


def hidden(base: int) -> Interval:
    """Nothing but that it is a count out of the base."""
    return Interval(0, base)


def form_of(cells: Sequence[tuple[int, Interval]], threshold: int) -> Form:
    """
    How much a table shows: what its coarsest cell does that shows anything.

    A cell left open beside others counts with them.

    Args:
        cells: All of its cells, each after the most that its base can be.
        threshold: Least count shown exactly.
    """
    told = [(base, cell) for base, cell in cells if cell != hidden(base)]
    if not told:
        return Form.HIDDEN
    if all(cell.is_exact for _, cell in cells):
        return Form.EXACT
    narrow = all(cell.is_exact or is_band(cell, base, threshold) for base, cell in told)
    return Form.BANDS if narrow else Form.WIDE_BANDS


def _steps_between(base: int, threshold: int) -> int:
    """How many narrow bands lie between the first and the last."""
    return max((base + 1) // threshold - 2, 1)


def _from_starts(starts: list[int], base: int) -> tuple[Interval, ...]:
    ends = [*(start - 1 for start in starts[1:]), base]
    return tuple(Interval(lo, hi) for lo, hi in zip(starts, ends, strict=True))
