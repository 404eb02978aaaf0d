"""What the alliance does: activities on a page and in a calendar, and a feed of everything new."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from survey.access import Audience, open_to, services
from survey.knowledge.caching import with_etag
from survey.knowledge.content import Content
from survey.knowledge.duties import ACTIVITY_KINDS
from survey.knowledge.feeds import News, atom, calendar
from survey.knowledge.markup import shown
from survey.knowledge.wording import KINDS
from survey.storage.alliance import Activity, Member
from survey.storage.identifiers import is_identifier
from survey.storage.library import EntryState, LibraryEntry
from survey.storage.models import Organisation

blueprint = Blueprint("activities", __name__)
blueprint.after_request(with_etag)
MOST_NEWS: Final = 50
MOST_PAST: Final = 100


@blueprint.get("/activities/")
@open_to(Audience.PUBLIC)
def overview() -> ResponseReturnValue:
    """List what is on or coming, the next first, and what is over, the last first."""
    today = services().today()
    query = (
        select(Activity, Organisation.name)
        .join(Organisation, Organisation.id == Activity.organisation_id)
        .where(Activity.published)
    )
    with services().databases.alliance_session(reading=True) as session:
        coming = session.execute(
            query.where(Activity.ends_on >= today).order_by(Activity.begins_on, Activity.id)
        ).all()
        past = session.execute(
            query.where(Activity.ends_on < today)
            .order_by(Activity.ends_on.desc(), Activity.id)
            .limit(MOST_PAST)
        ).all()
    return render_template(
        "knowledge/activities.html", coming=coming, past=past, kinds=ACTIVITY_KINDS, today=today
    )


@blueprint.get("/activities/<activity_id>")
@open_to(Audience.PUBLIC)
def activity(activity_id: str) -> ResponseReturnValue:
    """Show one activity, and what was learnt from it."""
    with services().databases.alliance_session(reading=True) as session:
        found = session.get(Activity, activity_id) if is_identifier(activity_id) else None
        if found is None or not found.published:
            abort(404)
        holder = session.get_one(Organisation, found.organisation_id)
    return render_template(
        "knowledge/activity.html",
        activity=found,
        holder=holder,
        about=shown(found.about),
        learnt=shown(found.learnt),
        kinds=ACTIVITY_KINDS,
        over=found.ends_on < services().today(),
    )


@blueprint.get("/activities/calendar.ics")
@open_to(Audience.PUBLIC)
def ics() -> ResponseReturnValue:
    """Hand out all activities as a calendar to subscribe to."""
    with services().databases.alliance_session(reading=True) as session:
        found = session.scalars(_published().order_by(Activity.begins_on, Activity.id)).all()
    addresses = {each.id: _whole("activities.activity", activity_id=each.id) for each in found}
    name = gettext("The alliance's activities")
    return _feed(calendar(name, found, addresses), "text/calendar; charset=utf-8")


@blueprint.get("/news.atom")
@open_to(Audience.PUBLIC)
def news() -> ResponseReturnValue:
    """Hand out what is new: entries of the library, activities and members."""
    with services().databases.alliance_session(reading=True) as session:
        found = [*_entries(session), *_activities(session), *_members(session)]
    latest = sorted(found, key=lambda each: (each.day, each.identifier), reverse=True)[:MOST_NEWS]
    own, page = _whole("activities.news"), _whole("alliance.overview")
    written = atom(gettext("News from the alliance"), own, page, latest, str(get_locale()))
    return _feed(written, "application/atom+xml; charset=utf-8")


def _feed(content: bytes, media_type: str) -> Response:
    response = Response(content, content_type=media_type)
    response.cache_control.public = True
    response.cache_control.max_age = 900
    # The same address answers in the reader's language.
    response.vary.add("Accept-Language")
    return response


def _whole(endpoint: str, **values: str) -> str:
    return services().base_url + url_for(endpoint, **values)  # type: ignore[arg-type]  # values of the address, all text


def _entries(session: Session) -> list[News]:
    query = (
        select(LibraryEntry)
        .where(LibraryEntry.state == EntryState.PUBLISHED, LibraryEntry.published_on.is_not(None))
        .order_by(LibraryEntry.published_on.desc(), LibraryEntry.id)
        .limit(MOST_NEWS)
    )
    return [
        News(
            f"entry:{entry.id}",
            entry.published_on or entry.changed_on,
            entry.title,
            str(KINDS[Content.read(entry.content).kind]),
            _whole("library.entry", entry_id=entry.id),
        )
        for entry in session.scalars(query)
    ]


def _published() -> Select[Activity]:
    return select(Activity).where(Activity.published)


def _activities(session: Session) -> list[News]:
    query = _published().order_by(Activity.changed_on.desc(), Activity.id).limit(MOST_NEWS)
    return [
        News(
            f"activity:{each.id}:{each.sequence}",
            each.changed_on,
            each.title,
            str(ACTIVITY_KINDS[each.kind]),
            _whole("activities.activity", activity_id=each.id),
        )
        for each in session.scalars(query)
    ]


def _members(session: Session) -> list[News]:
    query = (
        select(Member, Organisation.name)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .where(Member.left_on.is_(None))
        .order_by(Member.joined_on.desc(), Member.organisation_id)
        .limit(MOST_NEWS)
    )
    return [
        News(
            f"member:{member.organisation_id}",
            member.joined_on,
            name,
            gettext("A new member"),
            _whole("alliance_members.member", member_id=member.organisation_id),
        )
        for member, name in session.execute(query)
    ]
