"""An organisation's waves on one page: those being set up, those that run, those that are over."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, lazy_gettext
from flask_security import current_user

from survey.access import ORGANISATION, WITH_ACCOUNT, Audience, open_to, services
from survey.stewardship.drafting import cancel
from survey.stewardship.views import WAITS
from survey.storage.models import Wave
from survey.storage.repositories import ScopedRepository
from survey.waves.manifest import WaveMode
from survey.waves.plan import PlanError, WavePlan
from survey.waves.states import WaveState
from survey.waves.waiting import Waits

blueprint = Blueprint("wave_list", __name__, url_prefix=f"{WITH_ACCOUNT}<{ORGANISATION}>/waves")
STATES: Final = {
    WaveState.DRAFT: lazy_gettext("It is about to be handed to the trustees."),
    WaveState.CEREMONY: lazy_gettext("The trustees are looking at what it promises."),
    WaveState.READY: lazy_gettext("The trustees have confirmed it. It is not open for answers yet."),
    WaveState.FIELDING: lazy_gettext("It is open for answers."),
    WaveState.CLOSED: lazy_gettext("It is closed for answers."),
    WaveState.OPENING: lazy_gettext("It waits for its trustees to open it."),
    WaveState.RELEASED: lazy_gettext("The figures are there."),
    WaveState.DESTROYED: lazy_gettext("It is over, and all answers are erased."),
    WaveState.CANCELLED: lazy_gettext("It was cancelled before anybody answered."),
}

# Kind of notice, what it says first, and what else.
DONE: Final = {
    "handed": (
        "success",
        lazy_gettext("The survey is on its way to the trustees."),
        lazy_gettext(
            "Custody makes its key, and each trustee gets a mail to confirm what it promises. You see here "
            "how far it has come."
        ),
    ),
    "cancelled": ("success", lazy_gettext("The survey is cancelled."), None),
    "not_cancelled": (
        "warning",
        lazy_gettext("The survey cannot be cancelled any more."),
        lazy_gettext("People are invited to it already. You can close it early instead."),
    ),
}


_OVER: Final = frozenset({WaveState.CANCELLED, WaveState.DESTROYED})


@dataclass(frozen=True, slots=True)
class ListedWave:
    """A wave as the list shows it."""

    id: str
    title: str
    state: WaveState
    first_day: datetime.date
    last_day: datetime.date
    invited: int
    whose: str
    """Over whom it is, if it is a joint wave."""
    is_open: bool
    """Whether anybody may answer, and nobody is invited."""
    has_notice: bool
    """Whether there is something that people are told, and can be corrected."""
    waits: Waits | None
    """What somebody has to do before it goes on."""


@blueprint.get("")
@open_to(Audience.STEWARD)
def overview(organisation_id: str) -> ResponseReturnValue:
    """List the organisation's waves, the latest first."""
    with services().databases.alliance_session(reading=True) as session:
        repository = ScopedRepository(session, organisation_id)
        organisation = repository.organisation()
        drafts = repository.drafts()
        waves = [listed(wave, str(get_locale())) for wave in repository.waves()]
    waves.sort(key=lambda wave: (wave.first_day, wave.id), reverse=True)
    return render_template(
        "stewardship/waves.html",
        organisation=organisation,
        waves=waves,
        drafts=drafts,
        states=STATES,
        state=WaveState,
        waits=WAITS,
        done=DONE.get(request.args.get("done", "")),
    )


@blueprint.post("/<wave_id>/cancellation")
@open_to(Audience.STEWARD)
def call_off(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Cancel a wave that nobody was invited to."""
    done = "cancelled"
    try:
        with services().databases.alliance_session() as session:
            cancel(session, ScopedRepository(session, organisation_id).wave(wave_id), current_user.id)
    except PlanError:
        done = "not_cancelled"
    address = url_for(".overview", organisation_id=organisation_id, done=done)
    return redirect(address, HTTPStatus.SEE_OTHER)


def listed(wave: Wave, language: str) -> ListedWave:
    """Return what the list shows of a wave."""
    plan = WavePlan.from_value(wave.plan)
    # The title alone: checking the whole definition again takes longer than the page.
    title: dict[str, str] = json.loads(wave.definition)["title"]
    return ListedWave(
        id=wave.id,
        title=title.get(language) or next(iter(title.values())),
        state=WaveState(wave.state),
        first_day=datetime.date.fromisoformat(plan.field_period.first_day),
        last_day=datetime.date.fromisoformat(plan.field_period.last_possible_day),
        invited=plan.invited,
        whose=plan.joint.called(language) if plan.joint else "",
        is_open=plan.mode is WaveMode.OPEN,
        has_notice=plan.notice is not None and WaveState(wave.state) not in _OVER,
        waits=Waits(wave.waits_for) if wave.waits_for else None,
    )
