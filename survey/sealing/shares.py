"""
A wave's key in pieces: split among trustees, sealed to each, confirmed, and sealed again for one opening.

Formats: docs/reference/formats.md, "Shares". Shamir's scheme over GF(2^128) is PyCryptodome's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from Crypto.Protocol.SecretSharing import Shamir
from cryptography.exceptions import InvalidTag

from survey.sealing import base32
from survey.sealing.domains import Domain
from survey.sealing.xwing import SUITE, private_key, public_key

SHARE_SIZE = 33
APPROVAL_SIZE = 1120 + SHARE_SIZE + 16
"""X-Wing's encapsulated key, the share, and AES-GCM's tag."""
_HALF = 16
_SPOKEN = 20
LEAST_QUORUM = 2
MOST_TRUSTEES = 255
"""A share's number is one byte, and zero is where the secret lies."""


class ShareError(Exception):
    """A share that does not unwrap, or shares that do not belong together."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What a share belongs to; every message about it is bound to these."""

    wave: str
    manifest_digest: bytes
    number: int
    trustee: bytes
    """Fingerprint of the trustee's key, 32 bytes."""

    def info(self) -> bytes:
        """HPKE `info` of the sealed share."""
        return Domain.SHARE.message(
            self.wave.encode("ascii"), self.manifest_digest, bytes([self.number]), self.trustee
        )


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of one list of one wave, for which custody made a one-time key."""

    wave: str
    manifest_digest: bytes
    list_digest: bytes
    one_time_key: bytes

    def signed_parts(self) -> tuple[bytes, bytes, bytes, bytes]:
        """What custody signs in the domain `OPENING`."""
        return self.wave.encode("ascii"), self.manifest_digest, self.list_digest, self.one_time_key

    def info(self) -> bytes:
        """HPKE `info` of an approval."""
        key_digest = sha256(self.one_time_key).digest()
        return Domain.APPROVAL.message(
            self.wave.encode("ascii"), self.manifest_digest, self.list_digest, key_digest
        )


def trustee_fingerprint(key: bytes) -> bytes:
    """What a manifest calls a trustee's public key, 32 bytes."""
    return Domain.TRUSTEE_KEY.hash(key)


def spoken(fingerprint: str) -> str:
    """
    A trustee's fingerprint as people read it to each other: 100 of its bits, five groups of four symbols.

    Args:
        fingerprint: In hex, as manifests and key files have it.
    """
    return base32.grouped(base32.encode(bytes.fromhex(fingerprint), _SPOKEN))


def read_spoken(text: str) -> str:
    """
    What `spoken` gave, however it was typed.

    Raises:
        ShareError: If it has another length, or symbols that do not belong.
    """
    try:
        symbols = base32.normalised(text)
    except base32.Base32Error as fault:
        raise ShareError(f"this is no trustee's fingerprint: {fault}; compare it once more") from fault
    if len(symbols) != _SPOKEN:
        raise ShareError(
            f"a trustee's fingerprint has {_SPOKEN} symbols, not {len(symbols)}; compare it once more"
        )
    return base32.grouped(symbols)


def split(secret: bytes, quorum: int, trustees: int) -> list[bytes]:
    """
    Shares of a 32-byte secret, numbered from 1; any `quorum` of them give it back, fewer tell nothing.

    Raises:
        ShareError: If the quorum is below 2 or above the number of trustees, or the secret has no 32 bytes.
    """
    if not LEAST_QUORUM <= quorum <= trustees <= MOST_TRUSTEES:
        raise ShareError(
            f"a quorum of {quorum} of {trustees} is refused: choose at least 2 and at most all of up to 255"
        )
    if len(secret) != 2 * _HALF:
        raise ShareError(f"a secret of {len(secret)} bytes is refused: a wave's has 32")
    first, second = (Shamir.split(quorum, trustees, half) for half in (secret[:_HALF], secret[_HALF:]))
    return [bytes([number]) + a + b for (number, a), (_, b) in zip(first, second, strict=True)]


def combine(shares: Sequence[bytes]) -> bytes:
    """
    The secret that these shares were split from; wrong or too few shares give a wrong one, unseen here.

    Raises:
        ShareError: If there are fewer than 2, a share has a wrong length or number, or one comes twice.
    """
    if len(shares) < LEAST_QUORUM or any(len(share) != SHARE_SIZE for share in shares):
        raise ShareError("at least two shares are needed, of 33 bytes each; ask the trustees again")
    numbers = {share[0] for share in shares}
    # A share numbered zero would be the secret itself: whoever gave it could choose what comes out.
    if len(numbers) != len(shares) or 0 in numbers:
        raise ShareError("each share has a number of its own, from 1; ask the trustees again")
    halves = [[(share[0], share[at : at + _HALF]) for share in shares] for at in (1, 1 + _HALF)]
    return b"".join(Shamir.combine(half) for half in halves)


def seal_share(share: bytes, trustee_key: bytes, binding: Binding) -> bytes:
    """`share` for the eyes of one trustee."""
    return SUITE.encrypt(share, public_key(trustee_key), binding.info())


def unwrap_share(sealed: bytes, trustee_seed: bytes, binding: Binding) -> bytes:
    """
    The share that custody sealed to this trustee.

    Raises:
        ShareError: If it was sealed to another key, or for another wave, manifest or number.
    """
    share = _unsealed(sealed, trustee_seed, binding.info())
    if len(share) != SHARE_SIZE or share[0] != binding.number:
        raise ShareError(f"this is not share number {binding.number}")
    return share


def confirmation(share: bytes, manifest_digest: bytes) -> bytes:
    """What a trustee shows, before fielding, to prove that the share unwraps; it does not tell the share."""
    return Domain.CONFIRMATION.hash(manifest_digest, share)


def approve(share: bytes, opening: Opening) -> bytes:
    """`share` for one opening of one list, and for no other."""
    return SUITE.encrypt(share, public_key(opening.one_time_key), opening.info())


def approved_share(approval: bytes, one_time_seed: bytes, opening: Opening) -> bytes:
    """
    The share a trustee sealed for this opening.

    Raises:
        ShareError: If it was sealed for another opening.
    """
    return _unsealed(approval, one_time_seed, opening.info())


def masked(seed: bytes, pad: bytes) -> bytes:
    """
    `seed ⊕ pad`, and back: without custody's pad all trustees together have nothing.

    Raises:
        ShareError: If one of the two is longer.
    """
    if len(seed) != len(pad):
        raise ShareError(f"custody's pad has {len(pad)} bytes instead of {len(seed)}; restore its directory")
    return bytes(a ^ b for a, b in zip(seed, pad, strict=True))


def _unsealed(sealed: bytes, seed: bytes, info: bytes) -> bytes:
    try:
        return SUITE.decrypt(sealed, private_key(seed), info)
    except (InvalidTag, ValueError) as fault:
        raise ShareError("this share was not sealed to this key, for this purpose") from fault
