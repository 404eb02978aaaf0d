"""
Whether figures over several organisations may be published: by whom they are made of, never by what they say.

One organisation of the selection may take itself out of a figure; whoever holds two figures takes one from
the other. So a selection has enough organisations and none too large, what one within another leaves of it is
such a selection too, and no organisation's own total follows from all figures together.
Source: docs/explanation/disclosure.md, R8; dominance as in Hundepool et al. (2012), Statistical Disclosure
Control, ch. 4, by respondents only, since a rule about the numerator would be an oracle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from analysis.disclosure.policy import PoolingPolicy
from analysis.disclosure.program import Vector

_NOTHING: Final = 1e-9

Respondents: TypeAlias = Mapping[str, int]
"""Organisation id → how many answered: public."""
Selection: TypeAlias = frozenset[str]
"""Ids of the organisations that a figure is over."""


class Objection(StrEnum):
    """Why a figure may not be published."""

    TOO_FEW_ORGANISATIONS = "too_few_organisations"
    TOO_FEW_RESPONDENTS = "too_few_respondents"
    ONE_DOMINATES = "one_dominates"
    TWO_DOMINATE = "two_dominate"
    DIFFERENCE = "difference"
    FOLLOWS = "follows"
    TOO_LITTLE_CHANGED = "too_little_changed"


class Refused(NamedTuple):
    """A selection that may not be published, and why; `against` is the one that it must not stand beside."""

    selection: Selection
    objection: Objection
    against: Selection = frozenset()


def objections(members: Respondents, policy: PoolingPolicy) -> Iterator[Objection]:
    """
    Why a figure over these organisations may not be published; nothing if it may.

    Args:
        members: Every organisation of the figure.
        policy: The numbers.
    """
    counted = sorted((count for count in members.values() if count >= policy.respondents_each), reverse=True)
    # Small ones count neither way: they are in the figure, and hide nobody.
    if len(counted) < policy.organisations or len(counted) - 1 < policy.remaining:
        yield Objection.TOO_FEW_ORGANISATIONS
    everybody = sum(members.values())
    if everybody < policy.respondents:
        yield Objection.TOO_FEW_RESPONDENTS
    # In whole numbers: a share of just 40 per cent is allowed on every machine.
    if 100 * sum(counted[:1]) > policy.largest_percent * everybody:
        yield Objection.ONE_DOMINATES
    if 100 * sum(counted[:2]) > policy.two_largest_percent * everybody:
        yield Objection.TWO_DOMINATE


def may_refresh(before: Selection, now: Selection, renewed: Selection, policy: PoolingPolicy) -> bool:
    """
    Whether a figure that was published may be published anew.

    Args:
        before: Whom the last edition was over.
        now: Whom the next would be over.
        renewed: Of those in both, the ones whose own figures are new.
        policy: The numbers.
    """
    changed = (before ^ now) | (renewed & before & now)
    return not changed or len(changed) >= policy.changed


def refused(
    selections: Sequence[Selection], respondents: Respondents, policy: PoolingPolicy
) -> list[Refused]:
    """
    Which of these selections, published together as one linked set, may not be.

    In the order given: an earlier one stands, and a later one must be possible beside it. Decided from
    respondents alone, so that neither a figure nor its absence tells of what was answered.

    Raises:
        KeyError: If it is not known how many answered in an organisation.
    """
    standing: list[Selection] = []
    found = []
    for selection in dict.fromkeys(selections):
        objection = _objection(selection, standing, respondents, policy)
        if objection is None:
            standing.append(selection)
        else:
            found.append(objection)
    return found


def _objection(
    selection: Selection, standing: Sequence[Selection], respondents: Respondents, policy: PoolingPolicy
) -> Refused | None:
    for objection in objections({name: respondents[name] for name in selection}, policy):
        return Refused(selection, objection)
    for other in standing:
        between = selection ^ other
        is_nested = selection < other or other < selection
        if is_nested and any(objections({name: respondents[name] for name in between}, policy)):
            return Refused(selection, Objection.DIFFERENCE, other)
    if _follows([*standing, selection]):
        return Refused(selection, Objection.FOLLOWS)
    return None


def _follows(selections: Sequence[Selection]) -> bool:
    """
    Whether all figures together give an organisation's total to anybody, or to one that knows its own.

    What the sums leave open says so for every organisation: its total follows where nothing of it is open,
    and follows from another's where the two can only change together.
    """
    names = sorted(frozenset().union(*selections))
    open_ways = _left_open(
        np.array([[name in selection for name in names] for selection in selections], float)
    )
    lengths = np.linalg.norm(open_ways, axis=0)
    if (lengths < _NOTHING).any():
        return True
    directions = open_ways / lengths
    together = np.abs(directions.T @ directions) > 1 - _NOTHING
    return bool(together.sum() > len(names))


def _left_open(matrix: Vector) -> Vector:
    """Directions in which totals can change while every sum stays; one row each."""
    _, values, turned = np.linalg.svd(matrix)
    rank = int((values > _NOTHING).sum())
    return turned[rank:] if rank < len(turned) else np.zeros((1, matrix.shape[1]))
