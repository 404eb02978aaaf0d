"""Fixtures of the journeys in Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page

from questionnaires.loading import load
from tests.browser.journeys import UNITS
from tests.browser.released import Released, serve_releases
from tests.live import Live, served

WORKPLACE = Path("questionnaires/definitions/workplace.yaml")
JOURNEY = Path("tests/questionnaires_for_tests/journey.yaml")
INVITED = 20
AXE = Path("frontend/node_modules/axe-core/axe.min.js")


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory, chromium_executable: str) -> Iterator[Live]:
    """A real server: a wave of the alliance's questionnaire, two of a short one; the last may be closed."""
    asked = [load(WORKPLACE), load(JOURNEY), load(JOURNEY)]
    with served(tmp_path_factory.mktemp("live"), asked, UNITS, INVITED) as alliance:
        yield alliance


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory, chromium_executable: str) -> Iterator[Released]:
    """A real server over an organisation with releases."""
    with serve_releases(tmp_path_factory.mktemp("released")) as organisation:
        yield organisation


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page that fails its test on a script's error or a breach of the content security policy."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # Chromium also reports each answer that is not 2xx here; tests ask for some on purpose.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    yield page

    assert complaints == []


@pytest.fixture
def accessibility_faults(project_root: Path) -> Callable[[Page], list[str]]:
    """Call it with a page for what axe finds wrong on it, one line per rule and place."""
    axe = (project_root / AXE).read_text(encoding="utf-8")

    def faults(page: Page) -> list[str]:
        page.evaluate(axe)  # not a script element: the content security policy would refuse it
        result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{violation['id']}: {violation['help']} at {' '.join(node['target'])}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    return faults
