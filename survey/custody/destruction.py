"""Destruction: what could be opened is erased, and without the pad no backup opens either; protocol.md."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey.custody.directory import CustodyDirectory
from survey.storage.audit import Process
from survey.storage.models import Wave
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import SealedResponse
from survey.waves.lifecycle import advance
from survey.waves.states import WaveState


def destroy(alliance: Session, responses: Session, wave: Wave, directory: CustodyDirectory) -> None:
    """Erase pad and contribution, then envelopes and sealed shares of `wave`; release and list stay."""
    # The pad first: whatever a crash leaves behind cannot be opened any more.
    directory.erase_pad(wave.id)
    directory.erase_contribution(wave.id)
    responses.execute(delete(SealedResponse).where(SealedResponse.wave_id == wave.id))
    for place in WaveRegistry(alliance).shares(wave.id):
        place.paper_codes = None
        place.sealed_share = place.approval = place.confirmation_digest = place.confirmation = None
    wave.issuing_key = wave.one_time_key = wave.opening_signature = None
    advance(wave, WaveState.DESTROYED, actor=Process.CUSTODY)
