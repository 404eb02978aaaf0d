"""What goes wrong in one wave, or was in a wave that is gone, must not leave another wave's rows in order."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete

from questionnaires.loading import load
from survey.commands.alliance import Alliance, Ballot
from survey.storage.databases import Databases
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import SealedResponse
from survey.waves.states import WaveState
from survey.worker.duties import Rewriting, close_ended
from survey.worker.process import scheduled
from tests.alliances import DAY, ROUTING, Fielded, plan
from tests.survey import rows

LATER = DAY + datetime.timedelta(days=29)


def state(alliance: Alliance, wave: str) -> str:
    with alliance.databases.alliance_session(reading=True) as session:
        return WaveRegistry(session).wave(wave).state


def second_wave(alliance: Alliance, ballot: Ballot) -> Ballot:
    with alliance.databases.alliance_session(reading=True) as session:
        organisation = WaveRegistry(session).wave(ballot.wave).organisation_id
    return alliance.field(organisation, load(ROUTING), plan(12), ballot.trustees)


def test_a_wave_whose_promises_were_tampered_with_keeps_no_other_wave_open(
    wave: Fielded, caplog: pytest.LogCaptureFixture
) -> None:
    with wave.opened() as (alliance, ballot):
        other = second_wave(alliance, ballot)
        with alliance.databases.alliance_session() as session:
            WaveRegistry(session).wave(ballot.wave).manifest = b"{}"

        assert close_ended(alliance.databases, LATER) == [other.wave]
        assert state(alliance, other.wave) == WaveState.CLOSED.value
        assert "not the one that was promised" in caplog.text


def test_a_wave_is_open_until_the_end_of_its_last_day(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        assert close_ended(alliance.databases, LATER - datetime.timedelta(days=1)) == []
        assert close_ended(alliance.databases, LATER) == [ballot.wave]
        assert close_ended(alliance.databases, LATER) == []


def add(databases: Databases, numbers: range, *, sequence: int = 0) -> None:
    with databases.responses_session() as session:
        session.add_all(rows.sealed_response(number, sequence=sequence) for number in numbers)


@pytest.fixture
def rewritten(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The databases that were laid down anew, in order."""
    done: list[str] = []
    for name in ("rewrite_responses", "rewrite_invitations"):
        monkeypatch.setattr(f"survey.worker.duties.{name}", lambda _databases, name=name: done.append(name))
    return done


@pytest.mark.parametrize("sequence", [0, 2**32 - 1])
def test_after_a_wave_was_destroyed_the_next_ones_rows_are_still_laid_down_anew(
    databases: Databases, rewritten: list[str], sequence: int
) -> None:
    # Its rows leave the count, and one row of the highest sequence would have made it last for ever.
    rewriting = Rewriting(databases)
    add(databases, range(30), sequence=sequence)
    rewriting.step()
    with databases.responses_session() as session:
        session.execute(delete(SealedResponse))
    rewritten.clear()
    add(databases, range(100, 112))
    rewriting.step()

    assert rewritten == ["rewrite_responses"]


def test_the_last_few_that_came_are_laid_down_anew_when_their_wave_closes(
    wave: Fielded, rewritten: list[str]
) -> None:
    with wave.opened() as (alliance, _):
        tasks = duties(alliance.databases, wave.folder / "queue.db", lambda: LATER)
        tasks["rewrite"]()
        rewritten.clear()
        tasks["field"]()

        assert rewritten == ["rewrite_responses", "rewrite_invitations"]


def duties(
    databases: Databases, queue: Path, today: Callable[[], datetime.date]
) -> dict[str, Callable[[], object]]:
    huey = scheduled(databases, queue, today)
    return {task.name: task.execute for task in huey._registry.periodic_tasks}


def test_a_busy_wave_does_not_make_a_small_waves_changes_wait(
    databases: Databases, rewritten: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # One in a hundred of the whole alliance would be twenty here: all of the small wave, twice over.
    monkeypatch.setattr("survey.storage.rewriting.QUICKLY_REWRITTEN", 1_000)
    rewriting = Rewriting(databases)
    add(databases, range(2_000))
    rewriting.step()
    rewritten.clear()
    with databases.responses_session() as session:
        session.add_all(rows.sealed_response(number, "small") for number in range(9))
    rewriting.step()
    assert rewritten == []

    with databases.responses_session() as session:
        session.add(rows.sealed_response(9, "small"))
    rewriting.step()

    assert rewritten == ["rewrite_responses"]
