"""What a steward arranged for a wave that is fielded: whom to write to, in which words, when to remind."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.identifiers import LENGTH
from survey.storage.models import Base, of_a_wave


class InvitedAddress(Base):
    """
    Where one invitation was mailed to, kept until the wave closes, so that a reminder can follow.

    Cannot be learnt from a row: the address and the code (both are encrypted under `TILLID_MAIL_KEYS`, at one
    length), and which response came of it. Whoever has those keys besides can tell whether the invitation was
    exchanged, which the worker must know to remind the others; no page and no export asks. Rows lie in the
    order of their codes' digests, never in that of the list they came from.
    """

    __tablename__ = "invited_addresses"
    __table_args__ = (of_a_wave(), {"sqlite_with_rowid": False})

    wave_id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    code_digest: Mapped[bytes] = mapped_column(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(LENGTH))
    # Keyed: it shows that an address comes twice, to whoever holds the key alone.
    address_digest: Mapped[bytes]
    sealed: Mapped[bytes]


class Fielding(Base):
    """
    The words of a wave's mails, and when its next reminder is due.

    Cannot be learnt from a row: who was reminded, or how many.
    """

    __tablename__ = "fieldings"
    __table_args__ = (of_a_wave(),)

    wave_id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(LENGTH), index=True)
    # Language → subject and text of an invitation and of a reminder; empty: the words to start from.
    texts: Mapped[dict[str, object]]
    remind_on: Mapped[dt.date | None]
    reminded_on: Mapped[dt.date | None]
    reminders: Mapped[int] = mapped_column(default=0)
    # Codes were printed or exported, so that somebody in the organisation had them in hand.
    handed_out: Mapped[bool] = mapped_column(default=False)
