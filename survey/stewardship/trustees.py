"""What a steward sees of an organisation's trustees, and what the secretariat confirms about them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires.digest import load_definition
from questionnaires.model import Questionnaire
from survey.sealing.shares import spoken
from survey.storage.accounts import Account
from survey.storage.models import Membership, MembershipRole, Organisation, Trustee, TrusteeRole, Wave
from survey.storage.repositories import ScopedRepository, WaveRegistry
from survey.waves.plan import WavePlan
from survey.waves.states import WaveState
from survey.waves.trusteeship import (
    BEFORE_FIELDING,
    Addresses,
    Standing,
    present,
    standing,
    stewards_among,
    trustees_of,
)
from survey.waves.waiting import Waits

_DEPENDING = (*BEFORE_FIELDING, WaveState.FIELDING, WaveState.CLOSED, WaveState.OPENING)


@dataclass(frozen=True, slots=True)
class Holder:
    """A trustee as their steward knows them."""

    id: str
    name: str
    role: TrusteeRole
    address: str
    fingerprint: str | None
    """As it is read out."""
    recognised: bool
    """Whether the secretariat has confirmed whose key this is; asked of the employees' only."""
    own: bool
    """Of this organisation, and not the alliance's."""


@dataclass(frozen=True, slots=True)
class Place:
    """One trustee's place in a wave."""

    name: str
    role: TrusteeRole
    confirmed: bool
    proven_on: datetime.date | None
    declined: str | None
    lost: bool


@dataclass(frozen=True, slots=True)
class DependingWave:
    """A wave that has not been opened yet, and the keys it can be opened with."""

    id: str
    state: WaveState
    questionnaire: Questionnaire
    period: tuple[datetime.date, datetime.date]
    places: Sequence[Place]
    keys: Standing
    waits: Waits | None
    """What custody cannot go on without."""

    def title(self, language: str) -> str:
        """What the wave is called, in another language where it has not this one."""
        text = self.questionnaire.title
        return text[language] if language in text else text[self.questionnaire.languages[0]]

    @property
    def may_begin_again(self) -> bool:
        """Whether a lost key can still be replaced."""
        return self.state in BEFORE_FIELDING and any(place.lost for place in self.places)


@dataclass(frozen=True, slots=True)
class Overview:
    """All of an organisation's trustees and the waves that depend on them."""

    organisation: Organisation
    holders: Sequence[Holder]
    waves: Sequence[DependingWave]
    stewards: int
    """How many of the trustees run the organisation's waves themselves."""


def overview(session: Session, organisation_id: str, addresses: Addresses, today: datetime.date) -> Overview:
    """What the page of an organisation's trustees shows."""
    repository = ScopedRepository(session, organisation_id)
    trustees = trustees_of(session, organisation_id)
    waves = [wave for wave in repository.waves() if WaveState(wave.state) in _DEPENDING]
    return Overview(
        organisation=repository.organisation(),
        holders=[_holder(trustee, organisation_id, addresses) for trustee in trustees],
        waves=[_wave(session, wave, today) for wave in waves],
        stewards=stewards_among(trustees, stewards_of(session, organisation_id), addresses),
    )


def stewards_of(session: Session, organisation_id: str) -> frozenset[str]:
    """The addresses of those who run an organisation's waves."""
    query = (
        select(Account.email)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.organisation_id == organisation_id, Membership.role == MembershipRole.STEWARD)
    )
    return frozenset(session.scalars(query))


def depending_addresses(session: Session, wave: Wave, addresses: Addresses) -> list[str]:
    """Where to write to the trustees of `wave` whose keys are not lost."""
    places = WaveRegistry(session).shares(wave.id)
    trustees = [session.get_one(Trustee, place.trustee_id) for place in places]
    return [addresses.of(trustee) for trustee in trustees if trustee.address and not trustee.successor]


@dataclass(frozen=True, slots=True)
class Representative:
    """Somebody who is to stand for an organisation's employees, as the secretariat meets them."""

    id: str
    name: str
    address: str
    organisation: str
    key: str
    """Fingerprint in hex, empty while there is no key."""
    fingerprint: str | None
    recognised: bool
    steward: bool


def representatives(session: Session, addresses: Addresses) -> list[Representative]:
    """Everybody who is to stand for employees, in all organisations; whoever waits comes first."""
    query = (
        select(Trustee, Organisation)
        .join(Organisation, Organisation.id == Trustee.organisation_id)
        .where(Trustee.role == TrusteeRole.EMPLOYEES, Trustee.successor.is_(None))
        .order_by(Organisation.name, Trustee.id)
    )
    found = [
        Representative(
            id=trustee.id,
            name=trustee.name,
            address=addresses.of(trustee),
            organisation=organisation.name,
            key=trustee.fingerprint or "",
            fingerprint=_read_out(trustee),
            recognised=trustee.recognised is not None,
            steward=stewards_among([trustee], stewards_of(session, organisation.id), addresses) > 0,
        )
        for trustee, organisation in session.execute(query)
    ]
    return sorted(found, key=lambda one: one.recognised)


def _holder(trustee: Trustee, organisation_id: str, addresses: Addresses) -> Holder:
    own = trustee.organisation_id == organisation_id
    return Holder(
        id=trustee.id,
        name=trustee.name,
        role=trustee.role,
        # A steward need not know how the secretariat is reached.
        address=addresses.of(trustee) if own else "",
        fingerprint=_read_out(trustee),
        recognised=trustee.recognised is not None,
        own=own,
    )


def _read_out(trustee: Trustee) -> str | None:
    return None if trustee.fingerprint is None else spoken(trustee.fingerprint)


def _wave(session: Session, wave: Wave, today: datetime.date) -> DependingWave:
    plan = WavePlan.from_value(wave.plan)
    first, last = plan.field_period.first_day, plan.field_period.last_possible_day
    places = WaveRegistry(session).shares(wave.id)
    trustees = [session.get_one(Trustee, place.trustee_id) for place in places]
    return DependingWave(
        id=wave.id,
        state=WaveState(wave.state),
        questionnaire=load_definition(wave.definition),
        period=(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)),
        places=[
            Place(
                name=present(session, trustee).name,
                role=trustee.role,
                confirmed=place.confirmed,
                proven_on=place.proven_on,
                declined=place.declined,
                lost=trustee.successor is not None,
            )
            for place, trustee in zip(places, trustees, strict=True)
        ],
        keys=standing(session, wave, today),
        waits=Waits(wave.waits_for) if wave.waits_for else None,
    )
