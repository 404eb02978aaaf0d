"""
An intruder with the staff list: who answered, and how each described themselves.

Another make of it: integer programs over classes, written from the rules alone, that share no code with the
audit. It has the whole release; it wins where a band is narrower than it looks, or where it can say what
everybody of a class answered. The naive rule, each table by itself, is in here too, and loses to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.pipeline import make_release
from analysis.plan import publication_plan
from analysis.release import Release
from analysis.tables import LEFT_BLANK, OpenedWave
from policy import POLICY, Policy
from tests.analysis.rosters import SMALL, provenance, questionnaire, replaced, single

T = 5
Cell = tuple[int, int]
Group = tuple[str, str | None]
"""What a row is broken down by, and which group it is; ("", None) is the organisation."""

ASKED = questionnaire(
    single("sex", "w", "m", missing={"pna": "no_answer"}, breakdown=True),
    single("age", "young", "old", missing={"pna": "no_answer"}, breakdown=True),
    single("tone", "good", "so", "bad"),
    single("seen", "never", "once", sensitive=True),
    breakdowns=("sex", "age"),
)
UNITS = ("north", "south", "east")


def invented(people: int, seed: int, *, exposed: float = 0.15) -> OpenedWave:
    """People in three units, some of whom say little of themselves."""
    draw = np.random.default_rng(seed)

    def column(shares: Sequence[float]) -> npt.NDArray[np.int64]:
        chosen = draw.choice(len(shares), size=people, p=shares)
        return np.where(draw.random(people) < 0.04, LEFT_BLANK, chosen)

    columns = [column((0.4, 0.35, 0.25)), column((0.6, 0.4)), column((0.5, 0.5))]
    columns += [column((0.55, 0.3, 0.15)), column((1 - exposed, exposed))]
    return OpenedWave(ASKED, UNITS, np.column_stack(columns).astype(np.int32))


def released(opened: OpenedWave, policy: Policy = POLICY) -> Release:
    plan = publication_plan(opened.questionnaire, breakdowns=("unit", "sex", "age"), open_wave=False)
    return make_release(opened, plan, policy, provenance(opened))


@dataclass(frozen=True)
class Roster:
    """What the intruder has before the release: everybody's class, with how many are in it."""

    classes: Mapping[tuple[int, ...], int]

    @classmethod
    def of(cls, opened: OpenedWave) -> Roster:
        return cls(Counter(tuple(map(int, row[:3])) for row in opened.answers))

    def within(self, group: Group) -> list[bool]:
        by, name = group
        places = {"unit": (0, UNITS), "sex": (1, ("w", "m")), "age": (2, ("young", "old"))}
        if not by:
            return [True] * len(self.classes)
        column, names = places[by]
        return [described[column] == names.index(str(name)) for described in self.classes]


@dataclass(frozen=True)
class Attack:
    """One item: what is shown of it, as integer bounds on who answered what."""

    roster: Roster
    rows: Mapping[Group, Sequence[Cell]]

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        return np.array(list(self.roster.classes.values()))

    def extreme(self, group: Group, cell: int, *, greatest: bool) -> int:
        return self._solved(self._sum(self.roster.within(group), cell), greatest=greatest)

    def told_bands(self) -> list[tuple[Group, int]]:
        """Low and high bands that are not whole."""
        return [
            (group, cell)
            for group, cells in self.rows.items()
            for cell, (lo, hi) in enumerate(cells)
            if (lo, hi) in ((0, T - 1), (self._base(group) - T + 1, self._base(group)))
            if (self.extreme(group, cell, greatest=False), self.extreme(group, cell, greatest=True))
            != (lo, hi)
        ]

    def told_classes(self) -> list[tuple[int, int]]:
        """Classes of which it is known that everybody answered the same."""
        classes = range(len(self.sizes))
        return [
            (place, cell)
            for place, size in enumerate(self.sizes)
            for cell in range(self._cells)
            if self._solved(self._sum([at == place for at in classes], cell), greatest=False) == size
        ]

    @property
    def _cells(self) -> int:
        return len(next(iter(self.rows.values())))

    def _base(self, group: Group) -> int:
        return int(self.sizes[self.roster.within(group)].sum())

    def _sum(self, marks: Sequence[bool], cell: int) -> npt.NDArray[np.float64]:
        return np.outer(marks, np.arange(self._cells) == cell).astype(float).ravel()

    def _solved(self, costs: npt.NDArray[np.float64], *, greatest: bool) -> int:
        rows, least, most = [], [], []
        for place, size in enumerate(self.sizes):
            rows.append(np.repeat(np.arange(len(self.sizes)) == place, self._cells).astype(float))
            least.append(size)
            most.append(size)
        for group, cells in self.rows.items():
            for cell, (lo, hi) in enumerate(cells):
                rows.append(self._sum(self.roster.within(group), cell))
                least.append(lo)
                most.append(hi)
        found = milp(
            -costs if greatest else costs,
            constraints=LinearConstraint(np.array(rows), np.array(least), np.array(most)),
            integrality=np.ones(len(costs), np.int64),
            bounds=Bounds(0, np.repeat(self.sizes, self._cells)),
        )
        assert found.success
        return round(-found.fun if greatest else found.fun)


