"""
The alliance's library: entries, what was written and asked on the way to them, and the index of their words.

Everything here is for anybody to read once it is published, and nothing of it tells of a wave or a person.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Final

from sqlalchemy import Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.identifiers import LENGTH
from survey.storage.models import Base

LONGEST_TITLE: Final = 200
LONGEST_ADDRESS: Final = 500
LONGEST_WORD: Final = 40
LONGEST_NOTE: Final = 2000
# Compared by code point on both databases, so that what begins alike lies together.
_WORD: Final = String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql")
_SORTED: Final = String(LONGEST_TITLE).with_variant(String(LONGEST_TITLE, collation="C"), "postgresql")


class EntryState(StrEnum):
    """Whether an entry is in the library."""

    UNPUBLISHED = "unpublished"  # it never was
    PUBLISHED = "published"
    RETIRED = "retired"


class RevisionState(StrEnum):
    """Where one version of an entry is on its way."""

    SUBMITTED = "submitted"
    REPLACED = "replaced"  # by the next one, before anybody looked at it
    ASKED_BACK = "asked_back"
    PUBLISHED = "published"


def _words(members: type[StrEnum]) -> Enum:
    return Enum(members, native_enum=False, length=LENGTH, values_callable=lambda words: [*words])


class LibraryEntry(Base):
    """
    One thing in the library, as it was last published; `content` is empty until then.

    The link is shown only while `link_checked_on` says that somebody of the secretariat opened it. Cannot be
    learnt from a row: which person wrote it (entries are credited to organisations), or who reads it.
    """

    __tablename__ = "library_entries"
    # Entries are long: what a search needs of them stands in these alone, by title and by id.
    __table_args__ = (
        Index("ix_library_entries_state_sorting", "state", "sorting", "id"),
        Index("ix_library_entries_id_sorting", "id", "state", "sorting"),
    )

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    # Its name in the starting list, if it came from there.
    starter: Mapped[str] = mapped_column(String(60), default="", index=True)
    state: Mapped[EntryState] = mapped_column(_words(EntryState))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    sorting: Mapped[str] = mapped_column(_SORTED)
    content: Mapped[dict[str, object]]
    link_checked_on: Mapped[dt.date | None]
    published_on: Mapped[dt.date | None]
    changed_on: Mapped[dt.date]


class LibraryRevision(Base):
    """
    One version of an entry, and what the secretariat asked about it; none is ever overwritten once sent.

    Cannot be learnt from a row: which person wrote it, or who of the secretariat asked.
    """

    __tablename__ = "library_revisions"

    entry_id: Mapped[str] = mapped_column(ForeignKey("library_entries.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[RevisionState] = mapped_column(_words(RevisionState), index=True)
    content: Mapped[dict[str, object]]
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    changed_on: Mapped[dt.date]


class LibraryPicture(Base):
    """
    A picture that belongs to an entry, made anew from what was sent.

    Cannot be learnt from a row: where, when or with what it was taken; none of that was kept.
    """

    __tablename__ = "library_pictures"

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("library_entries.id"), index=True)
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(deferred=True)


class LibraryWord(Base):
    """
    That a published entry has a word, by its stem, and how much the word says about it.

    Rows lie in their key's index, on PostgreSQL beside it with the weight in the index: a search reads that
    alone. The whole library's, no organisation's: what stands here is published.
    """

    __tablename__ = "library_words"
    __table_args__ = ({"sqlite_with_rowid": False},)

    word: Mapped[str] = mapped_column(_WORD, primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("library_entries.id"), primary_key=True, index=True)
    weight: Mapped[int]


class LibraryLabel(Base):
    """
    That a published entry is for an area, an audience, a category, in a language or of a kind.

    The whole library's, no organisation's: what stands here is published.
    """

    __tablename__ = "library_labels"
    __table_args__ = ({"sqlite_with_rowid": False},)

    facet: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("library_entries.id"), primary_key=True, index=True)
