"""
People answer while every process is killed again and again: what was acknowledged is there, once.

Nodes of the web, the worker's rewriting and the database are processes of their own, which end by SIGKILL
wherever they stand. A respondent does what the page does: keeps what was sealed, and sends it again.
"""

from __future__ import annotations

import logging
import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

import httpx
import numpy as np
import psycopg
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.serving import make_server

from config import Config
from questionnaires.answers import Answers
from questionnaires.loading import load
from survey.answering.client import AnsweringError, Prepared, Respondent
from survey.app import create_app
from survey.commands.alliance import Ballot, open_alliance
from survey.custody.closing import statement_of
from survey.custody.directory import CustodyDirectory
from survey.custody.process import Custody
from survey.sealing import credentials
from survey.storage.databases import Databases, open_databases
from survey.storage.models import CustodyIdentity, Invitation, Organisation, Trustee, Wave, WaveTrustee
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import SealedResponse
from survey.storage.rewriting import RewriteError
from survey.storage.upgrading import upgrade
from survey.waves.clock import today
from survey.waves.lifecycle import close
from survey.worker.duties import Rewriting
from tests.alliances import ROUTING, plan
from tests.live import free_port
from tests.pages import EveryName
from tests.postgresql import Cluster, _run, find_server

ALLIANCE: Final = (Organisation, CustodyIdentity, Trustee, Wave, WaveTrustee, Invitation)
RESPONDENTS_AT_ONCE: Final = 4
CODES_PER_KILL: Final = 60
BETWEEN_KILLS: Final = 4
PATIENCE: Final = 120.0
PROCESSES: Final = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.chaos"])


@dataclass(slots=True)
class Tally:
    """What came of it: kills by what was killed, responses acknowledged, stored, counted by custody."""

    kills: Counter[str] = field(default_factory=Counter)
    again: int = 0
    acknowledged: set[bytes] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    stored: list[bytes] = field(default_factory=list)
    counted: int = 0
    exchanged: int = 0
    seconds: float = 0.0

    @property
    def lost(self) -> int:
        """Responses that a respondent was told are there, and are not."""
        return len(self.acknowledged - set(self.stored))

    @property
    def twice(self) -> int:
        """Rows beyond one for each who sent."""
        return len(self.stored) - len(self.acknowledged & set(self.stored))


def serve(settings: Mapping[str, str], port: int) -> None:
    """A node of the web, on a server that starts at once."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    app = create_app(Config.from_environment(settings), assets=EveryName())
    logging.getLogger("survey.app").setLevel(logging.CRITICAL)
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


def rewrite(settings: Mapping[str, str]) -> None:
    """The worker's part that touches what is sent, without its pauses of a minute."""
    config = Config.from_environment(settings)
    rewriting = Rewriting(open_databases(config.database_url, config.responses_url))
    while True:
        try:
            rewriting.step()
        except (RewriteError, SQLAlchemyError):  # The database is killed too.
            time.sleep(0.05)
        time.sleep(0.2)


@dataclass(slots=True)
class Victim:
    """Something that is killed, and started again."""

    name: str
    start: Callable[[], BaseProcess]
    process: BaseProcess | None = None

    def kill(self) -> None:
        """End it where it stands."""
        if self.process is not None:
            self.process.kill()
            self.process.join()

    def begin(self) -> None:
        """Start it (again)."""
        self.process = self.start()
        self.process.start()


