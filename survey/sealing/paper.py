"""
Codes for responses on paper, sealed to a trustee who may type them in: a trustee's token alone gives none.

Format: docs/reference/formats.md, "Paper codes".
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.exceptions import InvalidTag

from survey.sealing.base32 import CODE_LENGTH
from survey.sealing.domains import Domain
from survey.sealing.shares import trustee_fingerprint
from survey.sealing.xwing import SUITE, private_key, public_bytes, public_key


class PaperCodesError(Exception):
    """Sealed codes that are not for this trustee and this wave."""


def seal_codes(codes: Sequence[str], trustee_key: bytes, wave: str, manifest_digest: bytes) -> bytes:
    """`codes` for the eyes of one trustee."""
    info = _info(trustee_key, wave, manifest_digest)
    return SUITE.encrypt("".join(codes).encode("ascii"), public_key(trustee_key), info)


def unsealed_codes(sealed: bytes, trustee_seed: bytes, wave: str, manifest_digest: bytes) -> list[str]:
    """
    The codes that were sealed to this trustee, in their order.

    Raises:
        PaperCodesError: If they were sealed to another key, or for another wave or manifest.
    """
    info = _info(public_bytes(trustee_seed), wave, manifest_digest)
    try:
        text = SUITE.decrypt(sealed, private_key(trustee_seed), info).decode("ascii")
    except (InvalidTag, ValueError) as fault:
        raise PaperCodesError(
            f"wave {wave}: these paper codes are not sealed to your key; ask the secretariat"
        ) from fault
    return [text[at : at + CODE_LENGTH] for at in range(0, len(text), CODE_LENGTH)]


def _info(trustee_key: bytes, wave: str, manifest_digest: bytes) -> bytes:
    parts = wave.encode("ascii"), manifest_digest, trustee_fingerprint(trustee_key)
    return Domain.PAPER_CODES.message(*parts)
