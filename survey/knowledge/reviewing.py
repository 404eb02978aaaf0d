"""
How an entry comes into the library: a member hands it in, the secretariat asks back or publishes.

Each version that was handed in is kept as it was, with what was asked about it. What is published stays as it
is until the next version is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.delivery.message import written
from survey.delivery.outbox import Outbox
from survey.knowledge.content import Content
from survey.knowledge.library import index, sorting_of
from survey.people.accounts import holders
from survey.storage.audit import Action, record
from survey.storage.identifiers import is_identifier, new_identifier
from survey.storage.library import EntryState, LibraryEntry, LibraryRevision, RevisionState
from survey.storage.models import MembershipRole


class ReviewError(ValueError):
    """A decision about a version that is not there to be decided about any more."""


def own_entry(session: Session, organisation_id: str, entry_id: str) -> LibraryEntry | None:
    """Return an entry of an organisation, or none."""
    query = select(LibraryEntry).where(
        LibraryEntry.id == entry_id, LibraryEntry.organisation_id == organisation_id
    )
    return session.scalars(query.with_for_update()).one_or_none() if is_identifier(entry_id) else None


def revisions(session: Session, entry_id: str) -> Sequence[LibraryRevision]:
    """Return an entry's versions, the latest first."""
    query = select(LibraryRevision).where(LibraryRevision.entry_id == entry_id)
    return session.scalars(query.order_by(LibraryRevision.number.desc())).all()


def hand_in(
    session: Session,
    entry: LibraryEntry | None,
    organisation_id: str,
    content: Content,
    today: dt.date,
    *,
    actor: str,
) -> LibraryEntry:
    """Hand in a new entry, or a new version of one; what is published of it stays as it is."""
    if entry is None:
        entry = LibraryEntry(
            id=new_identifier(),
            organisation_id=organisation_id,
            state=EntryState.UNPUBLISHED,
            title=content.title,
            sorting=sorting_of(content.title),
            content={},
            changed_on=today,
        )
        session.add(entry)
        session.flush()
    before = revisions(session, entry.id)
    if before and before[0].state is RevisionState.SUBMITTED:
        # Nobody has looked at it yet, and nobody has to any more.
        before[0].state = RevisionState.REPLACED
    session.add(
        LibraryRevision(
            entry_id=entry.id,
            number=before[0].number + 1 if before else 1,
            organisation_id=organisation_id,
            state=RevisionState.SUBMITTED,
            content=content.stored(),
            changed_on=today,
        )
    )
    record(
        session,
        actor=actor,
        action=Action.ENTRY_SUBMITTED,
        organisation_id=organisation_id,
        subject=entry.id,
    )
    return entry


def waiting(session: Session, entry_id: str) -> LibraryRevision | None:
    """Return the latest version of an entry if it waits for the secretariat, else none."""
    latest = next(iter(revisions(session, entry_id)), None)
    return latest if latest is not None and latest.state is RevisionState.SUBMITTED else None


def ask_back(
    session: Session, outbox: Outbox, base_url: str, revision: LibraryRevision, question: str, *, actor: str
) -> None:
    """Ask the organisation about a version: its contributors get the question by mail."""
    revision.state, revision.note = RevisionState.ASKED_BACK, question
    title = Content.read(revision.content).title
    link = f"{base_url}/o/{revision.organisation_id}/library/{revision.entry_id}"
    for account in holders(session, revision.organisation_id, MembershipRole.CONTRIBUTOR):
        message = written("entry_asked", (account.language,), title=title, question=question, link=link)
        outbox.queue(session, to=account.email, message=message)
    record(
        session,
        actor=actor,
        action=Action.ENTRY_ASKED_BACK,
        organisation_id=revision.organisation_id,
        subject=revision.entry_id,
    )


def publish(
    session: Session, entry: LibraryEntry, revision: LibraryRevision, today: dt.date, *, actor: str
) -> None:
    """Put a version into the library; a new address is unchecked, as in every entry."""
    content = Content.read(revision.content)
    before = str(entry.content.get("url", "")) if entry.content else ""
    if content.url != before:
        entry.link_checked_on = None
    revision.state = RevisionState.PUBLISHED
    entry.state, entry.content, entry.title = EntryState.PUBLISHED, content.stored(), content.title
    entry.sorting, entry.changed_on = sorting_of(content.title), today
    entry.published_on = entry.published_on or today
    index(session, entry)
    record(
        session,
        actor=actor,
        action=Action.ENTRY_PUBLISHED,
        organisation_id=entry.organisation_id,
        subject=entry.id,
    )
