"""
Custody's two long pieces of work on a closed wave, each beside the bare cryptography under it.

Verifying: both signatures of every row, read from the responses' database. Opening: every envelope opened,
read, routed, coded and counted, from the same database. The bare loops do the same cryptography over inputs
that lie ready in memory, in as many processes, in the same run; of a larger wave over some of its rows, since
what one takes does not depend on how many there are. Compared are seconds of processor time, all processes
together: what else a shared machine does lengthens waiting, not those. Custody works in a process of its own,
which holds none of the rows, so that its memory is what it needs; starting those that help it is part of its
time. `TILLID_BENCH_ROWS=1000000` for another size.
"""

from __future__ import annotations

import multiprocessing
import os
import platform
import resource
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import insert

from questionnaires.answers import encode, longest_plaintext, padded
from questionnaires.digest import definition_bytes
from questionnaires.loading import load
from survey.commands.synthetic import Place, replies
from survey.custody.closing import Verifying, closed_list
from survey.custody.opening import Opening, opened_wave
from survey.custody.ranges import over_all_rows
from survey.sealing import credentials, xwing
from survey.sealing.envelope import binding, envelope_size, padded_size
from survey.sealing.issuing import IssuingKey
from survey.sealing.rows import Row
from survey.sealing.seal import WaveSealer
from survey.storage.databases import Databases, open_databases
from survey.storage.responses import SealedResponse
from survey.storage.upgrading import upgrade
from survey.waves import manifest as manifests
from survey.waves.manifest import from_value, to_b64

SIZES = tuple(int(size) for size in os.environ.get("TILLID_BENCH_ROWS", "10000,40000").split(","))
ROUNDS = 2
BARE_ROWS = 100_000
MADE_AT_ONCE = 500
WORKPLACE = load(Path("questionnaires/definitions/workplace.yaml"))
PSS = padding.PSS(padding.MGF1(hashes.SHA384()), 48)
CORES = len(os.sched_getaffinity(0))


@dataclass(frozen=True, slots=True)
class Keys:
    """What a wave of the benchmark is made with."""

    seed: bytes
    manifest: bytes
    issuing: bytes
    """PKCS #8; signs credentials without blinding, which gives the same signatures."""

    @property
    def digest(self) -> bytes:
        """The manifest's digest."""
        return manifests.digest(self.manifest)

    @property
    def wave(self) -> str:
        """The wave's id."""
        return manifests.from_bytes(self.manifest).wave


def main() -> None:
    """Measure, and print a table."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, {CORES} used; {len(WORKPLACE.items)} items")
    costs = f"{'bare µs':>9}{'custody µs':>12}{'ratio':>7}{'limit':>7}"
    print(f"{'rows':>10}  {'':<26}{costs}{'wall s':>8}{'GB':>8}{'helper':>8}")
    keys = made_keys()
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            databases = open_databases(*_urls(folder))
            upgrade(databases)
            rows = stored(databases, keys, size)
            databases.dispose()
            measured(size, folder, keys, rows)


def _urls(folder: str) -> tuple[str, str]:
    return f"sqlite:///{folder}/a.db", f"sqlite:///{folder}/r.db"


def measured(size: int, folder: str, keys: Keys, rows: list[Row]) -> None:
    """Print both comparisons for one size."""
    listed = b"".join(sorted(row.digest() for row in rows))
    for name, limit, product, bare in (
        ("verified", 1.25, partial(verify, folder, keys, size), bare_verify),
        ("opened, coded, tabulated", 1.35, partial(open_and_count, folder, keys, listed), bare_open),
    ):
        # In turns, so that what else the machine does disturbs both alike; the best round counts.
        times = [(*alone(product), in_processes(bare, keys, rows[:BARE_ROWS])) for _ in range(ROUNDS)]
        custody, wall, own, helping, raw = (min(column) for column in zip(*times, strict=True))
        each, bare_each = custody / size * 1e6, raw / min(size, BARE_ROWS) * 1e6
        costs = f"{bare_each:>9.1f}{each:>12.1f}{each / bare_each:>7.2f}{limit:>7.2f}"
        print(f"{size:>10,}  {name:<26}{costs}{wall:>8.1f}{own:>8.2f}{helping:>8.2f}", flush=True)


def verify(folder: str, keys: Keys, size: int) -> None:
    """What custody does at closing."""
    engine = open_databases(*_urls(folder)).responses
    parts = over_all_rows(engine, keys.wave, Verifying(keys.manifest), progress=lambda *_: None)
    if len(closed_list(parts).row_digests) != size:
        raise SystemExit("not every row was verified")


def open_and_count(folder: str, keys: Keys, listed: bytes) -> None:
    """What custody does at opening, up to the tables."""
    # Imported here: the processes that custody starts import this file too, and need none of it.
    from analysis.coding import coded
    from analysis.measures import measures_of
    from analysis.plan import publication_plan
    from analysis.tabulation import tabulated

    opening = Opening(keys.seed, keys.digest, definition_bytes(WORKPLACE), (), listed)
    engine = open_databases(*_urls(folder)).responses
    parts = over_all_rows(engine, keys.wave, opening, progress=lambda *_: None)
    opened = opened_wave(parts, listed, opening.reader())
    if opened.rejected:
        raise SystemExit(f"not every row was read: {opened.rejected}")
    plan = publication_plan(WORKPLACE, breakdowns=(), open_wave=False)
    measures = measures_of(WORKPLACE)
    responses = coded(opened.wave, (measures[table.item] for table in plan.tables))
    for table in plan.tables:
        tabulated(responses, table, table.alternatives[0])


def bare_verify(keys: Keys, rows: Sequence[Row]) -> float:
    """Seconds for the signatures alone."""
    public = credentials.issuing_public_key(
        manifests.from_b64(manifests.from_bytes(keys.manifest).issuing_keys[0].key)
    )
    prepared = [
        (
            row.issuing_signature,
            row.randomiser + credentials.credential_message(keys.wave, row.credential_key),
            Ed25519PublicKey.from_public_bytes(row.credential_key),
            row.row_signature,
            credentials.row_message(keys.wave, keys.digest, row.sequence, row.envelope),
        )
        for row in rows
    ]
    began = time.process_time()
    for signature, message, key, row_signature, signed in prepared:
        public.verify(signature, message, PSS, hashes.SHA384())
        key.verify(row_signature, signed)
    return time.process_time() - began


def bare_open(keys: Keys, rows: Sequence[Row]) -> float:
    """Seconds for HPKE alone."""
    key = xwing.private_key(keys.seed)
    prepared = [(row.envelope[1:], binding(keys.digest, row.credential_key)) for row in rows]
    began = time.process_time()
    for sealed, info in prepared:
        xwing.SUITE.decrypt(sealed, key, info)
    return time.process_time() - began


def in_processes(bare: Callable[[Keys, Sequence[Row]], float], keys: Keys, rows: list[Row]) -> float:
    """Seconds of processor time of as many processes as custody uses, each with its share of the rows."""
    with ProcessPoolExecutor(CORES, multiprocessing.get_context("fork")) as pool:
        shares = [rows[start::CORES] for start in range(CORES)]
        return sum(pool.map(bare, [keys] * CORES, shares))


def alone(work: Callable[[], None]) -> tuple[float, float, float, float]:
    """What `work` takes in a fresh process: see `spent`."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(spent, work).result()


