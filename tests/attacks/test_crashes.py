"""
Custody ends at any step, or its disk is full, or its database goes away: what is left behind, step by step.

Nothing is lost, nothing is counted twice, the release is the same byte for byte, and nowhere on the disk lies
anything that was opened. In continuous integration every few steps are tried, with `make attacks` every one.
"""

from __future__ import annotations

import datetime
import errno
import json
import os
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from analysis.differencing import WithUnits
from config import Config
from questionnaires.answers import encode
from questionnaires.loading import load
from survey.commands.alliance import Alliance, Ballot
from survey.custody import directory as directories
from survey.custody import releasing
from survey.custody.opening import Opened
from survey.custody.reading import ResponseReader
from survey.sealing import shares, xwing
from survey.sealing.identity import Identity
from survey.storage.audit import AuditEntry, verify
from survey.storage.databases import Databases
from survey.storage.models import StoredRelease, Wave
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import SealedResponse
from survey.trustees.client import TrusteeClient, TrusteeError
from survey.waves.checking import promised
from survey.waves.lifecycle import close
from survey.waves.manifest import Manifest, to_b64
from survey.waves.retention import due_on
from survey.waves.states import WaveState
from tests.alliances import ROUTING, Clock, Fielded, fielded, plan, routing_replies
from tests.survey import rows

QUESTIONNAIRE = load(ROUTING)
MOST_STEPS = 40
THOROUGH = 1_000
Fault = Callable[[], None]


def kill() -> None:
    """Let the kernel end this process where it stands: nothing of Python's runs any more."""
    os.kill(os.getpid(), signal.SIGKILL)


def fill_the_disk() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def lose_the_database() -> None:
    raise OperationalError("", {}, Exception("server closed the connection unexpectedly"))


@contextmanager
def at_step(number: int, fault: Fault) -> Iterator[list[str]]:
    """
    Let `fault` happen once, at the step of this number; the steps that were passed.

    A step is the moment before and after whatever outlasts a process: a transaction's end, a file.
    """
    passed: list[str] = []

    def step(name: str) -> None:
        passed.append(name)
        if len(passed) == number:
            fault()

    write, erase = directories._write, directories.CustodyDirectory.erase_pad

    def watched_write(file: Path, data: bytes) -> None:
        step(f"before {file.parent.name}")
        write(file, data)
        step(f"after {file.parent.name}")

    def watched_erase(self: directories.CustodyDirectory, wave: str) -> None:
        step("before the pad is erased")
        erase(self, wave)
        step("after the pad was erased")

    def ends(session: Session) -> None:
        if session.new or session.dirty or session.deleted:
            step("a transaction ends")

    def ended(session: Session) -> None:
        step("a transaction has ended")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(directories, "_write", watched_write)
        patch.setattr(directories.CustodyDirectory, "erase_pad", watched_erase)
        event.listen(Session, "before_commit", ends)
        event.listen(Session, "after_commit", ended)
        try:
            yield passed
        finally:
            event.remove(Session, "before_commit", ends)
            event.remove(Session, "after_commit", ended)


def released(alliance: Alliance, ballot: Ballot) -> bytes:
    """Take the wave from where it stands to its release, whatever has to be done again."""
    for _ in range(12):
        with alliance.databases.alliance_session() as session:
            wave = WaveRegistry(session).wave(ballot.wave)
            if wave.state == WaveState.FIELDING.value:
                close(wave, alliance.custody.today())
            if wave.state == WaveState.RELEASED.value:
                return WaveRegistry(session).release(ballot.wave).content
            asks = wave.state == WaveState.OPENING.value and wave.one_time_key is not None
        if asks and ballot.wave in alliance.custody._one_time_keys:
            for trustee in ballot.trustees[:2]:
                _, approval = trustee.approved(ballot.wave)
                trustee.send_approval(ballot.wave, approval)
        alliance.custody.step()
    raise AssertionError("the wave was not released")


def destroyed(alliance: Alliance, ballot: Ballot, clock: Clock) -> None:
    """Let the time pass after which everything is erased."""
    with alliance.databases.alliance_session(reading=True) as session:
        wave = WaveRegistry(session).wave(ballot.wave)
        due = due_on(wave, promised(wave).retention)
    clock.day = max(clock.day, due or clock.day)
    for _ in range(4):
        alliance.custody.step()


