"""A leader reads a release in a browser: pictures under the strict policy, tables without any script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from analysis.plan import publication_plan
from analysis.release import Row, Table
from config import Config
from questionnaires.loading import load
from questionnaires.model import Questionnaire
from survey.accounts.links import one_time_link
from survey.people.accounts import add_account, join
from survey.storage.databases import open_databases
from survey.storage.identifiers import new_identifier
from survey.storage.models import MembershipRole, Organisation
from survey.storage.upgrading import upgrade
from tests.live import free_port, web_process
from tests.releases import store, tables

FIRST = "#figure-I11_climate_index"
BY_UNIT = "I11_climate_index"
UNITS = [{"id": f"u{n}", "name": f"Afdeling {n}", "parent": None, "headcount": 40} for n in range(4)]


@dataclass(frozen=True, slots=True)
class Served:
    """A served organisation with one release, and its leader."""

    config: Config
    organisation: str
    wave: str
    leader: str

    def sign_in(self, page: Page) -> None:
        """Sign the leader in by a fresh link."""
        page.goto(one_time_link(self.config.secret_key, self.config.base_url, self.leader))

    def address(self, language: str) -> str:
        """Where the dashboard is."""
        return f"{self.config.base_url}/o/{self.organisation}/releases/{self.wave}?lang={language}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, chromium_executable: str) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("dashboard")
    config = replace(Config.for_demo(folder, free_port()), workers=1)
    databases = open_databases(config.database_url, config.responses_url)
    upgrade(databases)
    workplace = load(Path("questionnaires/definitions/workplace.yaml"))
    with databases.alliance_session() as session:
        organisation = Organisation(id=new_identifier(), name="Havnens Værksted", area="labour_market")
        session.add(organisation)
        session.flush()
        leader = add_account(session, "leader@example.org", "correct horse battery")
        join(session, leader.id, organisation.id, MembershipRole.LEADER)
        shown = tables(workplace)
        shown += [by_unit(workplace, table) for table in shown if table.id == BY_UNIT]
        wave = store(session, organisation, workplace, shown, breakdowns=("unit",), units=UNITS)
        made = Served(config, organisation.id, wave, leader.id)
    databases.dispose()
    with web_process(config, folder / "web.log"):
        yield made


def by_unit(questionnaire: Questionnaire, whole: Table) -> Table:
    """The same figure of each unit, in ranges."""
    plan = publication_plan(questionnaire, breakdowns=("unit",), open_wave=False)
    named = next(planned.id for planned in plan.tables if planned.by == "unit" and planned.item == whole.item)
    rows = tuple(
        Row(group=f"u{n}", parent=None, base=(20, 20), cells=((10, 14), (5, 9), (0, 4), (0, 4)), mean=None)
        for n in range(len(UNITS))
    )
    return whole.model_copy(update={"id": named, "by": "unit", "rows": rows})


def draw_everything(page: Page) -> None:
    """Have every picture drawn, as printing the page would."""
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function("() => !document.querySelector('[data-chart]:not([data-chart=drawn])')")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_dashboard_can_be_used_by_everyone_on_every_screen(
    served: Served,
    page: Page,
    accessibility_faults: Callable[[Page], list[str]],
    width: int,
    language: str,
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    served.sign_in(page)
    page.goto(served.address(language))
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
    served: Served,
    page: Page,
    accessibility_faults: Callable[[Page], list[str]],
    width: int,
    language: str,
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    served.sign_in(page)
    headings = []
    for part in ("", "/brief", "/definitions", "/groups", f"/groups/{BY_UNIT}", "/plan", "/sharing"):
        page.goto(served.address(language).replace("?", f"{part}?"))
        headings.append(page.locator("h1").inner_text())
        assert accessibility_faults(page) == [], part
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), part
        named = page.locator("section[aria-labelledby], [role=region][aria-labelledby]")
        names = named.evaluate_all("(all) => all.map((one) => one.getAttribute('aria-labelledby'))")
        assert len(names) == len(set(names)), part

    assert len(set(headings)) == len(headings)
    assert page.goto(served.address(language)) is not None
    page.emulate_media(media="print", forced_colors="active")
    expect(page.locator(".site-footer")).to_be_hidden()
    expect(page.locator(f"{FIRST} table")).to_be_visible()


def test_a_picture_is_drawn_when_it_comes_into_sight_and_never_takes_the_keyboard(
    served: Served, page: Page
) -> None:
    served.sign_in(page)
    page.goto(served.address("da"))
    last = page.locator("[data-chart]").last

    assert last.get_attribute("data-chart") == ""
    last.scroll_into_view_if_needed()
    expect(last).to_have_attribute("data-chart", "drawn")
    assert page.locator("[data-chart] :is(a, button, [tabindex])").count() == 0


def test_a_bar_is_as_long_as_its_table_says(served: Served, page: Page) -> None:
    served.sign_in(page)
    page.goto(served.address("en"))
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


def test_without_a_script_every_figure_is_there_in_words(served: Served, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    served.sign_in(page)
    page.goto(served.address("da"))

    articles = page.locator("article")
    assert articles.count() > 30
    assert articles.locator("table:visible").count() == articles.count()
    assert page.locator("[data-picture]:visible").count() == 0
    context.close()


def test_the_release_can_be_fetched_as_a_file(served: Served, page: Page) -> None:
    served.sign_in(page)
    page.goto(served.address("da"))

    with page.expect_download() as started:
        page.get_by_role(
            "link", name="Tallene, som de blev underskrevet, da svarene blev åbnet (JSON)"
        ).click()

    assert started.value.suggested_filename == f"tillid-release-{served.wave}.json"
    assert Path(started.value.path()).read_bytes().startswith(b'{"format":"tillid-release/1"')
