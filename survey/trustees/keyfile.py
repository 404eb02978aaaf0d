"""
A trustee's key file: a private key under a passphrase, and the promises its holder has confirmed.

Format: docs/reference/formats.md, "Trustee key file". Nothing in it opens anything without the passphrase.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from mnemonic import Mnemonic
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from questionnaires.files import read_file
from survey.sealing import xwing
from survey.sealing.domains import Domain
from survey.sealing.shares import trustee_fingerprint
from survey.waves.manifest import from_b64, to_b64

WORDS = 6
_KEY_SIZE = 32
_SALT_SIZE = 16
_NONCE_SIZE = 12


class KeyFileError(Exception):
    """A key file that cannot be read or unlocked; the message says what to do."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Kdf(_Part):
    """How the passphrase becomes a key (RFC 9106)."""

    name: Literal["argon2id"] = "argon2id"
    memory_kib: Annotated[int, Field(ge=8192, le=2**20)] = 65536
    iterations: Annotated[int, Field(ge=1, le=20)] = 3
    lanes: Annotated[int, Field(ge=1, le=16)] = 1
    salt: str

    def key(self, passphrase: str) -> bytes:
        """The AES key that `passphrase` stands for; takes a moment and 64 MiB on purpose."""
        argon2id = Argon2id(
            salt=from_b64(self.salt),
            length=_KEY_SIZE,
            iterations=self.iterations,
            lanes=self.lanes,
            memory_cost=self.memory_kib,
        )
        return argon2id.derive(" ".join(passphrase.lower().split()).encode())


class WrappedSeed(_Part):
    """The private key under AES-256-GCM."""

    nonce: str
    ciphertext: str


class ConfirmedWave(_Part):
    """What the trustee knows of a wave: its promises, and the only list that will ever be approved."""

    manifest: str
    list: str | None = None


class KeyFile(_Part):
    """A trustee's key file; changing it means writing a new one (`with_wave`, `save`)."""

    format: Literal["tillid-trustee-key/1"] = "tillid-trustee-key/1"
    server: str
    trustee: str
    role: str
    token: str = Field(repr=False)
    public_key: str
    fingerprint: str
    kdf: Kdf
    wrapped_seed: WrappedSeed
    custody: str
    waves: dict[str, ConfirmedWave] = Field(default_factory=dict)

    def seed(self, passphrase: str) -> bytes:
        """
        The trustee's private key.

        Raises:
            KeyFileError: If the passphrase is another one, or the file was changed.
        """
        public = from_b64(self.public_key)
        cipher = AESGCM(self.kdf.key(passphrase))
        nonce, ciphertext = from_b64(self.wrapped_seed.nonce), from_b64(self.wrapped_seed.ciphertext)
        try:
            return cipher.decrypt(nonce, ciphertext, Domain.TRUSTEE_KEY.message(public))
        except InvalidTag as fault:
            raise KeyFileError(
                "key file: this passphrase does not open it; type the six words as they were shown"
            ) from fault

    def with_wave(self, wave: str, confirmed: ConfirmedWave) -> KeyFile:
        """The same file, knowing `wave`."""
        return self.model_copy(update={"waves": {**self.waves, wave: confirmed}})

    def save(self, path: Path) -> None:
        """Write the file, readable by its owner only, whole or not at all."""
        aside = path.with_name(path.name + ".new")
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(self.model_dump_json(indent=2) + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        aside.replace(path)


def load_key_file(path: Path) -> KeyFile:
    """
    The key file at `path`.

    Raises:
        KeyFileError: If there is none, or it is not one.
    """
    try:
        return KeyFile.model_validate_json(read_file(path))
    except OSError as fault:
        raise KeyFileError(f"{path}: cannot be read ({fault.strerror}); name the file you kept") from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "file"
        raise KeyFileError(f"{path}: {place}: {first['msg']}; use the file as it was made") from fault


def new_passphrase() -> str:
    """Six random words of the BIP-39 English list, 66 bits, to be written down."""
    words = Mnemonic("english").wordlist
    return " ".join(secrets.choice(words) for _ in range(WORDS))


def wrap(seed: bytes, passphrase: str, kdf: Kdf | None = None) -> tuple[Kdf, WrappedSeed]:
    """`seed` under `passphrase`, with a fresh nonce, and a fresh salt unless a derivation is given."""
    kdf = kdf or Kdf(salt=to_b64(secrets.token_bytes(_SALT_SIZE)))
    nonce = secrets.token_bytes(_NONCE_SIZE)
    aad = Domain.TRUSTEE_KEY.message(xwing.public_bytes(seed))
    ciphertext = AESGCM(kdf.key(passphrase)).encrypt(nonce, seed, aad)
    return kdf, WrappedSeed(nonce=to_b64(nonce), ciphertext=to_b64(ciphertext))


def key_fingerprint(seed: bytes) -> str:
    """Hex fingerprint of the public key that belongs to `seed`."""
    return trustee_fingerprint(xwing.public_bytes(seed)).hex()
