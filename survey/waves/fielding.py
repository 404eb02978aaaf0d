"""A wave while it is fielded: opened for answers, its last day moved, what its steward arranged."""

from __future__ import annotations

import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.storage.audit import Action, record
from survey.storage.fielding import Fielding
from survey.storage.models import Invitation, Wave
from survey.storage.repositories import WaveRegistry
from survey.waves.checking import last_day, promised
from survey.waves.lifecycle import advance
from survey.waves.paper import give_out
from survey.waves.states import WaveState


class LastDayError(ValueError):
    """A day on which the wave cannot end."""


def begin_fielding(session: Session, wave: Wave, key: bytes, *, actor: str) -> None:
    """
    Open `wave` for answers from its first day on, and give out the paper codes it promised.

    Raises:
        TransitionError: If it is not ready.
    """
    advance(wave, WaveState.FIELDING, actor=actor)
    give_out(session, wave, key)
    arranged(session, wave)


def arranged(session: Session, wave: Wave) -> Fielding:
    """What the steward of `wave` arranged so far; made if there is nothing yet."""
    found = session.get(Fielding, wave.id)
    if found is None:
        found = Fielding(
            wave_id=wave.id, organisation_id=wave.organisation_id, texts={}, reminders=0, handed_out=False
        )
        session.add(found)
        session.flush()
    return found


def were_handed_out(session: Session, wave_id: str) -> bool:
    """Whether codes of a wave were printed or exported: somebody in the organisation had them in hand."""
    found = session.get(Fielding, wave_id)
    return found is not None and found.handed_out


def places_left(session: Session, wave: Wave) -> int:
    """How many people can still be invited: as many as the manifest counts, and nobody more."""
    manifest = promised(wave)
    made = select(func.count()).select_from(Invitation).where(Invitation.wave_id == wave.id)
    given_out = any(place.paper_codes is not None for place in WaveRegistry(session).shares(wave.id))
    papers = manifest.paper_credentials if given_out else 0
    return max(0, manifest.invited - (session.scalars(made).one() - papers))


def move_last_day(
    session: Session, wave: Wave, day: datetime.date, today: datetime.date, *, actor: str
) -> None:
    """
    Let `wave` end with this day, for whoever reads its page from now on.

    It ends at midnight, and not before today's: nobody is cut off while they answer.

    Raises:
        LastDayError: If it is not open, the day is over, or it is later than the manifest promised.
    """
    if wave.state != WaveState.FIELDING.value:
        raise LastDayError(f"wave {wave.id}: it is {wave.state}")
    period = promised(wave).field_period
    first, latest = (
        datetime.date.fromisoformat(text) for text in (period.first_day, period.last_possible_day)
    )
    if not max(first, today) <= day <= latest:
        raise LastDayError(f"wave {wave.id}: {day} is not between {max(first, today)} and {latest}")
    before = last_day(wave)
    wave.announced_last_day = day
    record(
        session,
        actor=actor,
        action=Action.LAST_DAY_MOVED,
        subject=wave.id,
        organisation_id=wave.organisation_id,
        details={"from": before.isoformat(), "to": day.isoformat()},
    )
