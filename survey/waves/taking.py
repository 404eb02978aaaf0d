"""
Where a wave stands for whoever comes to its page or sends something, in one short question.

What a manifest promises never changes, nor what is asked, so both are fetched once for each digest and then
remembered in the process; what may change is asked anew each time: the state, and the last day as it was
announced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection

from survey.sealing.rows import RowVerifier
from survey.storage.repositories import NotFoundError, changing, stored_definition, stored_manifest
from survey.waves.checking import checked, manifest_of, no_later, on_day, verifier_of
from survey.waves.manifest import Manifest
from survey.waves.states import ANNOUNCED, WaveState

_MOST: Final = 100
# Manifests and definitions by their digests, each found to be what its digest says.
_promises: Final[dict[str, bytes]] = {}
_definitions: Final[dict[str, bytes]] = {}


@dataclass(frozen=True, slots=True)
class Standing:
    """A wave at this moment, with promises that are what its digest says."""

    wave: str
    state: WaveState
    """As it is for respondents today, whatever the worker has got round to."""
    last_day: date
    issuing_key: bytes | None = field(repr=False)
    """Its issuing keys, encrypted, if it is held and has any still."""
    data: bytes = field(repr=False)
    """The manifest's bytes."""

    @property
    def manifest(self) -> Manifest:
        """What it promised."""
        return manifest_of(self.data)

    @property
    def verifier(self) -> RowVerifier:
        """Checks its rows."""
        return verifier_of(self.data)


def standing_of(connection: Connection, wave_id: str, today: date, *, held: bool = False) -> Standing:
    """
    Where the wave with this id stands; held, it cannot be closed until the transaction ends.

    Raises:
        NotFoundError: If there is none, or it has promised nothing yet.
        ManifestError: If its stored promises are not what its digest says.
    """
    found = changing(connection, wave_id, held=held)
    state = _announced(wave_id, found.state)
    digest = found.manifest_digest or ""
    data = _promises.get(digest) or _kept(_promises, digest, stored_promises(connection, wave_id))
    manifest = manifest_of(data)
    if state is WaveState.FIELDING:
        state = on_day(today, manifest, found.announced_last_day)
    return Standing(wave_id, state, no_later(manifest, found.announced_last_day), found.issuing_key, data)


def stored_promises(connection: Connection, wave_id: str) -> bytes:
    """
    The manifest's bytes as they are stored, not as they are remembered.

    Raises:
        NotFoundError: As `standing_of`.
        ManifestError: As `standing_of`.
    """
    state, manifest, digest = stored_manifest(connection, wave_id)
    _announced(wave_id, state)
    return checked(wave_id, manifest, digest)


def definition_of(connection: Connection, wave: Standing) -> bytes:
    """What a wave asks: as it is stored, or remembered if that is what the manifest's digest says."""
    digest = wave.manifest.questionnaire.digest
    if digest in _definitions:
        return _definitions[digest]
    stored = stored_definition(connection, wave.wave)
    return _kept(_definitions, digest, stored) if sha256(stored).hexdigest() == digest else stored


def _announced(wave_id: str, word: str) -> WaveState:
    state = WaveState(word)
    if state not in ANNOUNCED:
        raise NotFoundError(f"wave {wave_id}: it is {state.value}; it promises something once it is ready")
    return state


def _kept(by_digest: dict[str, bytes], digest: str, data: bytes) -> bytes:
    if len(by_digest) >= _MOST:
        by_digest.clear()
    by_digest[digest] = data
    return data
