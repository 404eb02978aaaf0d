"""Backups: one that is restored goes on to the same release; one restored after destruction opens nothing."""

import datetime
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select

from survey.commands.alliance import Alliance, Ballot
from survey.sealing import shares, xwing
from survey.storage.databases import Databases, open_databases
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import SealedResponse
from survey.storage.upgrading import check_schema
from survey.trustees.client import TrusteeError
from survey.waves.checking import promised
from survey.waves.manifest import from_b64
from survey.waves.retention import due_on
from survey.waves.states import WaveState
from tests.alliances import Clock, Fielded
from tests.postgresql import find_server
from tests.survey import rows

FILES = ("alliance.db", "responses.db")


def back_up(source: Path, target: Path) -> None:
    """Both databases as SQLite copies them while they are used; custody's folder is in no backup."""
    target.mkdir()
    for name in FILES:
        with closing(sqlite3.connect(source / name)) as old, closing(sqlite3.connect(target / name)) as new:
            old.backup(new)


def restore(backup: Path, folder: Path) -> None:
    for name in FILES:
        for lost in folder.glob(f"{name}*"):
            lost.unlink()
        (folder / name).write_bytes((backup / name).read_bytes())


def opened(alliance: Alliance, ballot: Ballot) -> bytes | None:
    """What custody and a willing quorum get out of the wave: its release, or nothing."""
    for _ in range(8):
        alliance.custody.step()
        for trustee in ballot.trustees[:2]:
            try:
                _, approval = trustee.approved(ballot.wave)
                trustee.send_approval(ballot.wave, approval)
            except TrusteeError:
                continue
    with alliance.databases.alliance_session(reading=True) as session:
        registry = WaveRegistry(session)
        if registry.wave(ballot.wave).state != WaveState.RELEASED.value:
            return None
        return registry.release(ballot.wave).content


@contextmanager
def closed(wave: Fielded, backup: Path) -> Iterator[None]:
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
    back_up(wave.folder, backup)
    yield


def test_a_wave_whose_databases_were_lost_goes_on_from_a_backup_to_the_same_release(
    wave: Fielded, tmp_path: Path
) -> None:
    with closed(wave, tmp_path / "backup"):
        whole = wave.copied(tmp_path / "whole")
    with whole.opened() as (alliance, ballot):
        expected = opened(alliance, ballot)
    restore(tmp_path / "backup", wave.folder)

    with wave.opened() as (alliance, ballot):
        assert opened(alliance, ballot) == expected
    assert expected is not None


def test_a_backup_restored_after_destruction_opens_nothing_whatever_trustees_still_hold(
    wave: Fielded, tmp_path: Path
) -> None:
    clock = Clock()
    with closed(wave, tmp_path / "backup"):
        pass
    with wave.opened(clock) as (alliance, ballot):
        with alliance.databases.alliance_session(reading=True) as session:
            found = WaveRegistry(session).wave(ballot.wave)
            clock.day = due_on(found, promised(found).retention) or clock.day
        alliance.custody.step()
        assert alliance.custody.directory.waves_with_a_pad() == []
    restore(tmp_path / "backup", wave.folder)

    # By a clock that is set back, so that it is not destroyed at once for the second time.
    with wave.opened(Clock()) as (alliance, ballot):
        assert opened(alliance, ballot) is None
        with alliance.databases.alliance_session(reading=True) as session:
            stored = WaveRegistry(session).wave(ballot.wave)
            promise = promised(stored)
        with alliance.databases.responses_session(reading=True) as session:
            assert session.scalars(select(func.count()).select_from(SealedResponse)).one() > 0
        held = [trustee._share(ballot.wave, trustee.promise(ballot.wave)) for trustee in ballot.trustees]
        masked = shares.combine(held[:2])
        assert xwing.public_bytes(masked) != from_b64(promise.wave_key)


def test_a_backup_restored_after_destruction_is_destroyed_again_at_the_next_look(
    wave: Fielded, tmp_path: Path
) -> None:
    late = Clock(Clock().day + datetime.timedelta(days=90))
    with closed(wave, tmp_path / "backup"):
        pass
    with wave.opened(late) as (alliance, _):
        alliance.custody.step()
    restore(tmp_path / "backup", wave.folder)

    with wave.opened(late) as (alliance, _):
        alliance.custody.step()
        with alliance.databases.responses_session(reading=True) as session:
            assert session.scalars(select(func.count()).select_from(SealedResponse)).one() == 0


@pytest.mark.postgres
def test_a_dump_of_postgresql_is_restored_whole(
    postgres_databases: Databases, new_postgres_url: Callable[[], str], tmp_path: Path
) -> None:
    with postgres_databases.alliance_session() as session:
        session.add(rows.organisation("own"))
        session.flush()
        session.add(rows.wave("wave", "own", "closed"))
    with postgres_databases.responses_session() as session:
        session.add_all(rows.sealed_response(number) for number in range(12))
    restored = open_databases(
        *(
            dumped(engine.url.render_as_string(hide_password=False), new_postgres_url(), tmp_path)
            for engine in (postgres_databases.alliance, postgres_databases.responses)
        )
    )

    check_schema(restored)
    with restored.responses_session(reading=True) as session:
        assert {row.envelope for row in session.scalars(select(SealedResponse))} == {
            rows.sealed_response(number).envelope for number in range(12)
        }
    with restored.alliance_session(reading=True) as session:
        assert WaveRegistry(session).wave(rows.identifier("wave")).state == "closed"
    restored.dispose()


def dumped(source: str, target: str, folder: Path) -> str:
    """The address of a database that holds what a dump of another held."""
    server = find_server()
    assert server is not None
    old, new = make_url(source), make_url(target)
    file = folder / f"{old.database}.dump"
    where = ["--host=127.0.0.1", f"--port={old.port}", "--username=postgres"]
    dump = [str(server / "pg_dump"), *where, "--format=custom", f"--file={file}", str(old.database)]
    fill = [str(server / "pg_restore"), *where, f"--dbname={new.database}", "--exit-on-error", str(file)]
    for command in (dump, fill):
        subprocess.run(command, check=True, capture_output=True)
    return target
