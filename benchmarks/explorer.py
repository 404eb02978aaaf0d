"""
How fast sectors' figures are looked at: pages and API over an edition of 10,000 organisations and five years.

Fourteen indicators; contributions are invented, since what they say decides nothing. On SQLite, and on
PostgreSQL where it is installed. Limit: 100 ms of processor time for 95 of 100 requests, so that what else
the machine does need not count; the time by the clock stands beside it. The first request of a process reads
the whole edition, and is told apart.
"""

from __future__ import annotations

import datetime
import random  # noqa: TID251  which views are asked for, the same every time
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple, TypeVar

from flask.testing import FlaskClient

from analysis.edition import Edition, Figure, Withheld, to_bytes
from analysis.editions import made_edition
from analysis.indicators import BY_ID
from benchmarks.edition import NAMES, contributor
from config import Config
from survey.app import create_app
from survey.people.sectors import areas, sectors
from survey.sealing.domains import Domain
from survey.sealing.identity import Identity, fingerprint
from survey.storage.databases import open_databases
from survey.storage.models import CustodyIdentity, StoredEdition
from survey.storage.upgrading import upgrade
from tests.postgresql import Cluster, find_server

ORGANISATIONS = 10_000
YEARS = range(2022, 2027)
REQUESTS = 300
LIMIT = 0.1
Part = TypeVar("Part", Figure, Withheld)


def main() -> None:
    """Print a line for each database and kind of request."""
    began = time.process_time()
    edition = made()
    content = to_bytes(edition)
    spent = time.process_time() - began
    print(
        f"{ORGANISATIONS:,} organisations, {len(YEARS)} years, {len(edition.figures):,} figures told, "
        f"{len(edition.withheld):,} withheld, {len(content) / 1e6:.1f} MB, made in {spent:.0f} s of processor"
    )
    print("| database | request | first, s | p50, ms | p95, ms | p95 by the clock, ms | of the limit |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory(prefix="tillid-bench-") as folder:
        config = Config.for_demo(Path(folder), 8000)
        measured("SQLite", config, edition, content)
    server = find_server()
    if server is None:
        return
    with tempfile.TemporaryDirectory(prefix="tillid-bench-") as folder, Cluster.started(server) as cluster:
        config = Config.for_demo(Path(folder), 8000)
        alliance, responses = (cluster.url(cluster.create_database()) for _ in range(2))
        config = replace(config, database_url=alliance, responses_url=responses)
        measured("PostgreSQL", config, edition, content)


def made() -> Edition:
    """The edition, over sectors that pages know; one year is made, and the others tell the same."""
    known = {area: [each.key for each in sectors(area)] for area in areas()}
    given = [
        replace(each, sector=known[each.area][number % len(known[each.area])])
        for number, each in enumerate(map(contributor, range(ORGANISATIONS)))
    ]
    one = made_edition(1, given, [])
    figures = [told.figure for told in one.told]
    return Edition(
        number=1,
        day="2026-09-01",
        policy="pooling v1",
        synthetic=True,
        figures=tuple(in_year(figure, year) for year in YEARS for figure in figures),
        withheld=tuple(in_year(each, year) for year in YEARS for each in one.withheld),
    )


def in_year(part: Part, year: int) -> Part:
    """A figure as it would be told of another year."""
    return part.model_copy(update={"where": part.where.model_copy(update={"year": year})})


def measured(name: str, config: Config, edition: Edition, content: bytes) -> None:
    """Store the edition and ask for views and pages of it."""
    databases = open_databases(config.database_url, config.responses_url)
    upgrade(databases)
    custody = Identity(bytes(32))
    signature = custody.sign(Domain.EDITION, sha256(content).digest())
    day = datetime.date.fromisoformat(edition.day)
    with databases.alliance_session() as session:
        known = {"fingerprint": fingerprint(custody.public_key), "public_key": custody.public_key}
        session.add(CustodyIdentity(**known))
        session.add(StoredEdition(number=1, day=day, content=content, signature=signature))
    client = create_app(config).test_client()
    for kind, addresses in (("page", pages()), ("API", calls())):
        first = timed(client, next(addresses))
        spent = [timed(client, address) for address in addresses]
        worked = quantiles([each.processor for each in spent], n=20)
        waited = quantiles([each.clock for each in spent], n=20)
        print(
            f"| {name} | {kind} | {first.processor:.2f} | {worked[9] * 1000:.1f} | {worked[18] * 1000:.1f} | "
            f"{waited[18] * 1000:.1f} | {worked[18] / LIMIT:.0%} |",
            flush=True,
        )
    databases.dispose()


def pages() -> Iterator[str]:
    """Addresses of views, of every kind."""
    source = random.Random(1)  # noqa: S311  which views are asked for
    for _ in range(REQUESTS):
        area = source.choice(["", *areas()])
        by = source.choice(["area", "sector", "size"])
        indicator = source.choice(NAMES)
        yield f"/figures/?indicator={indicator}&year={source.choice(YEARS)}&area={area}&by={by}"


def calls() -> Iterator[str]:
    """Addresses of pages of the API."""
    source = random.Random(2)  # noqa: S311  which figures are asked for
    for _ in range(REQUESTS):
        indicator = source.choice(list(BY_ID)[:14])
        narrowed = source.choice(
            ["", f"&year={source.choice(YEARS)}", f"&area={source.choice(list(areas()))}"]
        )
        yield f"/api/v1/editions/1/figures?indicator={indicator}{narrowed}&page={source.choice((1, 2))}"


class Taken(NamedTuple):
    """Seconds of one answer: of the processor, and by the clock."""

    processor: float
    clock: float


def timed(client: FlaskClient, address: str) -> Taken:
    """How long one answer takes."""
    began, worked = time.perf_counter(), time.thread_time()
    status = client.get(address).status_code
    taken = Taken(time.thread_time() - worked, time.perf_counter() - began)
    if status != HTTPStatus.OK:
        raise RuntimeError(f"{address}: {status}")
    return taken


if __name__ == "__main__":
    main()
