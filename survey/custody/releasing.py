"""Releasing: opened responses become protected tables, signed and stored; protocol.md, "Opening"."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from hashlib import sha256

from analysis.differencing import WithUnits, beside
from analysis.disclosure.waves import is_far_enough
from analysis.grouping import class_sizes
from analysis.pipeline import make_again, make_release
from analysis.plan import PublicationPlan
from analysis.release import (
    ListFacts,
    Participation,
    Provenance,
    QuestionnaireFacts,
    Release,
    WaveFacts,
    from_bytes,
    to_bytes,
)
from policy import POLICY, WAVES, Policy
from questionnaires.digest import canonical_bytes
from survey.custody.closing import statement_of
from survey.custody.directory import CustodyError
from survey.custody.opening import Opened
from survey.custody.progress import Said
from survey.sealing.domains import Domain
from survey.sealing.identity import Identity, SignatureError, check_signed
from survey.storage.models import ReleaseState, StoredRelease, Wave
from survey.waves import manifest as manifests
from survey.waves.manifest import Manifest, to_b64
from survey.waves.waiting import Waits


def policy_of(manifest: Manifest) -> Policy:
    """The disclosure policy with the thresholds that the wave raised."""
    return POLICY.raised(manifest.policy.raised)


def earlier_releases(
    stored: Sequence[StoredRelease], identity_key: bytes, remembered: Mapping[str, bytes]
) -> list[Release]:
    """
    What the organisation published before.

    Args:
        stored: The releases of its other waves, as the database has them.
        identity_key: Custody's public key.
        remembered: Wave → digest of its release, by custody's own memory; the wave itself may be among them.

    Raises:
        CustodyError: If one of them is missing or was exchanged: then it is not known what was published.
    """
    found = {release.wave_id: sha256(release.content).digest() for release in stored}
    for wave, digest in remembered.items():
        if found.get(wave) != digest:
            raise CustodyError(
                f"wave {wave}: custody released it, and its release is not stored as it was; restore it"
            )
    return [_own(release, identity_key) for release in stored]


def signed_releases(stored: Iterable[StoredRelease], identity_key: bytes) -> Iterator[StoredRelease]:
    """Those of the releases that custody signed; of any other it knows nothing."""
    for release in stored:
        with suppress(CustodyError):
            _own(release, identity_key)
            yield release


def _own(stored: StoredRelease, identity_key: bytes) -> Release:
    try:
        digest = sha256(stored.content).digest()
        check_signed(identity_key, stored.signature, Domain.RELEASE, digest)
    except SignatureError as fault:
        raise CustodyError(
            f"wave {stored.wave_id}: custody did not sign its release as it is stored; restore the signed one"
        ) from fault
    return from_bytes(stored.content)


def with_units(release: Release, wave: Wave) -> WithUnits:
    """
    What custody released of `wave`, and what its units were called.

    Raises:
        CustodyError: If the stored manifest is not the one that the release is of: then nobody knows which
            unit is which.
    """
    data = wave.manifest or b""
    if sha256(data).hexdigest() != release.wave.manifest:
        raise CustodyError(
            f"wave {wave.id}: the stored manifest is not its release's; restore the one that custody signed"
        )
    return WithUnits(release, manifests.from_bytes(data).units)


def check_far_enough(manifest: Manifest, earlier: Iterable[Release]) -> None:
    """
    Check that a wave does not follow too soon upon another that was released.

    Raises:
        CustodyError: If it does.
    """
    first = date.fromisoformat(manifest.field_period.first_day)
    for release in earlier:
        last = date.fromisoformat(release.wave.field_period.last_possible_day)
        if not is_far_enough(last, first, WAVES):
            raise CustodyError(
                f"wave {manifest.wave}: it begins less than {WAVES.months_apart} months after another of the"
                f" organisation's, which ended on {last.isoformat()}; cancel it and plan a later one",
                Waits.LATER_DAYS,
            )


def released(
    wave: Wave,
    manifest: Manifest,
    opened: Opened,
    seed: bytes,
    identity: Identity,
    earlier: Sequence[WithUnits],
) -> StoredRelease:
    """The release of `wave`: a function of its signed list and seed, and of what was published before."""
    plan = PublicationPlan.from_value([table.model_dump(mode="json") for table in manifest.publication])
    policy = policy_of(manifest)
    # A response names a unit by its place in the manifest, which alone says what lies in what.
    answers = replace(opened.wave, parents=tuple(unit.parent for unit in manifest.units))
    breakdowns = list(dict.fromkeys(table.by for table in plan.tables if table.by))
    origin = provenance(wave, manifest, opened, committed(opened, breakdowns, manifest, seed))
    progress = Said(wave.id, "protecting", "groups of tables")
    release = make_release(answers, plan, policy, origin, progress)
    lasting = [item.id for item in answers.questionnaire.items if item.breakdown]
    again = partial(make_again, answers, plan, policy, origin)
    own = WithUnits(release, manifest.units)
    content = to_bytes(beside(own, earlier, plan, policy, again, lasting))
    return StoredRelease(
        wave_id=wave.id,
        organisation_id=wave.organisation_id,
        state=ReleaseState.CURRENT,
        content=content,
        signature=identity.sign(Domain.RELEASE, sha256(content).digest()),
    )


def committed(opened: Opened, breakdowns: Sequence[str], manifest: Manifest, seed: bytes) -> str:
    """
    The ledger's `classes`: with the wave's seed it shows with which class sizes the audit was made.

    Nobody without the seed can try sizes against it, and the seed is destroyed with the wave.
    """
    sizes = canonical_bytes(class_sizes(opened.wave, breakdowns))
    digest = sha256(manifest.to_bytes()).digest()
    return hmac.digest(seed, Domain.CLASSES.message(digest, sizes), sha256).hex()


def provenance(wave: Wave, manifest: Manifest, opened: Opened, classes: str) -> Provenance:
    """What the release says beside its figures: promises, participation, and the list it was made from."""
    return Provenance(
        wave=_wave_facts(wave, manifest),
        questionnaire=QuestionnaireFacts.model_validate_json(manifest.questionnaire.model_dump_json()),
        participation=_participation(wave, manifest, opened),
        list=_list_facts(wave),
        classes=classes,
    )


def _wave_facts(wave: Wave, manifest: Manifest) -> WaveFacts:
    facts = manifest.model_dump(mode="json", include={"organisation", "mode", "field_period", "joint"})
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
