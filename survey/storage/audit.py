"""
The audit log: what each role did, in a chain that shows when an entry was changed, left out or put between.

An entry's digest covers the entry and the digest before it. Rows can be added and never changed: on
PostgreSQL no process has the right, and on both databases triggers refuse it. Whoever owns the database could
still write the whole chain anew; a head noted elsewhere shows that (`tillid audit verify --expect`).

Never what a respondent did: no code, no response, no time of either is written here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final, cast

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from questionnaires.digest import JsonValue, canonical_bytes
from survey.storage.identifiers import LENGTH
from survey.storage.models import Base

_DOMAIN: Final = b"tillid audit entry v1\x00"
_GENESIS: Final = bytes(32)
_PENDING: Final = "tillid_audit"
# Any number that no other part of the product locks on PostgreSQL.
_LOCK: Final = 0x7111D


class AuditError(RuntimeError):
    """A log that is not what it was: the first entry that shows it."""


class Action(StrEnum):
    """What can be done that the log tells of; the secretariat's page has a sentence for each."""

    ORGANISATION_ASKED = "organisation_asked"
    ORGANISATION_APPROVED = "organisation_approved"
    ORGANISATION_DECLINED = "organisation_declined"
    ORGANISATION_CLASSIFIED = "organisation_classified"
    PERSON_INVITED = "person_invited"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    ROLE_GIVEN = "role_given"
    ROLE_TAKEN = "role_taken"
    ACCOUNT_MADE = "account_made"
    ACCOUNT_CLOSED = "account_closed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  The name of an act.
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    FACTORS_RESET = "factors_reset"
    MEMBER_ASKED = "member_asked"
    MEMBER_ADMITTED = "member_admitted"
    MEMBER_DECLINED = "member_declined"
    MEMBER_LEAVES = "member_leaves"
    MEMBER_STAYS = "member_stays"
    MEMBER_LEFT = "member_left"
    COMMITMENT_WRITTEN = "commitment_written"
    COMMITMENT_ASKED_ABOUT = "commitment_asked_about"
    COMMITMENT_HIDDEN = "commitment_hidden"
    COMMITMENT_SHOWN = "commitment_shown"
    ACTIVITY_WRITTEN = "activity_written"
    ACTIVITY_SUBMITTED = "activity_submitted"
    ACTIVITY_ASKED_BACK = "activity_asked_back"
    HELP_LINE_VERIFIED = "help_line_verified"
    HELP_LINE_WITHDRAWN = "help_line_withdrawn"
    QUESTIONNAIRE_PUBLISHED = "questionnaire_published"
    QUESTIONNAIRE_RETIRED = "questionnaire_retired"
    WAVE_ADVANCED = "wave_advanced"
    RESPONDENTS_INVITED = "respondents_invited"
    RESPONDENTS_REMINDED = "respondents_reminded"
    ADDRESS_MENDED = "address_mended"
    ADDRESS_TAKEN_OUT = "address_taken_out"
    CODES_MADE_AGAIN = "codes_made_again"
    LAST_DAY_MOVED = "last_day_moved"
    NOTICE_CORRECTED = "notice_corrected"
    TRUSTEE_INVITED = "trustee_invited"
    TRUSTEE_REPLACED = "trustee_replaced"
    TRUSTEES_REMINDED = "trustees_reminded"
    REPRESENTATIVE_CONFIRMED = "representative_confirmed"
    KEY_ENROLLED = "key_enrolled"
    SHARE_CONFIRMED = "share_confirmed"
    OPENING_APPROVED = "opening_approved"
    OPENING_DECLINED = "opening_declined"
    RELEASE_SHARED = "release_shared"
    RELEASE_UNSHARED = "release_unshared"
    RELEASE_PUBLISHED = "release_published"
    RELEASE_UNPUBLISHED = "release_unpublished"
    RELEASE_WITHDRAWN = "release_withdrawn"
    ACTION_PLANNED = "action_planned"
    ACTION_CHANGED = "action_changed"
    ACTION_REMOVED = "action_removed"
    FOLLOW_UP_PLANNED = "follow_up_planned"
    LINK_CHECKED = "link_checked"
    STARTING_LIST_BROUGHT_IN = "starting_list_brought_in"
    ENTRY_SUBMITTED = "entry_submitted"
    ENTRY_ASKED_BACK = "entry_asked_back"
    ENTRY_PUBLISHED = "entry_published"
    ENTRY_RETIRED = "entry_retired"


