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
    return manifest_of(data)


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
    return on_day(today, promised(wave), wave.announced_last_day)


def on_day(today: date, manifest: Manifest, announced: date | None) -> WaveState:
    """Where a wave that is fielded stands for its respondents on this day, by what was announced."""
    if today < date.fromisoformat(manifest.field_period.first_day):
        return WaveState.READY
    return WaveState.FIELDING if today <= no_later(manifest, announced) else WaveState.CLOSED


def last_day(wave: Wave) -> date:
    """
    The last day on which `wave` takes answers: as it was announced, never later than it promised.

    Raises:
        ManifestError: As `promised`.
    """
    return no_later(promised(wave), wave.announced_last_day)


def no_later(manifest: Manifest, announced: date | None) -> date:
    """The last day that was announced, or the last one that was promised if that is earlier."""
    latest = date.fromisoformat(manifest.field_period.last_possible_day)
    return min(announced or latest, latest)


def verifier(wave: Wave) -> RowVerifier:
    """
    Checks the rows of `wave`.

    Raises:
        ManifestError: As `promised`.
    """
    return verifier_of(_checked_bytes(wave))


def _checked_bytes(wave: Wave) -> bytes:
    return checked(wave.id, wave.manifest, wave.manifest_digest)


def checked(wave_id: str, manifest: bytes | None, digest: str | None) -> bytes:
    """
    The manifest's bytes as they are stored, if they are what the digest promises.

    Raises:
        ManifestError: As `promised`.
    """
    if manifest is None or digest is None:
        raise ManifestError(f"wave {wave_id}: it has no manifest yet; hold the ceremony first")
    if manifests.digest(manifest).hex() != digest:
        raise ManifestError(
            f"wave {wave_id}: the stored manifest is not the one that was promised; restore it from a backup"
        )
    return manifest


# Every submission asks, and the same bytes always say the same.
@lru_cache(maxsize=_REMEMBERED)
def manifest_of(data: bytes) -> Manifest:
    """The manifest in `data`, whose digest was checked."""
    return manifests.from_bytes(data)


@lru_cache(maxsize=_REMEMBERED)
def verifier_of(data: bytes) -> RowVerifier:
    """Checks rows against the manifest in `data`, whose digest was checked."""
    manifest = manifest_of(data)
    keys = tuple(issuing_public_key(from_b64(pin.key)) for pin in manifest.issuing_keys)
    return RowVerifier(manifest.wave, manifests.digest(data), keys, manifest.envelope_size)
