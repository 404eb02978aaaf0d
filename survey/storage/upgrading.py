"""
Bringing the two databases to the tables this version knows.

Forward only: a migration runs under the previous release's code too, and nothing is ever taken back. Each
database has a line of migrations of its own, in `migrations/versions/`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData

import survey.storage.alliance
import survey.storage.drafts
import survey.storage.fielding
import survey.storage.library
import survey.storage.mails
import survey.storage.people  # noqa: F401  Their tables are part of the alliance's metadata.
from survey.storage.databases import Databases
from survey.storage.models import Base
from survey.storage.responses import ResponsesBase

MIGRATIONS: Final = Path(__file__).parent / "migrations"
METADATA: Final = {"alliance": Base.metadata, "responses": ResponsesBase.metadata}


class SchemaError(RuntimeError):
    """A database whose tables are not those of this version."""


def upgrade(databases: Databases) -> None:
    """Make or upgrade the tables of both databases, each in one transaction; twice is as good as once."""
    upgrade_one("alliance", databases.alliance)
    upgrade_one("responses", databases.responses)


def upgrade_one(line: str, engine: Engine, revision: str = "head") -> None:
    """Upgrade one database along its line of migrations, `alliance` or `responses`."""
    with engine.begin() as connection:
        config = alembic_config(line, METADATA[line])
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def check_schema(databases: Databases, *, newer: bool = False) -> None:
    """
    See that both databases have the tables of this version, or with `newer` those of one that comes after it.

    A process that runs goes on beside the next version, whose migrations leave it what it uses
    (tests/migrations/test_beside_the_previous_release.py).

    Raises:
        SchemaError: If one has not, with what to run.
    """
    for line, engine in (("alliance", databases.alliance), ("responses", databases.responses)):
        scripts = ScriptDirectory.from_config(alembic_config(line, METADATA[line]))
        newest, known = scripts.get_current_head(), {each.revision for each in scripts.walk_revisions()}
        with engine.connect() as connection:
            stands_at = MigrationContext.configure(connection).get_current_revision()
        if newer and stands_at is not None and stands_at not in known:
            continue
        if stands_at != newest:
            raise SchemaError(
                f"database of the {line}: its tables stand at {stands_at or 'nothing'}, this version needs "
                f"{newest}. Run `tillid database upgrade`."
            )


def alembic_config(line: str, metadata: MetaData) -> AlembicConfig:
    """Build Alembic's settings for one line of migrations, without a file."""
    config = AlembicConfig()
    config.set_main_option("script_location", _option(MIGRATIONS))
    config.set_main_option("version_locations", _option(MIGRATIONS / "versions" / line))
    config.set_main_option("path_separator", "os")
    config.attributes["metadata"] = metadata
    return config


def _option(path: Path) -> str:
    # Alembic's options are interpolated: a folder with a per cent sign in its name must be found too.
    return str(path).replace("%", "%%")
