"""
How an organisation starts: somebody asks, confirms the address, and the secretariat approves or declines.

The mail that asks for the confirmation repeats nothing that was typed, so that nobody can make Tillid write
to strangers what they like.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from survey.delivery.message import written
from survey.delivery.outbox import Outbox
from survey.people.confirming import Confirmation, ConfirmationError
from survey.people.faults import PersonError
from survey.people.inviting import Invited, invite_person
from survey.people.sectors import Sector
from survey.people.spelling import alike, one_address, one_name
from survey.storage.audit import Action, Process, record
from survey.storage.identifiers import new_identifier
from survey.storage.models import MembershipRole, Organisation
from survey.storage.people import Application, ApplicationState

PATH: Final = "/o/start/confirmations/"
WEEK: Final = dt.timedelta(days=7)
MOST_OF_ONE_ADDRESS: Final = 5


class ApplicationError(PersonError):
    """An application that cannot be taken further."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed who wants to start."""

    name: str
    cvr: str
    area: str
    contact: str
    language: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What it takes to write to people: the outbox, the address of the web, its secret, and the day."""

    outbox: Outbox
    base_url: str
    secret_key: str
    today: dt.date


def ask_to_start(session: Session, desk: Desk, asked: Asked) -> Application | None:
    """
    Keep what was asked until the address is confirmed, and write to it.

    Returns None, and writes to nobody, if the address has asked too often this week: a page says the same for
    both, so that nobody's mailbox can be filled and nobody learns who asked.

    Raises:
        SpellingError: If name or address are in disguise.
    """
    contact, name = one_address(asked.contact), one_name(asked.name)
    recent = select(func.count()).where(
        Application.contact == contact, Application.asked_on > desk.today - WEEK
    )
    if (session.scalar(recent) or 0) >= MOST_OF_ONE_ADDRESS:
        return None
    application = Application(
        id=new_identifier(),
        state=ApplicationState.UNCONFIRMED,
        name=name,
        cvr=asked.cvr,
        area=asked.area,
        contact=contact,
        language=asked.language,
        asked_on=desk.today,
        reason="",
    )
    session.add(application)
    link = f"{desk.base_url}{PATH}{_confirmation(desk).token(application.id)}"
    desk.outbox.queue(session, to=contact, message=written("start_confirm", (asked.language,), link=link))
    record(session, actor=Process.NOBODY, action=Action.ORGANISATION_ASKED, subject=application.id)
    return application


def application_of(session: Session, desk: Desk, token: str) -> Application:
    """
    Return the application that a confirmation's link is for.

    Raises:
        ApplicationError: If the link is too old, or none of ours, or what was asked is gone.
    """
    try:
        identifier = _confirmation(desk).identifier(token)
    except ConfirmationError as fault:
        raise ApplicationError("link", str(fault)) from fault
    found = session.get(Application, identifier, with_for_update=True)
    if found is None:
        raise ApplicationError("link", "confirmation: what was asked is gone. Ask to start again.")
    return found


def confirm(session: Session, application: Application) -> None:
    """Hand an application to the secretariat; a second time does no harm."""
    if application.state is ApplicationState.UNCONFIRMED:
        application.state = ApplicationState.WAITING
        record(session, actor=Process.NOBODY, action=Action.ORGANISATION_CONFIRMED, subject=application.id)


def resembling(session: Session, application: Application) -> list[Organisation]:
    """Return the organisations that have the same number, or a name that reads the same."""
    query = select(Organisation).where(
        or_(Organisation.cvr == application.cvr, func.lower(Organisation.name) == application.name.lower())
    )
    found = {organisation.id: organisation for organisation in session.scalars(query)}
    for organisation in session.scalars(select(Organisation)):
        if alike(organisation.name) == alike(application.name):
            found[organisation.id] = organisation
    return list(found.values())


def approve(
    session: Session, desk: Desk, application: Application, sector: Sector, actor: str
) -> Organisation:
    """
    Make the organisation, and invite whoever asked to be its first steward.

    Raises:
        ApplicationError: If it was decided before.
    """
    _undecided(application)
    organisation = Organisation(
        id=new_identifier(), name=application.name, area=application.area, cvr=application.cvr
    )
    classify(organisation, application.area, sector)
    session.add(organisation)
    session.flush()
    invited = Invited(application.contact, MembershipRole.STEWARD, application.language, actor)
    invite_person(session, desk.outbox, desk.base_url, organisation, invited)
    application.organisation_id = organisation.id
    _decide(session, application, ApplicationState.APPROVED, "", actor)
    return organisation


def decline(session: Session, desk: Desk, application: Application, reason: str, actor: str) -> None:
    """
    Say no, with the reason, by mail.

    Raises:
        ApplicationError: If it was decided before.
    """
    _undecided(application)
    message = written(
        "start_declined",
        (application.language,),
        organisation=application.name,
        reason=reason,
        site=desk.base_url,
    )
    desk.outbox.queue(session, to=application.contact, message=message)
    _decide(session, application, ApplicationState.DECLINED, reason, actor)


def classify(organisation: Organisation, area: str, sector: Sector) -> None:
    """Give an organisation its place: area, and scheme, version and code together."""
    organisation.area = area
    organisation.scheme, organisation.scheme_version = sector.scheme, sector.version
    organisation.scheme_code = sector.code


def _undecided(application: Application) -> None:
    if application.state is not ApplicationState.WAITING:
        raise ApplicationError("decided", f"application: it is {application.state.value}. Look at the list.")


def _decide(
    session: Session, application: Application, state: ApplicationState, reason: str, actor: str
) -> None:
    approved = state is ApplicationState.APPROVED
    application.state, application.reason, application.contact = state, reason, ""
    record(
        session,
        actor=actor,
        action=Action.ORGANISATION_APPROVED if approved else Action.ORGANISATION_DECLINED,
        organisation_id=application.organisation_id or "",
        subject=application.id,
    )


def _confirmation(desk: Desk) -> Confirmation:
    return Confirmation(desk.secret_key, "tillid organisation starts", WEEK.days * 24 * 3600)
