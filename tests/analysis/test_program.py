import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.disclosure import program
from analysis.disclosure.program import Bounded, NotProvenError, Program, solver_facts


def bounded(*coefficients: float, least: float, most: float) -> Bounded:
    return Bounded(np.array(coefficients, float), least, most)


def test_a_sum_is_as_small_and_as_large_as_its_bounds_allow() -> None:
    asked = Program([bounded(1, 1, 1, least=10, most=10), bounded(1, 0, 0, least=2, most=4)])

    assert asked.least(np.array([0.0, 1, 1])).value == pytest.approx(6)
    assert asked.greatest(np.array([0.0, 1, 1])).value == pytest.approx(8)
    assert asked.greatest(np.array([0.0, 0, 1])).respondents.sum() == pytest.approx(10)


def test_what_nobody_could_have_answered_is_not_proven() -> None:
    with pytest.raises(NotProvenError, match="nobody could have answered so"):
        Program([bounded(1, 1, least=3, most=3), bounded(1, 0, least=4, most=5)])


def test_a_limit_that_is_reached_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "_ROUNDS", 1)
    with pytest.raises(NotProvenError, match="limit of rounds"):
        Program([bounded(1, 1, least=3, most=3), bounded(1, 0, least=1, most=2)])


def test_a_solver_that_gives_up_has_proven_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "_OPTIONS", {**program._OPTIONS, "simplex_iteration_limit": 0})
    rows = [bounded(*(1.0 + (i * j) % 5 for j in range(9)), least=i, most=30 + i) for i in range(1, 6)]

    with pytest.raises(NotProvenError, match="linear program: "):
        Program(rows).greatest(np.arange(9.0))


@given(st.data())
def test_calling_kinds_as_they_are_needed_finds_what_all_of_them_together_give(data: st.DataObject) -> None:
    kinds, people = data.draw(st.integers(2, 60)), data.draw(st.integers(10, 60))
    draw = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    cells = draw.integers(0, 2, (3, kinds)).astype(float)
    true = draw.multinomial(people, np.full(kinds, 1 / kinds))
    rows = [Bounded(np.ones(kinds), people, people)]
    rows += [Bounded(cell, cell @ true - 2, cell @ true + 2) for cell in cells]
    wanted = draw.integers(0, 2, kinds).astype(float)

    asked = Program(rows)

    upper = np.vstack([[row.coefficients, -row.coefficients] for row in rows]).reshape(-1, kinds)
    limits = np.array([bound for row in rows for bound in (row.most, -row.least)])
    for sign, found in ((1, asked.least(wanted).value), (-1, asked.greatest(wanted).value)):
        oracle = linprog(sign * wanted, A_ub=upper, b_ub=limits)
        assert oracle.fun is not None
        assert found == pytest.approx(sign * oracle.fun, abs=1e-5)


def test_the_release_can_say_what_solved_it() -> None:
    assert solver_facts().name == "HiGHS"
    assert solver_facts().version.count(".") == 2
