"""Releasing: opened responses become protected tables, signed and stored; protocol.md, "Opening"."""

from __future__ import annotations

from hashlib import sha256

from analysis.disclosure.policy import POLICY
from analysis.pipeline import make_release
from analysis.plan import PublicationPlan
from analysis.release import to_bytes
from survey.custody.opening import Opened
from survey.sealing.domains import Domain
from survey.sealing.identity import Identity
from survey.storage.models import ReleaseState, StoredRelease, Wave
from survey.waves.manifest import Manifest


def released(wave: Wave, manifest: Manifest, opened: Opened, identity: Identity) -> StoredRelease:
    """The release of `wave`: a function of its signed list alone."""
    release = make_release(
        opened.wave,
        PublicationPlan.from_value([table.model_dump(mode="json") for table in manifest.publication]),
        POLICY.raised(manifest.policy.raised),
        _provenance(wave, manifest, opened),
    )
    content = to_bytes(release)
    return StoredRelease(
        wave_id=wave.id,
        organisation_id=wave.organisation_id,
        state=ReleaseState.CURRENT,
        content=content,
        signature=identity.sign(Domain.RELEASE, sha256(content).digest()),
    )
