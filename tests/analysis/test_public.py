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
) -> PublishedTable:
    """Rows drawn as `group<parent base: cell cell …`, cells as `7` or `0-4`."""
    read = [_row(row) for row in rows]
    width = len(read[0].cells)
    return PublishedTable(
        id=f"item by {by}" if by else "item",
        by=by,
        multiple=multiple,
        options=OPTIONS[-width:] if width < len(OPTIONS) else OPTIONS,
        rows=tuple(read),
        ranges=tuple(Interval(*ends) for ends in ranges),
    )


def _row(drawn: str) -> PublishedRow:
    head, cells = drawn.split(":")
    *name, base = head.split()
    group, _, parent = name[0].partition("<") if name else ("", "", "")
    return PublishedRow(group or None, parent or None, _interval(base), tuple(map(_interval, cells.split())))


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
