"""
The exchange: an invitation code, or one for paper, becomes a blind signature, once.

One statement spends the code, in a transaction that holds the wave. It cannot learn which credential it
signed. In an open wave whoever worked for it gets one without a code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import Connection, bindparam, select, update

from survey.answering.working import PROOF_SIZE
from survey.sealing.at_rest import AtRest
from survey.sealing.base32 import CODE_LENGTH, Base32Error, normalised
from survey.sealing.credentials import SIGNATURE_SIZE
from survey.sealing.issuing import IssuingKey
from survey.storage.models import Invitation
from survey.waves.invitations import blinded_digest, code_digest
from survey.waves.manifest import WaveMode
from survey.waves.paper import paper_code_digest
from survey.waves.taking import Standing

_RIGHT = (
    Invitation.wave_id == bindparam("wave"),
    Invitation.code_digest.in_(bindparam("digests", expanding=True)),
)
_SPENDING = (
    update(Invitation)
    .where(*_RIGHT, Invitation.blinded_digest.is_(None))
    .values(blinded_digest=bindparam("spent_on"))
    .returning(Invitation.code_digest)
)
_SPENT = select(Invitation.code_digest).where(*_RIGHT, Invitation.blinded_digest == bindparam("spent_on"))


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

    def exchange(self, alliance: Connection, wave: Standing, request: Exchange) -> bytes:
        """
        The blind signature, 256 bytes; the same request gets the same answer.

        Args:
            alliance: In a transaction that holds the wave.
            wave: The wave.
            request: What the respondent asks.

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
        return self._spent(alliance, wave.wave, request, keys).sign_blinded(request.blinded)

    def _spent(
        self, alliance: Connection, wave: str, request: Exchange, keys: Sequence[IssuingKey]
    ) -> IssuingKey:
        """The key of the channel, the second of which is for paper; the code is spent on this message."""
        channels = (code_digest, paper_code_digest)
        of_channel = {
            digest(self.invitation_key, wave, request.code): key
            for digest, key in zip(channels, keys, strict=False)
            if key.takes(request.blinded)
        }
        given = {"wave": wave, "digests": list(of_channel), "spent_on": blinded_digest(request.blinded)}
        # Both channels at once, so that an unknown code takes no other time than a spent one. Who asks again
        # changes nothing: a row that was written anew would tell a thief of the files that they did.
        found = (
            alliance.scalars(_SPENDING, given).one_or_none() or alliance.scalars(_SPENT, given).one_or_none()
        )
        if found is None:
            raise CodeRefusedError
        return of_channel[found]

    def _keys(self, wave: Standing) -> tuple[IssuingKey, ...]:
        if wave.issuing_key is None:
            raise CodeRefusedError
        return _issuing_keys(self.at_rest, wave.issuing_key)


def _code_length(body: bytes) -> int:
    """How long the code in `body` is, by the length of the whole."""
    for length in (CODE_LENGTH, 0):
        if len(body) - length in (SIGNATURE_SIZE, SIGNATURE_SIZE + PROOF_SIZE):
            return length
    raise MalformedRequestError


def _open_key(wave: Standing, keys: Sequence[IssuingKey]) -> IssuingKey:
    """
    The key of an open wave, its first one.

    Nothing is remembered of who asked: one blinded message has one signature, which becomes one credential,
    however often it is asked for again.
    """
    if wave.manifest.mode is not WaveMode.OPEN:
        raise MalformedRequestError
    return keys[0]


@lru_cache(maxsize=64)
def _issuing_keys(at_rest: AtRest, encrypted: bytes) -> tuple[IssuingKey, ...]:
    return IssuingKey.several_from_bytes(at_rest.decrypt(encrypted))
