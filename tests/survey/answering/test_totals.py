"""The totals of a closed wave add up, are custody's own, and tell nothing while people answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from survey.commands.alliance import Alliance, Ballot
from survey.storage.audit import AuditEntry, verify
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import SealedResponse
from tests.alliances import Fielded


@pytest.fixture
def field(wave: Fielded) -> Iterator[tuple[Alliance, Ballot]]:
    with wave.opened() as opened:
        yield opened


def totals(alliance: Alliance, ballot: Ballot) -> dict[str, object]:
    found: dict[str, object] = alliance.http.get(f"/w/{ballot.wave}/totals.json").json()
    return found


def test_while_people_answer_no_total_is_told(field: tuple[Alliance, Ballot]) -> None:
    alliance, ballot = field

    assert totals(alliance, ballot) == {"error": "wave_not_closed"}
    page = alliance.http.get(f"/w/{ballot.wave}/totals?lang=en")
    assert page.status_code == 200
    assert "<td" not in page.text


def test_after_closing_and_after_opening_they_add_up(field: tuple[Alliance, Ballot]) -> None:
    alliance, ballot = field
    with alliance.databases.responses_session() as session:
        session.scalars(select(SealedResponse).limit(1)).one().row_signature = bytes(64)
    alliance.close(ballot)
    closed = totals(alliance, ballot)
    assert alliance.approve(ballot, 2) is not None

    assert closed == {
        "mode": "invited",
        "invited": 15,
        "paper_credentials": 0,
        "exchanged": 12,
        "received": 12,
        "withdrawn": 0,
        "rejected": {"signature_refused": 1},
        "listed": 11,
        "not_opened": None,
        "counted": None,
        "made_up": None,
    }
    assert totals(alliance, ballot) == {**closed, "not_opened": {}, "counted": 11}
    for language, word in (("da", "Modtagne svar"), ("en", "Received")):
        assert word in alliance.http.get(f"/w/{ballot.wave}/totals?lang={language}").text


def test_numbers_that_custody_did_not_sign_are_not_shown(field: tuple[Alliance, Ballot]) -> None:
    alliance, ballot = field
    alliance.close(ballot)
    with alliance.databases.alliance_session() as session:
        wave = WaveRegistry(session).wave(ballot.wave)
        wave.list_statement = (wave.list_statement or b"").replace(b'"received":12', b'"received":15')

    assert totals(alliance, ballot) == {"error": "try_again"}


def test_every_transition_of_the_wave_stands_in_the_audit_log(field: tuple[Alliance, Ballot]) -> None:
    alliance, ballot = field
    alliance.close(ballot)
    assert alliance.approve(ballot, 2) is not None

    with alliance.databases.alliance_session(reading=True) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject == ballot.wave)).all()
        verify(session)
    assert [(entry.actor, entry.details["to"]) for entry in entries if "to" in entry.details] == [
        ("command", "ceremony"),
        ("custody", "ready"),
        ("command", "fielding"),
        ("command", "closed"),
        ("custody", "opening"),
        ("custody", "released"),
    ]
