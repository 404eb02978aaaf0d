"""A steward follows a wave: about how many answered, what that is worth, and when it ends."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext, lazy_gettext
from flask_security import current_user

from survey.access import ORGANISATION, WITH_ACCOUNT, Audience, open_to, services
from survey.people.respondents import written_day
from survey.stewardship.invitation_overview import title_of
from survey.stewardship.inviting_forms import LastDayForm
from survey.storage.models import Wave
from survey.storage.repositories import ScopedRepository
from survey.waves.checking import last_day, promised
from survey.waves.fielding import LastDayError, move_last_day, places_left
from survey.waves.manifest import WaveMode
from survey.waves.states import WaveState

blueprint = Blueprint(
    "following", __name__, url_prefix=f"{WITH_ACCOUNT}<{ORGANISATION}>/waves/<wave_id>/following"
)
_GOOD: Final = 0.7
_FAIR: Final = 0.5
_MEANING: Final = {
    "good": lazy_gettext("This is a good answer rate: the figures will speak for most of those asked."),
    "fair": lazy_gettext("About half have answered. From 70 per cent on, the figures speak for most."),
    "low": lazy_gettext(
        "Less than half have answered so far. Those who have not may see things differently."
    ),
}


@dataclass(frozen=True, slots=True)
class Followed:
    """What may be known of a wave while it runs: nothing of any one person, nothing of any one day."""

    wave: str
    title: str
    state: WaveState
    first_day: datetime.date
    last_day: datetime.date
    last_possible_day: datetime.date
    is_open: bool
    """Whether anybody may answer, and nobody is invited."""
    asked: int
    invited: int
    responses: int | None
    counted_on: datetime.date | None
    public: str

    @property
    def rate(self) -> int | None:
        """Per cent of those asked, from the rounded count and so never too high."""
        return None if self.responses is None or not self.asked else 100 * self.responses // self.asked

    @property
    def meaning(self) -> str | None:
        """What the rate so far is worth, in a sentence."""
        if self.rate is None:
            return None
        return str(_MEANING[_worth(self.rate / 100)])


@blueprint.get("")
@open_to(Audience.STEWARD)
def overview(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Show about how many have answered."""
    return _page(organisation_id, wave_id)


@blueprint.post("/last-day")
@open_to(Audience.STEWARD)
def end(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Move the last day for answers, and announce it."""
    form = LastDayForm()
    if not form.validate_on_submit():
        return _page(organisation_id, wave_id, form)
    try:
        with services().databases.alliance_session() as session:
            wave = ScopedRepository(session, organisation_id).wave(wave_id)
            day = form.last_day.data or datetime.date.min
            move_last_day(session, wave, day, services().today(), actor=current_user.id)
    except LastDayError:
        form.refuse("last_day", _refused(organisation_id, wave_id))
        return _page(organisation_id, wave_id, form)
    here = url_for(".overview", organisation_id=organisation_id, wave_id=wave_id, done="moved")
    return redirect(here, HTTPStatus.SEE_OTHER)


def _refused(organisation_id: str, wave_id: str) -> str:
    with services().databases.alliance_session(reading=True) as session:
        followed = _followed(ScopedRepository(session, organisation_id).wave(wave_id), 0)
    if followed.state is not WaveState.FIELDING:
        return str(gettext("The survey is not open for answers, so its last day stands."))
    language = str(get_locale())
    return str(
        gettext(
            "Choose a day from %(first)s to %(last)s. No later day was promised.",
            first=written_day(max(followed.first_day, services().today()), language),
            last=written_day(followed.last_possible_day, language),
        )
    )


def _page(organisation_id: str, wave_id: str, form: LastDayForm | None = None) -> ResponseReturnValue:
    with services().databases.alliance_session(reading=True) as session:
        wave = ScopedRepository(session, organisation_id).wave(wave_id)
        if wave.manifest is None:
            abort(HTTPStatus.NOT_FOUND)
        found = _followed(wave, places_left(session, wave))
    form = form or LastDayForm(formdata=None, data={"last_day": found.last_day})
    page = render_template(
        "stewardship/following.html",
        organisation_id=organisation_id,
        found=found,
        form=form,
        states=WaveState,
        done=gettext("The last day is moved, and the survey's page says so.")
        if request.args.get("done") == "moved"
        else None,
    )
    return page, HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK


def _followed(wave: Wave, left: int) -> Followed:
    manifest = promised(wave)
    period = manifest.field_period
    return Followed(
        wave=wave.id,
        title=title_of(wave),
        state=WaveState(wave.state),
        first_day=datetime.date.fromisoformat(period.first_day),
        last_day=last_day(wave),
        last_possible_day=datetime.date.fromisoformat(period.last_possible_day),
        is_open=manifest.mode is WaveMode.OPEN,
        asked=manifest.invited,
        invited=manifest.invited - left,
        responses=wave.responses_shown,
        counted_on=wave.responses_shown_on,
        public=f"{services().base_url}/w/{wave.id}",
    )


def _worth(rate: float) -> str:
    return "good" if rate >= _GOOD else "fair" if rate >= _FAIR else "low"
