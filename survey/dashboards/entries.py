"""A release as its organisation meets it: shown, taken back, or refused because nobody can vouch for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from flask import Response, abort, current_app, render_template
from flask_babel import get_locale, gettext
from sqlalchemy.orm import Session

from analysis.naming import Name, spoken_language
from survey.access import services
from survey.dashboards.trusted import Reading, UntrustedReleaseError, trusted
from survey.storage.models import Organisation, ReleaseState, StoredRelease, Wave
from survey.storage.repositories import ScopedRepository


class Standing(StrEnum):
    """Whether a release is shown."""

    SHOWN = "shown"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


STATUS: Final = {Standing.WITHDRAWN: HTTPStatus.GONE, Standing.REFUSED: HTTPStatus.INTERNAL_SERVER_ERROR}
"""What an answer says instead of a release that is not shown."""


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One release as its organisation meets it.

    Attributes:
        wave: Id of its wave.
        standing: Whether it is shown.
        stored: As it lies in the database; nobody is shown its content but by `reading`.
        reading: What there is to show; None unless it is shown.
        is_signed: Whether custody signed it; what is refused all the same is damaged, or not as promised.
    """

    wave: str
    standing: Standing
    stored: StoredRelease
    reading: Reading | None = None
    is_signed: bool = True

    @property
    def first_day(self) -> str:
        """When the wave opened, for the order of the list; what is not shown comes last."""
        return "" if self.reading is None else self.reading.release.wave.field_period.first_day


def entry_of(wave: Wave, stored: StoredRelease) -> Entry:
    """The release of a wave, checked; why one is refused is told to the log."""
    if stored.state is not ReleaseState.CURRENT:
        return Entry(wave.id, Standing.WITHDRAWN, stored)
    try:
        return Entry(wave.id, Standing.SHOWN, stored, trusted(wave, stored))
    except UntrustedReleaseError as fault:
        current_app.logger.error("%s", fault)  # noqa: TRY400  a trace would add nothing to what it says
        return Entry(wave.id, Standing.REFUSED, stored, is_signed=fault.is_signed)


def entries_of(repository: ScopedRepository) -> list[Entry]:
    """The organisation's releases, the newest first."""
    waves = {wave.id: wave for wave in repository.waves()}
    entries = [entry_of(waves[stored.wave_id], stored) for stored in repository.releases()]
    return sorted(entries, key=lambda entry: entry.first_day, reverse=True)


def asked_for(organisation_id: str, wave_id: str) -> Entry:
    """
    One release of an organisation.

    Raises:
        NotFoundError: If there is none, or it is another organisation's.
    """
    with services().databases.alliance_session(reading=True) as session:
        return found(session, organisation_id, wave_id)[1]


def found(session: Session, organisation_id: str, wave_id: str) -> tuple[Organisation, Entry]:
    """
    One release of an organisation, to change what stands beside it.

    Raises:
        NotFoundError: If there is none, or it is another organisation's.
    """
    repository = ScopedRepository(session, organisation_id)
    return repository.organisation(), entry_of(repository.wave(wave_id), repository.release(wave_id))


def shown(organisation_id: str, entry: Entry) -> Reading:
    """What there is to show; for whoever asks for a release that is not shown, the request ends here."""
    if entry.reading is None:
        abort(not_shown(organisation_id, entry))
    return entry.reading


def not_shown(organisation_id: str, entry: Entry) -> Response:
    """The page instead of a release that is not shown: that it is so, and why."""
    page = render_template("dashboards/not_shown.html", organisation_id=organisation_id, entry=entry)
    return Response(page, STATUS[entry.standing])


def heading(reading: Reading) -> Name:
    """What the release is called: the questionnaire's title."""
    spoken = spoken_language(reading.questionnaire, str(get_locale()))
    return Name(reading.questionnaire.title[spoken], spoken)


def whose(reading: Reading, language: str) -> str:
    """Whose people were asked, where it was many small organisations'; nothing where it was its own."""
    joint = reading.manifest.joint
    return (
        ""
        if joint is None
        else str(gettext("%(organisations)s together", organisations=joint.called(language)))
    )


def who(reading: Reading, language: str) -> str:
    """Who asked, and in a joint wave over whom."""
    name, over = reading.release.wave.organisation.name, whose(reading, language)
    return f"{name} – {over}" if over else name


def days(reading: Reading) -> tuple[date, date]:
    """First and last day on which it was asked."""
    period = reading.release.wave.field_period
    return date.fromisoformat(period.first_day), date.fromisoformat(period.last_possible_day)