def attack(opened: OpenedWave, release: Release, item: str) -> Attack:
    """The intruder before one item's tables."""
    rows = {
        (table.by or "", row.group): row.cells
        for table in release.tables
        for row in table.rows
        if table.item == item
    }
    return Attack(Roster.of(opened), rows)


def naively(opened: OpenedWave, item: str) -> Attack:
    """Each table by itself: groups from 10, exact from 5, bands under it and at its mirror."""
    roster, asked = Roster.of(opened), opened.questionnaire
    rows: dict[Group, list[Cell]] = {}
    places = {"unit": (0, UNITS), "sex": (1, ("w", "m")), "age": (2, ("young", "old"))}
    groups: list[Group] = [("", None), *((by, name) for by, (_, names) in places.items() for name in names)]
    options = len(asked.options_of(asked.item(item)))
    for group in groups:
        by, name = group
        inside = np.ones(opened.responses, np.bool_)
        if by:
            column, names = places[by]
            inside = opened.answers[:, column] == names.index(str(name))
        base = int(inside.sum())
        if base >= 10:
            answers = opened.column(item)[inside]
            counts = [int(np.sum(answers == option)) for option in (*range(options), LEFT_BLANK)]
            rows[group] = [_banded(count, base) for count in counts]
    return Attack(roster, rows)


def _banded(count: int, base: int) -> Cell:
    if count < T:
        return 0, T - 1
    return (base - T + 1, base) if count > base - T else (count, count)


@pytest.mark.parametrize("seed", range(3))
def test_the_naive_rule_tells_the_intruder_more_than_its_bands_say(seed: int) -> None:
    assert naively(invented(60, seed), "seen").told_bands()


@pytest.mark.parametrize(("people", "seed"), [(48, 0), (75, 2)])
@pytest.mark.parametrize("item", ["tone", "seen"])
def test_whoever_has_the_staff_list_finds_every_low_and_high_band_whole(
    people: int, seed: int, item: str
) -> None:
    opened = invented(people, seed)

    intruder = attack(opened, released(opened), item)

    assert not intruder.told_bands()


@pytest.mark.parametrize(("people", "seed"), [(48, 0), (75, 2)])
@pytest.mark.parametrize("item", ["tone", "seen"])
def test_nobody_of_a_class_is_shown_to_have_answered_as_all_of_it(people: int, seed: int, item: str) -> None:
    opened = invented(people, seed)

    intruder = attack(opened, released(opened), item)

    assert not intruder.told_classes()


@pytest.mark.parametrize("item", ["tone", "seen"])
def test_what_the_ledger_says_a_cell_can_be_is_what_the_intruder_finds(item: str) -> None:
    opened = invented(75, 2)
    release = released(opened)
    intruder = attack(opened, release, item)

    for table in release.tables:
        if table.item == item:
            cells = [
                ((table.by or "", row.group), cell, shown)
                for row in table.rows
                for cell, shown in enumerate(row.cells)
                if shown[0] < shown[1]
            ]
            for (group, cell, _), found in zip(cells, release.ledger.ranges.get(table.id, ()), strict=True):
                assert found == tuple(intruder.extreme(group, cell, greatest=end) for end in (False, True))


def test_figures_by_group_are_shown_at_all() -> None:
    release = released(invented(90, 3))

    assert {table.by for table in release.tables} >= {"unit", None}


def test_whoever_left_a_breakdown_blank_is_in_none_of_its_rows() -> None:
    opened = invented(90, 3)

    for table in released(opened).tables:
        if table.by is not None:
            assert sum(row.base[0] for row in table.rows) < opened.responses


