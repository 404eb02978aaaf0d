"""A steward uploads a form, matches a question, and tries it as a respondent; nothing is sent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from config import Config
from survey.accounts.links import one_time_link
from survey.people.accounts import add_account, join
from survey.storage.databases import open_databases
from survey.storage.identifiers import new_identifier
from survey.storage.models import MembershipRole, Organisation
from survey.storage.upgrading import upgrade
from tests.live import free_port, web_process
from tests.survey.stewardship.test_questionnaires import CODES, dialogue_form


@dataclass(frozen=True, slots=True)
class Served:
    """A served organisation, and its steward."""

    config: Config
    organisation: str
    steward: str

    def sign_in(self, page: Page) -> None:
        page.goto(one_time_link(self.config.secret_key, self.config.base_url, self.steward))

    def address(self, language: str) -> str:
        return f"{self.config.base_url}/o/{self.organisation}/questionnaires?lang={language}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, chromium_executable: str) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("own")
    config = replace(Config.for_demo(folder, free_port()), workers=1)
    databases = open_databases(config.database_url, config.responses_url)
    upgrade(databases)
    with databases.alliance_session() as session:
        organisation = Organisation(id=new_identifier(), name="Havnens Værksted", area="labour_market")
        session.add(organisation)
        session.flush()
        steward = add_account(session, "steward@example.org", "correct horse battery")
        join(session, steward.id, organisation.id, MembershipRole.STEWARD)
        made = Served(config, organisation.id, steward.id)
    databases.dispose()
    with web_process(config, folder / "web.log"):
        yield made


@pytest.mark.parametrize(("language", "width"), [("da", 390), ("en", 1280)])
def test_a_form_is_uploaded_matched_and_tried(
    served: Served,
    page: Page,
    accessibility_faults: Callable[[Page], list[str]],
    tmp_path: Path,
    language: str,
    width: int,
) -> None:
    form = tmp_path / "form.xlsx"
    form.write_bytes(dialogue_form())
    page.set_viewport_size({"width": width, "height": 900})
    served.sign_in(page)
    page.goto(served.address(language))
    assert accessibility_faults(page) == []
    look(page, f"upload-{language}")

    page.set_input_files("#file", form)
    page.click("form[enctype] button")
    expect(page.locator("h1")).to_have_text("Kantinen")
    assert accessibility_faults(page) == []
    look(page, f"report-{language}")

    page.select_option("#target-talked", "k04_dialogue")
    page.locator("form", has=page.locator("#target-talked")).get_by_role("button").click()
    for place, code in enumerate(CODES):
        page.select_option(f"#code-a{place}", code)
    look(page, f"match-{language}")
    assert accessibility_faults(page) == []
    page.click("button[name=codes]")
    expect(page.locator("button[name=remove]")).to_be_visible()

    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method != "GET" else None)
    page.locator("a.button-primary").click()
    page.locator("button.button-primary").click()
    expect(page.locator("fieldset")).to_have_count(2)
    page.locator("input[type=radio]").first.check()
    assert accessibility_faults(page) == []
    look(page, f"preview-{language}")
    page.locator("button.button-primary").click()
    expect(page.locator("h1")).to_have_text("Sidste side" if language == "da" else "The last page")
    assert page.evaluate("() => sessionStorage.length + localStorage.length") == 0
    assert sent == []


def look(page: Page, name: str) -> None:
    """Keep a picture of the page, for whoever wants to see it (TILLID_PICTURES=folder)."""
    if folder := os.environ.get("TILLID_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
