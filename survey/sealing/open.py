"""
Opening envelopes with a wave's private key.

Only `survey.custody` may import this module (an import contract): where it is out of reach, nothing opens.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag

from survey.sealing import envelope
from survey.sealing.xwing import SUITE, private_key


class DoesNotOpenError(Exception):
    """An envelope that was not sealed to this wave, under this manifest, for this credential."""


class WaveOpener:
    """Opens the envelopes of one wave; holds its private key for as long as it lives."""

    def __init__(self, seed: bytes, manifest_digest: bytes) -> None:
        self._key = private_key(seed)
        self._manifest_digest = manifest_digest

    def open(self, sealed: bytes, credential_key: bytes) -> bytes:
        """
        The padded plaintext of one envelope.

        Raises:
            DoesNotOpenError: If it was changed, copied from another credential, or sealed elsewhere.
        """
        if sealed[:1] != bytes([envelope.VERSION]):
            raise DoesNotOpenError(f"an envelope of version {envelope.VERSION} was expected")
        info = envelope.binding(self._manifest_digest, credential_key)
        try:
            return SUITE.decrypt(sealed[1:], self._key, info)
        except (InvalidTag, ValueError) as fault:
            raise DoesNotOpenError("this was not sealed to this wave, manifest and credential") from fault
