"""A member's contributors propose activities, and tell what was learnt from them."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.access import WITH_ACCOUNT, Audience, open_to, services
from survey.knowledge.activity_forms import ActivityForm
from survey.knowledge.duties import ACTIVITY_KINDS, STATES
from survey.knowledge.planned import Planned, propose
from survey.paging import read_page
from survey.people.membership import is_over
from survey.storage.alliance import Activity, Member
from survey.storage.identifiers import is_identifier

blueprint = Blueprint("proposing", __name__, url_prefix=f"{WITH_ACCOUNT}<organisation_id>/activities")


@blueprint.get("/")
@open_to(Audience.CONTRIBUTOR)
def overview(organisation_id: str) -> ResponseReturnValue:
    """List what the organisation has proposed, and where each stands."""
    query = select(Activity).where(Activity.organisation_id == organisation_id)
    with services().databases.alliance_session(reading=True) as session:
        paged = read_page(session, query.order_by(Activity.begins_on.desc(), Activity.id))
    return render_template(
        "knowledge/own_activities.html",
        organisation_id=organisation_id,
        paged=paged,
        titles={each.id: Planned.proposed(each).title for each in paged.rows},
        states=STATES,
        kinds=ACTIVITY_KINDS,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@open_to(Audience.CONTRIBUTOR)
def new(organisation_id: str) -> ResponseReturnValue:
    """Propose an activity."""
    return _proposed(organisation_id, None)


@blueprint.route("/<activity_id>", methods=["GET", "POST"])
@open_to(Audience.CONTRIBUTOR)
def activity(organisation_id: str, activity_id: str) -> ResponseReturnValue:
    """Show an activity with what was asked about it, and propose a change."""
    return _proposed(organisation_id, activity_id)


def _proposed(organisation_id: str, activity_id: str | None) -> ResponseReturnValue:
    today = services().today()
    with services().databases.alliance_session() as session:
        member = session.get(Member, organisation_id)
        if member is None or is_over(member, today):
            return render_template("knowledge/no_member.html", member=member), 403
        found = _own(session, organisation_id, activity_id) if activity_id else None
        form = ActivityForm(data=Planned.proposed(found).model_dump() if found else None)
        if request.method == "POST" and form.validate():
            propose(session, found, organisation_id, form.planned(), today, actor=current_user.id)
            return redirect(url_for("proposing.overview", organisation_id=organisation_id))
    page = render_template(
        "knowledge/own_activity.html",
        organisation_id=organisation_id,
        activity=found,
        form=form,
        states=STATES,
    )
    return page, 400 if form.problems() else 200


def _own(session: Session, organisation_id: str, activity_id: str) -> Activity:
    query = select(Activity).where(Activity.id == activity_id, Activity.organisation_id == organisation_id)
    found = session.scalars(query.with_for_update()) if is_identifier(activity_id) else None
    return (found.one_or_none() if found else None) or abort(404)
