"""Receiving: a verified row is stored, or replaces the respondent's earlier one, in one statement."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from survey.sealing.rows import Row
from survey.storage.databases import SQLITE
from survey.storage.responses import SealedResponse

_KEY = ("wave_id", "credential_digest")


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
    written = responses.execute(
        update(SealedResponse)
        .where(
            SealedResponse.wave_id == wave,
            SealedResponse.credential_digest == row.credential_digest,
            SealedResponse.sequence < row.sequence,
        )
        .values(sequence=row.sequence, row_signature=row.row_signature, envelope=row.envelope)
    )
    return isinstance(written, CursorResult) and written.rowcount == 1


def _stored(responses: Session, wave: str, row: Row) -> bool:
    """Whether the row is new, or newer than the one under its key."""
    dialect = sqlite if responses.get_bind().dialect.name == SQLITE else postgresql
    values = _values(wave, row)
    written = responses.execute(
        dialect.insert(SealedResponse)
        .values(values)
        .on_conflict_do_update(
            index_elements=_KEY,
            # Values, not `excluded`: to name that one's columns PostgreSQL asks for the right to read them.
            set_={name: value for name, value in values.items() if name not in _KEY},
            where=SealedResponse.sequence < row.sequence,
        ),
        # Else it is not known of an INSERT, and every response would cost one more question.
        execution_options={"preserve_rowcount": True},
    )
    return isinstance(written, CursorResult) and written.rowcount == 1


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
