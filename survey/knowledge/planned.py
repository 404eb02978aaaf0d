"""What an activity says: one frozen value, whoever wrote it, and how it comes into the calendar."""

from __future__ import annotations

import datetime as dt
from typing import cast

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from survey.delivery.message import written
from survey.people.accounts import holders
from survey.people.applying import Desk
from survey.storage.alliance import Activity
from survey.storage.audit import Action, record
from survey.storage.identifiers import new_identifier
from survey.storage.library import RevisionState
from survey.storage.models import MembershipRole


class Planned(BaseModel):
    """All that an activity says; its organisation stands beside it, since nobody proposes for another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    title: str
    language: str
    begins_on: dt.date
    ends_on: dt.date
    begins_at: str = ""
    ends_at: str = ""
    place: str = ""
    link: str = ""
    about: str = ""
    learnt: str = ""
    cancelled: bool = False

    def stored(self) -> dict[str, object]:
        """Return it as a column holds it."""
        return self.model_dump(mode="json")

    @classmethod
    def of(cls, activity: Activity) -> Planned:
        """Return what stands in the calendar."""
        return cls.model_validate({name: getattr(activity, name) for name in cls.model_fields})

    @classmethod
    def proposed(cls, activity: Activity) -> Planned:
        """Return what its member proposed last, or what stands in the calendar."""
        return cls.model_validate(activity.proposed) if activity.proposed else cls.of(activity)


def publish(session: Session, activity: Activity, planned: Planned, today: dt.date, *, actor: str) -> None:
    """Put it into the calendar, or what has changed of it; what its member proposes meanwhile still waits."""
    _set(activity, planned)
    activity.sequence = activity.sequence + 1 if activity.published else 0
    activity.published, activity.changed_on = True, today
    session.add(activity)
    _note(session, Action.ACTIVITY_WRITTEN, activity, actor)


def accept(session: Session, activity: Activity, today: dt.date, *, actor: str) -> None:
    """Publish what its member proposed."""
    publish(session, activity, Planned.proposed(activity), today, actor=actor)
    activity.review, activity.proposed, activity.note = RevisionState.PUBLISHED, {}, ""


def propose(
    session: Session,
    activity: Activity | None,
    organisation_id: str,
    planned: Planned,
    today: dt.date,
    *,
    actor: str,
) -> Activity:
    """Hand a new activity or a change to the secretariat; what stands in the calendar stays until then."""
    if activity is None:
        activity = Activity(id=new_identifier(), published=False, sequence=0)
        activity.organisation_id, activity.changed_on = organisation_id, today
        _set(activity, planned)
        session.add(activity)
    activity.proposed, activity.review = planned.stored(), RevisionState.SUBMITTED
    _note(session, Action.ACTIVITY_SUBMITTED, activity, actor)
    return activity


def ask_back(session: Session, desk: Desk, activity: Activity, question: str, *, actor: str) -> None:
    """Ask the member about what it proposed: its contributors get the question by mail."""
    activity.review, activity.note = RevisionState.ASKED_BACK, question
    link = f"{desk.base_url}/o/{activity.organisation_id}/activities/{activity.id}"
    title = Planned.proposed(activity).title
    for account in holders(session, activity.organisation_id, MembershipRole.CONTRIBUTOR):
        message = written("activity_asked", (account.language,), title=title, question=question, link=link)
        desk.outbox.queue(session, to=account.email, message=message)
    _note(session, Action.ACTIVITY_ASKED_BACK, activity, actor)


def _set(activity: Activity, planned: Planned) -> None:
    for name in Planned.model_fields:
        setattr(activity, name, cast("object", getattr(planned, name)))


def _note(session: Session, action: Action, activity: Activity, actor: str) -> None:
    record(
        session,
        actor=actor,
        action=action,
        organisation_id=activity.organisation_id,
        subject=activity.id,
    )
