"""
No more responses for a wave: what is on its way is stored first, and what comes after is refused.

A submission reads the wave's state in the alliance's database and stores its row in the responses' own; no
lock reaches over both. Between the two a wave may be closed. So the statement that stores a row looks for
this mark itself, and custody sets it before it lists what there is. On PostgreSQL every statement that writes
rows locks its table from before it looks until it is committed: who locks the table against writers has
waited for all that did not see the mark, and lets none go on before it can be seen. On SQLite one writes at a
time (docs/decisions/0161).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from survey.storage.databases import SQLITE, Databases
from survey.storage.responses import ClosedWave, SealedResponse
from survey.storage.rewriting import LOCK_TIMEOUT, RewriteError

_BARRIER: Final = (
    f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'",
    f"LOCK TABLE {SealedResponse.__tablename__} IN SHARE MODE",
)


def take_no_more(databases: Databases, wave_id: str) -> None:
    """
    End a wave for its responses: once it returns, what was acknowledged is stored, and no more will be.

    Raises:
        RewriteError: If somebody keeps the table so long that it was given up; do it again.
    """
    try:
        with databases.responses_session() as session:
            if databases.responses.dialect.name != SQLITE:
                for statement in _BARRIER:
                    session.execute(text(statement))
            if session.get(ClosedWave, wave_id) is None:
                session.add(ClosedWave(wave_id=wave_id))
    except OperationalError as fault:
        raise RewriteError(f"wave {wave_id}: {fault.orig}. Nothing is lost; it is tried again.") from fault
