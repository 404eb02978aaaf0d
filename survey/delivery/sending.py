"""
Sending what waits, a few mails at a time.

A mail is claimed in one transaction, sent outside any, and settled in another: a mail server that is slow
holds no lock. Whoever dies in between leaves a claim that runs out, so a mail may come twice, under one
Message-ID, and none is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from typing import Final

from email_validator import validate_email
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from survey.delivery.outbox import Outbox
from survey.delivery.transports import Connection, RefusedError, Transport, UnreachableError
from survey.sealing.at_rest import AtRestError
from survey.storage.databases import Databases
from survey.storage.mails import MailState, QueuedMail

BATCH: Final = 50
CLAIM_SECONDS: Final = 15 * 60
# Minutes until the next attempt, after each; about three days in all.
PAUSES: Final = (1, 5, 15, 60, 180, 360, 720, 1440, 1440)
MONTH_SECONDS: Final = 30 * 24 * 3600
_log = logging.getLogger("tillid.delivery")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Everything it takes to send: where mails wait, how they leave, and in whose name."""

    databases: Databases
    outbox: Outbox
    transport: Transport
    sender: str

    def step(self) -> int:
        """
        Send what is due, and return how many mails were.

        Raises:
            UnreachableError: If no mail can leave; those that are left wait for the next attempt.
        """
        sent = 0
        while self._any_due():
            sent += self._send(self._claim())
        return sent

    def _any_due(self) -> bool:
        # Looked at without a lock: most of the time nothing waits.
        with self.databases.alliance_session(reading=True) as session:
            return session.scalars(_due(self.outbox.now()).limit(1)).first() is not None

    def _claim(self) -> Sequence[QueuedMail]:
        """Take a few mails for this process: nobody else's until the claim runs out."""
        now = self.outbox.now()
        due = _due(now).limit(BATCH).with_for_update(skip_locked=True)
        with self.databases.alliance_session() as session:
            found = session.scalars(due).all()
            for mail in found:
                if mail.state is MailState.REFUSED:
                    mail.address = None  # its month is over
                mail.due = now + CLAIM_SECONDS
        return [mail for mail in found if mail.state is MailState.WAITING]

    def _send(self, claimed: Sequence[QueuedMail]) -> int:
        waiting = list(claimed)
        if not waiting:
            return 0
        try:
            with self.transport.connected() as connection:
                while waiting:
                    self._settle(waiting[0].id, self._refusal(connection, waiting[0]))
                    waiting.pop(0)
        except UnreachableError:
            self._return(waiting)
            raise
        return len(claimed)

    def _refusal(self, connection: Connection, queued: QueuedMail) -> RefusedError | None:
        try:
            connection.send(self._mail(queued))
        except RefusedError as fault:
            return fault
        except AtRestError:
            # Written under keys that are gone; those of the others may be there.
            return RefusedError("TILLID_MAIL_KEYS", for_good=False)
        return None

    def _return(self, waiting: Sequence[QueuedMail]) -> None:
        """Let go of what could not be tried; that it was not counts against nobody."""
        later = self.outbox.now() + 60 * PAUSES[0]
        ids = [mail.id for mail in waiting]
        with self.databases.alliance_session() as session:
            session.execute(update(QueuedMail).where(QueuedMail.id.in_(ids)).values(due=later))

    def _mail(self, queued: QueuedMail) -> EmailMessage:
        message = self.outbox.message(queued.content or b"")
        mail = EmailMessage(policy=SMTP.clone(utf8=False))
        mail["From"] = self.sender
        mail["To"] = _on_the_way(self.outbox.address(queued.address or b""))
        mail["Subject"] = message.subject
        mail["Date"] = formatdate(self.outbox.now())
        mail["Message-ID"] = f"<{queued.id}@{parseaddr(self.sender)[1].rpartition('@')[2]}>"
        # No machine need answer: neither one that is on holiday nor one that confirms.
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(message.text)
        return mail

    def _settle(self, identifier: str, refusal: RefusedError | None) -> None:
        with self.databases.alliance_session() as session:
            mail = session.get(QueuedMail, identifier)
            if mail is None:  # taken back meanwhile
                return
            mail.attempts += 1
            if refusal is None:
                mail.state, mail.address, mail.content, mail.reason = MailState.SENT, None, None, ""
                if not mail.about or not mail.counted:
                    session.delete(mail)
            else:
                self._refused(session, mail, refusal)

    def _refused(self, session: Session, mail: QueuedMail, refusal: RefusedError) -> None:
        mail.reason = refusal.reason
        if refusal.for_good or mail.attempts > len(PAUSES):
            if not mail.counted:
                # Not even in the log: who gets a reminder has not answered.
                session.delete(mail)
                return
            mail.state, mail.content = MailState.REFUSED, None
            mail.due = self.outbox.now() + MONTH_SECONDS
            _log.warning("a mail was refused (%s)", refusal.reason)
        else:
            mail.due = self.outbox.now() + 60 * PAUSES[mail.attempts - 1]


def _due(now: int) -> Select[QueuedMail]:
    return (
        select(QueuedMail)
        .where(QueuedMail.address.is_not(None), QueuedMail.due <= now)
        .order_by(QueuedMail.due, QueuedMail.id)
    )


def _on_the_way(address: str) -> str:
    """Spell an address as every mail server reads it, where there is such a spelling: a domain in ASCII."""
    return validate_email(address, check_deliverability=False).ascii_email or address
