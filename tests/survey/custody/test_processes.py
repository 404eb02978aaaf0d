"""Web, custody and three trustees, each as the command that runs it; they share databases and HTTP only."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from analysis.release import from_bytes
from config import Config
from questionnaires.loading import load
from survey.answering.client import Respondent
from survey.commands.custody import custody as custody_command
from survey.commands.trustee import trustee as trustee_command
from survey.custody.memory import UnsafeHostError, harden, unencrypted_swap
from survey.sealing.at_rest import AtRest
from survey.storage.databases import Databases, open_databases
from survey.storage.identifiers import new_identifier
from survey.storage.models import Organisation, Trustee, TrusteeRole, Wave
from survey.storage.repositories import WaveRegistry
from survey.storage.upgrading import upgrade
from survey.waves import manifest as manifests
from survey.waves.clock import today
from survey.waves.invitations import invite
from survey.waves.lifecycle import Draft, advance, close, draft_wave
from survey.waves.states import WaveState
from survey.waves.trusteeship import invite_trustee, recognise
from tests.alliances import DAY, ROUTING, plan, routing_replies
from tests.live import free_port, web_process

QUESTIONNAIRE = load(ROUTING)
PATIENCE_SECONDS = 120


@contextmanager
def custody_process(config: Config) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "survey.commands", "custody"], env={**os.environ, **config.environment()}
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def until(databases: Databases, wave: str, holds: Callable[[Wave], bool]) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        with databases.alliance_session(reading=True) as session:
            found = WaveRegistry(session).wave(wave)
        if holds(found):
            return
        time.sleep(0.1)
    raise AssertionError(f"the wave stayed {found.state}")


def run(*arguments: str | Path, typed: str) -> str:
    result = CliRunner().invoke(trustee_command, [str(a) for a in arguments], input=typed)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config.for_demo(tmp_path / "alliance", free_port())


@pytest.fixture
def databases(config: Config) -> Iterator[Databases]:
    opened = open_databases(config.database_url, config.responses_url)
    upgrade(opened)
    yield opened
    opened.dispose()


def test_two_of_three_trustees_open_a_wave_that_one_cannot(
    config: Config, databases: Databases, tmp_path: Path
) -> None:
    with databases.alliance_session() as session:
        session.add(Organisation(id=new_identifier(), name="Example", area="labour_market"))
        session.flush()
        organisation = session.query(Organisation).one().id
        roles = (TrusteeRole.EMPLOYEES, TrusteeRole.MANAGEMENT, TrusteeRole.SECRETARIAT)
        tokens = [invite_trustee(session, organisation, role) for role in roles]
    files = [tmp_path / f"trustee-{number}.json" for number in range(3)]
    with web_process(config, tmp_path / "web.log"), custody_process(config):
        enrolments = [enrolled(config, token, file) for token, file in zip(tokens, files, strict=True)]
        passphrases = [passphrase for _, passphrase in enrolments]
        wave = drafted(config, databases, organisation)
        until(databases, wave, lambda found: found.manifest is not None)
        for file, passphrase in zip(files, passphrases, strict=True):
            said = run("confirm", "--file", file, "--wave", wave, typed=f"{passphrase}\ny\ny\ny\n")
            assert "Example asks 12 people" in said
            assert all(fingerprint in said for fingerprint, _ in enrolments)
        # Nobody has told custody yet, outside the databases, whose key any of these is.
        time.sleep(3)
        until(databases, wave, lambda found: found.state == WaveState.CEREMONY.value)
        vouched(config, enrolments[2][0])
        until(databases, wave, lambda found: found.state == WaveState.READY.value)
        assert "works" in run("prove", "--file", files[1], "--wave", wave, typed=f"{passphrases[1]}\n")
        answered(config, databases, wave)
        with databases.alliance_session() as session:
            close(WaveRegistry(session).wave(wave), DAY)
        until(databases, wave, lambda found: found.state == WaveState.OPENING.value)

        run("approve", "--file", files[0], "--wave", wave, typed=f"{passphrases[0]}\n")
        time.sleep(3)
        until(databases, wave, lambda found: found.state == WaveState.OPENING.value)
        assert "opening, confirmed" in run("waves", "--file", files[0], typed="")
        reason = ("--reason", "Too few of us answered.")
        assert "declined" in run(
            "decline", "--file", files[0], "--wave", wave, *reason, typed=f"{passphrases[0]}\n"
        )
        run("approve", "--file", files[0], "--wave", wave, typed=f"{passphrases[0]}\n")

        run("approve", "--file", files[2], "--wave", wave, typed=f"{passphrases[2]}\n")
        until(databases, wave, lambda found: found.state == WaveState.RELEASED.value)
    with databases.alliance_session(reading=True) as session:
        release = from_bytes(WaveRegistry(session).release(wave).content)

    assert release.participation.counted == 12


def vouched(config: Config, fingerprint: str) -> None:
    done = CliRunner().invoke(custody_command, ["vouch", *fingerprint.split()], env=config.environment())
    assert done.exit_code == 0, done.output


def enrolled(config: Config, token: str, file: Path) -> tuple[str, str]:
    """Enrol with the command, once custody has made itself known; the fingerprint and words it showed."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        arguments = ["enrol", "--server", config.base_url, "--invitation", token, "--file", str(file)]
        result = CliRunner().invoke(trustee_command, arguments)
        found = re.search(r"shown this once: (.+)\nYour key's fingerprint: (.+)", result.output)
        if found:
            return found.group(2), found.group(1)
        assert "custody_not_ready" in str(result.exception)
        time.sleep(0.2)
    raise AssertionError("custody did not start")


