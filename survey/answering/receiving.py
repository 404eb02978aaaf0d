"""Receiving: a verified row is stored, or replaces the respondent's earlier one, in one statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table, UpdateBase, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.sealing.rows import Row
from survey.storage.databases import SQLITE
from survey.storage.responses import SealedResponse

_ROWS = SealedResponse.metadata.tables[SealedResponse.__tablename__]
_KEY = ("wave_id", "credential_digest")
_RENEWED = tuple(column.name for column in _ROWS.columns if column.name not in _KEY)
_PROOF = ("credential_key", "randomiser", "issuing_signature")


def _storing(dialect: Callable[[Table], Any]) -> UpdateBase:
    """Make the statement that stores a row, or puts it in place of an older one."""
    upsert: UpdateBase = (
        dialect(_ROWS)
        .values({name: bindparam(name) for name in (*_KEY, *_RENEWED)})
        .on_conflict_do_update(
            index_elements=_KEY,
            # Values, not `excluded`: to name that one's columns PostgreSQL asks for the right to read them.
            set_={name: bindparam(f"new_{name}") for name in _RENEWED},
            where=_ROWS.c.sequence < bindparam("new_sequence"),
        )
    )
    # Else it is not known of an INSERT, and every response would cost one more question.
    return upsert.execution_options(preserve_rowcount=True)


# Made once: each time anew they took longer than the verification of a row.
_STORED = {SQLITE: _storing(sqlite.insert), "postgresql": _storing(postgresql.insert)}
_REPLACED = (
    update(_ROWS)
    .where(
        _ROWS.c.wave_id == bindparam("new_wave_id"),
        _ROWS.c.credential_digest == bindparam("new_credential_digest"),
        _ROWS.c.sequence < bindparam("new_sequence"),
    )
    .values({name: bindparam(f"new_{name}") for name in _RENEWED if name not in _PROOF})
)


class SequenceRefusedError(Exception):
    """A row that is older than the stored one, or another one of the same number: a replay."""


class NothingToReplaceError(Exception):
    """A version that relies on the stored proof, of a response that is not stored."""


def receive(responses: Session, wave: str, row: Row) -> None:
    """
    Store `row`, which `RowVerifier` has verified; the very same row again changes nothing.

    Raises:
        SequenceRefusedError: If its sequence is not higher than the stored one's.
        NothingToReplaceError: If it relies on a stored proof, and there is none.
    """
    store = _replaced if row.relies_on_stored_proof else _stored
    if not store(responses, wave, row) and not _is_there(responses, wave, row):
        raise SequenceRefusedError


def _replaced(responses: Session, wave: str, row: Row) -> bool:
    """Whether an older version was there to be replaced; its proof stays where it is, and is not read."""
    return _wrote_one(
        responses, _REPLACED, {f"new_{name}": value for name, value in _values(wave, row).items()}
    )


def _stored(responses: Session, wave: str, row: Row) -> bool:
    """Whether the row is new, or newer than the one under its key."""
    values = _values(wave, row)
    renewed = {f"new_{name}": values[name] for name in _RENEWED}
    return _wrote_one(responses, _STORED[responses.get_bind().dialect.name], values | renewed)


def _wrote_one(responses: Session, statement: UpdateBase, values: dict[str, object]) -> bool:
    # Not through the mapper, which sees to each statement anew: that was half of what storing a row cost.
    return responses.connection().execute(statement, values).rowcount == 1


def _is_there(responses: Session, wave: str, row: Row) -> bool:
    """Whether the row was stored before; its signature covers the envelope, which the web may not read."""
    query = select(SealedResponse.sequence, SealedResponse.row_signature).where(
        SealedResponse.wave_id == wave, SealedResponse.credential_digest == row.credential_digest
    )
    found = responses.execute(query).one_or_none()
    if found is None:
        raise NothingToReplaceError
    return found == (row.sequence, row.row_signature)


def _values(wave: str, row: Row) -> dict[str, object]:
    return {
        "wave_id": wave,
        "credential_digest": row.credential_digest,
        "credential_key": row.credential_key,
        "randomiser": row.randomiser,
        "issuing_signature": row.issuing_signature,
        "sequence": row.sequence,
        "row_signature": row.row_signature,
        "envelope": row.envelope,
    }
