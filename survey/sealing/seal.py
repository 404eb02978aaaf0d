"""Sealing a response to its wave; the browser does the same in frontend/src/sealing.ts."""

from __future__ import annotations

from survey.sealing import envelope
from survey.sealing.xwing import SUITE, public_key


class WaveSealer:
    """Seals padded plaintexts to one wave's key under one manifest."""

    def __init__(self, wave_key: bytes, manifest_digest: bytes) -> None:
        self._key = public_key(wave_key)
        self._manifest_digest = manifest_digest

    def seal(self, padded_plaintext: bytes, credential_key: bytes) -> bytes:
        """The envelope that holds `padded_plaintext` for the holder of `credential_key`."""
        info = envelope.binding(self._manifest_digest, credential_key)
        return bytes([envelope.VERSION]) + SUITE.encrypt(padded_plaintext, self._key, info)
