"""
Submissions accepted per second by `tillid web`, on SQLite and on PostgreSQL, beside a bare view.

The load comes from `wrk`, which leaves the cores to the rest; PostgreSQL waits for its disk. Load generator,
web and database share the machine, so these are floors. Beside them, in the same run and in turns: a Flask
view of ten lines under the same server that verifies a row and stores it by one statement, and nothing else;
then whole responses: page, manifest, questionnaire, exchange and submission. Whatever else runs on the
machine slows all, so the ratio is what to compare between runs.
"""

from __future__ import annotations

import http.client
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from flask import Flask, request
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy import Connection, delete, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from config import Config
from questionnaires.answers import Answers, encode, padded
from questionnaires.loading import load
from survey.answering.client import Respondent
from survey.commands.alliance import open_alliance
from survey.commands.web import BLOCKING_THREADS
from survey.sealing import credentials, envelope, rows
from survey.sealing.at_rest import AtRest
from survey.sealing.issuing import IssuingKey
from survey.storage.databases import SQLITE, open_databases
from survey.storage.models import Invitation
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import SealedResponse
from survey.storage.upgrading import upgrade
from survey.waves.checking import verifier
from tests.alliances import Clock, plan
from tests.live import free_port, web_process
from tests.postgresql import DURABLE, Cluster, find_server

SUBMISSIONS = 3_000
RESPONSES = 1_200
CONNECTIONS = (16, 32, 64)
PROCESSES = (1, 2, 4)
ROUNDS = 3
# Longer than a round takes: wrk waits until its time is over.
ROUND_SECONDS = 3
WORKPLACE = Path("questionnaires/definitions/workplace.yaml")
REQUESTS = Path(__file__).with_name("requests.lua")


@dataclass(frozen=True, slots=True)
class Prepared:
    """An open wave, and requests to it that are each made once."""

    config: Config
    wave: str
    submissions: list[bytes]
    responses: list[list[bytes]]
    verified: float


@dataclass(frozen=True, slots=True)
class Round:
    """What wrk says of one file of requests: milliseconds and requests a second."""

    rate: float
    p50: float
    p95: float


def main() -> None:
    """
    Measure, and print a table.

    Raises:
        SystemExit: If there is nothing to make load with, or a request was refused.
    """
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed, and makes the load here; run: sudo setup/apt.sh wrk")
    load, *_ = os.getloadavg()
    print(f"{platform.platform()}, {os.cpu_count()} cores, {load:.1f} busy with other things")
    print(f"{SUBMISSIONS:,} submissions, {RESPONSES:,} whole responses; medians of {ROUNDS} rounds, in turns")
    print(f"{'':<44}{'per second':>12}{'p50 ms':>9}{'p95 ms':>9}")
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", Path(folder) / "sqlite", None)
        server = find_server()
        if server is None:
            print("PostgreSQL            not installed: not measured")
            return
        with Cluster.started(server, DURABLE) as cluster:
            measure("PostgreSQL", Path(folder) / "postgresql", cluster)


def measure(name: str, folder: Path, cluster: Cluster | None) -> None:
    """Print what one database takes, with one process of the web and with more."""
    made = prepared(folder, cluster)
    print(f"{'bare verification, one process':<44}{made.verified:>12,.0f}")
    for workers in PROCESSES:
        both = [replace(made.config, workers=workers, port=port) for port in (free_port(), free_port())]
        both = [replace(each, base_url=f"http://127.0.0.1:{each.port}") for each in both]
        with bare_process(both[0], folder / "bare.log"), web_process(both[1], folder / "web.log"):
            for connections in CONNECTIONS:
                emptied(made.config)
                what = f"{name}, {workers} process(es), {connections} connections"
                in_turns(what, both, made, folder, connections)
            if workers == max(1, os.cpu_count() or 1):
                whole(f"{name}, whole responses", both[1], made, folder)


def in_turns(what: str, both: Sequence[Config], made: Prepared, folder: Path, connections: int) -> None:
    """Give bare view and Tillid their half in turns, so that whatever else runs here meets them alike."""
    print(what)
    share = len(made.submissions) // (2 * ROUNDS)
    rounds: list[list[Round]] = [[], []]
    for turn in range(2 * ROUNDS):
        part = made.submissions[turn * share : (turn + 1) * share]
        rounds[turn % 2].append(sent(both[turn % 2], part, folder, connections))
    bare, tillid = (
        told(f"  {name}", each) for name, each in zip(("bare view", "Tillid"), rounds, strict=True)
    )
    print(f"{'':<44}{tillid / bare:>12.0%} of the bare view")


def whole(what: str, config: Config, made: Prepared, folder: Path) -> None:
    """Print how many whole responses are taken: five requests each."""
    emptied(config)
    share = len(made.responses) // ROUNDS
    rounds = []
    for turn in range(ROUNDS):
        part = [each for response in made.responses[turn * share : (turn + 1) * share] for each in response]
        found = sent(config, part, folder, min(CONNECTIONS))
        rounds.append(replace(found, rate=found.rate / len(made.responses[0])))
    told(f"{what}, {min(CONNECTIONS)} connections", rounds)
    print(f"{'bytes of a stored row':<44}{row_size(config):>12,.0f}")