def test_a_sensitive_table_by_group_is_never_exact() -> None:
    opened = invented(90, 3)

    shown = [table for table in released(opened).tables if table.item == "seen" and table.by]

    assert all(lo < hi for table in shown for row in table.rows for lo, hi in row.cells)


@pytest.mark.parametrize("seed", range(3))
def test_no_group_is_shown_under_its_base(seed: int) -> None:
    for table in released(invented(60, seed)).tables:
        if table.by is not None:
            least = POLICY.sensitive if table.item == "seen" else POLICY.general
            assert all(row.base[0] >= least for row in table.rows)


def test_the_order_of_responses_changes_no_byte() -> None:
    opened = invented(48, 4)
    shuffled = replace(opened, answers=np.random.default_rng(1).permutation(opened.answers))

    assert released(shuffled) == released(opened)


# The algorithm as an oracle: every set of answers of eight people in two units, at a threshold of two.
FEW = questionnaire(single("seen", "never", "once", sensitive=True), breakdowns=())
TINY = replaced(SMALL, general=4, sensitive=4)


def everybody(sizes: Sequence[int]) -> Iterator[OpenedWave]:
    """Every set of answers of so many people in each unit, once."""
    each = [[c for c in product(range(size + 1), repeat=3) if sum(c) == size] for size in sizes]
    for counts in product(*each):
        rows = [
            (unit, answer)
            for unit, of_unit in enumerate(counts)
            for answer, count in zip((0, 1, LEFT_BLANK), of_unit, strict=True)
            for _ in range(count)
        ]
        yield OpenedWave(FEW, ("a", "b"), np.array(rows, np.int32))


def figures(release: Release) -> dict[Group, tuple[Cell, ...]]:
    return {(table.by or "", row.group): row.cells for table in release.tables for row in table.rows}


def counts_of(opened: OpenedWave) -> dict[Group, tuple[int, ...]]:
    def of(answers: npt.NDArray[np.int32]) -> tuple[int, ...]:
        return tuple(int(np.sum(answers == answer)) for answer in (0, 1, LEFT_BLANK))

    answers = opened.answers
    return {
        ("", None): of(answers[:, 1]),
        **{("unit", name): of(answers[answers[:, 0] == at, 1]) for at, name in enumerate(("a", "b"))},
    }


Waves = list[tuple[OpenedWave, dict[Group, tuple[Cell, ...]]]]


@cache
def all_released() -> Waves:
    """All of them with what is shown of each."""
    plan = publication_plan(FEW, breakdowns=("unit",), open_wave=False)
    return [
        (opened, figures(make_release(opened, plan, TINY, provenance(opened))))
        for opened in everybody((4, 4))
    ]


def fits(counts: Mapping[Group, tuple[int, ...]], shown: Mapping[Group, tuple[Cell, ...]]) -> bool:
    return all(
        lo <= count <= hi
        for group, cells in shown.items()
        for count, (lo, hi) in zip(counts[group], cells, strict=True)
    )


@pytest.mark.slow
def test_every_set_of_answers_that_agrees_with_an_accepted_release_yields_that_release() -> None:
    waves = [(counts_of(opened), shown) for opened, shown in all_released()]

    for _, accepted in waves:
        if ("unit", "a") in accepted:
            assert all(other == accepted for counts, other in waves if fits(counts, accepted))


def told_of_units(sets: Sequence[Mapping[Group, tuple[int, ...]]]) -> bool:
    """Whether none can be told from a few in some cell of a unit, from all sets that there can be."""
    for unit, cell in product(("a", "b"), range(3)):
        found = {counts["unit", unit][cell] for counts in sets}
        if not (min(found) >= TINY.threshold or (min(found) == 0 and max(found) >= TINY.threshold - 1)):
            return True
    return False


@pytest.mark.slow
def test_what_a_refused_breakdown_tells_beside_the_organisations_row_is_measured() -> None:
    """Whoever runs the program on everything possible learns it from a refusal; what is said in the docs."""
    released_of = [(counts_of(opened), shown) for opened, shown in all_released()]
    refused = [shown for _, shown in released_of if ("unit", "a") not in shown]
    beyond = 0
    for shown in {str(each): each for each in refused}.values():
        sets = [counts for counts, other in released_of if other == shown]
        agree = [counts for counts, _ in released_of if fits(counts, shown)]
        if told_of_units(sets) and not told_of_units(agree):
            beyond += len(sets)

    assert (len(released_of), len(refused), beyond) == (225, 216, 0)
