"""The register: who is a member of the alliance, who was one, and what each does and did."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from survey.access import Audience, open_to, services
from survey.categories import MEMBER_KINDS
from survey.knowledge.caching import with_etag
from survey.knowledge.commitments import UNSEEN, by_year
from survey.knowledge.duties import DUTIES
from survey.people.membership import is_over
from survey.storage.alliance import Member
from survey.storage.identifiers import is_identifier
from survey.storage.models import Organisation

blueprint = Blueprint("alliance_members", __name__, url_prefix="/members")
blueprint.after_request(with_etag)


@blueprint.get("/")
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


@blueprint.get("/<member_id>")
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
