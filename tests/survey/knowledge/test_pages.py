"""The library's pages, for anybody and at the secretariat's desk."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.accounts.links import one_time_link
from survey.knowledge.library import sorting_of
from survey.storage.library import EntryState, LibraryEntry
from survey.storage.models import MembershipRole
from tests.survey.accounts.people import good, organisation, person, send
from tests.survey.knowledge.entries import content


def entry_of(app: Flask, starter: str) -> LibraryEntry:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        found: LibraryEntry = session.scalars(
            select(LibraryEntry).where(LibraryEntry.starter == starter)
        ).one()
        return found


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> str:
    """The library at the secretariat's desk, with the starting list brought in."""
    alliance = organisation(app, "alliance", alliance=True)
    secretary = person(app, alliance, MembershipRole.SECRETARIAT, email="sekretariat@example.org")
    client.get(one_time_link(app.config["SECRET_KEY"], "", secretary.id))
    address = f"/o/{alliance}/desk/library/"
    good(client.get(address))
    assert send(client, address, {}, f"{address}starting-list").location == address
    return address


def test_the_library_is_there_in_both_languages_and_empty_at_first(client: FlaskClient) -> None:
    assert "Biblioteket er tomt" in good(client.get("/library/")).text()
    assert "The library is empty" in good(client.get("/library/?lang=en&q=")).text()


def test_somebody_searches_narrows_down_reads_and_switches_language(
    app: Flask, client: FlaskClient, desk: str
) -> None:
    found = good(client.get("/library/?q=kraenkelser&area=education"))
    assert "1 fundet" in found.text()
    english = next(a.get("href", "") for a in found.elements("a") if a.get("lang") == "en")
    assert "1 found" in good(client.get(english)).text()
    assert "Der er ikke noget" in good(client.get("/library/?q=xyzzy")).text()
    assert "33 fundet" not in good(client.get("/library/?area=nowhere")).text()
    good(client.get("/library/?page=2"))

    for language in ("da", "en"):
        page = good(client.get(f"/library/{entry_of(app, 'iws-nordic').id}?lang={language}"))
        assert page.elements("h1")[0].get("lang") == ("en" if language == "da" else None)
        good(client.get(f"/library/{entry_of(app, 'grib-ind').id}?lang={language}"))


def test_a_link_is_shown_once_the_secretariat_says_where_it_led(
    app: Flask, client: FlaskClient, desk: str
) -> None:
    entry = entry_of(app, "grib-ind")
    assert "etsundtarbejdsliv.dk" not in client.get(f"/library/{entry.id}").text
    page = f"{desk}{entry.id}"
    good(client.get(page))
    refused = good(send(client, page, {"address": "https://bit.ly/x"}), 400)
    assert "skjuler" in refused.text()
    assert "https://bit.ly/x" in [field.get("value") for field in refused.elements("input")]
    good(send(client, page, {"address": " "}), 400)
    assert entry_of(app, "grib-ind").link_checked_on is None
    send(client, page, {"address": "https://www.etsundtarbejdsliv.dk/grib-ind?utm_source=mail"})

    shown = good(client.get(f"/library/{entry.id}"))
    links = [link.get("href") for link in shown.elements("a")]
    assert "https://www.etsundtarbejdsliv.dk/grib-ind" in links
    good(client.get(page))


def test_an_entry_is_taken_out_and_put_back(app: Flask, client: FlaskClient, desk: str) -> None:
    entry = entry_of(app, "suso")
    send(client, f"{desk}{entry.id}", {}, f"{desk}{entry.id}/retire")
    assert client.get(f"/library/{entry.id}").status_code == 404
    good(client.get(desk))
    good(client.get(f"{desk}{entry.id}"))
    send(client, f"{desk}{entry.id}", {}, f"{desk}{entry.id}/restore")

    good(client.get(f"/library/{entry.id}"))
    assert send(client, f"{desk}{entry.id}", {}, f"{desk}{entry.id}/burn").status_code == 404


def test_a_page_that_somebody_has_is_not_sent_again(app: Flask, client: FlaskClient, desk: str) -> None:
    first = client.get("/library/")
    again = client.get("/library/", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/library/?q=x", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    "asked", ["q=" + "a" * 3000, "q=%00", "page=9" * 3, "page=-1", "q=%F0%9F%92%A9", "area=%27"]
)
def test_whatever_is_asked_for_is_answered(client: FlaskClient, asked: str) -> None:
    good(client.get(f"/library/?{asked}"))


def test_the_desk_lists_a_long_library_a_page_at_a_time(app: Flask, client: FlaskClient, desk: str) -> None:
    with app.extensions["tillid"].databases.alliance_session() as session:
        alliance = session.scalars(select(LibraryEntry.organisation_id)).first()
        for which in range(100):
            says = content(f"Å {which:03}", url="https://example.org/")
            session.add(
                LibraryEntry(
                    id=f"{which:016}",
                    organisation_id=alliance,
                    state=EntryState.PUBLISHED,
                    title=says.title,
                    sorting=sorting_of(says.title),
                    content=says.stored(),
                    changed_on=app.extensions["tillid"].today(),
                )
            )
    pages = [good(client.get(f"{desk}?page={page}")) for page in (1, 2, 3, 99)]

    assert "Å 099" not in pages[0].text()
    assert all("Å 099" in page.text() for page in pages[2:])
    assert [len(page.elements("nav")) for page in pages] == [len(pages[0].elements("nav"))] * 4
