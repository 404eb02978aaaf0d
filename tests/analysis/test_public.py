"""The public part of the audit: each case drawn as the rows of a release."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from analysis.disclosure.forms import band_of, bands
from analysis.disclosure.public import Doubt, PublishedRow, PublishedTable, findings
from analysis.tables import Interval
from policy import POLICY

OPTIONS = ("yes", "no", "no_answer")


def table(
    *rows: str,
    by: str | None = None,
    ranges: tuple[tuple[int, int], ...] = (),
    multiple: bool = False,
    scores: tuple[tuple[int, int], ...] = (),
) -> PublishedTable:
    """Rows drawn as `group<parent base: cell cell … mean`, cells as `7` or `0-4`, a mean as `=65`."""
    read = [_row(row) for row in rows]
    width = len(read[0].cells)
    return PublishedTable(
        id=f"item by {by}" if by else "item",
        by=by,
        multiple=multiple,
        options=OPTIONS[-width:] if width < len(OPTIONS) else OPTIONS,
        rows=tuple(read),
        ranges=tuple(Interval(*ends) for ends in ranges),
        scores=tuple(Interval(*ends) for ends in scores),
    )


def _row(drawn: str) -> PublishedRow:
    head, cells = drawn.split(":")
    *name, base = head.split()
    group, _, parent = name[0].partition("<") if name else ("", "", "")
    drawn_cells, _, mean = cells.partition("=")
    bounds = tuple(map(_interval, drawn_cells.split()))
    return PublishedRow(group or None, parent or None, _interval(base), bounds, int(mean) if mean else None)


def _interval(drawn: str) -> Interval:
    lo, _, hi = drawn.partition("-")
    return Interval(int(lo), int(hi or lo))


def doubts(*tables: PublishedTable) -> set[tuple[str | None, str | None, Doubt]]:
    return {(found.group, found.option, found.doubt) for found in findings(tables, POLICY)}


def test_bands_that_leave_everything_open_are_proven() -> None:
    assert doubts(table("40: 0-4 36-40 0-4")) == set()
    assert doubts(table("40: 0-4 30-35 5-9")) == set()
    assert doubts(table("40: 20 15 5")) == set()
    assert doubts(table("40: 0-40 0-40 0-40")) == set()


def test_bands_whose_ends_sum_are_told() -> None:
    # 4 + 4 + 9 is 17: every one of them is known.
    assert doubts(table("17: 0-4 0-4 5-9")) >= {(None, "yes", Doubt.TOLD), (None, "no", Doubt.TOLD)}


def test_a_parent_tells_that_its_part_is_not_none() -> None:
    whole = table("60: 5-9 46-50 5-9")
    units = table("a 30: 0-4 20-24 0-4", "b 30: 0-4 20-24 0-4", by="unit")

    found = doubts(whole, units)

    # At least 5 in two units of at most 4 each: neither can be none.
    assert {("a", "yes", Doubt.TOLD), ("b", "yes", Doubt.TOLD)} <= found


def test_those_whom_no_group_shows_are_protected_too() -> None:
    whole = table("62: 12 45 5")
    units = table("a 30: 5 20 5", "b 30: 5 25 0-4", by="unit")

    found = [finding for finding in findings((whole, units), POLICY) if finding.is_rest]

    # Two who left their unit blank, and both said yes: 12 less 5 and 5.
    assert [(finding.option, finding.found) for finding in found] == [
        ("yes", Interval(2, 2)),
        ("no", Interval(0, 0)),
        ("no_answer", Interval(0, 0)),
    ]


def test_of_those_whom_no_group_shows_only_what_the_whole_left_open_is_asked() -> None:
    whole = table("75: 40 31 0-4")
    ages = table("young 31: 15 11 0-4", "old 39: 20 15 0-4", by="age")

    # Five said nothing of their age. That not all five left the item blank is said by the whole itself.
    found = [finding for finding in findings((whole, ages), POLICY) if finding.is_rest]

    assert (None, "no_answer") not in {(finding.group, finding.option) for finding in found}


def test_of_a_hidden_cell_only_what_the_whole_left_open_is_asked() -> None:
    ages = table("young 14: 0-14 0-14 0-14", "old 16: 0-16 0-4 0-4", by="age")

    # At most ten of thirty said anything but yes: that of any fourteen four did is no doing of the row.
    assert doubts(table("30: 20-25 0-9 0-9"), ages) == set()
    # Here the whole's cell leaves everything open, and the sum does not.
    assert doubts(table("30: 0-30 0-9 0-4"), ages) == {("young", "yes", Doubt.TOLD)}


def test_units_within_units_are_followed() -> None:
    units = [
        "a 60: 10 40 10",
        "a1<a 30: 5-9 20 0-4",
        "a2<a 30: 0-4 20 5-9",
    ]

    found = doubts(table(*units, by="unit"))

    assert ("a1", "yes", Doubt.TOLD) not in found
    assert ("a2", "yes", Doubt.TOLD) in found


def test_two_breakdowns_of_the_same_people_are_held_together() -> None:
    whole = table("60: 0-60 0-60")
    units = table("a 30: 0-4 26-30", "b 30: 0-4 26-30", by="unit")
    contact = table("c 30: 5 25", "d 30: 0-4 26-30", by="contact")

    # Each by itself leaves a none; together they say five to eight, of whom b can be four at most.
    assert doubts(whole, units) == set()
    assert doubts(whole, contact) == set()
    assert ("a", "no", Doubt.TOLD) in doubts(whole, units, contact)


@pytest.mark.parametrize(
    ("row", "option", "doubt"),
    [
        ("9: 0-9 0-9 0-9", None, Doubt.BASE),
        ("40: 3 30-35 0-4", "yes", Doubt.EXACT),
        ("40: 37 0-4 0-4", "yes", Doubt.EXACT),
        ("40: 1-4 30-35 0-4", "yes", Doubt.FORM),
        ("40: 0-7 30-35 0-4", "yes", Doubt.FORM),
    ],
)
def test_what_the_policy_never_shows_is_found(row: str, option: str | None, doubt: Doubt) -> None:
    assert (None, option, doubt) in doubts(table(row))


def test_a_range_of_the_ledger_that_cannot_be_true_is_found() -> None:
    row = "40: 0-4 30-35 5-9"

    assert doubts(table(row, ranges=((0, 4), (30, 35), (5, 9)))) == set()
    assert doubts(table(row, ranges=((0, 4), (30, 36), (5, 9)))) == {(None, "no", Doubt.LEDGER)}


def test_tables_that_contradict_one_another_prove_nothing() -> None:
    assert {doubt for *_, doubt in doubts(table("40: 10 10 10"))} == {Doubt.UNSOLVED}
    parts = table("a 30: 10 15 5", "b 30: 10 15 5", by="unit")
    assert (None, None, Doubt.CONTRADICTION) in doubts(table("40: 10 25 5"), parts)


@pytest.mark.parametrize(
    "rows",
    [
        ("a<b 30: 10 15 5", "b<a 30: 10 15 5"),
        ("a<a 30: 10 15 5",),
        ("a<nobody 30: 10 15 5",),
        ("a 30: 10 15 5", "a 30: 10 15 5"),
        ("30: 10 15 5",),
    ],
)
def test_rows_that_do_not_hang_together_prove_nothing(rows: tuple[str, ...]) -> None:
    assert doubts(table(*rows, by="unit")) == {(None, None, Doubt.CONTRADICTION)}


def test_tables_of_one_item_have_the_same_options_and_one_breakdown_each() -> None:
    whole, parts = table("60: 20 30 10"), table("a 30: 10 15 5", by="unit")

    assert doubts(whole, parts, parts) == {(None, None, Doubt.CONTRADICTION)}
    assert doubts(whole, table("a 30: 15 15", by="unit")) == {(None, None, Doubt.CONTRADICTION)}


def test_where_several_can_be_chosen_each_option_is_by_itself() -> None:
    assert doubts(table("40: 30 30 5", multiple=True)) == set()
    assert doubts(table("40: 20 25 0-4", multiple=True)) == set()
    # Five at least answered something, and at most four chose the other.
    assert (None, "yes", Doubt.TOLD) in doubts(table("40: 0-4 0-4 30-35", multiple=True))


def test_where_options_exclude_one_another_the_ledger_may_know_more() -> None:
    whole = table("60: 15-19 50-55 0-4", multiple=True)

    def found(most: int) -> set[tuple[str | None, str | None, Doubt]]:
        ranges = ((6, most), (12, 16), (0, 4), (5, 9), (35, 39), (0, 4))
        parts = table("a 16: 0-16 12-16 0-4", "b 44: 5-9 35-39 0-4", by="unit", multiple=True, ranges=ranges)
        return doubts(whole, parts)

    # At most 14 of 16 said yes, by these figures: two or more did not. If "no" stands alone, five did not.
    assert found(14) == {("a", "yes", Doubt.TOLD)}
    assert found(11) == set()
    # A range that goes beyond what the figures leave cannot be true.
    assert found(15) == {("a", "yes", Doubt.TOLD), ("a", "yes", Doubt.LEDGER)}


def _consistent(base: int, cells: tuple[Interval, ...]) -> Iterator[tuple[int, ...]]:
    for yes in range(cells[0].lo, cells[0].hi + 1):
        if cells[1].lo <= base - yes <= cells[1].hi:
            yield yes, base - yes


@pytest.mark.parametrize("truth", list(itertools.product(range(0, 11, 2), range(0, 12, 3))))
def test_what_is_told_is_what_trying_all_tables_tells(truth: tuple[int, int]) -> None:
    bases = (10, 11)
    rows = [
        tuple(band_of(count, bands(base, 5)) for count in (yes, base - yes))
        for yes, base in zip(truth, bases, strict=True)
    ]
    everyone = sum(truth), sum(bases) - sum(truth)
    whole = tuple(band_of(count, bands(sum(bases), 5)) for count in everyone)
    drawn = [" ".join(f"{lo}-{hi}" for lo, hi in cells) for cells in (whole, *rows)]

    found = {
        (finding.group, finding.option)
        for finding in findings(
            (table(f"21: {drawn[0]}"), table(f"a 10: {drawn[1]}", f"b 11: {drawn[2]}", by="unit")), POLICY
        )
    }

    both = [
        (one, other)
        for one in _consistent(bases[0], rows[0])
        for other in _consistent(bases[1], rows[1])
        if all(
            lo <= sum(pair) <= hi for pair, (lo, hi) in zip(zip(one, other, strict=True), whole, strict=True)
        )
    ]
    expected = set()
    for at, (group, base) in enumerate((("a", 10), ("b", 11))):
        for option, name in enumerate(OPTIONS[-2:]):
            values = [tables[at][option] for tables in both]
            for few in (values, [base - value for value in values]):
                is_small = min(few) < 5
                if is_small and not (min(few) == 0 and max(few) >= 4):
                    expected.add((group, name))
    assert {place for place in found if place[0]} == expected


POINTS = ((65, 100), (0, 60))


@pytest.mark.parametrize(
    ("row", "found"),
    [
        # 20 of 65 to 100 and 15 of 0 to 60 points: from 37 to 83 in the mean, rounded to 35 and 85.
        ("40: 20 15 5", set()),
        ("40: 20 15 5=60", set()),
        ("40: 20 15 5=35", set()),
        ("40: 20 15 5=85", set()),
        ("40: 20 15 5=30", {Doubt.MEAN}),
        ("40: 20 15 5=90", {Doubt.MEAN}),
    ],
)
def test_a_mean_that_no_answers_give_is_found(row: str, found: set[Doubt]) -> None:
    assert {doubt for *_, doubt in doubts(table(row, scores=POINTS))} == found


def test_what_a_mean_tells_of_a_band_is_found() -> None:
    row = "40: 0-40 0-4 0-4"

    assert doubts(table(row, scores=POINTS)) == set()
    # Nobody can have less than 65 where the mean is 100, but for one or so among forty.
    assert (None, "no", Doubt.TOLD) in doubts(table(f"{row}=100", scores=POINTS))


@pytest.mark.parametrize(
    ("drawn", "by", "scores"),
    [
        ("40: 20 15 5=60", None, ()),
        ("a 40: 20 15 5=60", "unit", POINTS),
        ("24: 10 9 5=60", None, POINTS),
        ("40: 0-40 0-40 0-40=60", None, POINTS),
    ],
)
def test_a_mean_where_none_is_shown_is_found(
    drawn: str, by: str | None, scores: tuple[tuple[int, int], ...]
) -> None:
    assert (None, Doubt.NO_MEAN) in {
        (option, doubt) for _, option, doubt in doubts(table(drawn, by=by, scores=scores))
    }


def _means(base: int, cells: tuple[Interval, ...]) -> Iterator[tuple[int, int]]:
    """Every count of yes with every mean that its answers can have, by going through all sums of points."""
    for yes, no in itertools.product(*(range(cell.lo, cell.hi + 1) for cell in cells[:2])):
        scored = yes + no
        if scored and cells[2].lo <= base - scored <= cells[2].hi:
            for points in range(65 * yes, 100 * yes + 60 * no + 1, 5):
                yield yes, (2 * points + 5 * scored) // (10 * scored) * 5


@pytest.mark.parametrize("drawn", ["30: 0-4 21-25 0-4", "30: 5-9 15-20 0-4", "33: 10-14 10-14 5-9"])
def test_means_are_possible_where_trying_all_points_finds_them(drawn: str) -> None:
    row = _row(drawn)
    found = {mean for _, mean in _means(row.base.hi, row.cells)}

    for mean in range(0, 101, 5):
        told = {doubt for *_, doubt in doubts(table(f"{drawn}={mean}", scores=POINTS))}
        assert (Doubt.MEAN in told) == (mean not in found), mean
