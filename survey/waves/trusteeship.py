"""
Who may be a trustee of whose waves, and how near a wave is to being lost with its trustees' keys.

Whoever runs an organisation's waves must not be able to open them with names that are all their own: no
person comes twice, stewards fill one place between them, and the alliance's secretariat has confirmed who
stands for the employees. A trustee has one key for ever; a lost one means a new place and a new ceremony.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from questionnaires.digest import load_definition
from survey.sealing.at_rest import AtRest
from survey.storage.audit import Process
from survey.storage.identifiers import new_identifier
from survey.storage.models import (
    Invitation,
    Membership,
    MembershipRole,
    Trustee,
    TrusteeRole,
    Wave,
    WaveTrustee,
)
from survey.storage.repositories import WaveRegistry
from survey.waves.lifecycle import Draft, advance, draft_wave
from survey.waves.plan import PlanError, WavePlan
from survey.waves.states import WaveState

PROOF_DAYS = 30
"""A key that was seen to work this long ago or less counts as proven."""
BEFORE_FIELDING = (WaveState.DRAFT, WaveState.CEREMONY, WaveState.READY)
# Every address is stored at one length: how long it is would tell whose it may be.
_LONGEST_ADDRESS = 254


class Fault(Enum):
    """Why somebody cannot be invited."""

    SAME_ADDRESS = "same_address"
    SAME_NAME = "same_name"
    SECOND_STEWARD = "second_steward"
    STEWARD_FOR_EMPLOYEES = "steward_for_employees"
    ROLE = "role"
    REPLACED = "replaced"
    OTHER_KEY = "other_key"


class TrusteeshipError(Exception):
    """Somebody who cannot be a trustee as asked."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"trustee: {fault.value}; see docs/how-to/be-a-trustee.md")
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a steward or the secretariat wants as a trustee; the address in its one spelling."""

    name: str
    address: str
    role: TrusteeRole


@dataclass(frozen=True, slots=True)
class Addresses:
    """Trustees' addresses, encrypted in the database."""

    at_rest: AtRest

    def written(self, address: str) -> bytes:
        """An address as it is stored."""
        return self.at_rest.encrypt(address.encode().ljust(_LONGEST_ADDRESS))

    def of(self, trustee: Trustee) -> str:
        """A trustee's address; empty if we have none."""
        return "" if trustee.address is None else self.at_rest.decrypt(trustee.address).decode().rstrip()


def token_digest(token: str) -> bytes:
    """What the database keeps of a trustee's bearer token."""
    return sha256(token.encode()).digest()


def invite_trustee(
    session: Session, organisation_id: str, role: TrusteeRole, *, name: str = "", address: bytes | None = None
) -> str:
    """A fresh bearer token for a trustee of `organisation_id`; only its digest is kept."""
    return _place(session, organisation_id, role, name, address)[0]


def invite_person(
    session: Session, organisation_id: str, person: Person, *, stewards: frozenset[str], addresses: Addresses
) -> str:
    """
    A fresh bearer token for `person`, in an organisation whose stewards have the addresses `stewards`.

    Raises:
        TrusteeshipError: If this person is a trustee already, or too close to those who run the waves.
    """
    shared = person.role is TrusteeRole.SECRETARIAT
    # The secretariat's trustee sits beside every organisation's own, and must be none of them.
    present = _everybody(session) if shared else trustees_of(session, organisation_id)
    check_person(present, person, stewards=stewards, addresses=addresses)
    address = addresses.written(person.address)
    return invite_trustee(session, organisation_id, person.role, name=person.name, address=address)


def check_person(
    present: Iterable[Trustee], person: Person, *, stewards: frozenset[str], addresses: Addresses
) -> None:
    """
    Return if `person` can be one more trustee beside those `present`.

    Raises:
        TrusteeshipError: If not.
    """
    mine = person.address.casefold()
    of_stewards = {address.casefold() for address in stewards}
    for trustee in present:
        theirs = addresses.of(trustee).casefold()
        if theirs == mine:
            raise TrusteeshipError(Fault.SAME_ADDRESS)
        if _same_name(trustee.name, person.name):
            raise TrusteeshipError(Fault.SAME_NAME)
        if mine in of_stewards and theirs in of_stewards:
            raise TrusteeshipError(Fault.SECOND_STEWARD)
    if person.role is TrusteeRole.EMPLOYEES and mine in of_stewards:
        raise TrusteeshipError(Fault.STEWARD_FOR_EMPLOYEES)


def recognise(trustee: Trustee, fingerprint: str) -> None:
    """
    Keep that the secretariat knows whose key this is: the employees' representative's.

    Raises:
        TrusteeshipError: If the trustee has another key by now, or stands for somebody else.
    """
    if trustee.role is not TrusteeRole.EMPLOYEES:
        raise TrusteeshipError(Fault.ROLE)
    if trustee.fingerprint is None or trustee.fingerprint != fingerprint:
        raise TrusteeshipError(Fault.OTHER_KEY)
    trustee.recognised = trustee.fingerprint


