"""The alliance itself: members, what they promise each year, and activities."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Final

from sqlalchemy import Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.identifiers import LENGTH
from survey.storage.library import LONGEST_NOTE, RevisionState
from survey.storage.models import LONGEST_REASON, Base

LONGEST_LINE: Final = 200
LONGEST_LINK: Final = 500


class CommitmentState(StrEnum):
    """What the secretariat says of a commitment; `note` is its question or its reason."""

    SHOWN = "shown"
    ASKED = "asked"  # shown, and the member is asked to write it again
    HIDDEN = "hidden"
    REWRITTEN = "rewritten"  # hidden, and written again: the secretariat looks at it


class Member(Base):
    """
    That an organisation is or was a member of the alliance; anybody may read it.

    `left_on` is its last day as a member, which may be still to come; `end_reason` says why, if it was the
    secretariat that ended it.

    Cannot be learnt from a row: who its people are, or whether it fields waves.
    """

    __tablename__ = "members"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    website: Mapped[str] = mapped_column(String(LONGEST_LINK), default="")
    joined_on: Mapped[dt.date]
    left_on: Mapped[dt.date | None]
    end_reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")


class Commitment(Base):
    """
    What a member promises to do in a year under one of the four duties, and what came of it.

    Cannot be learnt from a row: who of the member wrote it.
    """

    __tablename__ = "commitments"

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    year: Mapped[int]
    duty: Mapped[str] = mapped_column(String(20))
    promise: Mapped[str] = mapped_column(String(LONGEST_REASON))
    outcome: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    state: Mapped[CommitmentState] = mapped_column(
        Enum(CommitmentState, native_enum=False, length=LENGTH, values_callable=lambda words: [*words]),
        default=CommitmentState.SHOWN,
    )
    note: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    changed_on: Mapped[dt.date]


class Activity(Base):
    """
    A campaign, survey, conference or meeting; it stays when it is over, with what was learnt.

    `proposed` is what its member wants it to say, which nobody else sees before the secretariat publishes it;
    `note` is what the secretariat asked about that. Cannot be learnt from a row: who takes part, or wrote it.
    """

    __tablename__ = "activities"

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(LONGEST_LINE))
    language: Mapped[str] = mapped_column(String(2))
    begins_on: Mapped[dt.date] = mapped_column(index=True)
    ends_on: Mapped[dt.date] = mapped_column(index=True)
    begins_at: Mapped[str] = mapped_column(String(5), default="")
    ends_at: Mapped[str] = mapped_column(String(5), default="")
    place: Mapped[str] = mapped_column(String(LONGEST_LINE), default="")
    link: Mapped[str] = mapped_column(String(LONGEST_LINK), default="")
    about: Mapped[str] = mapped_column(String(8000), default="")
    learnt: Mapped[str] = mapped_column(String(8000), default="")
    cancelled: Mapped[bool] = mapped_column(default=False)
    published: Mapped[bool] = mapped_column(default=True)
    review: Mapped[RevisionState] = mapped_column(
        Enum(RevisionState, native_enum=False, length=LENGTH, values_callable=lambda words: [*words]),
        default=RevisionState.PUBLISHED,
        index=True,
    )
    proposed: Mapped[dict[str, object]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    # How often it was changed: calendars that subscribe take the highest.
    sequence: Mapped[int] = mapped_column(default=0)
    changed_on: Mapped[dt.date]
