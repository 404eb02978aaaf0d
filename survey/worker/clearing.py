"""What the worker ends in time: invitations, steps of used codes, memberships."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import BigInteger, column, delete, select, table, update
from sqlalchemy.orm import Session

from survey.storage.alliance import Member
from survey.storage.audit import Action, Process, record
from survey.storage.databases import Databases
from survey.storage.models import Organisation
from survey.storage.people import PersonInvitation

# An invitation says for a while that it is too old; then it is gone.
KEPT_AFTER_EXPIRY_SECONDS: Final = 16 * 24 * 3600
CODE_SECONDS: Final = 30
CODES_REMEMBERED: Final = 10
# Named here alone: the table's class needs Flask-Security, which the worker does not load.
_ACCOUNTS: Final = table("accounts", column("totp_counter", BigInteger))


def clear(databases: Databases, today: dt.date, now: int) -> None:
    """Erase what has no use any more, and end what is over; `now` is in seconds since 1970."""
    # A code cannot be used again once it is five minutes old: when it was used is nobody's business then.
    used_long_ago = now // CODE_SECONDS - CODES_REMEMBERED
    with databases.alliance_session() as session:
        session.execute(
            delete(PersonInvitation).where(PersonInvitation.expires < now - KEPT_AFTER_EXPIRY_SECONDS)
        )
        session.execute(
            update(_ACCOUNTS).where(_ACCOUNTS.c.totp_counter < used_long_ago).values(totp_counter=None)
        )
        _end_memberships(session, today)


def _end_memberships(session: Session, today: dt.date) -> None:
    """Whoever's last day is over is a member no more; the register keeps what it did."""
    over = select(Member.organisation_id).where(Member.left_on < today)
    left = select(Organisation).where(Organisation.id.in_(over), Organisation.is_member)
    for organisation in session.scalars(left):
        organisation.is_member = False
        record(
            session,
            actor=Process.WORKER,
            action=Action.MEMBER_LEFT,
            organisation_id=organisation.id,
            subject=organisation.id,
        )
