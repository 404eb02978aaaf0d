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
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from analysis.disclosure.program import Vector
from policy import PoolingPolicy

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
    selections: Sequence[Selection],
    respondents: Respondents,
    policy: PoolingPolicy,
    owners: Mapping[str, str] | None = None,
    told: Sequence[Selection] = (),
) -> list[Refused]:
    """
    Which of these selections, published together as one linked set, may not be.

    Decided twice where an organisation is in them with several waves, `owners` telling whose each is: as
    if its waves had nothing to do with each other, and as if they were the same. Somebody who takes last
    spring's figure from this autumn's is not stopped by one organisation's having answered anew in between.

    In the order given: an earlier one stands, and a later one must be possible beside it. Decided from
    respondents alone, so that neither a figure nor its absence tells of what was answered.

    Args:
        selections: Those that are wanted.
        respondents: Of every wave in them and in `told`.
        policy: The numbers.
        owners: Wave → its organisation; without, each wave is of an organisation of its own.
        told: What was published before. It stands whatever is found now: nobody can unread it.

    Raises:
        KeyError: If it is not known how many answered in a wave.
    """
    owned = _Owned.of(respondents, owners or {}, [*told, *selections])
    before = dict.fromkeys(told)
    standing = [owned.read(each) for each in before]
    wanted = [owned.read(each) for each in dict.fromkeys(selections) if each not in before]
    open_ways = [_OpenWays.of(each) for each in zip(*standing, *wanted, strict=True)]
    for selection in standing:
        open_ways = _beside(open_ways, selection)
    found = []
    for selection in wanted:
        objection = _objection(selection, standing, owned, policy)
        beside = _beside(open_ways, selection) if objection is None else open_ways
        if objection is None and any(ways.tells_a_total for ways in beside):
            objection = Refused(selection[0], Objection.FOLLOWS)
        if objection is None:
            standing.append(selection)
            open_ways = beside
        else:
            found.append(objection)
    return found


_Read: TypeAlias = tuple[Selection, ...]
"""A selection as its waves and, where an organisation has several of them, as their organisations too."""


class _Owned(NamedTuple):
    """Whose each wave is, if any organisation has several (else empty), and how many answered it."""

    owners: Mapping[str, str]
    respondents: Respondents

    @classmethod
    def of(
        cls, respondents: Respondents, owners: Mapping[str, str], selections: Sequence[Selection]
    ) -> _Owned:
        """Of all waves of these selections."""
        waves = frozenset[str]().union(*selections)
        several = len({owners.get(wave, wave) for wave in waves}) < len(waves)
        return cls(owners if several else {}, respondents)

    def read(self, waves: Selection) -> _Read:
        """In all the ways that a selection is read in."""
        return (waves, self.by(waves)) if self.owners else (waves,)

    def by(self, waves: Selection) -> Selection:
        """The organisations whose waves these are."""
        return frozenset(self.owners[wave] for wave in waves)

    def counted(self, waves: Selection) -> dict[str, int]:
        """How many answered each of them."""
        return {wave: self.respondents[wave] for wave in waves}

    def left_of(self, selection: _Read, beside: _Read) -> list[Selection]:
        """What is left of one selection within another: of its waves, and of its organisations' waves."""
        one, other = selection[0], beside[0]
        left = [one ^ other] if one < other or other < one else []
        for mine, theirs in zip(selection[1:], beside[1:], strict=True):
            if one != other and (mine <= theirs or theirs <= mine):
                apart = mine ^ theirs
                # Of the same organisations only those who answered anew are in the difference.
                left.append(
                    frozenset(each for each in one ^ other if not apart or self.owners[each] in apart)
                )
        return left


def _objection(
    selection: _Read, standing: Sequence[_Read], owned: _Owned, policy: PoolingPolicy
) -> Refused | None:
    waves = selection[0]
    for objection in objections(owned.counted(waves), policy):
        return Refused(waves, objection)
    for other in standing:
        for left in owned.left_of(selection, other):
            if any(objections(owned.counted(left), policy)):
                return Refused(waves, Objection.DIFFERENCE, other[0])
    return None


def _beside(open_ways: Sequence[_OpenWays], selection: _Read) -> list[_OpenWays]:
    """What is left open, in each reading, once the sum over this selection is published too."""
    return [ways.beside(each) for ways, each in zip(open_ways, selection, strict=True)]


@dataclass(frozen=True, slots=True)
class _OpenWays:
    """
    How totals of organisations can change while every published sum stays.

    Attributes:
        place: Organisation → its row and column.
        ways: The projector onto all such changes.
    """

    place: Mapping[str, int]
    ways: Vector

    @classmethod
    def of(cls, selections: Sequence[Selection]) -> _OpenWays:
        """Before any sum is published: each total may be anything."""
        names = _enough_of_each(selections)
        return cls({name: at for at, name in enumerate(names)}, np.eye(len(names)))

    def beside(self, selection: Selection) -> _OpenWays:
        """What is left open once the sum over `selection` is published too."""
        told = np.zeros(len(self.place))
        told[[at for name, at in self.place.items() if name in selection]] = 1
        new = self.ways @ told
        length = float(told @ new)
        if length < _NOTHING * float(told @ told):
            return self
        closed = np.outer(new, new)
        closed /= length
        return _OpenWays(self.place, np.subtract(self.ways, closed, out=closed))

    @property
    def tells_a_total(self) -> bool:
        """
        Whether an organisation's total follows for anybody, or for one that knows its own.

        It follows where nothing of it is open, and from another's where the two only change together.
        """
        squares = self.ways.diagonal()
        if (squares < _NOTHING).any():
            return True
        lengths = np.sqrt(squares)
        together = np.abs(self.ways) > (1 - _NOTHING) * np.outer(lengths, lengths)
        return bool(together.sum() > len(lengths))


def _enough_of_each(selections: Sequence[Selection]) -> list[str]:
    """
    Three at most of the organisations that are in exactly the same selections.

    The totals of three or more such can change among themselves while every sum stays, so that none of them
    follows from anything; for the others they are as much as one whose total may be anything.
    """
    alike: dict[tuple[bool, ...], list[str]] = {}
    for name in sorted(frozenset().union(*selections)):
        alike.setdefault(tuple(name in selection for selection in selections), []).append(name)
    return [name for names in alike.values() for name in names[:3]]
