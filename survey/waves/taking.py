"""
Where a wave stands for whoever comes to its page or sends something.

What a manifest promises never changes, nor what is asked, so both are fetched once for each digest and then
remembered in the process. Whether a wave takes responses is asked anew, or, where very many people are asked,
remembered for a quarter of a second. Whoever sends while such a wave is being closed is counted if they are
there before custody lists, and told that it is closed if they are not (docs/decisions/0164).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Final, NamedTuple, TypeVar

from sqlalchemy import Connection

from survey.sealing.rows import RowVerifier
from survey.storage.databases import Databases
from survey.storage.repositories import NotFoundError, changing, stored_definition, stored_manifest
from survey.waves.checking import checked, manifest_of, no_later, on_day, verifier_of
from survey.waves.clock import Clock
from survey.waves.manifest import Manifest
from survey.waves.states import ANNOUNCED, WaveState

Kept = TypeVar("Kept")
FRESH_SECONDS: Final = 0.25
MANY: Final = 500
"""People that a wave must be over for that: an answer that comes a little faster tells that somebody was just
there, and in a team of six that names them."""
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """A wave at this moment, with promises that are what its digest says."""

    wave: str
    state: WaveState
    """As it is for respondents today, whatever the worker has got round to."""
    last_day: date
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


class _Found(NamedTuple):
    """What was found about a wave."""

    state: WaveState
    announced_last_day: date | None
    data: bytes

    @property
    def may_be_remembered(self) -> bool:
        """Whether it takes responses, from so many that who else was just there names nobody."""
        manifest = manifest_of(self.data)
        many = manifest.invited + manifest.paper_credentials >= MANY
        # What is to begin begins at once.
        return many and self.state is WaveState.FIELDING


class Standings:
    """Where waves stand, for all that is asked of one process."""

    def __init__(self, databases: Databases, today: Clock) -> None:
        self._databases, self._today = databases, today
        # What was found, and until when that is taken for true.
        self._remembered: dict[str, tuple[float, _Found]] = {}
        # Manifests and definitions by their digests, each found to be what its digest says.
        self._promises: dict[str, bytes] = {}
        self._definitions: dict[str, bytes] = {}

    def of(self, wave_id: str) -> Standing:
        """
        Where a wave stands; one of many people that took responses a quarter of a second ago still does.

        Raises:
            NotFoundError: If there is none, or it has promised nothing yet.
            ManifestError: If its stored promises are not what its digest says.
        """
        now = time.monotonic()
        until, found = self._remembered.get(wave_id, (now, None))
        if found is None or now > until:
            found = self._asked(wave_id)
            if found.may_be_remembered:
                _kept(self._remembered, wave_id, (now + FRESH_SECONDS, found))
        return self._on_this_day(wave_id, found)

    def now(self, wave_id: str) -> Standing:
        """
        Where a wave stands, asked anew.

        Raises:
            NotFoundError: As `of`.
            ManifestError: As `of`.
        """
        return self._on_this_day(wave_id, self._asked(wave_id))

    def definition(self, wave: Standing) -> bytes:
        """What a wave asks: as it is stored, or remembered if that is what the manifest's digest says."""
        digest = wave.manifest.questionnaire.digest
        if digest in self._definitions:
            return self._definitions[digest]
        with self._databases.asking() as alliance:
            stored = stored_definition(alliance, wave.wave)
        return _kept(self._definitions, digest, stored) if sha256(stored).hexdigest() == digest else stored

    def _promised(self, alliance: Connection, wave_id: str, digest: str) -> bytes:
        if digest in self._promises:
            return self._promises[digest]
        return _kept(self._promises, digest, checked(wave_id, *stored_manifest(alliance, wave_id)))

    def _asked(self, wave_id: str) -> _Found:
        with self._databases.asking() as alliance:
            found = changing(alliance, wave_id)
            state = _announced(wave_id, found.state)
            data = self._promised(alliance, wave_id, found.manifest_digest or "")
        return _Found(state, found.announced_last_day, data)

    def _on_this_day(self, wave_id: str, found: _Found) -> Standing:
        manifest, state = manifest_of(found.data), found.state
        if state is WaveState.FIELDING:
            state = on_day(self._today(), manifest, found.announced_last_day)
        return Standing(wave_id, state, no_later(manifest, found.announced_last_day), found.data)


def _announced(wave_id: str, word: str) -> WaveState:
    state = WaveState(word)
    if state not in ANNOUNCED:
        raise NotFoundError(f"wave {wave_id}: it is {state.value}; it promises something once it is ready")
    return state


def _kept(remembered: dict[str, Kept], name: str, value: Kept) -> Kept:
    if len(remembered) >= _MOST and name not in remembered:
        remembered.clear()
    remembered[name] = value
    return value
