"""
How long the library takes to find something, on SQLite and on PostgreSQL, and how that grows.

`make bench` runs it on this machine. Entries are drawn from the starting list's own words, so that common
words stand in thousands of them, as they would. The limit, at 10,000 entries, is that of
docs/measurements/0011-library.md; it is held by processor time, PostgreSQL's own included, so that what else
the machine does need not count. The time by the clock stands beside it.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random  # noqa: TID251  Invented entries, not a secret.
from statistics import quantiles
from time import perf_counter, thread_time
from typing import Final

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from survey.knowledge.content import Content, Facet, Text
from survey.knowledge.library import ON_A_PAGE, Search, find, related, sorting_of, weights
from survey.knowledge.starting import starting_list
from survey.storage.databases import Databases, open_databases
from survey.storage.identifiers import new_identifier
from survey.storage.library import EntryState, LibraryEntry, LibraryLabel, LibraryWord
from survey.storage.models import Organisation
from survey.storage.upgrading import upgrade
from tests.postgresql import Cluster, find_server

SIZES: Final = (2_500, 10_000, 40_000)
PROMISED: Final = 10_000
ROUNDS: Final = 20
LIMIT_MS: Final = 50
SEARCHES: Final = {
    "everything": Search(),
    "a common word": Search("krænkende"),
    "three common words": Search("seksuel chikane arbejdspladsen"),
    "a rare word": Search("scenekunst"),
    "a word and two facets": Search("dialog", {Facet.AREA: "education", Facet.LANGUAGE: "da"}),
    "a facet alone": Search("", {Facet.AUDIENCE: "leader"}),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds of one search: of the processor, and by the clock."""

    processor: float
    clock: float


def main() -> None:
    """Measure, print a table, and end with status 1 if a limit is passed."""
    print("| what | database | entries | processor ms, median | 95th | by the clock, 95th | limit |")
    print("| --- | --- | ---: | ---: | ---: | ---: | --- |")
    kept = True
    for entries in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            sqlite = open_databases(f"sqlite:///{folder}/a.db", f"sqlite:///{folder}/r.db")
            kept &= measured("SQLite", sqlite, entries)
    server = find_server()
    if server is not None:
        with Cluster.started(server) as cluster:
            for entries in SIZES:
                addresses = [cluster.url(cluster.create_database()) for _ in range(2)]
                kept &= measured("PostgreSQL", open_databases(*addresses), entries)
    raise SystemExit(not kept)


def measured(name: str, databases: Databases, entries: int) -> bool:
    """Fill a database, look for things in it, and say whether all were found in time."""
    upgrade(databases)
    with databases.alliance_session() as session:
        entry = filled(session, entries)
    with databases.alliance.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # PostgreSQL's autovacuum does so by itself after a while.
        settled = "ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM ANALYZE"
        connection.execute(text(settled))
    kept = True
    searches: dict[str, Search | str] = {
        **SEARCHES,
        "the last page": Search("", {}, entries // ON_A_PAGE),
        "related entries": entry,
    }
    with databases.alliance_session(reading=True) as session:
        processor = processor_clock(session)
        for what, search in searches.items():
            times = [timed(session, search, processor) for _ in range(ROUNDS)]
            kept &= shown(what, name, entries, times)
    databases.dispose()
    return kept


def processor_clock(session: Session) -> Callable[[], float]:
    """Return a clock of the seconds that this thread and the database's process have worked."""
    if session.get_bind().dialect.name == "sqlite":
        return thread_time
    session.execute(text("SET max_parallel_workers_per_gather = 0"))
    worked = Path(f"/proc/{session.scalar(text('SELECT pg_backend_pid()'))}/schedstat")
    return lambda: thread_time() + int(worked.read_text("ascii").split()[0]) / 1e9


def filled(session: Session, size: int) -> str:
    """Fill the library with drawn entries, and return the id of one."""
    session.add(organisation := Organisation(id=new_identifier(), name="Bench", area="", is_alliance=True))
    session.flush()
    known, draw = list(starting_list().values()), Random(1)  # noqa: S311
    vocabulary = [word for content in known for word in content.title.split()]
    rare = [f"begreb{number}" for number in range(20_000)]
    entries, words, labels = [], [], []
    for number in range(size):
        written = " ".join([*draw.choices(vocabulary, k=60), *draw.choices(rare, k=40)])
        model = draw.choice(known)
        content = model.model_copy(
            update={"title": f"{model.title} {number}", "texts": {Text.ABOUT: written}}
        )
        identifier = new_identifier()
        entries.append(row(identifier, organisation.id, content))
        words += [
            {"word": word, "entry_id": identifier, "weight": weight}
            for word, weight in weights(content).items()
        ]
        labels += [
            {"facet": facet.value, "code": code, "entry_id": identifier} for facet, code in content.labels()
        ]
    session.execute(insert(LibraryEntry), entries)
    session.execute(insert(LibraryWord), words)
    session.execute(insert(LibraryLabel), labels)
    return str(entries[0]["id"])


def row(identifier: str, organisation: str, content: Content) -> dict[str, object]:
    """Return one entry's columns."""
    return {
        "id": identifier,
        "organisation_id": organisation,
        "starter": "",
        "state": EntryState.PUBLISHED,
        "title": content.title[:200],
        "sorting": sorting_of(content.title),
        "content": content.stored(),
        "changed_on": dt.date(2026, 11, 25),
    }


def timed(session: Session, what: Search | str, processor: Callable[[], float]) -> Taken:
    """Look for something once; what was read before is forgotten, as in another request."""
    session.expunge_all()
    worked, began = processor(), perf_counter()
    if isinstance(what, str):
        related(session, what)
    else:
        find(session, what)
    return Taken((processor() - worked) * 1000, (perf_counter() - began) * 1000)


def shown(what: str, name: str, entries: int, times: Sequence[Taken]) -> bool:
    """Print one line of the table, and say whether its limit is kept."""
    worked, clock = quantiles([each.processor for each in times], n=20), [each.clock for each in times]
    limit = f"{LIMIT_MS} ms" if entries == PROMISED else ""
    slowest = quantiles(clock, n=20)[18]
    print(
        f"| {what} | {name} | {entries:,} | {worked[9]:.1f} | {worked[18]:.1f} | {slowest:.1f} | {limit} |",
        flush=True,
    )
    return not limit or worked[18] <= LIMIT_MS


if __name__ == "__main__":
    main()
