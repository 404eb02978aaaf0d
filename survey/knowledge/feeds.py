"""What is new and what is coming, for other programs: an Atom feed (RFC 4287) and a calendar (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from survey.storage.alliance import Activity

_ATOM: Final = "http://www.w3.org/2005/Atom"
_COPENHAGEN: Final = ZoneInfo("Europe/Copenhagen")


@dataclass(frozen=True, slots=True)
class News:
    """One new thing: the day, what it is, where it stands."""

    identifier: str
    day: dt.date
    title: str
    summary: str
    address: str


def atom(title: str, own: str, page: str, news: Sequence[News], language: str) -> bytes:
    """Write the news as an Atom feed; days are told as their first moment, since times are not kept."""
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": language})
    ElementTree.SubElement(feed, "title").text = title
    ElementTree.SubElement(feed, "id").text = own
    ElementTree.SubElement(feed, "link", {"rel": "self", "href": own})
    ElementTree.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page})
    ElementTree.SubElement(feed, "updated").text = _moment(
        max((each.day for each in news), default=dt.date(2022, 6, 3))
    )
    ElementTree.SubElement(ElementTree.SubElement(feed, "author"), "name").text = title
    for each in news:
        entry = ElementTree.SubElement(feed, "entry")
        ElementTree.SubElement(entry, "title").text = _printable(each.title)
        ElementTree.SubElement(entry, "id").text = f"urn:tillid:{each.identifier}"
        ElementTree.SubElement(entry, "link", {"rel": "alternate", "href": each.address})
        ElementTree.SubElement(entry, "updated").text = _moment(each.day)
        ElementTree.SubElement(entry, "summary").text = _printable(each.summary)
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def calendar(name: str, activities: Sequence[Activity], addresses: dict[str, str]) -> bytes:
    """Write activities as a calendar that others can subscribe to; `addresses` are their pages, by id."""
    # Loaded only when a calendar is asked for: the web starts faster.
    from icalendar import Calendar, Event  # noqa: PLC0415

    made = Calendar()
    made.add("prodid", "-//Tillid//Alliance//DA")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", dt.timedelta(hours=12), {"value": "DURATION"})
    for activity in activities:
        event = Event()
        event.add("uid", f"{activity.id}@tillid")
        event.add("dtstamp", dt.datetime.combine(activity.changed_on, dt.time(), dt.UTC))
        event.add("sequence", activity.sequence)
        event.add("summary", activity.title)
        begins, ends = _span(activity)
        event.add("dtstart", begins)
        event.add("dtend", ends)
        if activity.place:
            event.add("location", activity.place)
        event.add("url", addresses[activity.id])
        event.add("status", "CANCELLED" if activity.cancelled else "CONFIRMED")
        made.add_component(event)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _span(activity: Activity) -> tuple[dt.date, dt.date]:
    """First moment and the first one after; whole days end with the day after, as RFC 5545 wants it."""
    if not activity.begins_at:
        return activity.begins_on, activity.ends_on + dt.timedelta(days=1)
    begins = _at(activity.begins_on, activity.begins_at)
    return begins, _at(activity.ends_on, activity.ends_at) if activity.ends_at else begins


def _at(day: dt.date, time: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(time), _COPENHAGEN)


def _moment(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _printable(text: str) -> str:
    # XML has no way to write these.
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")
