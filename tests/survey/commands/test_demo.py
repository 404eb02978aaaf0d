"""`tillid demo` as somebody meets it: filled once, served, its links followed, ended by Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.live import free_port

pytestmark = pytest.mark.slow
PATIENCE_SECONDS = 240


@contextmanager
def demo(folder: Path, port: int) -> Iterator[str]:
    """What the demo has printed when it is up; it is ended as Ctrl-C ends it."""
    log = folder / "demo.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "survey.commands", "demo"],
            cwd=folder,
            env={**os.environ, "TILLID_PORT": str(port)},
            stdout=output,
            stderr=output,
        )
        try:
            yield _printed(process, log)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 0


def _printed(process: subprocess.Popen[bytes], log: Path) -> str:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        printed = log.read_text("utf-8")
        if printed.count("answer as one of its people") == 3:
            return printed
        assert process.poll() is None, printed
        time.sleep(0.2)
    raise AssertionError(printed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


def test_a_demo_is_filled_served_and_ended_and_keeps_its_data(folder: Path) -> None:
    port = free_port()
    with demo(folder, port) as printed:
        leaders = re.findall(r"as its leader: +(\S+)", printed)
        invitations = re.findall(r"of its people: +(\S+)", printed)
        with httpx.Client(follow_redirects=True) as http:
            organisations = http.get(leaders[0]).text
            releases = http.get(_first_link(organisations, r"/o/[^/]+/releases", port)).text
            dashboard = http.get(_first_link(releases, r"/o/[^/]+/releases/[a-z0-9]{16}", port)).text
        writer = re.findall(r"write for a member: +(\S+)", printed)[0]
        with httpx.Client(follow_redirects=True) as http:
            written_for = http.get(writer).text
        sectors = _figures(port)
        used_again = httpx.get(leaders[0], follow_redirects=True)
        asked = httpx.get(invitations[0].partition("#")[0])

    assert len(leaders) == len(invitations) == 3
    assert "opdigtede" in dashboard
    # Some sixty organisations beside the three: custody has made an edition of what they shared.
    assert "are invented" in sectors
    assert "Education" in sectors
    assert len(set(re.findall(r"/releases/([a-z0-9]{16})\b", releases))) == 3
    assert "74 ud af 96" in dashboard
    # Three years beside one another, something got better, and what was done about it stands there.
    assert "Flere end sidst" in dashboard
    assert "gjort den" in dashboard
    assert "74 ud af 96" not in used_again.text
    assert asked.status_code == 200
    assert "Opdigtede Elevers Fællesråd" in written_for
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/healthz")

    with demo(folder, free_port()) as printed:
        assert "Filling the demo" not in printed


def _figures(port: int) -> str:
    """The sectors' figures, once custody has made them."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        page = httpx.get(f"http://127.0.0.1:{port}/figures/?lang=en").text
        if "figures-table" in page:
            return page
        time.sleep(0.5)
    raise AssertionError("custody makes no edition")


def _first_link(page: str, path: str, port: int) -> str:
    found = re.search(rf'href="({path})(?:\?[^"]*)?"', page)
    assert found
    return f"http://127.0.0.1:{port}{found.group(1)}?lang=da"


def test_a_demo_on_a_port_that_is_taken_ends_with_a_word(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "survey.commands", "demo"],
            cwd=folder,
            env={**os.environ, "TILLID_PORT": str(port)},
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    assert done.returncode == 1
    assert b"TILLID_PORT" in done.stderr
    assert b"Traceback" not in done.stderr
