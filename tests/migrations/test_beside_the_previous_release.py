"""While a new version comes in, the previous one runs on the new tables: no migration may break it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Engine, create_engine, text

from survey.storage.databases import open_databases
from survey.storage.upgrading import METADATA, alembic_config, upgrade_one
from tests.documentation.pages import ROOT
from tests.migrations.breaking import breaks, named_as_unused, tables

CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
RELEASED = frozenset(re.findall(r"^## (\d+\.\d+\.\d+), \d{4}", CHANGES, re.MULTILINE))
BEFORE = """
    CREATE TABLE people (id VARCHAR(16) NOT NULL PRIMARY KEY, name VARCHAR(80) NOT NULL, note VARCHAR(80))
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Addresses of empty databases of either kind."""
    if request.param == "postgresql":
        made: Callable[[], str] = request.getfixturevalue("new_postgres_url")
        return made
    names = (f"sqlite:///{tmp_path}/{number}.db" for number in range(9))
    return lambda: next(names)


@pytest.fixture
def engine(new_url: Callable[[], str]) -> Iterator[Engine]:
    made = create_engine(new_url())
    yield made
    made.dispose()


def revisions(line: str) -> list[Script]:
    """The migrations of a line, the oldest first."""
    scripts = ScriptDirectory.from_config(alembic_config(line, METADATA[line]))
    return list(scripts.walk_revisions())[::-1]


@pytest.mark.parametrize("line", sorted(METADATA))
def test_no_migration_breaks_the_release_before_it(line: str, new_url: Callable[[], str]) -> None:
    databases = open_databases(new_url(), new_url())
    engine: Engine = getattr(databases, line)
    found, before = {}, tables(engine)
    for script in revisions(line):
        upgrade_one(line, engine, script.revision)
        after = tables(engine)
        unused = named_as_unused(script.module.__doc__ or "", RELEASED)
        broken = {name: why for name, why in breaks(before, after).items() if name not in unused}
        if broken:
            found[script.revision] = broken
        before = after
    databases.dispose()

    assert found == {}, "expand now, contract in a later release: docs/how-to/run-in-production.md"


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("DROP TABLE people", {"people": "is gone"}),
        ("ALTER TABLE people RENAME TO persons", {"people": "is gone"}),
        ("ALTER TABLE people DROP COLUMN note", {"people.note": "is gone"}),
        ("ALTER TABLE people RENAME COLUMN note TO remark", {"people.note": "is gone"}),
        ("CREATE UNIQUE INDEX one_name ON people (name)", {"people": "asks for more: unique (name)"}),
        ("ALTER TABLE people ADD COLUMN age INTEGER", {}),
        ("ALTER TABLE people ADD COLUMN age INTEGER NOT NULL DEFAULT 0", {}),
        ("CREATE TABLE pets (id INTEGER NOT NULL, name VARCHAR(80) NOT NULL)", {}),
        ("CREATE INDEX by_name ON people (name)", {}),
    ],
)
def test_what_the_previous_release_stumbles_over_is_told(
    engine: Engine, change: str, broken: dict[str, str]
) -> None:
    with engine.begin() as connection:
        connection.execute(text(BEFORE))
    before = tables(engine)
    with engine.begin() as connection:
        connection.execute(text(change))

    assert breaks(before, tables(engine)) == broken


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("ALTER COLUMN note SET NOT NULL", {"people.note": "must be written now"}),
        ("ALTER COLUMN name TYPE VARCHAR(40)", {"people.name": "takes less"}),
        ("ALTER COLUMN note TYPE BYTEA USING note::bytea", {"people.note": "was VARCHAR and is BYTEA"}),
        ("ADD CHECK (name <> '')", {"people": "asks for more: check name::text <> ''::text"}),
        ("ADD FOREIGN KEY (note) REFERENCES people", {"people": "asks for more: reference (note) to people"}),
        (
            "ADD COLUMN age INTEGER NOT NULL",
            {"people.age": "must be written, and no older release knows it: give it a server_default"},
        ),
        ("ALTER COLUMN name TYPE VARCHAR(160)", {}),
        ("ALTER COLUMN name DROP NOT NULL", {}),
    ],
)
def test_what_asks_for_more_than_before_is_told(
    new_postgres_url: Callable[[], str], change: str, broken: dict[str, str]
) -> None:
    engine = create_engine(new_postgres_url())
    with engine.begin() as connection:
        connection.execute(text(BEFORE))
    before = tables(engine)
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE people {change}"))

    assert breaks(before, tables(engine)) == broken
    engine.dispose()


def test_what_goes_is_named_with_the_release_that_stopped_using_it() -> None:
    docstring = """
Contracts.

Unused since release 0.2.0: people.note, `people.age`.
Unused since release 9.9.9: people.name.
Used by no release: pets.
"""

    assert named_as_unused(docstring, frozenset({"0.2.0"})) == {"people.note", "people.age", "pets"}
