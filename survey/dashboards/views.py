"""An organisation's releases: a list, each one as a dashboard, and as the file that custody signed."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from survey.access import ORGANISATION, WITH_ACCOUNT, Audience, open_to, services
from survey.categories import CATEGORIES
from survey.dashboards.advice import NOT_SURE, advice, rules
from survey.dashboards.beside import SAID, beside_the_sector
from survey.dashboards.brief import three_matters
from survey.dashboards.definitions import definitions, rules_of
from survey.dashboards.drawn import drawn
from survey.dashboards.entries import asked_for, days, entries_of, found, heading, shown, whose
from survey.dashboards.files import KINDS, NAMES, SIGNED, written
from survey.dashboards.groups import group_tables
from survey.dashboards.heat import heat_maps
from survey.dashboards.history import TRENDS, History, history
from survey.dashboards.parts import TITLES, filled
from survey.dashboards.trusted import Reading
from survey.dashboards.turnout import turnout
from survey.editions import newest
from survey.storage.models import FollowUp
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
            whose=whose,
        )


@blueprint.get("/<wave_id>")
@open_to(Audience.LEADER, Audience.STEWARD)
def dashboard(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Show a release: climate first, each figure with its sentence and its table."""
    reading, past, _ = _with_the_past(organisation_id, wave_id)
    with services().databases.alliance_session(reading=True) as session:
        edition = newest(session)
        organisation = ScopedRepository(session, organisation_id).organisation()
    return render_template(
        "dashboards/dashboard.html",
        beside=beside_the_sector(reading, organisation, edition, str(get_locale())),
        edition_day=date.fromisoformat(edition.edition.day) if edition else None,
        said=SAID,
        **_head(reading),
        turnout=turnout(reading.release),
        parts=filled(reading, str(get_locale())),
        drawn=drawn(reading, str(get_locale())),
        past=past,
        trends=_trends(past),
        words=TRENDS,
        titles=TITLES,
        steps=advice(reading),
        categories=CATEGORIES,
        not_sure=NOT_SURE,
        has_groups=any(table.by for table in reading.release.tables),
        files=NAMES.items(),
    )


@blueprint.get("/<wave_id>/brief")
@open_to(Audience.LEADER, Audience.STEWARD)
def brief(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Show the three things that matter most, on a page."""
    reading, past, follow_up = _with_the_past(organisation_id, wave_id)
    return render_template(
        "dashboards/brief.html",
        **_head(reading),
        turnout=turnout(reading.release),
        matters=three_matters(reading, str(get_locale())),
        trends=_trends(past),
        categories=CATEGORIES,
        follow_up=follow_up,
    )


@blueprint.get("/<wave_id>/groups")
@open_to(Audience.LEADER, Audience.STEWARD)
def heat(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Show all reporting groups and indicators at a glance."""
    reading = shown(organisation_id, asked_for(organisation_id, wave_id))
    maps = heat_maps(reading, str(get_locale()))
    return render_template("dashboards/heat.html", **_head(reading), maps=maps)


@blueprint.get("/<wave_id>/groups/<table_id>")
@open_to(Audience.LEADER, Audience.STEWARD)
def groups(organisation_id: str, wave_id: str, table_id: str) -> ResponseReturnValue:
    """Show one figure by reporting group."""
    reading, language = shown(organisation_id, asked_for(organisation_id, wave_id)), str(get_locale())
    figures = {figure.anchor: figure for part in filled(reading, language) for figure in part.figures}
    table = reading.release.table(table_id)
    if table is None or table_id not in figures:
        abort(HTTPStatus.NOT_FOUND)
    tables = group_tables(reading, table, language)
    return render_template(
        "dashboards/groups.html", **_head(reading), figure=figures[table_id], tables=tables
    )


@blueprint.get("/<wave_id>/definitions")
@open_to(Audience.LEADER, Audience.STEWARD)
def definitions_page(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Show what each figure means, and the rules that decide what is shown."""
    reading = shown(organisation_id, asked_for(organisation_id, wave_id))
    return render_template(
        "dashboards/definitions.html",
        **_head(reading),
        definitions=definitions(reading, str(get_locale())),
        rules=rules_of(reading),
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


def _with_the_past(organisation_id: str, wave_id: str) -> tuple[Reading, History, FollowUp | None]:
    """A release, what has become of it since earlier ones, and when everybody hears of it."""
    with services().databases.alliance_session(reading=True) as session:
        _, entry = found(session, organisation_id, wave_id)
        reading = shown(organisation_id, entry)
        repository = ScopedRepository(session, organisation_id)
        past = history(repository, reading, entries_of(repository), str(get_locale()))
        return reading, past, repository.follow_up(wave_id)


def _trends(past: History) -> dict[str, object]:
    """What is said of each figure beside the wave before, by the figure's anchor."""
    return {line.anchor: TRENDS[line.trend] for line in past.lines if line.trend is not None}


def _head(reading: Reading) -> dict[str, object]:
    """What every page of a release has."""
    return {
        "release": reading.release,
        "heading": heading(reading),
        "days": days(reading),
        "whose": whose(reading, str(get_locale())),
        "limits": rules().limits,
    }
