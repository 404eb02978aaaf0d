"""What a steward sees of a wave's invitations: how many, what became of the mails, never who answered."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import get_locale
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from survey.delivery.outbox import Outbox
from survey.storage.fielding import CodeFile, Fielding, InvitedAddress
from survey.storage.models import Wave
from survey.waves.checking import last_day, promised
from survey.waves.fielding import places_left
from survey.waves.manifest import WaveMode
from survey.waves.states import WaveState


@dataclass(frozen=True, slots=True)
class Overview:
    """What a steward sees of a wave's invitations."""

    wave: str
    title: str
    state: WaveState
    last_day: datetime.date
    first_day: datetime.date
    languages: tuple[str, ...]
    is_open: bool
    """Whether anybody may answer, and nobody is invited."""
    invited: int
    left: int
    mails: dict[str, int]
    by_mail: bool
    handed_out: bool
    files: Sequence[CodeFile]
    """Of cards and links, the latest first."""
    remind_on: datetime.date | None
    reminded_on: datetime.date | None
    reminders: int


def overview_of(session: Session, wave: Wave, outbox: Outbox) -> Overview:
    """What a steward may know of the invitations to `wave`, whose promises are fixed."""
    manifest, found = promised(wave), session.get(Fielding, wave.id)
    mailed = select(func.count(InvitedAddress.address_digest)).where(InvitedAddress.wave_id == wave.id)
    return Overview(
        wave=wave.id,
        title=title_of(wave),
        state=WaveState(wave.state),
        first_day=datetime.date.fromisoformat(manifest.field_period.first_day),
        last_day=last_day(wave),
        languages=manifest.languages,
        is_open=manifest.mode is WaveMode.OPEN,
        invited=manifest.invited,
        left=places_left(session, wave),
        mails={state.value: number for state, number in outbox.counts(session, wave.id).items()},
        by_mail=session.scalars(mailed).one() > 0,
        handed_out=bool(found and found.handed_out),
        files=session.scalars(_files(wave)).all(),
        remind_on=found.remind_on if found else None,
        reminded_on=found.reminded_on if found else None,
        reminders=found.reminders if found else 0,
    )


def _files(wave: Wave) -> Select[CodeFile]:
    latest_first = CodeFile.made_on.desc(), CodeFile.id
    return select(CodeFile).where(CodeFile.wave_id == wave.id).order_by(*latest_first)


def title_of(wave: Wave) -> str:
    """What a wave is called, in the page's language where it has it."""
    # The title alone: checking the whole definition takes longer than the page.
    title: dict[str, str] = json.loads(wave.definition)["title"]
    return title.get(str(get_locale())) or next(iter(title.values()))
