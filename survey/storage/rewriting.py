"""
Laying rows down anew, so that where they lie tells nothing of when they came.

Whoever copies the database files sees more than rows: in which order pages were filled, what deleted pages
still hold, on PostgreSQL which transaction wrote each row. After a rewrite rows lie where their keys alone
put them (digests, random to everybody), written by one transaction, and nothing older is left in the files.
The worker looks once a minute. It rewrites small databases after every change, large ones, which take a
while, after max(10, 1 %) changes of any one wave; custody does at closing. Between two rewrites a thief sees
which rows came since, which is measured in docs/measurements/0005-custody.md and said on the consent page.

What this cannot reach: blocks that the file system has freed, and PostgreSQL's own write-ahead log. Both
belong on an encrypted disk, the latter unarchived (docs/decisions/0021).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Final

from sqlalchemy import Engine, text
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import OperationalError

from survey.storage.databases import SQLITE, Databases
from survey.storage.models import Invitation
from survey.storage.responses import SealedResponse

FEWEST_CHANGES: Final = 10
SHARE_OF_ROWS: Final = 100
QUICKLY_REWRITTEN: Final = 10_000
"""Up to so many rows a rewrite takes less than a second, and is done after every change."""
RESPONSE_KEY: Final = "wave_id, credential_digest"
INVITATION_KEY: Final = "wave_id, code_digest"
LOCK_TIMEOUT: Final = "10s"


class RewriteError(RuntimeError):
    """A rewrite that could not be finished; the files may still tell an order, so do it again."""


def is_due(changes: int, rows: int, in_all: int) -> bool:
    """Say whether so many changes of a wave of so many rows, in a table of so many in all, ask for it."""
    if in_all <= QUICKLY_REWRITTEN:
        return changes > 0
    return changes >= max(FEWEST_CHANGES, rows // SHARE_OF_ROWS)


def rewrite_responses(databases: Databases) -> None:
    """
    Lay all sealed responses down anew, in the order of their keys.

    Raises:
        RewriteError: If somebody reads or writes all along, so that old pages could not be overwritten.
    """
    _rewrite(databases.responses, SealedResponse.__tablename__, RESPONSE_KEY)


def rewrite_invitations(databases: Databases) -> None:
    """
    Lay all invitations down anew; on SQLite the whole alliance's database with them.

    Raises:
        RewriteError: If somebody reads or writes all along, so that old pages could not be overwritten.
    """
    _rewrite(databases.alliance, Invitation.__tablename__, INVITATION_KEY)


def _rewrite(engine: Engine, table: str, key: str) -> None:
    try:
        if engine.dialect.name == SQLITE:
            _rewrite_sqlite(engine)
        else:
            _rewrite_postgresql(engine, table, key)
    except (sqlite3.OperationalError, OperationalError) as error:
        raise RewriteError(
            f"{table}: {_reason(error)}. Nothing is lost; rewrite it again when nobody else uses it."
        ) from error


def _reason(error: Exception) -> str:
    return str(error.orig if isinstance(error, OperationalError) else error)


def _rewrite_sqlite(engine: Engine) -> None:
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        # First the old log: its index lists the pages that arrivals touched, and must not outlast them.
        _empty_the_log(cursor)
        # Tables without rowids are copied in the order of their keys; its temporary file has that order only.
        cursor.execute("VACUUM")
        _empty_the_log(cursor)


def _empty_the_log(cursor: DBAPICursor) -> None:
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    busy, *_ = cursor.fetchone() or (1,)
    if busy:
        raise sqlite3.OperationalError("the write-ahead log is being read")


def _rewrite_postgresql(engine: Engine, table: str, key: str) -> None:
    # One transaction writes every row, so that xmin is the same for all; TRUNCATE gives the table a new file.
    # The temporary copy is in no write-ahead log.
    with engine.begin() as connection:
        for statement in (
            f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'",
            f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
            f"CREATE TEMPORARY TABLE rewriting ON COMMIT DROP AS SELECT * FROM {table}",  # noqa: S608  Our own names.
            f"TRUNCATE {table}",
            f"INSERT INTO {table} SELECT * FROM rewriting ORDER BY {key}",  # noqa: S608  Our own names.
        ):
            connection.execute(text(statement))
