"""The secretariat writes activities, and answers members who propose one."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from survey.access import WITH_ACCOUNT, Audience, open_to, services
from survey.forms import choices_of
from survey.knowledge.activity_forms import HeldForm
from survey.knowledge.contribution_forms import ReviewForm
from survey.knowledge.duties import ACTIVITY_KINDS
from survey.knowledge.markup import shown
from survey.knowledge.planned import Planned, accept, ask_back, publish
from survey.paging import read_page
from survey.storage.alliance import Activity
from survey.storage.identifiers import is_identifier, new_identifier
from survey.storage.library import RevisionState
from survey.storage.models import Organisation

blueprint = Blueprint(
    "activity_desk", __name__, url_prefix=f"{WITH_ACCOUNT}<organisation_id>/desk/activities"
)


@blueprint.route("/", methods=["GET", "POST"])
@open_to(Audience.SECRETARIAT)
def overview(organisation_id: str) -> ResponseReturnValue:
    """List what is proposed and what is in the calendar, and take a new activity."""
    form = HeldForm()
    with services().databases.alliance_session() as session:
        _offer(session, form)
        if request.method == "POST" and form.validate():
            _publish(session, Activity(id=new_identifier(), published=False), form)
            return redirect(url_for("activity_desk.overview", organisation_id=organisation_id))
        query = select(Activity).where(Activity.published)
        paged = read_page(session, query.order_by(Activity.begins_on.desc(), Activity.id))
        waiting = select(Activity, Organisation.name).join(
            Organisation, Organisation.id == Activity.organisation_id
        )
        proposed = session.execute(
            waiting.where(Activity.review == RevisionState.SUBMITTED).order_by(Activity.id)
        ).all()
    page = render_template(
        "knowledge/desk_activities.html",
        organisation_id=organisation_id,
        form=form,
        paged=paged,
        proposed=[(activity.id, Planned.proposed(activity), name) for activity, name in proposed],
        kinds=ACTIVITY_KINDS,
    )
    return page, 400 if form.problems() else 200


@blueprint.route("/<activity_id>", methods=["GET", "POST"])
@open_to(Audience.SECRETARIAT)
def activity(organisation_id: str, activity_id: str) -> ResponseReturnValue:
    """Change an activity, or write what was learnt from it."""
    with services().databases.alliance_session() as session:
        found = _activity(session, activity_id)
        if not found.published:
            return redirect(
                url_for("activity_desk.review", organisation_id=organisation_id, activity_id=found.id)
            )
        form = HeldForm(data={**Planned.of(found).model_dump(), "organisation": found.organisation_id})
        _offer(session, form)
        if request.method == "POST" and form.validate():
            _publish(session, found, form)
            return redirect(url_for("activity_desk.overview", organisation_id=organisation_id))
    page = render_template(
        "knowledge/desk_activity.html", organisation_id=organisation_id, form=form, activity=found
    )
    return page, 400 if form.problems() else 200


@blueprint.route("/<activity_id>/review", methods=["GET", "POST"])
@open_to(Audience.SECRETARIAT)
def review(organisation_id: str, activity_id: str) -> ResponseReturnValue:
    """Show what a member proposed as it would stand, and publish it or ask back."""
    form = ReviewForm()
    with services().databases.alliance_session() as session:
        found = _activity(session, activity_id)
        if found.review is not RevisionState.SUBMITTED:
            abort(404)
        planned = Planned.proposed(found)
        form.show(planned.stored())
        if request.method == "POST" and form.validate() and form.answered():
            _answer(session, found, form)
            return redirect(url_for("activity_desk.overview", organisation_id=organisation_id))
        holder = session.get_one(Organisation, found.organisation_id)
    page = render_template(
        "knowledge/review_activity.html",
        organisation_id=organisation_id,
        activity=found,
        planned=planned,
        holder=holder,
        about=shown(planned.about),
        learnt=shown(planned.learnt),
        kinds=ACTIVITY_KINDS,
        form=form,
    )
    return page, 400 if form.problems() else 200


def _answer(session: Session, found: Activity, form: ReviewForm) -> None:
    if form.decision.data == "publish":
        accept(session, found, services().today(), actor=current_user.id)
        return
    ask_back(session, services().desk, found, form.typed("question").strip(), actor=current_user.id)


def _activity(session: Session, activity_id: str) -> Activity:
    found = session.get(Activity, activity_id, with_for_update=True) if is_identifier(activity_id) else None
    return found or abort(404)


def _offer(session: Session, form: HeldForm) -> None:
    query = select(Organisation.id, Organisation.name).where(
        or_(Organisation.is_alliance, Organisation.is_member)
    )
    order = (Organisation.is_alliance.desc(), Organisation.name)
    form.organisation.choices = choices_of(dict(session.execute(query.order_by(*order)).all()))


def _publish(session: Session, activity: Activity, form: HeldForm) -> None:
    activity.organisation_id = form.typed("organisation")
    publish(session, activity, form.planned(), services().today(), actor=current_user.id)
