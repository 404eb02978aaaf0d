"""
The ceremony: a wave's key is made, split and forgotten, and the wave's promises are fixed.

protocol.md, "Ceremony"; formats in docs/reference/formats.md, "Manifest" and "Shares".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy.orm import Session

from analysis.plan import publication_plan
from policy import POLICY
from questionnaires.answers import longest_plaintext
from questionnaires.digest import load_definition
from questionnaires.model import Questionnaire
from survey.custody.directory import CustodyDirectory, CustodyError, Kept
from survey.custody.promises import own_promise
from survey.custody.releasing import check_far_enough, earlier_releases
from survey.sealing import shares, xwing
from survey.sealing.domains import Domain
from survey.sealing.envelope import envelope_size
from survey.sealing.identity import Identity, fingerprint
from survey.storage.audit import Process
from survey.storage.models import Trustee, Wave, WaveTrustee
from survey.storage.repositories import WaveRegistry
from survey.waves import manifest as manifests
from survey.waves.lifecycle import advance, check_joint
from survey.waves.manifest import Manifest, WaveMode, to_b64
from survey.waves.plan import PlanError, WavePlan
from survey.waves.states import WaveState
from survey.waves.waiting import Waits

# Of a plan's parts, those that a manifest says in other words or not at all.
_NOT_PROMISED = frozenset({"raised", "notice", "expected"})


@dataclass(frozen=True, slots=True)
class _Party:
    place: WaveTrustee
    trustee: Trustee
    key: bytes


def hold_ceremony(session: Session, wave: Wave, directory: CustodyDirectory) -> None:
    """
    Fix the manifest of `wave`, seal a share to each trustee, and forget the seed.

    Runs in one transaction with the pad written before it: a crash leaves a pad without a wave, never a wave
    whose shares nobody can use; the pad is replaced when the ceremony is held again.

    Raises:
        CustodyError: If the wave was ready once: without its pad no response since could be opened.
    """
    if directory.kept(Kept.MANIFEST, wave.id) is not None:
        raise CustodyError(f"wave {wave.id}: its promises are fixed; restore its manifest and its state")
    directory.erase_pad(wave.id)
    seed, identity = xwing.new_seed(), directory.identity()
    parties = _parties(session, wave)
    manifest = _manifest(session, wave, parties, seed=seed, identity=identity)
    stored = WaveRegistry(session).releases_beside(wave)
    remembered = directory.remembered_releases(wave.organisation_id)
    check_far_enough(manifest, earlier_releases(stored, identity.public_key, remembered))
    data = manifest.to_bytes()
    digest = manifests.digest(data)
    masked = shares.masked(seed, directory.new_pad(wave.id))
    split = shares.split(masked, manifest.quorum, len(parties))
    directory.expect_confirmations(wave.id, [_recognised_by(share, digest) for share in split])
    for party, share in zip(parties, split, strict=True):
        _hand_out(party, share, wave.id, digest)
    wave.manifest, wave.manifest_digest = data, digest.hex()
    wave.manifest_signature = identity.sign(Domain.MANIFEST, digest)


def finish_ceremony(session: Session, wave: Wave, directory: CustodyDirectory) -> bool:
    """
    Whether every trustee has shown that their share unwraps; then the wave is ready, and its promises fixed.

    Raises:
        CustodyError: If the stored manifest is not the one that custody signed, or nobody whom custody knows
            from outside the databases is among those who confirmed it.
    """
    if not _all_confirmed(WaveRegistry(session).shares(wave.id), directory.expected_confirmations(wave.id)):
        return False
    manifest = own_promise(wave, directory.identity().public_key)
    _check_vouched(manifest, directory)
    directory.keep(Kept.MANIFEST, wave.id, manifest.to_bytes())
    advance(wave, WaveState.READY, actor=Process.CUSTODY)
    return True


def _all_confirmed(places: Sequence[WaveTrustee], expected: Sequence[bytes]) -> bool:
    """Whether each place holds what only its trustee can show; that the web says so is not enough."""
    shown = [sha256(place.confirmation or b"").digest() for place in places]
    return len(shown) > 0 and shown == list(expected)


def _check_vouched(manifest: Manifest, directory: CustodyDirectory) -> None:
    # Whoever writes the database can enrol keys of their own for all trustees, and confirm with them. One of
    # them at least must be somebody whose fingerprint was told to custody itself; they saw the others'.
    heard = [shares.spoken(pin.fingerprint) for pin in manifest.trustees]
    if not any(map(directory.is_vouched, heard)):
        raise CustodyError(
            f"wave {manifest.wave}: custody knows none of its trustees but from the database. Hear the "
            "fingerprint of the secretariat's from whoever holds that key, and run `tillid custody vouch`",
            Waits.VOUCHING,
        )


def _parties(session: Session, wave: Wave) -> list[_Party]:
    places = WaveRegistry(session).shares(wave.id)
    trustees = [session.get_one(Trustee, place.trustee_id) for place in places]
    return [
        _Party(place, trustee, trustee.public_key or b"")
        for place, trustee in zip(places, trustees, strict=True)
    ]


def _hand_out(party: _Party, share: bytes, wave: str, manifest_digest: bytes) -> None:
    binding = shares.Binding(wave, manifest_digest, party.place.number, shares.trustee_fingerprint(party.key))
    party.place.sealed_share = shares.seal_share(share, party.key, binding)
    # The web turns away what is no proof by this; custody goes by what it keeps in its own directory.
    party.place.confirmation_digest = _recognised_by(share, manifest_digest)
    party.place.confirmed, party.place.confirmation = False, None


def _recognised_by(share: bytes, manifest_digest: bytes) -> bytes:
    """Only the digest of what the trustee will show: whoever reads it cannot show it."""
    return sha256(shares.confirmation(share, manifest_digest)).digest()


def _manifest(
    session: Session, wave: Wave, parties: list[_Party], *, seed: bytes, identity: Identity
) -> Manifest:
    plan = WavePlan.from_value(wave.plan)
    questionnaire = load_definition(wave.definition)
    organisation = WaveRegistry(session).organisation_of(wave)
    _check_joint(wave, plan, questionnaire)
    value = {
        **{name: choice for name, choice in plan.value().items() if name not in _NOT_PROMISED},
        "format": "tillid-manifest/1",
        "wave": wave.id,
        "organisation": {"id": organisation.id, "name": organisation.name},
        "questionnaire": _questionnaire_pin(questionnaire, wave.definition),
        "policy": {"version": POLICY.version, "raised": dict(POLICY.raised(plan.raised).raises)},
        "publication": _publication(questionnaire, plan),
        "trustees": [_trustee_pin(party) for party in parties],
        "custody": {"key": to_b64(identity.public_key), "fingerprint": fingerprint(identity.public_key)},
        "wave_key": to_b64(xwing.public_bytes(seed)),
        "envelope_size": envelope_size(longest_plaintext(questionnaire, len(plan.units))),
    }
    return manifests.from_value(value)


def _check_joint(wave: Wave, plan: WavePlan, questionnaire: Questionnaire) -> None:
    # The web's word is not taken: a plan that was changed in the database could show single organisations.
    try:
        check_joint(plan, questionnaire)
    except PlanError as fault:
        raise CustodyError(f"wave {wave.id}: {fault}") from fault


def _questionnaire_pin(questionnaire: Questionnaire, definition: bytes) -> dict[str, object]:
    return {
        "id": questionnaire.id,
        "version": questionnaire.version,
        "digest": sha256(definition).hexdigest(),
        "sections": [section.id for section in questionnaire.sections],
    }


def _publication(questionnaire: Questionnaire, plan: WavePlan) -> object:
    open_wave = plan.mode is WaveMode.OPEN
    return publication_plan(questionnaire, breakdowns=plan.breakdowns, open_wave=open_wave).value()


def _trustee_pin(party: _Party) -> dict[str, object]:
    return {
        "number": party.place.number,
        "role": party.trustee.role.value,
        "fingerprint": shares.trustee_fingerprint(party.key).hex(),
    }
