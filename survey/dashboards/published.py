"""
What a wave found, for those who were asked: where its organisation publishes it, at the wave's own address.

Without an account, a cookie or a log line, as everything there. The organisation as a whole only: figures of
reporting groups are for those who can look after the groups.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from survey.access import Audience, open_to, services
from survey.dashboards.advice import rules
from survey.dashboards.entries import STATUS, Entry, Standing, days, entry_of, heading, who
from survey.dashboards.parts import TITLES, filled
from survey.dashboards.trusted import Reading
from survey.dashboards.turnout import turnout
from survey.storage.models import FollowUp
from survey.storage.repositories import NotFoundError, ScopedRepository, WaveRegistry

blueprint = Blueprint("published", __name__)


@blueprint.get("/w/<wave_id>/results")
@open_to(Audience.RESPONDENT)
def results(wave_id: str) -> ResponseReturnValue:
    """Show a published release to whoever has the wave's address; of any other nothing is said."""
    with services().databases.alliance_session(reading=True) as session:
        try:
            registry = WaveRegistry(session)
            entry = entry_of(registry.wave(wave_id), registry.release(wave_id))
        except NotFoundError:
            return _nothing(wave_id, None)
        if entry.stored.published_on is None or entry.reading is None:
            return _nothing(wave_id, entry if entry.stored.published_on else None)
        follow_up = ScopedRepository(session, entry.stored.organisation_id).follow_up(wave_id)
    return results_page(wave_id, entry.reading, follow_up)


def results_page(wave_id: str, reading: Reading, follow_up: FollowUp | None) -> str:
    """The page as everybody sees it, once it is published."""
    return render_template(
        "dashboards/results.html",
        wave=wave_id,
        organisation=who(reading, str(get_locale())),
        heading=heading(reading),
        is_joint=reading.manifest.joint is not None,
        days=days(reading),
        turnout=turnout(reading.release),
        parts=filled(reading, str(get_locale())),
        titles=TITLES,
        limits=rules().limits,
        follow_up=follow_up,
    )


def _nothing(wave_id: str, entry: Entry | None) -> ResponseReturnValue:
    """Nothing is published, or what was is taken back: then the reason is for all who saw it."""
    withdrawn = entry if entry is not None and entry.standing is Standing.WITHDRAWN else None
    status = STATUS[Standing.WITHDRAWN] if withdrawn else HTTPStatus.NOT_FOUND
    return render_template("dashboards/no_results.html", wave=wave_id, withdrawn=withdrawn), status