def told(what: str, rounds: Sequence[Round]) -> float:
    """Print the medians of some rounds, and return the rate."""
    rate, p50, p95 = (
        float(median(of)) for of in zip(*((each.rate, each.p50, each.p95) for each in rounds), strict=True)
    )
    print(f"{what:<44}{rate:>12,.0f}{p50:>9.1f}{p95:>9.1f}")
    return rate


def sent(config: Config, requests: Sequence[bytes], folder: Path, connections: int) -> Round:
    """
    Send each of these once.

    Raises:
        SystemExit: If one was refused, or not all were sent in time.
    """
    file = folder / "requests"
    file.write_bytes(b"".join(requests))
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{ROUND_SECONDS}s",
        f"-s{REQUESTS}",
        config.base_url,
        "--",
    ]
    said = subprocess.run([*command, file], check=True, capture_output=True, text=True).stdout  # noqa: S603  Our own.
    _answered, failed, seconds, p50, p95 = map(float, said.rsplit("measured", 1)[1].split())
    if failed or seconds < 0:
        raise SystemExit(f"refused, or not all were sent in {ROUND_SECONDS} seconds: {said}")
    return Round(len(requests) / seconds, p50, p95)


def asked(method: str, path: str, body: bytes = b"") -> bytes:
    """One record of the file that `requests.lua` reads."""
    return f"{method} {path} {len(body)}\n".encode() + body


def row_size(config: Config) -> float:
    """Bytes that a row holds, on average."""
    databases = open_databases(config.database_url, config.responses_url)
    table = SealedResponse.__table__
    size = sum(
        (func.length(column) for column in table.columns if column.name != "sequence"), start=literal(8)
    )
    with databases.responses_session(reading=True) as session:
        found = session.scalar(select(func.avg(size)).select_from(table))
    databases.dispose()
    return float(found or 0)


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
        with databases.responses.begin() as stored:
            upsert(stored, wave_id, row)
        return "", 204

    return app


def upsert(stored: Connection, wave: str, row: rows.Row) -> None:
    """Store a row, or put it in place of an older one, as anybody would write it with SQLAlchemy."""
    dialect = sqlite if stored.dialect.name == SQLITE else postgresql
    values = {
        "credential_key": row.credential_key,
        "randomiser": row.randomiser,
        "issuing_signature": row.issuing_signature,
        "sequence": row.sequence,
        "row_signature": row.row_signature,
        "envelope": row.envelope,
    }
    key = {"wave_id": wave, "credential_digest": row.credential_digest}
    statement = dialect.insert(SealedResponse.__table__).values(key | values)
    stored.execute(
        statement.on_conflict_do_update(
            index_elements=list(key), set_=values, where=SealedResponse.sequence < row.sequence
        )
    )


def prepared(folder: Path, cluster: Cluster | None) -> Prepared:
    """An open wave, the requests that are made to it, and how many rows verify per second by themselves."""
    folder.mkdir(parents=True, exist_ok=True)
    with open_alliance(folder, free_port(), Clock()) as alliance:
        organisation = alliance.organisation("Benchmark", "labour_market")
        trustees = alliance.trustees(organisation)
        ballot = alliance.field(organisation, load(WORKPLACE), plan(RESPONSES), trustees)
        respondent = Respondent.arrive(alliance.http, ballot.wave, ballot.pin)
        with alliance.databases.alliance_session(reading=True) as session:
            wave = WaveRegistry(session).wave(ballot.wave)
        issuing = IssuingKey.from_bytes(AtRest(alliance.config.fernet_keys).decrypt(wave.issuing_key or b""))
        made = [row(respondent, issuing) for _ in range(SUBMISSIONS + RESPONSES)]
        verified = verified_each_second(verifier(wave), [each for _, each in made[:500]])
        config = alliance.config if cluster is None else moved(alliance.config, cluster, ballot.wave)
    at, digest = f"/w/{ballot.wave}", respondent.manifest_digest
    posts = [asked("POST", f"{at}/responses", rows.submission(digest, each)) for _, each in made]
    arriving = [
        asked("GET", at),
        asked("GET", f"{at}/manifest.json"),
        asked("GET", f"{at}/questionnaire.json"),
    ]
    exchanges = [
        asked("POST", f"{at}/credential", code.encode() + blinded)
        for code, (blinded, _) in zip(ballot.codes, made[SUBMISSIONS:], strict=True)
    ]
    responses = [
        [*arriving, first, second] for first, second in zip(exchanges, posts[SUBMISSIONS:], strict=True)
    ]
    return Prepared(config, ballot.wave, posts[:SUBMISSIONS], responses, verified)


def verified_each_second(check: rows.RowVerifier, made: Sequence[rows.Row]) -> float:
    """
    Verify rows one after the other.

    Raises:
        SystemExit: If one does not verify.
    """
    began = time.perf_counter()
    if any(check.fault(each) for each in made):
        raise SystemExit("a row that was made for the benchmark does not verify")
    return len(made) / (time.perf_counter() - began)


def row(respondent: Respondent, issuing: IssuingKey) -> tuple[bytes, rows.Row]:
    """A blinded message, and a row with the credential that the issuer made of it without a code."""
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
    return blinding.blinded, rows.Row(key.public, blinding.randomiser, signature, 0, proof, sealed)


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
        new.flush()
        for invitation in old.scalars(select(Invitation)):
            new.merge(invitation)
    source.dispose()
    target.dispose()
    return replace(config, database_url=urls[0], responses_url=urls[1])


if __name__ == "__main__":
    main()
