"""A wave's public page tells its promises, days, notice, contacts and results, until it is destroyed."""

from __future__ import annotations

import datetime

import pytest

from questionnaires.digest import definition_bytes
from questionnaires.model import HelpLine
from survey.answering.about import about
from survey.storage.repositories import WaveRegistry
from survey.waves.manifest import from_bytes
from survey.waves.plan import LegalBasis, Notice, WavePlan
from survey.waves.setup import Contact, Setup, Step, asked
from survey.waves.states import WaveState
from tests.alliances import DAY, Fielded, routing
from tests.pages import Page

NOTICE = Notice(
    controller="Teatret",
    contact="Åvej 1",
    legal_basis=LegalBasis.PUBLIC_TASK,
    shared_on="2027-02-01",
)


@pytest.mark.parametrize("language", ["da", "en"])
def test_before_closing_it_tells_promises_notice_and_days(wave: Fielded, language: str) -> None:
    with wave.opened() as (alliance, ballot):
        with alliance.databases.alliance_session() as session:
            row = WaveRegistry(session).wave(ballot.wave)
            row.plan = WavePlan.from_value(row.plan).model_copy(update={"notice": NOTICE}).value()

        answer = alliance.http.get(f"/w/{ballot.wave}/about?lang={language}")

    page = Page.parsed(answer.text)
    assert "set-cookie" not in answer.headers
    assert page.heading == ("Om undersøgelsen" if language == "da" else "About the survey")
    for words in ("Teatret, Åvej 1", "15 person" if language == "da" else "15 people", "2027"):
        assert words in page.text()
    assert "totals" not in answer.text


def test_it_names_what_the_manifest_promises(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot), alliance.databases.alliance_session(reading=True) as session:
        row = WaveRegistry(session).wave(ballot.wave)
        told = about(row, DAY)

        assert told.pin.replace("-", "").replace(" ", "").lower() == ballot.pin.lower()
        assert told.manifest == from_bytes(row.manifest or b"")
        assert told.least.general == 10
        assert told.roles == ["employees", "management", "secretariat"]
        assert told.notice is None
        assert told.shared_on is None
        assert about(row, DAY + datetime.timedelta(days=100)).state is WaveState.CLOSED


def test_of_a_wave_that_is_destroyed_only_that_is_told(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        with alliance.databases.alliance_session() as session:
            WaveRegistry(session).wave(ballot.wave).state = WaveState.DESTROYED.value

        page = alliance.http.get(f"/w/{ballot.wave}/about?lang=en").text

    assert "everything is erased" in page
    assert "fingerprint" not in page


def test_a_wave_that_is_not_confirmed_has_no_page(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        with alliance.databases.alliance_session() as session:
            WaveRegistry(session).wave(ballot.wave).state = WaveState.CEREMONY.value

        assert alliance.http.get(f"/w/{ballot.wave}/about").status_code == 404


def test_the_organisations_contacts_stand_beside_the_help_lines() -> None:
    called = HelpLine.model_validate(
        {"id": "line", "name": {"en": "A line"}, "audience": ["everyone"], "phone": "1"}
    )
    whole = routing().model_copy(update={"help_lines": (called,)})
    setup = Setup(contacts=(Contact(name={"en": "Anna"}, phone="2"),)).decided(Step.CONTACTS)

    definition = asked(setup, whole, "Example")

    assert [line.id for line in definition.help_lines] == ["line", "own_contact_1"]
    assert definition_bytes(definition)
