"""Accounts as Flask-Security finds and keeps them, and how one comes to be."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from flask_security.core import UserMixin
from flask_security.datastore import UserDatastore
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from survey.storage.accounts import Account
from survey.storage.databases import Databases
from survey.storage.identifiers import new_identifier
from survey.storage.models import Membership, MembershipRole

SHORTEST_PASSWORD = 12


class AccountError(ValueError):
    """An account that cannot be made as asked: which, why, and what to do instead."""


class Accounts(UserDatastore):
    """
    Accounts in the alliance's database, each read and write in a transaction of its own.

    Roles are not Flask-Security's: they hold in one organisation, and stand in `memberships`.
    """

    def __init__(self, databases: Databases) -> None:
        super().__init__(Account, type(None))  # type: ignore[arg-type]  # no roles of its own
        self._databases = databases

    def find_user(self, case_insensitive: bool = False, **named: object) -> UserMixin | None:  # noqa: FBT001, FBT002  Flask-Security's signature.
        """Return the account with one attribute of one value, or none."""
        ((attribute, value),) = named.items()
        column = getattr(Account, attribute)
        with self._databases.alliance_session(reading=True) as session:
            return session.scalars(select(Account).where(_is(column, value, case_insensitive))).one_or_none()

    def put(self, model: Account) -> Account:
        """Keep what was changed about an account: its password's hash, when the hash's parameters rise."""
        with self._databases.alliance_session() as session:
            return session.merge(model)

    def commit(self) -> None:
        """Do nothing: every change is kept when it is made."""


def _is(column: ColumnElement[str], value: object, case_insensitive: bool) -> ColumnElement[bool]:  # noqa: FBT001
    if case_insensitive:
        return func.lower(column) == str(value).lower()
    return column == value


def add_account(session: Session, email: str, password: str) -> Account:
    """
    Make an account with a password.

    Raises:
        AccountError: If the password is short or the address is taken.
    """
    if account_of(session, email) is not None:
        raise AccountError(f"{email}: there is an account already. Add a role to it without a password.")
    account = Account(id=new_identifier(), email=email.lower(), active=True)
    set_password(account, password)
    session.add(account)
    session.flush()
    return account


def set_password(account: Account, password: str) -> None:
    """
    Give an account a password, and end every session it has.

    Raises:
        AccountError: If the password is short.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError(
            f"{account.email}: a password of {len(password)} characters. Give it {SHORTEST_PASSWORD} or more."
        )
    account.password = PasswordHasher().hash(password)
    account.fs_uniquifier = secrets.token_hex(32)


def account_of(session: Session, email: str) -> Account | None:
    """Return the account of an e-mail address, however it is capitalised, or none."""
    return session.scalars(select(Account).where(Account.email == email.lower())).one_or_none()


def join(session: Session, account_id: str, organisation_id: str, *roles: MembershipRole) -> None:
    """Give a person roles in an organisation; a role they have already is no error."""
    for role in roles:
        session.merge(Membership(account_id=account_id, organisation_id=organisation_id, role=role))
