"""
Opening: with a quorum's shares and custody's pad a wave's key exists while one release is made.

protocol.md, "Opening". Opened responses live in memory only; what leaves this module is a `Release`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256

from analysis.tables import OpenedWave, Positions
from questionnaires.digest import load_definition
from survey.custody.directory import CustodyError
from survey.custody.ranges import StoredRow
from survey.custody.reading import ResponseReader
from survey.sealing import shares, xwing
from survey.sealing.domains import Domain
from survey.sealing.identity import Identity
from survey.sealing.open import DoesNotOpenError, WaveOpener
from survey.sealing.rows import DIGEST_SIZE, row_digests
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


@dataclass(frozen=True, slots=True)
class OpenedRange:
    """What was opened of one range of a wave's rows."""

    listed: int
    """How many of them stand in the list."""
    answers: Positions = field(repr=False)
    rejected: Counter[str]


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens the listed rows of a wave, in any process: `survey.custody.ranges.Work`."""

    seed: bytes = field(repr=False)
    manifest_digest: bytes
    definition: bytes = field(repr=False)
    units: Sequence[str]
    listed: bytes = field(repr=False)

    def begin(self) -> Callable[[Iterable[StoredRow]], OpenedRange]:
        """Make key and questionnaire ready."""
        listed = frozenset(row_digests(self.listed))
        opener = WaveOpener(self.seed, self.manifest_digest)
        return partial(opened_rows, listed=listed, opener=opener, reader=self.reader())

    def reader(self) -> ResponseReader:
        """Reads what was opened."""
        return ResponseReader(load_definition(self.definition), self.units)


def opened_rows(
    stored: Iterable[StoredRow], listed: AbstractSet[bytes], opener: WaveOpener, reader: ResponseReader
) -> OpenedRange:
    """Open those of a range's rows that stand in the list that the trustees approved, and no other."""
    plaintexts: list[bytes] = []
    rejected: Counter[str] = Counter()
    wanted = 0
    for row, is_in_place in stored:
        # A sequence that four bytes do not hold was rejected at closing, and has no digest.
        if not is_in_place or not row.is_listable or row.digest() not in listed:
            continue
        wanted += 1
        try:
            plaintexts.append(opener.open(row.envelope, row.credential_key))
        except DoesNotOpenError:
            rejected["does_not_open"] += 1
    answers, not_read = reader.read(plaintexts)
    return OpenedRange(wanted, answers, rejected + not_read)


def opened_wave(parts: Iterable[OpenedRange], listed: bytes, reader: ResponseReader) -> Opened:
    """
    The wave that was opened, from all its ranges.

    Raises:
        CustodyError: If the rows are not exactly those of the list that the trustees approved.
    """
    answers: list[Positions] = []
    rejected: Counter[str] = Counter()
    found = 0
    for part in parts:
        found += part.listed
        answers.append(part.answers)
        rejected += part.rejected
    missing = len(listed) // DIGEST_SIZE - found
    if missing:
        raise CustodyError(
            f"{missing} responses of the signed list are not in the database; restore them first"
        )
    return Opened(reader.opened(answers), dict(rejected))
