"""A member's contributors write what it will do each year, and what came of it."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.access import WITH_ACCOUNT, Audience, open_to, services
from survey.knowledge.commitments import OPEN, UNSEEN, by_year, write
from survey.knowledge.duties import DUTIES
from survey.knowledge.membership_forms import CommitmentForm, OutcomeForm
from survey.people.membership import is_over
from survey.storage.alliance import Commitment, Member
from survey.storage.identifiers import is_identifier, new_identifier

blueprint = Blueprint("commitments", __name__, url_prefix=f"{WITH_ACCOUNT}<organisation_id>/commitments")


@blueprint.route("/", methods=["GET", "POST"])
@open_to(Audience.CONTRIBUTOR)
def commitments(organisation_id: str) -> ResponseReturnValue:
    """Show what the member promised, and take another promise."""
    form = CommitmentForm()
    with services().databases.alliance_session() as session:
        member = session.get(Member, organisation_id)
        if member is None or is_over(member, services().today()):
            return render_template("knowledge/no_member.html", member=member), 403
        form.offer(member.joined_on, services().today())
        if request.method == "POST" and form.validate():
            _promise(session, organisation_id, form)
            return redirect(url_for("commitments.commitments", organisation_id=organisation_id))
        years = by_year(session, organisation_id)
    page = render_template(
        "knowledge/commitments.html",
        organisation_id=organisation_id,
        form=form,
        years=years,
        unseen=UNSEEN,
        duties=DUTIES,
        today=services().today(),
    )
    return page, 400 if form.problems() else 200


@blueprint.route("/<commitment_id>", methods=["GET", "POST"])
@open_to(Audience.CONTRIBUTOR)
def outcome(organisation_id: str, commitment_id: str) -> ResponseReturnValue:
    """Take what came of a promise once its year has begun, or the promise anew if that was asked for."""
    form = OutcomeForm()
    with services().databases.alliance_session() as session:
        found = _own(session, organisation_id, commitment_id)
        anew = found.state in OPEN
        if found.year > services().today().year and not anew:
            abort(404)  # nothing has come of a year that has not begun: the list has no link to it
        form.ask_for(promise=anew)
        if request.method == "POST" and form.validate():
            promise = form.typed("promise").strip() if anew else None
            outcome, today = form.typed("outcome").strip(), services().today()
            write(session, found, promise=promise, outcome=outcome, today=today, actor=current_user.id)
            return redirect(url_for("commitments.commitments", organisation_id=organisation_id))
    if request.method == "GET":
        form.process(obj=found)
    page = render_template(
        "knowledge/outcome.html",
        organisation_id=organisation_id,
        form=form,
        commitment=found,
        anew=anew,
        unseen=UNSEEN,
        duties=DUTIES,
    )
    return page, 400 if form.problems() else 200


def _own(session: Session, organisation_id: str, commitment_id: str) -> Commitment:
    query = select(Commitment).where(
        Commitment.id == commitment_id, Commitment.organisation_id == organisation_id
    )
    found = session.scalars(query.with_for_update()) if is_identifier(commitment_id) else None
    return (found.one_or_none() if found else None) or abort(404)


def _promise(session: Session, organisation_id: str, form: CommitmentForm) -> None:
    promised = Commitment(
        id=new_identifier(),
        organisation_id=organisation_id,
        year=int(form.typed("year")),
        duty=form.typed("duty"),
    )
    session.add(promised)
    promise, today = form.typed("promise").strip(), services().today()
    write(session, promised, promise=promise, outcome="", today=today, actor=current_user.id)
