"""
How long the library takes to find something among 10,000 entries, on SQLite and on PostgreSQL.

`make bench` runs it on this machine. Entries are drawn from the starting list's own words, so that common
words stand in thousands of them, as they would. The limit is that of docs/measurements/0011-library.md.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from random import Random  # noqa: TID251  Invented entries, not a secret.
from statistics import quantiles
from time import perf_counter, thread_time
from typing import Final

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from survey.knowledge.content import Content, Facet, Text
from survey.knowledge.library import Search, find, related, sorting_of, weights
from survey.knowledge.starting import starting_list
from survey.storage.databases import Databases, open_databases
from survey.storage.identifiers import new_identifier
from survey.storage.library import EntryState, LibraryEntry, LibraryLabel, LibraryWord
from survey.storage.models import Organisation
from survey.storage.upgrading import upgrade
from tests.postgresql import Cluster, find_server

ENTRIES: Final = 10_000
ROUNDS: Final = 20
LIMIT_MS: Final = 50
SEARCHES: Final = {
    "everything": Search(),
    "a common word": Search("krænkende"),
    "three common words": Search("seksuel chikane arbejdspladsen"),
    "a rare word": Search("scenekunst"),
    "a word and two facets": Search("dialog", {Facet.AREA: "education", Facet.LANGUAGE: "da"}),
    "a facet alone": Search("", {Facet.AUDIENCE: "leader"}),
    "the last page": Search("", {}, 500),
}


def main() -> None:
    """Measure, print a table, and end with status 1 if a limit is passed."""
    print("| what | database | median ms | 95th percentile ms | limit |\n| --- | --- | --- | --- | --- |")
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        kept &= measured("SQLite", open_databases(f"sqlite:///{folder}/a.db", f"sqlite:///{folder}/r.db"))
    server = find_server()
    if server is not None:
        with Cluster.started(server) as cluster:
            addresses = [cluster.url(cluster.create_database()) for _ in range(2)]
            kept &= measured("PostgreSQL", open_databases(*addresses))
    raise SystemExit(not kept)


def measured(name: str, databases: Databases) -> bool:
    """Fill a database, look for things in it, and say whether all were found in time."""
    upgrade(databases)
    with databases.alliance_session() as session:
        entry = filled(session)
    with databases.alliance.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    kept = True
    with databases.alliance_session(reading=True) as session:
        for what, search in SEARCHES.items():
            kept &= shown(what, name, [timed(session, search) for _ in range(ROUNDS)])
        kept &= shown("related entries", name, [timed(session, entry) for _ in range(ROUNDS)])
    databases.dispose()
    return kept


def filled(session: Session) -> str:
    """Fill the library with drawn entries, and return the id of one."""
    session.add(organisation := Organisation(id=new_identifier(), name="Bench", area="", is_alliance=True))
    session.flush()
    known, draw = list(starting_list().values()), Random(1)  # noqa: S311
    vocabulary = [word for content in known for word in content.title.split()]
    rare = [f"begreb{number}" for number in range(20_000)]
    entries, words, labels = [], [], []
    for number in range(ENTRIES):
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


def timed(session: Session, what: Search | str) -> float:
    """Return how many milliseconds it takes; what was read before is forgotten, as in another request."""
    session.expunge_all()
    # SQLite works in this thread, so that what else the machine does need not count.
    clock = thread_time if session.get_bind().dialect.name == "sqlite" else perf_counter
    began = clock()
    if isinstance(what, str):
        related(session, what)
    else:
        find(session, what)
    return (clock() - began) * 1000


def shown(what: str, name: str, times: list[float]) -> bool:
    """Print one row, and say whether the limit is kept."""
    cuts = quantiles(times, n=20)
    print(f"| {what} | {name} | {cuts[9]:.1f} | {cuts[18]:.1f} | {LIMIT_MS} |")
    return cuts[9] <= LIMIT_MS


if __name__ == "__main__":
    main()
