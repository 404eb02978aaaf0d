"""Destruction: what could be opened is erased, and without the pad no backup opens either; protocol.md."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey.custody.directory import CustodyDirectory
from survey.storage.audit import Process
from survey.storage.models import ReleaseState, StoredRelease, Wave
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import SealedResponse
from survey.waves.lifecycle import advance
from survey.waves.states import WaveState


def destroy(alliance: Session, responses: Session, wave: Wave, directory: CustodyDirectory) -> None:
    """Erase pad, contribution unless it was shared, envelopes and sealed shares; release and list stay."""
    # The pad first: whatever a crash leaves behind cannot be opened any more.
    directory.erase_pad(wave.id)
    if not is_shared(alliance, wave.id):
        directory.erase_contribution(wave.id)
    responses.execute(delete(SealedResponse).where(SealedResponse.wave_id == wave.id))
    for place in WaveRegistry(alliance).shares(wave.id):
        place.paper_codes = None
        place.sealed_share = place.approval = place.confirmation_digest = place.confirmation = None
    wave.issuing_key = wave.one_time_key = wave.opening_signature = None
    advance(wave, WaveState.DESTROYED, actor=Process.CUSTODY)


def erase_taken_back(alliance: Session, directory: CustodyDirectory) -> None:
    """Erase what destroyed waves gave and their organisations have taken back since."""
    for wave_id in directory.contributed():
        wave = alliance.get(Wave, wave_id)
        if wave is not None and wave.state == WaveState.DESTROYED.value and not is_shared(alliance, wave_id):
            directory.erase_contribution(wave_id)


def is_shared(alliance: Session, wave_id: str) -> bool:
    """Whether a wave's organisation gives to the alliance's figures what it may give."""
    release = alliance.get(StoredRelease, wave_id)
    return release is not None and release.shared_on is not None and release.state is ReleaseState.CURRENT
