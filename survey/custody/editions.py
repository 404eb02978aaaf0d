"""
Editions of the sectors' figures: on fixed days custody adds up what was shared, and signs what may be told.

Custody alone has the contributions and adds them, and remembers in its own directory whom every figure was
over: whoever could make it forget an edition could have two told that differ by one organisation. What is
remembered is on disk before it is told. Source: docs/explanation/disclosure.md, R8.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.contributions import FORMAT, IndicatorTotal
from analysis.edition import Edition, to_bytes
from analysis.editions import Contributor, Told, made_edition, size_band
from analysis.release import Release, from_bytes
from policy import POOLING_VERSION
from questionnaires.digest import canonical_bytes
from survey.custody.directory import CustodyDirectory
from survey.sealing.domains import Domain
from survey.storage.databases import Databases
from survey.storage.models import Organisation, ReleaseState, StoredEdition, StoredRelease

DAYS: Final = ((2, 1), (9, 1))
"""Month and day of the editions of a year: never when somebody joins, or asks."""


class Remembered(BaseModel):
    """What custody keeps of an edition: all of it, and whom each figure made in it is over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    edition: Edition
    over: tuple[Mapping[str, tuple[str, Annotated[int, "respondents"]]], ...]

    @property
    def told(self) -> Iterator[Told]:
        """The figures that were made in it."""
        made = [figure for figure in self.edition.figures if figure.edition == self.edition.number]
        return (Told(figure, over) for figure, over in zip(made, self.over, strict=True))


def day_of_edition(today: datetime.date) -> datetime.date:
    """The last fixed day there was."""
    days = [datetime.date(year, *day) for year in (today.year - 1, today.year) for day in DAYS]
    return max(day for day in days if day <= today)


def make_edition(
    databases: Databases, directory: CustodyDirectory, day: datetime.date, *, synthetic: bool
) -> bool:
    """
    Make the edition of `day` if there is none yet, and tell it; whether there is a new one.

    Nothing is made before something was shared, so that the first edition has something to say.
    """
    remembered = [Remembered.model_validate_json(kept) for kept in directory.editions()]
    if remembered and remembered[-1].edition.day >= day.isoformat():
        return _told_again(databases, directory, remembered)
    with databases.alliance_session(reading=True) as session:
        given = contributors(session, directory, day)
    if not given and not remembered:
        return False
    directory.keep_edition(len(remembered) + 1, _made(remembered, given, day, synthetic=synthetic))
    return _told_again(
        databases, directory, [Remembered.model_validate_json(kept) for kept in directory.editions()]
    )


def contributors(session: Session, directory: CustodyDirectory, day: datetime.date) -> list[Contributor]:
    """What was shared by `day`: of each organisation and year the newest wave's."""
    query = (
        select(StoredRelease, Organisation)
        .join(Organisation, Organisation.id == StoredRelease.organisation_id)
        .where(StoredRelease.state == ReleaseState.CURRENT, StoredRelease.shared_on <= day)
    )
    found = [
        (from_bytes(stored.content), organisation, kept)
        for stored, organisation in session.execute(query)
        if (kept := directory.contribution(stored.wave_id)) is not None
    ]
    found.sort(key=lambda each: (each[0].wave.field_period.last_possible_day, each[0].wave.id))
    newest = {(each.organisation, each.year): each for each in _contributors(found)}
    return list(newest.values())


def _contributors(found: Iterable[tuple[Release, Organisation, bytes]]) -> Iterator[Contributor]:
    for release, organisation, kept in found:
        asked = release.participation.invited or release.participation.counted
        belongs = (organisation.scheme, organisation.scheme_version, organisation.scheme_code)
        given = Given.model_validate_json(kept)
        if given.format != FORMAT:
            continue
        yield Contributor(
            wave=release.wave.id,
            organisation=organisation.id,
            year=int(release.wave.field_period.last_possible_day[:4]),
            area=organisation.area,
            sector="/".join(belongs) if all(belongs) else "",
            size=size_band(asked),
            respondents=given.respondents,
            totals={total.id: total.as_total() for total in given.indicators},
        )


class GivenTotal(BaseModel):
    """One indicator of a contribution."""

    id: str
    options: tuple[str, ...]
    counts: tuple[int, ...]
    points: int | None = None

    def as_total(self) -> IndicatorTotal:
        """As the analysis takes it."""
        return IndicatorTotal(self.id, self.options, self.counts, self.points)


class Given(BaseModel):
    """A contribution as custody keeps it; `contributing.py` wrote it. Of another format, it is left out."""

    format: str
    respondents: int
    indicators: tuple[GivenTotal, ...]


def _made(
    remembered: Sequence[Remembered], given: Sequence[Contributor], day: datetime.date, *, synthetic: bool
) -> bytes:
    number = len(remembered) + 1
    made = made_edition(number, given, [told for each in remembered for told in each.told])
    edition = Edition(
        number=number,
        day=day.isoformat(),
        policy=POOLING_VERSION,
        synthetic=synthetic,
        figures=tuple(told.figure for told in made.told),
        withheld=made.withheld,
    )
    over = tuple(told.organisations for told in made.told if told.figure.edition == number)
    return canonical_bytes(Remembered(edition=edition, over=over).model_dump(mode="json"))


def _told_again(databases: Databases, directory: CustodyDirectory, remembered: Sequence[Remembered]) -> bool:
    """Store what is remembered and not stored: a crash may have come between the two."""
    with databases.alliance_session() as session:
        stored = set(session.scalars(select(StoredEdition.number)))
        missing = [each.edition for each in remembered if each.edition.number not in stored]
        session.add_all(_signed(directory, edition) for edition in missing)
    return bool(missing)


def _signed(directory: CustodyDirectory, edition: Edition) -> StoredEdition:
    content = to_bytes(edition)
    return StoredEdition(
        number=edition.number,
        day=datetime.date.fromisoformat(edition.day),
        content=content,
        signature=directory.identity().sign(Domain.EDITION, sha256(content).digest()),
    )
