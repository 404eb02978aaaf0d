"""
Every set of answers of a small organisation that agrees with its release, one by one.

What the ledger says that a cell can be must be what is true of all of them, and nothing small may be told, to
whoever has the staff list, or is on it and knows their own answer, or pools that with a colleague's. The
naive rule is in here too: to each of these it tells small numbers. Of two who pool what they know the audit
promises nothing; here are the rosters on which they were tried.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.pipeline import make_release
from analysis.plan import publication_plan
from analysis.release import Release
from analysis.tables import LEFT_BLANK, OpenedWave
from policy import Policy
from questionnaires.model import Questionnaire
from tests.analysis.rosters import SMALL, provenance, questionnaire, replaced, single

THRESHOLD = 2
POLICY = replaced(SMALL, general=4, sensitive=4)
SEX = single("sex", "w", "m", missing={"pna": "no_answer"}, breakdown=True)
OPINION = questionnaire(SEX, single("tone", "good", "bad"), breakdowns=("sex",))
# Of "none or one" there is nothing left to tell where one of them is one's own: as many more as know theirs.
KNOWING = {
    known: replaced(SMALL, general=least, sensitive=least, threshold=THRESHOLD + known)
    for known, least in ((1, 5), (2, 8))
}
MET = questionnaire(SEX, single("met", "never", "once", sensitive=True), breakdowns=("sex",))
ANSWERS = (0, 1, LEFT_BLANK)
UNITS = ("a", "b")

Class = tuple[int, int]
"""Unit and sex: what the staff list says of everybody."""
Counts = tuple[tuple[int, ...], ...]
"""For each class, how many gave each answer."""
Row = tuple[str | None, str | None]
Record = tuple[Class, int]
"""Somebody's class and answer."""


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


def released(asked: Questionnaire, who: Sequence[tuple[int, int, int]], policy: Policy = POLICY) -> Release:
    opened = OpenedWave(asked, UNITS, np.array(who, np.int32))
    plan = publication_plan(asked, breakdowns=("unit", "sex"), open_wave=False)
    return make_release(opened, plan, policy, provenance(opened))


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


def is_told(numbers: set[int], base: int, few: int = THRESHOLD - 1) -> bool:
    """Whether none can be told from a few; of so few people that there is no few, nothing can."""
    return not (min(numbers) > few or (min(numbers) == 0 and max(numbers) >= min(few, base)))


def without(sets: Sequence[Counts], classes: Mapping[Class, int], known: Sequence[Record]) -> list[Counts]:
    """The sets of answers that these records can be among, without them: what the others can have said."""
    own = np.zeros((len(classes), 3), int)
    for of, cell in known:
        own[list(classes).index(of), cell] += 1
    others = np.array(sets) - own
    return [tuple(map(tuple, counts)) for counts in others[(others >= 0).all(axis=(1, 2))].tolist()]


def told_of_others(
    classes: Mapping[Class, int],
    rows: Mapping[Row, Sequence[tuple[int, int]]],
    sets: Sequence[Counts],
    known: Sequence[Record],
) -> list[tuple[Row, int]]:
    """The cells of which those who know these records are told whether any of the others stands in them."""
    found = spans(classes, rows, without(sets, classes, known))
    left = Counter(classes) - Counter(of for of, _ in known)
    bases = {row: sum(size for of, size in left.items() if is_in(row, of)) for row in rows}
    few = KNOWING[len(known)].threshold - 1 - len(known)
    return [(row, cell) for (row, cell), numbers in found.items() if is_told(numbers, bases[row], few)]


def naive(
    who: Sequence[tuple[int, int, int]], least: int = 4, threshold: int = THRESHOLD
) -> dict[Row, list[tuple[int, int]]]:
    """Each row of enough people by itself: exact from two, "none or one" under it, or as the numbers are."""
    rows: dict[Row, list[tuple[int, int]]] = {}
    for row in [(None, None), *(("unit", name) for name in UNITS), *(("sex", name) for name in ("w", "m"))]:
        answers = [answer for *of, answer in who if is_in(row, (of[0], of[1]))]
        if len(answers) >= least:
            counts = [answers.count(answer) for answer in ANSWERS]
            rows[row] = [(n, n) if n >= threshold else (0, threshold - 1) for n in counts]
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


def drawn(seed: int, people: int = 11) -> list[tuple[int, int, int]]:
    draw = np.random.default_rng(seed)
    return [
        (int(draw.integers(2)), int(draw.integers(2)), int(draw.choice(ANSWERS, p=(0.75, 0.2, 0.05))))
        for _ in range(people)
    ]


def test_the_naive_rule_tells_small_numbers() -> None:
    told = 0
    for seed in range(6):
        who = drawn(seed)
        classes, rows = dict(Counter((unit, sex) for unit, sex, _ in who)), naive(who)
        found = spans(classes, rows, list(agreeing(classes, rows)))
        told += any(is_told(numbers, 99) for numbers in found.values())

    assert told >= 4


def told_to(
    number: int, who: Sequence[tuple[int, int, int]], rows: Mapping[Row, Sequence[tuple[int, int]]]
) -> int:
    """Of all who answered, so many at a time: how many learn of the others what is small."""
    classes = dict(Counter((unit, sex) for unit, sex, _ in who))
    sets = list(agreeing(classes, rows))
    records = [((unit, sex), ANSWERS.index(answer)) for unit, sex, answer in who]
    pools = dict.fromkeys(tuple(sorted(pool)) for pool in combinations(records, number))
    return sum(bool(told_of_others(classes, rows, sets, pool)) for pool in pools)


@pytest.mark.parametrize("known", KNOWING)
@pytest.mark.parametrize("seed", range(6))
def test_nobody_on_the_staff_list_is_told_a_small_number_of_the_others(seed: int, known: int) -> None:
    who = drawn(seed, 12)

    for asked in (MET, OPINION):
        rows = rows_of(released(asked, who, KNOWING[known]))
        assert rows
        assert told_to(known, who, rows) == 0


@pytest.mark.parametrize("known", KNOWING)
def test_the_naive_rule_tells_small_numbers_to_those_who_know_answers(known: int) -> None:
    rule = KNOWING[known]
    rosters = [drawn(seed, 12) for seed in range(6)]

    told = [told_to(known, who, naive(who, rule.general, rule.threshold)) for who in rosters]

    assert sum(each > 0 for each in told) >= 4


def test_more_is_shown_to_them_than_the_organisations_own_row() -> None:
    shown = [rows_of(released(OPINION, drawn(seed, 12), KNOWING[1])) for seed in range(6)]

    assert sum(len(rows) > 1 for rows in shown) >= 2
