"""An operator who can write in both databases, and who wants custody to open or sign what it must not."""

from __future__ import annotations

import datetime
import subprocess
import sys
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from questionnaires.digest import definition_bytes, load_definition
from survey.commands.alliance import Alliance, Ballot
from survey.custody.directory import CustodyDirectory, CustodyError, Kept
from survey.custody.process import Custody
from survey.sealing.identity import Identity
from survey.storage.models import CustodyIdentity, StoredRelease, Wave
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import SealedResponse
from survey.waves.states import WaveState
from tests.alliances import Clock, Fielded

SIGNED = ("list_statement", "list_signature", "list_rows")
Change = Callable[[Wave], None]


def stored(alliance: Alliance, ballot: Ballot) -> Wave:
    with alliance.databases.alliance_session(reading=True) as session:
        found = WaveRegistry(session).wave(ballot.wave)
        _ = found.list_rows
        return found


def rewritten(alliance: Alliance, ballot: Ballot, change: Change) -> None:
    with alliance.databases.alliance_session() as session:
        change(WaveRegistry(session).wave(ballot.wave))


def put(wave: Wave, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(wave, name, value)


def without_one_response(alliance: Alliance) -> None:
    with alliance.databases.responses_session() as session:
        session.delete(session.scalars(select(SealedResponse).limit(1)).one())


def approved_by_two(ballot: Ballot) -> None:
    for trustee in ballot.trustees[:2]:
        _, approval = trustee.approved(ballot.wave)
        trustee.send_approval(ballot.wave, approval)


def as_if_never_closed(wave: Wave) -> None:
    wave.state = WaveState.CLOSED.value
    wave.list_statement = wave.list_signature = wave.list_rows = None


def test_custody_signs_one_list_of_a_wave_and_no_second_one(
    wave: Fielded, caplog: pytest.LogCaptureFixture
) -> None:
    # Two lists that differ by one row would tell, by two releases, what one person answered.
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
        first = stored(alliance, ballot).list_statement
        rewritten(alliance, ballot, as_if_never_closed)
        without_one_response(alliance)
        alliance.custody.step()

        assert first is not None
        assert stored(alliance, ballot).list_statement is None
        assert "custody has signed other lists" in caplog.text


def test_after_a_release_no_second_one_of_other_rows_is_made(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
        assert alliance.approve(ballot, 2) is not None
        rewritten(alliance, ballot, as_if_never_closed)
        with alliance.databases.alliance_session() as session:
            session.execute(delete(StoredRelease))
        without_one_response(alliance)
        alliance.custody.step()
        alliance.custody.step()

        assert stored(alliance, ballot).state == WaveState.CLOSED.value


def test_the_list_that_is_opened_is_the_one_the_trustees_approved(
    wave: Fielded, caplog: pytest.LogCaptureFixture
) -> None:
    # The other list is signed by custody too: as if its directory had been put back to an earlier day.
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
        approved = {name: getattr(stored(alliance, ballot), name) for name in SIGNED}
        other = wave.copied(wave.folder.with_name(wave.folder.name + "-other"))
        (other.folder / "custody" / Kept.LIST.value / ballot.wave).unlink()
        with other.opened() as (elsewhere, _):
            rewritten(elsewhere, ballot, as_if_never_closed)
            without_one_response(elsewhere)
            elsewhere.custody.step()
            smaller = {name: getattr(stored(elsewhere, ballot), name) for name in SIGNED}
        approved_by_two(ballot)
        rewritten(alliance, ballot, lambda found: put(found, smaller))
        alliance.custody.step()

        assert smaller["list_statement"] != approved["list_statement"]
        assert stored(alliance, ballot).state == WaveState.OPENING.value
        assert "not the list that was approved" in caplog.text


def test_a_definition_put_in_place_of_the_answered_one_is_not_used(
    wave: Fielded, caplog: pytest.LogCaptureFixture
) -> None:
    # Two options changed about, or an item no longer sensitive: the answers would say what nobody said.
    def reworded(found: Wave) -> None:
        asked = load_definition(found.definition)
        found.definition = definition_bytes(asked.model_copy(update={"version": "9.9.9"}))

    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
        approved_by_two(ballot)
        rewritten(alliance, ballot, reworded)
        alliance.custody.step()

        assert stored(alliance, ballot).state == WaveState.OPENING.value
        assert "definition is not the one that was answered" in caplog.text


def test_a_manifest_that_custody_did_not_sign_is_not_closed_under(
    wave: Fielded, caplog: pytest.LogCaptureFixture
) -> None:
    # Its rows would all be rejected, and the list that says so would be signed for ever.
    def promise_less(found: Wave) -> None:
        assert found.manifest is not None
        found.manifest = found.manifest.replace(b'"days_after_release":30', b'"days_after_release":3')
        found.manifest_digest = sha256(found.manifest).hexdigest()

    with wave.opened() as (alliance, ballot):
        rewritten(alliance, ballot, promise_less)
        alliance.close(ballot)

        assert stored(alliance, ballot).list_statement is None
        assert "custody did not sign this manifest" in caplog.text


def test_a_wave_that_was_ready_once_gets_no_second_ceremony_and_keeps_its_pad(
    wave: Fielded, caplog: pytest.LogCaptureFixture
) -> None:
    def back_to_the_ceremony(found: Wave) -> None:
        found.state, found.manifest = WaveState.CEREMONY.value, None

    with wave.opened() as (alliance, ballot):
        pad = alliance.custody.directory.pad(ballot.wave)
        rewritten(alliance, ballot, back_to_the_ceremony)
        alliance.custody.step()

        assert alliance.custody.directory.pad(ballot.wave) == pad
        assert stored(alliance, ballot).manifest is None
        assert "its promises are fixed" in caplog.text


def test_fewer_than_ten_responses_are_not_opened_whatever_count_stands_in_the_database(
    wave: Fielded,
) -> None:
    def claim_more(found: Wave) -> None:
        assert found.list_statement is not None
        found.list_statement = found.list_statement.replace(b'"count":9', b'"count":90')

    with wave.opened() as (alliance, ballot):
        for _ in range(3):
            without_one_response(alliance)
        alliance.close(ballot)
        rewritten(alliance, ballot, claim_more)
        alliance.custody.step()

        assert stored(alliance, ballot).state == WaveState.CLOSED.value


@pytest.mark.parametrize("day", [None, datetime.date(2099, 1, 1)])
def test_a_wave_cannot_be_kept_beyond_its_time_by_another_day_of_closing(
    wave: Fielded, day: datetime.date | None
) -> None:
    def keep(found: Wave) -> None:
        found.closed_on = day

    clock = Clock()
    with wave.opened(clock) as (alliance, ballot):
        alliance.close(ballot)
        rewritten(alliance, ballot, keep)
        manifest = alliance.http.get(f"/w/{ballot.wave}/manifest.json").json()
        last = datetime.date.fromisoformat(manifest["field_period"]["last_possible_day"])
        clock.day = last + datetime.timedelta(days=61)
        alliance.custody.step()
        assert alliance.custody.directory.pad(ballot.wave)

        clock.day += datetime.timedelta(days=1)
        alliance.custody.step()

        with pytest.raises(CustodyError, match="never be opened"):
            alliance.custody.directory.pad(ballot.wave)


@pytest.mark.parametrize("nonsense", [b"", b"harassment", b"[" * 100_000])
def test_nonsense_in_one_wave_neither_ends_custody_nor_comes_into_its_log(
    wave: Fielded, caplog: pytest.LogCaptureFixture, nonsense: bytes
) -> None:
    def spoil(found: Wave) -> None:
        found.state = WaveState.CLOSED.value
        found.list_statement = nonsense

    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
        rewritten(alliance, ballot, spoil)
        alliance.custody.step()

        assert ballot.wave in caplog.text
        assert "harassment" not in caplog.text


def test_a_fault_that_nobody_foresaw_is_logged_without_its_message(
    wave: Fielded, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("columns of [1, 3, 2], harassment: daily")

    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
        monkeypatch.setattr("survey.custody.process.released", fail)
        approved_by_two(ballot)
        alliance.custody.step()

    assert "ValueError" in caplog.text
    assert "harassment" not in caplog.text


def test_a_second_custody_with_the_same_directory_does_not_start(wave: Fielded) -> None:
    with wave.opened() as (alliance, _), alliance.custody.directory.held():
        second = Custody(alliance.databases, CustodyDirectory(wave.folder / "custody"), Clock())
        with pytest.raises(CustodyError, match="another custody process"):
            second.run(threading.Event())


def test_a_killed_custody_leaves_its_directory_to_the_next(tmp_path: Path) -> None:
    directory = CustodyDirectory(tmp_path / "custody")
    holding = (
        "import sys, time; from pathlib import Path; from survey.custody.directory import CustodyDirectory\n"
        "with CustodyDirectory(Path(sys.argv[1])).held():\n    print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(tmp_path / "custody")], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(CustodyError), directory.held():
            pass
        process.kill()
        process.wait()

    with directory.held():
        assert directory.waves_with_a_pad() == []


def test_a_custody_that_the_alliance_does_not_know_does_not_start(wave: Fielded) -> None:
    # Else trustees and waves would have two to choose from, and all that the second began were lost.
    with wave.opened() as (alliance, _):
        stranger = Custody(alliance.databases, CustodyDirectory(wave.folder / "stranger"), Clock())
        with pytest.raises(CustodyError, match="names another custody"):
            stranger.start()

        with alliance.databases.alliance_session(reading=True) as session:
            assert len(session.scalars(select(CustodyIdentity)).all()) == 1


def test_a_custody_killed_while_it_writes_its_identity_starts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_handle: int) -> None:
        raise KeyboardInterrupt

    directory = CustodyDirectory(tmp_path / "custody")
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", killed)
        with pytest.raises(KeyboardInterrupt):
            directory.identity()

    made = directory.identity().public_key
    assert CustodyDirectory(tmp_path / "custody").identity().public_key == made
    assert len(Identity((tmp_path / "custody" / "identity").read_bytes()).public_key) == 32


def test_no_secret_of_a_trustee_stands_in_what_a_traceback_shows(wave: Fielded) -> None:
    trustee = wave.ballot.trustees[0]

    assert repr(trustee.seed)[2:20] not in repr(trustee)
    assert trustee.file.token not in repr(trustee)
