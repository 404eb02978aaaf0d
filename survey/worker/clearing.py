"""What the worker clears away in time: wishes that nobody confirmed, old invitations, steps of used codes."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import BigInteger, column, delete, table, update

from survey.storage.alliance import MemberApplication
from survey.storage.databases import Databases
from survey.storage.people import Application, ApplicationState, PersonInvitation

UNCONFIRMED_DAYS: Final = 7
# An invitation says for a while that it is too old; then it is gone.
KEPT_AFTER_EXPIRY_SECONDS: Final = 16 * 24 * 3600
CODE_SECONDS: Final = 30
CODES_REMEMBERED: Final = 10
# Named here alone: the table's class needs Flask-Security, which the worker does not load.
_ACCOUNTS: Final = table("accounts", column("totp_counter", BigInteger))


def clear(databases: Databases, today: dt.date, now: int) -> None:
    """Erase what has no use any more; `now` is in seconds since 1970."""
    too_old = today - dt.timedelta(days=UNCONFIRMED_DAYS)
    # A code cannot be used again once it is five minutes old: when it was used is nobody's business then.
    used_long_ago = now // CODE_SECONDS - CODES_REMEMBERED
    with databases.alliance_session() as session:
        for wish in (Application, MemberApplication):
            session.execute(
                delete(wish).where(wish.state == ApplicationState.UNCONFIRMED, wish.asked_on < too_old)
            )
        session.execute(
            delete(PersonInvitation).where(PersonInvitation.expires < now - KEPT_AFTER_EXPIRY_SECONDS)
        )
        session.execute(
            update(_ACCOUNTS).where(_ACCOUNTS.c.totp_counter < used_long_ago).values(totp_counter=None)
        )
