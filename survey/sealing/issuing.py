"""
Signing credentials blindly: the issuer's side of RFC 9474 (RSABSSA-SHA384-PSS-Randomized).

What the issuer signs it cannot recognise later. Vectors: tests/reference/test_rfc_9474.py.
"""

from __future__ import annotations

import secrets

import gmpy2
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from gmpy2 import mpz

from survey.sealing.credentials import (
    MODULUS_BITS,
    PUBLIC_EXPONENT,
    CredentialError,
    can_be_signed,
    issuing_public_key,
    public_der,
)

# Where DER keeps the length of a sequence of more than 255 bytes (X.690 §8.1.3.5): 30 82, then two bytes.
_LENGTH_BEGINS, _LENGTH_ENDS = 2, 4


class IssuingKey:
    """
    A wave's key for signing credentials blindly.

    The private operation uses CRT with gmpy2's constant-time power and a fresh base blinding, and its result
    is checked before it leaves: a fault in one half would give the factors away (Boneh et al. 1997).
    """

    def __init__(self, private: rsa.RSAPrivateKey) -> None:
        self._private, self._public = private, private.public_key()
        numbers = private.private_numbers()
        self._p, self._q = mpz(numbers.p), mpz(numbers.q)
        self._dp, self._dq, self._qinv = mpz(numbers.dmp1), mpz(numbers.dmq1), mpz(numbers.iqmp)
        self._n = mpz(numbers.public_numbers.n)
        self._size = private.key_size // 8

    @classmethod
    def generate(cls) -> IssuingKey:
        """A fresh key of 2,048 bits."""
        return cls(rsa.generate_private_key(PUBLIC_EXPONENT, MODULUS_BITS))

    @classmethod
    def from_bytes(cls, data: bytes) -> IssuingKey:
        """
        The key that `to_bytes` wrote.

        Raises:
            CredentialError: If the bytes are no RSA key of 2,048 bits with exponent 65537 in PKCS #8.
        """
        try:
            key = serialization.load_der_private_key(data, None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
            raise CredentialError("an issuing key is an RSA key in PKCS #8; this is no key") from fault
        if not isinstance(key, rsa.RSAPrivateKey):
            raise CredentialError("an issuing key is an RSA key; this is of another kind")
        issuing_public_key(public_der(key.public_key()))
        return cls(key)

    @classmethod
    def several_from_bytes(cls, data: bytes) -> tuple[IssuingKey, ...]:
        """
        The keys that `to_bytes` wrote, one after the other: each tells its own length.

        Raises:
            CredentialError: As `from_bytes`, for any of them.
        """
        keys: list[IssuingKey] = []
        rest = data
        while rest or not keys:
            size = _LENGTH_ENDS + int.from_bytes(rest[_LENGTH_BEGINS:_LENGTH_ENDS], "big")
            keys.append(cls.from_bytes(rest[:size]))
            rest = rest[size:]
        return tuple(keys)

    def to_bytes(self) -> bytes:
        """PKCS #8 in DER, unencrypted: seal it before it is stored."""
        return self._private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def public_bytes(self) -> bytes:
        """DER SubjectPublicKeyInfo, as the manifest holds it."""
        return public_der(self._public)

    def sign_blinded(self, blinded: bytes) -> bytes:
        """
        The blind signature (RFC 9474 §4.3), 256 bytes; the same for the same blinded message.

        Raises:
            CredentialError: If `blinded` is no number below the modulus in as many bytes, or the signature
                fails its own check.
        """
        if not can_be_signed(self._public, blinded):
            raise CredentialError(f"a blinded message is a number below the modulus, in {self._size} bytes")
        message = mpz(int.from_bytes(blinded, "big"))
        factor = mpz(1 + secrets.randbelow(int(self._n) - 1))
        hidden = message * gmpy2.powmod(factor, PUBLIC_EXPONENT, self._n) % self._n
        signature = self._power(hidden) * gmpy2.invert(factor, self._n) % self._n
        if gmpy2.powmod(signature, PUBLIC_EXPONENT, self._n) != message:
            raise CredentialError("the signature failed its own check and was not sent; try again")
        return int(signature).to_bytes(self._size, "big")

    def _power(self, base: mpz) -> mpz:
        first = gmpy2.powmod_sec(base % self._p, self._dp, self._p)
        second = gmpy2.powmod_sec(base % self._q, self._dq, self._q)
        return second + self._q * (self._qinv * (first - second) % self._p)
