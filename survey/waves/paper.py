"""
Responses on paper: who may type them in, and the codes that they do it under.

The number of codes stands in the manifest, and each is exchanged once, like an invitation, for a credential
of the wave's paper key. So nobody can type in more papers than were promised. The codes are given to trustees
who do not stand for management.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from sqlalchemy.orm import Session

from survey.sealing import base32
from survey.sealing.domains import Domain
from survey.sealing.paper import seal_codes
from survey.storage.models import Trustee, TrusteeRole, Wave, WaveTrustee
from survey.storage.repositories import WaveRegistry
from survey.waves.checking import promised
from survey.waves.invitations import keep_digests

TYPISTS = frozenset({TrusteeRole.EMPLOYEES, TrusteeRole.SECRETARIAT})
"""Whom a respondent hands a filled-in paper to: never anyone of the employer."""


def paper_code_digest(key: bytes, wave: str, code: str) -> bytes:
    """What the database keeps of a paper code; no invitation's digest can be the same."""
    message = Domain.PAPER_CODE.message(wave.encode("ascii"), code.encode("ascii"))
    return hmac.digest(key, message, "sha256")


def give_out(session: Session, wave: Wave, key: bytes) -> int:
    """
    Make the paper codes that the manifest of `wave` counts, sealed to each trustee who may type papers in.

    Once for a wave: where it has been done, nothing changes. The database gets digests and sealed codes only.

    Returns:
        How many codes were made.

    Raises:
        ManifestError: If the promises of `wave` are not fixed yet.
    """
    number = promised(wave).paper_credentials
    places = WaveRegistry(session).shares(wave.id)
    if number == 0 or any(place.paper_codes is not None for place in places):
        return 0
    codes = [base32.new_code() for _ in range(number)]
    keep_digests(session, wave, (paper_code_digest(key, wave.id, code) for code in codes))
    _seal(session, wave, places, codes)
    return number


def _seal(session: Session, wave: Wave, places: Sequence[WaveTrustee], codes: Sequence[str]) -> None:
    manifest_digest = bytes.fromhex(wave.manifest_digest or "")
    for place in places:
        trustee = session.get_one(Trustee, place.trustee_id)
        if trustee.role in TYPISTS and trustee.public_key is not None:
            place.paper_codes = seal_codes(codes, trustee.public_key, wave.id, manifest_digest)
