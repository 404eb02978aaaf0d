"""A steward sets a wave up for a theatre of sixty in the browser; its trustees confirm it, and it is open."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from config import Config
from survey.accounts.links import one_time_link
from survey.commands.alliance import Alliance, open_alliance
from survey.people.accounts import add_account, join
from survey.storage.models import MembershipRole, Organisation
from survey.storage.repositories import WaveRegistry
from survey.trustees.client import TrusteeClient
from survey.waves.clock import today
from survey.waves.lifecycle import advance
from survey.waves.states import WaveState
from survey.worker.previewing import make_one, preview
from tests.browser.journeys import AGREE, PHONE, hurry, send, to_review
from tests.live import free_port, web_process

WORDS = {
    "da": ("Sæt en undersøgelse op", "Gem og gå videre", "Giv den videre til nøgleholderne"),
    "en": ("Set up a survey", "Save and go on", "Hand it to the trustees"),
}
UNITS = "Scenen; 24\nVærkstederne; 26\nSnedkerne; 12; Værkstederne\nKontoret; 8"


@dataclass(frozen=True, slots=True)
class Theatre:
    """A served theatre with its trustees."""

    folder: Path
    config: Config
    organisation: str
    steward: str
    trustees: list[TrusteeClient]

    def sign_in(self, page: Page, language: str) -> None:
        page.goto(one_time_link(self.config.secret_key, self.config.base_url, self.steward))
        page.goto(f"{self.config.base_url}/o/?lang={language}")


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory, chromium_executable: str) -> Iterator[Theatre]:
    folder, port = tmp_path_factory.mktemp("theatre"), free_port()
    with open_alliance(folder, port) as alliance:
        organisation = alliance.organisation("Teatret ved Åen", "culture_leisure")
        trustees = alliance.trustees(
            organisation, lambda: "a b c d e f", ("Anna Berg", "Bo Holm", "Dorte Lind")
        )
        with alliance.databases.alliance_session() as session:
            steward = add_account(session, "steward@example.org", "correct horse battery")
            join(session, steward.id, organisation, MembershipRole.STEWARD)
        config = replace(alliance.config, workers=1)
        made = Theatre(folder, config, organisation, steward.id, trustees)
    with web_process(config, folder / "web.log"):
        yield made


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A Danish respondent's own phone, which knows nothing of the steward's session."""
    context = browser.new_context(viewport=PHONE, locale="da-DK")  # type: ignore[arg-type]  # a size
    page = context.new_page()
    hurry(page)
    yield page
    context.close()


