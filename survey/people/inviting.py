"""
Inviting people to roles: a link by mail, good for two weeks and once, for the holder of that address.

Whoever opens a forwarded link sees for which address it is; somebody who has an account must be signed in
with that very address to accept.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey.delivery.message import written
from survey.delivery.outbox import Outbox
from survey.people.accounts import account_of, add_account, join
from survey.people.faults import PersonError
from survey.people.spelling import one_address
from survey.storage.accounts import Account
from survey.storage.audit import Action, record
from survey.storage.identifiers import new_identifier
from survey.storage.models import ALLIANCE_ROLES, MembershipRole, Organisation
from survey.storage.people import PersonInvitation

LIFETIME_SECONDS: Final = 14 * 24 * 3600
MOST_WAITING: Final = 200
PATH: Final = "/o/invitations/"
_ROLE_WORDS: Final = {
    MembershipRole.STEWARD: ("stå for undersøgelser", "run surveys"),
    MembershipRole.LEADER: ("læse tallene", "read the figures"),
    MembershipRole.TRUSTEE: ("være nøgleholder", "be a trustee"),
    MembershipRole.ANALYST: ("sammenligne sektorer", "compare sectors"),
    MembershipRole.CONTRIBUTOR: ("skrive i biblioteket", "write in the library"),
    MembershipRole.SECRETARIAT: (
        "være med i alliancens sekretariat",
        "be part of the alliance's secretariat",
    ),
    MembershipRole.OPERATOR: ("drive maskinerne", "run the machines"),
}


class InvitationError(PersonError):
    """An invitation that cannot be made or accepted."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is invited to what, in which language, and by whom."""

    email: str
    role: MembershipRole
    language: str
    actor: str


def grantable(organisation: Organisation, granter: frozenset[MembershipRole]) -> frozenset[MembershipRole]:
    """Return the roles that somebody with these roles may give in an organisation."""
    given: set[MembershipRole] = set()
    if MembershipRole.STEWARD in granter or MembershipRole.SECRETARIAT in granter:
        given |= {MembershipRole.STEWARD, MembershipRole.LEADER}
        if organisation.is_member or organisation.is_alliance:
            given.add(MembershipRole.CONTRIBUTOR)
    if MembershipRole.SECRETARIAT in granter and organisation.is_alliance:
        given |= ALLIANCE_ROLES
    return frozenset(given)


def invite_person(
    session: Session, outbox: Outbox, base_url: str, organisation: Organisation, invited: Invited
) -> PersonInvitation:
    """
    Invite the holder of an address to a role; an invitation that waits for the same is replaced.

    Raises:
        SpellingError: If the address is none, or in disguise.
        InvitationError: If too many wait already.
    """
    email = one_address(invited.email)
    waiting = PersonInvitation.organisation_id == organisation.id
    session.execute(
        delete(PersonInvitation).where(
            waiting, PersonInvitation.email == email, PersonInvitation.role == invited.role
        )
    )
    if (
        session.scalar(select(func.count()).select_from(PersonInvitation).where(waiting)) or 0
    ) >= MOST_WAITING:
        raise InvitationError("many", f"{organisation.name}: {MOST_WAITING} invitations wait already.")
    token = secrets.token_urlsafe(24)
    invitation = PersonInvitation(
        id=new_identifier(),
        organisation_id=organisation.id,
        token_digest=_digest(token),
        email=email,
        role=invited.role,
        language=invited.language,
        expires=outbox.now() + LIFETIME_SECONDS,
    )
    session.add(invitation)
    da, en = _ROLE_WORDS[invited.role]
    message = written(
        "person_invited",
        _languages(invited.language),
        organisation=organisation.name,
        role_da=da,
        role_en=en,
        link=f"{base_url}{PATH}{token}",
    )
    outbox.queue(session, to=email, message=message)
    record(
        session,
        actor=invited.actor,
        action=Action.PERSON_INVITED,
        organisation_id=organisation.id,
        subject=invitation.id,
        details={"role": invited.role.value},
    )
    return invitation


def invitation_of(session: Session, token: str, now: int) -> PersonInvitation:
    """
    Return the invitation that a link is for.

    Raises:
        InvitationError: `unknown` if there is none (any more), `expired` if it is too old.
    """
    query = select(PersonInvitation).where(PersonInvitation.token_digest == _digest(token))
    found = session.scalars(query.with_for_update()).one_or_none()
    if found is None:
        raise InvitationError("unknown", "invitation: used, withdrawn, or none of ours. Ask for a new one.")
    if found.expires <= now:
        raise InvitationError("expired", "invitation: too old. Ask whoever invited you for a new one.")
    return found


def accept(
    session: Session, invitation: PersonInvitation, *, signed_in: Account | None, password: str = ""
) -> Account:
    """
    Give the invited person their role, and use the invitation up.

    Raises:
        InvitationError: `sign_in` if the address has an account and nobody is signed in, `another` if
            somebody else is.
        PasswordError: If a new account's password cannot be taken.
    """
    account = account_of(session, invitation.email)
    if signed_in is not None and signed_in.email != invitation.email:
        raise InvitationError("another", "invitation: it is for another address than you are signed in with.")
    if account is not None and signed_in is None:
        raise InvitationError("sign_in", "invitation: its address has an account. Sign in with it first.")
    if account is None:
        account = add_account(session, invitation.email, password, language=invitation.language)
        record(session, actor=account.id, action=Action.ACCOUNT_MADE, subject=account.id)
    join(session, account.id, invitation.organisation_id, invitation.role)
    record(
        session,
        actor=account.id,
        action=Action.ROLE_GIVEN,
        organisation_id=invitation.organisation_id,
        subject=account.id,
        details={"role": invitation.role.value},
    )
    session.delete(invitation)
    return account


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _languages(first: str) -> tuple[str, ...]:
    """Both, that of the invited person first: nobody knows yet what they read best."""
    return (first, *({"da", "en"} - {first}))
