"""A wave of a test's own, and what its issuer, respondents and custody hold."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from survey.sealing import credentials, envelope, xwing
from survey.sealing.credentials import CredentialKey
from survey.sealing.issuing import IssuingKey
from survey.sealing.open import WaveOpener
from survey.sealing.rows import Row, RowVerifier
from survey.sealing.seal import WaveSealer

WAVE = "0123456789abcdef"
OTHER_WAVE = "fedcba9876543210"
MANIFEST = sha256(b"the promises").digest()
OTHER_MANIFEST = sha256(b"other promises").digest()
SIZE = envelope.envelope_size(200)
SEED = sha256(b"the wave's key").digest()
OTHER_SEED = sha256(b"another wave's key").digest()
PLAINTEXT = b"answers".ljust(envelope.padded_size(SIZE), b"\x00")


@cache
def _generated(number: int) -> IssuingKey:
    return IssuingKey.generate()


def issuing_key(number: int = 0) -> IssuingKey:
    return _generated(number)


def sealer(seed: bytes = SEED, manifest: bytes = MANIFEST) -> WaveSealer:
    return WaveSealer(xwing.public_bytes(seed), manifest)


def opener(seed: bytes = SEED, manifest: bytes = MANIFEST) -> WaveOpener:
    return WaveOpener(seed, manifest)


@dataclass(frozen=True)
class Respondent:
    """Somebody who has exchanged an invitation, and may seal, replace and withdraw."""

    wave: str
    key: CredentialKey
    randomiser: bytes
    signature: bytes

    @classmethod
    def invited(
        cls, wave: str = WAVE, *, secret: bytes | None = None, issuer: IssuingKey | None = None
    ) -> "Respondent":
        issuer = issuer or issuing_key()
        public = credentials.issuing_public_key(issuer.public_bytes())
        key = CredentialKey.of(secret or credentials.new_secret(), wave)
        message = credentials.credential_message(wave, key.public)
        blinding = credentials.blind(public, message)
        signature = credentials.finalise(public, message, blinding, issuer.sign_blinded(blinding.blinded))
        return cls(wave, key, blinding.randomiser, signature)

    def row(self, sealed: bytes | None = None, *, sequence: int = 0, manifest: bytes = MANIFEST) -> Row:
        sealed = sealer(manifest=manifest).seal(PLAINTEXT, self.key.public) if sealed is None else sealed
        signed = self.key.sign_row(credentials.row_message(self.wave, manifest, sequence, sealed))
        return Row(self.key.public, self.randomiser, self.signature, sequence, signed, sealed)


def verifier(wave: str = WAVE, manifest: bytes = MANIFEST, *, issuers: tuple[int, ...] = (0,)) -> RowVerifier:
    keys = tuple(credentials.issuing_public_key(issuing_key(number).public_bytes()) for number in issuers)
    return RowVerifier(wave, manifest, keys, SIZE)
