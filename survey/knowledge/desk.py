"""The secretariat's part of the library: what it starts with, links to be opened, what is taken out."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from survey.access import WITH_ACCOUNT, Audience, open_to, services
from survey.knowledge.content import Content
from survey.knowledge.forms import LinkForm
from survey.knowledge.library import index
from survey.knowledge.starting import bring_in, starting_list
from survey.knowledge.wording import KINDS
from survey.paging import ON_A_PAGE, read_page
from survey.storage.audit import Action, record
from survey.storage.identifiers import is_identifier
from survey.storage.library import EntryState, LibraryEntry, LibraryRevision, RevisionState

blueprint = Blueprint("library_desk", __name__, url_prefix=f"{WITH_ACCOUNT}<organisation_id>/desk/library")


@blueprint.get("/")
@open_to(Audience.SECRETARIAT)
def overview(organisation_id: str) -> ResponseReturnValue:
    """List what waits for the secretariat, and all that is or was in the library, a page at a time."""
    entries = select(LibraryEntry).order_by(LibraryEntry.sorting, LibraryEntry.id)
    with services().databases.alliance_session(reading=True) as session:
        handed_in = session.scalars(
            select(LibraryRevision)
            .where(LibraryRevision.state == RevisionState.SUBMITTED)
            .order_by(LibraryRevision.changed_on, LibraryRevision.entry_id, LibraryRevision.number)
        ).all()
        known = set(session.scalars(select(LibraryEntry.starter).where(LibraryEntry.starter != "")))
        paged = read_page(session, entries.where(LibraryEntry.state != EntryState.UNPUBLISHED))
        first = session.scalars(unopened().limit(ON_A_PAGE)).all()
    return render_template(
        "knowledge/desk.html",
        organisation_id=organisation_id,
        unopened=first,
        handed_in={revision.entry_id: revision for revision in handed_in},
        paged=paged,
        missing=len(set(starting_list()) - known),
    )


@blueprint.post("/starting-list")
@open_to(Audience.SECRETARIAT)
def starting(organisation_id: str) -> ResponseReturnValue:
    """Bring in what the library starts with, as far as it was never there."""
    with services().databases.alliance_session() as session:
        if bring_in(session, services().today()):
            record(session, actor=current_user.id, action=Action.STARTING_LIST_BROUGHT_IN)
    return redirect(url_for("library_desk.overview", organisation_id=organisation_id))


@blueprint.route("/<entry_id>", methods=["GET", "POST"])
@open_to(Audience.SECRETARIAT)
def entry(organisation_id: str, entry_id: str) -> ResponseReturnValue:
    """Show one entry with its link, and take note of where the link led."""
    form = LinkForm()
    with services().databases.alliance_session() as session:
        found = _entry(session, entry_id)
        content = Content.read(found.content)
        if request.method == "POST" and form.validate():
            _check(session, found, content, form.typed("address"))
            return redirect(url_for("library_desk.overview", organisation_id=organisation_id))
    if request.method == "GET":
        form.address.data = content.url
    page = render_template(
        "knowledge/desk_entry.html",
        organisation_id=organisation_id,
        entry=found,
        content=content,
        form=form,
        kinds=KINDS,
    )
    return page, HTTPStatus.BAD_REQUEST if form.problems() else HTTPStatus.OK


@blueprint.post("/<entry_id>/<verdict>")
@open_to(Audience.SECRETARIAT)
def decide(organisation_id: str, entry_id: str, verdict: str) -> ResponseReturnValue:
    """Take an entry out of the library, or put it back; nothing that was written is lost."""
    states = {"retire": EntryState.RETIRED, "restore": EntryState.PUBLISHED}
    if verdict not in states:
        abort(404)
    with services().databases.alliance_session() as session:
        found = _entry(session, entry_id)
        found.state = states[verdict]
        index(session, found)
        action = Action.ENTRY_RETIRED if verdict == "retire" else Action.ENTRY_PUBLISHED
        record(session, actor=current_user.id, action=action, subject=found.id)
    return redirect(url_for("library_desk.entry", organisation_id=organisation_id, entry_id=entry_id))


def unopened() -> Select[LibraryEntry]:
    """Return a query of what is published with a link that nobody has opened, by title."""
    return (
        select(LibraryEntry)
        .where(
            LibraryEntry.state == EntryState.PUBLISHED,
            LibraryEntry.link_checked_on.is_(None),
            LibraryEntry.content["url"].as_string() != "",
        )
        .order_by(LibraryEntry.sorting, LibraryEntry.id)
    )


def _entry(session: Session, entry_id: str) -> LibraryEntry:
    found = session.get(LibraryEntry, entry_id, with_for_update=True) if is_identifier(entry_id) else None
    # What was never published has no content of its own yet, and is looked at where it is reviewed.
    return found if found is not None and found.content else abort(404)


def _check(session: Session, found: LibraryEntry, content: Content, address: str) -> None:
    """Keep where the link led; it is shown from now on."""
    found.content = content.model_copy(update={"url": address}).stored()
    found.link_checked_on = services().today()
    record(session, actor=current_user.id, action=Action.LINK_CHECKED, subject=found.id)
