"""What every public service says of itself, in both languages, reached from the foot of every page."""

import pytest
from flask.testing import FlaskClient

from survey.site.views import ABOUT
from tests.pages import Page


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("page", sorted(ABOUT))
def test_each_page_about_tillid_is_there_without_a_fault_and_sets_no_cookie(
    client: FlaskClient, page: str, language: str
) -> None:
    answer = client.get(f"/about/{page}?lang={language}")

    assert (answer.status_code, Page.parsed(answer.text).faults()) == (200, [])
    assert "Set-Cookie" not in answer.headers


def test_the_foot_of_a_page_leads_to_all_of_them(client: FlaskClient) -> None:
    links = {link.get("href") for link in Page.parsed(client.get("/").text).elements("a")}

    assert {f"/about/{page}" for page in ABOUT} <= links
    assert "/o/start" in links


def test_nothing_else_is_about_tillid(client: FlaskClient) -> None:
    assert client.get("/about/front").status_code == 404
