"""
How many responses a core seals, verifies and opens in a second, each beside the bare loop that is its bound.

`make bench` runs it. The bare loop does the same cryptography with nothing around it, on the same bytes, in
turns with what it is compared to, so that a noisy machine disturbs both alike. The best round counts.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import click
import gmpy2
from cryptography import __version__ as cryptography_version
from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from survey.sealing import credentials, envelope, xwing
from survey.sealing.credentials import CredentialKey
from survey.sealing.issuing import IssuingKey
from survey.sealing.open import WaveOpener
from survey.sealing.rows import Row, RowVerifier
from survey.sealing.seal import WaveSealer

ROWS = 1_000
SIGNATURES = 500
ROUNDS = 5
WAVE = "0123456789abcdef"
MANIFEST = sha256(b"manifest").digest()
SIZE = 1792
PSS = padding.PSS(padding.MGF1(hashes.SHA384()), 48)


@dataclass(frozen=True, slots=True)
class Material:
    """A wave with its keys, and rows of respondents who each exchanged an invitation."""

    seed: bytes
    issuer: IssuingKey
    rows: tuple[Row, ...]

    @classmethod
    def made(cls) -> Material:
        """Fresh keys and rows."""
        seed, issuer = xwing.new_seed(), IssuingKey.generate()
        sealer = WaveSealer(xwing.public_bytes(seed), MANIFEST)
        return cls(seed, issuer, tuple(_row(issuer, sealer) for _ in range(ROWS)))


def _row(issuer: IssuingKey, sealer: WaveSealer) -> Row:
    public = credentials.issuing_public_key(issuer.public_bytes())
    key = CredentialKey.of(credentials.new_secret(), WAVE)
    message = credentials.credential_message(WAVE, key.public)
    blinding = credentials.blind(public, message)
    signature = credentials.finalise(public, message, blinding, issuer.sign_blinded(blinding.blinded))
    sealed = sealer.seal(bytes(envelope.padded_size(SIZE)), key.public)
    signed = key.sign_row(credentials.row_message(WAVE, MANIFEST, 0, sealed))
    return Row(key.public, blinding.randomiser, signature, 0, signed, sealed)


def verifying(material: Material) -> Comparison:
    """Custody at closing: both signatures of every row."""
    public = credentials.issuing_public_key(material.issuer.public_bytes())
    verifier = RowVerifier(WAVE, MANIFEST, (public,), SIZE)
    prepared = [
        (
            row.issuing_signature,
            row.randomiser + credentials.credential_message(WAVE, row.credential_key),
            Ed25519PublicKey.from_public_bytes(row.credential_key),
            row.row_signature,
            credentials.row_message(WAVE, MANIFEST, row.sequence, row.envelope),
        )
        for row in material.rows
    ]

    def product() -> int:
        return sum(verifier.fault(row) is None for row in material.rows)

    def bare() -> int:
        for signature, message, key, row_signature, signed in prepared:
            public.verify(signature, message, PSS, hashes.SHA384())
            key.verify(row_signature, signed)
        return len(prepared)

    return Comparison("rows verified", product, "RSA-PSS and Ed25519 verify", bare)


def opening(material: Material) -> Comparison:
    """Custody at opening: every envelope with the wave's key."""
    opener, key = WaveOpener(material.seed, MANIFEST), xwing.private_key(material.seed)
    prepared = [(row.envelope[1:], envelope.binding(MANIFEST, row.credential_key)) for row in material.rows]

    def product() -> int:
        return sum(bool(opener.open(row.envelope, row.credential_key)) for row in material.rows)

    def bare() -> int:
        return sum(bool(xwing.SUITE.decrypt(sealed, key, info)) for sealed, info in prepared)

    return Comparison("envelopes opened", product, "HPKE decrypt", bare)


def sealing(material: Material) -> Comparison:
    """A respondent's client; the browser does the same once."""
    public = xwing.public_bytes(material.seed)
    sealer, key = WaveSealer(public, MANIFEST), xwing.public_key(public)
    plaintext = bytes(envelope.padded_size(SIZE))
    infos = [envelope.binding(MANIFEST, row.credential_key) for row in material.rows]

    def product() -> int:
        return sum(bool(sealer.seal(plaintext, row.credential_key)) for row in material.rows)

    def bare() -> int:
        return sum(bool(xwing.SUITE.encrypt(plaintext, key, info)) for info in infos)

    return Comparison("envelopes sealed", product, "HPKE encrypt", bare)


def signing(material: Material) -> Comparison:
    """The web at an exchange: blinded once more, constant time, checked before it leaves."""
    public = credentials.issuing_public_key(material.issuer.public_bytes())
    blinded = [credentials.blind(public, row.credential_key).blinded for row in material.rows[:SIGNATURES]]
    private = serialization.load_der_private_key(material.issuer.to_bytes(), None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError("an issuing key is an RSA key")
    numbers = private.private_numbers()
    halves = [(numbers.p, numbers.dmp1), (numbers.q, numbers.dmq1)]
    messages = [gmpy2.mpz(int.from_bytes(message, "big")) for message in blinded]

    def product() -> int:
        return sum(bool(material.issuer.sign_blinded(message)) for message in blinded)

    def bare() -> int:
        for message in messages:
            for prime, exponent in halves:
                gmpy2.powmod_sec(message % prime, exponent, prime)
        return len(messages)

    return Comparison("blind signatures", product, "two powers of CRT", bare)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the product does and the bare loop under it; each returns how many it did."""

    name: str
    product: Callable[[], int]
    bound: str
    bare: Callable[[], int]

    def line(self) -> str:
        """One row of the result: per second, both, and the share of the bound that is reached."""
        rounds = [(_per_second(self.product), _per_second(self.bare)) for _ in range(ROUNDS)]
        product, bare = (max(rates) for rates in zip(*rounds, strict=True))
        return (
            f"{self.name:<18} {product:>9,.0f}/s   {self.bound:<28} {bare:>9,.0f}/s   {product / bare:>5.0%}"
        )


def _per_second(loop: Callable[[], int]) -> float:
    started = time.perf_counter()
    done = loop()
    return done / (time.perf_counter() - started)


def machine() -> Iterable[str]:
    """What the figures belong to."""
    facts = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(": ")[2] for line in facts if line.startswith("model name")), "unknown")
    yield f"{model} ({platform.machine()}), {os.cpu_count()} cores, one used"
    yield f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    yield f"cryptography {cryptography_version}, {backend.openssl_version_text()}, gmpy2 {gmpy2.version()}"


def main() -> None:
    """Print the machine and the table."""
    for fact in machine():
        click.echo(fact)
    click.echo(f"envelopes of {SIZE} bytes, {ROWS:,} rows, best of {ROUNDS} rounds")
    material = Material.made()
    for comparison in (verifying, opening, sealing, signing):
        click.echo(comparison(material).line())


if __name__ == "__main__":
    main()
