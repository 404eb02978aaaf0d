"""Releasing: opened responses become protected tables, signed and stored; protocol.md, "Opening"."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from analysis.disclosure.policy import POLICY, Policy
from analysis.pipeline import make_release
from analysis.plan import PublicationPlan
from analysis.release import (
    ListFacts,
    Participation,
    Provenance,
    QuestionnaireFacts,
    WaveFacts,
    to_bytes,
)
from survey.custody.closing import statement_of
from survey.custody.opening import Opened
from survey.sealing.domains import Domain
from survey.sealing.identity import Identity
from survey.storage.models import ReleaseState, StoredRelease, Wave
from survey.waves.manifest import Manifest, to_b64


def policy_of(manifest: Manifest) -> Policy:
    """The disclosure policy with the thresholds that the wave raised."""
    return POLICY.raised(manifest.policy.raised)


def released(wave: Wave, manifest: Manifest, opened: Opened, identity: Identity) -> StoredRelease:
    """The release of `wave`: a function of its signed list alone."""
    plan = PublicationPlan.from_value([table.model_dump(mode="json") for table in manifest.publication])
    release = make_release(opened.wave, plan, policy_of(manifest), provenance(wave, manifest, opened))
    content = to_bytes(release)
    return StoredRelease(
        wave_id=wave.id,
        organisation_id=wave.organisation_id,
        state=ReleaseState.CURRENT,
        content=content,
        signature=identity.sign(Domain.RELEASE, sha256(content).digest()),
    )


def provenance(wave: Wave, manifest: Manifest, opened: Opened) -> Provenance:
    """What the release says beside its figures: promises, participation, and the list it was made from."""
    return Provenance(
        wave=_wave_facts(wave, manifest),
        questionnaire=QuestionnaireFacts.model_validate_json(manifest.questionnaire.model_dump_json()),
        participation=_participation(wave, manifest, opened),
        list=_list_facts(wave),
    )


def _wave_facts(wave: Wave, manifest: Manifest) -> WaveFacts:
    facts = manifest.model_dump(mode="json", include={"organisation", "mode", "field_period"})
    return WaveFacts.model_validate({**facts, "id": wave.id, "manifest": wave.manifest_digest})


def _participation(wave: Wave, manifest: Manifest, opened: Opened) -> Participation:
    statement = statement_of(wave)
    return Participation(
        invited=manifest.invited,
        received=statement.received,
        withdrawn=statement.withdrawn,
        rejected=dict(Counter(statement.rejected) + Counter(opened.rejected)),
        counted=opened.wave.responses,
    )


def _list_facts(wave: Wave) -> ListFacts:
    statement = statement_of(wave)
    signature = to_b64(wave.list_signature or b"")
    return ListFacts(count=statement.count, digest=statement.digest, signature=signature)
