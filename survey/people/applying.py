"""
How an organisation starts, or becomes a member: somebody shows an address to be theirs, applies, and hears.

Nothing is kept of whoever has not shown that the address is theirs: the link in the mail carries the address
itself, signed. The mail repeats nothing else that was typed, so that nobody can make Tillid write to
strangers what they like. Whoever floods the form therefore fills no table, and takes nobody else's place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
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
from survey.people.spelling import alike, one_address
from survey.storage.alliance import Member
from survey.storage.audit import Action, Process, record
from survey.storage.identifiers import new_identifier
from survey.storage.models import MembershipRole, Organisation
from survey.storage.people import Application, ApplicationState, Wish

WEEK: Final = dt.timedelta(days=7)
MOST_OF_ONE_ADDRESS: Final = 5
# Whoever owns a domain has as many addresses as they like, and can confirm them all.
MOST_OF_ONE_DOMAIN: Final = 20
_PATHS: Final[Mapping[Wish, str]] = {Wish.START: "/o/start/", Wish.MEMBER: "/o/join/"}
_ASKED: Final[Mapping[Wish, Action]] = {
    Wish.START: Action.ORGANISATION_ASKED,
    Wish.MEMBER: Action.MEMBER_ASKED,
}
_APPROVED: Final[Mapping[Wish, Action]] = {
    Wish.START: Action.ORGANISATION_APPROVED,
    Wish.MEMBER: Action.MEMBER_ADMITTED,
}
_DECLINED: Final[Mapping[Wish, Action]] = {
    Wish.START: Action.ORGANISATION_DECLINED,
    Wish.MEMBER: Action.MEMBER_DECLINED,
}


class ApplicationError(PersonError):
    """An application that cannot be taken further; `fault` is `link`, `many` or `decided`."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What somebody typed who applies; the last three for members alone."""

    name: str
    cvr: str
    area: str
    language: str
    kind: str = ""
    website: str = ""
    reach: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What it takes to write to people: the outbox, the address of the web, its secret, and the day."""

    outbox: Outbox
    base_url: str
    secret_key: str
    today: dt.date


def write_link(session: Session, desk: Desk, wish: Wish, contact: str, language: str) -> None:
    """
    Send the link by which the holder of an address applies; it works for a week.

    Raises:
        SpellingError: If the address is none, or in disguise.
    """
    address = one_address(contact)
    link = f"{desk.base_url}{_PATHS[wish]}{_confirmation(desk, wish).token(address)}"
    desk.outbox.queue(session, to=address, message=written(f"{wish.value}_link", (language,), link=link))


def address_of(desk: Desk, wish: Wish, token: str) -> str:
    """
    Return whose address a link has shown.

    Raises:
        ApplicationError: If the link is too old, or none of ours.
    """
    try:
        return _confirmation(desk, wish).identifier(token)
    except ConfirmationError as fault:
        raise ApplicationError("link", str(fault)) from fault


def hand_in(session: Session, desk: Desk, wish: Wish, contact: str, applied: Applied) -> Application:
    """
    Put an application on the secretariat's desk; one that waits for the same organisation is replaced.

    Raises:
        ApplicationError: If as many of this address, or of its domain, wait as anybody needs.
    """
    waiting = _waiting_of(session, contact, wish)
    found = next((other for other in waiting if other.cvr == applied.cvr), None)
    if found is None:
        if len(waiting) >= MOST_OF_ONE_ADDRESS or _of_domain(session, contact) >= MOST_OF_ONE_DOMAIN:
            raise ApplicationError("many", "application: many of this domain wait. Write to the secretariat.")
        found = Application(id=new_identifier(), wish=wish, state=ApplicationState.WAITING, contact=contact)
        session.add(found)
        record(session, actor=Process.NOBODY, action=_ASKED[wish], subject=found.id)
    found.name, found.cvr, found.area = applied.name, applied.cvr, applied.area
    found.kind, found.website, found.reach = applied.kind, applied.website, applied.reach
    found.language, found.asked_on = applied.language, desk.today
    return found


def domain_of(contact: str) -> str:
    """Return whose an address is: the last two parts of its domain, under which one owner has any number."""
    return ".".join(contact.rpartition("@")[2].split(".")[-2:])


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


def known(session: Session, application: Application) -> Organisation | None:
    """Return the organisation that becomes a member if this is approved; none if it is made then."""
    if application.wish is Wish.START:
        return None
    return session.scalars(select(Organisation).where(Organisation.cvr == application.cvr)).first()


def approve(
    session: Session, desk: Desk, application: Application, sector: Sector | None, reason: str, actor: str
) -> Organisation:
    """
    Make the organisation if it is new, and invite whoever asked: to run it, and as a member to write for it.

    Raises:
        ApplicationError: If it was decided before.
    """
    _undecided(application)
    here = known(session, application)
    organisation = here or _made(session, application, sector)
    roles = [] if here else [MembershipRole.STEWARD]
    if application.wish is Wish.MEMBER:
        _admit(session, desk, application, organisation)
        _answer(session, desk, application, "member_admitted", reason)
        roles.append(MembershipRole.CONTRIBUTOR)
    for role in roles:
        invited = Invited(application.contact, role, application.language, actor)
        invite_person(session, desk.outbox, desk.base_url, organisation, invited)
    application.organisation_id = organisation.id
    _decide(session, application, ApplicationState.APPROVED, reason, actor)
    return organisation


def decline(session: Session, desk: Desk, application: Application, reason: str, actor: str) -> None:
    """
    Say no, with the reason, by mail.

    Raises:
        ApplicationError: If it was decided before.
    """
    _undecided(application)
    _answer(session, desk, application, f"{application.wish.value}_declined", reason)
    _decide(session, application, ApplicationState.DECLINED, reason, actor)


def classify(organisation: Organisation, area: str, sector: Sector) -> None:
    """Give an organisation its place: area, and scheme, version and code together."""
    organisation.area = area
    organisation.scheme, organisation.scheme_version = sector.scheme, sector.version
    organisation.scheme_code = sector.code


def _made(session: Session, application: Application, sector: Sector | None) -> Organisation:
    made = Organisation(
        id=new_identifier(), name=application.name, area=application.area, cvr=application.cvr
    )
    if sector is not None:
        classify(made, application.area, sector)
    session.add(made)
    session.flush()
    return made


def _admit(session: Session, desk: Desk, application: Application, organisation: Organisation) -> None:
    """Put it into the register, or back into it."""
    organisation.is_member = True
    session.merge(
        Member(
            organisation_id=organisation.id,
            kind=application.kind,
            website=application.website,
            joined_on=desk.today,
            left_on=None,
            end_reason="",
        )
    )


def _answer(session: Session, desk: Desk, application: Application, mail: str, reason: str) -> None:
    message = written(
        mail,
        (application.language,),
        organisation=application.name,
        reason=reason,
        site=desk.base_url,
    )
    desk.outbox.queue(session, to=application.contact, message=message)


def _waiting_of(session: Session, contact: str, wish: Wish) -> list[Application]:
    query = select(Application).where(Application.contact == contact, Application.wish == wish)
    return list(session.scalars(query.where(Application.state == ApplicationState.WAITING)))


def _of_domain(session: Session, contact: str) -> int:
    domain = domain_of(contact)
    under = [Application.contact.endswith(f"{mark}{domain}", autoescape=True) for mark in "@."]
    waiting = select(func.count()).where(Application.state == ApplicationState.WAITING, or_(*under))
    return session.scalar(waiting) or 0


def _undecided(application: Application) -> None:
    if application.state is not ApplicationState.WAITING:
        raise ApplicationError("decided", f"application: it is {application.state.value}. Look at the list.")


def _decide(
    session: Session, application: Application, state: ApplicationState, reason: str, actor: str
) -> None:
    actions = _APPROVED if state is ApplicationState.APPROVED else _DECLINED
    application.state, application.reason, application.contact = state, reason, ""
    record(
        session,
        actor=actor,
        action=actions[application.wish],
        organisation_id=application.organisation_id or "",
        subject=application.id,
    )


def _confirmation(desk: Desk, wish: Wish) -> Confirmation:
    return Confirmation(desk.secret_key, f"tillid applying {wish.value}", int(WEEK.total_seconds()))
