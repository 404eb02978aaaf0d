"""How people leave: a role is taken; with the last one the account is closed, and its owner told by mail."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.delivery.message import written
from survey.delivery.outbox import Outbox
from survey.people.accounts import close_account, leave
from survey.storage.accounts import Account
from survey.storage.audit import Action, record
from survey.storage.models import Membership, MembershipRole


def take_role(
    session: Session,
    outbox: Outbox,
    account_id: str,
    organisation_id: str,
    role: MembershipRole,
    *,
    actor: str,
) -> None:
    """
    Take a role from somebody, which signs them out; with the last one the account is closed.

    Raises:
        AccountError: If nobody would be left who can run the organisation.
    """
    leave(session, account_id, organisation_id, role)
    record(
        session,
        actor=actor,
        action=Action.ROLE_TAKEN,
        organisation_id=organisation_id,
        subject=account_id,
        details={"role": role.value},
    )
    left = select(Membership.role).where(Membership.account_id == account_id).limit(1)
    if session.scalar(left) is None:
        close(session, outbox, session.get_one(Account, account_id), actor=actor)


def close(session: Session, outbox: Outbox, account: Account, *, actor: str) -> None:
    """
    Close an account, and write to whose it was.

    Raises:
        AccountError: If nobody would be left who can run one of the person's organisations.
    """
    outbox.queue(session, to=account.email, message=written("account_closed", (account.language,)))
    close_account(session, account, actor)
