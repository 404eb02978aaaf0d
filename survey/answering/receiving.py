"""Receiving: a verified row is stored, or replaces the respondent's earlier one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from survey.sealing.rows import Row
from survey.storage.responses import SealedResponse


class SequenceRefusedError(Exception):
    """A row that is older than the stored one, or another one of the same number: a replay."""


def receive(responses: Session, wave: str, row: Row) -> None:
    """
    Store `row`, which `RowVerifier` has verified; the very same row again changes nothing.

    Raises:
        SequenceRefusedError: If its sequence is not higher than the stored one's.
    """
    stored = responses.scalars(
        select(SealedResponse)
        .where(SealedResponse.wave_id == wave, SealedResponse.credential_digest == row.credential_digest)
        # The web's role may replace an envelope and not read one; the signature covers it.
        .options(load_only(SealedResponse.sequence, SealedResponse.row_signature, raiseload=True))
        .with_for_update()
    ).one_or_none()
    if stored is None:
        responses.add(_sealed_response(wave, row))
    elif row.sequence > stored.sequence:
        _replace(stored, row)
    elif (stored.sequence, stored.row_signature) != (row.sequence, row.row_signature):
        raise SequenceRefusedError


def _sealed_response(wave: str, row: Row) -> SealedResponse:
    return SealedResponse(
        wave_id=wave,
        credential_digest=row.credential_digest,
        credential_key=row.credential_key,
        randomiser=row.randomiser,
        issuing_signature=row.issuing_signature,
        sequence=row.sequence,
        row_signature=row.row_signature,
        envelope=row.envelope,
    )


def _replace(stored: SealedResponse, row: Row) -> None:
    stored.randomiser, stored.issuing_signature = row.randomiser, row.issuing_signature
    stored.sequence, stored.row_signature, stored.envelope = row.sequence, row.row_signature, row.envelope
