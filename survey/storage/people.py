"""
What comes before an account: organisations that ask to start, and people who are invited.

Apart from `accounts.py`, because the worker clears these away in time and needs no Flask-Security for it.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import BigInteger, Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.identifiers import LENGTH
from survey.storage.models import Base, MembershipRole


class Wish(StrEnum):
    """What an organisation applies for."""

    START = "start"
    MEMBER = "member"  # of the alliance


class ApplicationState(StrEnum):
    """Where an application stands; what nobody has shown to be theirs is no application yet."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"


class Application(Base):
    """
    An organisation's wish to start, or to become a member, from somebody who has shown their address.

    `kind`, `website` and `reach` are of members alone. Cannot be learnt from a row: who else works there. The
    contact of what was decided is erased at once: the mail about it is on its way by then.
    """

    __tablename__ = "applications"

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    wish: Mapped[Wish] = mapped_column(
        Enum(Wish, native_enum=False, length=LENGTH, values_callable=lambda words: [*words])
    )
    state: Mapped[ApplicationState] = mapped_column(
        Enum(ApplicationState, native_enum=False, length=LENGTH, values_callable=lambda words: [*words])
    )
    name: Mapped[str] = mapped_column(String(200))
    cvr: Mapped[str] = mapped_column(String(8), index=True)
    area: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40), default="")
    website: Mapped[str] = mapped_column(String(500), default="")
    reach: Mapped[str] = mapped_column(String(1000), default="")
    contact: Mapped[str] = mapped_column(String(254), default="", index=True)
    language: Mapped[str] = mapped_column(String(2))
    asked_on: Mapped[dt.date]
    # What the secretariat wrote; the person gets it by mail.
    reason: Mapped[str] = mapped_column(String(1000), default="")
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))


class PersonInvitation(Base):
    """
    An invitation to a role, for the holder of one address.

    Cannot be learnt from a row: the link (only its token's digest is here). The row is erased when the
    invitation is accepted, withdrawn, or a month old.
    """

    __tablename__ = "person_invitations"

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    token_digest: Mapped[bytes] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    role: Mapped[MembershipRole]
    language: Mapped[str] = mapped_column(String(2))
    expires: Mapped[int] = mapped_column(BigInteger)


class HelpLineCheck(Base):
    """
    That somebody called a help line and found it to be what it says: exactly this name, number and address.

    Cannot be learnt from a row: who called (the audit log has that), or who used it.
    """

    __tablename__ = "help_line_checks"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    checked_on: Mapped[dt.date]


class QuestionnaireState(Base):
    """
    That the alliance offers a version of a questionnaire, or does so no more; waves that have it keep it.

    Cannot be learnt from a row: who fields it.
    """

    __tablename__ = "questionnaire_states"

    questionnaire_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    published: Mapped[bool]
