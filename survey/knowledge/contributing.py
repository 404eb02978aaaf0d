"""A member's contributors write in the library, and the secretariat answers."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.access import WITH_ACCOUNT, Audience, open_to, services, takes_up_to
from survey.knowledge.content import MOST_PICTURES, Content, Facet, Picture
from survey.knowledge.contribution_forms import PICTURE_FAULTS, ContributionForm, ReviewForm
from survey.knowledge.duties import STATES
from survey.knowledge.markup import shown
from survey.knowledge.pictures import LARGEST, MEDIA_TYPE, PictureError, made_anew
from survey.knowledge.reviewing import ask_back, hand_in, own_entry, publish, revisions, waiting
from survey.knowledge.wording import KINDS, TEXTS, words_of
from survey.storage.identifiers import is_identifier, new_identifier
from survey.storage.library import EntryState, LibraryEntry, LibraryPicture, LibraryRevision
from survey.storage.models import Organisation

own = Blueprint("contributing", __name__, url_prefix=f"{WITH_ACCOUNT}<organisation_id>/library")
review = Blueprint("reviewing", __name__, url_prefix=f"{WITH_ACCOUNT}<organisation_id>/desk/reviews")
_LONGEST_FORM = LARGEST + 256 * 1024


@own.get("/")
@open_to(Audience.CONTRIBUTOR)
def overview(organisation_id: str) -> ResponseReturnValue:
    """List what the organisation has handed in, and where each stands."""
    query = (
        select(LibraryEntry)
        .where(LibraryEntry.organisation_id == organisation_id, LibraryEntry.starter == "")
        .order_by(LibraryEntry.changed_on.desc(), LibraryEntry.id)
    )
    with services().databases.alliance_session(reading=True) as session:
        found = [(entry, revisions(session, entry.id)[0]) for entry in session.scalars(query)]
    return render_template(
        "knowledge/contributions.html", organisation_id=organisation_id, found=found, states=STATES
    )


@own.route("/new", methods=["GET", "POST"])
@open_to(Audience.CONTRIBUTOR)
@takes_up_to(_LONGEST_FORM)
def new(organisation_id: str) -> ResponseReturnValue:
    """Write a new entry, and hand it in."""
    return _written(organisation_id, None)


@own.route("/<entry_id>", methods=["GET", "POST"])
@open_to(Audience.CONTRIBUTOR)
@takes_up_to(_LONGEST_FORM)
def entry(organisation_id: str, entry_id: str) -> ResponseReturnValue:
    """Show an entry's versions with what was asked, and hand in another."""
    return _written(organisation_id, entry_id)


@own.get("/pictures/<picture_id>")
@open_to(Audience.CONTRIBUTOR)
def picture(organisation_id: str, picture_id: str) -> ResponseReturnValue:
    """Show one of the organisation's own pictures."""
    with services().databases.alliance_session(reading=True) as session:
        found = session.get(LibraryPicture, picture_id) if is_identifier(picture_id) else None
        if found is None or found.organisation_id != organisation_id:
            abort(404)
        return Response(found.content, content_type=MEDIA_TYPE)


@review.route("/<entry_id>", methods=["GET", "POST"])
@open_to(Audience.SECRETARIAT)
def decide(organisation_id: str, entry_id: str) -> ResponseReturnValue:
    """Show what was handed in as it would stand, and publish it or ask back."""
    form = ReviewForm()
    with services().databases.alliance_session() as session:
        found = session.get(LibraryEntry, entry_id, with_for_update=True) if is_identifier(entry_id) else None
        revision = waiting(session, found.id) if found is not None else None
        if found is None or revision is None:
            abort(404)
        form.show(revision.content)
        if request.method == "POST" and form.validate() and form.answered():
            _answer(session, found, revision, form)
            return redirect(url_for("library_desk.overview", organisation_id=organisation_id))
        history = revisions(session, found.id)
        credited = session.get_one(Organisation, found.organisation_id)
    content = Content.read(revision.content)
    page = render_template(
        "knowledge/review.html",
        organisation_id=organisation_id,
        entry=found,
        content=content,
        credited=credited,
        texts={text: shown(content.texts[text]) for text in TEXTS if text in content.texts},
        titles=TEXTS,
        kinds=KINDS,
        words={facet: words_of(facet) for facet in Facet},
        history=history,
        states=STATES,
        form=form,
    )
    return page, 400 if form.problems() else 200


@review.get("/pictures/<picture_id>")
@open_to(Audience.SECRETARIAT)
def reviewed_picture(organisation_id: str, picture_id: str) -> ResponseReturnValue:  # noqa: ARG001  Of the address.
    """Show a picture that was handed in."""
    with services().databases.alliance_session(reading=True) as session:
        found = session.get(LibraryPicture, picture_id) if is_identifier(picture_id) else None
        if found is None:
            abort(404)
        return Response(found.content, content_type=MEDIA_TYPE)


def _answer(session: Session, found: LibraryEntry, revision: LibraryRevision, form: ReviewForm) -> None:
    if form.decision.data == "publish":
        publish(session, found, revision, services().today(), actor=current_user.id)
        return
    question = form.typed("question").strip()
    ask_back(session, services().outbox, services().base_url, revision, question, actor=current_user.id)


def _written(organisation_id: str, entry_id: str | None) -> ResponseReturnValue:
    form = ContributionForm()
    form.offer()
    with services().databases.alliance_session() as session:
        organisation = session.get_one(Organisation, organisation_id)
        if not (organisation.is_member or organisation.is_alliance):
            return render_template("knowledge/no_member.html", member=None), 403
        found = own_entry(session, organisation_id, entry_id) if entry_id else None
        if entry_id and found is None:
            abort(404)
        history = revisions(session, found.id) if found else []
        last = Content.read(history[0].content) if history else None
        if (
            request.method == "POST"
            and form.validate()
            and _handed_in(session, organisation, found, last, form)
        ):
            return redirect(url_for("contributing.overview", organisation_id=organisation_id))
    if request.method == "GET" and last:
        form.fill(last)
    page = render_template(
        "knowledge/contribute.html",
        organisation_id=organisation_id,
        entry=found,
        history=history,
        states=STATES,
        pictures=last.pictures if last else (),
        form=form,
        in_library=found is not None and found.state is EntryState.PUBLISHED,
    )
    return page, 400 if form.problems() else 200


def _handed_in(
    session: Session,
    organisation: Organisation,
    found: LibraryEntry | None,
    last: Content | None,
    form: ContributionForm,
) -> bool:
    """Hand in what the form says, or mark what is wrong with its picture."""
    kept = tuple(each for each in (last.pictures if last else ()) if each.id not in (form.remove.data or []))
    content, sent = form.content(organisation.name, kept), form.sent_picture()
    made = None
    if sent:
        if len(kept) >= MOST_PICTURES:
            form.refuse("picture", PICTURE_FAULTS["many"])
            return False
        try:
            made = made_anew(sent)
        except PictureError as fault:
            form.refuse("picture", PICTURE_FAULTS[fault.fault])
            return False
    identifier = new_identifier()
    if made is not None:
        described = Picture(id=identifier, description=form.typed("description").strip())
        content = content.model_copy(update={"pictures": (*kept, described)})
    entry = hand_in(session, found, organisation.id, content, services().today(), actor=current_user.id)
    if made is not None:
        session.flush()
        session.add(
            LibraryPicture(
                id=identifier,
                organisation_id=organisation.id,
                entry_id=entry.id,
                media_type=MEDIA_TYPE,
                width=made.width,
                height=made.height,
                content=made.content,
            )
        )
    return True
