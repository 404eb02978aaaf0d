"""A person with a phone: invitation link, consent, questionnaire, send, receipt; and what is left behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from sqlalchemy import func, select

from questionnaires.loading import load
from survey.sealing.receipts import secret_of
from survey.storage.models import Invitation
from survey.storage.responses import SealedResponse
from survey.waves.manifest import Unit
from tests.live import Live, served

Faults = Callable[[Page], list[str]]
PHONE = {"width": 390, "height": 844}
WORKPLACE = Path("questionnaires/definitions/workplace.yaml")
UNITS = [
    Unit(id="u1", name="Smedjen", parent=None, headcount=40),
    Unit(id="u2", name="Kontoret", parent=None, headcount=56),
]
FORWARD = re.compile("^(Ja, jeg vil gerne svare|Vis spørgsmålene|Næste)$")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, chromium_executable: str) -> Iterator[Live]:
    with served(tmp_path_factory.mktemp("live"), load(WORKPLACE), UNITS, 20) as alliance:
        yield alliance


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return {**browser_context_args, "viewport": PHONE, "locale": "da-DK"}


def stored(live: Live) -> int:
    with live.databases.responses_session(reading=True) as session:
        return session.scalars(select(func.count()).select_from(SealedResponse)).one()


def exchanged(live: Live) -> int:
    with live.databases.alliance_session(reading=True) as session:
        return session.scalars(select(func.count(Invitation.blinded_digest))).one()


def arrive(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("button", name="Ja, jeg vil gerne svare")).to_be_visible()


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def forward(page: Page) -> None:
    before = heading(page), page.get_by_role("button", name=FORWARD).inner_text()
    page.get_by_role("button", name=FORWARD).click()
    page.wait_for_function(
        "([heading, button]) => document.querySelector('h1')?.innerText !== heading"
        " || ![...document.querySelectorAll('button')].some((b) => b.innerText === button)",
        arg=list(before),
    )


def to_review(page: Page, visit: Callable[[Page], None] = lambda _: None) -> None:
    while heading(page) != "Dine svar":
        visit(page)
        forward(page)


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=re.compile(re.escape(question))).get_by_label(answer, exact=True).check(
        force=True
    )


def send(page: Page) -> str:
    """Send, wait for the receipt, and return it."""
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tak. Dit svar er sendt", timeout=30_000)
    found = re.search(r"(?:[0-9A-Z]{4}[- ]){6}[0-9A-Z]{4}", page.get_by_role("main").inner_text())
    assert found
    return found.group()


def test_a_journey_from_link_to_receipt_stores_one_sealed_response(
    page: Page, live: Live, accessibility_faults: Faults
) -> None:
    before = stored(live), exchanged(live)
    arrive(page, live.link(0))
    faults: list[str] = []

    def answer_and_look(page: Page) -> None:
        faults.extend(f"{heading(page)}: {fault}" for fault in accessibility_faults(page))
        if heading(page) == "Regler, hjælp og dialog":
            choose(page, "Ved du, hvem du kan gå til", "Delvist")

    to_review(page, answer_and_look)
    faults.extend(accessibility_faults(page))
    assert (stored(live), exchanged(live)) == before
    receipt = send(page)
    faults.extend(accessibility_faults(page))

    assert faults == []
    assert len(secret_of(receipt)) == 16
    assert (stored(live), exchanged(live)) == (before[0] + 1, before[1] + 1)


def test_the_incident_section_is_asked_only_after_an_experience(page: Page, live: Live) -> None:
    arrive(page, live.link(1))
    seen: list[str] = []

    def visit(page: Page) -> None:
        seen.append(heading(page))
        if heading(page).startswith("Oplevelser") and page.get_by_role("radio").count():
            choose(page, "Nogen har rørt ved dig, krammet dig eller kysset dig", "Ja, én gang")

    to_review(page, visit)

    assert "Det, der skete" in seen


def test_before_send_nothing_leaves_the_tab_and_nothing_is_kept(page: Page, live: Live) -> None:
    asked: list[Request] = []
    arrive(page, live.link(2))
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108  Playwright takes no bound method of a list.

    to_review(page)

    assert [request.url for request in asked] == []
    assert page.context.cookies() == []
    assert page.evaluate("() => localStorage.length") == 0
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0
    assert page.evaluate("async () => (await caches.keys()).length") == 0


def test_no_address_that_the_server_sees_holds_code_or_pin(page: Page, live: Live) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108  Playwright takes no bound method of a list.
    arrive(page, live.link(3))
    to_review(page)
    send(page)

    for request in asked:
        assert request.url.startswith(live.config.base_url)
        assert live.ballot.codes[3] not in request.url.partition("#")[0]
        assert live.ballot.pin not in request.url.partition("#")[0]
        headers = request.all_headers()
        assert "cookie" not in headers
        assert "referer" not in headers
    assert live.ballot.codes[3] not in page.url
    written = live.log.read_text()
    assert live.ballot.wave not in written
    assert live.ballot.codes[3] not in written


def test_two_journeys_with_other_answers_send_requests_of_the_same_lengths(
    browser: Browser, live: Live
) -> None:
    lengths = []
    for number, visit in ((4, lambda _: None), (5, _much)):
        context = browser.new_context(viewport=PHONE, locale="da-DK")  # type: ignore[arg-type]  # a size
        page = context.new_page()
        sent: list[int] = []
        _note_lengths(page, sent)
        arrive(page, live.link(number))
        to_review(page, visit)
        send(page)
        lengths.append([length for length in sent if length])
        context.close()

    assert lengths[0] == lengths[1]
    assert len(lengths[0]) == 2


def _note_lengths(page: Page, sent: list[int]) -> None:
    page.on("request", lambda request: sent.append(len(request.post_data_buffer or b"")))


def _much(page: Page) -> None:
    """Answer every question on the page with its first answer."""
    for group in page.get_by_role("group").all():
        first = group.get_by_role("radio").or_(group.get_by_role("checkbox")).first
        if first.count():
            first.check(force=True)


def test_quick_exit_leaves_nothing_and_the_same_link_elsewhere_gives_one_response(
    browser: Browser, live: Live
) -> None:
    before = stored(live), exchanged(live)
    first = _device(browser)
    page = first.new_page()
    arrive(page, live.link(6))
    forward(page)
    _leave(page, live, lambda: page.get_by_role("link", name="Forlad siden").click())
    assert (stored(live), exchanged(live)) == before
    first.close()

    second = _device(browser)
    page = second.new_page()
    arrive(page, live.link(6))
    to_review(page)
    send(page)
    second.close()

    assert (stored(live), exchanged(live)) == (before[0] + 1, before[1] + 1)


def test_escape_three_times_leaves_at_once(page: Page, live: Live) -> None:
    arrive(page, live.link(7))
    forward(page)

    def press() -> None:
        for _ in range(3):
            page.keyboard.press("Escape")

    _leave(page, live, press)


def _device(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport=PHONE, locale="da-DK")  # type: ignore[arg-type]  # a size


def _leave(page: Page, live: Live, leave: Callable[[], object]) -> None:
    """Leave to the neutral page, which nobody here can reach, and see that this one is gone."""
    page.route(
        lambda url: not url.startswith(live.config.base_url), lambda route: route.fulfill(body="neutral")
    )
    leave()
    page.wait_for_url(lambda url: not url.startswith(live.config.base_url))
    page.goto(live.page())
    expect(page.get_by_role("textbox")).to_be_visible()
    assert page.evaluate("() => Object.keys(sessionStorage)") == []


def test_a_spent_code_is_said_in_words_and_stores_nothing(browser: Browser, live: Live) -> None:
    before = stored(live)
    for round_ in range(2):
        context = _device(browser)
        page = context.new_page()
        arrive(page, live.link(8))
        to_review(page)
        if round_ == 0:
            send(page)
        else:
            page.get_by_role("button", name="Send", exact=True).click()
            expect(page.get_by_role("alert")).to_contain_text("kode", timeout=30_000)
        context.close()

    assert stored(live) == before + 1


def test_another_pin_is_refused_before_anything_is_asked(page: Page, live: Live) -> None:
    page.goto(live.link(9, pin="0" * 16))

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Ja, jeg vil gerne svare")).to_have_count(0)
    assert "ikke dem, din invitation hører til" in page.get_by_role("main").inner_text()


def test_a_reload_in_the_tab_loses_nothing(page: Page, live: Live) -> None:
    arrive(page, live.link(10))
    while heading(page) != "Regler, hjælp og dialog":
        forward(page)
    choose(page, "Ved du, hvem du kan gå til", "Delvist")

    page.reload()

    expect(page.get_by_role("heading", level=1)).to_have_text("Regler, hjælp og dialog")
    group = page.get_by_role("group", name=re.compile("Ved du, hvem du kan gå til"))
    expect(group.get_by_label("Delvist", exact=True)).to_be_checked()


def test_english_can_be_chosen_on_any_page_without_losing_answers(page: Page, live: Live) -> None:
    arrive(page, live.link(11))
    while heading(page) != "Regler, hjælp og dialog":
        forward(page)
    choose(page, "Ved du, hvem du kan gå til", "Delvist")

    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Rules, help and dialogue")
    group = page.get_by_role("group", name=re.compile("Do you know whom to turn to"))
    expect(group.get_by_label("Partly", exact=True)).to_be_checked()
    assert page.locator("html").get_attribute("lang") == "en"


def test_without_javascript_the_page_says_why_in_both_languages(browser: Browser, live: Live) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live.page())

    said = page.locator("noscript").inner_text()

    assert "Slå JavaScript til" in said
    assert "Turn JavaScript on" in said
    context.close()


def test_a_desktop_shows_the_same_journey(browser: Browser, live: Live, accessibility_faults: Faults) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="da-DK")
    page = context.new_page()
    arrive(page, live.link(12))
    while heading(page) != "Omgangstone og kultur":
        forward(page)

    group = page.get_by_role("group", name=re.compile("Hos os bliver det taget alvorligt"))
    heights = {round(radio.bounding_box()["y"]) for radio in group.get_by_role("radio").all()}  # type: ignore[index]  # visible
    assert len(heights) == 1
    assert accessibility_faults(page) == []
    context.close()
