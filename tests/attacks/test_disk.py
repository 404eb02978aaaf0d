"""Everything on an alliance's disk after a release, searched for what must never be written there."""

from __future__ import annotations

import stat
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from questionnaires.answers import answers_from_codes, encode
from questionnaires.loading import load
from survey.answering.client import Respondent
from survey.sealing import shares, xwing
from survey.storage.databases import open_databases
from survey.storage.upgrading import upgrade
from survey.waves.manifest import from_b64
from tests.alliances import ROUTING, Fielded

QUESTIONNAIRE = load(ROUTING)
ANSWERS = answers_from_codes(QUESTIONNAIRE, {"start": "yes", "middle": "no"})


def files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()


def written(secret: bytes) -> set[bytes]:
    """The ways in which bytes get into files."""
    return {
        secret,
        secret.hex().encode(),
        urlsafe_b64encode(secret).rstrip(b"="),
        b64encode(secret).rstrip(b"="),
    }


def test_no_answer_no_code_and_no_key_of_the_wave_is_on_disk_after_a_release(
    wave: Fielded, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    opened: list[bytes] = []
    combined = shares.combine

    def combine(given: list[bytes]) -> bytes:
        opened.extend(given)
        opened.append(combined(given))
        return opened[-1]

    one_time: list[bytes] = []
    monkeypatch.setattr("survey.custody.opening.shares.combine", combine)
    fresh = xwing.new_seed

    def new_seed() -> bytes:
        one_time.append(fresh())
        return one_time[-1]

    monkeypatch.setattr("survey.custody.opening.xwing.new_seed", new_seed)
    with wave.opened() as (alliance, ballot):
        respondent = Respondent.arrive(alliance.http, ballot.wave, ballot.pin)
        receipt = respondent.send(ballot.codes[14], None, ANSWERS)
        alliance.close(ballot)
        assert alliance.approve(ballot, 2) is not None
        wave_key = shares.masked(opened[2], alliance.custody.directory.pad(ballot.wave))
        assert xwing.public_bytes(wave_key) == from_b64(respondent.manifest.wave_key)
        found = dict(files(wave.folder))

    assert {"alliance.db", "responses.db", "identity", ballot.wave} <= {path.name for path in found}
    secrets = [encode(QUESTIONNAIRE, None, ANSWERS), b'{"v":1,"a":', receipt, wave_key, *opened, *one_time]
    secrets += [code.encode() for code in ballot.codes]
    for path, content in found.items():
        for secret in secrets:
            assert not any(form in content for form in written(secret)), path
    said = "".join(capfd.readouterr())
    assert not any(code in said for code in ballot.codes)
    assert ballot.wave not in said


def test_databases_their_logs_and_custodys_files_are_closed_to_other_accounts(wave: Fielded) -> None:
    with wave.opened() as (alliance, _):
        assert alliance.databases.answer()
        modes = {path.relative_to(wave.folder): path.stat().st_mode for path, _ in files(wave.folder)}

    assert len(modes) >= 8
    for path, mode in modes.items():
        assert not mode & stat.S_IRWXO, path
        if path.parts[0] == "custody":
            assert not mode & stat.S_IRWXG, path


def test_a_new_folder_of_databases_is_closed_to_other_accounts(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "tillid"
    opened = open_databases(f"sqlite:///{folder}/alliance.db", f"sqlite:///{folder}/responses.db")
    upgrade(opened)
    opened.dispose()

    for path in (folder, folder / "alliance.db", folder / "responses.db"):
        assert not path.stat().st_mode & stat.S_IRWXO
