"""
The intruder who knows the program, and sees that a sensitive breakdown is missing.

Every set of answers of a few units, at the product's own thresholds, through the whole release. Whatever is
shown by unit, or not shown, must leave of each unit, and of those without one, what the organisation's row
left.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from analysis.disclosure import breakdowns
from analysis.disclosure.alternatives import Way, in_bands
from analysis.disclosure.roster import Roster
from analysis.pipeline import make_release
from analysis.plan import publication_plan
from analysis.tables import LEFT_BLANK, BrokenDownTable, OpenedWave
from policy import POLICY
from tests.analysis.rosters import provenance, questionnaire, single

SEEN = questionnaire(single("seen", "no", "yes", sensitive=True))
PLAN = publication_plan(SEEN, breakdowns=("unit",), open_wave=False)
FEW = POLICY.threshold - 1
Numbers = tuple[int, ...]
"""How many said yes in each unit, and last of those without one."""


def wave(sizes: Numbers, yes: Numbers) -> OpenedWave:
    """So many people in each unit, the last ones in none, of whom so many say yes and the others no."""
    units = [*range(len(sizes) - 1), LEFT_BLANK]
    rows = [
        (unit, int(place < said))
        for unit, size, said in zip(units, sizes, yes, strict=True)
        for place in range(size)
    ]
    return OpenedWave(SEEN, tuple("abcdefgh"[: len(units) - 1]), np.array(rows, np.int32))


def outcomes(sizes: Numbers, least: int, most: int) -> dict[object, dict[object, list[Numbers]]]:
    """What is shown of the organisation → what is shown by unit → how many can have said yes."""
    found: dict[object, dict[object, list[Numbers]]] = defaultdict(lambda: defaultdict(list))
    for yes in product(*(range(min(size, most) + 1) for size in sizes)):
        if least <= sum(yes) <= most:
            release = make_release(opened := wave(sizes, yes), PLAN, POLICY, provenance(opened))
            whole, *by_unit = [tuple(row.cells for row in table.rows) for table in release.tables]
            found[whole][tuple(by_unit)].append(yes)
    return found


def told(
    found: dict[object, dict[object, list[Numbers]]], sizes: Numbers
) -> Iterator[tuple[Numbers, Numbers]]:
    """Of some unit, what can be told from none, or from a few, that the organisation's row left open."""
    for by_unit in found.values():
        everything = [yes for sets in by_unit.values() for yes in sets]
        for sets in by_unit.values():
            for size, before, after in zip(
                sizes, zip(*everything, strict=True), zip(*sets, strict=True), strict=True
            ):
                few = min(FEW, size)
                was_open, least = min(before) == 0 and max(before) >= few, min(after)
                if was_open and not (least > FEW or (least == 0 and max(after) >= few)):
                    yield (min(before), max(before)), (least, max(after))


# Five or more said yes in the organisation, which low bands of both units never, or hardly, add up to;
# and ten or more, of which just some answers could be shown.
CASES = [((20, 20, 0), 5, 9), ((20, 20, 2), 5, 9), ((20, 20, 0), 10, 14)]


@pytest.mark.parametrize(("sizes", "least", "most"), CASES)
def test_that_a_breakdown_is_missing_tells_nothing_of_a_unit_or_of_those_without_one(
    sizes: Numbers, least: int, most: int
) -> None:
    found = outcomes(sizes, least, most)

    assert all(() not in by_units or len(by_units) == 1 for by_units in found.values())
    assert list(told(found, sizes)) == []


def test_where_no_counts_could_keep_it_from_being_shown_it_is() -> None:
    found = outcomes((22, 20, 0), 0, 4)

    assert len(found) == 1
    assert all(by_unit != () for by_units in found.values() for by_unit in by_units)
    assert list(told(found, (22, 20, 0))) == []


def test_units_are_shown_where_whoever_stands_in_none_can_take_up_the_rest() -> None:
    """The example of docs/explanation/disclosure.md: all or none of those without a unit may have."""
    release = make_release(opened := wave((24, 22, 4), (3, 5, 0)), PLAN, POLICY, provenance(opened))

    whole, by_unit = release.tables
    assert whole.rows[0].cells[1:] == ((5, 9), (0, 4))
    assert [row.cells[1] for row in by_unit.rows] == [(0, 4), (5, 9)]
    assert all(row.cells[0] == (0, row.base[1]) and row.cells[2] == (0, 4) for row in by_unit.rows)


@pytest.mark.parametrize(("sizes", "least", "most"), CASES[:1])
def test_a_breakdown_that_is_refused_because_of_its_counts_tells_of_every_unit(
    sizes: Numbers, least: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule that looks only at what would be shown: what it does not show, it tells."""
    monkeypatch.setattr(breakdowns, "every_way", as_counted)

    assert list(told(outcomes(sizes, least, most), sizes)) != []


def as_counted(table: BrokenDownTable, roster: Roster) -> Iterator[Way]:
    """The way in which it came out, and no other."""
    rows = in_bands(table, roster.threshold)
    if rows is not None:
        yield Way(rows, is_shown=True)


# One person stands in no unit; of the second breakdown one group is the first unit and that person.
BESIDE = questionnaire(
    single("seen", "no", "yes", sensitive=True),
    single("shift", "day", "night", missing={"unsaid": "no_answer"}, breakdown=True),
    breakdowns=("shift",),
)


def test_that_units_are_missing_tells_nothing_of_a_group_of_another_breakdown() -> None:
    """Units of twenty and twenty: refused, they tell that somebody of the 21 who work by day met it."""
    shown = {yes: by_groups(yes) for yes in product(range(6), range(6), range(2)) if 5 <= sum(yes) <= 9}

    assert len({*shown.values()}) == 1


def by_groups(yes: Numbers) -> str:
    """What is shown of those in unit a, in unit b and in none, who work by day, night and day."""
    rows = [
        (unit, int(place < said), shift)
        for unit, size, said, shift in zip((0, 1, LEFT_BLANK), (20, 20, 1), yes, (0, 1, 0), strict=True)
        for place in range(size)
    ]
    opened = OpenedWave(BESIDE, ("a", "b"), np.array(rows, np.int32))
    plan = publication_plan(BESIDE, breakdowns=("unit", "shift"), open_wave=False)
    release = make_release(opened, plan, POLICY, provenance(opened))
    return json.dumps([t.model_dump() for t in release.tables if t.item == "seen"], default=str)


def test_what_is_refused_for_the_sake_of_somebody_who_answered_is_never_tried() -> None:
    """
    Units of twenty and twenty, and one person in none, who said no: what the refusal told them alone.

    Of five to nine just low bands of both units are not safe from them, and are so from everybody else.
    """
    shown = {by_unit for of in outcomes((20, 20, 1), 5, 9).values() for by_unit in of}

    assert shown == {()}
