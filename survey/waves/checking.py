"""What a stored wave promises, checked against its digest, and ready to verify rows with."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from survey.sealing.credentials import issuing_public_key
from survey.sealing.rows import RowVerifier
from survey.storage.models import Wave
from survey.waves import manifest as manifests
from survey.waves.manifest import Manifest, ManifestError, from_b64
from survey.waves.states import WaveState

_REMEMBERED = 64


def promised(wave: Wave) -> Manifest:
    """
    The manifest of `wave`.

    Raises:
        ManifestError: If there is none yet, or what is stored is not what the digest promises: such a wave
            serves nobody, does not open and is not released.
    """
    data = _checked_bytes(wave)
    return _read(data)


def standing(wave: Wave, today: date) -> WaveState:
    """
    The state in which `wave` is for its respondents on this day.

    The manifest promises a first and a last day. Whoever opens a wave early, or leaves it open after its
    end, must not be able to collect answers outside them.

    Raises:
        ManifestError: As `promised`, of a wave that is fielded.
    """
    state = WaveState(wave.state)
    if state is not WaveState.FIELDING:
        return state
    if today < date.fromisoformat(promised(wave).field_period.first_day):
        return WaveState.READY
    return state if today <= last_day(wave) else WaveState.CLOSED


def last_day(wave: Wave) -> date:
    """
    The last day on which `wave` takes answers: as it was announced, never later than it promised.

    Raises:
        ManifestError: As `promised`.
    """
    latest = date.fromisoformat(promised(wave).field_period.last_possible_day)
    return min(wave.announced_last_day or latest, latest)


def verifier(wave: Wave) -> RowVerifier:
    """
    Checks the rows of `wave`.

    Raises:
        ManifestError: As `promised`.
    """
    return verifier_of(_checked_bytes(wave))


def _checked_bytes(wave: Wave) -> bytes:
    if wave.manifest is None or wave.manifest_digest is None:
        raise ManifestError(f"wave {wave.id}: it has no manifest yet; hold the ceremony first")
    if manifests.digest(wave.manifest).hex() != wave.manifest_digest:
        raise ManifestError(
            f"wave {wave.id}: the stored manifest is not the one that was promised; restore it from a backup"
        )
    return wave.manifest


# Every submission asks, and the same bytes always say the same.
@lru_cache(maxsize=_REMEMBERED)
def _read(data: bytes) -> Manifest:
    return manifests.from_bytes(data)


@lru_cache(maxsize=_REMEMBERED)
def verifier_of(data: bytes) -> RowVerifier:
    """Checks rows against the manifest in `data`, whose digest was checked."""
    manifest = _read(data)
    keys = tuple(issuing_public_key(from_b64(pin.key)) for pin in manifest.issuing_keys)
    return RowVerifier(manifest.wave, manifests.digest(data), keys, manifest.envelope_size)
