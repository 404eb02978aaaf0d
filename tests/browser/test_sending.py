"""
A bad network, and coming back: sending ends with exactly one counted response, or with a clear word.

Nothing typed is lost. The server is the real one, stopped, started and closed in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.journeys import (
    PHONE,
    SEND,
    arrive,
    choose,
    exchanged,
    forward,
    heading,
    hurry,
    receipt,
    send,
    stored,
    to_review,
)
from tests.live import Live

Faults = Callable[[Page], list[str]]
SHORT, CLOSING = 1, 2
AGAIN = "Prøv igen"


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, locale="da-DK")  # type: ignore[arg-type]  # a size
    yield context
    context.close()


def link(live: Live, number: int, wave: int = SHORT) -> str:
    """The link of person `number` to a wave."""
    return live.link(number, ballot=live.ballots[wave])


def ready(phone: BrowserContext, link: str) -> Page:
    """A tab in which one question is answered and all is reviewed."""
    page = phone.new_page()
    hurry(page)
    arrive(page, link)

    def visit(page: Page) -> None:
        if heading(page) == "Til at begynde med":
            choose(page, "Er der regler?", "Nej")

    to_review(page, visit)
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def failed(page: Page, failure: str, title: str = "Dit svar er ikke sendt endnu") -> None:
    """The page says what happened, in its heading and to a screen reader at once."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title, timeout=30_000)
    expect(page.get_by_role("alert").locator(f"[data-failure={failure}]")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()


UNSURE = "Vi ved ikke, om dit svar nåede frem"


def lost(route: Route) -> None:
    """The server has heard, and its answer goes nowhere."""
    route.fetch()
    route.abort()


def test_lost_answers_errors_and_a_restart_end_in_one_response(phone: BrowserContext, live: Live) -> None:
    before = stored(live), exchanged(live)
    page = ready(phone, link(live, 10))

    page.route("**/credential", lost, times=1)
    press(page, SEND)
    failed(page, "offline")
    assert (stored(live), exchanged(live)) == (before[0], before[1] + 1)

    page.route("**/responses", lambda route: route.fulfill(status=500, body="no"), times=1)
    press(page, AGAIN)
    failed(page, "unexpected", UNSURE)
    page.reload()
    receipt_after_reload = page.get_by_role("heading", level=1)
    expect(receipt_after_reload).to_have_text("Tak. Dit svar er sendt", timeout=30_000)
    assert (stored(live), exchanged(live)) == (before[0] + 1, before[1] + 1)

    page = ready(phone, link(live, 11))
    page.route("**/responses", lambda route: _stopped(live, route), times=1)
    press(page, SEND)
    failed(page, "offline", UNSURE)
    press(page, "Tilbage til oversigten")
    expect(page.locator("[data-answer=rules]")).to_contain_text("Nej")
    press(page, SEND)
    failed(page, "offline", UNSURE)
    live.web.start()
    page.evaluate("() => dispatchEvent(new Event('online'))")
    receipt(page)
    assert (stored(live), exchanged(live)) == (before[0] + 2, before[1] + 2)


def test_whoever_answers_where_somebody_guessed_codes_notices_nothing(
    phone: BrowserContext, live: Live
) -> None:
    before, page = stored(live), ready(phone, link(live, 17))
    address = f"{live.config.base_url}/w/{live.ballots[SHORT].wave}/credential"
    wrong = b"0" * 16 + bytes(255) + b"\x01"
    for _ in range(60 * live.config.workers):
        guessed = httpx.post(address, content=wrong, headers={"Content-Type": "application/octet-stream"})
    assert guessed.status_code == 429
    exchanges: list[str] = []
    page.on("request", lambda asked: exchanges.append(asked.url) if asked.url == address else None)

    press(page, SEND)

    receipt(page)
    assert (stored(live), len(exchanges)) == (before + 1, 2)


def _stopped(live: Live, route: Route) -> None:
    live.web.stop()
    route.abort()


def test_answers_changed_after_a_lost_answer_replace_what_had_arrived(
    phone: BrowserContext, live: Live
) -> None:
    before = stored(live)
    page = ready(phone, link(live, 12))
    page.route("**/responses", lost, times=1)
    press(page, SEND)
    failed(page, "offline", UNSURE)
    assert stored(live) == before + 1
    press(page, "Tilbage til oversigten")
    press(page, "Ret: Er der regler?")
    choose(page, "Er der regler?", "Er i tvivl")
    while heading(page) != "Dine svar":
        forward(page)
    send(page)

    assert stored(live) == before + 1


def test_two_tabs_count_once_and_the_second_is_told_so(
    phone: BrowserContext, live: Live, accessibility_faults: Faults
) -> None:
    before = stored(live), exchanged(live)
    first, second = ready(phone, link(live, 13)), ready(phone, link(live, 13))
    noted, _ = send(first)
    press(second, SEND)
    failed(second, "code_refused")
    assert accessibility_faults(second) == []
    assert (stored(live), exchanged(live)) == (before[0] + 1, before[1] + 1)

    # What was typed in the second tab is not lost either: with the receipt it takes the first one's place.
    second.get_by_role("textbox", name="Din kvittering").fill(noted)
    press(second, "Erstat mit tidligere svar")
    again, _ = receipt(second)
    assert again == noted
    assert stored(live) == before[0] + 1

    third = ready(phone, link(live, 14))
    third.route("**/responses", lambda route: route.abort(), times=1)
    press(third, SEND)
    failed(third, "offline", UNSURE)
    copied = third.evaluate("() => ({...sessionStorage})")
    twin = phone.new_page()
    hurry(twin)
    twin.goto(live.page(live.ballots[SHORT]))
    twin.evaluate(
        "(kept) => Object.entries(kept).forEach(([key, value]) => sessionStorage.setItem(key, value))", copied
    )
    twin.reload()
    to_review(twin)
    press(twin, SEND)
    receipt(twin)
    press(third, AGAIN)
    receipt(third)
    assert stored(live) == before[0] + 2


def test_a_receipt_replaces_and_withdraws_from_another_device(
    browser: Browser, phone: BrowserContext, live: Live, accessibility_faults: Faults
) -> None:
    before = stored(live)
    noted, number = send(ready(phone, link(live, 15)))
    context = browser.new_context(viewport=PHONE, locale="da-DK")  # type: ignore[arg-type]  # a size
    page = context.new_page()
    hurry(page)
    _with_receipt(page, live, noted)
    press(page, "Svar igen")
    expect(page.get_by_text("Du er ved at erstatte dit tidligere svar.")).to_be_visible()
    page.reload()
    to_review(page)
    again, other = send(page)
    assert (again, stored(live)) == (noted, before + 1)
    assert other != number
    assert noted.replace("-", "") not in page.evaluate("() => JSON.stringify({...sessionStorage})")

    _with_receipt(page, live, noted.lower())
    faults = accessibility_faults(page)
    press(page, "Træk mit svar tilbage")
    faults += accessibility_faults(page)
    press(page, "Ja, træk det tilbage")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dit svar er trukket tilbage")
    faults += accessibility_faults(page)
    assert page.evaluate("() => Object.keys(sessionStorage)") == []
    assert stored(live) == before + 1

    _with_receipt(page, live, "0" * 28, "Det er ikke en kvittering.")
    assert faults + accessibility_faults(page) == []
    context.close()


def _with_receipt(page: Page, live: Live, noted: str, refused: str = "") -> None:
    """Come to the wave's page with nothing but a receipt, and compare the promises."""
    page.evaluate("() => { try { sessionStorage.clear() } catch { /* a blank page has none */ } }")
    page.goto(live.page(live.ballots[SHORT]))
    press(page, "Brug din kvittering")
    assert page.get_by_test_id("fingerprint").inner_text().replace("-", "") == live.ballots[SHORT].pin
    press(page, "Ja, det er det samme")
    page.get_by_role("textbox", name="Din kvittering").fill(noted)
    page.keyboard.press("Enter")
    if refused:
        expect(page.get_by_role("alert")).to_contain_text(refused)
    else:
        expect(page.get_by_role("heading", level=1)).to_have_text("Hvad vil du med dit svar?")


def test_a_wave_that_closes_in_between_says_what_became_of_a_response_and_its_list_shows_it(
    phone: BrowserContext, live: Live, accessibility_faults: Faults
) -> None:
    _, noted = send(ready(phone, link(live, 0, CLOSING)))
    late, unsure, replacing = (
        ready(phone, link(live, 1, CLOSING)),
        ready(phone, link(live, 2, CLOSING)),
        phone.new_page(),
    )
    unsure.route("**/responses", lost, times=1)
    press(unsure, SEND)
    failed(unsure, "offline", UNSURE)
    replacing.goto(live.page(live.ballots[CLOSING]))
    before = stored(live)
    live.close(live.ballots[CLOSING])

    press(late, SEND)
    failed(late, "wave_closed")
    expect(late.get_by_text("Intet er gemt.")).to_be_visible()
    press(unsure, AGAIN)
    expect(unsure.get_by_text("så vi ved ikke, om det nåede med")).to_be_visible(timeout=30_000)
    arrived = unsure.get_by_test_id("list-number").inner_text()
    faults = accessibility_faults(unsure)
    assert stored(live) == before

    asked: list[str] = []
    unsure.on("request", lambda request: asked.append(request.url))
    press(unsure, "Se, om dit svar er talt med")
    _looked_up(unsure, arrived, "Ja. Dit svar er med.")
    _looked_up(unsure, noted, "Ja. Dit svar er med.")
    _looked_up(unsure, "0000-0000", "Nummeret står ikke blandt")
    assert {url.removeprefix(live.page(live.ballots[CLOSING])) for url in asked} == {"/list.json", "/list/"}

    faults += accessibility_faults(unsure)

    replacing.reload()
    expect(replacing.get_by_role("heading", level=1)).to_have_text("Undersøgelsen er lukket")
    faults += accessibility_faults(replacing)
    assert faults == []
    press(replacing, "Se, om dit svar er talt med")
    press(replacing, "Ja, det er det samme")
    _looked_up(replacing, noted, "Ja. Dit svar er med.")
    replacing.go_back()
    replacing.get_by_role("link", name="Undersøgelsen i tal").click()
    expect(replacing.get_by_role("heading", level=1)).to_have_text("Undersøgelsen i tal")
    assert accessibility_faults(replacing) == []


def _looked_up(page: Page, number: str, says: str) -> None:
    page.get_by_role("textbox", name="Dit nummer på listen").fill(number)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("look")).to_contain_text(says)


def test_another_second_script_than_the_first_one_names_never_runs_and_nothing_is_sent(
    phone: BrowserContext, live: Live
) -> None:
    def changed(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=f"globalThis.hasRun = true;{answer.text()}")

    phone.route("**/sealed-*.js*", changed)
    before = exchanged(live)
    page = ready(phone, link(live, 16))
    press(page, SEND)

    failed(page, "offline")
    assert page.evaluate("globalThis.hasRun") is None
    assert exchanged(live) == before
    phone.unroute("**/sealed-*.js*")
    press(page, AGAIN)
    receipt(page)
    assert exchanged(live) == before + 1
