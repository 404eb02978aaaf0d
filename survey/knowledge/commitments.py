"""What members promise for a year, what came of it, and what the secretariat says of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.delivery.message import written
from survey.knowledge.duties import DUTIES
from survey.people.accounts import holders
from survey.people.applying import Desk
from survey.storage.alliance import Commitment, CommitmentState
from survey.storage.audit import Action, record
from survey.storage.models import MembershipRole, Organisation

OPEN: Final = frozenset({CommitmentState.ASKED, CommitmentState.HIDDEN, CommitmentState.REWRITTEN})
"""States in which the member may write the promise itself anew."""
UNSEEN: Final = frozenset({CommitmentState.HIDDEN, CommitmentState.REWRITTEN})
"""States in which only the member and the secretariat see it."""


def by_year(session: Session, organisation_id: str) -> Mapping[int, Sequence[Commitment]]:
    """Return a member's promises by year, the latest first, in the order of the duties."""
    query = select(Commitment).where(Commitment.organisation_id == organisation_id)
    order = list(DUTIES)
    found = sorted(session.scalars(query), key=lambda row: (-row.year, order.index(row.duty), row.id))
    years: dict[int, list[Commitment]] = {}
    for commitment in found:
        years.setdefault(commitment.year, []).append(commitment)
    return years


def write(
    session: Session,
    commitment: Commitment,
    *,
    promise: str | None,
    outcome: str,
    today: dt.date,
    actor: str,
) -> None:
    """Take what the member writes; a promise that was asked about is answered by it, a hidden one waits."""
    commitment.outcome, commitment.changed_on = outcome, today
    if promise is not None:
        commitment.promise = promise
        if commitment.state is CommitmentState.ASKED:
            commitment.state, commitment.note = CommitmentState.SHOWN, ""
        elif commitment.state is CommitmentState.HIDDEN:
            commitment.state = CommitmentState.REWRITTEN
    _note(session, Action.COMMITMENT_WRITTEN, commitment, actor)


def ask(session: Session, desk: Desk, commitment: Commitment, note: str, *, actor: str) -> None:
    """Ask the member to write it again; what is shown stays so, what is hidden stays hidden."""
    seen = commitment.state not in UNSEEN
    commitment.state = CommitmentState.ASKED if seen else CommitmentState.HIDDEN
    _tell(session, desk, commitment, note)
    _note(session, Action.COMMITMENT_ASKED_ABOUT, commitment, actor)


def hide(session: Session, desk: Desk, commitment: Commitment, note: str, *, actor: str) -> None:
    """Hide it with a reason; nothing that was written is erased."""
    commitment.state = CommitmentState.HIDDEN
    _tell(session, desk, commitment, note)
    _note(session, Action.COMMITMENT_HIDDEN, commitment, actor)


def show(session: Session, commitment: Commitment, *, actor: str) -> None:
    """Show it, whatever was said of it before."""
    commitment.state, commitment.note = CommitmentState.SHOWN, ""
    _note(session, Action.COMMITMENT_SHOWN, commitment, actor)


def _tell(session: Session, desk: Desk, commitment: Commitment, note: str) -> None:
    commitment.note = note
    organisation = session.get_one(Organisation, commitment.organisation_id)
    for account in holders(session, organisation.id, MembershipRole.CONTRIBUTOR):
        message = written(
            "commitment_asked",
            (account.language,),
            organisation=organisation.name,
            year=commitment.year,
            note=note,
            hidden=commitment.state in UNSEEN,
            link=f"{desk.base_url}/o/{organisation.id}/commitments/{commitment.id}",
        )
        desk.outbox.queue(session, to=account.email, message=message)


def _note(session: Session, action: Action, commitment: Commitment, actor: str) -> None:
    record(
        session,
        actor=actor,
        action=action,
        organisation_id=commitment.organisation_id,
        subject=commitment.id,
    )
