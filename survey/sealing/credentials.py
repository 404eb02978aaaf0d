"""
The right to answer once, which nobody can trace back to the invitation it was exchanged for.

The respondent's side of RFC 9474 (RSABSSA-SHA384-PSS-Randomized), what anybody can verify, and the Ed25519
key that a respondent signs rows with. The browser does the same in frontend/src/credentials.ts; the issuer's
side is survey/sealing/issuing.py. Vectors: tests/reference/test_rfc_9474.py.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256, sha384

import gmpy2
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from survey.sealing.domains import Domain

MODULUS_BITS = 2048
PUBLIC_EXPONENT = 65537
SIGNATURE_SIZE = MODULUS_BITS // 8
RANDOMISER_SIZE = 32
KEY_SIZE = 32
ROW_SIGNATURE_SIZE = 64
_SALT_SIZE = 48
_HASH_SIZE = 48
_PSS = padding.PSS(padding.MGF1(hashes.SHA384()), _SALT_SIZE)


class CredentialError(Exception):
    """A blinded message, signature or key that is not what it should be."""


@dataclass(frozen=True, slots=True)
class CredentialKey:
    """A respondent's key for one wave, made from the 128-bit secret on the receipt."""

    private: Ed25519PrivateKey
    public: bytes

    @classmethod
    def of(cls, secret: bytes, wave: str) -> CredentialKey:
        """The key that `secret` stands for in `wave`."""
        info = Domain.CREDENTIAL_KEY.message(wave.encode("ascii"))
        private = Ed25519PrivateKey.from_private_bytes(HKDF(hashes.SHA256(), 32, None, info).derive(secret))
        return cls(private, private.public_key().public_bytes_raw())

    def sign_row(self, message: bytes) -> bytes:
        """Signature of a row, 64 bytes; `message` comes from `row_message`."""
        return self.private.sign(message)


def new_secret() -> bytes:
    """A fresh secret, 128 bits."""
    return secrets.token_bytes(16)


def credential_message(wave: str, credential_key: bytes) -> bytes:
    """What an issuing key signs without seeing it."""
    return Domain.CREDENTIAL.message(wave.encode("ascii"), credential_key)


def row_message(wave: str, manifest_digest: bytes, sequence: int, envelope: bytes) -> bytes:
    """What a credential key signs for every row it stores."""
    place = sequence.to_bytes(4, "big")
    return Domain.ROW.message(wave.encode("ascii"), manifest_digest, place, sha256(envelope).digest())


def can_be_signed(issuing_key: rsa.RSAPublicKey, blinded: bytes) -> bool:
    """Whether `blinded` is a number that this key can sign: below its modulus, in as many bytes."""
    modulus = issuing_key.public_numbers().n
    return 8 * len(blinded) == issuing_key.key_size and 0 < int.from_bytes(blinded, "big") < modulus


def row_signature_holds(credential_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the holder of `credential_key` signed the row."""
    try:
        Ed25519PublicKey.from_public_bytes(credential_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Blinding:
    """What a respondent keeps between blinding and finalising; only `blinded` is ever sent."""

    randomiser: bytes
    blinded: bytes
    inverse: int = field(repr=False)


def issuing_public_key(data: bytes) -> rsa.RSAPublicKey:
    """
    A manifest's issuing key, ready to verify with.

    Raises:
        CredentialError: If the bytes are not exactly the SubjectPublicKeyInfo of an RSA key of 2,048 bits
            with exponent 65537.
    """
    try:
        key = serialization.load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as fault:
        raise CredentialError("an issuing key is an RSA public key in DER; this is no key") from fault
    if (
        not isinstance(key, rsa.RSAPublicKey)
        or key.key_size != MODULUS_BITS
        or key.public_numbers().e != PUBLIC_EXPONENT
        # Written again and compared, so that no other parser can read another key from the same manifest.
        or public_der(key) != data
    ):
        raise CredentialError("an issuing key is an RSA key of 2,048 bits, exponent 65537; make a new one")
    return key


def public_der(key: rsa.RSAPublicKey) -> bytes:
    """DER SubjectPublicKeyInfo, as a manifest holds it."""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def blind(key: rsa.RSAPublicKey, message: bytes) -> Blinding:
    """
    Prepare (Randomize) and blind `message` (RFC 9474 §4.1, §4.2).

    Raises:
        CredentialError: If the key was made so that it does not hide what it signs.
    """
    randomiser = secrets.token_bytes(RANDOMISER_SIZE)
    blinded, inverse = _blinded(key, randomiser + message, secrets.token_bytes(_SALT_SIZE), secrets.randbelow)
    return Blinding(randomiser, blinded, inverse)


def finalise(key: rsa.RSAPublicKey, message: bytes, blinding: Blinding, blind_signature: bytes) -> bytes:
    """
    The signature under the message itself (RFC 9474 §4.4), 256 bytes.

    Raises:
        CredentialError: If the issuer's answer does not become a signature of the message.
    """
    size = key.key_size // 8
    number = int.from_bytes(blind_signature, "big") * blinding.inverse % key.public_numbers().n
    signature = number.to_bytes(size, "big")
    if len(blind_signature) != size or not credential_holds(key, blinding.randomiser, signature, message):
        raise CredentialError("the issuer's answer is not a signature of this credential")
    return signature


def credential_holds(key: rsa.RSAPublicKey, randomiser: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is an issuing key's over the prepared message (RFC 9474 §4.5: RSASSA-PSS)."""
    try:
        key.verify(signature, randomiser + message, _PSS, hashes.SHA384())
    except InvalidSignature:
        return False
    return True


def _blinded(
    key: rsa.RSAPublicKey, prepared: bytes, salt: bytes, below: Callable[[int], int]
) -> tuple[bytes, int]:
    numbers = key.public_numbers()
    encoded = int.from_bytes(_pss_encoded(prepared, salt, key.key_size - 1), "big")
    factor = 1 + below(numbers.n - 1)
    # With an honest modulus this never happens. A cheating issuer's may have many small primes: those that
    # divide the message divide it blinded too, and would tell whose credential it became.
    if gmpy2.gcd(encoded, numbers.n) != 1 or gmpy2.gcd(factor, numbers.n) != 1:
        raise CredentialError(
            "this issuing key does not hide what it signs: send nothing; a new one is needed"
        )
    inverse = int(gmpy2.invert(factor, numbers.n))
    blinded = encoded * int(gmpy2.powmod(factor, numbers.e, numbers.n)) % numbers.n
    return blinded.to_bytes(key.key_size // 8, "big"), inverse


def _pss_encoded(message: bytes, salt: bytes, bits: int) -> bytes:
    """EMSA-PSS-ENCODE of RFC 8017 §9.1.1 with SHA-384 and MGF1."""
    size = (bits + 7) // 8
    digest = sha384(bytes(8) + sha384(message).digest() + salt).digest()
    block = bytes(size - len(salt) - _HASH_SIZE - 2) + b"\x01" + salt
    masked = bytearray(a ^ b for a, b in zip(block, _mgf1(digest, len(block)), strict=True))
    masked[0] &= 0xFF >> (8 * size - bits)
    return bytes(masked) + digest + b"\xbc"


def _mgf1(seed: bytes, size: int) -> bytes:
    blocks = (sha384(seed + place.to_bytes(4, "big")).digest() for place in range(-(-size // _HASH_SIZE)))
    return b"".join(blocks)[:size]
