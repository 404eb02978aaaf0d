"""The choice of forms against trying every choice there is, each judged by another solver."""

import itertools
from dataclasses import replace
from typing import Any

import highspy
import numpy as np
import pytest
from scipy.optimize import linprog

from analysis.disclosure.optimisation import (
    CannotProtectError,
    ChoiceCell,
    FormProblem,
    Known,
    NotProvenError,
    ProblemError,
    Progress,
    Protected,
    Terms,
    optimise,
    ranges,
)
from analysis.disclosure.program import Vector
from analysis.tables import Interval

_NODES = 10_000


def _table(rng: np.random.Generator, rows: int, columns: int) -> FormProblem:
    """A table with its margins, cells in up to three forms, and some counts that must stay open."""
    counts = rng.integers(0, 13, (rows, columns))
    inner = rows * columns
    sums = (
        [Terms.one(place) for place in range(inner)]
        + [Terms(tuple(range(row * columns, (row + 1) * columns))) for row in range(rows)]
        + [Terms(tuple(range(column, inner, columns))) for column in range(columns)]
    )
    values = [int(counts.ravel()[list(terms.unknowns)].sum()) for terms in sums]
    cells, protections = [], []
    for terms, count in zip(sums, values, strict=True):
        band = Interval(5 * (count // 5), 5 * (count // 5) + 4)
        levels = (Interval(count, count), band, Interval(0, 60))
        is_open = len(terms.unknowns) == 1 and count < 5
        weights = tuple(float(weight) for weight in rng.integers(1, 6, 2))
        chosen = levels[1:] if is_open else levels if rng.random() < 0.5 else (levels[0], levels[2])
        cells.append(ChoiceCell(terms, count, chosen, weights[: len(chosen) - 1]))
        if is_open:
            protections.append(Protected(terms, band, spread=int(rng.integers(0, 2)) * 5))
    known = (Known(Terms(tuple(range(inner))), float(counts.sum()), float(counts.sum())),)
    return FormProblem(inner, np.full(inner, 40.0), known, tuple(cells), tuple(protections))


def _dense(terms: Terms, unknowns: int) -> Vector:
    row = np.zeros(unknowns)
    row[list(terms.unknowns)] = terms.values
    return row


def _least(wanted: Vector, sums: Vector, most: Vector, equal: Vector, problem: FormProblem) -> float:
    solved = linprog(
        wanted,
        A_ub=sums,
        b_ub=most,
        A_eq=equal,
        b_eq=[known.least for known in problem.frame],
        bounds=[(0, upper) for upper in problem.upper],
    )
    assert solved.fun is not None
    return float(solved.fun)


def _protects(problem: FormProblem, levels: tuple[int, ...]) -> bool:
    shown = [cell.levels[level] for cell, level in zip(problem.cells, levels, strict=True)]
    rows = np.array([_dense(cell.terms, problem.unknowns) for cell in problem.cells])
    sums = np.vstack([rows, -rows])
    most = np.array([hi for _, hi in shown] + [-lo for lo, _ in shown])
    equal = np.array([_dense(known.terms, problem.unknowns) for known in problem.frame])
    for protected in problem.protections:
        wanted = _dense(protected.terms, problem.unknowns)
        least, greatest = (sign * _least(sign * wanted, sums, most, equal, problem) for sign in (1, -1))
        if least > protected.need[0] + 1e-6 or greatest < protected.need[1] - 1e-6:
            return False
        if greatest - least < protected.spread - 1e-6:
            return False
    return True


def _cheapest(problem: FormProblem) -> float | None:
    """The least cost of all choices that protect: by their cost in order, until one does."""

    def cost(levels: tuple[int, ...]) -> float:
        return sum(sum(cell.weights[:level]) for cell, level in zip(problem.cells, levels, strict=True))

    every = itertools.product(*(range(len(cell.levels)) for cell in problem.cells))
    return next((cost(levels) for levels in sorted(every, key=cost) if _protects(problem, levels)), None)


@pytest.mark.parametrize("seed", [0, 1, 4, 6, 7, 9])
def test_no_choice_that_protects_is_cheaper(seed: int) -> None:
    problem = _table(np.random.default_rng(seed), 2, 2)

    cheapest = _cheapest(problem)

    assert cheapest is not None
    forms = optimise(problem, node_limit=_NODES)
    assert forms.optimal
    assert forms.cost == forms.bound == cheapest
    assert _protects(problem, forms.levels)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("node_limit", [0, 1, _NODES])
def test_whatever_the_limit_the_choice_protects_and_the_bound_is_one(seed: int, node_limit: int) -> None:
    problem = _table(np.random.default_rng(seed), 4, 3)

    forms = optimise(problem, node_limit=node_limit)

    best = optimise(problem, node_limit=_NODES)
    assert _protects(problem, forms.levels)
    assert best.optimal
    assert forms.bound <= best.cost <= forms.cost


def test_the_same_problem_has_the_same_forms() -> None:
    problem = _table(np.random.default_rng(3), 6, 5)

    assert optimise(problem, node_limit=_NODES) == optimise(problem, node_limit=_NODES)


def test_every_round_is_told() -> None:
    heard: list[Progress] = []

    forms = optimise(_table(np.random.default_rng(3), 5, 4), node_limit=_NODES, progress=heard.append)

    assert [progress.rounds for progress in heard] == list(range(1, len(heard) + 1))
    assert heard[-1].bound == forms.bound
    assert [progress.bound for progress in heard] == sorted(progress.bound for progress in heard)


_WIDE, _NARROW = Interval(0, 4), Interval(2, 4)


def _pair(*, need: Interval = _WIDE, spread: int = 0) -> FormProblem:
    """Two counts that sum to 6; the first is 2, and must stay open."""
    cells = tuple(
        ChoiceCell(Terms.one(place), count, (Interval(count, count), Interval(0, 4)), (1.0,))
        for place, count in enumerate((2, 4))
    )
    whole = Known(Terms((0, 1)), 6, 6)
    return FormProblem(2, np.full(2, 6.0), (whole,), cells, (Protected(Terms.one(0), need, spread),))


def test_a_protection_that_no_form_gives_is_named() -> None:
    with pytest.raises(CannotProtectError) as refused:
        optimise(_pair(), node_limit=_NODES)

    assert refused.value.protections == [0]
    with pytest.raises(CannotProtectError):
        optimise(_pair(need=_NARROW, spread=3), node_limit=_NODES)


def test_the_ranges_are_what_the_shown_forms_leave() -> None:
    problem = _pair(need=_NARROW, spread=2)

    forms = optimise(problem, node_limit=_NODES)

    assert forms.levels == (1, 1)
    assert ranges(problem, forms.levels) == [(2.0, 4.0)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"upper": np.full(3, 6.0)}, "upper"),
        ({"upper": np.array([6.0, np.inf])}, "upper"),
        ({"frame": (Known(Terms((0, 2)), 6, 6),)}, "frame 0: names an unknown outside 0 to 1"),
        ({"frame": (Known(Terms((0, 0)), 6, 6),)}, "stands in it twice"),
        ({"frame": (Known(Terms((0, 1), (1.0,)), 6, 6),)}, "one factor"),
        ({"frame": (Known(Terms((0,), (np.nan,)), 6, 6),)}, "finite"),
        ({"frame": (Known(Terms((0,)), 7, 6),)}, "swap"),
        ({"cells": (ChoiceCell(Terms.one(0), 2, (Interval(3, 4),)),)}, "cell 0: its count"),
        ({"cells": (ChoiceCell(Terms.one(0), 2, (Interval(1, 4), Interval(2, 5)), (1.0,)),)}, "next coarser"),
        ({"cells": (ChoiceCell(Terms.one(0), 2, (Interval(2, 2), Interval(0, 5)), (-1.0,)),)}, "weight"),
        ({"protections": (Protected(Terms.one(0), Interval(4, 0)),)}, "upside down"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ProblemError, match=said):
        replace(_pair(), **change)


def test_a_solver_that_fails_is_never_read_as_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = _pair(need=_NARROW, spread=2)
    monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda _: highspy.HighsModelStatus.kIterationLimit)

    with pytest.raises(NotProvenError):
        optimise(problem, node_limit=_NODES)


def test_a_solution_that_keeps_no_bounds_is_no_witness(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong:
        col_value = (9.0, -3.0)
        row_dual = (0.0,)

    monkeypatch.setattr(highspy.Highs, "getSolution", lambda _: Wrong())

    with pytest.raises(NotProvenError, match="does not keep the bounds"):
        optimise(_pair(need=_NARROW, spread=2), node_limit=_NODES)