def whole_life(alliance: Alliance, ballot: Ballot, clock: Clock) -> bytes:
    release = released(alliance, ballot)
    destroyed(alliance, ballot, clock)
    return release


class Expected:
    """The release of a life without fault, and all that must never be written."""

    def __init__(self, wave: Fielded, monkeypatch: pytest.MonkeyPatch) -> None:
        known: list[bytes] = []
        combine = shares.combine

        def watched(given: list[bytes]) -> bytes:
            known.extend([*given, combine(given)])
            return known[-1]

        with monkeypatch.context() as patch, wave.opened(Clock()) as (alliance, ballot):
            patch.setattr("survey.custody.opening.shares.combine", watched)
            pad = alliance.custody.directory.pad(ballot.wave)
            self.release = released(alliance, ballot)
        self.secrets = [*known, shares.masked(known[-1], pad), *opened_forms()]


def opened_forms() -> Iterator[bytes]:
    """Opened responses as text, as arrays, and as what pickles make of both."""
    yield b'{"v":1,"a":'
    plaintexts = [encode(QUESTIONNAIRE, reply.unit, reply.answers) for reply in routing_replies(12)]
    yield from plaintexts
    padded = [text + b"\x80" + bytes(200 - len(text)) for text in plaintexts]
    answers, _ = ResponseReader(QUESTIONNAIRE, ()).read(padded)
    yield answers.tobytes()
    yield np.ascontiguousarray(answers.T).tobytes()
    yield from (row.tobytes() for row in answers)
    yield pickle.dumps(answers)[-len(answers.tobytes()) :]


def check_nothing_was_written(folder: Path, secrets: list[bytes]) -> None:
    for path in folder.rglob("*"):
        assert not path.name.startswith("core")
        if path.is_file():
            content = path.read_bytes()
            assert not any(secret in content for secret in secrets), path
    for place in (Path.cwd(), Path("/var/crash"), Path("/var/lib/systemd/coredump")):
        assert not list(place.glob("core.*")) if place.is_dir() else True


def check_destroyed(alliance: Alliance, ballot: Ballot) -> None:
    with alliance.databases.alliance_session(reading=True) as session:
        wave = WaveRegistry(session).wave(ballot.wave)
        assert wave.state == WaveState.DESTROYED.value
        assert all(place.sealed_share is None for place in WaveRegistry(session).shares(ballot.wave))
        assert session.scalars(select(func.count()).select_from(StoredRelease)).one() == 1
        steps = session.scalars(select(AuditEntry).where(AuditEntry.subject == ballot.wave)).all()
        verify(session)
        assert [entry.details.get("to") for entry in steps].count("released") == 1
    with alliance.databases.responses_session(reading=True) as session:
        assert session.scalars(select(func.count()).select_from(SealedResponse)).one() == 0
    assert alliance.custody.directory.waves_with_a_pad() == []


def steps_tried() -> Iterator[int]:
    every = settings().max_examples >= THOROUGH
    yield from range(1, MOST_STEPS, 1 if every else 7)