def replace_key(session: Session, trustee: Trustee) -> str:
    """
    A fresh bearer token for somebody who lost their key: a new place with the same name, role and address.

    The old place keeps its key, since waves that are open for answers name it for ever.

    Raises:
        TrusteeshipError: If it was replaced already.
    """
    if trustee.successor is not None:
        raise TrusteeshipError(Fault.REPLACED)
    token, successor = _place(session, trustee.organisation_id, trustee.role, trustee.name, trustee.address)
    trustee.successor = successor.id
    return token


def trustees_of(session: Session, organisation_id: str) -> Sequence[Trustee]:
    """An organisation's trustees, and those of the alliance's secretariat; nobody who was replaced."""
    alliance = select(Membership.organisation_id).where(Membership.role == MembershipRole.SECRETARIAT)
    shared = (Trustee.role == TrusteeRole.SECRETARIAT) & Trustee.organisation_id.in_(alliance)
    query = (
        select(Trustee)
        .where(or_(Trustee.organisation_id == organisation_id, shared), Trustee.successor.is_(None))
        .order_by(Trustee.role, Trustee.id)
    )
    return session.scalars(query).all()


def stewards_among(trustees: Iterable[Trustee], stewards: frozenset[str], addresses: Addresses) -> int:
    """How many of `trustees` are stewards by now: more than one would hold a quorum with no one else."""
    of_stewards = {address.casefold() for address in stewards}
    return sum(addresses.of(trustee).casefold() in of_stewards for trustee in trustees)


def begin_again(session: Session, wave: Wave, at_rest: AtRest, *, actor: str = Process.COMMAND) -> Wave:
    """
    The same plan as a new wave in `ceremony`, with the trustees' present keys; `wave` is cancelled.

    A new wave, and not new promises for an old one: no trustee's file takes a second manifest for a wave.

    Raises:
        PlanError: If the wave is open for answers or was, people hold invitations to it, or a trustee has
            not enrolled the new key yet.
    """
    if WaveState(wave.state) not in BEFORE_FIELDING:
        raise PlanError("wave: it has been open for answers; its trustees cannot be changed any more")
    invited = select(func.count()).select_from(Invitation).where(Invitation.wave_id == wave.id)
    if session.scalar(invited):
        raise PlanError("wave: people hold invitations to it; cancel it, tell them, and plan a new one")
    plan = WavePlan.from_value(wave.plan).model_copy(update={"issuing_keys": ()})
    places = WaveRegistry(session).shares(wave.id)
    trustees = [present(session, session.get_one(Trustee, place.trustee_id)) for place in places]
    anew = draft_wave(
        session, Draft(wave.organisation_id, load_definition(wave.definition), plan, trustees), at_rest
    )
    advance(wave, WaveState.CANCELLED, actor=actor)
    for place in places:
        place.sealed_share = place.confirmation_digest = None
    advance(anew, WaveState.CEREMONY, actor=actor)
    return anew


def present(session: Session, trustee: Trustee) -> Trustee:
    """The trustee in whose place this one's last successor stands."""
    while trustee.successor is not None:
        trustee = session.get_one(Trustee, trustee.successor)
    return trustee


class Danger(Enum):
    """How near a wave is to never being opened."""

    NONE = "none"
    UNPROVEN = "unproven"
    """No more keys than the quorum were seen to work lately."""
    LAST = "last"
    """Every key that is left is needed."""
    LOST = "lost"
    """Fewer are left, or willing, than the quorum."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the keys that a wave can be opened with."""

    quorum: int
    trustees: int
    able: int
    """Neither lost nor declined."""
    proven: int
    """Of those, seen to work within `PROOF_DAYS`."""
    declined: int

    @property
    def danger(self) -> Danger:
        """What to warn of."""
        if self.able < self.quorum:
            return Danger.LOST
        if self.able == self.quorum:
            return Danger.LAST
        return Danger.UNPROVEN if self.proven <= self.quorum else Danger.NONE


def standing(session: Session, wave: Wave, today: datetime.date) -> Standing:
    """Count the keys of `wave`."""
    places = WaveRegistry(session).shares(wave.id)
    lost = {place.number for place in places if _is_lost(session, place)}
    able = [place for place in places if place.number not in lost and place.declined is None]
    return Standing(
        quorum=WavePlan.from_value(wave.plan).quorum,
        trustees=len(places),
        able=len(able),
        proven=sum(is_proven(place, today) for place in able),
        declined=sum(place.declined is not None for place in places),
    )


def is_proven(place: WaveTrustee, today: datetime.date) -> bool:
    """Whether this share's key was seen to work lately."""
    return place.proven_on is not None and (today - place.proven_on).days <= PROOF_DAYS


def _everybody(session: Session) -> Sequence[Trustee]:
    return session.scalars(select(Trustee).where(Trustee.successor.is_(None))).all()


def _is_lost(session: Session, place: WaveTrustee) -> bool:
    return session.get_one(Trustee, place.trustee_id).successor is not None


def _place(
    session: Session, organisation_id: str, role: TrusteeRole, name: str, address: bytes | None
) -> tuple[str, Trustee]:
    token = secrets.token_urlsafe(32)
    trustee = Trustee(
        id=new_identifier(),
        organisation_id=organisation_id,
        role=role,
        token_digest=token_digest(token),
        name=name,
        address=address,
    )
    session.add(trustee)
    return token, trustee


def _same_name(one: str, other: str) -> bool:
    return bool(one) and " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
