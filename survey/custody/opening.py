"""
Opening: with a quorum's shares and custody's pad a wave's key exists while one release is made.

protocol.md, "Opening". Opened responses live in memory only; what leaves this module is a `Release`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from analysis.tables import LEFT_BLANK, NOT_ASKED, OpenedWave
from questionnaires.answers import Answer, decode, unpadded
from questionnaires.errors import AnswerError
from questionnaires.model import Questionnaire
from questionnaires.routing import Router
from survey.custody.directory import CustodyError
from survey.sealing import shares, xwing
from survey.sealing.domains import Domain
from survey.sealing.identity import Identity
from survey.sealing.open import DoesNotOpenError, WaveOpener
from survey.sealing.rows import Row
from survey.storage.models import Wave, WaveTrustee
from survey.waves.manifest import Manifest, from_b64


@dataclass(frozen=True, slots=True)
class OneTimeKey:
    """The key that trustees seal their shares to, for one opening of one list; its seed is in memory only."""

    seed: bytes = field(repr=False)
    opening: shares.Opening


def request_opening(wave: Wave, list_digest: bytes, identity: Identity) -> OneTimeKey:
    """Ask the trustees of `wave` for their shares, with a fresh one-time key under custody's signature."""
    seed = xwing.new_seed()
    key = xwing.public_bytes(seed)
    opening = shares.Opening(wave.id, bytes.fromhex(wave.manifest_digest or ""), list_digest, key)
    wave.one_time_key = key
    wave.opening_signature = identity.sign(Domain.OPENING, *opening.signed_parts())
    return OneTimeKey(seed, opening)


def forget_opening(wave: Wave, places: Sequence[WaveTrustee]) -> None:
    """Take an opening request back: its one-time key is gone, so approvals sealed to it are worth nothing."""
    wave.one_time_key = wave.opening_signature = None
    for place in places:
        place.approval = place.approved_list = None


@dataclass(frozen=True, slots=True)
class KeptOfWave:
    """What custody's directory holds of a wave, and no database does."""

    pad: bytes = field(repr=False)
    confirmations: Sequence[bytes]
    """By which digest each trustee's share is recognised, in the order of their numbers."""


def rebuilt_seed(
    places: Sequence[WaveTrustee], key: OneTimeKey, manifest: Manifest, kept: KeptOfWave
) -> bytes | None:
    """
    The wave's private key, or None while the approvals that hold are fewer than the quorum.

    Raises:
        CustodyError: If a quorum's shares do not make the key that the manifest names.
    """
    # One place for each trustee of the manifest, by number: a database may hold more, or one of them twice.
    by_number = {place.number: place for place in places}
    approved = [
        share
        for number, digest in enumerate(kept.confirmations, 1)
        if number in by_number and (share := _approved(by_number[number], key, digest)) is not None
    ]
    if len(approved) < manifest.quorum:
        return None
    seed = shares.masked(shares.combine(approved[: manifest.quorum]), kept.pad)
    if xwing.public_bytes(seed) != from_b64(manifest.wave_key):
        raise CustodyError(
            f"wave {manifest.wave}: these shares and this pad do not make its key; ask for them again"
        )
    return seed


def _approved(place: WaveTrustee, key: OneTimeKey, recognised_by: bytes) -> bytes | None:
    if place.approval is None or place.approved_list != key.opening.list_digest.hex():
        return None
    try:
        share = shares.approved_share(place.approval, key.seed, key.opening)
    except shares.ShareError:
        return None
    # A trustee may give only the share that was sealed to them: a wrong one would spoil every quorum with it.
    shown = shares.confirmation(share, key.opening.manifest_digest)
    is_theirs = len(share) == shares.SHARE_SIZE and share[0] == place.number
    return share if is_theirs and sha256(shown).digest() == recognised_by else None


@dataclass(frozen=True, slots=True)
class Opened:
    """The responses of a wave, and how many did not open or were not of its questionnaire, by kind."""

    wave: OpenedWave
    rejected: dict[str, int]


def open_rows(rows: Iterator[Row], listed: bytes, opener: WaveOpener, reader: ResponseReader) -> Opened:
    """
    Open the rows of a closed wave in the order of its list.

    Raises:
        CustodyError: If the rows are not exactly those of the list that the trustees approved.
    """
    # A sequence that four bytes do not hold was rejected at closing, and has no digest.
    found = {row.digest(): row for row in rows if row.is_listable}
    wanted = [listed[at : at + 32] for at in range(0, len(listed), 32)]
    missing = sum(digest not in found for digest in wanted)
    if missing:
        raise CustodyError(
            f"{missing} responses of the signed list are not in the database; restore them first"
        )
    rejected: Counter[str] = Counter()
    vectors: list[npt.NDArray[np.int32]] = []
    for digest in wanted:
        row = found[digest]
        try:
            vectors.append(reader.read(opener.open(row.envelope, row.credential_key)))
        except DoesNotOpenError:
            rejected["does_not_open"] += 1
        except AnswerError as fault:
            rejected[fault.kind.value] += 1
    return Opened(reader.opened(vectors), dict(rejected))


class ResponseReader:
    """Turns padded plaintexts of one questionnaire into vectors of positions, off-path answers dropped."""

    def __init__(self, questionnaire: Questionnaire, units: Sequence[str]) -> None:
        self._questionnaire = questionnaire
        self._units = tuple(units)
        self._router = Router(questionnaire)

    def read(self, padded: bytes) -> npt.NDArray[np.int32]:
        """
        The unit's position, then one number per item; see `analysis.tables.OpenedWave`.

        Raises:
            AnswerError: If the bytes are not a response to this questionnaire.
        """
        decoded = decode(self._questionnaire, unpadded(padded), units=len(self._units))
        routed = self._router.route(decoded.answers)
        vector = [LEFT_BLANK if decoded.unit is None else decoded.unit]
        for answer, asked in zip(routed.answers.chosen, routed.asked, strict=True):
            vector.append(_number(answer) if asked else NOT_ASKED)
        return np.array(vector, np.int32)

    def opened(self, vectors: Sequence[npt.NDArray[np.int32]]) -> OpenedWave:
        """All vectors as one wave."""
        width = 1 + len(self._questionnaire.items)
        answers = np.vstack(vectors) if vectors else np.empty((0, width), np.int32)
        return OpenedWave(self._questionnaire, self._units, answers)


def _number(answer: Answer) -> int:
    """A position, or the bit mask of several positions."""
    if answer is None:
        return LEFT_BLANK
    return answer if isinstance(answer, int) else sum(1 << position for position in answer)
