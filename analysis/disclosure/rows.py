"""
The form of one row by itself: its cells sum to a base that everybody knows.

First step of the suppression; analysis/disclosure/audit.py then looks at rows together. Everything here is
decided from the bands that the counts lie in, never from the counts. Of a row with a remainder the decision
itself tells nothing protected, not even when it is to hide; of another row only what is shown tells nothing:
docs/explanation/disclosure.md, "Deciding without telling". Held over all small rows by
tests/attacks/test_release_rows.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from analysis.disclosure.forms import band_of, bands, hidden, wide_bands
from analysis.tables import Form, Interval

Bands: TypeAlias = tuple[Interval, ...]
"""One band per cell of a row."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    One way to show a row.

    Attributes:
        form: How much it shows.
        cells: What it shows, in order.
    """

    form: Form
    cells: Bands


@dataclass(frozen=True, slots=True)
class RowRules:
    """
    What is public about a row before anything is counted.

    Attributes:
        base: How many people it sums to, exactly.
        threshold: Least count shown exactly.
        remainders: Cells that may be left open for the others to be shown, in order of preference. With the
            others in bands, what is left takes up whatever they leave undecided, so that no band is
            narrowed by the sum. Empty where all cells are shown or none.
        may_be_exact: Whether a row is shown exactly where every count of it is large.
    """

    base: int
    threshold: int
    remainders: tuple[int, ...] = ()
    may_be_exact: bool = True

    @property
    def narrow(self) -> Bands:
        """The narrow bands of the base."""
        return bands(self.base, self.threshold)

    @property
    def wide(self) -> Bands:
        """The wide bands of the base."""
        return wide_bands(self.base, self.threshold)


def row_form(rules: RowRules, counts: Sequence[int]) -> Candidate:
    """
    The finest form that a row of these counts can have by itself.

    Every row that agrees with a row shown exactly or in narrow bands is shown so too. Where wide bands are
    shown, the rows shown so reach every number under the threshold in each cell.
    """
    narrow = tuple(band_of(count, rules.narrow) for count in counts)
    if _shows_exactly(rules, narrow):
        return Candidate(Form.EXACT, tuple(Interval(count, count) for count in counts))
    if rules.remainders:
        return with_a_remainder(rules, narrow)
    if is_safe(rules, narrow):
        return Candidate(Form.BANDS, narrow)
    wide = tuple(band_of(count, rules.wide) for count in counts)
    if len(rules.wide) > 1 and is_safe(rules, wide) and _refusal_tells_nothing(rules, wide):
        return Candidate(Form.WIDE_BANDS, wide)
    return _hidden(rules, len(counts))


def is_safe(rules: RowRules, cells: Bands) -> bool:
    """
    Whether the sum narrows nothing that is protected.

    A cell whose bounds reach under the threshold, or within the threshold of the base, must be free to take
    every number there.
    """
    return all(_is_free(rules, bounds) for bounds in summed(cells, rules.base))


def summed(cells: Bands, base: int) -> Iterator[Interval]:
    """What each cell can be when all of them sum to the base."""
    least, most = sum(cell.lo for cell in cells), sum(cell.hi for cell in cells)
    for lo, hi in cells:
        yield Interval(max(lo, base - (most - hi)), min(hi, base - (least - lo)))


def _is_free(rules: RowRules, bounds: Interval) -> bool:
    complement = Interval(rules.base - bounds.hi, rules.base - bounds.lo)
    return all(
        lo >= rules.threshold or (lo == 0 and hi >= rules.threshold - 1) for lo, hi in (bounds, complement)
    )


def _shows_exactly(rules: RowRules, narrow: Bands) -> bool:
    """Whether every cell and its complement reach the threshold: bands would tell as much."""
    return rules.may_be_exact and all(_is_plain(rules, band) for band in narrow)


def _is_plain(rules: RowRules, band: Interval) -> bool:
    return band.lo >= rules.threshold and band.hi <= rules.base - rules.threshold


def with_a_remainder(rules: RowRules, narrow: Bands) -> Candidate:
    """The first remainder that leaves everything free, unless a row that looks alike has an earlier one."""
    for place, remainder in enumerate(rules.remainders):
        cells = _open(rules, narrow, remainder)
        earlier = rules.remainders[:place]
        if _leaves_enough(rules, cells, remainder) and not any(
            _takes_earlier(rules, row, earlier) for row in _alike(rules, narrow, remainder)
        ):
            return Candidate(Form.BANDS, cells)
    return _hidden(rules, len(narrow))


def _leaves_enough(rules: RowRules, cells: Bands, remainder: int) -> bool:
    """
    Whether the remainder reaches the threshold, whatever the others are within their bands.

    Then every combination of the others is possible, and a row is refused whenever its remainder is small:
    none at all as well as a few.
    """
    return tuple(summed(cells, rules.base))[remainder].lo >= rules.threshold


def _takes_earlier(rules: RowRules, narrow: Bands, earlier: Sequence[int]) -> bool:
    return _shows_exactly(rules, narrow) or any(
        _leaves_enough(rules, _open(rules, narrow, remainder), remainder) for remainder in earlier
    )


def _open(rules: RowRules, narrow: Bands, remainder: int) -> Bands:
    """The row with one cell left open."""
    return tuple(hidden(rules.base) if place == remainder else band for place, band in enumerate(narrow))


def _alike(rules: RowRules, narrow: Bands, remainder: int) -> Iterator[Bands]:
    """Every row of bands that differs in the remainder alone and can sum to the base."""
    for band in rules.narrow:
        row = tuple(band if place == remainder else other for place, other in enumerate(narrow))
        if can_sum(row, rules.base):
            yield row


def _refusal_tells_nothing(rules: RowRules, wide: Bands) -> bool:
    """
    Whether wide bands, shown because narrow ones were refused, leave everything free.

    Shown so are the rows within these wide bands whose narrow bands are not safe: together they must reach
    whatever the wide bands themselves leave open below the threshold.
    """
    parts = [[band for band in rules.narrow if cell.lo <= band.lo and band.hi <= cell.hi] for cell in wide]
    refused = [
        tuple(summed(row, rules.base))
        for row in product(*parts)
        if can_sum(row, rules.base) and not _shows_exactly(rules, row) and not is_safe(rules, row)
    ]
    return all(_is_free(rules, _hull(cells)) for cells in zip(*refused, strict=True))


def can_sum(cells: Bands, base: int) -> bool:
    """Whether counts within these bands can add up to the base."""
    return sum(cell.lo for cell in cells) <= base <= sum(cell.hi for cell in cells)


def _hull(cells: Sequence[Interval]) -> Interval:
    return Interval(min(cell.lo for cell in cells), max(cell.hi for cell in cells))


def _hidden(rules: RowRules, cells: int) -> Candidate:
    return Candidate(Form.HIDDEN, (hidden(rules.base),) * cells)