def spent(work: Callable[[], None]) -> tuple[float, float, float, float]:
    """
    Seconds of processor time, those of ended processes too; seconds on the clock; and GB at most.

    The memory is this process's, and the largest of those that it started.
    """
    began, before = time.perf_counter(), processor_seconds()
    work()
    helping = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    return processor_seconds() - before, time.perf_counter() - began, most_memory(), helping


def most_memory() -> float:
    """
    GB that this program held at most (proc_pid_status(5), VmHWM).

    `ru_maxrss` says at least what the process held that started it (getrusage(2)): here all the rows.
    """
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1e6


def processor_seconds() -> float:
    """Of this process and of all it started that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def made_keys() -> Keys:
    """Fresh keys, in a manifest of the workplace questionnaire."""
    from tests.survey.waves.manifests import right

    seed, issuing = xwing.new_seed(), rsa.generate_private_key(65537, 2048)
    value = right()
    value["wave_key"] = to_b64(xwing.public_bytes(seed))
    value["issuing_keys"] = [
        {"channel": "invitation", "key": to_b64(credentials.public_der(issuing.public_key()))}
    ]
    value["paper_credentials"] = 0
    value["envelope_size"] = envelope_size(longest_plaintext(WORKPLACE, 0))
    return Keys(seed, from_value(value).to_bytes(), IssuingKey(issuing).to_bytes())


def stored(databases: Databases, keys: Keys, number: int) -> list[Row]:
    """Rows of invented respondents, all right, in the responses' database."""
    rows: list[Row] = []
    with ProcessPoolExecutor(CORES, multiprocessing.get_context("spawn")) as pool:
        starts = range(0, number, MADE_AT_ONCE)
        for made in pool.map(partial(made_rows, keys, number), starts):
            rows += made
    rows.sort(key=lambda row: row.credential_digest)
    for batch in (rows[at : at + 5_000] for at in range(0, len(rows), 5_000)):
        with databases.responses_session() as session:
            session.execute(insert(SealedResponse), list(values(keys.wave, batch)))
    return rows


def made_rows(keys: Keys, number: int, start: int) -> list[Row]:
    """Some rows, in another process."""
    issuing = serialization.load_der_private_key(keys.issuing, None)
    if not isinstance(issuing, rsa.RSAPrivateKey):
        raise TypeError("an issuing key is an RSA key")
    sealer = WaveSealer(xwing.public_bytes(keys.seed), keys.digest)
    size = padded_size(envelope_size(longest_plaintext(WORKPLACE, 0)))
    made = []
    for reply in replies(WORKPLACE, Place("average", 0.7), min(MADE_AT_ONCE, number - start), 0, seed=start):
        key = credentials.CredentialKey.of(secrets.token_bytes(16), keys.wave)
        randomiser = secrets.token_bytes(32)
        message = randomiser + credentials.credential_message(keys.wave, key.public)
        right = issuing.sign(message, PSS, hashes.SHA384())
        sealed = sealer.seal(padded(encode(WORKPLACE, None, reply.answers), size), key.public)
        signed = key.sign_row(credentials.row_message(keys.wave, keys.digest, 0, sealed))
        made.append(Row(key.public, randomiser, right, 0, signed, sealed))
    return made


def values(wave: str, rows: Sequence[Row]) -> Iterator[dict[str, object]]:
    """Rows as the database takes them."""
    for row in rows:
        yield {
            "wave_id": wave,
            "credential_digest": sha256(row.credential_key).digest(),
            "credential_key": row.credential_key,
            "randomiser": row.randomiser,
            "issuing_signature": row.issuing_signature,
            "sequence": row.sequence,
            "row_signature": row.row_signature,
            "envelope": row.envelope,
        }


if __name__ == "__main__":
    main()
