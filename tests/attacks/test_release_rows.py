"""
One row of a table by itself: all rows of small organisations, and what the form of each tells.

The naive rule is in here too, and fails.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import pytest

from analysis.disclosure.forms import band_of, bands
from analysis.disclosure.rows import Candidate, RowRules, row_form
from analysis.tables import Form, Interval

THRESHOLD = 5


def all_rows(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in all_rows(total - first, cells - 1):
            yield (first, *rest)


@cache
def shown(base: int, cells: int, remainders: tuple[int, ...]) -> dict[Candidate, list[tuple[int, ...]]]:
    """Every row, by what is shown of it."""
    rules = RowRules(base, THRESHOLD, remainders)
    found: dict[Candidate, list[tuple[int, ...]]] = defaultdict(list)
    in_bands: dict[tuple[Interval, ...], Candidate] = {}
    for row in all_rows(base, cells):
        narrow = tuple(band_of(count, bands(base, THRESHOLD)) for count in row)
        if narrow not in in_bands or in_bands[narrow].form is Form.EXACT:
            in_bands[narrow] = row_form(rules, row)
        found[in_bands[narrow]].append(row)
    return found


def fits(row: tuple[int, ...], candidate: Candidate) -> bool:
    return all(cell.lo <= count <= cell.hi for count, cell in zip(row, candidate.cells, strict=True))


def tells(numbers: set[int]) -> bool:
    return not (min(numbers) >= THRESHOLD or (min(numbers) == 0 and max(numbers) >= THRESHOLD - 1))


SENSITIVE = [(base, 3, (1, 0, 2)) for base in range(20, 48)] + [
    (base, 4, (0, 2, 1, 3)) for base in (20, 24, 27)
]
OTHERS = [(base, 4, ()) for base in range(10, 27)]


@pytest.mark.parametrize(("base", "cells", "remainders"), [*SENSITIVE, *OTHERS])
def test_every_row_that_fits_what_is_shown_would_be_shown_so(
    base: int, cells: int, remainders: tuple[int, ...]
) -> None:
    by_form = shown(base, cells, remainders)
    rows = list(all_rows(base, cells))

    for candidate, its_rows in by_form.items():
        if candidate.form in (Form.EXACT, Form.BANDS):
            assert its_rows == [row for row in rows if fits(row, candidate)]


@pytest.mark.parametrize(("base", "cells", "remainders"), SENSITIVE)
def test_no_form_of_a_sensitive_row_tells_none_from_a_few_not_even_a_refusal(
    base: int, cells: int, remainders: tuple[int, ...]
) -> None:
    for rows in shown(base, cells, remainders).values():
        for place in range(cells):
            counts = {row[place] for row in rows}
            assert not tells(counts)
            assert not tells({base - count for count in counts})


@pytest.mark.parametrize(("base", "cells", "remainders"), OTHERS)
def test_what_is_shown_of_another_row_tells_none_from_a_few_of_no_cell(
    base: int, cells: int, remainders: tuple[int, ...]
) -> None:
    for candidate, rows in shown(base, cells, remainders).items():
        if candidate.form is not Form.HIDDEN:
            for place in range(cells):
                assert not tells({row[place] for row in rows})


def test_what_a_refused_row_can_tell_is_measured() -> None:
    """Only where nothing sensitive is asked, and only of bases one under a multiple of five, or nearly so."""
    telling = {
        base
        for base, cells, remainders in OTHERS
        for candidate, rows in shown(base, cells, remainders).items()
        if candidate.form is Form.HIDDEN and any(tells({row[p] for row in rows}) for p in range(cells))
    }

    assert telling == {14, 19, 24, 25, 26}


@pytest.mark.parametrize(("base", "cells", "remainders"), [*SENSITIVE, *OTHERS])
def test_what_is_shown_is_one_rung_of_the_ladder_and_holds_the_count(
    base: int, cells: int, remainders: tuple[int, ...]
) -> None:
    narrow = set(bands(base, THRESHOLD))
    for candidate, rows in shown(base, cells, remainders).items():
        assert fits(rows[0], candidate)
        if candidate.form is Form.EXACT:
            assert all(THRESHOLD <= cell.lo == cell.hi <= base - THRESHOLD for cell in candidate.cells)
        if candidate.form is Form.BANDS:
            assert all(cell in narrow or cell == (0, base) for cell in candidate.cells)
            assert sum(cell == (0, base) for cell in candidate.cells) == bool(remainders)


@pytest.mark.parametrize("base", [23, 31, 44])
def test_the_naive_rule_narrows_small_cells(base: int) -> None:
    """Exact from five and a band under it, cell by cell, as many tools do."""
    naive: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for row in all_rows(base, 3):
        naive[tuple(count if count >= THRESHOLD else "0-4" for count in row)].append(row)

    told = [rows for rows in naive.values() if any(tells({row[p] for row in rows}) for p in range(3))]

    assert len(told) > len(naive) / 2


def test_wide_bands_after_a_refusal_would_tell_that_nobody_is_none() -> None:
    """The ladder tried rung by rung, without asking what a refusal tells: a sensitive row of 54."""
    base, narrow = 54, bands(54, THRESHOLD)
    refused = [
        row
        for row in all_rows(base, 3)
        if any(count < THRESHOLD for count in row) and is_narrowed(base, [band_of(c, narrow) for c in row])
    ]

    assert min(min(row) for row in refused) == 1


def is_narrowed(base: int, row: list[Interval]) -> bool:
    least, most = sum(band.lo for band in row), sum(band.hi for band in row)
    return any(
        band.lo < THRESHOLD and (base - (most - band.hi) > 0 or base - (least - band.lo) < THRESHOLD - 1)
        for band in row
    )


def test_bands_leave_no_count_out() -> None:
    for one, next_one in pairwise(bands(61, THRESHOLD)):
        assert next_one.lo == one.hi + 1
