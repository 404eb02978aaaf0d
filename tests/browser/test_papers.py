"""Papers typed in at the trustees' page: sealed in the browser, counted once, no more than were promised."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import func, select

from questionnaires.loading import load
from survey.commands.alliance import Alliance, open_alliance
from survey.storage.models import TrusteeRole
from survey.storage.responses import SealedResponse
from survey.trustees.keyfile import new_passphrase, wrap
from survey.waves.clock import today
from survey.waves.manifest import Unit
from tests.alliances import plan
from tests.live import free_port, web_process

Faults = Callable[[Page], list[str]]
PAPERS = 2
PATIENCE = 60_000
UNITS = [Unit(id="u1", name="Smedjen", parent=None, headcount=12)]
QUESTIONNAIRE = Path("tests/questionnaires_for_tests/journey.yaml")


@dataclass(frozen=True, slots=True)
class Here:
    """A served wave with two places for papers, and the key files of those who hold its keys."""

    alliance: Alliance
    wave: str
    files: dict[TrusteeRole, tuple[Path, str]]

    def stored(self) -> int:
        with self.alliance.databases.responses_session(reading=True) as session:
            return session.scalars(select(func.count()).select_from(SealedResponse)).one()


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, chromium_executable: str) -> Iterator[Here]:
    folder = tmp_path_factory.mktemp("papers")
    with open_alliance(folder, free_port()) as alliance:
        organisation = alliance.organisation("Havnens Værksted", "labour_market")
        promised = plan(12, UNITS, today()).model_copy(update={"paper_credentials": PAPERS})
        promised = promised.model_copy(update={"languages": ("da", "en")})
        ballot = alliance.field(organisation, load(QUESTIONNAIRE), promised, alliance.trustees(organisation))
        files = {}
        for trustee in ballot.trustees:
            role, words = TrusteeRole(trustee.file.role), new_passphrase()
            kdf, wrapped = wrap(trustee.seed, words)
            changed = {"kdf": kdf, "wrapped_seed": wrapped, "server": alliance.config.base_url}
            files[role] = (folder / f"{role.value}.json", words)
            trustee.file.model_copy(update=changed).save(files[role][0])
        with web_process(alliance.config, folder / "web.log"):
            yield Here(alliance, ballot.wave, files)


def at_the_wave(page: Page, here: Here, role: TrusteeRole, language: str) -> None:
    """Open a key file, and look at the wave."""
    page.set_default_timeout(PATIENCE)
    file, words = here.files[role]
    page.goto(f"{here.alliance.config.base_url}/trustees/?lang={language}")
    page.locator("#file").set_input_files(file)
    page.get_by_label(re.compile("^(De seks ord|The six words)$")).fill(words)
    page.get_by_role("button", name=re.compile("^(Åbn|Open)$")).click()
    page.get_by_role("button", name=re.compile("^(Se løfterne|See the promises)")).click()
    expect(page.get_by_test_id("keys")).to_be_visible(timeout=PATIENCE)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def type_in(page: Page, begin: str, forward: str, look: str) -> None:
    """Type a paper in whose person crossed the first answer of everything."""
    press(page, begin)
    heading = page.get_by_role("heading", level=1)
    while heading.inner_text() != look:
        for one in page.get_by_role("group").all():
            first = one.get_by_role("radio").or_(one.get_by_role("checkbox")).first
            if first.count():
                first.check(force=True)
        page.get_by_role("button", name=re.compile(forward)).first.click()


def test_papers_are_typed_in_sealed_and_counted_once_though_an_answer_is_lost(
    browser: Browser, here: Here, accessibility_faults: Faults
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="da-DK")
    page = context.new_page()
    at_the_wave(page, here, TrusteeRole.EMPLOYEES, "da")
    press(page, "Tast papirer ind")
    assert accessibility_faults(page) == []
    forward, look = "^(Næste|Vis spørgsmålene)$", "Står det sådan på papiret?"

    type_in(page, "Tast et papir ind", forward, look)
    assert accessibility_faults(page) == []
    assert here.stored() == 0
    press(page, "Lås og send")
    expect(page.get_by_role("status")).to_contain_text("Papiret er sendt", timeout=PATIENCE)
    assert here.stored() == 1

    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/responses", lost)
    type_in(page, "Tast et papir ind", forward, look)
    press(page, "Lås og send")
    expect(page.get_by_role("alert")).to_contain_text("intet svar fra serveren", timeout=PATIENCE)
    assert here.stored() == 2
    kept = json.loads(page.evaluate("localStorage.getItem(Object.keys(localStorage)[0])"))
    assert kept["used"] == 1
    assert (kept["pending"]["response"]["content"], kept["pending"]["answers"]) == ("", {})
    page.unroute("**/responses")

    # Even in a new visit the very same bytes are sent again.
    at_the_wave(page, here, TrusteeRole.EMPLOYEES, "da")
    press(page, "Tast papirer ind")
    press(page, "Send det igen")
    expect(page.get_by_role("status")).to_contain_text("Papiret er sendt", timeout=PATIENCE)
    assert here.stored() == PAPERS
    expect(page.get_by_test_id("papers-used")).to_contain_text("2 af 2")
    expect(page.get_by_role("button", name="Tast et papir ind")).to_have_count(0)
    context.close()


def test_another_trustee_types_no_more_than_was_promised(browser: Browser, here: Here) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
    at_the_wave(page, here, TrusteeRole.SECRETARIAT, "en")
    press(page, "Type papers in")
    type_in(page, "Type a paper in", "^(Next|Show the questions)$", "Is this what stands on the paper?")
    press(page, "Lock and send")
    expect(page.get_by_role("alert")).to_contain_text("All places", timeout=PATIENCE)
    expect(page.get_by_test_id("papers-used")).to_contain_text("2 of 2")
    expect(page.get_by_role("button", name="Send it again")).to_have_count(0)
    assert here.stored() == PAPERS
    page.close()
