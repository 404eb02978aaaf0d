"""
How a member leaves the alliance: by itself, or because the secretariat ends it; the register stays as it is.

Between the word and the last day lie two weeks. Everybody who speaks for the member is told at once and can
take it back, so that no one person takes an organisation out alone.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.delivery.message import written
from survey.people.accounts import holders
from survey.people.applying import Desk
from survey.people.faults import PersonError
from survey.storage.alliance import Member
from survey.storage.audit import Action, record
from survey.storage.models import MembershipRole, Organisation

NOTICE: Final = dt.timedelta(days=14)
LATEST: Final = dt.timedelta(days=2 * 366)
_SPEAKING: Final = (MembershipRole.STEWARD, MembershipRole.CONTRIBUTOR)


class MembershipError(PersonError):
    """A last day that cannot be; `fault` is `early`, `late`, `over` or `ended`."""


def is_over(member: Member, today: dt.date) -> bool:
    """Say whether a member's last day lies behind."""
    return member.left_on is not None and member.left_on < today


def end(
    session: Session,
    desk: Desk,
    member: Member,
    last_day: dt.date,
    *,
    actor: str,
    reason: str = "",
) -> None:
    """
    Set a member's last day, and tell everybody who speaks for it, and the secretariat.

    `reason` is what the secretariat writes if it ends the membership: nobody else can change that then.

    Raises:
        MembershipError: If the day is less than two weeks or more than two years off, or is settled.
    """
    _unsettled(member, desk.today, by_secretariat=bool(reason))
    if last_day < desk.today + NOTICE:
        raise MembershipError(
            "early", f"last day: {last_day} is early. Choose {desk.today + NOTICE} or later."
        )
    if last_day > desk.today + LATEST:
        raise MembershipError("late", f"last day: {last_day} is late. Choose one within two years.")
    member.left_on, member.end_reason = last_day, reason
    _tell(session, desk, member)
    _note(session, Action.MEMBER_LEAVES, member, actor)


def stay(session: Session, desk: Desk, member: Member, *, actor: str, by_secretariat: bool = False) -> None:
    """
    Take a last day back that has not come, and tell everybody again.

    Raises:
        MembershipError: If the day is over, or was the secretariat's and somebody else takes it back.
    """
    _unsettled(member, desk.today, by_secretariat=by_secretariat)
    member.left_on, member.end_reason = None, ""
    _tell(session, desk, member)
    _note(session, Action.MEMBER_STAYS, member, actor)


def _unsettled(member: Member, today: dt.date, *, by_secretariat: bool) -> None:
    if is_over(member, today):
        raise MembershipError("over", f"last day: {member.left_on} is over. Apply again to come back.")
    if member.end_reason and not by_secretariat:
        raise MembershipError("ended", f"last day: the secretariat set {member.left_on}. Write to it.")


def _tell(session: Session, desk: Desk, member: Member) -> None:
    organisation = session.get_one(Organisation, member.organisation_id)
    alliance = session.scalars(select(Organisation.id).where(Organisation.is_alliance)).one_or_none() or ""
    own = f"/o/{organisation.id}/membership/" if member.left_on else f"/members/{organisation.id}"
    where = "/about/contact" if member.end_reason else own
    told = {
        account.email: account.language
        for account in (
            *holders(session, organisation.id, *_SPEAKING),
            *holders(session, alliance, MembershipRole.SECRETARIAT),
        )
    }
    for email, language in told.items():
        message = written(
            "member_leaves" if member.left_on else "member_stays",
            (language,),
            organisation=organisation.name,
            day=str(member.left_on),
            reason=member.end_reason,
            link=f"{desk.base_url}{where}",
        )
        desk.outbox.queue(session, to=email, message=message)


def _note(session: Session, action: Action, member: Member, actor: str) -> None:
    identifier = member.organisation_id
    record(session, actor=actor, action=action, organisation_id=identifier, subject=identifier)