@dataclass(frozen=True, slots=True)
class Storm:
    """A wave that is open, on databases that may be killed, with two nodes and a worker."""

    config: Config
    databases: Databases
    ballot: Ballot
    ports: tuple[int, int]
    cluster: Cluster | None
    tally: Tally = field(default_factory=Tally)

    def through(self, kills: int, generator: np.random.Generator) -> Tally:
        """Answer while `kills` are done; the tally, after custody has counted."""
        began, over = time.monotonic(), threading.Event()
        victims = self._victims()
        for victim in victims:
            victim.begin()
        respondent = self._arrived()
        threads = [
            threading.Thread(target=self._answer, args=(respondent, codes, over))
            for codes in (
                self.ballot.codes[start::RESPONDENTS_AT_ONCE] for start in range(RESPONDENTS_AT_ONCE)
            )
        ]
        for thread in threads:
            thread.start()
        self._kill(victims, kills, generator)
        over.set()
        for thread in threads:
            thread.join()
        for victim in victims:
            victim.kill()
        self._count()
        self.tally.seconds = time.monotonic() - began
        return self.tally

    def _victims(self) -> Sequence[Victim]:
        settings = self.config.environment()
        nodes = [
            Victim("web", lambda port=port: PROCESSES.Process(target=serve, args=(settings, port)))  # type: ignore[misc]
            for port in self.ports
        ]
        return [*nodes, Victim("worker", lambda: PROCESSES.Process(target=rewrite, args=(settings,)))]

    def _kill(self, victims: Sequence[Victim], kills: int, generator: np.random.Generator) -> None:
        for number in range(kills):
            self._await_more()
            time.sleep(generator.uniform(0, 0.15))
            if self.cluster is not None and number % 4 == 3:
                restart(self.cluster)
                self.tally.kills["database"] += 1
                continue
            victim = victims[number % len(victims)]
            victim.kill()
            self.tally.kills[victim.name] += 1
            victim.begin()

    def _await_more(self) -> None:
        """Let some get through since the last kill: else nothing would be killed under load."""
        enough, until = len(self.tally.acknowledged) + BETWEEN_KILLS, time.monotonic() + PATIENCE
        while len(self.tally.acknowledged) < enough and not self.tally.refused:
            assert time.monotonic() < until, "nobody gets through"
            time.sleep(0.005)

    def _arrived(self) -> Respondent:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with self._http(0) as http:
                    return Respondent.arrive(http, self.ballot.wave, self.ballot.pin)
            except httpx.HTTPError:
                assert time.monotonic() < until, "no node answers"
                time.sleep(0.05)

    def _http(self, node: int) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.ports[node]}", timeout=20)

    def _answer(self, respondent: Respondent, codes: Sequence[str], over: threading.Event) -> None:
        blank = Answers((None,) * len(respondent.questionnaire.items))
        for code in codes:
            if over.is_set():
                return
            prepared = respondent.prepared(None, blank)
            if self._delivered(respondent, code, prepared):
                key = credentials.CredentialKey.of(prepared.secret, self.ballot.wave)
                self.tally.acknowledged.add(sha256(key.public).digest())

    def _delivered(self, respondent: Respondent, code: str, prepared: Prepared) -> bool:
        until, node = time.monotonic() + PATIENCE, 0
        while time.monotonic() < until:
            try:
                with self._http(node) as http:
                    replace(respondent, http=http).deliver(code, prepared)
            except httpx.HTTPError:
                pass
            except AnsweringError as fault:
                if fault.code not in {"try_again", "http_500", "http_503"}:
                    self.tally.refused.append(fault.code)
                    return False
            else:
                return True
            self.tally.again += 1
            node = 1 - node
            time.sleep(0.02)
        self.tally.refused.append("no node in time")
        return False

    def _count(self) -> None:
        with self.databases.responses_session(reading=True) as session:
            query = select(SealedResponse.credential_digest).where(SealedResponse.wave_id == self.ballot.wave)
            self.tally.stored = list(session.scalars(query))
        with self.databases.alliance_session() as session:
            close(WaveRegistry(session).wave(self.ballot.wave), today())
        custody = Custody(self.databases, CustodyDirectory(self.config.custody_directory), today)
        custody.step()
        with self.databases.alliance_session(reading=True) as session:
            statement = statement_of(WaveRegistry(session).wave(self.ballot.wave))
            self.tally.counted, self.tally.exchanged = statement.count, statement.exchanged


@contextmanager
def storm(folder: Path, kills: int, cluster: Cluster | None = None) -> Iterator[Storm]:
    """A wave with enough codes for so many kills, on SQLite, or on a cluster that waits for its log."""
    with open_alliance(folder, free_port()) as alliance:
        organisation = alliance.organisation("Havnens Værksted", "labour_market")
        trustees = alliance.trustees(organisation)
        asked = plan(kills * CODES_PER_KILL, (), today())
        ballot = alliance.field(organisation, load(ROUTING), asked, trustees)
        config = alliance.config
    if cluster is not None:
        config = moved(config, cluster)
    databases = open_databases(config.database_url, config.responses_url)
    yield Storm(config, databases, ballot, (free_port(), free_port()), cluster)
    databases.dispose()


def moved(config: Config, cluster: Cluster) -> Config:
    """The same alliance on PostgreSQL, with commits that wait until they are written."""
    with psycopg.connect(_postgres(cluster), autocommit=True) as connection:
        connection.execute("ALTER ROLE postgres SET synchronous_commit = on")
    urls = [cluster.url(cluster.create_database()) for _ in range(2)]
    source, target = open_databases(config.database_url, config.responses_url), open_databases(*urls)
    upgrade(target)
    with source.alliance_session(reading=True) as old, target.alliance_session() as new:
        for mapper in ALLIANCE:
            for row in old.scalars(select(mapper)):
                new.merge(row)
            new.flush()
    source.dispose()
    target.dispose()
    return replace(config, database_url=urls[0], responses_url=urls[1])


def restart(cluster: Cluster) -> None:
    """The server as after a loss of power: nothing is written out, and it recovers from its log."""
    with psycopg.connect(_postgres(cluster)) as connection:
        found = connection.execute("SHOW data_directory").fetchone()
    server = find_server()
    assert found is not None
    assert server is not None
    control = [str(server / "pg_ctl"), "--silent", "--pgdata", found[0], "--log", f"{found[0]}/log"]
    _run([*control, "restart", "--mode", "immediate"])


def _postgres(cluster: Cluster) -> str:
    return f"postgresql://postgres@127.0.0.1:{cluster.port}/postgres"