class Process(StrEnum):
    """Who acts when no person does; an account's id can be none of these words."""

    CUSTODY = "custody"
    WORKER = "worker"
    COMMAND = "command"
    NOBODY = "nobody"  # somebody without an account, on a public page


class AuditEntry(Base):
    """
    One thing that somebody did.

    Cannot be learnt from a row: what a respondent did, and a person's name or address (an actor is an
    account's random id, and says nothing once the account is gone).
    """

    __tablename__ = "audit_entries"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(25))
    actor: Mapped[str] = mapped_column(String(LENGTH), index=True)
    action: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[str] = mapped_column(String(LENGTH), index=True)
    subject: Mapped[str] = mapped_column(String(80))
    details: Mapped[dict[str, object]]
    digest: Mapped[bytes]


@dataclass(frozen=True, slots=True)
class Head:
    """The chain's length and its last digest: whoever notes it can show later what came before."""

    number: int
    digest: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.digest.hex()}"

    @classmethod
    def parsed(cls, noted: str) -> Head:
        """
        Read a head that somebody noted.

        Raises:
            AuditError: If it is none.
        """
        number, _, digest = noted.strip().partition(":")
        try:
            return cls(int(number), bytes.fromhex(digest))
        except ValueError as fault:
            raise AuditError(
                f'"{noted}" is no head. Give it as `tillid audit verify` printed it, NUMBER:DIGEST.'
            ) from fault


def record(
    session: Session,
    *,
    actor: str,
    action: Action,
    subject: str = "",
    organisation_id: str = "",
    details: dict[str, str] | None = None,
) -> None:
    """
    Note what is done in this transaction; it is written as the transaction ends, and only if it holds.

    `actor` is an account's id or a `Process`, `subject` the id or code of what it is done to; `details` are a
    few words of the product's own, never what a person typed. Written last, so that the chain's lock is held
    for a moment and always after every other.
    """
    session.info.setdefault(_PENDING, []).append(
        AuditEntry(
            actor=str(actor),
            action=action.value,
            organisation_id=organisation_id,
            subject=subject,
            details=dict(details or {}),
        )
    )


def write_recorded(session: Session) -> None:
    """Add what was recorded to the end of the chain; called where a transaction ends."""
    pending: list[AuditEntry] = session.info.pop(_PENDING, [])
    if not pending:
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    head = head_of(session)
    for number, entry in enumerate(pending, head.number + 1):
        entry.number, entry.at = number, _now()
        entry.digest = _digest(head.digest, entry)
        head = Head(number, entry.digest)
        session.add(entry)


def head_of(session: Session) -> Head:
    """Return the end of the chain."""
    query = select(AuditEntry.number, AuditEntry.digest).order_by(AuditEntry.number.desc()).limit(1)
    found = session.execute(query).one_or_none()
    return Head(*found) if found else Head(0, _GENESIS)


def verify(session: Session, expected: Head | None = None) -> Head:
    """
    Read the whole log, and return its head.

    Raises:
        AuditError: If an entry was changed, left out or put between, or if the log does not hold the
            `expected` head that somebody noted earlier.
    """
    head = Head(0, _GENESIS)
    seen = expected is None or expected == head
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.number)).yield_per(1000):
        if entry.number != head.number + 1:
            raise AuditError(f"audit log: entry {head.number + 1} is missing. Compare with a backup.")
        if entry.digest != _digest(head.digest, entry):
            raise AuditError(
                f"audit log: entry {entry.number} is not what was written. Compare with a backup."
            )
        head = Head(entry.number, entry.digest)
        seen = seen or head == expected
    if not seen:
        raise AuditError(
            f"audit log: it does not hold {expected}, and ends at {head}. It was written anew, or cut short; "
            "compare with a backup."
        )
    return head


def _digest(before: bytes, entry: AuditEntry) -> bytes:
    told: list[JsonValue] = [
        entry.number,
        entry.at,
        entry.actor,
        entry.action,
        entry.organisation_id,
        entry.subject,
        cast("dict[str, str]", entry.details),
    ]
    return sha256(_DOMAIN + before + canonical_bytes(told)).digest()


def _now() -> str:
    # The log's own clock: whoever acts does not tell it the time.
    return dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds")  # noqa: TID251
