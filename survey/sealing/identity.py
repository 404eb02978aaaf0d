"""Custody's Ed25519 identity: what custody says in the database is signed, and anyone can check it."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from survey.sealing.domains import Domain


class SignatureError(Exception):
    """A statement that custody did not sign."""


class Identity:
    """Custody's signing key, made from its 32-byte seed."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key: bytes = self._key.public_key().public_bytes_raw()

    @staticmethod
    def new_seed() -> bytes:
        """A fresh seed, 32 bytes."""
        return secrets.token_bytes(32)

    def sign(self, domain: Domain, *parts: bytes) -> bytes:
        """Signature over the domain's message of `parts`, 64 bytes."""
        return self._key.sign(domain.message(*parts))


def fingerprint(public_key: bytes) -> str:
    """What manifests and trustees' files call an identity: hex of 32 bytes."""
    return Domain.CUSTODY_IDENTITY.hash(public_key).hex()


def check_signed(public_key: bytes, signature: bytes, domain: Domain, *parts: bytes) -> None:
    """
    Return if the holder of `public_key` signed `parts` as a message of `domain`.

    Raises:
        SignatureError: If not.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, domain.message(*parts))
    except (InvalidSignature, ValueError) as fault:
        raise SignatureError(f"custody did not sign this {domain.value}") from fault
