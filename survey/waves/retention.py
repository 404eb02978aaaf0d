"""When what was promised to be erased is due, from the days in a wave's manifest."""

from __future__ import annotations

import datetime

from survey.storage.models import Wave
from survey.waves.manifest import Retention


def due_on(wave: Wave, retention: Retention) -> datetime.date | None:
    """The day on which `wave` is to be destroyed, or None while it is not closed."""
    if wave.closed_on is None:
        return None
    after_closing = wave.closed_on + datetime.timedelta(days=retention.days_after_closing)
    if wave.released_on is None:
        return after_closing
    return min(after_closing, wave.released_on + datetime.timedelta(days=retention.days_after_release))
