"""
Reminders to those who were invited by mail and have not used their invitation.

The worker alone looks which ones these are, in the transaction that writes to them; how many it wrote to is
told nobody, not even its log.
"""

from __future__ import annotations

import datetime

from sqlalchemy import Select, select

from survey.people.respondents import Writer, remind_due
from survey.storage.databases import Databases
from survey.storage.fielding import Fielding
from survey.storage.models import Wave
from survey.storage.repositories import WaveRegistry
from survey.waves.checking import standing
from survey.waves.states import WaveState


def remind_respondents(databases: Databases, writer: Writer, today: datetime.date) -> list[str]:
    """Write to those who have not used their invitation, where a steward asked for it; the waves' ids."""
    with databases.alliance_session(reading=True) as session:
        due = session.scalars(_respondents_due(today)).all()
    reminded = []
    for wave_id in due:
        with databases.alliance_session() as session:
            wave = WaveRegistry(session).wave(wave_id)
            if standing(wave, today) is WaveState.FIELDING and remind_due(session, wave, writer, today):
                reminded.append(wave_id)
    return reminded


def _respondents_due(today: datetime.date) -> Select[str]:
    return (
        select(Fielding.wave_id)
        .join(Wave, Wave.id == Fielding.wave_id)
        .where(Fielding.remind_on <= today, Wave.state == WaveState.FIELDING.value)
        .order_by(Fielding.wave_id)
    )
