"""An organisation's releases: a list, each one as a dashboard, and as the file that custody signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from analysis.naming import Name, spoken_language
from survey.access import ORGANISATION, WITH_ACCOUNT, Audience, open_to, services
from survey.dashboards.advice import CATEGORIES, NOT_SURE, advice, rules
from survey.dashboards.files import KINDS, NAMES, SIGNED, written
from survey.dashboards.parts import TITLES, filled
from survey.dashboards.trusted import Reading, UntrustedReleaseError, trusted
from survey.dashboards.turnout import turnout
from survey.storage.models import ReleaseState, StoredRelease, Wave
from survey.storage.repositories import ScopedRepository

blueprint = Blueprint("dashboards", __name__, url_prefix=f"{WITH_ACCOUNT}<{ORGANISATION}>/releases")


class Standing(StrEnum):
    """Whether a release is shown."""

    SHOWN = "shown"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


_STATUS: Final = {Standing.WITHDRAWN: HTTPStatus.GONE, Standing.REFUSED: HTTPStatus.INTERNAL_SERVER_ERROR}


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One release as its organisation meets it.

    Attributes:
        wave: Id of its wave.
        standing: Whether it is shown.
        reading: What there is to show; None unless it is shown.
        content: The signed bytes; empty unless it is shown.
    """

    wave: str
    standing: Standing
    reading: Reading | None = None
    content: bytes = b""

    @property
    def first_day(self) -> str:
        """When the wave opened, for the order of the list; what is not shown comes last."""
        return "" if self.reading is None else self.reading.release.wave.field_period.first_day


@blueprint.get("")
@open_to(Audience.LEADER, Audience.STEWARD)
def releases(organisation_id: str) -> ResponseReturnValue:
    """List the organisation's releases, newest first."""
    with services().databases.alliance_session(reading=True) as session:
        repository = ScopedRepository(session, organisation_id)
        organisation = repository.organisation()
        waves = {wave.id: wave for wave in repository.waves()}
        entries = [_entry(waves[stored.wave_id], stored) for stored in repository.releases()]
    entries.sort(key=lambda entry: entry.first_day, reverse=True)
    return render_template(
        "dashboards/releases.html",
        organisation=organisation,
        entries=entries,
        heading=_heading,
        days=_days,
        turnout=turnout,
    )


@blueprint.get("/<wave_id>")
@open_to(Audience.LEADER, Audience.STEWARD)
def dashboard(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Show a release: climate first, each figure with its sentence and its table."""
    entry = _asked_for(organisation_id, wave_id)
    if entry.reading is None:
        return _not_shown(organisation_id, entry)
    release = entry.reading.release
    return render_template(
        "dashboards/dashboard.html",
        release=release,
        heading=_heading(entry.reading),
        days=_days(entry.reading),
        turnout=turnout(release.participation),
        parts=filled(entry.reading, str(get_locale())),
        titles=TITLES,
        limits=rules().limits,
        steps=advice(entry.reading),
        categories=CATEGORIES,
        not_sure=NOT_SURE,
        files=NAMES.items(),
    )


@blueprint.get("/<wave_id>/<file>")
@open_to(Audience.LEADER, Audience.STEWARD)
def download(organisation_id: str, wave_id: str, file: str) -> ResponseReturnValue:
    """Hand out a release: as custody signed it, byte for byte, or what it says in another form."""
    entry = _asked_for(organisation_id, wave_id)
    if file not in KINDS:
        abort(HTTPStatus.NOT_FOUND)
    if entry.reading is None:
        return _not_shown(organisation_id, entry)
    made = entry.content if file == SIGNED else written(entry.reading, file, str(get_locale()))
    answer = Response(made, mimetype=KINDS[file])
    stem, kind = file.split(".")
    answer.headers.set("Content-Disposition", "attachment", filename=f"tillid-{stem}-{wave_id}.{kind}")
    return answer


def _asked_for(organisation_id: str, wave_id: str) -> Entry:
    with services().databases.alliance_session(reading=True) as session:
        repository = ScopedRepository(session, organisation_id)
        return _entry(repository.wave(wave_id), repository.release(wave_id))


def _entry(wave: Wave, stored: StoredRelease) -> Entry:
    if stored.state is not ReleaseState.CURRENT:
        return Entry(wave.id, Standing.WITHDRAWN)
    try:
        return Entry(wave.id, Standing.SHOWN, trusted(wave, stored), stored.content)
    except UntrustedReleaseError as fault:
        current_app.logger.error("%s", fault)  # noqa: TRY400  a trace would add nothing to what it says
        return Entry(wave.id, Standing.REFUSED)


def _not_shown(organisation_id: str, entry: Entry) -> ResponseReturnValue:
    page = render_template(
        "dashboards/not_shown.html", organisation_id=organisation_id, standing=entry.standing
    )
    return page, _STATUS[entry.standing]


def _heading(reading: Reading) -> Name:
    spoken = spoken_language(reading.questionnaire, str(get_locale()))
    return Name(reading.questionnaire.title[spoken], spoken)


def _days(reading: Reading) -> tuple[date, date]:
    period = reading.release.wave.field_period
    return date.fromisoformat(period.first_day), date.fromisoformat(period.last_possible_day)
