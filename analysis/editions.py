"""
Editions: on a fixed day, the figures of every sector that may be told, from what its organisations gave.

Which figures there are is decided from who answered where and from every earlier edition, never from what was
answered (disclosure/pooling.py). A figure that may not be made anew stands as it was. Editions are immutable;
format: docs/reference/formats.md, "Edition". Source: docs/explanation/disclosure.md, R8.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from analysis.contributions import IndicatorTotal
from analysis.disclosure.pooling import Objection, Refused, Selection, may_refresh, refused
from analysis.edition import MEAN, Answer, Figure, Where, Withheld
from analysis.statistics import Counts, Pooled, outweigh_noise, pooled_mean, pooled_shares
from policy import POOLING, PoolingPolicy

_SIZES: Final = ((10, "lt10"), (50, "10_49"), (250, "50_249"), (1_000, "250_999"))
_LARGEST: Final = "1000p"
_SHARE: Final = 1_000
"""Tenths of a per cent in a share of one."""
_POINTS: Final = 10
_OTHER: Final = "other"
_FEWEST: Final = 2
"""Organisations from which a spread can be estimated."""
_MOST: Final = 1_000
"""The greatest error that an edition has room for."""


def size_band(people: int) -> str:
    """The band of `reference/sectors.yaml` that so many people asked lie in."""
    return next((band for under, band in _SIZES if people < under), _LARGEST)


@dataclass(frozen=True, slots=True)
class Contributor:
    """
    What one wave gives, and where its organisation belongs.

    Attributes:
        sector: Scheme, version and code in one word, or empty where it is not known.
        respondents: Exact and public.
        totals: With noise added, by indicator. Unsafe to show.
    """

    wave: str
    organisation: str
    year: int
    area: str
    sector: str
    size: str
    respondents: int
    totals: Mapping[str, IndicatorTotal] = field(repr=False)


class Told(NamedTuple):
    """
    A figure that an edition told, and whom it was over; custody's memory, since differencing is for ever.

    Attributes:
        organisations: Organisation → its wave and how many answered it.
    """

    figure: Figure
    organisations: Mapping[str, tuple[str, int]]

    @property
    def waves(self) -> Selection:
        """Ids of the waves it was over."""
        return frozenset(wave for wave, _ in self.organisations.values())

    @property
    def respondents(self) -> dict[str, int]:
        """How many answered each of them."""
        return dict(self.organisations.values())


class Made(NamedTuple):
    """An edition before it is signed: what it tells, with whom each figure is over, and what it withholds."""

    told: tuple[Told, ...]
    withheld: tuple[Withheld, ...]


def made_edition(
    number: int,
    contributors: Iterable[Contributor],
    before: Sequence[Told],
    policy: PoolingPolicy = POOLING,
) -> Made:
    """
    The next edition.

    Args:
        number: One more than the last edition's.
        contributors: One for each organisation and year, of the waves whose sharing stands today.
        before: Everything that was ever told, oldest first.
        policy: The numbers of R8.
    """
    earlier: dict[tuple[str, int], list[Told]] = defaultdict(list)
    for told in before:
        earlier[told.figure.indicator, told.figure.where.year].append(told)
    told_now: list[Told] = []
    withheld: list[Withheld] = []
    # Most indicators of a year are over the same waves: whom a selection is over is found once for them all.
    places: dict[tuple[int, tuple[str, ...]], Mapping[Where, _Over]] = {}
    for (indicator, year), members in sorted(_by_indicator_and_year(contributors).items()):
        given = year, tuple(each.wave for each in members)
        if given not in places:
            places[given] = _by_where(members)
        family = _Family(indicator, places[given], earlier.pop((indicator, year), []), policy)
        found = family.made(number)
        told_now += found.told
        withheld += found.withheld
    # Of what nobody gives any more, the last figures stand.
    told_now += [told for family in earlier.values() for told in _last(family).values()]
    return Made(tuple(told_now), tuple(withheld))


@dataclass(frozen=True, slots=True)
class _Over:
    """
    Whom a selection is over.

    Attributes:
        organisations: Organisation → its wave and how many answered it.
    """

    members: Sequence[Contributor]
    waves: Selection
    organisations: Mapping[str, tuple[str, int]]

    @classmethod
    def of(cls, members: Sequence[Contributor]) -> _Over:
        """Of these, one for each organisation."""
        organisations = {each.organisation: (each.wave, each.respondents) for each in members}
        return cls(members, frozenset(each.wave for each in members), organisations)


@dataclass(frozen=True, slots=True)
class _Family:
    """One indicator in one year: every figure of it is a sum over the same organisations."""

    indicator: str
    places: Mapping[Where, _Over]
    before: Sequence[Told]
    policy: PoolingPolicy

    def made(self, number: int) -> Made:
        last = _last(self.before)
        anew = {
            where: over for where, over in self.places.items() if self._may_be_anew(last.get(where), over)
        }
        objections = self._objections(anew) if anew else {}
        told = [
            self._figure(number, where, over)
            for where, over in anew.items()
            if objections.get(over.waves) is None
        ]
        now = {each.figure.where for each in told}
        told += [each for where, each in last.items() if where not in now]
        withheld = [
            Withheld(indicator=self.indicator, where=where, objection=objection.value)
            for where, over in anew.items()
            if where not in last and (objection := objections.get(over.waves)) is not None
        ]
        return Made(tuple(told), tuple(withheld))

    def _may_be_anew(self, last: Told | None, over: _Over) -> bool:
        if last is None:
            return True
        if last.organisations == over.organisations:
            return False
        now = {name: wave for name, (wave, _) in over.organisations.items()}
        stayed = now.keys() & last.organisations.keys()
        renewed = {name for name in stayed if last.organisations[name][0] != now[name]}
        changed = now.keys() != last.organisations.keys() or renewed
        return bool(changed) and may_refresh(
            frozenset(last.organisations), frozenset(now), frozenset(renewed), self.policy
        )

    def _objections(self, anew: Mapping[Where, _Over]) -> Mapping[Selection, Objection]:
        members = [each for over in self.places.values() for each in over.members]
        respondents = {each.wave: each.respondents for each in members}
        owners = {each.wave: each.organisation for each in members}
        for told in self.before:
            respondents |= told.respondents
            owners |= {wave: name for name, (wave, _) in told.organisations.items()}
        standing = tuple(dict.fromkeys(told.waves for told in self.before))
        wanted = tuple(dict.fromkeys(over.waves for over in anew.values()))
        found = _refused(
            wanted, tuple(sorted(respondents.items())), self.policy, tuple(sorted(owners.items())), standing
        )
        return {each.selection: each.objection for each in found}

    def _figure(self, number: int, where: Where, over: _Over) -> Told:
        figure = Figure(
            indicator=self.indicator,
            where=where,
            edition=number,
            organisations=len(over.members),
            respondents=sum(each.respondents for each in over.members),
            answers=tuple(
                answers(
                    [each.totals[self.indicator] for each in over.members],
                    [each.respondents for each in over.members],
                )
            ),
        )
        return Told(figure, over.organisations)


def answers(totals: Sequence[IndicatorTotal], respondents: Sequence[int]) -> Iterator[Answer]:
    """
    Every option's figure, and the mean; none where so few answered that all of it could be noise.

    Args:
        totals: Of each organisation.
        respondents: How many took part in each.
    """
    options, counts = _beside_one_another(totals)
    if len(counts) < _FEWEST or not outweigh_noise(counts):
        return
    shares = pooled_shares(counts, np.array(respondents, np.int64))
    for option, pooled in zip(options, shares, strict=True):
        yield _answer(option, pooled, _SHARE)
    if all(total.points is not None for total in totals):
        points = np.array([total.points for total in totals], float)
        yield _answer(MEAN, pooled_mean(points, counts.sum(axis=1) * 1.0), _POINTS)


def _beside_one_another(totals: Sequence[IndicatorTotal]) -> tuple[list[str], Counts]:
    """
    The options that all of them have, by name, and a row of counts for each.

    Questionnaires of different areas need not offer the same: what some could not say is counted as `other`.
    """
    first = totals[0].options
    if all(total.options == first for total in totals):
        return list(first), np.array([total.counts for total in totals], np.int64)
    common = [option for option in first if all(option in total.options for total in totals)]
    if any(len(total.options) > len(common) for total in totals):
        common = [option for option in common if option != _OTHER]
    rows = [dict(zip(total.options, total.counts, strict=True)) for total in totals]
    counts = [[row[option] for option in common] for row in rows]
    if any(len(row) > len(common) for row in rows):
        for row, counted in zip(rows, counts, strict=True):
            counted.append(sum(row.values()) - sum(counted))
        common = [*common, _OTHER]
    return common, np.array(counts, np.int64)


@lru_cache(maxsize=256)
def _refused(
    selections: tuple[Selection, ...],
    respondents: tuple[tuple[str, int], ...],
    policy: PoolingPolicy,
    owners: tuple[tuple[str, str], ...],
    told: tuple[Selection, ...],
) -> list[Refused]:
    """As `refused`; most indicators of a year are over the same organisations, and are decided once."""
    return refused(selections, dict(respondents), policy, dict(owners), told)


def _answer(name: str, pooled: Pooled, tenths: int) -> Answer:
    """In tenths: no figure here is known any finer."""
    return Answer(
        id=name,
        estimate=round(tenths * pooled.estimate),
        lower=round(tenths * pooled.interval.lo),
        upper=round(tenths * pooled.interval.hi),
        next_lower=round(tenths * pooled.prediction.lo),
        next_upper=round(tenths * pooled.prediction.hi),
        error=min(_MOST, round(tenths * pooled.error)),
        icc=None if pooled.icc is None else round(100 * pooled.icc),
    )


def _by_indicator_and_year(
    contributors: Iterable[Contributor],
) -> Mapping[tuple[str, int], list[Contributor]]:
    found = defaultdict(list)
    for each in contributors:
        # Whatever the counts are: who stands in a figure must not tell what was answered.
        for indicator in each.totals:
            found[indicator, each.year].append(each)
    return found


def _by_where(members: Sequence[Contributor]) -> Mapping[Where, _Over]:
    """Every selection of these members, the wide ones first: they are told before what lies within them."""
    found = defaultdict(list)
    for each in members:
        for where in _places(each):
            found[where].append(each)
    ordered = sorted(found.items(), key=lambda pair: (pair[0].depth, pair[0].key))
    return {where: _Over.of(over) for where, over in ordered}


def _places(member: Contributor) -> Iterator[Where]:
    within = [("", ""), (member.area, "")] + ([(member.area, member.sector)] if member.sector else [])
    for (area, sector), size in product(within, ("", member.size)):
        yield Where(year=member.year, area=area, sector=sector, size=size)


def _last(before: Sequence[Told]) -> dict[Where, Told]:
    return {told.figure.where: told for told in before}
