"""Activities on a page, in a calendar and in a feed; and the pages that say what the alliance is."""

import datetime as dt
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from survey.accounts.links import one_time_link
from survey.knowledge.about import context_figures
from survey.storage.alliance import Activity
from survey.storage.models import MembershipRole
from tests.survey.accounts.people import good, organisation, person, send

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def alliance(app: Flask, client: FlaskClient) -> str:
    """The alliance, whose secretariat is signed in."""
    own = organisation(app, "alliance", alliance=True)
    secretary = person(app, own, MembershipRole.SECRETARIAT, email="sekretariat@example.org")
    client.get(one_time_link(app.config["SECRET_KEY"], "", secretary.id))
    return own


def conference(alliance: str, first: dt.date, **changes: str) -> dict[str, str]:
    return {
        "title": "Sig det, før det sker",
        "kind": "conference",
        "organisation": alliance,
        "language": "da",
        "begins_on": first.isoformat(),
        "ends_on": first.isoformat(),
        "begins_at": "9.30",
        "ends_at": "15:00",
        "place": "Odense",
        "about": "En dag om **tone**. <script>alert(1)</script>",
        **changes,
    }


def only(app: Flask) -> Activity:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        found: Activity = session.scalars(select(Activity)).one()
        return found


def test_an_activity_is_written_shown_subscribed_to_changed_and_stays_with_what_was_learnt(
    app: Flask, client: FlaskClient, alliance: str
) -> None:
    today, desk = app.extensions["tillid"].today(), f"/o/{alliance}/desk/activities/"
    good(client.get("/activities/"))
    good(client.get(desk))
    send(client, desk, conference(alliance, today + dt.timedelta(days=3)))
    made = only(app)
    page = good(client.get(f"/activities/{made.id}?lang=en"))
    assert "alert(1)" in page.text()
    assert page.elements("strong")
    good(client.get("/activities/"))

    (event,) = Calendar.from_ical(client.get("/activities/calendar.ics").data).walk("VEVENT")
    assert (str(event["summary"]), event["sequence"]) == ("Sig det, før det sker", 0)
    assert event.decoded("dtstart").strftime("%H:%M") == "09:30"
    feed = ElementTree.fromstring(client.get("/news.atom").data)  # noqa: S314  Our own.
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == [made.title]

    changes = {"learnt": "Grupper på fem.", "begins_at": "", "ends_at": "", "cancelled": "y"}
    over = conference(alliance, today - dt.timedelta(days=3), **changes)
    good(client.get(f"{desk}{made.id}"))
    send(client, f"{desk}{made.id}", over)
    (event,) = Calendar.from_ical(client.get("/activities/calendar.ics").data).walk("VEVENT")
    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
    assert event.decoded("dtend") - event.decoded("dtstart") == dt.timedelta(days=1)
    assert "Grupper på fem." in good(client.get(f"/activities/{made.id}")).text()
    assert "med det, der blev lært" in good(client.get("/activities/")).text()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ends_on": "2020-01-01"}, "Den slutter, før den begynder"),
        ({"ends_at": "09:00"}, "Den slutter, før den begynder"),
        ({"begins_at": ""}, "Skriv også, hvornår den begynder"),
        ({"begins_at": "25:00"}, "Skriv tidspunktet som 09:30"),
        ({"title": " "}, "Skriv, hvad den hedder"),
        ({"link": "https://bit.ly/x"}, "skjuler"),
        ({"begins_on": "31/12"}, ""),
        ({"organisation": "somebody"}, ""),
        ({"kind": "party"}, ""),
    ],
)
def test_an_activity_that_cannot_be_is_refused_with_what_was_typed(
    app: Flask, client: FlaskClient, alliance: str, changes: dict[str, str], message: str
) -> None:
    typed = conference(alliance, app.extensions["tillid"].today(), **changes)
    page = good(send(client, f"/o/{alliance}/desk/activities/", typed), 400)

    assert message in page.text()
    values = [field.get("value") for field in page.elements("input")]
    assert "Odense" in values
    assert changes.get("begins_on", "Odense") in values
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        assert session.scalars(select(Activity)).all() == []


@pytest.mark.parametrize("address", ["/activities/calendar.ics", "/news.atom", "/alliance/", "/members/"])
def test_what_somebody_has_is_not_sent_again(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("address", ["/alliance/", "/alliance/figures", "/activities/", "/members/"])
def test_the_alliances_pages_are_there_in_both_languages(
    client: FlaskClient, address: str, language: str
) -> None:
    good(client.get(f"{address}?lang={language}"))


def test_every_figure_of_others_has_its_source_year_and_address(client: FlaskClient) -> None:
    page = good(client.get("/alliance/figures")).text()

    assert "Ingen af dem kommer fra Tillid" in page
    for figure in context_figures():
        assert figure.address.startswith("https://")
        assert f"{figure.year} · {figure.source}" in page
    assert "22,2 %" in page


def test_an_activity_that_is_not_there_is_no_page(client: FlaskClient) -> None:
    assert client.get("/activities/nothing").status_code == 404
