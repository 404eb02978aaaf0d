"""The browser's key file opens with the program, and the program's in the browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from survey.trustees.keyfile import KeyFile, key_fingerprint, load_key_file
from tests.vectors.lying_servers import FILE

VECTORS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


def in_the_browser(project_root: Path, *deeds: dict[str, object]) -> list[dict[str, Any]]:
    """What the page's own bundle answers to each deed."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed; `make setup` brings one")
    done = subprocess.run(
        [node, "frontend/tests/vectors.mjs"],
        cwd=project_root,
        input="".join(f"{json.dumps(deed)}\n" for deed in deeds),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_opens_the_others_file(project_root: Path, tmp_path: Path) -> None:
    invited = {"trustee": "0" * 16, "role": "employees", "custody": VECTORS["key_file"]["custody"]}
    at = {"server": "https://culture.example.org", "token": "token", "passphrase": VECTORS["passphrase"]}
    programs = json.dumps(VECTORS["key_file"])

    made, unlocked = in_the_browser(
        project_root,
        {"do": "enrol", "invited": invited, **at},
        {"do": "unlock", "file": programs, "passphrase": VECTORS["passphrase"]},
    )

    path = tmp_path / "browser.json"
    path.write_text(made["file"], encoding="utf-8")
    file = load_key_file(path)
    assert file.seed(f" {VECTORS['passphrase'].upper()}\n").hex() == made["seed"]
    assert file.fingerprint == key_fingerprint(bytes.fromhex(made["seed"]))
    assert (file.kdf.memory_kib, file.kdf.iterations, file.kdf.lanes) == (65536, 3, 1)
    assert unlocked["seed"] == VECTORS["seed"]
    assert KeyFile.model_validate_json(unlocked["written"]) == KeyFile.model_validate_json(programs)
    # Both write the same bytes, so that a file that was read back is the file that was saved.
    file.save(tmp_path / "program.json")
    assert (tmp_path / "program.json").read_bytes() == path.read_bytes()
