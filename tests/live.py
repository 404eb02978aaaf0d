"""The product as it runs: `tillid web` on a port of this machine, over a small alliance of a test's own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from config import Config
from questionnaires.model import Questionnaire
from survey.commands.alliance import Ballot, open_alliance
from survey.storage.databases import Databases, open_databases
from survey.waves.clock import today
from survey.waves.manifest import Unit
from tests.alliances import plan

_START_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Live:
    """A served alliance with one open wave."""

    config: Config
    ballot: Ballot
    databases: Databases
    log: Path

    def link(self, number: int, *, pin: str | None = None) -> str:
        """The invitation link of person `number`, or one with another pin."""
        return f"{self.page()}#{self.ballot.codes[number]}.{pin or self.ballot.pin}"

    def page(self) -> str:
        """The wave's address without code and pin."""
        return f"{self.config.base_url}/w/{self.ballot.wave}"


@contextmanager
def served(folder: Path, questionnaire: Questionnaire, units: list[Unit], invited: int) -> Iterator[Live]:
    """An open wave of `questionnaire`, served by the real web process."""
    port = free_port()
    with open_alliance(folder, port) as alliance:
        organisation = alliance.organisation("Havnens Værksted", "labour_market")
        trustees = alliance.trustees(organisation)
        ballot = alliance.field(organisation, questionnaire, plan(invited, units, today()), trustees)
        config = alliance.config
    databases = open_databases(config.database_url, config.responses_url)
    with web_process(config, folder / "web.log"):
        yield Live(config, ballot, databases, folder / "web.log")
    databases.dispose()


@contextmanager
def web_process(config: Config, log: Path) -> Iterator[None]:
    """`tillid web` with these settings, until the block ends."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "survey.commands", "web"],
            env={**os.environ, **config.environment()},
            stdout=output,
            stderr=output,
        )
        try:
            _await(config, process)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(config: Config, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the web process ended"
        try:
            if httpx.get(f"{config.base_url}/healthz").is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"{config.base_url} does not answer")
