"""
The outbox: a mail is put here in the transaction of what causes it, and taken from here by the worker.

Addresses and texts are encrypted under keys of the web's and the worker's own, which open nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Row, Select, delete, func, insert, select
from sqlalchemy.orm import Session

from survey.delivery.message import Message
from survey.sealing.at_rest import AtRest
from survey.storage.identifiers import new_identifier
from survey.storage.mails import MailState, QueuedMail

# Every address is stored at one length: how long it is would tell whose it may be.
_LONGEST_ADDRESS: Final = 254
# What a mail server of a small organisation takes without holding us for a sender of spam.
MOST_A_MINUTE: Final = 120
_SUBJECT_ENDS: Final = "\n"
_Refused: TypeAlias = Row[str, bytes | None, str]


class AddressError(ValueError):
    """Something that is no e-mail address: what is wrong with it."""


def clock() -> int:
    """Seconds since 1970."""
    return int(time.time())  # noqa: TID251  The outbox's one clock.


def mail_address(typed: str) -> str:
    """
    Return an e-mail address in its one spelling: composed Unicode, its domain in lower case.

    Raises:
        AddressError: If it is none.
    """
    try:
        return validate_email(typed.strip(), check_deliverability=False).normalized
    except EmailNotValidError as fault:
        raise AddressError(f"{typed!r}: {fault}") from fault


@dataclass(frozen=True, slots=True)
class Refusal:
    """An address that took no mail, the mail's id, and the codes of the last answer."""

    id: str
    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outbox:
    """Puts mails where the worker finds them, and says what became of them."""

    at_rest: AtRest
    now: Callable[[], int] = clock

    def queue(self, session: Session, *, to: str, message: Message, about: str = "") -> None:
        """
        Put one mail into the queue; it is sent once the transaction is over, and only if it holds.

        `about` is what the mail is about, where somebody will ask how many were sent: a wave's id, say.

        Raises:
            AddressError: If `to` is no e-mail address.
        """
        session.add(
            QueuedMail(
                id=new_identifier(),
                about=about,
                state=MailState.WAITING,
                address=self.sealed_address(mail_address(to)),
                content=self._sealed(message),
                due=self.now(),
            )
        )

    def queue_all(
        self,
        session: Session,
        mails: Iterable[tuple[str, Message]],
        *,
        about: str,
        counted: bool = True,
        not_before: int = 0,
    ) -> None:
        """
        Put many mails into the queue at once, spread over time so that no mail server is flooded.

        Args:
            session: In whose transaction.
            mails: Addresses in their one spelling, each with what is written to it.
            about: What they are about, as in `queue`.
            counted: Whether anybody may learn what became of them.
            not_before: Seconds since 1970 before which none is sent.
        """
        begin = max(self.now(), not_before)
        rows = [
            {
                "id": new_identifier(),
                "about": about,
                "counted": counted,
                "state": MailState.WAITING,
                "address": self.sealed_address(address),
                "content": self._sealed(message),
                "attempts": 0,
                "due": begin + 60 * (place // MOST_A_MINUTE),
                "reason": "",
            }
            for place, (address, message) in enumerate(mails)
        ]
        if rows:
            session.execute(insert(QueuedMail), rows)

    def counts(self, session: Session, about: str) -> Mapping[MailState, int]:
        """Count the mails about something by what became of them."""
        query = select(QueuedMail.state, func.count()).where(QueuedMail.about == about, QueuedMail.counted)
        found = dict(session.execute(query.group_by(QueuedMail.state)).all())
        return {state: found.get(state, 0) for state in MailState}

    def refusals(self, session: Session, about: str) -> Sequence[Refusal]:
        """List the addresses that refused a mail about something, for a month, by address."""
        found = [self._refusal(row) for row in session.execute(_refused(about))]
        return sorted(found, key=lambda refusal: refusal.address)

    def refusal(self, session: Session, about: str, mail: str) -> Refusal | None:
        """Return one of these by the mail's id; none if it was not refused, or is not about that."""
        row = session.execute(_refused(about).where(QueuedMail.id == mail)).one_or_none()
        return self._refusal(row) if row else None

    def forget(self, session: Session, mails: Iterable[str]) -> None:
        """Take these refused mails off the list: something was done about them."""
        session.execute(delete(QueuedMail).where(QueuedMail.id.in_(list(mails))))

    def retract(self, session: Session, about: str) -> None:
        """Take back every mail about something that was not sent yet, and forget the rest."""
        session.execute(delete(QueuedMail).where(QueuedMail.about == about))

    def address(self, encrypted: bytes) -> str:
        """
        Read an address.

        Raises:
            AtRestError: If it was encrypted under other keys.
        """
        return self.at_rest.decrypt(encrypted).decode().rstrip()

    def message(self, encrypted: bytes) -> Message:
        """
        Read what a mail says.

        Raises:
            AtRestError: If it was encrypted under other keys.
        """
        return Message(*self.at_rest.decrypt(encrypted).decode().split(_SUBJECT_ENDS, 1))

    def sealed_address(self, address: str) -> bytes:
        """Encrypt an address as mails' are, at one length."""
        return self.at_rest.encrypt(address.encode().ljust(_LONGEST_ADDRESS))

    def _sealed(self, message: Message) -> bytes:
        return self.at_rest.encrypt(f"{message.subject}{_SUBJECT_ENDS}{message.text}".encode())

    def _refusal(self, row: _Refused) -> Refusal:
        return Refusal(row.id, self.address(row.address or b""), row.reason)


def _refused(about: str) -> Select[str, bytes | None, str]:
    return select(QueuedMail.id, QueuedMail.address, QueuedMail.reason).where(
        QueuedMail.about == about,
        QueuedMail.counted,
        QueuedMail.state == MailState.REFUSED,
        QueuedMail.address.is_not(None),
    )
