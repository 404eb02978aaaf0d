"""The units of systemd: whatever systemd itself finds wrong, and what each may have."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from config import IN_FILES
from survey.commands.main import COMMANDS
from tests.documentation.pages import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
HARDENED = (
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "LimitCORE=0",
    "CapabilityBoundingSet=",
    "UMask=0077",
)


def lines(unit: Path) -> list[str]:
    return unit.read_text(encoding="utf-8").splitlines()


def credentials(name: str) -> set[str]:
    (unit,) = (unit for unit in UNITS if name in unit.name)
    return set(re.findall(r"^LoadCredential=([a-z-]+):", unit.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_finds_nothing_wrong_with_a_unit(unit: Path, tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("systemd is not installed")
    # The command of the documented folder, as one that is there.
    copy = tmp_path / unit.name.replace("@", "@8001")
    copy.write_text(unit.read_text(encoding="utf-8").replace("/opt/tillid/.venv/bin/tillid", "/bin/true"))
    done = subprocess.run(
        [verify, "verify", "--man=no", str(copy)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, [line for line in done.stderr.splitlines() if "tillid" in line]) == (0, [])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_runs_a_command_of_ours_with_little_to_do_harm_by(unit: Path) -> None:
    written = lines(unit)
    (command,) = (line for line in written if line.startswith("ExecStart="))

    assert command.split()[1] in COMMANDS
    assert set(HARDENED) <= set(written)
    for line in written:
        if match := re.match(r"Environment=(TILLID_[A-Z_]+)_FILE=", line):
            assert match[1] in (*IN_FILES, "TILLID_SMTP_PASSWORD")


def test_each_process_gets_the_secrets_that_are_its_own() -> None:
    assert credentials("web") == {"secret-key", "invitation-key", "fernet-keys", "mail-keys"}
    assert credentials("worker") == {"mail-keys", "smtp-password"}
    assert credentials("custody") == set()


def test_custody_never_reaches_a_disk() -> None:
    (unit,) = (unit for unit in UNITS if "custody" in unit.name)

    assert {"LimitMEMLOCK=infinity", "MemorySwapMax=0", "LimitCORE=0"} <= set(lines(unit))
