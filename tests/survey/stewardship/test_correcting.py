"""A steward corrects what people are told of their data; it is said that it was, and no day gets later."""

from __future__ import annotations

import datetime

import pytest
from sqlalchemy import select

from questionnaires.digest import definition_bytes
from questionnaires.loading import alliance_definition
from survey.storage.audit import Action, AuditEntry
from survey.storage.identifiers import new_identifier
from survey.storage.models import Wave
from survey.waves.plan import LegalBasis, Notice, WavePlan
from survey.waves.states import WaveState
from tests.alliances import DAY, plan
from tests.pages import Page
from tests.survey.stewardship.conftest import Desk

ANNOUNCED = DAY + datetime.timedelta(days=60)
NOTICE = Notice(
    controller="Teatret",
    contact="Aavej 1",
    legal_basis=LegalBasis.LEGITIMATE_INTERESTS,
    shared_on=ANNOUNCED.isoformat(),
)


def stored(desk: Desk, state: WaveState = WaveState.FIELDING, waits: str | None = None) -> str:
    wave = new_identifier()
    planned = plan(60).model_copy(update={"notice": NOTICE})
    with desk.databases.alliance_session() as session:
        session.add(
            Wave(
                id=wave,
                organisation_id=desk.organisation.id,
                state=state.value,
                plan=planned.value(),
                definition=definition_bytes(alliance_definition("culture_leisure")),
                waits_for=waits,
            )
        )
    return wave


def told(desk: Desk, wave: str) -> Notice | None:
    with desk.databases.alliance_session(reading=True) as session:
        return WavePlan.from_value(session.get_one(Wave, wave).plan).notice


def sent(contact: str = "Aavej 2", shared: datetime.date = ANNOUNCED) -> dict[str, str]:
    return {
        "controller": "Teatret",
        "contact": contact,
        "protection_officer": "",
        "legal_basis": "legitimate_interests",
        "shared_on": shared.isoformat(),
    }


def test_a_correction_is_kept_with_its_day_and_logged(desk: Desk) -> None:
    wave = stored(desk)
    here = f"/o/{desk.organisation.id}/waves/{wave}/notice"

    assert "Aavej 1" in desk.client.get(f"{here}?lang=en").text
    assert desk.client.post(here, data=sent()).status_code == 303

    notice = told(desk, wave)
    assert notice is not None
    assert (notice.contact, bool(notice.corrected_on)) == ("Aavej 2", True)
    with desk.databases.alliance_session(reading=True) as session:
        actions = session.scalars(select(AuditEntry.action)).all()
    assert Action.NOTICE_CORRECTED.value in actions


def test_what_was_not_changed_is_no_correction(desk: Desk) -> None:
    wave = stored(desk)

    desk.client.post(f"/o/{desk.organisation.id}/waves/{wave}/notice", data=sent("Aavej 1"))

    assert told(desk, wave) == NOTICE


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (sent(shared=ANNOUNCED + datetime.timedelta(days=1)), "not a later one"),
        (sent(shared=DAY), "Choose a later day"),
        (sent(contact=""), "Write how they are reached"),
        (sent() | {"shared_on": "soon"}, ""),
    ],
    ids=["a later day", "while people answer", "nobody to reach", "no day"],
)
def test_what_cannot_stand_is_refused_and_stays_typed(desk: Desk, fields: dict[str, str], said: str) -> None:
    wave = stored(desk)

    answer = desk.client.post(f"/o/{desk.organisation.id}/waves/{wave}/notice?lang=en", data=fields)

    assert answer.status_code == 400
    assert said in answer.text
    assert Page.parsed(answer.text).faults() == []
    assert told(desk, wave) == NOTICE


def test_of_a_destroyed_wave_nothing_is_told_that_could_be_corrected(desk: Desk) -> None:
    wave = stored(desk, WaveState.DESTROYED)

    assert desk.client.get(f"/o/{desk.organisation.id}/waves/{wave}/notice").status_code == 404


def test_the_list_says_what_a_wave_waits_for(desk: Desk) -> None:
    stored(desk, WaveState.CEREMONY, "later_days")

    page = desk.client.get(f"/o/{desk.organisation.id}/waves?lang=en").text

    assert "Plan it with later days." in page
