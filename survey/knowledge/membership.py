"""A member's own page about being one: its last day, and taking it back."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy.orm import Session

from survey.access import WITH_ACCOUNT, Audience, open_to, services
from survey.knowledge.membership_forms import LeavingForm
from survey.people.membership import NOTICE, MembershipError, end, is_over, stay
from survey.storage.alliance import Member
from survey.storage.models import Organisation

blueprint = Blueprint("membership", __name__, url_prefix=f"{WITH_ACCOUNT}<organisation_id>/membership")


@blueprint.route("/", methods=["GET", "POST"])
@open_to(Audience.STEWARD, Audience.CONTRIBUTOR)
def overview(organisation_id: str) -> ResponseReturnValue:
    """Show since when the organisation is a member, and take a last day."""
    form = LeavingForm()
    with services().databases.alliance_session() as session:
        member = session.get(Member, organisation_id, with_for_update=True)
        if member is None or is_over(member, services().today()):
            return render_template("knowledge/no_member.html", member=member), 403
        organisation = session.get_one(Organisation, organisation_id)
        # What the secretariat ended has no form here any more.
        ended = bool(member.end_reason)
        if request.method == "POST" and (ended or (form.validate() and _left(session, member, form))):
            return _again(organisation_id)
    page = render_template(
        "knowledge/membership.html",
        organisation=organisation,
        member=member,
        form=form,
        earliest=services().today() + NOTICE,
    )
    return page, 400 if form.problems() else 200


@blueprint.post("/return")
@open_to(Audience.STEWARD, Audience.CONTRIBUTOR)
def take_back(organisation_id: str) -> ResponseReturnValue:
    """Stay after all."""
    with services().databases.alliance_session() as session:
        member = session.get(Member, organisation_id, with_for_update=True)
        if member is None or is_over(member, services().today()):
            return render_template("knowledge/no_member.html", member=member), 403
        if member.left_on is not None and not member.end_reason:
            stay(session, services().desk, member, actor=current_user.id)
    return _again(organisation_id)


def _left(session: Session, member: Member, form: LeavingForm) -> bool:
    try:
        end(session, services().desk, member, form.day(), actor=current_user.id)
    except MembershipError as fault:
        form.mark(fault.fault)
        return False
    return True


def _again(organisation_id: str) -> ResponseReturnValue:
    return redirect(url_for("membership.overview", organisation_id=organisation_id))
