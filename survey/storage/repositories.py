"""
The ways to an organisation's rows.

Signed-in people reach tenant tables through `ScopedRepository` only, which answers a foreign object exactly
as one that does not exist. Respondents, trustees, custody and the worker know a wave by its id, and reach it
through `WaveRegistry`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from survey.storage.drafts import WaveDraft
from survey.storage.identifiers import is_identifier
from survey.storage.models import (
    ALLIANCE_ROLES,
    Base,
    FollowUp,
    Invitation,
    Membership,
    MembershipRole,
    Organisation,
    OwnQuestionnaire,
    PlannedAction,
    StoredRelease,
    Trustee,
    Wave,
    WaveTrustee,
)

Row = TypeVar("Row", bound=Base)


class NotFoundError(LookupError):
    """What was asked for does not exist, or is not of the organisation that asks: the two read alike."""


def _one(session: Session, query: Select[Row], what: str) -> Row:
    row = session.scalars(query).one_or_none()
    if row is None:
        raise _absent(what)
    return row


def _absent(what: str) -> NotFoundError:
    return NotFoundError(f"{what}: there is none by that name. Look it up in the list it was taken from.")


def _named(text: str, what: str) -> str:
    """
    An id that came from outside.

    Raises:
        NotFoundError: If it cannot be one: the database is not asked for what it may choke on.
    """
    if not is_identifier(text):
        raise _absent(what)
    return text


# Made once, since every response asks them.
_STANDING = select(Wave.state, Wave.announced_last_day, Wave.manifest_digest).where(
    Wave.id == bindparam("wave")
)
_MANIFEST = select(Wave.manifest, Wave.manifest_digest).where(Wave.id == bindparam("wave"))
_DEFINITION = select(Wave.definition).where(Wave.id == bindparam("wave"))


class ScopedRepository:
    """
    One organisation's rows, and nobody else's.

    Raises:
        NotFoundError: From every method that returns one object, if it is unknown or another organisation's.
    """

    def __init__(self, session: Session, organisation_id: str) -> None:
        self._session = session
        self._organisation_id = organisation_id

    def organisation(self) -> Organisation:
        """Return the organisation itself."""
        query = select(Organisation).where(Organisation.id == self._organisation_id)
        return _one(self._session, query, "organisation")

    def waves(self) -> Sequence[Wave]:
        """Return its waves in the order of their ids, which are random."""
        query = select(Wave).where(Wave.organisation_id == self._organisation_id).order_by(Wave.id)
        return self._session.scalars(query).all()

    def wave(self, wave_id: str) -> Wave:
        """Return one of its waves."""
        query = select(Wave).where(
            Wave.id == _named(wave_id, "wave"), Wave.organisation_id == self._organisation_id
        )
        return _one(self._session, query, "wave")

    def releases(self) -> Sequence[StoredRelease]:
        """Return its releases, withdrawn ones too, in the order of their waves' ids."""
        query = (
            select(StoredRelease)
            .where(StoredRelease.organisation_id == self._organisation_id)
            .order_by(StoredRelease.wave_id)
        )
        return self._session.scalars(query).all()

    def release(self, wave_id: str) -> StoredRelease:
        """Return the release of one of its waves."""
        query = select(StoredRelease).where(
            StoredRelease.wave_id == _named(wave_id, "release"),
            StoredRelease.organisation_id == self._organisation_id,
        )
        return _one(self._session, query, "release")

    def planned_actions(self, wave_id: str) -> Sequence[PlannedAction]:
        """Return what it means to do after the release of one of its waves, the soonest first."""
        query = select(PlannedAction).where(
            PlannedAction.wave_id == wave_id, PlannedAction.organisation_id == self._organisation_id
        )
        return self._session.scalars(query.order_by(PlannedAction.due_on, PlannedAction.id)).all()

    def planned_action(self, wave_id: str, action_id: str) -> PlannedAction:
        """Return one thing that it means to do after the release of that wave."""
        query = select(PlannedAction).where(
            PlannedAction.id == _named(action_id, "action"),
            PlannedAction.wave_id == _named(wave_id, "action"),
            PlannedAction.organisation_id == self._organisation_id,
        )
        return _one(self._session, query, "action")

    def follow_up(self, wave_id: str) -> FollowUp | None:
        """Return when everybody hears of the release of one of its waves, if that is planned."""
        query = select(FollowUp).where(
            FollowUp.wave_id == wave_id, FollowUp.organisation_id == self._organisation_id
        )
        return self._session.scalars(query).one_or_none()

    def trustees(self) -> Sequence[Trustee]:
        """Return its trustees in the order of their ids."""
        query = select(Trustee).where(Trustee.organisation_id == self._organisation_id).order_by(Trustee.id)
        return self._session.scalars(query).all()

    def own_questionnaires(self) -> Sequence[OwnQuestionnaire]:
        """Return the questionnaires it brought, the latest first."""
        query = (
            select(OwnQuestionnaire)
            .where(OwnQuestionnaire.organisation_id == self._organisation_id)
            .order_by(OwnQuestionnaire.brought_on.desc(), OwnQuestionnaire.id)
        )
        return self._session.scalars(query).all()

    def own_questionnaire(self, questionnaire_id: str) -> OwnQuestionnaire:
        """Return one of the questionnaires it brought."""
        query = select(OwnQuestionnaire).where(
            OwnQuestionnaire.id == _named(questionnaire_id, "questionnaire"),
            OwnQuestionnaire.organisation_id == self._organisation_id,
        )
        return _one(self._session, query, "questionnaire")

    def drafts(self) -> Sequence[WaveDraft]:
        """Return the waves it is setting up, the latest first."""
        query = (
            select(WaveDraft)
            .where(WaveDraft.organisation_id == self._organisation_id)
            .order_by(WaveDraft.changed_on.desc(), WaveDraft.id)
        )
        return self._session.scalars(query).all()

    def draft(self, draft_id: str) -> WaveDraft:
        """Return one of the waves it is setting up."""
        query = select(WaveDraft).where(
            WaveDraft.id == _named(draft_id, "draft"), WaveDraft.organisation_id == self._organisation_id
        )
        return _one(self._session, query, "draft")


