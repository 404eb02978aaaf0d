"""Every page that anybody can be shown: well-formed, in both languages, usable, and from here only."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from survey.storage.databases import Databases
from tests.pages import Page

PAGES = {
    "/": 200,
    "/o/sign-in": 200,
    "/o/sign-in?next=/o/": 200,
    "/o/once/used-up": 410,
    "/no/such/page": 404,
    "/w/0000000000000000/nothing": 404,
}


def read(response: TestResponse) -> Page:
    return Page.parsed(response.get_data(as_text=True))


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_no_faults(client: FlaskClient, address: str, language: str) -> None:
    response = client.get(address, query_string={"lang": language} if "?" not in address else None)
    page = read(response)

    assert response.status_code == PAGES[address]
    assert page.faults() == []
    assert "demo" in page.text()


def test_pages_have_titles_of_their_own(client: FlaskClient) -> None:
    titles = {read(client.get(address)).title for address in ("/", "/o/sign-in", "/o/once/x", "/no/such")}

    assert len(titles) == 4


def test_the_front_page_says_what_is_protected_and_what_is_not(client: FlaskClient) -> None:
    danish, english = read(client.get("/")), read(client.get("/?lang=en"))

    assert danish.heading == "Sig, hvordan det er. Anonymt."
    assert "Hvad det ikke beskytter imod" in danish.text()
    assert english.heading == "Say how it is. Anonymously."
    assert "What it does not protect against" in english.text()


def test_a_page_that_is_not_there_is_answered_in_the_readers_language(client: FlaskClient) -> None:
    assert read(client.get("/nothing")).heading == "Den side findes ikke"
    assert read(client.get("/nothing", headers={"Accept-Language": "en"})).heading == "There is no such page"


def test_health_is_asked_of_both_databases(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/healthz").json == {"status": "ok"}

    def refuse(_: Databases) -> bool:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(Databases, "answer", refuse)
    response = client.get("/healthz")

    assert (response.status_code, response.json) == (503, {"status": "unavailable"})
