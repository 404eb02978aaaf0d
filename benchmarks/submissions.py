"""
Submissions accepted per second by `tillid web`, on SQLite and on PostgreSQL, beside a bare view.

Load generator, web and database share the machine's cores, so these are floors. Beside them, in the same run:
the bare verification of the same rows in one process, which no server can be faster than per core; and a
Flask view of ten lines under the same server that does the same checks and the same insert, and nothing else.
Whatever else runs on the machine slows both, so their ratio is what to compare between runs.
"""

from __future__ import annotations

import http.client
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path

from flask import Flask, request
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy import delete

from config import Config
from questionnaires.answers import Answers, encode, padded
from questionnaires.loading import load
from survey.answering.client import Respondent
from survey.answering.receiving import receive
from survey.commands.alliance import open_alliance
from survey.commands.web import BLOCKING_THREADS
from survey.sealing import credentials, envelope, rows
from survey.sealing.at_rest import AtRest
from survey.sealing.issuing import IssuingKey
from survey.storage.databases import open_databases
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import SealedResponse
from survey.storage.upgrading import upgrade
from survey.waves.checking import verifier
from tests.alliances import Clock, plan
from tests.live import free_port, web_process
from tests.postgresql import Cluster, find_server

SUBMISSIONS = 2_000
CONNECTIONS = 16
ROUNDS = 5
WORKPLACE = Path("questionnaires/definitions/workplace.yaml")


def main() -> None:
    """Measure, and print a table."""
    load, *_ = os.getloadavg()
    print(f"{platform.platform()}, {os.cpu_count()} cores, {load:.1f} busy with other things")
    print(f"{SUBMISSIONS:,} submissions over {CONNECTIONS} connections")
    print(f"{'':<34}{'per second':>12}{'p50 ms':>9}{'p95 ms':>9}")
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", Path(folder), None)
        server = find_server()
        if server is None:
            print("PostgreSQL            not installed: not measured")
            return
        with Cluster.started(server) as cluster:
            measure("PostgreSQL", Path(folder) / "postgresql", cluster)


def measure(name: str, folder: Path, cluster: Cluster | None) -> None:
    """Print what one database takes, with one process of the web and with two."""
    config, wave, bodies, bare = prepared(folder, cluster)
    if cluster is None:
        print(f"{'bare verification':<34}{bare:>12,.0f}")
    for workers in (1, 2):
        both = [replace(config, workers=workers, port=port) for port in (free_port(), free_port())]
        both = [replace(each, base_url=f"http://127.0.0.1:{each.port}") for each in both]
        emptied(config)
        with bare_process(both[0], folder / "bare.log"), web_process(both[1], folder / "web.log"):
            rates = alternately(f"{name}, {workers} process(es)", both, wave, bodies)
        print(f"{'':<34}{rates[1] / rates[0]:>12.0%} of the bare view")


def alternately(name: str, both: Sequence[Config], wave: str, bodies: Sequence[bytes]) -> list[float]:
    """Give both their half in turns, so that whatever else the machine does meets them alike."""
    seconds = [0.0, 0.0]
    latencies: list[list[float]] = [[], []]
    share = len(bodies) // (2 * ROUNDS)
    for turn in range(2 * ROUNDS):
        which = turn % 2
        began = time.perf_counter()
        latencies[which].extend(sent(both[which], wave, bodies[turn * share : (turn + 1) * share]))
        seconds[which] += time.perf_counter() - began
    for what, taken, each in zip(("bare view", "Tillid"), seconds, latencies, strict=True):
        each.sort()
        p50, p95 = (each[int(len(each) * part)] * 1000 for part in (0.5, 0.95))
        print(f"{f'{name}, {what}':<34}{len(each) / taken:>12,.0f}{p50:>9.1f}{p95:>9.1f}")
    return [len(each) / taken for taken, each in zip(seconds, latencies, strict=True)]


def sent(config: Config, wave: str, bodies: Sequence[bytes]) -> list[float]:
    """Seconds that each of these took, over all connections at once."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        shares = [bodies[start::CONNECTIONS] for start in range(CONNECTIONS)]
        return list(chain.from_iterable(pool.map(lambda share: submit(config, wave, share), shares)))


def emptied(config: Config) -> None:
    """Take the responses of the last measurement out."""
    databases = open_databases(config.database_url, config.responses_url)
    with databases.responses_session() as session:
        session.execute(delete(SealedResponse))
    databases.dispose()


@contextmanager
def bare_process(config: Config, log: Path) -> Iterator[None]:
    """Granian with the bare view, until the block ends."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", "from benchmarks.submissions import serve_bare; serve_bare()"],
            env={**os.environ, **config.environment()},
            stdout=output,
            stderr=output,
        )
    try:
        until = time.monotonic() + 90
        while time.monotonic() < until:
            try:
                http.client.HTTPConnection(config.host, config.port).connect()
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(3)
        yield
    finally:
        process.terminate()
        process.wait(20)


