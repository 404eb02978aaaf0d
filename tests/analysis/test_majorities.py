"""In how many organisations at least half say so: against scipy's beta, and against simulated sectors."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

import analysis.majorities
from analysis.contributions import IndicatorTotal
from analysis.edition import Answer, Figure, Where
from analysis.editions import Contributor, made_edition
from analysis.majorities import Majority, majority
from policy import NOISE

SEED = 20261126


def figure(organisations: int, **answer: int) -> tuple[Figure, Answer]:
    """A figure of so many organisations, with one answer in tenths of a per cent."""
    told = Answer(id="yes", icc=None, **answer)
    where = Where(year=2026, area="education")
    return Figure(
        indicator="I14_dialogue_held", where=where, edition=1, organisations=organisations,
        respondents=organisations * 60, answers=(told,),
    ), told  # fmt: skip


def tenths(share: float) -> int:
    return round(1_000 * share)


def of_beta(organisations: int, a: float, b: float, error: float = 0.0) -> Majority:
    """Of a figure whose organisations' shares are this beta, the estimate being off by so much."""
    shares = stats.beta(a, b)
    mean, wide = shares.mean(), shares.var() + error**2
    both = mean * (1 - mean) / wide - 1
    one_more = stats.beta(mean * both, (1 - mean) * both)
    return majority(*figure(
        organisations, estimate=tenths(mean), lower=tenths(max(0, mean - 2 * error)),
        upper=tenths(min(1, mean + 2 * error)), next_lower=tenths(one_more.ppf(0.025)),
        next_upper=tenths(one_more.ppf(0.975)), error=tenths(error),
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("a", "b"), [(2, 2), (3, 1), (1, 3), (0.5, 0.5), (8, 4), (20, 18), (40, 80), (6, 1), (1.2, 0.7)]
)
@pytest.mark.parametrize("error", [0.0, 0.03])
def test_the_estimate_is_the_part_of_the_beta_from_one_half_on(a: float, b: float, error: float) -> None:
    expected = 1_000 * stats.beta.sf(0.5, a, b)

    # What is published in tenths of a per cent tells it to within a few of a thousand organisations.
    assert of_beta(1_000, a, b, error).estimate == pytest.approx(expected, abs=6)


def seen_of(organisations: int, a: float, b: float, random: np.random.Generator) -> tuple[Figure, Answer]:
    """The figure that an edition makes of organisations of 10 to 500 people with shares of this beta."""
    people = np.exp(random.uniform(np.log(10), np.log(500), organisations)).astype(int)
    yes = random.binomial(people, random.beta(a, b, organisations))
    counts = np.stack([yes, people - yes], axis=1)
    up, down = random.geometric(1 - 1 / float(NOISE.likelier), (2, *counts.shape))
    counts += up - down
    given_ = [
        Contributor(
            f"wave{at}", f"organisation{at}", 2026, "education", "", "10_49", int(asked),
            {"I14_dialogue_held": IndicatorTotal("I14_dialogue_held", ("yes", "no"), (int(y), int(n)))},
        )
        for at, (asked, (y, n)) in enumerate(zip(people, counts, strict=True))
    ]  # fmt: skip
    made = made_edition(1, given_, []).told
    told = [each.figure for each in made if each.figure.where == Where(year=2026)]
    # Where R8 lets none through (one is too large) there is none to look at: the next.
    return (told[0], told[0].answers[0]) if told else seen_of(organisations, a, b, random)


@pytest.mark.parametrize(("organisations", "a", "b"), [(10, 3.5, 3.5), (20, 3, 2), (60, 1, 2), (60, 9, 9)])
def test_intervals_hold_the_truth_about_as_often_as_they_say(organisations: int, a: float, b: float) -> None:
    random = np.random.default_rng(SEED)
    truth = organisations * stats.beta.sf(0.5, a, b)
    found = [majority(*seen_of(organisations, a, b, random)) for _ in range(100)]

    # A hundred sectors tell it to within four points; where it is too rarely stands in the measurements.
    assert np.mean([each.lower <= truth <= each.upper for each in found]) >= 0.91
    estimates = np.array([each.estimate for each in found])
    assert estimates.mean() == pytest.approx(truth, abs=4 * estimates.std() / len(found) ** 0.5)
    # And it tells something: half of all that it could say at most.
    assert (
        np.mean([each.upper - each.lower for each in found])
        < (0.75 if organisations < 20 else 0.6) * organisations
    )


def test_the_spread_is_read_off_as_by_another_root_of_another_equation() -> None:
    told, answer = figure(500, estimate=600, lower=560, upper=640, next_lower=203, next_upper=924, error=20)

    def apart(logs: np.ndarray) -> list[float]:
        found = np.asarray(stats.beta.ppf([0.025, 0.975], *np.exp(logs)))
        return [found[0] - 0.203, found[1] - 0.924]

    a, b = np.exp(optimize.fsolve(apart, np.log([3.0, 2.0])))
    mean, wide = stats.beta.mean(a, b), stats.beta.var(a, b) - 0.02**2
    both = mean * (1 - mean) / wide - 1

    assert majority(told, answer).estimate == pytest.approx(
        500 * stats.beta.sf(0.5, mean * both, (1 - mean) * both), abs=5
    )


@given(
    st.integers(5, 10_000),
    st.lists(st.integers(0, 1_000), min_size=3, max_size=3).map(sorted),
    st.lists(st.integers(0, 1_000), min_size=2, max_size=2).map(sorted),
    st.integers(0, 1_000),
)
def test_whatever_a_figure_says_there_is_a_number_within_its_interval_within_all(
    organisations: int, ends: list[int], one_more: list[int], error: int
) -> None:
    found = majority(*figure(
        organisations, lower=ends[0], estimate=ends[1], upper=ends[2], next_lower=one_more[0],
        next_upper=one_more[1], error=error,
    ))  # fmt: skip

    assert 0 <= found.lower <= found.estimate <= found.upper <= organisations


def test_where_all_agree_it_is_all_or_none() -> None:
    nobody = {"lower": 0, "estimate": 0, "upper": 20, "next_lower": 0, "next_upper": 30, "error": 5}
    everybody = {
        "lower": 980,
        "estimate": 1_000,
        "upper": 1_000,
        "next_lower": 970,
        "next_upper": 1_000,
        "error": 5,
    }

    assert majority(*figure(20, **nobody)).estimate == 0
    assert majority(*figure(20, **everybody)).estimate == 20


def test_nothing_of_an_organisation_can_reach_it() -> None:
    """It is given a published figure; what it is written with knows neither contributions nor custody."""
    tree = ast.parse(Path(analysis.majorities.__file__).read_text("utf-8"))
    used = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {name for name in used if name and name.startswith(("analysis", "survey"))} == {"analysis.edition"}
