"""
How a nationwide organisation becomes a member: it applies, confirms its address, and the secretariat decides.

As an organisation starts (survey/people/applying.py): the mail that asks for the confirmation repeats nothing
that was typed, and what was not confirmed reaches nobody's desk.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.delivery.message import written
from survey.people.applying import ApplicationError, Desk
from survey.people.confirming import Confirmation, ConfirmationError
from survey.people.inviting import Invited, invite_person
from survey.people.spelling import one_address, one_name
from survey.storage.alliance import Member, MemberApplication
from survey.storage.audit import Action, Process, record
from survey.storage.identifiers import new_identifier
from survey.storage.models import MembershipRole, Organisation
from survey.storage.people import ApplicationState

PATH: Final = "/o/join/confirmations/"
WEEK: Final = dt.timedelta(days=7)
MOST_OF_ONE_ADDRESS: Final = 3
# Nationwide organisations are few: whoever sends more than this is a machine, from however many networks.
MOST_UNCONFIRMED: Final = 200


@dataclass(frozen=True, slots=True)
class Applying:
    """What somebody typed who applies for an organisation."""

    name: str
    cvr: str
    kind: str
    area: str
    website: str
    reach: str
    contact: str
    language: str


def apply(session: Session, desk: Desk, applying: Applying) -> MemberApplication | None:
    """
    Keep an application until its address is confirmed, and write to it.

    Returns None, and writes to nobody, if this address or all together have asked too often this week.

    Raises:
        SpellingError: If name or address are in disguise.
    """
    contact = one_address(applying.contact)
    if _too_many(session, desk.today, contact):
        return None
    application = MemberApplication(
        id=new_identifier(),
        state=ApplicationState.UNCONFIRMED,
        name=one_name(applying.name),
        cvr=applying.cvr,
        kind=applying.kind,
        area=applying.area,
        website=applying.website,
        reach=applying.reach,
        contact=contact,
        language=applying.language,
        asked_on=desk.today,
    )
    session.add(application)
    link = f"{desk.base_url}{PATH}{_confirmation(desk).token(application.id)}"
    desk.outbox.queue(session, to=contact, message=written("member_confirm", (applying.language,), link=link))
    record(session, actor=Process.NOBODY, action=Action.MEMBER_ASKED, subject=application.id)
    return application


def application_of(session: Session, desk: Desk, token: str) -> MemberApplication:
    """
    Return the application that a confirmation's link is for.

    Raises:
        ApplicationError: If the link is too old, or none of ours, or what was asked is gone.
    """
    try:
        identifier = _confirmation(desk).identifier(token)
    except ConfirmationError as fault:
        raise ApplicationError("link", str(fault)) from fault
    found = session.get(MemberApplication, identifier, with_for_update=True)
    if found is None:
        raise ApplicationError("link", "confirmation: what was asked is gone. Apply again.")
    return found


def confirm(session: Session, application: MemberApplication) -> None:
    """Hand an application to the secretariat; a second time does no harm."""
    if application.state is ApplicationState.UNCONFIRMED:
        application.state = ApplicationState.WAITING
        record(session, actor=Process.NOBODY, action=Action.MEMBER_CONFIRMED, subject=application.id)


def decide(
    session: Session, desk: Desk, application: MemberApplication, reason: str, actor: str, *, admitted: bool
) -> None:
    """
    Say yes or no, with the reason, by mail; whoever is admitted stands in the register from now on.

    Raises:
        ApplicationError: If it was decided before.
    """
    if application.state is not ApplicationState.WAITING:
        raise ApplicationError("decided", f"application: it is {application.state.value}. Look at the list.")
    message = written(
        "member_admitted" if admitted else "member_declined",
        (application.language,),
        organisation=application.name,
        reason=reason,
        site=desk.base_url,
    )
    desk.outbox.queue(session, to=application.contact, message=message)
    if admitted:
        application.organisation_id = _admit(session, desk, application, actor)
    application.state = ApplicationState.APPROVED if admitted else ApplicationState.DECLINED
    application.reason, application.contact = reason, ""
    action = Action.MEMBER_ADMITTED if admitted else Action.MEMBER_DECLINED
    record(
        session,
        actor=actor,
        action=action,
        subject=application.id,
        organisation_id=application.organisation_id or "",
    )


def _admit(session: Session, desk: Desk, application: MemberApplication, actor: str) -> str:
    """Make it a member, and invite the contact: to run it if it is new, and to write for it."""
    known = session.scalars(select(Organisation).where(Organisation.cvr == application.cvr)).first()
    organisation = known or Organisation(
        id=new_identifier(), name=application.name, area=application.area, cvr=application.cvr
    )
    organisation.is_member = True
    session.add(organisation)
    session.flush()
    session.merge(
        Member(
            organisation_id=organisation.id,
            kind=application.kind,
            website=application.website,
            joined_on=desk.today,
            left_on=None,
        )
    )
    roles = [MembershipRole.CONTRIBUTOR] if known else [MembershipRole.STEWARD, MembershipRole.CONTRIBUTOR]
    for role in roles:
        invited = Invited(application.contact, role, application.language, actor)
        invite_person(session, desk.outbox, desk.base_url, organisation, invited)
    return organisation.id


def _too_many(session: Session, today: dt.date, contact: str) -> bool:
    recent = select(func.count()).select_from(MemberApplication)
    recent = recent.where(MemberApplication.asked_on > today - WEEK)
    own = session.scalar(recent.where(MemberApplication.contact == contact)) or 0
    unconfirmed = MemberApplication.state == ApplicationState.UNCONFIRMED
    return own >= MOST_OF_ONE_ADDRESS or (session.scalar(recent.where(unconfirmed)) or 0) >= MOST_UNCONFIRMED


def _confirmation(desk: Desk) -> Confirmation:
    return Confirmation(desk.secret_key, "tillid member applies", WEEK.days * 24 * 3600)
