"""Pooled figures against printed examples, a likelihood that is written otherwise, and simulated sectors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special, stats

from analysis.statistics import Counts, Floats, outweigh_noise, pooled_mean, pooled_shares, wilson
from policy import NOISE

SEED = 20261125


def noisy(counts: Floats | Counts, random: np.random.Generator) -> Counts:
    up, down = random.geometric(1 - 1 / float(NOISE.likelier), (2, *counts.shape))
    return np.asarray(counts + up - down, np.int64)


def sector(
    organisations: int, share: float, icc: float, random: np.random.Generator
) -> tuple[Counts, Counts]:
    """How many chose either of two options, with noise, in organisations of 20 to 500 people; and those."""
    people = np.exp(random.uniform(np.log(20), np.log(500), organisations)).astype(int)
    scale = 1 / icc - 1
    chosen = random.binomial(people, random.beta(share * scale, (1 - share) * scale, organisations))
    return noisy(np.stack([chosen, people - chosen], axis=1), random), people


@pytest.mark.parametrize(
    ("chosen", "people", "lo", "hi"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_the_printed_one_of_newcombe_1998_method_3(
    chosen: int, people: int, lo: float, hi: float
) -> None:
    bounds = wilson(chosen / people, people, float(stats.norm.ppf(0.975)))

    assert (round(bounds.lo, 4), round(bounds.hi, 4)) == (lo, hi)


def likelihood(parameters: Floats, totals: Counts, people: Counts) -> float:
    """Of noisy counts under a beta-binomial: every count that could have become one, weighed."""
    share, icc = special.expit(parameters)
    a, b = share * (1 / icc - 1), (1 - share) * (1 / icc - 1)
    told = 0.0
    for total, size in zip(totals, people, strict=True):
        counts = np.arange(size + 1)
        weights = float(NOISE.likelier) ** -np.abs(counts - float(total))
        told += float(np.log((weights * stats.betabinom.pmf(counts, size, a, b)).sum()))
    return -told


def test_share_and_icc_are_near_those_of_the_exact_likelihood() -> None:
    random = np.random.default_rng(SEED)
    counts, people = sector(60, 0.12, 0.06, random)
    found = optimize.minimize(
        likelihood, special.logit([0.1, 0.05]), (counts[:, 0], people), method="Nelder-Mead"
    )
    share, icc = special.expit(found.x)
    pooled = pooled_shares(counts, people)[0]

    assert pooled.estimate == pytest.approx(share, abs=0.01)
    assert pooled.icc == pytest.approx(icc, abs=0.02)


@pytest.mark.parametrize(("organisations", "share"), [(5, 0.2), (20, 0.08), (100, 0.08)])
def test_intervals_hold_the_truth_about_as_often_as_they_say(organisations: int, share: float) -> None:
    random = np.random.default_rng(SEED)
    figures = [pooled_shares(*sector(organisations, share, 0.03, random))[0] for _ in range(200)]
    held = np.mean([figure.interval.lo <= share <= figure.interval.hi for figure in figures])

    # 200 sectors tell it to within 3 points; those where it is too rarely stand in the measurements.
    assert 0.91 <= held <= 1
    assert np.mean([figure.estimate for figure in figures]) == pytest.approx(share, abs=0.01)


def test_a_mean_is_the_sum_over_the_people_and_its_interval_holds_the_truth() -> None:
    random = np.random.default_rng(SEED)
    held = []
    for _ in range(300):
        people = random.integers(10, 300, 15).astype(float)
        centres = random.normal(60, 8, 15)
        points = people * centres + random.normal(0, 20, 15) * np.sqrt(people)
        figure = pooled_mean(points, people)
        assert figure.estimate == pytest.approx(points.sum() / people.sum())
        held.append(figure.interval.lo <= 60 <= figure.interval.hi)

    assert 0.9 <= np.mean(held) <= 0.99


def test_the_next_organisation_lies_mostly_within_the_prediction() -> None:
    random = np.random.default_rng(SEED)
    inside = []
    for _ in range(200):
        bounds = pooled_shares(*sector(40, 0.3, 0.05, random))[0].prediction
        inside.append(bounds.lo <= random.beta(0.3 * 19, 0.7 * 19) <= bounds.hi)

    assert 0.9 <= np.mean(inside) <= 0.99


def test_where_nobody_says_so_the_interval_still_reaches_above_none() -> None:
    counts = np.array([[0, 40], [0, 25], [0, 30], [0, 60], [0, 20]])
    figure = pooled_shares(counts, counts.sum(axis=1))[0]

    assert figure.estimate == 0
    assert figure.interval.lo == pytest.approx(0, abs=1e-12)
    assert figure.interval.hi > 0.04


def test_a_spread_that_noise_alone_could_make_is_not_told() -> None:
    random = np.random.default_rng(SEED)
    people = np.full(8, 30)
    chosen = random.binomial(people, 0.1)
    figure = pooled_shares(noisy(np.stack([chosen, people - chosen], axis=1), random), people)[0]

    assert figure.icc is None


def test_whose_noise_is_downward_is_left_in_and_one_organisation_alone_is_refused() -> None:
    counts = np.array([[5, 40], [10, 25], [-2, -3]])
    people = np.array([45, 35, 3])

    assert pooled_shares(counts, people) != pooled_shares(counts[:2], people[:2])
    with pytest.raises(ValueError, match="pooled from two or more"):
        pooled_shares(counts[2:], people[2:])
    with pytest.raises(ValueError, match="pooled from two or more"):
        pooled_mean(np.array([500.0]), np.array([10.0]))


def test_a_rare_question_asked_of_few_in_each_is_estimated_without_bias() -> None:
    random = np.random.default_rng(SEED)
    people = np.full(60, 40)
    found = []
    for _ in range(200):
        asked = random.binomial(people, 0.1)
        chosen = random.binomial(asked, 0.8)
        counts = noisy(np.stack([chosen, asked - chosen], axis=1), random)
        found.append(pooled_shares(counts, people)[0].estimate)

    # One is known to within nine points, the mean of two hundred to within two thirds of one.
    assert np.mean(found) == pytest.approx(0.8, abs=0.025)


def test_noise_where_nobody_answered_is_no_answer() -> None:
    random = np.random.default_rng(SEED)
    nobody = np.zeros((30, 3), np.int64)
    looked_like = [outweigh_noise(noisy(nobody, random)) for _ in range(400)]

    assert np.mean(looked_like) < 0.05
    assert outweigh_noise(noisy(nobody + 5, random))
