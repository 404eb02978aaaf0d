"""Tables as a release shows them, drawn together with counts that they may stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from analysis.tables import Interval


@dataclass(frozen=True, slots=True)
class Published:
    """Bounds and one table of counts within them; the last cell counts those who did not answer."""

    counts: tuple[int, ...]
    asked: int
    cells: tuple[Interval, ...]
    base: Interval


@st.composite
def published(
    draw: st.DrawFn, options: int, *, multiple: bool = False, exact_base: bool = False
) -> Published:
    """Any counts of `options` options and no answer, and any bounds around them."""
    if multiple:
        answered = draw(st.integers(1, 60))
        counts = [draw(st.integers(0, answered)) for _ in range(options)]
        counts[0] = max(counts[0], answered - sum(counts[1:]))
        unanswered = draw(st.integers(0, 60))
    else:
        counts = [draw(st.integers(0, 60)) for _ in range(options)]
        answered, unanswered = sum(counts), draw(st.integers(0, 60))
    asked = answered + unanswered
    base = Interval(asked, asked)
    if not exact_base:
        base = Interval(asked - draw(st.integers(0, min(asked, 4))), asked + draw(st.integers(0, 4)))
    cells = tuple(draw(_around(count, base)) for count in (*counts, unanswered))
    return Published((*counts, unanswered), asked, cells, base)


@st.composite
def _around(draw: st.DrawFn, count: int, base: Interval) -> Interval:
    match draw(st.sampled_from(["exact", "band", "low", "high", "hidden"])):
        case "exact":
            return Interval(count, count)
        case "band":
            return Interval(
                max(0, count - draw(st.integers(0, 9))), min(base.hi, count + draw(st.integers(0, 9)))
            )
        case "low":
            return Interval(0, min(base.hi, max(4, count)))
        case "high":
            return Interval(max(0, min(count, base.hi - 4)), base.hi)
        case _:
            return Interval(0, base.hi)


def pairs(intervals: Sequence[Interval]) -> tuple[tuple[int, int], ...]:
    """The intervals as a release writes them."""
    return tuple((interval.lo, interval.hi) for interval in intervals)