@pytest.mark.slow
def test_killed_at_any_step_custody_takes_up_where_it_stood(
    wave: Fielded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = Expected(wave.copied(tmp_path / "whole"), monkeypatch)
    killed = 0
    for number in steps_tried():
        copy = wave.copied(tmp_path / f"killed-{number}")
        if not in_a_process_that_is_killed(copy, number):
            break
        killed += 1
        check_nothing_was_written(copy.folder, expected.secrets)
        clock = Clock()
        with copy.opened(clock) as (alliance, ballot):
            if not is_over(alliance, ballot):
                assert json.loads(released(alliance, ballot)) == json.loads(expected.release)
            destroyed(alliance, ballot, clock)
            with alliance.databases.alliance_session(reading=True) as session:
                assert WaveRegistry(session).release(ballot.wave).content == expected.release
            check_destroyed(alliance, ballot)
        check_nothing_was_written(copy.folder, expected.secrets)
    assert killed >= 2


def is_over(alliance: Alliance, ballot: Ballot) -> bool:
    with alliance.databases.alliance_session(reading=True) as session:
        return WaveRegistry(session).wave(ballot.wave).state in {"released", "destroyed"}


def in_a_process_that_is_killed(
    wave: Fielded, number: int, living: Callable[[Alliance, Ballot, Clock], object] = whole_life
) -> bool:
    """Whether a process that lives the wave's life was killed at this step; if not, there is no such."""
    process = os.fork()
    if process == 0:
        clock = Clock()
        try:
            with wave.opened(clock) as (alliance, ballot), at_step(number, kill):
                living(alliance, ballot, clock)
        except BaseException:  # noqa: BLE001  Nothing of the test's own may go on here.
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def ceremony_held(alliance: Alliance, wave: str, trustees: Sequence[TrusteeClient]) -> None:
    """Take a wave through its ceremony, and note in the folder what each trustee confirmed."""
    for _ in range(3):
        alliance.custody.step()
        with alliance.databases.alliance_session(reading=True) as session:
            stored = WaveRegistry(session).wave(wave)
            waits = [place.number for place in WaveRegistry(session).shares(wave) if not place.confirmed]
        if stored.state == WaveState.READY.value:
            return
        for number in waits if stored.manifest else []:
            note = alliance.custody.directory._folder.parent / f"confirmed-{number}"
            note.write_text(stored.manifest_digest or "")
            trustees[number - 1].confirm(wave)


@pytest.mark.slow
def test_killed_at_any_step_of_a_ceremony_the_wave_has_one_set_of_promises_and_a_key_that_opens(
    wave: Fielded, tmp_path: Path
) -> None:
    planned = wave.copied(tmp_path / "planned")
    with planned.opened() as (alliance, ballot):
        with alliance.databases.alliance_session(reading=True) as session:
            organisation = WaveRegistry(session).wave(ballot.wave).organisation_id
        drafted = alliance.draft(organisation, QUESTIONNAIRE, plan(12), ballot.trustees)

    def holding(alliance: Alliance, ballot: Ballot, _clock: Clock) -> None:
        ceremony_held(alliance, drafted, ballot.trustees)

    killed = 0
    for number in steps_tried():
        copy = planned.copied(tmp_path / f"killed-{number}")
        if not in_a_process_that_is_killed(copy, number, holding):
            break
        killed += 1
        with copy.opened() as (alliance, ballot):
            ceremony_held(alliance, drafted, ballot.trustees)
            check_ceremony(alliance, drafted, ballot.trustees)
    assert killed >= 2


def check_ceremony(alliance: Alliance, wave: str, trustees: Sequence[TrusteeClient]) -> None:
    """Nobody confirmed other promises than there are, and any two shares make the key that they promise."""
    with alliance.databases.alliance_session(reading=True) as session:
        stored = WaveRegistry(session).wave(wave)
        assert stored.state == WaveState.READY.value
        manifest = promised(stored)
    notes = [note.read_text() for note in alliance.custody.directory._folder.parent.glob("confirmed-*")]
    assert set(notes) == {stored.manifest_digest}
    held = [trustee._share(wave, trustee.promise(wave)) for trustee in trustees[:2]]
    seed = shares.masked(shares.combine(held), alliance.custody.directory.pad(wave))
    assert to_b64(xwing.public_bytes(seed)) == manifest.wave_key


@pytest.mark.slow
@pytest.mark.parametrize("fault", [fill_the_disk, lose_the_database])
def test_a_fault_at_any_step_leaves_all_as_it_was_and_the_next_look_goes_on(
    wave: Fielded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    expected = Expected(wave.copied(tmp_path / "whole"), monkeypatch)
    for number in steps_tried():
        copy, clock = wave.copied(tmp_path / f"fault-{number}"), Clock()
        with copy.opened(clock) as (alliance, ballot):
            with at_step(number, fault) as passed:
                # A trustee or steward who meets the fault tries again, as custody does.
                for _ in range(3):
                    try:
                        assert whole_life(alliance, ballot, clock) == expected.release
                        break
                    except (OSError, OperationalError, TrusteeError):
                        continue
                    except AssertionError:
                        if is_over(alliance, ballot):
                            break
                        raise
            destroyed(alliance, ballot, clock)
            check_destroyed(alliance, ballot)
        check_nothing_was_written(copy.folder, expected.secrets)
        if len(passed) < number:
            break


@contextmanager
def full(engine: Engine) -> Iterator[None]:
    """A database that can grow no further: SQLite's own error, as on a full disk."""

    def no_page_more(connection: object, _record: object, _proxy: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")

    def any_number(connection: object, _record: object) -> None:
        connection.cursor().execute("PRAGMA max_page_count = 4294967294")  # type: ignore[attr-defined]

    event.listen(engine, "checkout", no_page_more)
    event.listen(engine, "checkin", any_number)  # codespell:ignore checkin
    try:
        yield
    finally:
        event.remove(engine, "checkout", no_page_more)
        event.remove(engine, "checkin", any_number)  # codespell:ignore checkin


def test_where_a_release_finds_no_room_nothing_of_it_is_there_and_later_it_is_the_same(
    wave: Fielded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    expected = Expected(wave.copied(tmp_path / "whole"), monkeypatch)
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
        # The room that closing left free is taken, so that a release needs a page more.
        with alliance.databases.alliance_session() as session:
            session.execute(text("CREATE TABLE filler AS SELECT randomblob(200000) AS room"))
        with full(alliance.databases.alliance):
            for trustee in ballot.trustees[:2]:
                _, approval = trustee.approved(ballot.wave)
                trustee.send_approval(ballot.wave, approval)
            with alliance.databases.alliance_session(reading=True) as session:
                before = WaveRegistry(session).wave(ballot.wave).state
            monkeypatch.setattr("survey.custody.process.released", larger_release)
            alliance.custody.step()
            assert "OperationalError" in caplog.text
            assert not is_over(alliance, ballot)
            assert before == WaveState.OPENING.value
        monkeypatch.undo()
        assert released(alliance, ballot) == expected.release
    check_nothing_was_written(wave.folder, expected.secrets)


def larger_release(
    wave: Wave,
    manifest: Manifest,
    opened: Opened,
    seed: bytes,
    identity: Identity,
    earlier: Sequence[WithUnits],
) -> StoredRelease:
    """A release as it is, too large for what room is left."""
    release = releasing.released(wave, manifest, opened, seed, identity, earlier)
    release.content += b" " * 2_000_000
    return release


def test_a_destruction_that_stops_between_its_two_databases_is_finished_and_opens_nothing(
    wave: Fielded, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(Clock().day + datetime.timedelta(days=60))
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
    with wave.opened(clock) as (alliance, ballot):
        monkeypatch.setattr("survey.custody.process.destroy", erase_the_pad_and_stop)
        alliance.custody.step()
        assert alliance.custody.directory.waves_with_a_pad() == []
        monkeypatch.undo()
        alliance.custody.step()

        with alliance.databases.alliance_session(reading=True) as session:
            assert WaveRegistry(session).wave(ballot.wave).state == WaveState.DESTROYED.value


def erase_the_pad_and_stop(_alliance: Session, _responses: Session, wave: object, directory: object) -> None:
    directory.erase_pad(wave.id)  # type: ignore[attr-defined]
    raise OperationalError("", {}, Exception("connection lost"))


def test_on_postgresql_a_connection_that_is_cut_at_the_end_stores_nothing_and_the_next_is_good(
    postgres_databases: Databases,
) -> None:
    with pytest.raises(OperationalError):
        store_and_lose_the_connection(postgres_databases)
    with postgres_databases.responses_session() as session:
        assert session.scalars(select(func.count()).select_from(SealedResponse)).one() == 0
        session.add(rows.sealed_response(1))


def store_and_lose_the_connection(databases: Databases) -> None:
    with databases.responses_session() as session:
        session.add(rows.sealed_response(1))
        session.flush()
        backend = session.scalars(select(func.pg_backend_pid())).one()
        with databases.alliance.connect() as other:
            other.execute(select(func.pg_terminate_backend(backend)))


def test_on_postgresql_a_wave_lives_from_its_ceremony_to_its_destruction(
    new_postgres_url: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, urls = Config.for_demo, (new_postgres_url(), new_postgres_url())

    def on_postgresql(folder: Path, port: int) -> Config:
        return replace(made(folder, port), database_url=urls[0], responses_url=urls[1])

    monkeypatch.setattr(Config, "for_demo", on_postgresql)
    clock = Clock()
    with fielded(tmp_path, QUESTIONNAIRE, routing_replies(12), 12).opened(clock) as (alliance, ballot):
        release = whole_life(alliance, ballot, clock)

        check_destroyed(alliance, ballot)
        assert alliance.databases.alliance.dialect.name == "postgresql"
        with alliance.databases.alliance_session(reading=True) as session:
            assert WaveRegistry(session).release(ballot.wave).content == release
            verify(session)
