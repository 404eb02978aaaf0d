"""
Where a wave stands for whoever comes to its page or sends a response, in one short question.

What a manifest promises never changes, so it is fetched once for each digest and then remembered in the
process; what may change is asked anew each time: the state, and the last day as it was announced.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

from survey.sealing.rows import RowVerifier
from survey.storage.repositories import NotFoundError, manifest_bytes, standing
from survey.waves.checking import checked, manifest_of, no_later, on_day, verifier_of
from survey.waves.manifest import Manifest
from survey.waves.states import ANNOUNCED, WaveState

_MOST: Final = 256
# By its digest each manifest that was found to be what the digest says.
_promises: Final[dict[str, bytes]] = {}


@dataclass(frozen=True, slots=True)
class Standing:
    """A wave at this moment, with promises that are what its digest says."""

    state: WaveState
    """As it is for respondents today, whatever the worker has got round to."""
    last_day: date
    _data: bytes

    @property
    def manifest(self) -> Manifest:
        """What it promised."""
        return manifest_of(self._data)

    @property
    def verifier(self) -> RowVerifier:
        """Checks its rows."""
        return verifier_of(self._data)


def standing_of(connection: Connection, wave_id: str, today: date) -> Standing:
    """
    Where the wave with this id stands.

    Raises:
        NotFoundError: If there is none, or it has promised nothing yet.
        ManifestError: If its stored promises are not what its digest says.
    """
    word, announced, digest = standing(connection, wave_id)
    state = WaveState(word)
    if state not in ANNOUNCED:
        raise NotFoundError(f"wave {wave_id}: it is {word}; it promises something once it is ready")
    data = _promises.get(digest or "") or _fetched(connection, wave_id, digest)
    manifest = manifest_of(data)
    if state is WaveState.FIELDING:
        state = on_day(today, manifest, announced)
    return Standing(state, no_later(manifest, announced), data)


def _fetched(connection: Connection, wave_id: str, digest: str | None) -> bytes:
    data = checked(wave_id, manifest_bytes(connection, wave_id), digest)
    if len(_promises) >= _MOST:
        _promises.clear()
    _promises[digest or ""] = data
    return data
