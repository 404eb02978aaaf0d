"""
Mails to trustees for whom something waits: to confirm, to say yes or no, to show that their key still works.

One a week at most for a wave; nobody is written to about a wave that waits for somebody else. The worker
reads addresses, and no share.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, Select, Update, and_, or_, select, tuple_, update

from survey.delivery.message import written
from survey.delivery.outbox import Outbox
from survey.storage.databases import Databases
from survey.storage.models import Organisation, Trustee, Wave, WaveTrustee
from survey.waves.states import WaveState
from survey.waves.trusteeship import PROOF_DAYS

AGAIN_AFTER = datetime.timedelta(days=7)
_PROVABLE = (WaveState.READY.value, WaveState.FIELDING.value, WaveState.CLOSED.value)

Waiting = Row[str, int, str, bytes | None, str]
"""Wave, number of the share, trustee, their encrypted address, name of the organisation."""


def remind_trustees(databases: Databases, outbox: Outbox, base_url: str, today: datetime.date) -> int:
    """Write to each trustee for whom something waits; how many mails that makes."""
    with databases.alliance_session(reading=True) as session:
        found = session.execute(_waiting(today)).all()
    if not found:
        return 0
    people = {place.trustee_id: place for place in found}
    with databases.alliance_session() as session:
        for place in people.values():
            message = written("trustee_reminder", organisation=place.name, link=f"{base_url}/trustees/")
            outbox.queue(session, to=outbox.address(place.address or b""), message=message)
        session.execute(_reminded(found, today))
    return len(people)


def _waiting(today: datetime.date) -> Select[str, int, str, bytes | None, str]:
    return (
        select(
            WaveTrustee.wave_id,
            WaveTrustee.number,
            WaveTrustee.trustee_id,
            Trustee.address,
            Organisation.name,
        )
        .join(Trustee, Trustee.id == WaveTrustee.trustee_id)
        .join(Wave, Wave.id == WaveTrustee.wave_id)
        .join(Organisation, Organisation.id == WaveTrustee.organisation_id)
        .where(
            Trustee.address.is_not(None),
            Trustee.successor.is_(None),
            or_(WaveTrustee.reminded_on.is_(None), WaveTrustee.reminded_on <= today - AGAIN_AFTER),
            or_(_to_confirm(), _to_decide(), _to_prove(today)),
        )
        .order_by(WaveTrustee.wave_id, WaveTrustee.number)
    )


def _to_confirm() -> ColumnElement[bool]:
    state, held = Wave.state == WaveState.CEREMONY.value, Wave.manifest_digest.is_not(None)
    return and_(state, held, WaveTrustee.confirmed.is_(False))


def _to_decide() -> ColumnElement[bool]:
    state = Wave.state == WaveState.OPENING.value
    return and_(state, WaveTrustee.approved_list.is_(None), WaveTrustee.declined.is_(None))


def _to_prove(today: datetime.date) -> ColumnElement[bool]:
    month_ago = today - datetime.timedelta(days=PROOF_DAYS)
    old = or_(WaveTrustee.proven_on.is_(None), WaveTrustee.proven_on < month_ago)
    return and_(Wave.state.in_(_PROVABLE), old)


def _reminded(found: Sequence[Waiting], today: datetime.date) -> Update:
    places = [(place.wave_id, place.number) for place in found]
    key = tuple_(WaveTrustee.wave_id, WaveTrustee.number)
    return update(WaveTrustee).where(key.in_(places)).values(reminded_on=today)
