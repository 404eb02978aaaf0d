"""The library as anybody reads it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from survey.access import Audience, open_to, services
from survey.knowledge.caching import with_etag
from survey.knowledge.content import Content, Facet
from survey.knowledge.forms import SearchForm
from survey.knowledge.library import find, published, related
from survey.knowledge.markup import shown
from survey.knowledge.wording import FACETS, FINDINGS, KINDS, TEXTS, answered_by, words_of
from survey.storage.identifiers import is_identifier
from survey.storage.library import LibraryPicture
from survey.storage.models import Organisation

blueprint = Blueprint("library", __name__, url_prefix="/library")
blueprint.after_request(with_etag)


@blueprint.get("/")
@open_to(Audience.PUBLIC)
def overview() -> ResponseReturnValue:
    """Show what is in the library, or what of it somebody looks for."""
    form = SearchForm.from_address()
    search = form.search()
    with services().databases.alliance_session(reading=True) as session:
        found = find(session, search)
    return render_template(
        "knowledge/library.html",
        form=form,
        search=search,
        found=found,
        contents={entry.id: Content.read(entry.content) for entry in found.entries},
        kinds=KINDS,
        facets=FACETS,
        words={facet: words_of(facet) for facet in Facet},
        narrowed=bool(search.codes),
        page=min(search.page, found.pages),
    )


@blueprint.get("/pictures/<picture_id>")
@open_to(Audience.PUBLIC)
def picture(picture_id: str) -> ResponseReturnValue:
    """Show a picture of a published entry, if what is published has it."""
    with services().databases.alliance_session(reading=True) as session:
        found = session.get(LibraryPicture, picture_id) if is_identifier(picture_id) else None
        entry = published(session, found.entry_id) if found else None
        if found is None or entry is None:
            abort(404)
        if found.id not in {each.id for each in Content.read(entry.content).pictures}:
            abort(404)
        return Response(found.content, content_type=found.media_type)


@blueprint.get("/<entry_id>")
@open_to(Audience.PUBLIC)
def entry(entry_id: str) -> ResponseReturnValue:
    """Show one entry: what it is for, what it answers, where it is, and what is like it."""
    with services().databases.alliance_session(reading=True) as session:
        found = published(session, entry_id) or abort(404)
        alike = related(session, found.id)
        credited = session.get_one(Organisation, found.organisation_id)
    content = Content.read(found.content)
    return render_template(
        "knowledge/entry.html",
        entry=found,
        content=content,
        credited=None if found.starter else credited,
        texts={text: shown(content.texts[text]) for text in TEXTS if content.texts.get(text)},
        titles=TEXTS,
        related=[(other, Content.read(other.content)) for other in alike],
        kinds=KINDS,
        facets=FACETS,
        words={facet: words_of(facet) for facet in Facet},
        findings=FINDINGS,
        rules=answered_by(content),
    )
