"""An organisation's releases: a list, each one as a dashboard, and as the file that custody signed."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from survey.access import ORGANISATION, WITH_ACCOUNT, Audience, open_to, services
from survey.categories import CATEGORIES
from survey.dashboards.advice import NOT_SURE, advice, rules
from survey.dashboards.entries import asked_for, days, entries_of, heading, shown
from survey.dashboards.files import KINDS, NAMES, SIGNED, written
from survey.dashboards.parts import TITLES, filled
from survey.dashboards.turnout import turnout
from survey.storage.repositories import ScopedRepository

blueprint = Blueprint("dashboards", __name__, url_prefix=f"{WITH_ACCOUNT}<{ORGANISATION}>/releases")


@blueprint.get("")
@open_to(Audience.LEADER, Audience.STEWARD)
def releases(organisation_id: str) -> ResponseReturnValue:
    """List the organisation's releases, newest first."""
    with services().databases.alliance_session(reading=True) as session:
        repository = ScopedRepository(session, organisation_id)
        return render_template(
            "dashboards/releases.html",
            organisation=repository.organisation(),
            entries=entries_of(repository),
            heading=heading,
            days=days,
            turnout=turnout,
        )


@blueprint.get("/<wave_id>")
@open_to(Audience.LEADER, Audience.STEWARD)
def dashboard(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Show a release: climate first, each figure with its sentence and its table."""
    reading = shown(organisation_id, asked_for(organisation_id, wave_id))
    release = reading.release
    return render_template(
        "dashboards/dashboard.html",
        release=release,
        heading=heading(reading),
        days=days(reading),
        turnout=turnout(release.participation),
        parts=filled(reading, str(get_locale())),
        titles=TITLES,
        limits=rules().limits,
        steps=advice(reading),
        categories=CATEGORIES,
        not_sure=NOT_SURE,
        files=NAMES.items(),
    )


@blueprint.get("/<wave_id>/<file>")
@open_to(Audience.LEADER, Audience.STEWARD)
def download(organisation_id: str, wave_id: str, file: str) -> ResponseReturnValue:
    """Hand out a release: as custody signed it, byte for byte, or what it says in another form."""
    entry = asked_for(organisation_id, wave_id)
    if file not in KINDS:
        abort(HTTPStatus.NOT_FOUND)
    reading = shown(organisation_id, entry)
    made = entry.stored.content if file == SIGNED else written(reading, file, str(get_locale()))
    answer = Response(made, mimetype=KINDS[file])
    stem, kind = file.split(".")
    answer.headers.set("Content-Disposition", "attachment", filename=f"tillid-{stem}-{wave_id}.{kind}")
    return answer
