"""The secretariat looks at the register, and writes activities."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from survey.access import WITH_ACCOUNT, Audience, open_to, services
from survey.categories import MEMBER_KINDS
from survey.forms import choices_of
from survey.knowledge.activity_forms import ActivityForm
from survey.knowledge.duties import ACTIVITY_KINDS
from survey.storage.alliance import Activity, Commitment, CommitmentState, Member
from survey.storage.audit import Action, record
from survey.storage.identifiers import is_identifier, new_identifier
from survey.storage.models import Organisation

blueprint = Blueprint("alliance_desk", __name__, url_prefix=f"{WITH_ACCOUNT}<organisation_id>/desk")


@blueprint.get("/members/")
@open_to(Audience.SECRETARIAT)
def members(organisation_id: str) -> ResponseReturnValue:
    """List who is or was a member, and what waits to be shown again."""
    query = select(Member, Organisation).join(Organisation, Organisation.id == Member.organisation_id)
    again = (
        select(Commitment, Organisation.name)
        .join(Organisation, Organisation.id == Commitment.organisation_id)
        .where(Commitment.state == CommitmentState.REWRITTEN)
    )
    with services().databases.alliance_session(reading=True) as session:
        found = session.execute(query.order_by(Organisation.name)).all()
        rewritten = session.execute(again.order_by(Commitment.changed_on, Commitment.id)).all()
    return render_template(
        "knowledge/desk_members.html",
        organisation_id=organisation_id,
        found=found,
        rewritten=rewritten,
        kinds=MEMBER_KINDS,
    )


@blueprint.route("/activities/", methods=["GET", "POST"])
@open_to(Audience.SECRETARIAT)
def activities(organisation_id: str) -> ResponseReturnValue:
    """List the activities, and take a new one."""
    form = ActivityForm()
    with services().databases.alliance_session() as session:
        _offer(session, form)
        if request.method == "POST" and form.validate():
            _write(session, Activity(id=new_identifier(), sequence=-1), form)
            return redirect(url_for("alliance_desk.activities", organisation_id=organisation_id))
        found = session.scalars(select(Activity).order_by(Activity.begins_on.desc(), Activity.id)).all()
    page = render_template(
        "knowledge/desk_activities.html",
        organisation_id=organisation_id,
        form=form,
        found=found,
        kinds=ACTIVITY_KINDS,
    )
    return page, 400 if form.problems() else 200


@blueprint.route("/activities/<activity_id>", methods=["GET", "POST"])
@open_to(Audience.SECRETARIAT)
def activity(organisation_id: str, activity_id: str) -> ResponseReturnValue:
    """Change an activity, or write what was learnt from it."""
    with services().databases.alliance_session() as session:
        found = session.get(Activity, _named(activity_id), with_for_update=True) or abort(404)
        form = ActivityForm(
            data={
                **{name: getattr(found, name) for name in _FIELDS},
                "organisation": found.organisation_id,
            }
        )
        _offer(session, form)
        if request.method == "POST" and form.validate():
            _write(session, found, form)
            return redirect(url_for("alliance_desk.activities", organisation_id=organisation_id))
    page = render_template(
        "knowledge/desk_activity.html", organisation_id=organisation_id, form=form, activity=found
    )
    return page, 400 if form.problems() else 200


_FIELDS = (
    "kind",
    "title",
    "language",
    "begins_on",
    "ends_on",
    "begins_at",
    "ends_at",
    "place",
    "link",
    "about",
    "learnt",
    "cancelled",
)


def _named(text: str) -> str:
    return text if is_identifier(text) else abort(404)


def _offer(session: Session, form: ActivityForm) -> None:
    query = select(Organisation.id, Organisation.name).where(
        or_(Organisation.is_alliance, Organisation.is_member)
    )
    order = (Organisation.is_alliance.desc(), Organisation.name)
    form.organisation.choices = choices_of(dict(session.execute(query.order_by(*order)).all()))


def _write(session: Session, activity: Activity, form: ActivityForm) -> None:
    for name in _FIELDS:
        value = form[name].data
        setattr(activity, name, value.strip() if isinstance(value, str) else value)
    activity.organisation_id = form.typed("organisation")
    activity.sequence += 1
    activity.changed_on = services().today()
    session.add(activity)
    record(session, actor=current_user.id, action=Action.ACTIVITY_WRITTEN, subject=activity.id)
