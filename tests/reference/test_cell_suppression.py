"""
Tables from the literature whose optimal suppression, or whose intervals, are known.

And one fact from it, on figures of ours.
"""

from __future__ import annotations

import itertools
from math import ceil, floor

import numpy as np
import pytest

from analysis.disclosure.jj import JjSolution, form_problem, solution
from analysis.disclosure.optimisation import (
    CannotProtectError,
    ChoiceCell,
    FormProblem,
    Known,
    Protected,
    Terms,
    optimise,
    ranges,
)
from analysis.tables import Interval
from tests.reference.tables import Table

_NODES = 1000


def _solved(table: Table) -> tuple[JjSolution, set[object]]:
    """The solution, and the keys of its secondary suppressions."""
    problem = table.problem()
    found = solution(problem, optimise(form_problem(problem), node_limit=_NODES))
    keys = {number: key for key, number in table.ids.items()}
    return found, {keys[id_] for id_ in found.secondary}


def test_fischetti_and_salazar_2001() -> None:
    # Management Science 47(7), figures 1 to 3: an investment by region; the 22 is sensitive.
    table = Table()
    counts = [[20, 50, 10], [8, 19, 22], [17, 32, 12]]
    for row, column in itertools.product(range(3), repeat=2):
        is_sensitive = (row, column) == (1, 2)
        table.cell((row, column), counts[row][column], need=(5, 5) if is_sensitive else None)
    for row in range(3):
        table.total((row, "all"), [(row, column) for column in range(3)])
    for column in range(3):
        table.total(("all", column), [(row, column) for row in range(3)])
    table.total(("all", "all"), [(row, "all") for row in range(3)])
    table.equation(("all", "all"), [("all", column) for column in range(3)])

    found, secondary = _solved(table)

    assert secondary == {(1, 0), (2, 0), (2, 2)}
    assert found.optimal
    assert found.cost + 22 == found.bound + 22 == 59
    assert found.ranges == {table.ids[1, 2]: (5, 30)}


def test_sdc_handbook_chapter_4_2_example_3() -> None:
    # Hundepool et al. (2012), Statistical Disclosure Control, ch. 4.2: four suppressed cells, margins shown.
    names = ["11", "12", "21", "22"]
    margins = [((0, 1), 7), ((2, 3), 3), ((0, 2), 6), ((1, 3), 4)]
    counts = [5, 2, 1, 2]
    problem = FormProblem(
        unknowns=4,
        upper=np.full(4, 100.0),
        frame=tuple(Known(Terms(places), total, total) for places, total in margins),
        cells=tuple(ChoiceCell(Terms.one(at), counts[at], (Interval(0, 100),)) for at in range(4)),
        protections=tuple(Protected(Terms.one(at), (counts[at], counts[at])) for at in range(4)),
    )

    found = dict(zip(names, ranges(problem, (0, 0, 0, 0)), strict=True))

    assert found == {"11": (3, 6), "12": (1, 4), "21": (0, 3), "22": (0, 3)}


def test_sdctable_region_by_gender() -> None:
    # sdcTable, its data set microdata1: 100 people by region and gender, women in region A sensitive.
    counts = {"A": (2, 18), "B": (19, 14), "C": (10, 12), "D": (14, 11)}
    table = Table()
    for region, by_gender in counts.items():
        for gender, count in zip("fm", by_gender, strict=True):
            table.cell(region + gender, count, need=(1, 1) if region + gender == "Af" else None)
        table.total(region, [region + "f", region + "m"])
    for gender in "fm":
        table.total(gender, [region + gender for region in counts])
    table.total("all", counts)
    table.equation("all", "fm")

    found, secondary = _solved(table)

    assert found.cost == found.bound == 40
    assert found.optimal
    assert secondary == {"Am", "Cf", "Cm"}


def _sdctable_linked() -> tuple[Table, Table, Table]:
    # sdcTable, its data set microdata2 (protectLinkedTables): women in region R1 by the new branches, and the
    # branch Cc of that region by gender. Counts up to 3 are sensitive; the one cell in both tables is not.
    first, second, both = Table(), Table(), Table()
    for table in (first, both):
        for branch, count in (("Ca", 3), ("Cb", 5), ("Cc", 4)):
            table.cell("f" + branch, count, need=(3, 3) if count <= 3 else None)
        table.total("fC", ["fCa", "fCb", "fCc"], kept=True)
    second.cell("fCc", 4)
    for table in (second, both):
        table.cell("mCc", 5)
        table.total("Cc", ["fCc", "mCc"], kept=True)
    return first, second, both


def test_sdctable_linked_tables_protected_by_themselves_give_a_three_away() -> None:
    first, second, both = _sdctable_linked()

    alone, hidden = _solved(first)
    nothing, _ = _solved(second)

    assert hidden == {"fCc"}
    assert alone.ranges == {0: (0, 7)}
    assert nothing.suppressed == ()
    # Whoever holds both tables reads the hidden 4 off the second, and takes it from the first one's total.
    problem = form_problem(both.problem())
    assert ranges(problem, (0,) * len(both.cells)) == [(3, 3)]


def test_sdctable_linked_tables_are_protected_together() -> None:
    found, hidden = _solved(_sdctable_linked()[2])

    assert found.optimal
    assert hidden == {"fCb"}
    assert found.cost == 5
    assert found.ranges == {0: (0, 8)}


def _mean(base: int, half: float) -> FormProblem:
    """Of so many people 15 % score 0 and the rest 100: their mean is told as 85, give or take `half`."""
    low = base * 15 // 100
    points = 100.0 * (base - low)
    return FormProblem(
        unknowns=2,
        upper=np.full(2, float(base)),
        frame=(
            Known(Terms((0, 1)), base, base),
            Known(Terms((1,), (100.0,)), points - base * half, points + base * half),
        ),
        cells=(ChoiceCell(Terms.one(0), low, (Interval(0, base),)),),
        protections=(Protected(Terms.one(0), (low - 1, low + 1)),),
    )


# The fact is the literature's (Hundepool et al. 2012, ch. 5.7: a mean on a known base can reveal a count).
# The figures are ours, and what must come out is counted in the comments.
@pytest.mark.parametrize(
    ("base", "half", "told"),
    [
        pytest.param(20, 0.05, (3, 3), id="to-the-decimal"),
        # One of twenty moves the mean by 5 points: 80 and 90 lie outside of 82.5 to 87.5. Rounding alone
        # protects nobody, which is why a mean stands among what is audited.
        pytest.param(20, 2.5, (3, 3), id="rounded-of-twenty"),
        pytest.param(60, 0.05, (9, 9), id="to-the-decimal-of-sixty"),
        # One of sixty moves it by a third of that: 83.3, 85 and 86.7 lie within.
        pytest.param(60, 2.5, (8, 10), id="rounded-of-sixty"),
    ],
)
def test_a_mean_on_a_known_base_can_reveal_a_count(base: int, half: float, told: tuple[int, int]) -> None:
    problem = _mean(base, half)

    [(least, most)] = ranges(problem, (0,))
    assert (ceil(least), floor(most)) == told
    if told[0] < told[1]:
        assert optimise(problem, node_limit=_NODES).levels == (0,)
    else:
        with pytest.raises(CannotProtectError):
            optimise(problem, node_limit=_NODES)
