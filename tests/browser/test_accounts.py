"""A passkey with Chromium's virtual authenticator, and every page of accounts on two screens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import CDPSession, Page, expect

from config import Config
from survey.accounts.links import one_time_link
from survey.people.accounts import add_account, join
from survey.storage.databases import Databases, open_databases
from survey.storage.models import MembershipRole
from survey.storage.people import Application, ApplicationState, Wish
from survey.storage.upgrading import upgrade
from survey.waves.clock import today
from tests.live import free_port, web_process
from tests.survey import rows

EMAIL, PASSWORD = "sekretariat@example.org", "correct horse battery"
OWN = rows.identifier("own")
ASKED = rows.identifier("asked")
PAGES = (
    "/o/sign-in",
    "/o/start",
    "/o/password",
    "/o/",
    "/o/account/",
    "/o/account/app",
    "/o/account/present-password",
    "/o/account/closing",
    f"/o/{OWN}/people/",
    f"/o/{OWN}/desk/",
    f"/o/{OWN}/desk/applications/{ASKED}",
    f"/o/{OWN}/desk/organisations",
    f"/o/{OWN}/desk/organisations/{OWN}",
    f"/o/{OWN}/desk/people",
    f"/o/{OWN}/desk/help-lines",
    f"/o/{OWN}/desk/questionnaires",
    f"/o/{OWN}/desk/log",
)


@dataclass(frozen=True, slots=True)
class Served:
    """A web that is up, and who runs its alliance."""

    config: Config
    databases: Databases
    account: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, chromium_executable: str) -> Iterator[Served]:
    folder, port = tmp_path_factory.mktemp("accounts"), free_port()
    # A passkey is bound to a name, never to an address of digits.
    config = replace(Config.for_demo(folder, port), workers=1, base_url=f"http://localhost:{port}")
    databases = open_databases(config.database_url, config.responses_url)
    upgrade(databases)
    with databases.alliance_session() as session:
        own = rows.organisation("own")
        own.is_alliance, own.area = True, "labour_market"
        session.add(own)
        session.flush()
        person = add_account(session, EMAIL, PASSWORD)
        join(session, person.id, own.id, MembershipRole.SECRETARIAT)
        session.add(
            Application(
                id=ASKED,
                wish=Wish.START,
                state=ApplicationState.WAITING,
                name="Teatret ved Åen",
                cvr="13585628",
                area="culture_leisure",
                contact="leder@teatret-ved-aaen-i-en-meget-lang-adresse.example",
                language="da",
                asked_on=today(),
                reason="",
            )
        )
    with web_process(config, folder / "web.log"):
        yield Served(config, databases, person.id)
    databases.dispose()


@pytest.fixture
def authenticator(page: Page) -> CDPSession:
    """A device that the browser believes in, whose person always lays a finger on it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session


def test_a_passkey_is_made_and_signs_in_without_a_password(
    served: Served, page: Page, authenticator: CDPSession
) -> None:
    base = served.config.base_url
    page.goto(f"{base}/o/sign-in?lang=en")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    # Without a second factor the desk is closed, and the way to one is shown.
    page.goto(f"{base}/o/{OWN}/desk/?lang=en")
    expect(page.get_by_text("Set up a second factor first")).to_be_visible()
    page.get_by_label("Name of the passkey").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    page.goto(f"{base}/o/{OWN}/desk/?lang=en")
    expect(page.get_by_role("heading", level=1)).to_have_text("The secretariat's desk")

    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{base}/o/sign-in?lang=en&next=/o/{OWN}/desk/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The secretariat's desk")
    page.goto(f"{base}/o/account/?lang=en")
    expect(page.get_by_text("My phone", exact=True)).to_be_visible()


def test_a_passkey_of_nobody_signs_nobody_in(served: Served, page: Page, authenticator: CDPSession) -> None:
    page.goto(f"{served.config.base_url}/o/sign-in?lang=en")
    page.evaluate("() => console.error = () => {}")  # the browser has no passkey, and the script says so
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_text("That did not work, or you stopped it.")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_of_accounts_can_be_used_by_everybody(
    served: Served, page: Page, accessibility_faults: Callable[[Page], list[str]], width: int
) -> None:
    base = served.config.base_url
    page.set_viewport_size({"width": width, "height": 800})
    faults = {}
    for address in PAGES:
        if address == "/o/":
            page.goto(one_time_link(served.config.secret_key, base, served.account))
        page.goto(base + address)
        assert urlsplit(page.url).path == address
        found = accessibility_faults(page)
        too_wide = page.evaluate("() => document.documentElement.scrollWidth") > width
        if found or too_wide:
            faults[address] = [*found, *(["too wide"] if too_wide else [])]

    assert faults == {}, faults
