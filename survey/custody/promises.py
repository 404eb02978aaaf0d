"""
What custody promised of a wave: databases are asked, and believed only where custody's own signature holds.

Whoever runs the web can write in the databases. Custody takes no manifest, definition or list from them that
it did not sign, or that what it signed does not pin.
"""

from __future__ import annotations

import datetime
from hashlib import sha256

from survey.custody.directory import CustodyDirectory, CustodyError, Kept
from survey.sealing.domains import Domain
from survey.sealing.identity import SignatureError, check_signed
from survey.storage.models import Wave
from survey.waves import manifest as manifests
from survey.waves.checking import promised
from survey.waves.manifest import Manifest


def own_promise(wave: Wave, identity_key: bytes) -> Manifest:
    """
    The manifest of `wave`, which custody signed.

    Raises:
        CustodyError: If custody did not sign it, or signed it for another wave.
        ManifestError: If there is none, or it is not what its digest says.
    """
    manifest = promised(wave)
    try:
        digest = bytes.fromhex(wave.manifest_digest or "")
        check_signed(identity_key, wave.manifest_signature or b"", Domain.MANIFEST, digest)
    except SignatureError as fault:
        raise CustodyError(
            f"wave {wave.id}: custody did not sign this manifest; restore the signed one"
        ) from fault
    if manifest.wave != wave.id:
        raise CustodyError(f"wave {wave.id}: this is another wave's manifest; restore its own")
    return manifest


def promised_definition(wave: Wave, manifest: Manifest) -> bytes:
    """
    The definition that respondents answered.

    Raises:
        CustodyError: If the stored definition is another one: it would give their answers other meanings.
    """
    if sha256(wave.definition).hexdigest() != manifest.questionnaire.digest:
        raise CustodyError(
            f"wave {wave.id}: the stored definition is not the one that was answered; restore it"
        )
    return wave.definition


def erase_overdue_pads(directory: CustodyDirectory, today: datetime.date) -> list[str]:
    """
    Erase the pads of waves that should be destroyed by now, whatever the databases say of them; their ids.

    A wave closes by itself the day after its last possible one; no release keeps it longer than from there.
    """
    overdue = []
    for wave in directory.waves_with_a_pad():
        data = directory.kept(Kept.MANIFEST, wave)
        if data is not None and today > _latest_day(manifests.from_bytes(data)):
            directory.erase_pad(wave)
            directory.erase_contribution(wave)
            overdue.append(wave)
    return overdue


def _latest_day(manifest: Manifest) -> datetime.date:
    closed = datetime.date.fromisoformat(manifest.field_period.last_possible_day) + datetime.timedelta(days=1)
    return closed + datetime.timedelta(days=manifest.retention.days_after_closing)
