"""What the demo's organisations did about their figures: a plan, word to all who were asked, sharing."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from survey.storage.identifiers import new_identifier
from survey.storage.models import FollowUp, PlannedAction, StoredRelease

_PLANNED: Final = (
    (
        "Alle teams taler en time om tone og grænser, med spørgsmålene fra dialogarket.",
        "Lederne af teamene, sammen med arbejdsmiljørepræsentanten",
        "I14_dialogue_held",
        60,
    ),
    (
        "Retningslinjerne hænger ved indgangen, og hver ny får dem fortalt den første dag.",
        "Tillidsrepræsentanten",
        "I10_awareness",
        30,
    ),
    ("Ledelsen øver sig i, hvad man siger, når nogen griber ind.", "Direktøren", "I13_leader_index", 260),
)
"""What, who, which indicator it is meant to change, and by how many days after the release."""
_HOW: Final = "Et fællesmøde på en time, hvor tallene bliver vist, og alle kan spørge. Bagefter et opslag."


def follow(session: Session, wave: str, day: dt.date, today: dt.date) -> None:
    """Plan after that day's release, show it to its people and share it; what was due by today is done."""
    release = session.get_one(StoredRelease, wave)
    release.published_on, release.shared_on = day, day
    organisation = release.organisation_id
    for what, who, about, days in _PLANNED:
        due = day + dt.timedelta(days=days)
        session.add(
            PlannedAction(
                id=new_identifier(),
                wave_id=wave,
                organisation_id=organisation,
                what=what,
                who=who,
                due_on=due,
                about=about,
                done_on=due if due <= today else None,
            )
        )
    heard = day + dt.timedelta(days=21)
    session.add(FollowUp(wave_id=wave, organisation_id=organisation, day=heard, how=_HOW))
