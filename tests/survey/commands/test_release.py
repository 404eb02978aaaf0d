import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from analysis.release import to_bytes
from questionnaires.digest import canonical_bytes
from survey.commands import release as command
from tests.analysis.rosters import definition, invented, released


@pytest.fixture(scope="module")
def good() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(to_bytes(released(invented(definition("workplace"), 40, seed=1))))
    return made


def audit(file: Path, content: bytes | dict[str, Any]) -> Result:
    file.write_bytes(content if isinstance(content, bytes) else canonical_bytes(content))
    return CliRunner().invoke(command.release, ["audit", str(file)])


def test_every_table_of_a_release_is_proven(tmp_path: Path, good: dict[str, Any]) -> None:
    result = audit(tmp_path / "release.json", good)

    assert result.exit_code == 0
    said = dict(line.split(": ", 1) for line in result.stdout.splitlines())
    assert {said[table["id"]] for table in good["tables"]} == {"proven"}
    assert {said[left["table"]] for left in good["ledger"]["left_out"]} == {
        "not in the release (not_proven); nothing to prove",
        "not in the release (base); nothing to prove",
    }
    assert "signature is not checked" in result.stderr


def test_a_band_narrowed_afterwards_is_named_with_its_place(tmp_path: Path, good: dict[str, Any]) -> None:
    changed = json.loads(json.dumps(good))
    table = next(table for table in changed["tables"] if [0, 4] in table["rows"][0]["cells"])
    place = table["rows"][0]["cells"].index([0, 4])
    table["rows"][0]["cells"][place] = [1, 4]

    result = audit(tmp_path / "release.json", changed)

    assert result.exit_code == 1
    line = next(line for line in result.stdout.splitlines() if line.startswith(f"{table['id']}: "))
    assert f'not proven: the whole, option "{table["options"][place]["id"]}": its interval is none' in line


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "release"),
        (b"\xff\xfe", "release"),
        (b"[" * 100_000, "release"),
        (b'{"format": "tillid-release/1"}', "release"),
        (b"null", "release"),
    ],
)
def test_a_file_that_is_no_release_is_refused_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    result = audit(tmp_path / "release.json", content)

    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_another_policy_and_a_lowered_one_are_refused(tmp_path: Path, good: dict[str, Any]) -> None:
    other = {**good, "policy": {"version": "policy/2\x1b[2J", "raised": {}}}
    lowered = {**good, "policy": {**good["policy"], "raised": {"general": 2}}}

    assert "follows policy/2?[2J" in audit(tmp_path / "release.json", other).stderr
    assert "never lowered" in audit(tmp_path / "release.json", lowered).stderr


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(command.release, ["audit", str(tmp_path / "none.json")])

    assert (result.exit_code, result.stdout) == (1, "")
    assert "cannot be read" in result.stderr
