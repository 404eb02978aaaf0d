"""Accounts as Flask-Security finds and keeps them."""

from __future__ import annotations

from flask_security.core import UserMixin
from flask_security.datastore import UserDatastore
from sqlalchemy import ColumnElement, func, select

from survey.storage.accounts import Account
from survey.storage.databases import Databases


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