def serve_bare() -> None:
    """Serve the bare view as `tillid web` serves Tillid."""
    config = Config.from_environment(os.environ)
    Granian(
        "benchmarks.submissions:bare_application",
        factory=True,
        interface=Interfaces.WSGI,
        address=config.host,
        port=config.port,
        workers=config.workers,
        blocking_threads=BLOCKING_THREADS,
        websockets=False,
    ).serve()


def bare_application() -> Flask:
    """Make an application that verifies a row and stores it."""
    config = Config.from_environment(os.environ)
    databases = open_databases(config.database_url, config.responses_url)
    app = Flask("bare")
    verifiers: dict[str, rows.RowVerifier] = {}

    @app.post("/w/<wave_id>/responses")
    def responses(wave_id: str) -> tuple[str, int]:
        if wave_id not in verifiers:
            with databases.alliance_session(reading=True) as session:
                verifiers[wave_id] = verifier(WaveRegistry(session).wave(wave_id))
        row = verifiers[wave_id].read(request.get_data(cache=False))
        with databases.responses_session() as stored:
            receive(stored, wave_id, row)
        return "", 204

    return app


def prepared(folder: Path, cluster: Cluster | None) -> tuple[Config, str, list[bytes], float]:
    """An open wave, the bodies of its submissions, and how many rows verify per second by themselves."""
    folder.mkdir(parents=True, exist_ok=True)
    with open_alliance(folder, free_port(), Clock()) as alliance:
        organisation = alliance.organisation("Benchmark", "labour_market")
        ballot = alliance.field(organisation, load(WORKPLACE), plan(0), alliance.trustees(organisation))
        respondent = Respondent.arrive(alliance.http, ballot.wave, ballot.pin)
        with alliance.databases.alliance_session(reading=True) as session:
            wave = WaveRegistry(session).wave(ballot.wave)
        issuing = IssuingKey.from_bytes(AtRest(alliance.config.fernet_keys).decrypt(wave.issuing_key or b""))
        made = [row(respondent, issuing) for _ in range(SUBMISSIONS)]
        check = verifier(wave)
        began = time.perf_counter()
        if any(check.fault(each) for each in made):
            raise SystemExit("a row that was made for the benchmark does not verify")
        bare = len(made) / (time.perf_counter() - began)
        config = alliance.config
    if cluster is not None:
        config = moved(config, cluster, ballot.wave)
    return config, ballot.wave, [rows.submission(respondent.manifest_digest, each) for each in made], bare


def row(respondent: Respondent, issuing: IssuingKey) -> rows.Row:
    """A row whose credential the issuer signed without a code."""
    wave = respondent.manifest.wave
    key = credentials.CredentialKey.of(credentials.new_secret(), wave)
    message = credentials.credential_message(wave, key.public)
    blinding = credentials.blind(respondent.issuing_key, message)
    signed = issuing.sign_blinded(blinding.blinded)
    signature = credentials.finalise(respondent.issuing_key, message, blinding, signed)
    blank = Answers((None,) * len(respondent.questionnaire.items))
    size = envelope.padded_size(respondent.manifest.envelope_size)
    sealed = respondent.sealer.seal(padded(encode(respondent.questionnaire, None, blank), size), key.public)
    proof = key.sign_row(credentials.row_message(wave, respondent.manifest_digest, 0, sealed))
    return rows.Row(key.public, blinding.randomiser, signature, 0, proof, sealed)


def moved(config: Config, cluster: Cluster, wave_id: str) -> Config:
    """The same wave on PostgreSQL."""
    urls = [cluster.url(cluster.create_database()) for _ in range(2)]
    source, target = open_databases(config.database_url, config.responses_url), open_databases(*urls)
    upgrade(target)
    with source.alliance_session(reading=True) as old, target.alliance_session() as new:
        registry = WaveRegistry(old)
        wave = registry.wave(wave_id)
        _ = wave.list_rows
        new.merge(registry.organisation_of(wave))
        new.flush()
        new.merge(wave)
    source.dispose()
    target.dispose()
    return replace(config, database_url=urls[0], responses_url=urls[1])


def submit(config: Config, wave: str, bodies: Sequence[bytes]) -> list[float]:
    """Seconds that each of these took, one after the other over one connection, with little work here."""
    latencies = []
    with socket.create_connection((config.host, config.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for body in bodies:
            head = (
                f"POST /w/{wave}/responses HTTP/1.1\r\nHost: localhost\r\n"
                f"Content-Type: application/octet-stream\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            began = time.perf_counter()
            connection.sendall(head.encode() + body)
            answer = connection.recv(4096)
            if not answer.startswith(b"HTTP/1.1 204"):
                raise SystemExit(f"refused: {answer[:200]!r}")
            latencies.append(time.perf_counter() - began)
    return latencies


if __name__ == "__main__":
    main()
