"""
An intruder with the figures of a sector, one of its organisations perhaps, who subtracts.

The naive rule here is five organisations and nothing else.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure.pooling import Objection, Selection, may_refresh, objections, refused
from policy import POOLING

SIX = dict(zip("abcdef", (30, 30, 25, 25, 20, 20), strict=True))
FIVE_AND_NOTHING_ELSE = replace(
    POOLING, respondents=0, respondents_each=0, largest_percent=100, two_largest_percent=100, remaining=0
)


def of(names: str) -> Selection:
    return frozenset(names)


@pytest.mark.parametrize(
    ("respondents", "expected"),
    [
        ((30, 30, 25, 25, 20), []),
        ((30, 30, 25, 25), [Objection.TOO_FEW_ORGANISATIONS]),
        ((30, 30, 25, 25, 9), [Objection.TOO_FEW_ORGANISATIONS]),
        ((19, 20, 20, 20, 20), [Objection.TOO_FEW_RESPONDENTS]),
        ((40, 15, 15, 15, 15), []),
        ((41, 15, 15, 15, 14), [Objection.ONE_DOMINATES]),
        ((40, 20, 20, 10, 10), []),
        ((40, 21, 19, 10, 10), [Objection.TWO_DOMINATE]),
    ],
)
def test_who_a_figure_is_made_of_decides(respondents: tuple[int, ...], expected: list[Objection]) -> None:
    members = {str(number): count for number, count in enumerate(respondents)}

    assert list(objections(members, POOLING)) == expected


def test_an_organisation_too_small_to_count_hides_nobody_and_still_dilutes_nothing() -> None:
    members = {"a": 45, **{f"small {number}": 9 for number in range(20)}}

    assert Objection.TOO_FEW_ORGANISATIONS in set(objections(members, POOLING))


def test_a_selection_within_another_must_leave_enough_between_them() -> None:
    everyone = dict.fromkeys("abcdefghijk", 30)

    assert refused([of("abcdefghijk"), of("abcde")], everyone, POOLING) == []
    found = refused([of("abcdefghijk"), of("abcdefghij")], everyone, POOLING)
    assert [(each.selection, each.objection) for each in found] == [(of("abcdefghij"), Objection.DIFFERENCE)]
    assert found[0].against == of("abcdefghijk")


def test_selections_that_tell_one_organisation_only_all_together_are_refused() -> None:
    # Area, industry and size, none within another: a and b, b and c, c and a sum to twice each of them.
    others = [of("dghij"), of("eklmn"), of("fopqr")]
    names = "abcdefghijklmnopqr"
    everyone = dict.fromkeys(names, 30)
    ring = [others[0] | of("ab"), others[1] | of("bc"), others[2] | of("ca")]

    found = refused([*others, *ring], everyone, POOLING)

    # The first pair is two organisations, told by subtraction.
    assert found[0].objection is Objection.DIFFERENCE
    assert {each.selection for each in found} == set(ring)


def test_no_total_follows_from_figures_that_overlap() -> None:
    # Neither is within the other, and (ab + ac + bc) would give a: none of the three may complete the set.
    everyone = dict.fromkeys("abcdefgh", 30)
    figures = [of("abdefg"), of("acdefg"), of("bcdefg"), of("abcdefg")]

    found = refused(figures, everyone, POOLING)

    assert {each.objection for each in found} <= {Objection.DIFFERENCE, Objection.FOLLOWS}
    assert found != []
    standing = [figure for figure in figures if figure not in {each.selection for each in found}]
    assert not _solvable(standing)


def test_two_who_have_only_each_other_to_hide_behind_are_refused() -> None:
    everyone = dict.fromkeys("abcdefghij", 30)

    found = refused([of("abcdefgh"), of("cdefghij"), of("abij") | of("c")], everyone, POOLING)

    standing = {of("abcdefgh"), of("cdefghij"), of("abcij")} - {each.selection for each in found}
    assert not _solvable(sorted(standing, key=sorted))


def _solvable(selections: list[Selection]) -> set[str]:
    """Organisations whose total is a combination of the figures: by elimination, not by the code tested."""
    names = sorted(frozenset().union(*selections))
    matrix = np.array([[name in each for name in names] for each in selections], float)
    rank = np.linalg.matrix_rank(matrix)
    return {
        name
        for at, name in enumerate(names)
        if np.linalg.matrix_rank(np.vstack([matrix, np.eye(len(names))[at]])) == rank
    }


def _standing_by_number(selections: list[Selection]) -> list[Selection]:
    """The naive rule: each figure by itself, and no more asked of it than that it is of five."""
    return [
        each for each in selections if not list(objections(dict.fromkeys(each, 30), FIVE_AND_NOTHING_ELSE))
    ]


@pytest.mark.parametrize(
    ("figures", "given_away"),
    [
        pytest.param(["abcdefghijk", "abcdefghij"], "k", id="one-within-another"),
        pytest.param(["abdefg", "acdefg", "bcdefg", "abcdefg"], "abc", id="all-but-one-each"),
        # None within another: each is of two beside others that are told too, and twice a is ab + ca - bc.
        pytest.param(["dghij", "eklmn", "fopqr", "dghijab", "eklmnbc", "fopqrca"], "abc", id="a-ring"),
    ],
)
def test_five_organisations_and_nothing_else_give_some_away(figures: list[str], given_away: str) -> None:
    selections = [of(figure) for figure in figures]
    everyone = dict.fromkeys(frozenset().union(*selections), 30)

    told = _solvable(_standing_by_number(selections))
    gone = {each.selection for each in refused(selections, everyone, POOLING)}

    assert told == set(given_away)
    assert _solvable([each for each in selections if each not in gone]) == set()


def test_five_organisations_and_nothing_else_let_one_of_them_be_nearly_all() -> None:
    members = {"a": 900, **dict.fromkeys("bcde", 10)}

    assert list(objections(members, FIVE_AND_NOTHING_ELSE)) == []
    assert Objection.ONE_DOMINATES in set(objections(members, POOLING))


@given(st.lists(st.sets(st.sampled_from("abcdefghijkl"), min_size=5), min_size=1, max_size=6))
def test_whatever_is_published_together_tells_no_organisation_its_own_or_anothers(
    drawn: list[set[str]],
) -> None:
    everyone = dict.fromkeys("abcdefghijkl", 30)
    selections = [frozenset(each) for each in drawn]

    gone = {each.selection for each in refused(selections, everyone, POOLING)}

    standing = [each for each in dict.fromkeys(selections) if each not in gone]
    if standing:
        assert _solvable(standing) == set()
        for one in frozenset().union(*standing):
            assert _solvable([*standing, frozenset(one)]) == {one}


def test_an_edition_tells_of_three_changes_or_of_none() -> None:
    before = of("abcdefg")

    assert may_refresh(before, before, frozenset(), POOLING)
    assert not may_refresh(before, before | of("h"), frozenset(), POOLING)
    assert not may_refresh(before, before - of("a"), of("b"), POOLING)
    assert may_refresh(before, before - of("a") | of("h"), of("b"), POOLING)
    assert may_refresh(before, before, of("abc"), POOLING)
    for pair in itertools.combinations("abc", 2):
        assert not may_refresh(before, before, frozenset(pair), POOLING)


def alone(selections: list[frozenset[str]]) -> bool:
    """Whether a total follows, by the singular vectors of all sums at once: not as the rule has it."""
    names = sorted(frozenset().union(*selections))
    sums = np.array([[name in selection for name in names] for selection in selections], float)
    _, values, turned = np.linalg.svd(sums)
    rank = int((values > 1e-9).sum())
    left = turned[rank:] if rank < len(turned) else np.zeros((1, len(names)))
    lengths = np.linalg.norm(left, axis=0)
    if (lengths < 1e-9).any():
        return True
    directions = left / lengths
    return bool((np.abs(directions.T @ directions) > 1 - 1e-9).sum() > len(names))


@given(st.lists(st.frozensets(st.sampled_from("abcdefghijkl"), min_size=1), min_size=1, max_size=6))
def test_sums_taken_one_by_one_tell_what_they_tell_together(selections: list[frozenset[str]]) -> None:
    sizes = dict.fromkeys(frozenset().union(*selections), 1)
    anything = replace(POOLING, organisations=0, remaining=-1, respondents=0, respondents_each=0)
    anything = replace(anything, largest_percent=100, two_largest_percent=100)
    told = {each.selection for each in refused(selections, sizes, anything)}
    kept: list[frozenset[str]] = []
    for selection in dict.fromkeys(selections):
        assert (selection in told) == alone([*kept, selection])
        if selection not in told:
            kept.append(selection)


@given(
    st.lists(st.frozensets(st.sampled_from("abcdefghijklABCDEF"), min_size=5), min_size=2, max_size=8),
    st.integers(0, 8),
)
def test_beside_what_was_told_it_is_decided_as_if_all_came_at_once(
    drawn: list[frozenset[str]], first: int
) -> None:
    everyone = dict.fromkeys("abcdefghijklABCDEF", 30)
    owners = {wave: wave.lower() for wave in everyone}
    gone = {each.selection for each in refused(drawn[:first], everyone, POOLING, owners)}
    told = [each for each in dict.fromkeys(drawn[:first]) if each not in gone]

    at_once = refused([*told, *drawn[first:]], everyone, POOLING, owners)

    assert refused(drawn[first:], everyone, POOLING, owners, told) == at_once


def test_what_was_told_under_a_milder_rule_still_stands_against_what_follows() -> None:
    everyone = dict.fromkeys("abcdefghijk", 30)
    stricter = replace(POOLING, organisations=6)

    found = refused([of("abcdefgh")], everyone, stricter, told=[of("abcde")])

    assert [(each.objection, each.against) for each in found] == [(Objection.DIFFERENCE, of("abcde"))]


@given(st.lists(st.frozensets(st.sampled_from("abcdefghijkl"), min_size=5), min_size=1, max_size=6))
def test_whose_the_waves_are_changes_nothing_where_nobody_has_two(drawn: list[frozenset[str]]) -> None:
    everyone = dict.fromkeys("abcdefghijkl", 30)
    owners = {wave: f"owner of {wave}" for wave in everyone}

    assert refused(drawn, everyone, POOLING, owners) == refused(drawn, everyone, POOLING)
