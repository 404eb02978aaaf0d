"""
Writes a migration: what the models say against what the migrations so far make of an empty SQLite database.

    .venv/bin/python setup/migration.py alliance "accounts have a language"

Read what it writes: a new name looks to it like a column dropped and one added, and it moves no rows.
"""

import argparse
import datetime
import re

from alembic import command
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

import survey.storage.accounts  # noqa: F401  its tables are part of the alliance's
from survey.storage.upgrading import METADATA, alembic_config, upgrade_one


def main() -> None:
    """Write the migration, and say where its test belongs."""
    parser = argparse.ArgumentParser(description="Write a migration from the models.")
    parser.add_argument("database", choices=sorted(METADATA))
    parser.add_argument("message", help="what changes, in a few words")
    options = parser.parse_args()
    slug = re.sub(r"[^a-z0-9]+", "_", options.message.lower()).strip("_")
    if not slug:
        parser.error('say what changes, in a few words: make migration m="accounts have a language"')

    today = datetime.datetime.now(tz=datetime.UTC)  # noqa: TID251  a file is named by the day it is written
    engine = create_engine("sqlite://", poolclass=StaticPool)
    upgrade_one(options.database, engine)
    config = alembic_config(options.database, METADATA[options.database])
    config.set_main_option("file_template", "%%(rev)s")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, options.message, autogenerate=True, rev_id=f"{today:%Y_%m_%d}_{slug}")
    print(f"Now write its test: tests/migrations/test_{slug}.py")


if __name__ == "__main__":
    main()
