"""Rows worked on in ranges and in processes of their own come to what one pass over them comes to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey.custody.directory import CustodyError
from survey.custody.memory import lock_memory
from survey.custody.progress import Said, remaining
from survey.custody.ranges import StoredRow, over_all_rows
from survey.storage.databases import Databases
from tests.alliances import Fielded
from tests.survey import rows


@dataclass(frozen=True, slots=True)
class Seen:
    """Gives the sequence of every row back, and how this process keeps its memory."""

    def begin(self) -> Callable[[Iterable[StoredRow]], tuple[list[int], str]]:
        return lambda stored: ([row.sequence for row, _ in stored], Path("/proc/self/status").read_text())


def stored(databases: Databases, number: int) -> Engine:
    with databases.responses_session() as session:
        session.add_all(rows.sealed_response(place, size=16, sequence=place) for place in range(number))
        session.add_all(rows.sealed_response(place, "other", size=16) for place in range(3))
    return databases.responses


def test_every_row_of_the_wave_comes_once_and_none_of_another(either: Databases) -> None:
    engine = stored(either, 9_000)
    told: list[tuple[int, int]] = []
    results = over_all_rows(
        engine, rows.identifier("wave"), Seen(), progress=lambda *far: told.append(far), fewest=10**6
    )
    sequences = [sequence for part, _ in results for sequence in part]

    assert sorted(sequences) == list(range(9_000))
    assert len(told) == 2
    assert told[-1] == (9_000, 9_000)


@pytest.mark.slow
def test_processes_of_their_own_read_the_same_rows_and_keep_them_in_memory(databases: Databases) -> None:
    engine = stored(databases, 5_000)
    results = list(over_all_rows(engine, rows.identifier("wave"), Seen(), progress=lambda *_: None, fewest=1))

    assert sorted(sequence for part, _ in results for sequence in part) == list(range(5_000))
    for _, status in results:
        locked = next(line for line in status.splitlines() if line.startswith("VmLck"))
        # Where the kernel lets a process lock its memory, these do.
        assert not lock_memory() or int(locked.split()[1]) > 0


def test_a_database_that_gives_a_row_twice_is_not_believed(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A server that is the operator's own can answer what it likes.
    engine = stored(databases, 2)
    monkeypatch.setattr("survey.custody.ranges.closing", lambda result: closing(Twice(result)))

    with pytest.raises(CustodyError, match="out of order"):
        list(over_all_rows(engine, rows.identifier("wave"), Seen(), progress=lambda *_: None))


class Twice:
    """A result whose rows all come twice."""

    def __init__(self, result: Iterable[object]) -> None:
        self._rows = [row for row in result for _ in range(2)]

    def __iter__(self) -> Iterator[object]:
        return iter(self._rows)

    def close(self) -> None:
        """Close nothing."""


@pytest.mark.slow
def test_a_wave_that_is_worked_on_in_processes_gives_the_same_release(wave: Fielded, tmp_path: Path) -> None:
    releases = []
    for name, fewest in (("here", 10**6), ("processes", 1)):
        copy = wave.copied(tmp_path / name)
        with copy.opened() as (alliance, ballot):
            alliance.custody.fewest = fewest
            alliance.close(ballot)
            releases.append(alliance.approve(ballot, 2))

    assert releases[0] is not None
    assert releases[0] == releases[1]


def test_progress_is_said_every_ten_seconds_with_what_is_left(caplog: pytest.LogCaptureFixture) -> None:
    times = iter([0.0, 5.0, 12.0, 15.0, 100.0, 200.0])
    caplog.set_level(logging.INFO, "tillid.custody")
    said = Said("wave", "opening", clock=lambda: next(times))
    for done in (10, 20, 30, 90, 100):
        said(done, 100)

    assert [record.getMessage() for record in caplog.records] == [
        "wave wave: opening, 20 of 100 responses, less than a minute left",
        "wave wave: opening, 90 of 100 responses, less than a minute left",
    ]


@pytest.mark.parametrize(
    ("done", "seconds", "words"),
    [(1, 1.0, "about 2 minutes"), (50, 60.0, "about a minute"), (10, 60.0, "about 9 minutes")],
)
def test_what_is_left_follows_from_the_pace_so_far(done: int, seconds: float, words: str) -> None:
    assert remaining(done, 100, seconds) == words
