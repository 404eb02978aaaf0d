"""
Submissions accepted per second by `tillid web`, on SQLite and on PostgreSQL.

Load generator, web and database share the machine's cores, so these are floors. Beside them, in the same run:
the bare verification of the same rows in one process, which no server can be faster than per core.
"""

from __future__ import annotations

import http.client
import os
import platform
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from config import Config
from questionnaires.answers import Answers, encode, padded
from questionnaires.loading import load
from survey.answering.client import Respondent
from survey.commands.alliance import open_alliance
from survey.sealing import credentials, envelope, rows
from survey.sealing.at_rest import AtRest
from survey.sealing.issuing import IssuingKey
from survey.storage.databases import open_databases
from survey.storage.repositories import WaveRegistry
from survey.storage.upgrading import upgrade
from survey.waves.checking import verifier
from tests.alliances import Clock, plan
from tests.live import free_port, web_process
from tests.postgresql import Cluster, find_server

SUBMISSIONS = 2_000
CONNECTIONS = 16
WORKPLACE = Path("questionnaires/definitions/workplace.yaml")


def main() -> None:
    """Measure, and print a table."""
    print(f"{platform.platform()}, {os.cpu_count()} cores")
    print(f"{SUBMISSIONS:,} submissions over {CONNECTIONS} connections")
    print(f"{'':<22}{'per second':>12}{'p50 ms':>9}{'p99 ms':>9}")
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", Path(folder), None)
        server = find_server()
        if server is None:
            print("PostgreSQL            not installed: not measured")
            return
        with Cluster.started(server) as cluster:
            measure("PostgreSQL", Path(folder) / "postgresql", cluster)


def measure(name: str, folder: Path, cluster: Cluster | None) -> None:
    """Print what one database takes."""
    config, wave, bodies, bare = prepared(folder, cluster)
    if name == "SQLite":
        print(f"{'bare verification':<22}{bare:>12,.0f}")
    with web_process(config, folder / "web.log"), ThreadPoolExecutor(CONNECTIONS) as pool:
        began = time.perf_counter()
        shares = [bodies[start::CONNECTIONS] for start in range(CONNECTIONS)]
        latencies = sorted(chain.from_iterable(pool.map(lambda share: submit(config, wave, share), shares)))
        seconds = time.perf_counter() - began
    p50, p99 = (latencies[int(len(latencies) * share)] * 1000 for share in (0.5, 0.99))
    print(f"{name:<22}{len(latencies) / seconds:>12,.0f}{p50:>9.1f}{p99:>9.1f}")


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
    """Seconds that each of these took, one after the other over one connection."""
    address = urlsplit(config.base_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    latencies = []
    for body in bodies:
        began = time.perf_counter()
        headers = {"Content-Type": "application/octet-stream"}
        connection.request("POST", f"/w/{wave}/responses", body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != http.client.NO_CONTENT:
            raise SystemExit(f"refused: {answer.status}")
        latencies.append(time.perf_counter() - began)
    connection.close()
    return latencies


if __name__ == "__main__":
    main()
