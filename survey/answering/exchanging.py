"""
The exchange: an invitation code, or one for paper, becomes a blind signature, once.

One statement spends the code, and holds the wave for that long, so that none is spent after it is closed. It
cannot learn which credential it signed. In an open wave whoever worked for it gets one without a code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from sqlalchemy import Connection, bindparam, select, update

from survey.answering.working import PROOF_SIZE
from survey.sealing.at_rest import AtRest
from survey.sealing.base32 import CODE_LENGTH, Base32Error, normalised
from survey.sealing.credentials import SIGNATURE_SIZE, can_be_signed
from survey.sealing.issuing import IssuingKey
from survey.storage.models import Invitation, Wave
from survey.waves.invitations import blinded_digest, code_digest
from survey.waves.paper import paper_code_digest
from survey.waves.states import WaveState

_MOST = 64
# By channel: invitations, and codes for paper.
_DIGESTS = (code_digest, paper_code_digest)
_TAKES = (Wave.id == bindparam("wave"), Wave.state == WaveState.FIELDING.value)
_FIELDED, _KEYS = select(Wave.id).where(*_TAKES), select(Wave.issuing_key).where(*_TAKES)
_CODE = Invitation.code_digest.in_((bindparam("digest"), bindparam("paper_digest")))
_SPENDING = (
    update(Invitation)
    # A closing waits for whoever holds the wave, and whoever waits for a closing finds it closed.
    .where(Invitation.wave_id == _FIELDED.with_for_update(read=True).scalar_subquery(), _CODE)
    .where(Invitation.blinded_digest.is_(None))
    .values(blinded_digest=bindparam("spent_on"))
    .returning(Invitation.code_digest)
)
_SPENT = select(Invitation.code_digest).where(
    Invitation.wave_id == _FIELDED.scalar_subquery(),
    _CODE,
    Invitation.blinded_digest == bindparam("spent_on"),
)


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
    """Exchanges codes under the configuration's keys; one for a process, which opens a wave's keys once."""

    invitation_key: bytes = field(repr=False)
    at_rest: AtRest
    _opened: dict[str, tuple[bytes, tuple[IssuingKey, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def key_for(
        self, alliance: Connection, wave: str, public: Sequence[RSAPublicKey], request: Exchange
    ) -> IssuingKey:
        """
        Spend the code on the blinded message, and return the key that signs it; again for the same request.

        Args:
            alliance: For single statements that write.
            wave: The wave's id.
            public: Its issuing keys, as the manifest pins them; the second is for paper.
            request: What the respondent asks.

        Raises:
            CodeRefusedError: If the code is unknown, withdrawn, or was exchanged for another blinded message,
                or the wave is not fielded.
            MalformedRequestError: If the blinded message is not a number below the modulus.
            AtRestError: If this process cannot open the wave's keys; the code stays as it was.
        """
        # Before the code is looked at: what cannot be signed would tell an unspent code from a spent one.
        channels = _channels(public, request.blinded)
        digests = {_DIGESTS[at](self.invitation_key, wave, request.code): at for at in channels}
        # Opened before a code is spent, or a process with a wrong setting would burn what it cannot sign.
        _, keys = self._opened.get(wave) or self._keys(alliance, wave)
        spent = _spent(alliance, wave, list(digests), blinded_digest(request.blinded))
        if spent is None:
            raise CodeRefusedError
        return keys[digests[spent]]

    def open_key(
        self, alliance: Connection, wave: str, public: Sequence[RSAPublicKey], request: Exchange
    ) -> IssuingKey:
        """
        The key of an open wave, its first one.

        Nothing is remembered of who asked: one blinded message has one signature, which becomes one
        credential, however often it is asked for again.

        Raises:
            CodeRefusedError: If the wave is not fielded.
            MalformedRequestError: As `key_for`.
            AtRestError: As `key_for`.
        """
        _channels(public[:1], request.blinded)
        _, (first, *_) = self._keys(alliance, wave)
        return first

    def _keys(self, alliance: Connection, wave: str) -> tuple[bytes, tuple[IssuingKey, ...]]:
        """The wave's keys as they are stored, and opened: those of a wave that is fielded never change."""
        encrypted = alliance.scalars(_KEYS, {"wave": wave}).one_or_none()
        if encrypted is None:
            raise CodeRefusedError
        found = self._opened.get(wave)
        if found is None or found[0] != encrypted:
            found = encrypted, IssuingKey.several_from_bytes(self.at_rest.decrypt(encrypted))
            if len(self._opened) >= _MOST:
                self._opened.clear()
            self._opened[wave] = found
        return found


def _channels(public: Sequence[RSAPublicKey], blinded: bytes) -> list[int]:
    """The places of the keys that can sign `blinded`."""
    channels = [at for at, key in enumerate(public) if can_be_signed(key, blinded)]
    if not channels:
        raise MalformedRequestError
    return channels


def _spent(alliance: Connection, wave: str, digests: Sequence[bytes], message: bytes) -> bytes | None:
    """
    The digest of the code that is spent on this message; None if there is none.

    Both channels are asked at once, so that an unknown code takes no other time than a spent one. Who asks
    again changes nothing: a row that was written anew would tell a thief of the files that they did.
    """
    given = {"wave": wave, "digest": digests[0], "paper_digest": digests[-1], "spent_on": message}
    return alliance.scalars(_SPENDING, given).one_or_none() or alliance.scalars(_SPENT, given).one_or_none()


def _code_length(body: bytes) -> int:
    """How long the code in `body` is, by the length of the whole."""
    for length in (CODE_LENGTH, 0):
        if len(body) - length in (SIGNATURE_SIZE, SIGNATURE_SIZE + PROOF_SIZE):
            return length
    raise MalformedRequestError
