"""Invitation codes: made, kept only as keyed digests, and exchanged once for a blind signature."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import insert
from sqlalchemy.orm import Session

from survey.sealing import base32
from survey.sealing.domains import Domain
from survey.storage.models import Invitation, Wave
from survey.waves.manifest import pin


def code_digest(key: bytes, wave: str, code: str) -> bytes:
    """What the database keeps of `code` (16 symbols): useless without the configuration's key."""
    message = Domain.INVITATION.message(wave.encode("ascii"), code.encode("ascii"))
    return hmac.digest(key, message, "sha256")


def address_digest(key: bytes, wave: str, address: str) -> bytes:
    """By what an address is recognised that comes twice; it tells nothing without the key."""
    message = Domain.INVITED_ADDRESS.message(wave.encode("ascii"), address.encode())
    return hmac.digest(key, message, "sha256")


def link(base_url: str, wave: Wave, code: str) -> str:
    """What an invitation leads to. After `#`: code and pin never reach a server's log."""
    return f"{base_url}/w/{wave.id}#{code}.{pin(bytes.fromhex(wave.manifest_digest or ''))}"


def open_link(base_url: str, wave: Wave) -> str:
    """What everybody is given who may answer an open wave: it pins the promises as an invitation does."""
    return link(base_url, wave, "open")


def blinded_digest(blinded: bytes) -> bytes:
    """How an exchange recognises the same blinded message again; it tells nothing of the credential."""
    return sha256(blinded).digest()


def invite(session: Session, wave: Wave, number: int, key: bytes) -> list[str]:
    """Fresh codes for `number` people; the database gets their digests only."""
    codes = [base32.new_code() for _ in range(number)]
    keep_digests(session, wave, (code_digest(key, wave.id, code) for code in codes))
    return codes


def keep_digests(session: Session, wave: Wave, digests: Iterable[bytes]) -> None:
    """Store what the database keeps of fresh codes."""
    # In the order of the digests: the order of insertion would be the order of the staff list.
    rows = [
        {"wave_id": wave.id, "organisation_id": wave.organisation_id, "code_digest": digest}
        for digest in sorted(digests)
    ]
    if rows:
        session.execute(insert(Invitation), rows)
