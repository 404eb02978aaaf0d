"""
The bytes of an envelope: the same about every response of a wave, whoever sent it, whatever it says.

Format: docs/reference/formats.md, "Envelope, version 1".
"""

from __future__ import annotations

from enum import Enum
from hashlib import sha256

from survey.sealing.domains import Domain
from survey.sealing.xwing import OVERHEAD

VERSION = 1
TOMBSTONE_VERSION = 0
STEP = 256
FIXED = 1 + OVERHEAD
"""Bytes of an envelope that are not padded plaintext."""


class EnvelopeFault(Enum):
    """Why an envelope is refused; the values are the codes of docs/reference/formats.md."""

    WRONG_LENGTH = "wrong_length"
    WRONG_VERSION = "wrong_version"


def envelope_size(longest_plaintext: int) -> int:
    """Bytes of every envelope of a wave whose longest response has `longest_plaintext` bytes."""
    # One byte more than the plaintext: ISO/IEC 7816-4 padding is never empty.
    return -(-(FIXED + longest_plaintext + 1) // STEP) * STEP


def padded_size(size: int) -> int:
    """Bytes of padded plaintext inside an envelope of `size` bytes."""
    return size - FIXED


def tombstone(size: int) -> bytes:
    """The envelope of a withdrawn response: zeros, as long as any other."""
    return bytes(size)


def is_tombstone(envelope: bytes) -> bool:
    """Whether the response was withdrawn."""
    return not any(envelope)


def fault(envelope: bytes, size: int) -> EnvelopeFault | None:
    """What is wrong with the outside of `envelope` in a wave of envelopes of `size` bytes, or None."""
    if len(envelope) != size:
        return EnvelopeFault.WRONG_LENGTH
    if envelope[0] == VERSION or is_tombstone(envelope):
        return None
    return EnvelopeFault.WRONG_VERSION


def binding(manifest_digest: bytes, credential_key: bytes) -> bytes:
    """
    HPKE `info` of an envelope.

    Answers given under one set of promises do not open under another, nor does an envelope that was copied
    under another credential.
    """
    return Domain.RESPONSE.message(manifest_digest, sha256(credential_key).digest())
