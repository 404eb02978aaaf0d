"""What a steward arranged for a wave that is fielded: whom to write to, in which words, when to remind."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.identifiers import LENGTH
from survey.storage.models import Base, of_a_wave


class InvitedAddress(Base):
    """
    Where one invitation was mailed to, kept until the wave closes, so that a reminder can follow.

    Cannot be learnt from a row: the address and the code (both are encrypted under `TILLID_MAIL_KEYS`, at one
    length), and which response came of it. Whoever has those keys besides can tell whether the invitation was
    exchanged, which the worker must know to remind the others; no page and no export asks. Rows lie in the
    order of their codes' digests, never in that of the list they came from. One whose address was mended or
    taken out says nothing of its invitation either: both are done alike, whether it was exchanged or not.
    """

    __tablename__ = "invited_addresses"
    __table_args__ = (
        of_a_wave(),
        # In the order of keyed digests: ten thousand addresses are mended at once, each found by its own.
        Index("ix_invited_addresses_address", "wave_id", "address_digest"),
        {"sqlite_with_rowid": False},
    )

    wave_id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    code_digest: Mapped[bytes] = mapped_column(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(LENGTH))
    # Keyed: it shows that an address comes twice, to whoever holds the key alone.
    address_digest: Mapped[bytes]
    sealed: Mapped[bytes]
    # What a steward put in place of an address that took no mail, encrypted, until the worker has written to
    # it: the web, which takes it, cannot read the code that goes there.
    mended: Mapped[bytes | None]
    # Taken out by its steward: no mail goes there any more.
    silent: Mapped[bool] = mapped_column(default=False, server_default=false())


class CodeFile(Base):
    """
    One file of cards or links that was handed out, kept until the wave closes, so that it can be made again.

    Cannot be learnt from a row: a code, or which of the wave's invitations are the file's. Their digests are
    encrypted under the web's keys: whoever copies the database alone cannot tell one file's from another's,
    nor how many of one file were exchanged.
    """

    __tablename__ = "code_files"
    __table_args__ = (of_a_wave(),)

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    wave_id: Mapped[str] = mapped_column(String(LENGTH), index=True)
    organisation_id: Mapped[str] = mapped_column(String(LENGTH))
    channel: Mapped[str] = mapped_column(String(LENGTH))
    language: Mapped[str] = mapped_column(String(LENGTH))
    number: Mapped[int]
    made_on: Mapped[dt.date]
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
