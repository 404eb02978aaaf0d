"""What a respondent does on the answering pages, for tests: arrive, answer, move, send."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from survey.storage.models import Invitation
from survey.storage.responses import SealedResponse
from survey.waves.manifest import Unit
from tests.live import Live

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
UNITS = [
    Unit(id="u1", name="Smedjen", parent=None, headcount=40),
    Unit(id="u2", name="Kontoret", parent=None, headcount=56),
]
AGREE = "Ja, jeg vil gerne svare"
SEND = "Send"
RECEIPT = "Tak. Dit svar er sendt"
FORWARD = re.compile("^(Ja, jeg vil gerne svare|Vis spørgsmålene|Næste|Tilbage til oversigten)$")
# Of the pause between exchange and submission only its end is awaited; one journey waits for the real one.
_HURRY = """
const wait = globalThis.setTimeout;
globalThis.setTimeout = (done, ms, ...rest) => wait(done, ms >= 2000 && ms <= 6000 ? 30 : ms, ...rest);
"""


def hurry(page: Page) -> None:
    """Shorten the random pause before a response is sent."""
    page.add_init_script(_HURRY)


def stored(live: Live) -> int:
    """How many responses the server holds, in all waves."""
    with live.databases.responses_session(reading=True) as session:
        return session.scalars(select(func.count()).select_from(SealedResponse)).one()


def exchanged(live: Live) -> int:
    """How many codes were exchanged, in all waves."""
    with live.databases.alliance_session(reading=True) as session:
        return session.scalars(select(func.count(Invitation.blinded_digest))).one()


def arrive(page: Page, address: str) -> None:
    """Open an invitation link."""
    page.goto(address)
    expect(page.get_by_role("button", name=AGREE)).to_be_visible()


def heading(page: Page) -> str:
    """The heading of the page."""
    return page.get_by_role("heading", level=1).inner_text()


def place(page: Page) -> str:
    """What stands above the heading: the step, and the question of a matrix on a phone."""
    above = page.locator("#above")
    return above.inner_text() if above.count() else ""


def forward(page: Page) -> None:
    """Press the button that leads on, and wait for what comes."""
    button = page.get_by_role("button", name=FORWARD)
    before = [heading(page), place(page), button.inner_text()]
    button.click()
    page.wait_for_function(
        """(before) => before.join() !== [
          document.querySelector("h1")?.innerText,
          document.getElementById("above")?.innerText ?? "",
          document.querySelector(".answering-main .button-primary")?.innerText,
        ].join()""",
        arg=before,
    )


def to_section(page: Page, title: str, visit: Callable[[Page], None] = lambda _: None) -> None:
    """Go on until a heading comes; `visit` sees every page before it."""
    while heading(page) != title:
        visit(page)
        forward(page)


def to_review(page: Page, visit: Callable[[Page], None] = lambda _: None) -> None:
    """Go on to the review."""
    to_section(page, "Dine svar", visit)


def group(page: Page, question: str) -> Locator:
    """The question with this text."""
    return page.get_by_role("group", name=re.compile(re.escape(question)))


def choose(page: Page, question: str, answer: str) -> None:
    """Choose one answer, or tick one."""
    group(page, question).get_by_label(answer, exact=True).check(force=True)


def much(page: Page) -> None:
    """Answer every question on the page with its first answer."""
    for one in page.get_by_role("group").all():
        first = one.get_by_role("radio").or_(one.get_by_role("checkbox")).first
        if first.count():
            first.check(force=True)


def send(page: Page) -> tuple[str, str]:
    """Send, wait for the receipt, and return it with the number on the list."""
    page.get_by_role("button", name=SEND, exact=True).click()
    return receipt(page)


def receipt(page: Page) -> tuple[str, str]:
    """Wait for the receipt; it, and the number on the list."""
    expect(page.get_by_role("heading", level=1)).to_have_text(RECEIPT, timeout=30_000)
    return page.get_by_test_id("receipt").inner_text(), page.get_by_test_id("list-number").inner_text()
