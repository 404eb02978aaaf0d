"""
Receiving: a verified row is stored, or replaces the respondent's earlier one, in one statement.

The same statement sees to it that custody has not begun to list the wave: `survey.storage.closing` says how.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import BindParameter, Connection, Table, UpdateBase, bindparam, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite

from survey.sealing.rows import Row
from survey.storage.databases import SQLITE
from survey.storage.responses import ClosedWave, SealedResponse

_ROWS = SealedResponse.metadata.tables[SealedResponse.__tablename__]
_CLOSED = ClosedWave.metadata.tables[ClosedWave.__tablename__]
_KEY = ("wave_id", "credential_digest")
_RENEWED = tuple(column.name for column in _ROWS.columns if column.name not in _KEY)
_PROOF = ("credential_key", "randomiser", "issuing_signature")


def _new(name: str) -> BindParameter[Any]:
    """The new row's value of a column: under another name, since statements keep its own for themselves."""
    return bindparam(f"new_{name}", type_=_ROWS.c[name].type)


_TAKING = ~exists().where(_CLOSED.c.wave_id == _new("wave_id"))


def _storing(dialect: Callable[[Table], Any]) -> UpdateBase:
    """Make the statement that stores a row, or puts it in place of an older one."""
    upsert: UpdateBase = (
        dialect(_ROWS)
        .from_select([*_KEY, *_RENEWED], select(*map(_new, (*_KEY, *_RENEWED))).where(_TAKING))
        .on_conflict_do_update(
            index_elements=_KEY,
            # Values, not `excluded`: to name that one's columns PostgreSQL asks for the right to read them.
            set_={name: _new(name) for name in _RENEWED},
            where=_ROWS.c.sequence < _new("sequence"),
        )
    )
    # Else it is not known of an INSERT, and every response would cost one more question.
    return upsert.execution_options(preserve_rowcount=True)


# Made once: each time anew they took longer than the verification of a row.
_STORED = {SQLITE: _storing(sqlite.insert), "postgresql": _storing(postgresql.insert)}
_REPLACED = (
    update(_ROWS)
    .where(
        _ROWS.c.wave_id == _new("wave_id"),
        _ROWS.c.credential_digest == _new("credential_digest"),
        _ROWS.c.sequence < _new("sequence"),
        _TAKING,
    )
    .values({name: _new(name) for name in _RENEWED if name not in _PROOF})
)


class WaveClosedError(Exception):
    """A row for a wave that custody lists, or has listed."""


class SequenceRefusedError(Exception):
    """A row that is older than the stored one, or another one of the same number: a replay."""


class NothingToReplaceError(Exception):
    """A version that relies on the stored proof, of a response that is not stored."""


def receive(responses: Connection, wave: str, row: Row) -> None:
    """
    Store `row`, which `RowVerifier` has verified; the very same row again changes nothing.

    Raises:
        WaveClosedError: If the wave takes none any more.
        SequenceRefusedError: If its sequence is not higher than the stored one's.
        NothingToReplaceError: If it relies on a stored proof, and there is none.
    """
    relies = row.relies_on_stored_proof
    statement = _REPLACED if relies else _STORED[responses.dialect.name]
    # Not through the mapper, which sees to each statement anew: that was half of what storing a row cost.
    if responses.execute(statement, _values(wave, row)).rowcount != 1:
        _explain(responses, wave, row)


def _explain(responses: Connection, wave: str, row: Row) -> None:
    """Return if the row was stored before; its signature covers the envelope, which the web may not read."""
    query = select(SealedResponse.sequence, SealedResponse.row_signature).where(
        SealedResponse.wave_id == wave, SealedResponse.credential_digest == row.credential_digest
    )
    found = responses.execute(query).one_or_none()
    if found == (row.sequence, row.row_signature):
        return
    if responses.execute(select(_CLOSED).where(_CLOSED.c.wave_id == wave)).one_or_none() is not None:
        raise WaveClosedError
    if found is None:
        raise NothingToReplaceError
    raise SequenceRefusedError


def _values(wave: str, row: Row) -> dict[str, object]:
    return {
        "new_wave_id": wave,
        "new_credential_digest": row.credential_digest,
        "new_credential_key": row.credential_key,
        "new_randomiser": row.randomiser,
        "new_issuing_signature": row.issuing_signature,
        "new_sequence": row.sequence,
        "new_row_signature": row.row_signature,
        "new_envelope": row.envelope,
    }
