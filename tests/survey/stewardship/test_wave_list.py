"""A steward's list of waves says of each when it runs, how many it asks and where it stands."""

from __future__ import annotations

import datetime

import pytest

from questionnaires.digest import definition_bytes
from questionnaires.loading import alliance_definition
from survey.storage.identifiers import new_identifier
from survey.storage.models import Wave
from survey.waves.states import WaveState
from tests.alliances import plan
from tests.pages import Page
from tests.survey.stewardship.conftest import Desk


def stored(desk: Desk, state: WaveState, first: datetime.date) -> None:
    with desk.databases.alliance_session() as session:
        session.add(
            Wave(
                id=new_identifier(),
                organisation_id=desk.organisation.id,
                state=state.value,
                plan=plan(60, first=first).value(),
                definition=definition_bytes(alliance_definition("culture_leisure")),
            )
        )


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_latest_wave_comes_first_and_says_where_it_stands(desk: Desk, language: str) -> None:
    stored(desk, WaveState.RELEASED, datetime.date(2025, 11, 1))
    stored(desk, WaveState.FIELDING, datetime.date(2026, 11, 1))

    page = Page.parsed(desk.client.get(f"/o/{desk.organisation.id}/waves?lang={language}").text)

    assert page.faults() == []
    dates = page.text()
    assert dates.index("2026") < dates.index("2025")
    assert ("Der er åbnet for svar." if language == "da" else "open for answers") in dates
    assert dates.count("60") == 2


def test_a_steward_finds_the_list_on_the_page_after_sign_in(desk: Desk) -> None:
    page = Page.parsed(desk.client.get("/o/?lang=en").text)

    addresses = {(link.get("href") or "").partition("?")[0] for link in page.elements("a")}
    assert f"/o/{desk.organisation.id}/waves" in addresses