class WaveRegistry:
    """
    Waves by their own ids, for those whom no organisation scopes: respondents, trustees, custody, worker.

    Raises:
        NotFoundError: From every method that returns one object, if there is none.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def wave(self, wave_id: str, *, held: bool = False) -> Wave:
        """Return a wave; held, it cannot be closed until the transaction ends."""
        query = select(Wave).where(Wave.id == _named(wave_id, "wave"))
        return _one(self._session, query.with_for_update(read=True) if held else query, "wave")

    def waves(self, *states: str) -> Sequence[Wave]:
        """Return the waves in any of these states, or all of them, in the order of their ids."""
        query = select(Wave).order_by(Wave.id)
        return self._session.scalars(query.where(Wave.state.in_(states)) if states else query).all()

    def organisation_of(self, wave: Wave) -> Organisation:
        """Return the organisation that fields a wave."""
        query = select(Organisation).where(Organisation.id == wave.organisation_id)
        return _one(self._session, query, "organisation")

    def releases_beside(self, wave: Wave) -> Sequence[StoredRelease]:
        """The releases of the organisation's other waves, also those that were taken back."""
        others = select(StoredRelease).where(
            StoredRelease.organisation_id == wave.organisation_id, StoredRelease.wave_id != wave.id
        )
        return self._session.scalars(others.order_by(StoredRelease.wave_id)).all()

    def exchanged(self, wave_id: str) -> int:
        """Return how many of a wave's invitations became credentials."""
        query = select(func.count(Invitation.blinded_digest)).where(Invitation.wave_id == wave_id)
        return self._session.scalars(query).one()

    def trustee(self, token_digest: bytes) -> Trustee:
        """Return the trustee whose bearer token has this digest."""
        return _one(self._session, select(Trustee).where(Trustee.token_digest == token_digest), "trustee")

    def shares_of(self, trustee_id: str) -> Sequence[WaveTrustee]:
        """Return a trustee's shares in the order of their waves' ids."""
        query = select(WaveTrustee).where(WaveTrustee.trustee_id == trustee_id).order_by(WaveTrustee.wave_id)
        return self._session.scalars(query).all()

    def shares(self, wave_id: str) -> Sequence[WaveTrustee]:
        """Return a wave's shares by number."""
        query = select(WaveTrustee).where(WaveTrustee.wave_id == wave_id).order_by(WaveTrustee.number)
        return self._session.scalars(query).all()

    def share(self, wave_id: str, trustee_id: str) -> WaveTrustee:
        """Return a trustee's share in a wave."""
        query = select(WaveTrustee).where(
            WaveTrustee.wave_id == _named(wave_id, "share"), WaveTrustee.trustee_id == trustee_id
        )
        return _one(self._session, query, "share")

    def release(self, wave_id: str) -> StoredRelease:
        """Return a wave's release."""
        return _one(self._session, select(StoredRelease).where(StoredRelease.wave_id == wave_id), "release")


class Changing(NamedTuple):
    """What may change of a wave that is fielded, and the digest of what never does."""

    state: str
    announced_last_day: date | None
    manifest_digest: str | None


def changing(connection: Connection, wave_id: str) -> Changing:
    """
    Return what may change of a wave.

    Raises:
        NotFoundError: If there is none.
    """
    found = connection.execute(_STANDING, {"wave": _named(wave_id, "wave")}).one_or_none()
    if found is None:
        raise _absent("wave")
    return Changing(*found)


def stored_manifest(connection: Connection, wave_id: str) -> tuple[bytes | None, str | None]:
    """
    Return a wave's manifest as it is stored, and the digest of what it promised.

    Raises:
        NotFoundError: If there is none.
    """
    found = connection.execute(_MANIFEST, {"wave": _named(wave_id, "wave")}).one_or_none()
    if found is None:
        raise _absent("wave")
    manifest, digest = found
    return manifest, digest


def stored_definition(connection: Connection, wave_id: str) -> bytes:
    """Return what a wave asks, as it is stored."""
    return connection.scalars(_DEFINITION, {"wave": wave_id}).one()


def organisations_of(session: Session, account_id: str) -> dict[Organisation, frozenset[MembershipRole]]:
    """Return the organisations a person belongs to, by name, with their roles in each."""
    query = (
        select(Organisation, Membership.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.account_id == account_id, _holds())
        .order_by(Organisation.name, Organisation.id)
    )
    found: dict[Organisation, frozenset[MembershipRole]] = {}
    for organisation, role in session.execute(query):
        found[organisation] = found.get(organisation, frozenset()) | {role}
    return found


def roles_in(session: Session, account_id: str, organisation_id: str) -> frozenset[MembershipRole]:
    """Return a person's roles in one organisation; none if it is unknown or not theirs."""
    if not is_identifier(organisation_id):
        return frozenset()
    query = (
        select(Membership.role)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.account_id == account_id, Membership.organisation_id == organisation_id, _holds())
    )
    return frozenset(session.scalars(query))


def _holds() -> ColumnElement[bool]:
    # A role that reaches beyond its organisation holds in the alliance's own only, whoever wrote the row.
    return or_(Membership.role.not_in(ALLIANCE_ROLES), Organisation.is_alliance)
