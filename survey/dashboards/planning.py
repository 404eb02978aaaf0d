"""
What is done after a release: actions, each with somebody who sees to it, and when everybody hears of it.

Leaders and whoever runs the surveys write it together with those who represent the employees; every change
is in the audit log, without the words that were typed.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext, lazy_gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from analysis.indicators import BY_ID
from survey.access import ORGANISATION, WITH_ACCOUNT, Audience, open_to, services
from survey.categories import CATEGORIES
from survey.dashboards.advice import advice
from survey.dashboards.entries import days, found, heading, shown
from survey.dashboards.forms import ActionChangeForm, ActionForm, FollowUpForm
from survey.dashboards.trusted import Reading
from survey.forms import choices_of
from survey.storage.audit import Action, record
from survey.storage.identifiers import new_identifier
from survey.storage.models import FollowUp, PlannedAction
from survey.storage.repositories import ScopedRepository

blueprint = Blueprint(
    "planning", __name__, url_prefix=f"{WITH_ACCOUNT}<{ORGANISATION}>/releases/<wave_id>/plan"
)
MOST: Final = 50
"""Actions after one release: more are not seen to by anybody."""
_ALL_OF_IT: Final = lazy_gettext("None in particular")


@blueprint.get("")
@open_to(Audience.LEADER, Audience.STEWARD)
def plan(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Show what is to be done, by whom and when, with forms for more."""
    with services().databases.alliance_session(reading=True) as session:
        return _page(session, organisation_id, wave_id)


@blueprint.post("/actions")
@open_to(Audience.LEADER, Audience.STEWARD)
def add(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Plan one more thing."""
    with services().databases.alliance_session() as session:
        reading = shown(organisation_id, found(session, organisation_id, wave_id)[1])
        form = _action_form(reading)
        if not form.validate_on_submit() or not _in_time(form, "due_on"):
            return _page(session, organisation_id, wave_id, action=form), HTTPStatus.UNPROCESSABLE_ENTITY
        if len(ScopedRepository(session, organisation_id).planned_actions(wave_id)) >= MOST:
            form.refuse("what", gettext("There are %(most)s already. Remove some first.", most=MOST))
            return _page(session, organisation_id, wave_id, action=form), HTTPStatus.UNPROCESSABLE_ENTITY
        planned = PlannedAction(
            id=new_identifier(),
            wave_id=wave_id,
            organisation_id=organisation_id,
            what=form.typed("what"),
            who=form.typed("who"),
            due_on=form.due_on.data,
            about=form.typed("about"),
        )
        session.add(planned)
        _note(session, organisation_id, Action.ACTION_PLANNED, planned.id)
    return _back(organisation_id, wave_id)


@blueprint.post("/actions/<action_id>")
@open_to(Audience.LEADER, Audience.STEWARD)
def change(organisation_id: str, wave_id: str, action_id: str) -> ResponseReturnValue:
    """Say that something is done, or is not after all, or will not be."""
    form = ActionChangeForm()
    with services().databases.alliance_session() as session:
        planned = ScopedRepository(session, organisation_id).planned_action(wave_id, action_id)
        if not form.validate_on_submit():
            abort(HTTPStatus.BAD_REQUEST)
        if form.change.data == "remove":
            session.delete(planned)
            _note(session, organisation_id, Action.ACTION_REMOVED, action_id)
        else:
            planned.done_on = services().today() if form.change.data == "done" else None
            _note(session, organisation_id, Action.ACTION_CHANGED, action_id)
    return _back(organisation_id, wave_id)


@blueprint.post("/follow-up")
@open_to(Audience.LEADER, Audience.STEWARD)
def follow_up(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Say when and how everybody who was asked hears the results."""
    form = FollowUpForm()
    with services().databases.alliance_session() as session:
        shown(organisation_id, found(session, organisation_id, wave_id)[1])
        if not form.validate_on_submit() or not _in_time(form, "day"):
            return _page(session, organisation_id, wave_id, hearing=form), HTTPStatus.UNPROCESSABLE_ENTITY
        session.merge(
            FollowUp(
                wave_id=wave_id, organisation_id=organisation_id, day=form.day.data, how=form.typed("how")
            )
        )
        _note(session, organisation_id, Action.FOLLOW_UP_PLANNED, wave_id)
    return _back(organisation_id, wave_id)


def aims(reading: Reading) -> dict[str, str]:
    """What an action can be meant to change: the indicators that a release shows, by id, with their names."""
    return {
        table.item: BY_ID[table.item].names[str(get_locale())]
        for table in reading.release.tables
        if table.by is None and table.kind == "indicator" and table.item in BY_ID and not table.is_hidden
    }


def _action_form(reading: Reading) -> ActionForm:
    form = ActionForm()
    form.about.choices = choices_of({"": _ALL_OF_IT, **aims(reading)})
    return form


def _in_time(form: ActionForm | FollowUpForm, name: str) -> bool:
    """Whether the day lies ahead, within ten years; else the field says so."""
    today, day = services().today(), form[name].data
    if today <= day <= today.replace(year=today.year + 10, day=min(today.day, 28)):
        return True
    form.refuse(name, gettext("Choose a day from today on, within ten years."))
    return False


def _page(
    session: Session,
    organisation_id: str,
    wave_id: str,
    *,
    action: ActionForm | None = None,
    hearing: FollowUpForm | None = None,
) -> str:
    organisation, entry = found(session, organisation_id, wave_id)
    repository = ScopedRepository(session, organisation_id)
    reading, known = shown(organisation_id, entry), repository.follow_up(wave_id)
    action = action or _action_form(reading)
    hearing = hearing or FollowUpForm(obj=known)
    return render_template(
        "dashboards/plan.html",
        organisation=organisation,
        wave=wave_id,
        heading=heading(reading),
        days=days(reading),
        actions=repository.planned_actions(wave_id),
        aims=aims(reading),
        follow_up=known,
        steps=advice(reading)[:3],
        categories=CATEGORIES,
        action=action,
        hearing=hearing,
        errors=[*hearing.problems(), *action.problems()],
        today=services().today(),
    )


def _note(session: Session, organisation_id: str, action: Action, subject: str) -> None:
    record(session, actor=current_user.id, action=action, subject=subject, organisation_id=organisation_id)


def _back(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    address = url_for(".plan", organisation_id=organisation_id, wave_id=wave_id, lang=get_locale())
    return redirect(address, HTTPStatus.SEE_OTHER)
