"""Databases of a test's own: SQLite always, PostgreSQL where it is installed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from survey.storage.databases import Databases, open_databases
from survey.storage.upgrading import upgrade


@pytest.fixture
def databases(tmp_path: Path) -> Iterator[Databases]:
    """Two SQLite databases with this version's tables."""
    opened = open_databases(f"sqlite:///{tmp_path}/alliance.db", f"sqlite:///{tmp_path}/responses.db")
    upgrade(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def postgres_databases(new_postgres_url: Callable[[], str]) -> Iterator[Databases]:
    """Two PostgreSQL databases with this version's tables."""
    opened = open_databases(new_postgres_url(), new_postgres_url())
    upgrade(opened)
    yield opened
    opened.dispose()


@pytest.fixture(params=["databases", pytest.param("postgres_databases", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest) -> Databases:
    """First SQLite, then PostgreSQL: what must hold on both."""
    opened: Databases = request.getfixturevalue(request.param)
    return opened
