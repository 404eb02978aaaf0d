"""A steward corrects what people are told of their data, after the wave was handed over."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from survey.access import ORGANISATION, WITH_ACCOUNT, Audience, open_to, services
from survey.people.respondents import written_day
from survey.stewardship.invitation_overview import title_of
from survey.stewardship.promising_forms import NoticeForm
from survey.stewardship.setup_form import day
from survey.storage.audit import Action, record
from survey.storage.models import Wave
from survey.storage.repositories import ScopedRepository
from survey.waves.plan import Notice, WavePlan
from survey.waves.states import WaveState

blueprint = Blueprint(
    "correcting", __name__, url_prefix=f"{WITH_ACCOUNT}<{ORGANISATION}>/waves/<wave_id>/notice"
)
_OVER = frozenset({WaveState.CANCELLED, WaveState.DESTROYED})


@blueprint.get("")
@open_to(Audience.STEWARD)
def page(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Show what people are told, to be corrected."""
    with services().databases.alliance_session(reading=True) as session:
        wave = _told(session, organisation_id, wave_id)
        form = NoticeForm(formdata=None)
        form.fill(_notice(wave))
        return _page(organisation_id, wave, form)


@blueprint.post("")
@open_to(Audience.STEWARD)
def correct(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Keep the corrected notice; the public page has it at once, and says when it was corrected."""
    form = NoticeForm()
    with services().databases.alliance_session() as session:
        wave = _told(session, organisation_id, wave_id)
        name = ScopedRepository(session, organisation_id).organisation().name
        corrected = _corrected(wave, form, name) if form.validate_on_submit() else None
        if corrected is None:
            return _page(organisation_id, wave, form), HTTPStatus.BAD_REQUEST
        if corrected.model_copy(update={"corrected_on": ""}) != _notice(wave).model_copy(
            update={"corrected_on": ""}
        ):
            plan = WavePlan.from_value(wave.plan)
            wave.plan = plan.model_copy(update={"notice": corrected}).value()
            _record(session, wave)
    here = url_for(".page", organisation_id=organisation_id, wave_id=wave_id, done="corrected")
    return redirect(here, HTTPStatus.SEE_OTHER)


def _corrected(wave: Wave, form: NoticeForm, organisation: str) -> Notice | None:
    """What was written; None if something has to be mended."""
    before = _notice(wave)
    latest = before.shared_on
    # People answered on the word that they would hear by that day.
    if latest and day(form.shared_on).isoformat() > latest:
        form.refuse(
            "shared_on",
            gettext(
                "%(day)s was announced. It can be an earlier day, not a later one.",
                day=written_day(day(form.shared_on).fromisoformat(latest), str(get_locale())),
            ),
        )
    plan = WavePlan.from_value(wave.plan)
    if plan.joint is not None:
        form.see_that_it_names(organisation)
    notice = form.notice(plan.field_period.last_possible_day)
    today = services().today().isoformat()
    return notice.model_copy(update={"corrected_on": today}) if notice else None


def _notice(wave: Wave) -> Notice:
    return WavePlan.from_value(wave.plan).notice or abort(HTTPStatus.NOT_FOUND)


def _told(session: Session, organisation_id: str, wave_id: str) -> Wave:
    """The wave, as long as people are told anything by it."""
    wave = ScopedRepository(session, organisation_id).wave(wave_id)
    if WaveState(wave.state) in _OVER or WavePlan.from_value(wave.plan).notice is None:
        abort(HTTPStatus.NOT_FOUND)
    return wave


def _record(session: Session, wave: Wave) -> None:
    record(
        session,
        actor=current_user.id,
        action=Action.NOTICE_CORRECTED,
        subject=wave.id,
        organisation_id=wave.organisation_id,
        details={},
    )


def _page(organisation_id: str, wave: Wave, form: NoticeForm) -> str:
    return render_template(
        "stewardship/notice.html",
        organisation_id=organisation_id,
        wave_id=wave.id,
        title=title_of(wave),
        form=form,
        done=request.args.get("done") == "corrected",
    )
