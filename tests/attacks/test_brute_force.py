"""
Every set of answers of a small organisation that agrees with its release, one by one.

What the ledger says that a cell can be must be what is true of all of them, and nothing small may be told, to
whoever has the staff list or is on it. The naive rule, and two colleagues who pool what they know, are in
here too: against them no release of such small groups holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.pipeline import make_release
from analysis.plan import publication_plan
from analysis.release import Release
from analysis.tables import LEFT_BLANK, OpenedWave
from tests.analysis.rosters import SMALL, provenance, questionnaire, replaced, single

THRESHOLD = 2
POLICY = replaced(SMALL, general=4, sensitive=4)
SEX = single("sex", "w", "m", missing={"pna": "no_answer"}, breakdown=True)
OPINION = questionnaire(SEX, single("tone", "good", "bad"), breakdowns=("sex",))
MET = questionnaire(SEX, single("met", "never", "once", sensitive=True), breakdowns=("sex",))
ANSWERS = (0, 1, LEFT_BLANK)
UNITS = ("a", "b")

Class = tuple[int, int]
"""Unit and sex: what the staff list says of everybody."""
Counts = tuple[tuple[int, ...], ...]
"""For each class, how many gave each answer."""
Row = tuple[str | None, str | None]


@st.composite
def people(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """Eight to ten people by unit, sex and answer; most answers alike, as they are."""
    number = draw(st.integers(8, 10))
    each = st.tuples(
        st.sampled_from((0, 1)),
        st.sampled_from((0, 1)),
        st.sampled_from((0, 0, 0, 0, 1, 1, LEFT_BLANK)),
    )
    return draw(st.lists(each, min_size=number, max_size=number))


def released(asked: Any, who: Sequence[tuple[int, int, int]]) -> Release:  # noqa: ANN401  a questionnaire
    opened = OpenedWave(asked, UNITS, np.array(who, np.int32))
    plan = publication_plan(asked, breakdowns=("unit", "sex"), open_wave=False)
    return make_release(opened, plan, POLICY, provenance(opened))


def rows_of(release: Release) -> dict[Row, Sequence[tuple[int, int]]]:
    return {
        (table.by, row.group): row.cells
        for table in release.tables
        for row in table.rows
        if table.item in ("tone", "met")
    }


def is_in(row: Row, of: Class) -> bool:
    by, group = row
    if by is None:
        return True
    return of[0] >= 0 and UNITS[of[0]] == group if by == "unit" else ("w", "m")[of[1]] == group


def agreeing(classes: Mapping[Class, int], rows: Mapping[Row, Sequence[tuple[int, int]]]) -> Iterator[Counts]:
    """All ways to answer that agree with what is shown."""
    ways = [
        [counts for counts in product(range(size + 1), repeat=3) if sum(counts) == size]
        for size in classes.values()
    ]
    inside = {row: [is_in(row, of) for of in classes] for row in rows}
    for counts in product(*ways):
        if all(
            lo <= sum(c[cell] for c, holds in zip(counts, inside[row], strict=True) if holds) <= hi
            for row, cells in rows.items()
            for cell, (lo, hi) in enumerate(cells)
        ):
            yield counts


def spans(
    classes: Mapping[Class, int], rows: Mapping[Row, Sequence[tuple[int, int]]], sets: Sequence[Counts]
) -> dict[tuple[Row, int], set[int]]:
    """What each cell is, over all sets of answers."""
    return {
        (row, cell): {
            sum(c[cell] for c, of in zip(counts, classes, strict=True) if is_in(row, of)) for counts in sets
        }
        for row in rows
        for cell in range(3)
    }


def is_told(numbers: set[int], base: int) -> bool:
    """Whether none can be told from a few; of so few people that there is no few, nothing can."""
    few = min(THRESHOLD - 1, base)
    return not (min(numbers) >= THRESHOLD or (min(numbers) == 0 and max(numbers) >= few))


def naive(who: Sequence[tuple[int, int, int]]) -> dict[Row, list[tuple[int, int]]]:
    """Each row of four by itself: exact from two, "none or one" under it."""
    rows: dict[Row, list[tuple[int, int]]] = {}
    for row in [(None, None), *(("unit", name) for name in UNITS), *(("sex", name) for name in ("w", "m"))]:
        answers = [answer for *of, answer in who if is_in(row, (of[0], of[1]))]
        if len(answers) >= 4:
            counts = [answers.count(answer) for answer in ANSWERS]
            rows[row] = [(n, n) if n >= THRESHOLD else (0, THRESHOLD - 1) for n in counts]
    return rows


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=8)
@given(who=people(), is_sensitive=st.booleans())
def test_no_small_number_is_told_by_all_sets_of_answers_together(
    who: list[tuple[int, int, int]], is_sensitive: bool
) -> None:
    release = released(MET if is_sensitive else OPINION, who)
    classes = dict(Counter((unit, sex) for unit, sex, _ in who))
    rows = rows_of(release)

    found = spans(classes, rows, list(agreeing(classes, rows)))

    for (row, cell), numbers in found.items():
        base = sum(size for of, size in classes.items() if is_in(row, of))
        assert not is_told(numbers, base), (row, cell)
        if rows[row][cell] != (0, base):
            assert not is_told({base - number for number in numbers}, base), (row, cell)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=5)
@given(who=people(), is_sensitive=st.booleans())
def test_the_ledgers_ranges_are_those_of_all_sets_of_answers(
    who: list[tuple[int, int, int]], is_sensitive: bool
) -> None:
    release = released(MET if is_sensitive else OPINION, who)
    classes = dict(Counter((unit, sex) for unit, sex, _ in who))
    rows = rows_of(release)
    found = spans(classes, rows, list(agreeing(classes, rows)))

    for table in release.tables:
        if table.item in ("tone", "met"):
            cells = [
                (min(found[(table.by, row.group), cell]), max(found[(table.by, row.group), cell]))
                for row in table.rows
                for cell, (lo, hi) in enumerate(row.cells)
                if lo < hi
            ]
            assert list(release.ledger.ranges.get(table.id, ())) == cells


def drawn(seed: int) -> list[tuple[int, int, int]]:
    draw = np.random.default_rng(seed)
    return [
        (int(draw.integers(2)), int(draw.integers(2)), int(draw.choice(ANSWERS, p=(0.75, 0.2, 0.05))))
        for _ in range(11)
    ]


def test_the_naive_rule_tells_small_numbers() -> None:
    told = 0
    for seed in range(6):
        who = drawn(seed)
        classes, rows = dict(Counter((unit, sex) for unit, sex, _ in who)), naive(who)
        found = spans(classes, rows, list(agreeing(classes, rows)))
        told += any(is_told(numbers, 99) for numbers in found.values())

    assert told >= 4
