"""
Envelopes opened, decoded, routed and tabulated per second, beside the bare HPKE loop over the same envelopes.

What custody does with a closed wave, without the database: how much it costs over the cryptography that it
cannot do without, and how that grows with the number of responses.
"""

from __future__ import annotations

import os
import platform
import secrets
import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

from analysis.coding import coded
from analysis.measures import measures_of
from analysis.plan import publication_plan
from analysis.tabulation import tabulated
from questionnaires.answers import encode, longest_plaintext, padded
from questionnaires.loading import load
from survey.commands.synthetic import Place, replies
from survey.custody.opening import Opened, ResponseReader, open_rows
from survey.sealing import xwing
from survey.sealing.envelope import binding, envelope_size, padded_size
from survey.sealing.open import WaveOpener
from survey.sealing.rows import Row
from survey.sealing.seal import WaveSealer

SIZES = (1_000, 4_000, 16_000)
WORKPLACE = load(Path("questionnaires/definitions/workplace.yaml"))
MANIFEST = sha256(b"benchmark").digest()


def main() -> None:
    """Measure, and print a table."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, one of them used; {len(WORKPLACE.items)} items")
    print(f"{'responses':>10}{'bare HPKE/s':>14}{'opened and tabulated/s':>24}{'ratio of times':>16}")
    seed = xwing.new_seed()
    for size in SIZES:
        made = rows(seed, size)
        bare = seconds(partial(opened_bare, seed, made))
        whole = seconds(partial(tabulated_wave, seed, made))
        print(f"{size:>10,}{size / bare:>14,.0f}{size / whole:>24,.0f}{whole / bare:>16.2f}")


def rows(seed: bytes, number: int) -> list[Row]:
    """Rows of invented respondents; opening looks at key, sequence and envelope only."""
    sealer = WaveSealer(xwing.public_bytes(seed), MANIFEST)
    size = padded_size(envelope_size(longest_plaintext(WORKPLACE, 0)))
    made = []
    for reply in replies(WORKPLACE, Place("average", 0.7), number, 0, seed=1):
        key = secrets.token_bytes(32)
        sealed = sealer.seal(padded(encode(WORKPLACE, None, reply.answers), size), key)
        made.append(Row(key, bytes(32), bytes(256), 0, bytes(64), sealed))
    return made


def opened_bare(seed: bytes, made: list[Row]) -> None:
    """The cryptography alone."""
    key = xwing.private_key(seed)
    for row in made:
        xwing.SUITE.decrypt(row.envelope[1:], key, binding(MANIFEST, row.credential_key))


def tabulated_wave(seed: bytes, made: list[Row]) -> None:
    """What custody does: open in the order of the list, check, route, code and count."""
    listed = b"".join(sorted(row.digest() for row in made))
    reader = ResponseReader(WORKPLACE, ())
    opened: Opened = open_rows(iter(made), listed, WaveOpener(seed, MANIFEST), reader)
    if opened.wave.responses != len(made):
        raise SystemExit(f"only {opened.wave.responses} of {len(made)} responses were opened")
    plan = publication_plan(WORKPLACE, breakdowns=(), open_wave=False)
    measures = measures_of(WORKPLACE)
    responses = coded(opened.wave, (measures[table.item] for table in plan.tables))
    for table in plan.tables:
        tabulated(responses, table, table.alternatives[0])


def seconds(work: Callable[[], None]) -> float:
    """The better of two runs: the machine's other work only ever adds."""
    best = float("inf")
    for _ in range(2):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


if __name__ == "__main__":
    main()
