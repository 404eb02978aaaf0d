"""The secretariat's part of the register: what members promise, and the end of a membership."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.access import WITH_ACCOUNT, Audience, open_to, services
from survey.categories import MEMBER_KINDS
from survey.knowledge.commitments import UNSEEN, ask, by_year, hide, show
from survey.knowledge.duties import DUTIES
from survey.knowledge.membership_forms import EndingForm, ModerationForm
from survey.paging import paged
from survey.people.membership import MembershipError, end, is_over, stay
from survey.storage.alliance import Commitment, CommitmentState, Member
from survey.storage.identifiers import is_identifier
from survey.storage.models import Organisation

blueprint = Blueprint("register_desk", __name__, url_prefix=f"{WITH_ACCOUNT}<organisation_id>/desk/register")


@blueprint.get("/")
@open_to(Audience.SECRETARIAT)
def overview(organisation_id: str) -> ResponseReturnValue:
    """List who is or was a member, and what waits to be shown again."""
    query = select(Member, Organisation).join(Organisation, Organisation.id == Member.organisation_id)
    again = (
        select(Commitment, Organisation.name)
        .join(Organisation, Organisation.id == Commitment.organisation_id)
        .where(Commitment.state == CommitmentState.REWRITTEN)
    )
    with services().databases.alliance_session(reading=True) as session:
        found = session.execute(query.order_by(Organisation.name, Organisation.id)).all()
        rewritten = session.execute(again.order_by(Commitment.changed_on, Commitment.id)).all()
    return render_template(
        "knowledge/desk_members.html",
        organisation_id=organisation_id,
        paged=paged(found),
        rewritten=rewritten,
        kinds=MEMBER_KINDS,
    )


@blueprint.route("/<member_id>", methods=["GET", "POST"])
@open_to(Audience.SECRETARIAT)
def member(organisation_id: str, member_id: str) -> ResponseReturnValue:
    """Show a member with all it promised, and end its membership with a reason."""
    form = EndingForm()
    with services().databases.alliance_session() as session:
        found = session.get(Member, _named(member_id), with_for_update=True) or abort(404)
        organisation = session.get_one(Organisation, member_id)
        over = is_over(found, services().today())
        if request.method == "POST" and (over or (form.validate() and _ended(session, found, form))):
            return _back(organisation_id, member_id)
        years = by_year(session, member_id)
    page = render_template(
        "knowledge/desk_member.html",
        organisation_id=organisation_id,
        member=found,
        over=over,
        organisation=organisation,
        years=years,
        unseen=UNSEEN,
        duties=DUTIES,
        kinds=MEMBER_KINDS,
        form=form,
    )
    return page, 400 if form.problems() else 200


@blueprint.post("/<member_id>/return")
@open_to(Audience.SECRETARIAT)
def take_back(organisation_id: str, member_id: str) -> ResponseReturnValue:
    """Let a member stay whose last day has not come."""
    with services().databases.alliance_session() as session:
        found = session.get(Member, _named(member_id), with_for_update=True) or abort(404)
        if found.left_on is not None and not is_over(found, services().today()):
            stay(session, services().desk, found, actor=current_user.id, by_secretariat=True)
    return _back(organisation_id, member_id)


@blueprint.route("/commitments/<commitment_id>", methods=["GET", "POST"])
@open_to(Audience.SECRETARIAT)
def commitment(organisation_id: str, commitment_id: str) -> ResponseReturnValue:
    """Ask about a commitment, hide it with a reason, or show it."""
    form = ModerationForm()
    with services().databases.alliance_session() as session:
        found = session.get(Commitment, _named(commitment_id), with_for_update=True) or abort(404)
        organisation = session.get_one(Organisation, found.organisation_id)
        form.show({"promise": found.promise, "outcome": found.outcome})
        if request.method == "POST" and form.validate() and form.reasoned():
            _moderate(session, found, form)
            return _back(organisation_id, found.organisation_id)
    page = render_template(
        "knowledge/desk_commitment.html",
        organisation_id=organisation_id,
        commitment=found,
        organisation=organisation,
        unseen=UNSEEN,
        duties=DUTIES,
        form=form,
    )
    return page, 400 if form.problems() else 200


def _moderate(session: Session, found: Commitment, form: ModerationForm) -> None:
    if form.decision.data == "show":
        show(session, found, actor=current_user.id)
        return
    said = ask if form.decision.data == "ask" else hide
    note = form.typed("note").strip()
    said(session, services().desk, found, note, actor=current_user.id)


def _ended(session: Session, found: Member, form: EndingForm) -> bool:
    try:
        end(
            session,
            services().desk,
            found,
            form.day(),
            reason=form.typed("reason").strip(),
            actor=current_user.id,
        )
    except MembershipError as fault:
        form.mark(fault.fault)
        return False
    return True


def _back(organisation_id: str, member_id: str) -> ResponseReturnValue:
    return redirect(url_for("register_desk.member", organisation_id=organisation_id, member_id=member_id))


def _named(text: str) -> str:
    return text if is_identifier(text) else abort(404)
