"""
The two databases, opened so that what they keep on disk tells no more than their rows do.

SQLite files by default, PostgreSQL through psycopg 3 by two settings. On SQLite: write-ahead log, deleted
content overwritten, foreign keys enforced, and pages so large that a sealed response fits in one (overflow
pages are laid down in order of arrival, and gave that order away in a trial).
"""

from __future__ import annotations

import os
import select
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from survey.storage.audit import write_recorded

if TYPE_CHECKING:
    from _typeshed import HasFileno

PAGE_SIZE: Final = 16384
BUSY_TIMEOUT_MS: Final = 10_000
SQLITE: Final = "sqlite"
SURE_SECONDS: Final = 2.0
_READING: Final = "tillid_reading"
_USED: Final = "tillid_used"
# The kernel finds out by itself within a quarter of a minute that a network has dropped a connection.
_KEPT_ALIVE: Final = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 4,
    "tcp_user_timeout": 10_000,
}


@dataclass(frozen=True, slots=True)
class Databases:
    """
    The alliance's database and the responses' own, ready for sessions.

    Each context manager below is one transaction: it commits when the block ends, and rolls everything back
    when the block raises. On SQLite a transaction takes the write lock at its beginning, so that what it read
    is still true when it writes; one that only looks says `reading=True`, waits for nobody, and is refused
    any write. Objects read in a block can be used after it.

    What every response asks and stores goes without objects, and without a transaction around its one
    statement: PostgreSQL begins and commits with it, in one round trip for three.
    """

    alliance: Engine
    responses: Engine
    _asked: Engine = field(init=False, repr=False, compare=False)
    _spent: Engine = field(init=False, repr=False, compare=False)
    _stored: Engine = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the ways for single statements once: each time anew they took longer than some statements."""
        spent, stored = _for_single_statements(self.alliance), _for_single_statements(self.responses)
        asked = spent.execution_options(**{_READING: True})
        for name, engine in (("_asked", asked), ("_spent", spent), ("_stored", stored)):
            object.__setattr__(self, name, engine)

    @contextmanager
    def alliance_session(self, *, reading: bool = False) -> Iterator[Session]:
        """Open one transaction on the alliance's database."""
        with transaction(self.alliance, reading=reading) as session:
            yield session

    @contextmanager
    def responses_session(self, *, reading: bool = False) -> Iterator[Session]:
        """Open one transaction on the responses' database."""
        with transaction(self.responses, reading=reading) as session:
            yield session

    def asking(self) -> AbstractContextManager[Connection]:
        """Ask the alliance's database something by single statements."""
        return self._asked.begin()

    def spending(self) -> AbstractContextManager[Connection]:
        """Change something in the alliance's database by single statements."""
        return self._spent.begin()

    def storing(self) -> AbstractContextManager[Connection]:
        """Store something in the responses' database by a single statement."""
        return self._stored.begin()

    def answer(self) -> bool:
        """
        Ask both databases for one row.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If one of them does not answer.
        """
        for engine in (self.alliance, self.responses):
            with transaction(engine, reading=True) as session:
                session.execute(text("SELECT 1"))
        return True

    def dispose(self) -> None:
        """Close every connection, so that another process may have the files."""
        for engine in (self.alliance, self.responses, self._spent, self._stored):
            engine.dispose()


def open_databases(database_url: str, responses_url: str) -> Databases:
    """Open the two databases; SQLite files and their folders are made when first used."""
    return Databases(open_engine(database_url), open_engine(responses_url))


@contextmanager
def transaction(engine: Engine, *, reading: bool) -> Iterator[Session]:
    """Open one transaction on one of the two; `Databases` says what that is."""
    options: dict[str, Any] = {_READING: True, "postgresql_readonly": True} if reading else {}
    session = Session(engine.execution_options(**options), expire_on_commit=False)
    with session, session.begin():
        yield session
        write_recorded(session)


def open_engine(address: str) -> Engine:
    """Open one of the two databases, as `open_databases` opens both."""
    url = make_url(address)
    # Parameters are left out of errors: a log must not hold a row.
    if url.get_backend_name() != SQLITE:
        engine = create_engine(url, hide_parameters=True)
        event.listen(engine, "connect", _used)
        event.listen(engine, "checkin", _used)  # codespell:ignore checkin
        return _asked_if(engine, _unused_or_ended)
    if url.database:
        _make_private(Path(url.database))
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "checkin", _allow_writing)  # codespell:ignore checkin
    return engine


def _for_single_statements(engine: Engine) -> Engine:
    """
    The same database for statements that each begin and commit by themselves, over connections of their own.

    To turn a connection's transactions off and on again took a tenth of a submission. On SQLite they are on:
    nothing is sent anywhere. Nobody but respondents uses these, so that how long one lay unused is not
    looked at: a question more would tell whoever comes every other second that nobody else did meanwhile.
    """
    if engine.dialect.name == SQLITE:
        return engine
    alone = create_engine(
        engine.url,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        connect_args=_KEPT_ALIVE,
    )
    return _asked_if(alone, lambda connection, _record: _says_something(connection))


def _asked_if(engine: Engine, in_doubt: Callable[[DBAPIConnection, ConnectionPoolEntry], bool]) -> Engine:
    """
    Let it take no connection from the pool that the server has ended, mostly without asking it.

    A question each time (`pool_pre_ping`) is one of four that a response costs each database.
    """
    error = engine.dialect.loaded_dbapi.Error

    def checked(connection: DBAPIConnection, record: ConnectionPoolEntry, _taken: object) -> None:
        try:
            if in_doubt(connection, record):
                engine.dialect.do_ping(connection)
        except error as fault:
            # All that were made before are gone with it; the pool makes a new one.
            raise InvalidatePoolError from fault

    event.listen(engine, "checkout", checked)
    return engine


def _used(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_USED] = time.monotonic()


def _unused_or_ended(connection: DBAPIConnection, record: ConnectionPoolEntry) -> bool:
    """Whether it is in doubt: a network between may have dropped what lay unused, and said nothing."""
    return time.monotonic() - record.info[_USED] > SURE_SECONDS or _says_something(connection)


def _says_something(connection: DBAPIConnection) -> bool:
    """Whether the server has written unasked: that it ends, as a rule."""
    waiting = select.poll()
    waiting.register(cast("HasFileno", connection), select.POLLIN)
    return bool(waiting.poll(0))


def _make_private(file: Path) -> None:
    """Make the file if need be, closed to accounts outside its group; SQLite gives its logs that mode too."""
    file.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    # A file that is there is left alone: closing it would drop the locks that SQLite holds on it in this
    # process, and another process might then remove the log that this one still reads.
    if not file.exists():
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o660))


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    if not isinstance(connection, sqlite3.Connection):
        raise TypeError(f"{connection!r} is not a connection of the sqlite3 module")
    # The driver's own transactions begin at the first write only; ours begin when they say so.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        f"page_size = {PAGE_SIZE}",  # before the write-ahead log, or it is never heeded
        "journal_mode = WAL",
        "secure_delete = ON",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get(_READING):
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _allow_writing(connection: DBAPIConnection | None, _record: ConnectionPoolEntry) -> None:
    if isinstance(connection, sqlite3.Connection):  # else it broke, and is not used again
        connection.execute("PRAGMA query_only = OFF")
