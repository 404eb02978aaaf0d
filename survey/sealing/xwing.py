"""
X-Wing keys and the one HPKE suite that everything in Tillid is sealed with.

Source: RFC 9180 (HPKE, base mode, single shot) with draft-connolly-cfrg-xwing-kem, where a private key is
a 32-byte seed.
"""

from __future__ import annotations

import secrets
from hashlib import shake_256

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

SEED_SIZE = 32
PUBLIC_KEY_SIZE = 1216
ENCAPSULATED_SIZE = 1120
TAG_SIZE = 16
OVERHEAD = ENCAPSULATED_SIZE + TAG_SIZE
_MLKEM_SEED_SIZE = 64
_MLKEM_KEY_SIZE = 1184

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class KeyFormatError(ValueError):
    """Bytes that are not an X-Wing key."""


def new_seed() -> bytes:
    """A fresh private key, 32 bytes."""
    return secrets.token_bytes(SEED_SIZE)


def private_key(seed: bytes) -> MLKEM768X25519PrivateKey:
    """The private key that `seed` stands for, ready to open with."""
    mlkem, x25519 = _halves(seed)
    return MLKEM768X25519PrivateKey(mlkem, x25519)


def public_bytes(seed: bytes) -> bytes:
    """The 1,216 bytes of the public key that belongs to `seed`."""
    mlkem, x25519 = _halves(seed)
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def public_key(data: bytes) -> MLKEM768X25519PublicKey:
    """
    A public key to seal to.

    Raises:
        KeyFormatError: If `data` is not 1,216 bytes of ML-KEM-768 key and X25519 key, or its X25519 half is
            a point of small order, to which nothing can be sealed (RFC 7748 §6.1).
    """
    if len(data) != PUBLIC_KEY_SIZE:
        raise KeyFormatError(f"an X-Wing public key has {PUBLIC_KEY_SIZE} bytes, this one {len(data)}")
    try:
        mlkem = MLKEM768PublicKey.from_public_bytes(data[:_MLKEM_KEY_SIZE])
        x25519 = X25519PublicKey.from_public_bytes(data[_MLKEM_KEY_SIZE:])
        # Tried here: a trustee's key that fails in the middle of a ceremony would stop it for everybody.
        X25519PrivateKey.generate().exchange(x25519)
        return MLKEM768X25519PublicKey(mlkem, x25519)
    except ValueError as fault:
        raise KeyFormatError("these bytes are not an X-Wing public key") from fault


def _halves(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    if len(seed) != SEED_SIZE:
        raise KeyFormatError(f"an X-Wing private key has {SEED_SIZE} bytes, this one {len(seed)}")
    expanded = shake_256(seed).digest(_MLKEM_SEED_SIZE + 32)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_SIZE])
    return mlkem, X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_SIZE:])
