"""A leader reads a release in a browser: pictures under the strict policy, tables without any script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.released import BY_UNIT, Released

FIRST = "#figure-I11_climate_index"


def draw_everything(page: Page) -> None:
    """Have every picture drawn, as printing the page would."""
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function("() => !document.querySelector('[data-chart]:not([data-chart=drawn])')")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_dashboard_can_be_used_by_everyone_on_every_screen(
    released: Released,
    page: Page,
    accessibility_faults: Callable[[Page], list[str]],
    width: int,
    language: str,
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    released.sign_in(page)
    page.goto(released.address(language))
    draw_everything(page)

    assert page.locator("[data-chart=drawn] .trace.bars").count() > 30
    assert accessibility_faults(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(FIRST).get_by_role("img")).to_have_attribute(
        "aria-label",
        page.locator(f"{FIRST} h3").inner_text()
        + " "
        + page.locator(f"{FIRST} .figure-finding").inner_text(),
    )


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["da", "en"])
def test_every_page_of_a_leader_can_be_used_by_everyone_on_every_screen(
    released: Released,
    page: Page,
    accessibility_faults: Callable[[Page], list[str]],
    width: int,
    language: str,
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    released.sign_in(page)
    headings = []
    for part in ("", "/brief", "/definitions", "/groups", f"/groups/{BY_UNIT}", "/plan", "/sharing"):
        page.goto(released.address(language).replace("?", f"{part}?"))
        headings.append(page.locator("h1").inner_text())
        assert accessibility_faults(page) == [], part
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), part
        named = page.locator("section[aria-labelledby], [role=region][aria-labelledby]")
        names = named.evaluate_all("(all) => all.map((one) => one.getAttribute('aria-labelledby'))")
        assert len(names) == len(set(names)), part

    assert len(set(headings)) == len(headings)
    assert page.goto(released.address(language)) is not None
    page.emulate_media(media="print", forced_colors="active")
    expect(page.locator(".site-footer")).to_be_hidden()
    expect(page.locator(f"{FIRST} table")).to_be_visible()


def test_a_picture_is_drawn_when_it_comes_into_sight_and_never_takes_the_keyboard(
    released: Released, page: Page
) -> None:
    released.sign_in(page)
    page.goto(released.address("da"))
    last = page.locator("[data-chart]").last

    assert last.get_attribute("data-chart") == ""
    last.scroll_into_view_if_needed()
    expect(last).to_have_attribute("data-chart", "drawn")
    assert page.locator("[data-chart] :is(a, button, [tabindex])").count() == 0


def test_a_bar_is_as_long_as_its_table_says(released: Released, page: Page) -> None:
    released.sign_in(page)
    page.goto(released.address("en"))
    page.locator(FIRST).scroll_into_view_if_needed()
    expect(page.locator(f"{FIRST} [data-chart]")).to_have_attribute("data-chart", "drawn")

    bars = page.locator(f"{FIRST} .trace.bars").first.locator("path")
    lengths = [box["width"] for bar in bars.all() if (box := bar.bounding_box())]
    shares = [
        int(text.rstrip("%")) for text in page.locator(f"{FIRST} tbody td:nth-child(3)").all_inner_texts()[:3]
    ]
    assert len(lengths) == 3
    for length, share in zip(lengths, shares, strict=True):
        assert length / lengths[0] == pytest.approx(share / shares[0], abs=0.02)


def test_without_a_script_every_figure_is_there_in_words(released: Released, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    released.sign_in(page)
    page.goto(released.address("da"))

    articles = page.locator("article")
    assert articles.count() > 30
    assert articles.locator("table:visible").count() == articles.count()
    assert page.locator("[data-picture]:visible").count() == 0
    context.close()


def test_the_release_can_be_fetched_as_a_file(released: Released, page: Page) -> None:
    released.sign_in(page)
    page.goto(released.address("da"))

    with page.expect_download() as started:
        page.get_by_role(
            "link", name="Tallene, som de blev underskrevet, da svarene blev åbnet (JSON)"
        ).click()

    assert started.value.suggested_filename == f"tillid-release-{released.wave}.json"
    assert Path(started.value.path()).read_bytes().startswith(b'{"format":"tillid-release/1"')
