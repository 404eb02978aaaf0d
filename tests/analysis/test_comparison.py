"""Comparisons against printed examples and an independent implementation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests  # type: ignore[import-untyped]

from analysis.comparison import Difference, benjamini_hochberg, difference, holm
from analysis.statistics import Bounds, Pooled

# Benjamini & Hochberg 1995, p. 295: fifteen hypotheses about heart attacks, of which they tell four.
PRINTED = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
    0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
]  # fmt: skip


def figure(estimate: float, error: float, freedom: int) -> Pooled:
    nothing = Bounds(0, 1)
    return Pooled(estimate, error, nothing, nothing, freedom)


def test_the_printed_example_tells_four_by_exploring_and_three_as_planned() -> None:
    assert sum(p <= 0.05 for p in benjamini_hochberg(PRINTED)) == 4
    assert sum(p <= 0.05 for p in holm(PRINTED)) == 3


@pytest.mark.parametrize("how_many", [1, 2, 7, 30])
def test_adjusted_p_values_are_those_of_an_independent_implementation(how_many: int) -> None:
    # Two decimals, so that some are equal.
    values = [float(value) for value in np.random.default_rng(how_many).random(how_many).round(2) ** 2]

    assert holm(values) == pytest.approx(multipletests(values, method="holm")[1])
    assert benjamini_hochberg(values) == pytest.approx(multipletests(values, method="fdr_bh")[1])


def test_a_difference_of_means_is_welchs() -> None:
    found = difference(figure(62, 8 / 12**0.5, 11), figure(55, 5 / 30**0.5, 29))
    expected = stats.ttest_ind_from_stats(62, 8, 12, 55, 5, 30, equal_var=False)

    assert found.p == pytest.approx(expected.pvalue)
    assert found.estimate == 7
    assert found.interval.lo < 7 < found.interval.hi


def test_what_matters_is_said_only_by_a_whole_interval() -> None:
    sure = Difference(8, Bounds(5.5, 10.5), 0.001)
    unsure = Difference(5, Bounds(1, 9), 0.02)
    none = Difference(0.5, Bounds(-2, 3), 0.6)

    assert [each.surely_matters(5) for each in (sure, unsure, none)] == [True, False, False]
    assert [each.surely_does_not(5) for each in (sure, unsure, none)] == [False, False, True]
