from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure.forms import band_of, bands, form_of, hidden, is_band, is_wide_band, wide_bands
from analysis.tables import Form, Interval

BASES = range(10, 301)


@pytest.mark.parametrize("ladder", [bands, wide_bands])
@pytest.mark.parametrize("base", BASES)
def test_a_rung_holds_every_count_once(ladder: object, base: int) -> None:
    rung = ladder(base, 5)  # type: ignore[operator]

    assert rung[0].lo == 0
    assert rung[-1].hi == base
    assert all(later.lo == band.hi + 1 for band, later in pairwise(rung))
    for band in rung:
        assert {band_of(count, rung) for count in range(band.lo, band.hi + 1)} == {band}


@pytest.mark.parametrize("base", BASES)
def test_each_rung_lies_within_the_next(base: int) -> None:
    wide = wide_bands(base, 5)

    for band in bands(base, 5):
        assert band_of(band.lo, wide) == band_of(band.hi, wide)
        assert hidden(base).lo <= band.lo <= band.hi <= hidden(base).hi


@pytest.mark.parametrize("base", BASES)
def test_nobody_is_never_told_from_one_to_four_nor_everybody_from_all_but_a_few(base: int) -> None:
    narrow = bands(base, 5)

    assert narrow[0] == (0, 4)
    assert narrow[-1] == (base - 4, base)


@pytest.mark.parametrize("base", range(10, 80))
def test_what_is_a_band_is_told_without_the_ladder(base: int) -> None:
    cells = [Interval(lo, hi) for lo in range(base + 1) for hi in range(lo, base + 1)]

    assert {cell for cell in cells if is_band(cell, base, 5)} == set(bands(base, 5))
    assert {cell for cell in cells if is_wide_band(cell, base, 5)} == set(wide_bands(base, 5))


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        ([(0, 40), (0, 40)], Form.HIDDEN),
        ([(20, 20), (20, 20)], Form.EXACT),
        ([(20, 20), (0, 40)], Form.BANDS),
        ([(20, 20), (15, 19)], Form.BANDS),
        ([(0, 4), (0, 40)], Form.BANDS),
        ([(20, 20), (0, 9), (0, 4)], Form.WIDE_BANDS),
        ([(0, 9), (0, 40)], Form.WIDE_BANDS),
    ],
)
def test_a_tables_form_is_that_of_the_coarsest_cell_that_is_not_hidden(
    cells: list[tuple[int, int]], form: Form
) -> None:
    assert form_of([(40, Interval(*cell)) for cell in cells], 5) is form


def test_of_a_base_without_end_a_form_is_told_at_once() -> None:
    base = 10**12

    assert form_of([(base, Interval(0, 4)), (base, Interval(base - 4, base))], 5) is Form.BANDS
    assert form_of([(base, Interval(0, 9)), (base, Interval(base - 4, base))], 5) is Form.WIDE_BANDS


def test_the_examples_of_the_rule() -> None:
    assert bands(23, 5) == ((0, 4), (5, 9), (10, 18), (19, 23))
    assert wide_bands(23, 5) == ((0, 9), (10, 23))
    assert bands(10, 5) == ((0, 4), (5, 5), (6, 10))
    assert wide_bands(10, 5) == ((0, 10),)
    assert wide_bands(54, 5)[-1] == (40, 54)


@given(st.integers(4, 60), st.integers(2, 7))
def test_bands_between_the_ends_are_as_wide_as_the_threshold_but_for_the_last(
    base: int, threshold: int
) -> None:
    if base < 2 * threshold:
        return
    *between, last = bands(base, threshold)[1:-1] or [hidden(0)]

    assert all(band.width == threshold - 1 for band in between)
    assert last.width < 2 * threshold - 1
