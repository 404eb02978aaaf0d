"""
The exchange: an invitation code, or one for paper, becomes a blind signature, once.

Runs in one transaction with the invitation's row locked. It cannot learn which credential it signed. In an
open wave whoever worked for it gets one without a code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy.orm import Session

from survey.answering.working import PROOF_SIZE
from survey.sealing.at_rest import AtRest
from survey.sealing.base32 import CODE_LENGTH, Base32Error, normalised
from survey.sealing.credentials import SIGNATURE_SIZE
from survey.sealing.issuing import IssuingKey
from survey.storage.models import Invitation, Wave
from survey.storage.repositories import NotFoundError, WaveRegistry
from survey.waves.checking import promised
from survey.waves.invitations import blinded_digest, code_digest
from survey.waves.manifest import WaveMode
from survey.waves.paper import paper_code_digest


class CodeRefusedError(Exception):
    """The code is unknown, spent or withdrawn: nobody is told which."""


class MalformedRequestError(Exception):
    """A body that is not a code and a blinded message, or without a code where nobody may come without."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """
    A respondent's request: code and blinded message, and the work that was done for them, if any was.

    Attributes:
        code: 16 symbols; empty where it asks for a right in an open wave.
        blinded: The message to sign, 256 bytes.
        proof: 8 bytes, or none.
    """

    code: str = field(repr=False)
    blinded: bytes = field(repr=False)
    proof: bytes = b""

    @classmethod
    def read(cls, body: bytes) -> Exchange:
        """
        The request in the body of `POST /w/WAVE/credential`.

        Raises:
            MalformedRequestError: If it has another length or the code another alphabet.
        """
        try:
            code = body[: _code_length(body)].decode("ascii")
            canonical = not code or normalised(code) == code
        except (UnicodeDecodeError, Base32Error) as fault:
            raise MalformedRequestError from fault
        if not canonical:
            raise MalformedRequestError
        end = len(code) + SIGNATURE_SIZE
        return cls(code, body[len(code) : end], body[end:])

    @property
    def worked_for(self) -> bytes:
        """What a proof of work is bound to: all of the request but the proof."""
        return self.code.encode("ascii") + self.blinded


@dataclass(frozen=True, slots=True)
class Issuer:
    """Exchanges codes under the configuration's keys."""

    invitation_key: bytes = field(repr=False)
    at_rest: AtRest

    def exchange(self, session: Session, wave: Wave, request: Exchange) -> bytes:
        """
        The blind signature, 256 bytes; the same request gets the same answer.

        Raises:
            CodeRefusedError: If the code is unknown, withdrawn, or was exchanged for another blinded message.
            MalformedRequestError: If the blinded message is not a number below the modulus, or there is no
                code and the wave is no open one.
        """
        keys = self._keys(wave)
        # Before the code is looked at: what cannot be signed would tell an unspent code from a spent one.
        if not any(key.takes(request.blinded) for key in keys):
            raise MalformedRequestError
        if not request.code:
            return _open_key(wave, keys).sign_blinded(request.blinded)
        invitation, key = self._right(session, wave, request.code, keys)
        digest = blinded_digest(request.blinded)
        if invitation.blinded_digest not in (None, digest) or not key.takes(request.blinded):
            raise CodeRefusedError
        signature = key.sign_blinded(request.blinded)
        invitation.blinded_digest = digest
        return signature

    def _right(
        self, session: Session, wave: Wave, code: str, keys: Sequence[IssuingKey]
    ) -> tuple[Invitation, IssuingKey]:
        """The right that `code` stands for, and the key of its channel: the second one is for paper."""
        digests = (
            code_digest(self.invitation_key, wave.id, code),
            paper_code_digest(self.invitation_key, wave.id, code),
        )
        try:
            # Asked for both at once, so that an unknown code takes no other time than a spent one.
            invitation = WaveRegistry(session).invitation(wave.id, *digests)
            return invitation, keys[digests.index(invitation.code_digest)]
        except (NotFoundError, IndexError) as fault:
            raise CodeRefusedError from fault

    def _keys(self, wave: Wave) -> tuple[IssuingKey, ...]:
        if wave.issuing_key is None:
            raise CodeRefusedError
        return _issuing_keys(self.at_rest, wave.issuing_key)


def _code_length(body: bytes) -> int:
    """How long the code in `body` is, by the length of the whole."""
    for length in (CODE_LENGTH, 0):
        if len(body) - length in (SIGNATURE_SIZE, SIGNATURE_SIZE + PROOF_SIZE):
            return length
    raise MalformedRequestError


def _open_key(wave: Wave, keys: Sequence[IssuingKey]) -> IssuingKey:
    """
    The key of an open wave, its first one.

    Nothing is remembered of who asked: one blinded message has one signature, which becomes one credential,
    however often it is asked for again.
    """
    if promised(wave).mode is not WaveMode.OPEN:
        raise MalformedRequestError
    return keys[0]


@lru_cache(maxsize=64)
def _issuing_keys(at_rest: AtRest, encrypted: bytes) -> tuple[IssuingKey, ...]:
    return IssuingKey.several_from_bytes(at_rest.decrypt(encrypted))
