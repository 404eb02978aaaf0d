"""A steward invites in the browser: addresses, a refused one put right, a reminder, lost links."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from config import Config
from survey.accounts.links import one_time_link
from survey.delivery.outbox import Outbox
from survey.delivery.sending import Delivery
from survey.delivery.transports import MailServer
from survey.people.respondents import Writer
from survey.sealing.at_rest import AtRest
from survey.storage.accounts import Account
from survey.storage.databases import open_databases
from survey.waves.clock import today
from survey.worker.answering_reminders import remind_respondents, write_to_mended
from tests.live import free_port, web_process
from tests.survey.delivery.conftest import SENDER, Postbox, postbox, server
from tests.survey.stewardship.fielding import INVITED, confirmed, planned

__all__ = ["postbox", "server"]
THREE = "Anna <anna@culture.example>\nbo@kultrue.example\ncarla@culture.example"
LATER = 2_000_000_000
"""When every mail is due."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A served wave that is ready, and the worker beside it."""

    config: Config
    wave: str
    organisation: str

    @property
    def here(self) -> str:
        return f"{self.config.base_url}/o/{self.organisation}/waves/{self.wave}"

    def sign_in(self, page: Page) -> None:
        databases = open_databases(self.config.database_url, self.config.responses_url)
        with databases.alliance_session(reading=True) as session:
            steward = session.scalars(select(Account.id)).one()
        databases.dispose()
        page.goto(one_time_link(self.config.secret_key, self.config.base_url, steward))

    def work(self, server: MailServer, day: datetime.date) -> None:
        """The worker's duties about invitations, as on that day."""
        databases = open_databases(self.config.database_url, self.config.responses_url)
        outbox = Outbox(AtRest(self.config.mail_keys), lambda: LATER)
        writer = Writer(outbox, self.config.base_url)
        write_to_mended(databases, writer, day)
        remind_respondents(databases, writer, day)
        Delivery(databases, outbox, server, SENDER).step()
        databases.dispose()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, chromium_executable: str) -> Iterator[Desk]:
    folder, port = tmp_path_factory.mktemp("inviting"), free_port()
    organisation, wave = confirmed(folder, planned(today() - datetime.timedelta(days=1)), port)
    config = Config.for_demo(folder, port)
    with web_process(config, folder / "web.log"):
        yield Desk(config, wave, organisation)


def test_people_are_invited_a_refused_address_is_put_right_and_all_are_reminded(
    desk: Desk,
    page: Page,
    server: MailServer,
    postbox: Postbox,
    accessibility_faults: Callable[[Page], list[str]],
) -> None:
    def seen(name: str) -> None:
        _seen(page, name, accessibility_faults)

    postbox.answers["bo@kultrue.example"] = "550 5.1.2 no such host"
    desk.sign_in(page)
    page.goto(f"{desk.config.base_url}/o/{desk.organisation}/waves?lang=da")
    page.locator("details summary").click()
    expect(page.get_by_role("button", name="Aflys den")).to_be_visible()
    seen("waves")
    page.goto(f"{desk.here}/invitations?lang=da")
    seen("ready")
    page.get_by_role("button", name="Åbn undersøgelsen").click()
    expect(page.locator(".alert-success")).to_be_visible()
    seen("nobody")

    page.fill("#addresses", f"{THREE}\nenhver\n=1+1")
    page.get_by_role("button", name="Invitér dem").click()
    expect(page.locator("#faults li")).to_have_count(2)
    seen("faults")
    page.fill("#addresses", THREE)
    page.get_by_role("button", name="Invitér dem").click()
    expect(page.locator(".alert-success")).to_be_visible()
    desk.work(server, today())
    page.reload()
    seen("refused")

    page.locator("a[href*='/refusals']").click()
    seen("refusals")
    field = page.get_by_label("Send invitationen til")
    expect(field).to_have_value("bo@kultrue.example")
    field.fill("bo")
    page.get_by_role("button", name="Send den dertil").click()
    expect(page.locator(".form-error-message")).to_be_visible()
    seen("refusals-fault")
    field.fill("bo@culture.example")
    page.get_by_role("button", name="Send den dertil").click()
    expect(page.locator(".alert-success")).to_be_visible()
    seen("refusals-none")
    desk.work(server, today())
    assert [mail["To"] for mail in postbox.taken][-1] == "bo@culture.example"

    page.goto(f"{desk.here}/invitations?lang=da")
    page.locator("a[href*='/texts/da/reminder']").click()
    seen("text")
    page.go_back()
    day = today() + datetime.timedelta(days=3)
    page.fill("#remind_on", day.isoformat())
    page.get_by_role("button", name="Planlæg påmindelsen").click()
    expect(page.locator(".alert-success")).to_be_visible()
    postbox.taken.clear()
    desk.work(server, day)
    assert len(postbox.taken) == 3

    page.goto(f"{desk.here}/following?lang=da")
    seen("following")


def test_lost_links_are_made_again(
    desk: Desk, page: Page, accessibility_faults: Callable[[Page], list[str]]
) -> None:
    desk.sign_in(page)
    page.goto(f"{desk.here}/invitations?lang=da")
    page.fill("#number", str(INVITED + 1))
    page.get_by_role("button", name="Lav links (CSV)").click()
    expect(page.locator(".form-error-message, .alert-error, .error-summary").first).to_be_visible()
    _seen(page, "too-many", accessibility_faults)
    page.fill("#number", "2")
    with page.expect_download() as lost:
        page.get_by_role("button", name="Lav links (CSV)").click()

    page.goto(f"{desk.here}/invitations?lang=da")
    _seen(page, "files", accessibility_faults)
    page.locator("a[href*='/files/']").click()
    page.get_by_role("button", name="Lav filen igen").click()
    expect(page.locator(".form-error-message")).to_be_visible()
    _seen(page, "lost", accessibility_faults)
    page.get_by_text("Ingen har fået et kort eller et link fra denne fil").click()
    with page.expect_download() as fresh:
        page.get_by_role("button", name="Lav filen igen").click()

    before, after = (Path(each.value.path()).read_text(encoding="utf-8-sig") for each in (lost, fresh))
    assert len(before.splitlines()) == len(after.splitlines()) == 3
    assert not set(before.splitlines()[1:]) & set(after.splitlines()[1:])


@pytest.mark.parametrize("where", ["guide", "o/{organisation}/people", "o/{organisation}/waves"])
def test_pages_beside_it_fit_a_phone_and_a_desktop(
    desk: Desk, page: Page, accessibility_faults: Callable[[Page], list[str]], where: str
) -> None:
    desk.sign_in(page)
    for language in ("da", "en"):
        page.goto(f"{desk.config.base_url}/{where.format(organisation=desk.organisation)}?lang={language}")
        expect(page.locator("h1")).to_be_visible()
        _seen(page, f"{where.rpartition('/')[2]}-{language}", accessibility_faults)


def _seen(page: Page, name: str, faults: Callable[[Page], list[str]]) -> None:
    """Nothing is wrong on the page on a phone and on a desktop, and nothing goes beyond its width."""
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        if folder := os.environ.get("TILLID_PICTURES"):
            page.screenshot(path=Path(folder) / f"inviting-{name}-{width}.png", full_page=True)
        assert faults(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
