"""The front page, signing in by keyboard, and the page after it: for everyone, on every screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from config import Config
from survey.people.accounts import add_account, join
from survey.storage.databases import open_databases
from survey.storage.models import MembershipRole
from survey.storage.upgrading import upgrade
from tests.live import free_port, web_process
from tests.survey import rows

EMAIL, PASSWORD = "leader@example.org", "correct horse battery"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, chromium_executable: str) -> Iterator[Config]:
    folder = tmp_path_factory.mktemp("site")
    config = replace(Config.for_demo(folder, free_port()), workers=1)
    databases = open_databases(config.database_url, config.responses_url)
    upgrade(databases)
    with databases.alliance_session() as session:
        session.add(rows.organisation("own"))
        session.flush()
        leader = add_account(session, EMAIL, PASSWORD)
        join(session, leader.id, rows.identifier("own"), MembershipRole.LEADER)
    databases.dispose()
    with web_process(config, folder / "web.log"):
        yield config


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "address", ["/", "/?lang=en", "/o/sign-in", "/no/such/page", "/about/privacy", "/about/cookies?lang=en"]
)
def test_pages_for_anybody_can_be_used_by_everybody(
    served: Config,
    page: Page,
    accessibility_faults: Callable[[Page], list[str]],
    address: str,
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(served.base_url + address)

    assert accessibility_faults(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert page.context.cookies() == [] or address == "/o/sign-in"


def test_somebody_signs_in_and_out_by_keyboard_alone(
    served: Config, page: Page, accessibility_faults: Callable[[Page], list[str]]
) -> None:
    page.goto(f"{served.base_url}/o/?lang=en")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Error: Sign in – Tillid")
    assert accessibility_faults(page) == []

    page.get_by_label("Password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your organisations")
    expect(page.get_by_role("link", name="See the figures of Own")).to_be_visible()
    assert accessibility_faults(page) == []
    assert {cookie["path"] for cookie in page.context.cookies()} == {"/o"}

    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page).to_have_url(f"{served.base_url}/?lang=en")
    page.goto(f"{served.base_url}/o/")
    expect(page).to_have_url(f"{served.base_url}/o/sign-in?next=/o/")