def test_a_preview_names_what_is_too_small(
    theatre: Theatre, page: Page, accessibility_faults: Callable[[Page], list[str]]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    theatre.sign_in(page, "en")
    page.goto(f"{theatre.config.base_url}/o/{theatre.organisation}/waves?lang=en")
    page.get_by_role("button", name=WORDS["en"][0]).click()
    for name, fill in steps(page, people="30").items():
        expect(page).to_have_url(re_step(name))
        fill()
        page.get_by_role("button", name=WORDS["en"][1]).click()
    page.locator("a[href*='/preview']").click()
    expect(page.locator(".alert-info")).to_be_visible()

    with at_work(theatre) as alliance:
        while make_one(alliance.databases, preview):
            pass

    expect(page.locator(".figure").first).to_be_visible(timeout=20_000)
    assert "Scenen (9)" in page.locator("main").inner_text()
    assert accessibility_faults(page) == []
    look(page, "preview-en")


def test_a_wave_is_set_up_confirmed_and_open(
    theatre: Theatre,
    page: Page,
    accessibility_faults: Callable[[Page], list[str]],
) -> None:
    language, (begin, go_on, hand_over) = "da", WORDS["da"]
    page.set_viewport_size({"width": 390, "height": 900})
    theatre.sign_in(page, language)
    page.locator(f"a[href^='/o/{theatre.organisation}/waves']").click()
    page.get_by_role("button", name=begin).click()

    for name, fill in steps(page).items():
        expect(page).to_have_url(re_step(name))
        fill()
        assert accessibility_faults(page) == []
        look(page, f"{name}-{language}")
        page.get_by_role("button", name=go_on).click()
    assert accessibility_faults(page) == []
    look(page, f"overview-{language}")

    page.locator("a[href*='/consent']").click()
    expect(page.locator("h1")).to_be_visible()
    assert "60" in page.locator("main").inner_text()
    assert accessibility_faults(page) == []
    look(page, f"consent-{language}")
    page.locator("header a.button").click()

    page.locator("a[href*='/last']").click()
    assert accessibility_faults(page) == []
    look(page, f"last-{language}")
    page.get_by_role("button", name=hand_over).click()
    expect(page.locator(".alert-success")).to_be_visible()
    wave = opened(theatre)
    page.goto(f"{theatre.config.base_url}/w/{wave}/about?lang={language}")
    assert "Åvej 1" in page.locator("main").inner_text()
    assert accessibility_faults(page) == []
    look(page, f"about-{language}")


def test_a_member_sets_a_joint_wave_up_and_its_people_read_whose_figures_come(
    theatre: Theatre, page: Page, accessibility_faults: Callable[[Page], list[str]]
) -> None:
    union = another(theatre, "Teaterforbundet", "member@example.org")
    with at_work(union) as alliance, alliance.databases.alliance_session() as session:
        session.get_one(Organisation, union.organisation).is_member = True
    begin, go_on, hand_over = WORDS["da"]
    page.set_viewport_size({"width": 390, "height": 900})
    union.sign_in(page, "da")
    page.goto(f"{union.config.base_url}/o/{union.organisation}/waves?lang=da")
    page.get_by_role("button", name=begin).click()
    for name, fill in steps(page, "400").items():
        expect(page).to_have_url(re_step(name))
        fill()
        if name == "people":
            choose_joint(page)
        elif name == "groups":
            page.fill("#units", "Øst; 250\nVest; 136\nTeater Ø; 14")
            page.get_by_role("button", name=go_on).click()
            expect(page.locator(".error-summary, .alert-error").first).to_contain_text(
                "“Teater Ø” har 14 personer"
            )
            page.fill("#units", "Øst; 250\nVest; 150")
        assert accessibility_faults(page) == []
        look(page, f"joint-{name}-da")
        page.get_by_role("button", name=go_on).click()
    page.locator("a[href*='/consent']").click()
    expect(page.get_by_role("heading", name="58 små teatre sammen")).to_be_visible()
    read = page.locator("main").inner_text()
    assert "400 personer i 58 små teatre" in read
    assert "Teaterforbundet står for undersøgelsen og er dataansvarlig" in read
    for word in ("arbejdspladsens netværk", "arbejdsgiver", "medarbejdernes repræsentant", "Afdeling"):
        assert word not in read
    seen(page, "joint-consent", accessibility_faults)
    page.locator("header a.button").click()
    page.locator("a[href*='/last']").click()
    assert "Folk i 58 små teatre sammen" in page.locator("main").inner_text()
    seen(page, "joint-last", accessibility_faults)
    page.get_by_role("button", name=hand_over).click()
    expect(page.locator(".alert-success")).to_be_visible()

    wave = opened(union)
    page.goto(f"{union.config.base_url}/w/{wave}/about?lang=da")
    assert "Svarene fra 58 små teatre vises samlet" in page.locator("main").inner_text()
    seen(page, "joint-about", accessibility_faults)
    page.goto(
        f"{union.config.base_url}/o/{union.organisation}/waves/{wave}/invitations/texts/da/invitation?lang=da"
    )
    assert "{organisations}" in page.locator("#text").input_value()
    seen(page, "joint-text", accessibility_faults)


def test_an_open_wave_is_set_up_put_up_on_a_poster_answered_and_followed(
    theatre: Theatre, page: Page, phone: Page, accessibility_faults: Callable[[Page], list[str]]
) -> None:
    union = another(theatre, "Fagforeningen", "union@example.org")
    begin, go_on, hand_over = WORDS["da"]
    page.set_viewport_size({"width": 390, "height": 900})
    union.sign_in(page, "da")
    page.goto(f"{union.config.base_url}/o/{union.organisation}/waves?lang=da")
    page.get_by_role("button", name=begin).click()
    for name, fill in steps(page).items():
        expect(page).to_have_url(re_step(name))
        fill()
        if name == "people":
            page.locator("input[name=mode]").nth(1).check(force=True)
        assert accessibility_faults(page) == []
        look(page, f"open-{name}-da")
        page.get_by_role("button", name=go_on).click()
    page.locator("a[href*='/consent']").click()
    expect(page.locator("h1")).to_be_visible()
    assert "Alle, der har linket" in page.locator("main").inner_text()
    page.locator("header a.button").click()
    page.locator("a[href*='/last']").click()
    assert "åben undersøgelse" in page.locator("main").inner_text()
    page.get_by_role("button", name=hand_over).click()
    expect(page.locator(".alert-success")).to_be_visible()

    here = f"{union.config.base_url}/o/{union.organisation}/waves/{confirmed(union)}"
    page.goto(f"{here}/invitations?lang=da")
    page.get_by_role("button", name="Åbn undersøgelsen").click()
    expect(page.locator(".alert-success")).to_be_visible()
    seen(page, "open-inviting", accessibility_faults)
    link = page.locator(".stewardship-link a").inner_text()
    assert page.request.get(f"{here}/invitations/poster.pdf?lang=da").body().startswith(b"%PDF")
    page.goto(f"{here}/following?lang=da")
    seen(page, "open-following", accessibility_faults)
    page.goto(f"{here}/notice?lang=da")
    seen(page, "notice", accessibility_faults)

    phone.goto(link)
    expect(phone.get_by_role("button", name=AGREE)).to_be_visible()
    assert "Kommer der færre end 40 svar, bliver intet vist" in phone.locator("main").inner_text()
    seen(phone, "open-consent", accessibility_faults)
    to_review(phone)
    send(phone)


def test_a_poster_s_address_typed_in_leads_to_its_fingerprint(theatre: Theatre, phone: Page) -> None:
    with at_work(theatre) as alliance, alliance.databases.alliance_session(reading=True) as session:
        fielding = WaveRegistry(session).waves(WaveState.FIELDING.value)
        (wave,) = [each.id for each in fielding if each.plan["mode"] == "open"]

    phone.goto(f"{theatre.config.base_url}/w/{wave}")

    expect(phone.get_by_role("heading", level=1)).to_have_text("Sammenlign med plakaten")
    phone.get_by_role("button", name="Ja, det er det samme").click()
    expect(phone.get_by_role("button", name=AGREE)).to_be_visible()


def seen(page: Page, name: str, faults: Callable[[Page], list[str]]) -> None:
    """Nothing is wrong on the page on a phone and on a desktop, and nothing goes beyond its width."""
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert faults(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        look(page, f"{name}-{width}")


def re_step(name: str) -> re.Pattern[str]:
    """The address of a step."""
    return re.compile(f"/steps/{name}")


def steps(page: Page, people: str = "60") -> dict[str, Callable[[], None]]:
    """What is done in each step, in their order."""
    first, last, shared = (today() + datetime.timedelta(days=days) for days in (0, 14, 60))
    units = UNITS if people == "60" else "Scenen; 9\nVærkstederne; 21"

    def own_questions() -> None:
        page.fill("#text_da_1", "Holder vi for mange møder?")
        page.fill("#options_da_1", "Ja\nNej")

    def period() -> None:
        page.fill("#first_day", first.isoformat())
        page.fill("#last_day", last.isoformat())

    def contacts() -> None:
        page.fill("#name_da_1", "Arbejdsmiljørepræsentant Anna Berg")
        page.fill("#phone_1", "12 34 56 78")

    def notice() -> None:
        page.fill("#contact", "Åvej 1, 8000 Aarhus C")
        page.locator("input[name=legal_basis]").nth(2).check(force=True)
        page.fill("#shared_on", shared.isoformat())

    return {
        "people": lambda: page.fill("#people", people),
        "questionnaire": lambda: None,
        "own-questions": own_questions,
        "period": period,
        "groups": lambda: page.fill("#units", units),
        "contacts": contacts,
        "notice": notice,
        "trustees": lambda: None,
        "promises": lambda: None,
    }


def choose_joint(page: Page) -> None:
    """The people of 58 small theatres, not one's own."""
    page.locator("input[name=over]").nth(1).check(force=True)
    page.fill("#organisations", "58")
    page.fill("#largest", "14")
    page.fill("#kind_da", "små teatre")
    page.fill("#kind_en", "small theatres")


def at_work(theatre: Theatre) -> AbstractContextManager[Alliance]:
    """The alliance behind the server, for what custody, trustees and the worker do."""
    return open_alliance(theatre.folder, int(theatre.config.base_url.rsplit(":", 1)[1]))


def another(theatre: Theatre, name: str, email: str) -> Theatre:
    """Another organisation at the same server, with a steward and trustees of its own."""
    with at_work(theatre) as alliance:
        organisation = alliance.organisation(name, "labour_market")
        trustees = alliance.trustees(organisation, lambda: "a b c d e f", ("Eva Dam", "Finn Ek", "Gerda Fog"))
        with alliance.databases.alliance_session() as session:
            steward = add_account(session, email, "correct horse battery")
            join(session, steward.id, organisation, MembershipRole.STEWARD)
    return replace(theatre, organisation=organisation, steward=steward.id, trustees=trustees)


def confirmed(theatre: Theatre) -> str:
    """Custody and trustees do their part."""
    with at_work(theatre) as alliance:
        alliance.custody.step()
        with alliance.databases.alliance_session(reading=True) as session:
            (wave,) = [each.id for each in WaveRegistry(session).waves(WaveState.CEREMONY.value)]
        for trustee in theatre.trustees:
            replace(trustee, http=alliance.http).confirm(wave)
        alliance.custody.step()
    return wave


def opened(theatre: Theatre) -> str:
    """The wave, confirmed and opened for answers."""
    wave = confirmed(theatre)
    with at_work(theatre) as alliance, alliance.databases.alliance_session() as session:
        advance(WaveRegistry(session).wave(wave), WaveState.FIELDING)
    return wave


def look(page: Page, name: str) -> None:
    """Keep a picture of the page, for whoever wants to see it (TILLID_PICTURES=folder)."""
    if folder := os.environ.get("TILLID_PICTURES"):
        page.screenshot(path=Path(folder) / f"setup-{name}.png", full_page=True)
