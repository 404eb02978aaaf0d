"""Members as anybody sees them, how an organisation applies, and what a member writes about its own year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.access import WITH_ACCOUNT, Audience, open_to, services
from survey.forms import ButtonForm, choices_of
from survey.knowledge.caching import with_etag
from survey.knowledge.duties import DUTIES, MEMBER_KINDS
from survey.knowledge.joining import Applying, application_of, apply, confirm
from survey.knowledge.membership_forms import CommitmentForm, MemberForm, OutcomeForm
from survey.people.applying import ApplicationError, Desk
from survey.people.sectors import areas
from survey.storage.alliance import Commitment, Member
from survey.storage.audit import Action, record
from survey.storage.identifiers import is_identifier, new_identifier
from survey.storage.models import Organisation
from survey.storage.people import ApplicationState

register = Blueprint("alliance_members", __name__, url_prefix="/members")
register.after_request(with_etag)
joining = Blueprint("member_joining", __name__, url_prefix=f"{WITH_ACCOUNT}join")
own = Blueprint("commitments", __name__, url_prefix=f"{WITH_ACCOUNT}<organisation_id>/commitments")


@register.get("/")
@open_to(Audience.PUBLIC)
def overview() -> ResponseReturnValue:
    """List the members by name."""
    query = select(Member, Organisation).join(Organisation, Organisation.id == Member.organisation_id)
    with services().databases.alliance_session(reading=True) as session:
        found = session.execute(query.where(Member.left_on.is_(None)).order_by(Organisation.name)).all()
    return render_template("knowledge/members.html", found=found, kinds=MEMBER_KINDS)


@register.get("/<member_id>")
@open_to(Audience.PUBLIC)
def member(member_id: str) -> ResponseReturnValue:
    """Show one member, and what it does under each duty, year by year."""
    with services().databases.alliance_session(reading=True) as session:
        found = _member(session, member_id)
        organisation = session.get_one(Organisation, member_id)
        years = _years(session, member_id)
    return render_template(
        "knowledge/member.html",
        member=found,
        organisation=organisation,
        years=years,
        duties=DUTIES,
        kinds=MEMBER_KINDS,
    )


@joining.route("", methods=["GET", "POST"])
@open_to(Audience.PUBLIC)
def join() -> ResponseReturnValue:
    """Take an application; the same answer whoever asks, and however often."""
    form, language = MemberForm(), str(get_locale())
    form.area.choices = choices_of({code: name[language] for code, name in areas().items()})
    if request.method == "GET":
        return render_template("knowledge/join.html", form=form, status=200)
    if not form.validate():
        return render_template("knowledge/join.html", form=form, status=400), 400
    # Only what would have written a mail counts: whoever mistypes is not shut out.
    if not _may_ask_for_mail():
        return render_template("knowledge/join.html", form=form, status=429), 429
    if not form.website.data:  # else a machine filled it in, and is told the same
        applying = Applying(
            name=form.typed("name"),
            cvr=form.typed("cvr"),
            kind=form.typed("kind"),
            area=form.typed("area"),
            website=form.typed("homepage"),
            reach=form.typed("reach").strip(),
            contact=form.typed("contact"),
            language=language,
        )
        with services().databases.alliance_session() as session:
            apply(session, desk(), applying)
    return render_template("knowledge/join_asked.html", contact=form.contact.data)


@joining.route("/confirmations/<token>", methods=["GET", "POST"])
@open_to(Audience.PUBLIC)
def confirmation(token: str) -> ResponseReturnValue:
    """Confirm an address: by a button, since mail programs look at links by themselves."""
    try:
        with services().databases.alliance_session() as session:
            application = application_of(session, desk(), token)
            if request.method == "POST":
                confirm(session, application)
    except ApplicationError:
        return render_template("knowledge/join_gone.html"), 410
    waits = application.state is ApplicationState.UNCONFIRMED
    return render_template(
        "knowledge/join_confirm.html", application=application, waits=waits, form=ButtonForm()
    )


@own.route("/", methods=["GET", "POST"])
@open_to(Audience.CONTRIBUTOR)
def commitments(organisation_id: str) -> ResponseReturnValue:
    """Show what the member promised, and take another promise."""
    form = CommitmentForm()
    with services().databases.alliance_session() as session:
        found = session.get(Member, organisation_id)
        if found is None or found.left_on is not None:
            return render_template("knowledge/no_member.html"), 403
        form.offer(found.joined_on, services().today())
        if request.method == "POST" and form.validate():
            _promise(session, organisation_id, form)
            return redirect(url_for("commitments.commitments", organisation_id=organisation_id))
        years = _years(session, organisation_id)
    page = render_template(
        "knowledge/commitments.html",
        organisation_id=organisation_id,
        form=form,
        years=years,
        duties=DUTIES,
        today=services().today(),
    )
    return page, 400 if form.problems() else 200


@own.route("/<commitment_id>", methods=["GET", "POST"])
@open_to(Audience.CONTRIBUTOR)
def outcome(organisation_id: str, commitment_id: str) -> ResponseReturnValue:
    """Take what came of a promise, once its year has begun."""
    form = OutcomeForm()
    with services().databases.alliance_session() as session:
        query = select(Commitment).where(
            Commitment.id == commitment_id, Commitment.organisation_id == organisation_id
        )
        found = session.scalars(query.with_for_update()).one_or_none() or abort(404)
        if found.year > services().today().year:
            abort(404)  # nothing has come of a year that has not begun: the list has no link to it
        if request.method == "POST" and form.validate():
            found.outcome, found.changed_on = form.typed("outcome").strip(), services().today()
            _record(session, found)
            return redirect(url_for("commitments.commitments", organisation_id=organisation_id))
    if request.method == "GET":
        form.outcome.data = found.outcome
    page = render_template(
        "knowledge/outcome.html",
        organisation_id=organisation_id,
        form=form,
        commitment=found,
        duties=DUTIES,
    )
    return page, 400 if form.problems() else 200


def desk() -> Desk:
    """Return what it takes to write to people who apply."""
    return Desk(services().outbox, services().base_url, services().secret_key, services().today())


def _may_ask_for_mail() -> bool:
    asked, address = services().mails_asked_for, request.remote_addr or ""
    if not asked.allowed(address):
        return False
    asked.record_failure(address)
    return True


def _member(session: Session, member_id: str) -> Member:
    found = session.get(Member, member_id) if is_identifier(member_id) else None
    return found if found is not None and found.left_on is None else abort(404)


def _years(session: Session, organisation_id: str) -> Mapping[int, Sequence[Commitment]]:
    """A member's promises by year, the latest first, in the order of the duties."""
    query = select(Commitment).where(Commitment.organisation_id == organisation_id)
    order = list(DUTIES)
    found = sorted(session.scalars(query), key=lambda row: (-row.year, order.index(row.duty), row.id))
    years: dict[int, list[Commitment]] = {}
    for commitment in found:
        years.setdefault(commitment.year, []).append(commitment)
    return years


def _promise(session: Session, organisation_id: str, form: CommitmentForm) -> None:
    promised = Commitment(
        id=new_identifier(),
        organisation_id=organisation_id,
        year=int(form.typed("year")),
        duty=form.typed("duty"),
        promise=form.typed("promise").strip(),
        changed_on=services().today(),
    )
    session.add(promised)
    _record(session, promised)


def _record(session: Session, commitment: Commitment) -> None:
    record(
        session,
        actor=current_user.id,
        action=Action.COMMITMENT_WRITTEN,
        organisation_id=commitment.organisation_id,
        subject=commitment.id,
    )
