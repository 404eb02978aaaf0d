"""
A release as it may be shown: signed by the custody that the wave's manifest names, and of that wave.

Whoever can write in the database could put other figures there; this is where they are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Final, cast

from analysis.release import Release, ReleaseError, from_bytes
from questionnaires.digest import JsonValue, canonical_bytes, load_definition
from questionnaires.errors import QuestionnaireError
from questionnaires.model import Questionnaire
from survey.sealing.domains import Domain
from survey.sealing.identity import SignatureError, check_signed
from survey.storage.models import StoredRelease, Wave
from survey.waves import manifest as manifests
from survey.waves.checking import promised
from survey.waves.manifest import Manifest, ManifestError, from_b64

_REMEMBERED: Final = 16


class UntrustedReleaseError(Exception):
    """
    A stored release that nobody is shown; the message says why, and holds no figure.

    Attributes:
        is_signed: Whether custody signed it, so that it is its content that cannot be what was promised.
    """

    def __init__(self, message: str, *, is_signed: bool) -> None:
        super().__init__(message)
        self.is_signed = is_signed


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A checked release with what it takes to read it: the questionnaire as served, and what was promised."""

    release: Release
    questionnaire: Questionnaire
    manifest: Manifest


def units_of(reading: Reading) -> dict[str, str]:
    """Unit id → name, as the manifest has them."""
    return {unit.id: unit.name for unit in reading.manifest.units}


def trusted(wave: Wave, stored: StoredRelease) -> Reading:
    """
    The release of `wave`, checked.

    Raises:
        UntrustedReleaseError: If custody did not sign it, or it is not of this wave and its questionnaire.
    """
    is_signed = False
    try:
        manifest = promised(wave)
        key = from_b64(manifest.custody.key)
        check_signed(key, stored.signature, Domain.RELEASE, sha256(stored.content).digest())
        is_signed = True
        return _read(wave.id, wave.manifest or b"", wave.definition, stored.content)
    except (ManifestError, SignatureError, ReleaseError, QuestionnaireError) as fault:
        message = f"wave {wave.id}: its release is not shown: {fault}"
        raise UntrustedReleaseError(message, is_signed=is_signed) from fault


# The same bytes always read the same, and drawing them takes longer than reading them (`parts.py:filled`).
@lru_cache(maxsize=_REMEMBERED)
def _read(wave_id: str, promised_bytes: bytes, definition: bytes, content: bytes) -> Reading:
    manifest, release = manifests.from_bytes(promised_bytes), from_bytes(content)
    # Custody signs many releases and manifests: those of another wave are signed as well.
    mine = wave_id == manifest.wave == release.wave.id
    if not mine or release.wave.manifest != sha256(promised_bytes).hexdigest():
        raise ReleaseError("release: it is of another wave, or under another manifest")
    if release.questionnaire.digest != sha256(definition).hexdigest():
        raise ReleaseError("release: it is of another questionnaire")
    _check_promises(release, manifest)
    return Reading(release, load_definition(definition), manifest)


def _check_promises(release: Release, manifest: Manifest) -> None:
    """See that the ledger is of what was promised: whoever signed it may have erred."""
    planned = [table.model_dump(mode="json") for table in manifest.publication]
    if release.ledger.plan != sha256(canonical_bytes(cast("JsonValue", planned))).hexdigest():
        raise ReleaseError("release: its ledger is of another plan than the manifest's")
    told = {table.id for table in release.tables} | {fact.table for fact in release.ledger.left_out}
    if told != {table.table for table in manifest.publication}:
        raise ReleaseError("release: its ledger does not tell of each planned table, or of others")
    promised = (manifest.policy.version, manifest.policy.raised)
    if (release.policy.version, dict(release.policy.raised)) != promised:
        raise ReleaseError("release: it follows another policy than was promised")
