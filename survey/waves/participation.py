"""How many answered, as it may be shown while a wave runs: once a day, rounded down to 5, none under 10."""

from __future__ import annotations

import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.storage.models import Wave
from survey.storage.responses import SealedResponse

FEWEST_SHOWN = 10
STEP = 5


def shown(responses: int) -> int | None:
    """
    What a steward sees of `responses`, or None under ten.

    Rounded down, because a count that goes up by one tells who just answered.
    """
    return None if responses < FEWEST_SHOWN else responses - responses % STEP


def refresh(wave: Wave, responses: Session, today: datetime.date) -> None:
    """Renew the count shown of `wave`, at most once a day; earlier counts are not kept."""
    if wave.responses_shown_on == today:
        return
    stored = select(func.count()).select_from(SealedResponse).where(SealedResponse.wave_id == wave.id)
    wave.responses_shown = shown(responses.scalars(stored).one())
    wave.responses_shown_on = today
