"""Databases and a web of a test's own: SQLite always, PostgreSQL where it is installed."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from config import Config
from survey.app import create_app
from survey.site.languages import TRANSLATIONS
from survey.storage.databases import Databases, open_databases
from survey.storage.upgrading import upgrade
from tests.pages import EveryName


@pytest.fixture(scope="session", autouse=True)
def compiled_translations() -> None:
    """Compile the Danish sentences, as setup/assets.sh does, if they have changed."""
    source = TRANSLATIONS / "da" / "LC_MESSAGES" / "messages.po"
    compiled = source.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
        aside = compiled.with_name(f"{compiled.name}.{os.getpid()}")
        with source.open("rb") as sentences, aside.open("wb") as file:
            write_mo(file, read_po(sentences, locale="da"))
        aside.replace(compiled)


@pytest.fixture
def databases(tmp_path: Path) -> Iterator[Databases]:
    """Two SQLite databases with this version's tables."""
    opened = open_databases(f"sqlite:///{tmp_path}/alliance.db", f"sqlite:///{tmp_path}/responses.db")
    upgrade(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def postgres_databases(
    new_postgres_url: Callable[[str], str], postgres_templates: Mapping[str, str]
) -> Iterator[Databases]:
    """Two PostgreSQL databases with this version's tables."""
    opened = open_databases(
        new_postgres_url(postgres_templates["alliance"]), new_postgres_url(postgres_templates["responses"])
    )
    yield opened
    opened.dispose()


@pytest.fixture(params=["databases", pytest.param("postgres_databases", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest) -> Databases:
    """First SQLite, then PostgreSQL: what must hold on both."""
    opened: Databases = request.getfixturevalue(request.param)
    return opened


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Settings of a demo in a folder of the test's own, whose databases have this version's tables."""
    settings = Config.for_demo(tmp_path, 8000)
    opened = open_databases(settings.database_url, settings.responses_url)
    upgrade(opened)
    opened.dispose()
    return settings


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The web, as if styles and scripts were built."""
    made = create_app(config, assets=EveryName())
    yield made
    made.extensions["tillid"].databases.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that speaks Danish."""
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "da"
    browser.environ_base["HTTP_ACCEPT"] = "text/html"
    return browser


@pytest.fixture
def web_databases(app: Flask) -> Databases:
    """The databases behind the web."""
    found: Databases = app.extensions["tillid"].databases
    return found
