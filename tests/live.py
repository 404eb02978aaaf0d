"""The product as it runs: `tillid web` on a port of this machine, over a small alliance of a test's own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
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


class Web:
    """`tillid web` with these settings, as a process that can be stopped and started again."""

    def __init__(self, config: Config, log: Path) -> None:
        self.config = config
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "survey.commands", "web"],
                env={**os.environ, **self.config.environment()},
                stdout=output,
                stderr=output,
            )
        try:
            _await(self.config, self._process)
        except AssertionError:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=20)
            self._process = None


@dataclass(frozen=True, slots=True)
class Live:
    """A served alliance with an open wave of each questionnaire that was asked for."""

    config: Config
    folder: Path
    ballots: tuple[Ballot, ...]
    databases: Databases
    web: Web

    @property
    def ballot(self) -> Ballot:
        """The first wave."""
        return self.ballots[0]

    @property
    def log(self) -> Path:
        """What the web process wrote."""
        return self.web.log

    def link(self, number: int, *, pin: str | None = None, ballot: Ballot | None = None) -> str:
        """The invitation link of person `number`, or one with another pin."""
        of = ballot or self.ballot
        return f"{self.page(of)}#{of.codes[number]}.{pin or of.pin}"

    def page(self, ballot: Ballot | None = None) -> str:
        """The wave's address without code and pin."""
        return f"{self.config.base_url}/w/{(ballot or self.ballot).wave}"

    def close(self, ballot: Ballot) -> None:
        """End a field period; custody verifies the rows and signs the list."""
        with open_alliance(self.folder, int(self.config.base_url.rsplit(":", 1)[1])) as alliance:
            alliance.close(ballot)


@contextmanager
def served(
    folder: Path, questionnaires: Sequence[Questionnaire], units: list[Unit], invited: int
) -> Iterator[Live]:
    """An open wave of each questionnaire, served by the real web process."""
    port = free_port()
    with open_alliance(folder, port) as alliance:
        organisation = alliance.organisation("Havnens Værksted", "labour_market")
        trustees = alliance.trustees(organisation)
        ballots = tuple(
            alliance.field(organisation, questionnaire, plan(invited, units, today()), trustees)
            for questionnaire in questionnaires
        )
        config = alliance.config
    databases = open_databases(config.database_url, config.responses_url)
    web = Web(config, folder / "web.log")
    web.start()
    try:
        yield Live(config, folder, ballots, databases, web)
    finally:
        web.stop()
        databases.dispose()


@contextmanager
def web_process(config: Config, log: Path) -> Iterator[None]:
    """`tillid web` with these settings, until the block ends."""
    web = Web(config, log)
    web.start()
    try:
        yield
    finally:
        web.stop()


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
