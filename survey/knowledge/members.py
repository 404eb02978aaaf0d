"""Members as anybody sees them, and how an organisation applies."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import select

from survey.access import WITH_ACCOUNT, Audience, open_to, services
from survey.forms import ButtonForm, choices_of
from survey.knowledge.caching import with_etag
from survey.knowledge.commitments import UNSEEN, by_year
from survey.knowledge.duties import DUTIES, MEMBER_KINDS
from survey.knowledge.joining import Applying, application_of, apply, confirm
from survey.knowledge.membership_forms import MemberForm
from survey.people.applying import ApplicationError
from survey.people.membership import is_over
from survey.people.sectors import areas
from survey.storage.alliance import Member
from survey.storage.identifiers import is_identifier
from survey.storage.models import Organisation
from survey.storage.people import ApplicationState

register = Blueprint("alliance_members", __name__, url_prefix="/members")
register.after_request(with_etag)
joining = Blueprint("member_joining", __name__, url_prefix=f"{WITH_ACCOUNT}join")


@register.get("/")
@open_to(Audience.PUBLIC)
def overview() -> ResponseReturnValue:
    """List the members by name, and below them who was one."""
    query = select(Member, Organisation).join(Organisation, Organisation.id == Member.organisation_id)
    with services().databases.alliance_session(reading=True) as session:
        everybody = session.execute(query.order_by(Organisation.name, Organisation.id)).all()
    today = services().today()
    return render_template(
        "knowledge/members.html",
        found=[row for row in everybody if not is_over(row[0], today)],
        former=[row for row in everybody if is_over(row[0], today)],
        kinds=MEMBER_KINDS,
    )


@register.get("/<member_id>")
@open_to(Audience.PUBLIC)
def member(member_id: str) -> ResponseReturnValue:
    """Show one member, and what it does or did under each duty, year by year."""
    with services().databases.alliance_session(reading=True) as session:
        found = (session.get(Member, member_id) if is_identifier(member_id) else None) or abort(404)
        organisation = session.get_one(Organisation, member_id)
        years = by_year(session, member_id)
    return render_template(
        "knowledge/member.html",
        member=found,
        over=is_over(found, services().today()),
        organisation=organisation,
        years=years,
        unseen=UNSEEN,
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
            apply(session, services().desk, applying)
    return render_template("knowledge/join_asked.html", contact=form.contact.data)


@joining.route("/confirmations/<token>", methods=["GET", "POST"])
@open_to(Audience.PUBLIC)
def confirmation(token: str) -> ResponseReturnValue:
    """Confirm an address: by a button, since mail programs look at links by themselves."""
    try:
        with services().databases.alliance_session() as session:
            application = application_of(session, services().desk, token)
            if request.method == "POST":
                confirm(session, application)
    except ApplicationError:
        return render_template("knowledge/join_gone.html"), 410
    waits = application.state is ApplicationState.UNCONFIRMED
    return render_template(
        "knowledge/join_confirm.html", application=application, waits=waits, form=ButtonForm()
    )


def _may_ask_for_mail() -> bool:
    asked, address = services().mails_asked_for, request.remote_addr or ""
    if not asked.allowed(address):
        return False
    asked.record_failure(address)
    return True
