"""A person with a phone: invitation link, consent, questionnaire, send, receipt; and what is left behind."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Request, Response, expect

from survey.sealing.receipts import secret_of
from tests.browser.journeys import (
    AGREE,
    DESKTOP,
    PHONE,
    SEND,
    arrive,
    choose,
    exchanged,
    forward,
    group,
    heading,
    hurry,
    much,
    place,
    send,
    stored,
    to_review,
)
from tests.live import Live

Faults = Callable[[Page], list[str]]
SHORT = 1


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return {**browser_context_args, "viewport": PHONE, "locale": "da-DK"}


def device(browser: Browser, **how: object) -> BrowserContext:
    """A phone of its own: nothing is shared with another one."""
    return browser.new_context(**{"viewport": PHONE, "locale": "da-DK", **how})  # type: ignore[arg-type]  # sizes


def short(live: Live, number: int) -> str:
    """The link of person `number` to the short questionnaire."""
    return live.link(number, ballot=live.ballots[SHORT])


def test_a_journey_from_link_to_receipt_is_seen_by_nobody_until_it_is_sent(
    page: Page, live: Live, accessibility_faults: Faults
) -> None:
    before = stored(live), exchanged(live)
    asked: list[Request] = []
    answered: list[Response] = []
    arrive(page, live.link(0))
    faults: list[str] = []
    seen: list[str] = []
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108  Playwright takes no bound method of a list.
    page.on("response", lambda response: answered.append(response))  # noqa: PLW0108  As above.

    def answer_and_look(page: Page) -> None:
        if heading(page) not in seen:
            faults.extend(f"{heading(page)}: {fault}" for fault in accessibility_faults(page))
        seen.append(heading(page))
        if "krammet" in page.get_by_role("main").inner_text():
            choose(page, "krammet", "Ja, én gang")

    to_review(page, answer_and_look)
    faults.extend(accessibility_faults(page))
    assert "Det, der skete" in seen
    assert asked == []
    assert (stored(live), exchanged(live)) == before
    page.get_by_role("button", name=SEND, exact=True).click()
    expect(page.locator("[aria-current=step]")).to_be_visible()
    faults.extend(accessibility_faults(page))
    expect(page.get_by_test_id("receipt")).to_be_visible(timeout=30_000)
    receipt = page.get_by_test_id("receipt").inner_text()
    faults.extend(accessibility_faults(page))

    assert faults == []
    assert len(secret_of(receipt)) == 16
    assert (stored(live), exchanged(live)) == (before[0] + 1, before[1] + 1)
    assert [request.url.rsplit("/", 1)[1] for request in asked] == ["credential", "responses"]
    _nothing_is_told(live, page, asked, answered, live.ballot.codes[0])
    _nothing_is_left(page)


def _nothing_is_told(
    live: Live, page: Page, asked: list[Request], answered: list[Response], code: str
) -> None:
    for request in asked:
        assert request.url.startswith(live.config.base_url)
        assert code not in request.url
        assert live.ballot.pin not in request.url
        headers = request.all_headers()
        assert "cookie" not in headers
        assert "referer" not in headers
    for response in answered:
        headers = response.all_headers()
        assert headers["cache-control"] == "no-store"
        assert not {"set-cookie", "etag", "last-modified"} & set(headers)
    assert code not in page.url


def _nothing_is_left(page: Page) -> None:
    """After sending the tab knows that it has sent, and nothing else anywhere."""
    kept = page.evaluate("() => JSON.stringify({...sessionStorage})")
    assert '\\"sent\\":true' in kept
    assert '\\"answers\\":{}' in kept
    assert '\\"code\\":\\"\\"' in kept
    assert '\\"credential\\":null' in kept
    assert page.context.cookies() == []
    assert page.evaluate("() => localStorage.length") == 0
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0
    assert page.evaluate("async () => (await caches.keys()).length") == 0


def test_whatever_was_answered_the_server_sees_requests_of_the_same_lengths_and_writes_nothing_of_it(
    browser: Browser, live: Live
) -> None:
    lengths: list[list[int]] = []
    receipts: list[str] = []
    log = live.log.read_text()
    for number, visit in ((0, lambda _: None), (1, much)):
        context = device(browser, user_agent=f"Agent-{number}")
        page = context.new_page()
        hurry(page)
        sent: list[int] = []
        _note_lengths(page, sent)
        arrive(page, short(live, number))
        to_review(page, visit)
        receipts.extend(send(page))
        lengths.append([length for length in sent if length])
        context.close()
    assert lengths[0] == lengths[1]
    assert len(lengths[0]) == 2
    written = live.log.read_text().removeprefix(log).splitlines()
    assert [line for line in written if "Started worker" not in line] == []
    told = [
        *live.ballots[SHORT].codes[:2],
        *receipts,
        *(text.replace("-", "") for text in receipts),
        "Agent-",
    ]
    for path in live.folder.rglob("*"):
        if path.is_file():
            # By another process: closing the file here would drop the locks by which SQLite knows that this
            # one reads as well, and the web would take the log away under it.
            content = subprocess.run(["cat", path], check=True, capture_output=True).stdout
            assert [text for text in told if text.encode() in content] == [], path.name


def _note_lengths(page: Page, sent: list[int]) -> None:
    page.on("request", lambda request: sent.append(len(request.post_data_buffer or b"")))


def test_quick_exit_leaves_nothing_on_any_page_even_while_sending(browser: Browser, live: Live) -> None:
    before = stored(live), exchanged(live)
    link = short(live, 2)
    button, keys = _by_button, _by_keys

    _left(browser, live, link, lambda _: None, button)
    _left(browser, live, link, forward, keys)
    _left(browser, live, link, _to_receipt_field, keys)
    _left(browser, live, live.page(live.ballots[SHORT]), lambda _: None, keys)
    _left(browser, live, live.page() + "x", lambda _: None, keys)
    assert (stored(live), exchanged(live)) == before

    _left(browser, live, link, _to_a_response_on_its_way, button)
    assert stored(live) == before[0]


def _by_button(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Forlad siden|Leave this page")).click()


def _by_keys(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Escape")


def _to_receipt_field(page: Page) -> None:
    page.get_by_role("button", name="Brug din kvittering").click()
    expect(page.get_by_role("textbox")).to_be_visible()


def _to_a_response_on_its_way(page: Page) -> None:
    """Sending has got as far as the response, which never reaches the server."""
    to_review(page)
    page.route("**/responses", lambda _route: None)
    with page.expect_request("**/responses"):
        page.get_by_role("button", name=SEND, exact=True).click()


def _left(
    browser: Browser, live: Live, address: str, go: Callable[[Page], None], leave: Callable[[Page], None]
) -> None:
    """Arrive, go somewhere, leave to the neutral page (nobody reaches it here), and see that all is gone."""
    context = device(browser)
    page = context.new_page()
    hurry(page)
    page.route(
        lambda url: not url.startswith(live.config.base_url), lambda route: route.fulfill(body="neutral")
    )
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.title() == "Spørgeskema"
    go(page)
    leave(page)
    page.wait_for_url(lambda url: not url.startswith(live.config.base_url))
    assert page.evaluate("() => history.state") is None
    page.go_back()
    assert not page.url.startswith(live.config.base_url)

    page.goto(live.page(live.ballots[SHORT]))
    expect(page.get_by_role("textbox", name="Din kode")).to_be_visible()
    assert page.evaluate("() => Object.keys(sessionStorage)") == []
    context.close()


def test_a_typed_code_is_read_forgivingly_and_its_promises_compared(
    page: Page, live: Live, accessibility_faults: Faults
) -> None:
    code, pin = live.ballots[SHORT].codes[3], live.ballots[SHORT].pin
    page.goto(live.page(live.ballots[SHORT]))
    field = page.get_by_role("textbox", name="Din kode")
    field.fill("ikke en kode")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("16 bogstaver og tal")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("Fejl: Koden har 16"))
    assert field.input_value() == "ikke en kode"
    assert accessibility_faults(page) == []

    field.fill(" - ".join(re.findall("....", code.lower())).replace("0", "o").replace("1", "l"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert page.get_by_test_id("fingerprint").inner_text().replace("-", "") == pin
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Ja, det er det samme").click()
    expect(page.get_by_role("button", name=AGREE)).to_be_visible()


def test_another_pin_is_refused_before_anything_is_asked(
    page: Page, live: Live, accessibility_faults: Faults
) -> None:
    page.goto(live.link(9, pin="0" * 16))

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name=AGREE)).to_have_count(0)
    assert "ikke dem, din invitation hører til" in page.get_by_role("main").inner_text()
    faults = accessibility_faults(page)
    # And where there is no wave at all.
    page.goto(f"{live.config.base_url}/w/0000000000000000")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert faults + accessibility_faults(page) == []


def test_changed_answers_take_abandoned_ones_with_them_and_nothing_else_is_lost(
    page: Page, live: Live, accessibility_faults: Faults
) -> None:
    arrive(page, short(live, 4))
    picture = page.get_by_test_id("picture").inner_text()
    assert "0–4" in picture
    assert "42–46" in picture
    forward(page)
    choose(page, "Hvor hører du til", "Smedjen")
    forward(page)

    _the_first_section_counts_and_contradicts(page)
    choose(page, "Er der regler?", "Nej")
    assert place(page) == "Trin 2 af 5"
    choose(page, "Er der regler?", "Ja")
    assert place(page) == "Trin 2 af 6"
    forward(page)
    choose(page, "Er reglerne klare?", "Nej")
    page.go_back()
    choose(page, "Er der regler?", "Nej")
    forward(page)
    expect(
        page.get_by_text("blev et senere spørgsmål ikke længere stillet. Dit svar på det er slettet.")
    ).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_accessible_description(re.compile("slettet"))

    _a_matrix_is_one_question_at_a_time_on_a_phone_and_a_table_on_a_desktop(page, accessibility_faults)
    _a_warning_comes_before_and_a_skip_asks_nothing(page)

    page.get_by_role("button", name="Polski").click()
    review = page.get_by_role("heading", level=1)
    expect(review).to_have_text("Your answers")
    polish = page.get_by_text("Czy są zasady?")
    expect(polish).to_have_attribute("lang", "pl")
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("Are there rules?")).to_be_visible()
    page.reload()
    expect(review).to_have_text("Your answers")
    page.get_by_role("button", name="Change: Are there rules?").click()
    expect(page.get_by_text("Are there rules?")).to_be_focused()
    expect(group(page, "Are there rules?").get_by_label("No", exact=True)).to_be_checked()
    expect(page.get_by_role("button", name="Back to the overview")).to_be_visible()
    page.get_by_role("button", name="Dansk").click()
    expect(page.get_by_role("button", name="Tilbage til oversigten")).to_be_visible()
    _a_closed_tab_forgets(page, live)


def _the_first_section_counts_and_contradicts(page: Page) -> None:
    help_ = "Hvad ville hjælpe?"
    choose(page, help_, "Snak")
    choose(page, help_, "En plan")
    group(page, help_).get_by_label("Tid", exact=True).click(force=True)
    expect(group(page, help_).get_by_role("status")).to_contain_text("Du har valgt to, og det er det højeste")
    expect(group(page, help_).get_by_label("Tid", exact=True)).not_to_be_checked()
    choose(page, help_, "Det er fint")
    expect(group(page, help_).get_by_label("Snak", exact=True)).not_to_be_checked()
    choose(page, help_, "Ønsker ikke at svare")
    expect(group(page, help_).get_by_label("Det er fint", exact=True)).not_to_be_checked()
    choose(page, help_, "Tid")
    expect(group(page, help_).get_by_label("Ønsker ikke at svare", exact=True)).not_to_be_checked()
    choose(page, "Hvor længe har du været her?", "2 år eller mere")
    page.get_by_role("button", name="Fjern svar på: Hvor længe har du været her?").click()
    expect(group(page, "Hvor længe").get_by_label("Under 2 år", exact=True)).to_be_focused()
    expect(group(page, "Hvor længe").get_by_label("2 år eller mere", exact=True)).not_to_be_checked()


def _a_matrix_is_one_question_at_a_time_on_a_phone_and_a_table_on_a_desktop(
    page: Page, faults: Faults
) -> None:
    assert place(page) == "Trin 3 af 5 · spørgsmål 1 af 3"
    choose(page, "Tonen er varm", "Enig")
    forward(page)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert place(page) == "Trin 3 af 5 · spørgsmål 2 af 3"
    expect(page.get_by_role("radio")).to_have_count(3)
    choose(page, "Her er trygt", "Uenig")
    page.go_back()
    expect(group(page, "Tonen er varm").get_by_label("Enig", exact=True)).to_be_checked()
    page.go_forward()
    expect(group(page, "Her er trygt").get_by_label("Uenig", exact=True)).to_be_checked()

    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]  # a size
    expect(page.get_by_role("radio")).to_have_count(9)
    expect(group(page, "Tonen er varm").get_by_label("Enig", exact=True)).to_be_checked()
    boxes = [radio.bounding_box() for radio in group(page, "Her er trygt").get_by_role("radio").all()]
    assert len({round(box["y"]) for box in boxes if box}) == 1
    assert faults(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a size
    forward(page)
    forward(page)


def _a_warning_comes_before_and_a_skip_asks_nothing(page: Page) -> None:
    expect(page.get_by_role("heading", name="Før du går videre")).to_be_visible()
    expect(page.get_by_test_id("help")).to_have_attribute("open", "")
    expect(page.get_by_role("link", name="00 00 00 00")).to_be_visible()
    forward(page)
    choose(page, "Grimme ord", "Én gang")
    forward(page)
    choose(page, "Berøring", "Nej")
    assert place(page) == "Trin 4 af 6 · spørgsmål 2 af 2"
    forward(page)
    choose(page, "Har du fortalt det til nogen?", "Nej")
    page.go_back()
    page.get_by_role("button", name="Spring afsnittet over").click()
    expect(page.get_by_text("Dine 2 svar i det er slettet.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dine svar")
    expect(page.get_by_text("Afsnittet er sprunget over")).to_be_visible()
    expect(page.get_by_text("Har du fortalt det til nogen?")).to_have_count(0)
    page.get_by_role("button", name="Hjælp og kontakt").click()
    expect(page.get_by_role("link", name="00 00 00 00")).to_be_visible()


def test_the_browser_notes_no_answer_beside_its_history(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], live: Live, tmp_path: Path
) -> None:
    """For restoring its tabs a browser writes each entry of the history down, with what was ticked there."""
    profile = browser_type.launch_persistent_context(
        tmp_path,
        **browser_type_launch_args,
        viewport=PHONE,  # type: ignore[arg-type]  # a size
        locale="da-DK",
    )
    page = profile.pages[0]
    arrive(page, short(live, 4))
    forward(page)
    choose(page, "Hvor hører du til", "Smedjen")
    forward(page)
    choose(page, "Er der regler?", "Ja")
    asked = page.locator("fieldset").evaluate_all("(all) => all.map((one) => one.dataset.item)")
    forward(page)
    page.go_back()
    expect(page.get_by_role("radio", name="Ja", exact=True).first).to_be_checked()
    profile.close()

    written = [file.read_bytes() for file in (tmp_path / "Default" / "Sessions").iterdir()]
    assert any(live.ballots[SHORT].wave.encode() in notes for notes in written)
    assert not [name for name in asked for notes in written if name.encode("utf-16-le") in notes]


def _a_closed_tab_forgets(page: Page, live: Live) -> None:
    context = page.context
    other = context.new_page()
    page.close()
    other.goto(live.page(live.ballots[SHORT]))
    expect(other.get_by_role("textbox", name="Din kode")).to_be_visible()
    assert other.evaluate("() => [sessionStorage.length, localStorage.length]") == [0, 0]


def test_the_whole_journey_goes_by_keyboard_and_reads_well(page: Page, live: Live) -> None:
    page.emulate_media(reduced_motion="reduce", forced_colors="active")
    hurry(page)
    arrive(page, short(live, 5))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Spring til indhold")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    assert "#" not in page.url
    _press(page, AGREE)
    expect(page.get_by_role("main")).to_match_aria_snapshot(
        """
        - paragraph: Trin 1 af 6
        - heading "Din afdeling eller gruppe" [level=1]
        - group "Hvor hører du til?":
          - radio "Smedjen"
          - radio "Kontoret"
        - button "Næste"
        - button "Tilbage"
        """
    )
    _answer_by_keyboard(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Dine svar")
    expect(page.get_by_role("main")).to_match_aria_snapshot(
        """
        - heading "Tonen" [level=2]
        - term: Tonen er varm.
        - definition: Uenig
        - definition:
          - 'button "Ret: Tonen er varm."'
        """
    )
    _press(page, SEND)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tak. Dit svar er sendt", timeout=30_000)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("region", name=re.compile("^Det kan du skrive"))).to_match_aria_snapshot(
        """
        - heading /^Det kan du skrive/ [level=2]
        - heading "Din kvittering" [level=3]
        - heading "Dit nummer på listen" [level=3]
        - button "Kopiér"
        - button "Udskriv"
        """
    )
    page.emulate_media(media="print")
    expect(page.get_by_test_id("receipt")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("link", name="Forlad siden")).to_have_count(0)


def _press(page: Page, name: str) -> None:
    """Tab to a button, and press it."""
    button = page.get_by_role("button", name=name, exact=True)
    for _ in range(60):
        if button.evaluate("(button) => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def _answer_by_keyboard(page: Page) -> None:
    """Tab through each page, choose what comes by with the space bar, and press the button that leads on."""
    seen: list[str] = []
    while heading(page) != "Dine svar":
        now = f"{heading(page)} {place(page)} {page.locator('.answering-main .button-primary').inner_text()}"
        assert now not in seen
        seen.append(now)
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        for _ in range(40):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "() => [document.activeElement.type, document.activeElement.innerText,"
                " document.activeElement.getBoundingClientRect().top >="
                " document.querySelector('.answering-bar').getBoundingClientRect().bottom]"
            )
            assert focused[2] or focused[0] not in ("radio", "checkbox"), "the bar hides what has the focus"
            if focused[0] in ("radio", "checkbox"):
                page.keyboard.press("Space")
            elif focused[1] in ("Næste", "Vis spørgsmålene"):
                page.keyboard.press("Enter")
                break
        page.wait_for_function(
            "(before) => `${document.querySelector('h1').innerText}"
            " ${document.getElementById('above')?.innerText ?? ''}"
            " ${document.querySelector('.answering-main .button-primary').innerText}` !== before",
            arg=now,
        )


def test_without_javascript_the_page_says_why_in_both_languages(browser: Browser, live: Live) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live.page())

    said = page.locator("noscript").inner_text()

    assert "Slå JavaScript til" in said
    assert "Turn JavaScript on" in said
    context.close()


@pytest.mark.parametrize(("width", "zoom"), [(320, 1), (1280, 4)])
def test_nothing_has_to_be_scrolled_sideways_on_a_narrow_or_enlarged_page(
    browser: Browser, live: Live, width: int, zoom: int
) -> None:
    # Zooming in leaves fewer and larger pixels of the style sheet: at 400 % a window of 1,280 has 320.
    viewport = {"width": width // zoom, "height": 900 // zoom}
    context = device(browser, viewport=viewport, device_scale_factor=zoom)
    page = context.new_page()
    wide: list[str] = []

    def look(page: Page) -> None:
        if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            wide.append(f"{heading(page)} {place(page)}")

    arrive(page, live.link(8) if zoom == 1 else short(live, 8))
    to_review(page, look)
    look(page)
    context.close()

    assert wide == []