def drafted(config: Config, databases: Databases, organisation: str) -> str:
    with databases.alliance_session() as session:
        trustees = session.query(Trustee).all()
        for trustee in trustees:
            if trustee.role is TrusteeRole.EMPLOYEES:
                recognise(trustee, trustee.fingerprint or "")
        draft = Draft(organisation, QUESTIONNAIRE, plan(12, first=today()), trustees)
        wave = draft_wave(session, draft, AtRest(config.fernet_keys))
        advance(wave, WaveState.CEREMONY)
        return wave.id


def answered(config: Config, databases: Databases, wave: str) -> None:
    with databases.alliance_session() as session:
        found = WaveRegistry(session).wave(wave)
        codes = invite(session, found, 12, config.invitation_key)
        advance(found, WaveState.FIELDING)
        pin = manifests.pin(bytes.fromhex(found.manifest_digest or ""))
    with httpx.Client(base_url=config.base_url) as http:
        respondent = Respondent.arrive(http, wave, pin)
        for code, reply in zip(codes, routing_replies(12), strict=True):
            respondent.send(code, reply.unit, reply.answers)


def test_a_key_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    file.write_text("mine")

    result = CliRunner().invoke(
        trustee_command, ["enrol", "--server", "http://127.0.0.1:9", "--invitation", "x", "--file", str(file)]
    )

    assert result.exit_code == 1
    assert "is there already" in result.output
    assert file.read_text() == "mine"


def test_the_web_cannot_reach_what_opens(project_root: Path) -> None:
    script = (
        "import sys, survey.app\n"
        "closed = ('survey.sealing.open', 'survey.custody', 'analysis.pipeline', 'analysis.coding',"
        " 'analysis.tabulation', 'analysis.disclosure')\n"
        "found = [m for m in sys.modules if m.startswith(closed)]\n"
        "sys.exit(','.join(found) or 0)"
    )

    done = subprocess.run([sys.executable, "-c", script], cwd=project_root, capture_output=True, check=False)

    assert done.stderr.strip() == b""
    assert done.returncode == 0


def test_the_web_serves_without_any_key_of_custody(
    config: Config, tmp_path: Path, databases: Databases
) -> None:
    assert databases.answer()
    with web_process(config, tmp_path / "web.log"):
        assert not config.custody_directory.exists()


def test_a_host_that_swaps_in_the_clear_is_refused_but_for_the_demo(tmp_path: Path) -> None:
    swaps = tmp_path / "swaps"
    swaps.write_text(
        "Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n/dev/zram0 partition 1 0 -2\n"
    )

    assert unencrypted_swap(swaps) == ["/dev/sda2"]
    assert unencrypted_swap(tmp_path / "none") == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("survey.custody.memory.forbid_core_dumps", lambda: None)
        with pytest.raises(UnsafeHostError, match="/dev/sda2"):
            harden(demo=False, swaps=swaps, lock=lambda: True)
        assert len(harden(demo=True, swaps=swaps, lock=lambda: False)) == 2
    # In a process of its own: it locks memory and forbids dumps for good.
    script = (
        "import sys; from pathlib import Path; from survey.custody.memory import *\n"
        "harden(demo=True, swaps=Path(sys.argv[1]))\n"
        "import resource; assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)\n"
        "try: harden(demo=False, swaps=Path(sys.argv[1]))\n"
        "except UnsafeHostError as fault: assert 'swapoff' in str(fault); sys.exit(7)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(swaps)], check=False, capture_output=True)
    assert done.returncode == 7, done.stderr


@pytest.mark.parametrize("swaps", ["none", "zram"])
def test_memory_that_cannot_be_locked_is_said_where_nothing_swaps_and_refused_where_something_does(
    tmp_path: Path, swaps: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey.custody.memory.forbid_core_dumps", lambda: None)
    (tmp_path / "zram").write_text("Filename Type\n/dev/zram0 partition 1 0 -2\n")

    def started() -> list[str]:
        return harden(demo=False, swaps=tmp_path / swaps, lock=lambda: False)

    if swaps == "none":
        assert "does not let it lock its memory" in started()[0]
    else:
        with pytest.raises(UnsafeHostError, match="LimitMEMLOCK"):
            started()
    assert harden(demo=False, swaps=tmp_path / swaps, lock=lambda: True) == []


def test_a_fingerprint_that_was_misheard_is_not_kept(tmp_path: Path) -> None:
    environment = Config.for_demo(tmp_path, 8000).environment()
    done = CliRunner().invoke(custody_command, ["vouch", "ABCD", "EFGH"], env=environment)

    assert done.exit_code == 1
    assert "has 20 symbols, not 8" in done.output
    assert not (tmp_path / "custody").exists()
