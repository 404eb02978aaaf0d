"""Entries of tests."""

import datetime as dt

from sqlalchemy.orm import Session

from survey.knowledge.content import Content, Kind, Text
from survey.knowledge.library import index, sorting_of
from survey.storage.library import EntryState, LibraryEntry
from tests.survey import rows

DAY = dt.date(2026, 11, 25)


def content(title: str, about: str = "", **changes: object) -> Content:
    """What an entry says, that is a tool in Danish about nothing."""
    plain = Content(
        kind=Kind.TOOL,
        title=title,
        publisher="Eksempelforlaget",
        language="da",
        texts={Text.ABOUT: about} if about else {},
    )
    return plain.model_copy(update=changes)


def publish(session: Session, organisation: str, says: Content) -> LibraryEntry:
    """Put an entry into the library, under the id of its title."""
    entry = LibraryEntry(
        id=rows.identifier("".join(letter for letter in says.title.lower() if letter in "abcdefghjkmnp")),
        organisation_id=organisation,
        state=EntryState.PUBLISHED,
        title=says.title,
        sorting=sorting_of(says.title),
        content=says.stored(),
        published_on=DAY,
        changed_on=DAY,
    )
    session.add(entry)
    session.flush()
    index(session, entry)
    return entry
