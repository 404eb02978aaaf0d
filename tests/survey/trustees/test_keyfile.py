from __future__ import annotations

import stat
from pathlib import Path

import pytest

from survey.sealing import xwing
from survey.trustees.keyfile import (
    ConfirmedWave,
    KeyFile,
    KeyFileError,
    key_fingerprint,
    load_key_file,
    new_passphrase,
    wrap,
)
from survey.waves.manifest import to_b64

SEED = bytes(range(32))
PASSPHRASE = "abandon ability able about above absent"


@pytest.fixture(scope="module")
def file() -> KeyFile:
    kdf, wrapped = wrap(SEED, PASSPHRASE)
    return KeyFile(
        server="https://culture.example.org",
        trustee="0" * 16,
        role="employees",
        token="token",
        public_key=to_b64(xwing.public_bytes(SEED)),
        fingerprint=key_fingerprint(SEED),
        kdf=kdf,
        wrapped_seed=wrapped,
        custody="0" * 64,
    )


def test_the_passphrase_opens_the_file_whatever_its_spaces_and_capitals(file: KeyFile) -> None:
    assert file.seed("  Abandon ability ABLE about  above absent\n") == SEED


def test_another_passphrase_is_refused_with_a_remedy(file: KeyFile) -> None:
    with pytest.raises(KeyFileError, match="six words"):
        file.seed("abandon ability able about above abstract")


def test_a_changed_public_key_does_not_open(file: KeyFile) -> None:
    other = to_b64(xwing.public_bytes(bytes(32)))

    with pytest.raises(KeyFileError):
        file.model_copy(update={"public_key": other}).seed(PASSPHRASE)


def test_a_saved_file_is_private_and_remembers_what_was_confirmed(file: KeyFile, tmp_path: Path) -> None:
    path = tmp_path / "key.json"

    file.with_wave("w" * 16, ConfirmedWave(manifest="a" * 64)).save(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key_file(path).waves == {"w" * 16: ConfirmedWave(manifest="a" * 64)}
    assert SEED.hex() not in path.read_text()
    assert [found.name for found in tmp_path.iterdir()] == ["key.json"]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format":"tillid-trustee-key/2"}'])
def test_something_else_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key.json"
    path.write_text(text)

    with pytest.raises(KeyFileError, match="use the file as it was made"):
        load_key_file(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="name the file you kept"):
        load_key_file(tmp_path / "none.json")


def test_a_passphrase_has_six_words_and_never_comes_twice() -> None:
    made = {new_passphrase() for _ in range(50)}

    assert len(made) == 50
    assert {len(passphrase.split()) for passphrase in made} == {6}
