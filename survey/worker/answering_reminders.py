"""
Reminders to those who were invited by mail and have not used their invitation; mails to mended addresses.

The worker alone looks whom to remind, in the transaction that writes to them; how many it wrote to is told
nobody, not even its log. It alone reads the code that a mended address is to get.
"""

from __future__ import annotations

import datetime
import logging

from sqlalchemy import Select, select

from survey.people.respondents import Writer, remind_due
from survey.sealing.at_rest import AtRestError
from survey.storage.databases import Databases
from survey.storage.fielding import Fielding, InvitedAddress
from survey.storage.models import Wave
from survey.storage.repositories import WaveRegistry
from survey.waves.checking import standing
from survey.waves.manifest import ManifestError
from survey.waves.states import WaveState

_log = logging.getLogger("tillid.worker")


def remind_respondents(databases: Databases, writer: Writer, today: datetime.date) -> list[str]:
    """Write to those who have not used their invitation, where a steward asked for it; the waves' ids."""
    with databases.alliance_session(reading=True) as session:
        due = session.scalars(_respondents_due(today)).all()
    return [wave_id for wave_id in due if _reminded(databases, writer, today, wave_id)]


def write_to_mended(databases: Databases, writer: Writer, today: datetime.date) -> list[str]:
    """Write to the addresses that stewards put in place of some that took no mail; the waves' ids."""
    with databases.alliance_session(reading=True) as session:
        found = session.scalars(_with_mended()).all()
    return [wave_id for wave_id in found if _written(databases, writer, today, wave_id)]


def _written(databases: Databases, writer: Writer, today: datetime.date, wave_id: str) -> bool:
    try:
        with databases.alliance_session() as session:
            wave = WaveRegistry(session).wave(wave_id)
            if standing(wave, today) is not WaveState.FIELDING:
                return False
            writer.write_to_mended(session, wave)
            return True
    except (ManifestError, AtRestError) as fault:
        _log.error("wave %s: no mail was written to mended addresses: %s", wave_id, fault)
        return False


def _reminded(databases: Databases, writer: Writer, today: datetime.date, wave_id: str) -> bool:
    """Remind those invited to one wave; a broken one keeps no other's waiting."""
    try:
        with databases.alliance_session() as session:
            wave = WaveRegistry(session).wave(wave_id)
            return standing(wave, today) is WaveState.FIELDING and remind_due(session, wave, writer, today)
    except (ManifestError, AtRestError) as fault:
        _log.error("wave %s: no reminder was written: %s", wave_id, fault)
        return False


def _with_mended() -> Select[str]:
    return (
        select(InvitedAddress.wave_id)
        .join(Wave, Wave.id == InvitedAddress.wave_id)
        .where(InvitedAddress.mended.is_not(None), Wave.state == WaveState.FIELDING.value)
        .distinct()
        .order_by(InvitedAddress.wave_id)
    )


def _respondents_due(today: datetime.date) -> Select[str]:
    return (
        select(Fielding.wave_id)
        .join(Wave, Wave.id == Fielding.wave_id)
        .where(Fielding.remind_on <= today, Wave.state == WaveState.FIELDING.value)
        .order_by(Fielding.wave_id)
    )
