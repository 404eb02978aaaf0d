"""What the worker does without any key: open and close waves on time, renew counts, lay rows down anew."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.storage.audit import Process
from survey.storage.databases import Databases
from survey.storage.models import Invitation, Wave
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import SealedResponse
from survey.storage.rewriting import is_due, rewrite_invitations, rewrite_responses
from survey.waves import participation
from survey.waves.checking import last_day
from survey.waves.lifecycle import close
from survey.waves.manifest import ManifestError
from survey.waves.states import WaveState

_log = logging.getLogger("tillid.worker")

Changes: TypeAlias = Mapping[str, tuple[int, int]]
"""Of each wave its rows, and how often they were changed."""


def close_ended(databases: Databases, today: datetime.date) -> list[str]:
    """Close the waves whose last day is over; their ids. A broken wave keeps no other open."""
    with databases.alliance_session() as session:
        ended = [wave for wave in _fielding(session) if _is_over(wave, today)]
        for wave in ended:
            close(wave, today, actor=Process.WORKER)
        return [wave.id for wave in ended]


def refresh_counts(databases: Databases, today: datetime.date) -> None:
    """Renew the counts that stewards see, once a day."""
    with databases.alliance_session() as session, databases.responses_session(reading=True) as responses:
        for wave in _fielding(session):
            participation.refresh(wave, responses, today)


@dataclass(slots=True)
class Rewriting:
    """Lays rows down anew when enough of any one wave have changed, and the first time it is asked."""

    databases: Databases
    _responses: Changes | None = field(default=None)
    _invitations: Changes | None = field(default=None)

    def step(self) -> None:
        """Rewrite what is due."""
        changes = self._response_changes()
        if _asks_for_rewriting(self._responses, changes):
            rewrite_responses(self.databases)
            self._responses = changes
        changes = self._invitation_changes()
        if _asks_for_rewriting(self._invitations, changes):
            rewrite_invitations(self.databases)
            self._invitations = changes

    def everything(self) -> None:
        """Rewrite whatever is due or not: a wave has ended, and its last rows came in an order too."""
        self._responses = self._invitations = None
        self.step()

    def _response_changes(self) -> Changes:
        """Of each wave its rows, and how often one was written: the first time has the sequence number 0."""
        wave, sequences = SealedResponse.wave_id, func.coalesce(func.sum(SealedResponse.sequence), 0)
        with self.databases.responses_session(reading=True) as session:
            counted = session.execute(select(wave, func.count(), sequences).group_by(wave))
            return {wave: (rows, rows + int(more)) for wave, rows, more in counted}

    def _invitation_changes(self) -> Changes:
        wave, exchanged = Invitation.wave_id, func.count(Invitation.blinded_digest)
        with self.databases.alliance_session(reading=True) as session:
            counted = session.execute(select(wave, func.count(), exchanged).group_by(wave))
            return {wave: (rows, changes) for wave, rows, changes in counted}


def _asks_for_rewriting(before: Changes | None, now: Changes) -> bool:
    """Whether any wave has changed enough by itself: a busy one must not make a small one's cover thin."""
    if before is None:
        return True
    in_all = sum(rows for rows, _ in now.values())
    for wave, (rows, changes) in now.items():
        _, earlier = before.get(wave, (0, 0))
        # A wave that was destroyed, or whose rows were taken out, has fewer: what came since is not told.
        if changes < earlier or is_due(changes - earlier, rows, in_all):
            return True
    return not before.keys() <= now.keys()


def _fielding(session: Session) -> list[Wave]:
    return list(WaveRegistry(session).waves(WaveState.FIELDING.value))


def _is_over(wave: Wave, today: datetime.date) -> bool:
    try:
        return last_day(wave) < today
    except ManifestError as fault:
        _log.error("%s", fault)
        return False
