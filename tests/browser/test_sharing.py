"""A release is shown to those who were asked, given to the alliance and back, and withdrawn for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from analysis.measures import indicators_of
from questionnaires.loading import load
from tests.browser.conftest import WORKPLACE
from tests.browser.journeys import PHONE
from tests.browser.released import Released

SHARING = "Hvem ser tallene?"
FOUND = "Hvad der kom ud af det"
GONE = "Disse tal er trukket tilbage"
NOT_SHOWN = "Her er ingen resultater"
REASON = "De forkerte blev spurgt."


@pytest.fixture
def outside(browser: Browser) -> Iterator[Page]:
    """The phone of somebody who was asked: no account, and no cookie ever."""
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]  # a size
    yield context.new_page()
    assert context.cookies() == []
    context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_steward_sees_beforehand_what_others_will_and_they_see_that_and_no_more(
    released: Released, page: Page, outside: Page, accessibility_faults: Callable[[Page], list[str]]
) -> None:
    def fine(looked_at: Page, heading: str) -> None:
        expect(looked_at.get_by_role("heading", level=1)).to_have_text(heading)
        assert accessibility_faults(looked_at) == [], heading
        assert looked_at.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), heading

    def everybody_finds(heading: str) -> None:
        outside.goto(f"{released.config.base_url}/w/{released.shareable}/results?lang=da")
        fine(outside, heading)

    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a size
    released.sign_in(page, released.steward)
    page.goto(released.address("da", released.shareable))
    page.get_by_role("link", name="Se, hvem der kan se dem").click()
    fine(page, SHARING)
    everybody_finds(NOT_SHOWN)

    # Shown to those who were asked, as it was seen beforehand.
    page.get_by_role("link", name="Se siden, som den kommer til at se ud").click()
    fine(page, FOUND)
    beforehand = page.locator("main").inner_text()
    page.go_back()
    press(page, "Vis tallene for alle, der blev spurgt")
    expect(page.get_by_role("button", name="Hold op med at vise tallene")).to_be_visible()
    fine(page, SHARING)
    everybody_finds(FOUND)
    assert outside.locator("main").inner_text() == beforehand

    # Given to the alliance: what is handed over stands there by name, and no number of what was answered.
    handed_over = page.locator(".handed-over li").all_inner_texts()
    assert handed_over == [indicator.names.da for indicator in indicators_of(load(WORKPLACE))]
    press(page, "Del tallene med alliancen")
    expect(page.get_by_role("button", name="Tag tallene tilbage fra alliancen")).to_be_visible()
    fine(page, SHARING)
    press(page, "Tag tallene tilbage fra alliancen")
    expect(page.get_by_role("button", name="Del tallene med alliancen")).to_be_visible()

    # Withdrawn: not without a reason, and then everybody who saw the figures can read it.
    page.get_by_text("Træk tallene tilbage", exact=True).click()
    press(page, "Træk tallene helt tilbage")
    expect(page).to_have_title(f"Fejl: {SHARING} – Tillid")
    fine(page, SHARING)
    page.get_by_label("Hvorfor trækker I tallene tilbage?").fill(REASON)
    page.get_by_label("Jeg ved, at de aldrig kan vises igen").check()
    press(page, "Træk tallene helt tilbage")
    fine(page, "Tal fra Havnens Værksted")
    page.goto(released.address("da", released.shareable))
    outside.reload()
    for looked_at in (page, outside):
        fine(looked_at, GONE)
        expect(looked_at.locator("blockquote")).to_have_text(REASON)
        assert looked_at.locator("table").count() == 0
