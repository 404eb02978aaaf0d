"""The demo's alliance as others see it: a library, and what members of an invented alliance brought to it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from survey.knowledge.starting import bring_in


def fill_knowledge(session: Session, today: dt.date) -> None:
    """Give the alliance's own organisation, which is there, what a living alliance has."""
    bring_in(session, today)
