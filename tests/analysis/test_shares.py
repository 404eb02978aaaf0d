from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.shares import Share, share_of_asked, shares_of_answered
from analysis.tables import Interval
from tests.analysis.strategies import Published, published


def exact(*counts: int) -> list[Interval]:
    return [Interval(count, count) for count in counts]


def test_exact_counts_give_exact_shares_of_those_who_answered() -> None:
    shares = shares_of_answered(exact(40, 12, 8, 3), Interval(63, 63), multiple=False)

    assert [share.least for share in shares] == [Fraction(2, 3), Fraction(1, 5), Fraction(2, 15)]
    assert all(share.is_exact for share in shares)


def test_fewer_than_five_of_forty_is_nothing_to_a_tenth() -> None:
    shares = shares_of_answered(
        [Interval(0, 4), Interval(36, 40), Interval(0, 0)], Interval(40, 40), multiple=False
    )

    assert shares[0] == Share(Fraction(0), Fraction(1, 10))
    assert shares[1] == Share(Fraction(9, 10), Fraction(1))


def test_an_option_of_several_is_a_share_of_those_who_chose_anything() -> None:
    cells = [Interval(30, 30), Interval(12, 12), Interval(0, 4)]

    shares = shares_of_answered(cells, Interval(63, 63), multiple=True)

    assert shares[0] == Share(Fraction(30, 63), Fraction(30, 59))


def test_where_nobody_need_have_answered_a_share_is_anything() -> None:
    hidden = [Interval(0, 20)] * 3

    shares = shares_of_answered(hidden, Interval(20, 20), multiple=False)

    assert all(share.is_unknown for share in shares)
    assert shares_of_answered(exact(0, 0, 0), Interval(0, 0), multiple=False)[0].is_unknown


@given(st.integers(2, 5).flatmap(published))
def test_no_share_that_the_bounds_allow_lies_outside(drawn: Published) -> None:
    shares = shares_of_answered(drawn.cells, drawn.base, multiple=False)

    answered = sum(drawn.counts[:-1])
    if answered:
        for share, count in zip(shares, drawn.counts, strict=False):
            assert share.least <= Fraction(count, answered) <= share.most


@given(st.integers(2, 5).flatmap(lambda options: published(options, multiple=True)))
def test_no_share_of_several_that_the_bounds_allow_lies_outside(drawn: Published) -> None:
    shares = shares_of_answered(drawn.cells, drawn.base, multiple=True)

    answered = drawn.asked - drawn.counts[-1]
    for share, count in zip(shares, drawn.counts, strict=False):
        assert share.least <= Fraction(count, answered) <= share.most


@given(published(2))
def test_the_share_of_those_who_did_not_answer_is_of_all_who_were_asked(drawn: Published) -> None:
    share = share_of_asked(drawn.cells[-1], drawn.base)

    if drawn.asked:
        assert share.least <= Fraction(drawn.counts[-1], drawn.asked) <= share.most


@given(st.fractions(0, 1), st.fractions(0, 1))
def test_per_cents_are_rounded_away_from_each_other(one: Fraction, other: Fraction) -> None:
    share = Share(min(one, other), max(one, other))

    percent = share.percent

    if share.is_exact:
        assert percent.is_exact
        assert abs(percent.lo - 100 * share.least) <= Fraction(1, 2)
    else:
        assert percent.lo <= 100 * share.least
        assert percent.hi >= 100 * share.most


@pytest.mark.parametrize(("least", "most"), [(-1, 0), (1, 0), (0, 2)])
def test_bounds_that_are_no_share_are_refused(least: int, most: int) -> None:
    with pytest.raises(ValueError, match="in order within 0 to 1"):
        Share(Fraction(least), Fraction(most))
