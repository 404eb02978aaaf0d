from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from survey.commands.alliance import Alliance, Ballot
from survey.storage.repositories import NotFoundError, WaveRegistry
from survey.waves.states import WaveState
from survey.waves.taking import FRESH_SECONDS, Standings
from tests.alliances import Clock, Fielded

INVITED = 15


@pytest.fixture
def field(wave: Fielded) -> Iterator[tuple[Alliance, Ballot]]:
    with wave.opened() as opened:
        yield opened


@pytest.fixture
def standings(field: tuple[Alliance, Ballot], monkeypatch: pytest.MonkeyPatch) -> Standings:
    """Remembering for an hour, as a slow machine needs, what a wave of this size would not be remembered."""
    monkeypatch.setattr("survey.waves.taking.FRESH_SECONDS", 3600.0)
    monkeypatch.setattr("survey.waves.taking.MANY", INVITED)
    return Standings(field[0].databases, Clock())


@contextmanager
def questions(alliance: Alliance) -> Iterator[list[str]]:
    """What the alliance's database is asked meanwhile."""
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(alliance.databases.alliance, "before_cursor_execute", note)
    yield asked
    event.remove(alliance.databases.alliance, "before_cursor_execute", note)


def change(field: tuple[Alliance, Ballot], state: WaveState) -> None:
    alliance, ballot = field
    with alliance.databases.alliance_session() as session:
        WaveRegistry(session).wave(ballot.wave).state = state.value


def test_who_comes_to_a_small_groups_page_is_answered_by_the_database_whoever_was_there_before(
    field: tuple[Alliance, Ballot], standings: Standings, monkeypatch: pytest.MonkeyPatch
) -> None:
    alliance, ballot = field
    monkeypatch.setattr("survey.waves.taking.MANY", INVITED + 1)
    standings.of(ballot.wave)

    with questions(alliance) as asked:
        for _ in range(20):
            standings.of(ballot.wave)

    assert len([each for each in asked if "FROM waves" in each]) == 20


def test_where_very_many_are_asked_whoever_comes_next_is_answered_from_memory(
    field: tuple[Alliance, Ballot], standings: Standings
) -> None:
    alliance, ballot = field
    first = standings.of(ballot.wave)

    with questions(alliance) as asked:
        later = [standings.of(ballot.wave) for _ in range(50)]

    assert asked == []
    assert {first, *later} == {standings.now(ballot.wave)}


def test_what_is_remembered_of_a_wave_that_was_closed_is_forgotten_after_a_quarter_of_a_second(
    field: tuple[Alliance, Ballot], standings: Standings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey.waves.taking.FRESH_SECONDS", FRESH_SECONDS)
    wave = field[1].wave
    assert standings.of(wave).state is WaveState.FIELDING
    change(field, WaveState.CLOSED)

    assert standings.now(wave).state is WaveState.CLOSED
    time.sleep(FRESH_SECONDS + 0.01)
    assert standings.of(wave).state is WaveState.CLOSED


def test_a_wave_that_is_opened_is_open_at_once_however_many_ask(
    field: tuple[Alliance, Ballot], standings: Standings
) -> None:
    wave = field[1].wave
    change(field, WaveState.READY)
    assert standings.of(wave).state is WaveState.READY

    change(field, WaveState.FIELDING)

    assert standings.of(wave).state is WaveState.FIELDING


def test_the_last_day_ends_at_midnight_also_where_it_is_remembered_that_a_wave_takes_responses(
    field: tuple[Alliance, Ballot], standings: Standings
) -> None:
    clock = Clock()
    standings = Standings(field[0].databases, clock)
    clock.day = standings.of(field[1].wave).last_day

    assert standings.of(field[1].wave).state is WaveState.FIELDING
    clock.day += timedelta(days=1)
    assert standings.of(field[1].wave).state is WaveState.CLOSED


def test_ids_that_no_wave_has_are_unknown_and_take_up_no_room(
    standings: Standings,
) -> None:
    for number in range(250):
        with pytest.raises(NotFoundError):
            standings.of(f"{number:016d}")

    assert standings._remembered == {}
