"""
Mails that wait to be sent, and what became of those that somebody counts.

A mail is written in the transaction of what causes it, so that neither is there without the other; the worker
sends it afterwards.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Enum, String, true
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.identifiers import LENGTH
from survey.storage.models import Base


class MailState(StrEnum):
    """What became of a mail."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


class QueuedMail(Base):
    """
    One mail to one address.

    Cannot be learnt from a row: the address or what was written to it, without the web's and the worker's
    key (`TILLID_MAIL_KEYS`). Both are erased when the mail is sent; when it is refused, the text is, and the
    address a month later. A mail that nobody counts (`about` is empty, or
    it is a reminder) leaves no row once it is sent; nor does a reminder that is refused.
    """

    __tablename__ = "queued_mails"

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    # What the mail is about, for whoever counts: a wave's id, say.
    about: Mapped[str] = mapped_column(String(LENGTH), default="", index=True)
    # Whether anybody may learn what became of it. A reminder's count would tell who has not answered.
    counted: Mapped[bool] = mapped_column(default=True, server_default=true())
    state: Mapped[MailState] = mapped_column(
        Enum(MailState, native_enum=False, length=LENGTH, values_callable=lambda words: [*words])
    )
    address: Mapped[bytes | None]
    content: Mapped[bytes | None]
    attempts: Mapped[int] = mapped_column(default=0)
    # Seconds since 1970: when to try (again), or when a refused mail's address is erased.
    due: Mapped[int] = mapped_column(BigInteger, index=True)
    # The last answer's codes, "550 5.1.1" say, never its words: they often repeat the address.
    reason: Mapped[str] = mapped_column(String(40), default="")
