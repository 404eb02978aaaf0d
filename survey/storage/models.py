"""
The alliance's database: organisations, waves, who may answer, who holds a share, what was released.

Every table of an organisation carries `organisation_id`, and a row that belongs to a wave carries both ids
in one foreign key, so that the database itself refuses a row filed under somebody else's wave. Responses are
not here: they lie in a database of their own (`responses.py`).
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Date,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import MetaData
from sqlalchemy.types import TypeEngine

from survey.storage.identifiers import LENGTH

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
DIGEST_HEX = 64
LONGEST_REASON = 1000
LONGEST_ACTION = 500


class MembershipRole(StrEnum):
    """What a person may do in one organisation."""

    STEWARD = "steward"
    LEADER = "leader"
    TRUSTEE = "trustee"
    ANALYST = "analyst"
    CONTRIBUTOR = "contributor"
    SECRETARIAT = "secretariat"
    OPERATOR = "operator"


# Roles that reach beyond one organisation; they hold in the alliance's own and nowhere else.
ALLIANCE_ROLES = frozenset({MembershipRole.ANALYST, MembershipRole.SECRETARIAT, MembershipRole.OPERATOR})


class TrusteeRole(StrEnum):
    """Whom a trustee stands for; consent names these to every respondent."""

    EMPLOYEES = "employees"
    MANAGEMENT = "management"
    SECRETARIAT = "secretariat"
    OTHER = "other"


class ReleaseState(StrEnum):
    """Whether a release may still be shown. A withdrawn one keeps counting against differencing."""

    CURRENT = "current"
    WITHDRAWN = "withdrawn"


def _words(members: type[StrEnum]) -> Enum:
    # Stored as words: what a role is called in Python may change, what a row means may not.
    return Enum(members, native_enum=False, length=LENGTH, values_callable=lambda words: [*words])


class Base(DeclarativeBase):
    """Tables of the alliance's database."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, TypeEngine[Any]]] = {
        bytes: LargeBinary(),
        dt.date: Date(),
        dict[str, object]: JSON(),
        MembershipRole: _words(MembershipRole),
        TrusteeRole: _words(TrusteeRole),
        ReleaseState: _words(ReleaseState),
    }


class Organisation(Base):
    """
    A workplace, school or association that fields waves; the alliance itself is one too.

    Its place in a classification is always scheme, version and code together: the letters of one version mean
    other things in another. Cannot be learnt from a row: who works there, or what anybody answered.
    """

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    area: Mapped[str] = mapped_column(String(40))
    cvr: Mapped[str] = mapped_column(String(8), default="", index=True)
    scheme: Mapped[str] = mapped_column(String(40), default="")
    scheme_version: Mapped[str] = mapped_column(String(20), default="")
    scheme_code: Mapped[str] = mapped_column(String(40), default="")
    # Whose secretariat, analysts and operators are everybody's: there is one.
    is_alliance: Mapped[bool] = mapped_column(default=False)
    # Of the alliance: its people may write in the library.
    is_member: Mapped[bool] = mapped_column(default=False)


class Membership(Base):
    """
    One thing one person may do in one organisation.

    Cannot be learnt from a row: whether the person was invited to a wave, or answered one.
    """

    __tablename__ = "memberships"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True, index=True)
    role: Mapped[MembershipRole] = mapped_column(primary_key=True)


class Wave(Base):
    """
    One round in one organisation, with everything it promised and everything custody signed about it.

    Cannot be learnt from a row: any response (the wave's private key is nowhere in this database), who
    answered, how many answered on which day (`responses_shown` is rounded down and refreshed once a day).
    `list_rows` holds the row digests in ascending order, 32 bytes each: they say that a response was counted
    to whoever holds its receipt, and nothing to anybody else. It is read only when it is asked for.
    """

    __tablename__ = "waves"
    __table_args__ = (UniqueConstraint("id", "organisation_id"),)

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    plan: Mapped[dict[str, object]]
    definition: Mapped[bytes]  # canonical bytes of the questionnaire with this wave's sections, as served
    issuing_key: Mapped[bytes | None]  # PKCS #8, encrypted under the keys of the configuration
    manifest: Mapped[bytes | None]
    manifest_digest: Mapped[str | None] = mapped_column(String(DIGEST_HEX))
    manifest_signature: Mapped[bytes | None]
    list_statement: Mapped[bytes | None]
    list_signature: Mapped[bytes | None]
    list_rows: Mapped[bytes | None] = mapped_column(deferred=True)
    one_time_key: Mapped[bytes | None]
    opening_signature: Mapped[bytes | None]
    # Until when answers are taken, as it was last announced; none: the last possible day.
    announced_last_day: Mapped[dt.date | None]
    closed_on: Mapped[dt.date | None]
    released_on: Mapped[dt.date | None]
    responses_shown: Mapped[int | None]
    responses_shown_on: Mapped[dt.date | None]
    # What custody cannot go on without, a word of survey/waves/waiting.py; it says nothing of any response.
    waits_for: Mapped[str | None] = mapped_column(String(20))


class OwnQuestionnaire(Base):
    """
    A questionnaire that an organisation brought, as its own definition.

    Cannot be learnt from a row: any answer to it, or who brought it. A wave carries a copy of the definition
    that it asks, so that what happens to this row changes no wave.
    """

    __tablename__ = "own_questionnaires"

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    definition: Mapped[bytes]  # canonical bytes, no item of which bears an id of the alliance's
    mapping: Mapped[dict[str, object]]  # own item → what it is taken for (questionnaires/mapping.py)
    report: Mapped[dict[str, object]]  # what became of each part when it was brought
    brought_on: Mapped[dt.date]


def of_a_wave() -> ForeignKeyConstraint:
    """What ties a row to its wave and to the organisation of both."""
    return ForeignKeyConstraint(["wave_id", "organisation_id"], ["waves.id", "waves.organisation_id"])


class Invitation(Base):
    """
    The right to one response, until it is exchanged.

    Cannot be learnt from a row: whose it is (the code is here only as a keyed digest), whether it is for
    paper, when it was exchanged, which credential it was exchanged for (the blinded message is random to
    whoever lacks the blinding, which never left the browser), hence which response came of it. Rows lie in
    the order of their digests, and `rewriting.py` lays them so again after exchanges. Kept so by
    tests/attacks/test_storage.py.
    """

    __tablename__ = "invitations"
    __table_args__ = (of_a_wave(), {"sqlite_with_rowid": False})

    wave_id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    code_digest: Mapped[bytes] = mapped_column(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(LENGTH))
    blinded_digest: Mapped[bytes | None]


class Trustee(Base):
    """
    Somebody who holds a share of waves' keys.

    Cannot be learnt from a row: the trustee's private key or passphrase (both stay with the trustee), or the
    bearer token, of which only the digest is here and which opens nothing. A row has one key for ever:
    whoever lost theirs gets a new row, their `successor`. `recognised` is the fingerprint of the key that the
    secretariat has confirmed to be the employees' representative's; `address` is encrypted; `key_copy` is the
    file they asked us to keep, under their passphrase and without the token.
    """

    __tablename__ = "trustees"
    __table_args__ = (UniqueConstraint("token_digest"),)

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[TrusteeRole]
    token_digest: Mapped[bytes]
    public_key: Mapped[bytes | None]
    fingerprint: Mapped[str | None] = mapped_column(String(DIGEST_HEX))
    name: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[bytes | None]
    recognised: Mapped[str | None] = mapped_column(String(DIGEST_HEX))
    successor: Mapped[str | None] = mapped_column(String(LENGTH))
    key_copy: Mapped[bytes | None]


class WaveTrustee(Base):
    """
    One numbered share of one wave's key, and what its trustee said about it.

    Cannot be learnt from a row: the share. It is sealed to the trustee's key and, in an approval, to a key
    that custody holds in memory; what stands here of the confirmation is a digest, or the digest of one.
    Paper codes are sealed to the trustee's key too.
    `declined` is the reason a trustee gave for not opening; `proven_on` the last day on which their key was
    seen to work.
    """

    __tablename__ = "wave_trustees"
    __table_args__ = (of_a_wave(),)

    wave_id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[str] = mapped_column(String(LENGTH), index=True)
    trustee_id: Mapped[str] = mapped_column(ForeignKey("trustees.id"), index=True)
    sealed_share: Mapped[bytes | None]
    confirmation_digest: Mapped[bytes | None]
    confirmed: Mapped[bool] = mapped_column(default=False)
    confirmation: Mapped[bytes | None]
    approval: Mapped[bytes | None]
    approved_list: Mapped[str | None] = mapped_column(String(DIGEST_HEX))
    paper_codes: Mapped[bytes | None]
    proven_on: Mapped[dt.date | None]
    declined: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    reminded_on: Mapped[dt.date | None]


class CustodyIdentity(Base):
    """
    Custody's public key, put here by custody itself when it starts.

    Cannot be learnt from a row: custody's private key. What a trustee's file remembers of it counts, not what
    stands here later.
    """

    __tablename__ = "custody_identities"

    fingerprint: Mapped[str] = mapped_column(String(DIGEST_HEX), primary_key=True)
    public_key: Mapped[bytes]


class StoredRelease(Base):
    """
    The published, immutable, protected tables of one wave, with custody's signature.

    Cannot be learnt from a row: more than the release says. Counts that would tell of a person were protected
    before custody wrote it. What its organisation does with it stands beside: whether it gives it to the
    alliance's figures, shows it to its people, or has taken it back for good, and why.
    """

    __tablename__ = "releases"
    __table_args__ = (of_a_wave(),)

    wave_id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(LENGTH), index=True)
    state: Mapped[ReleaseState] = mapped_column(default=ReleaseState.CURRENT)
    content: Mapped[bytes]
    signature: Mapped[bytes]
    shared_on: Mapped[dt.date | None]
    published_on: Mapped[dt.date | None]
    withdrawn_on: Mapped[dt.date | None]
    withdrawal: Mapped[str | None] = mapped_column(String(LONGEST_REASON))


class StoredEdition(Base):
    """
    The sectors' figures of one fixed day, with custody's signature; never changed.

    Cannot be learnt from a row: which organisations a figure is over. Custody alone remembers that.
    """

    __tablename__ = "editions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[dt.date]
    content: Mapped[bytes]
    signature: Mapped[bytes]


class PlannedAction(Base):
    """
    Something that an organisation means to do after a release: what, who, by when, and whether it is done.

    Cannot be learnt from a row: anything of a response. `about` is the indicator that it is meant to change.
    """

    __tablename__ = "planned_actions"
    __table_args__ = (of_a_wave(),)

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    wave_id: Mapped[str] = mapped_column(String(LENGTH), index=True)
    organisation_id: Mapped[str] = mapped_column(String(LENGTH), index=True)
    what: Mapped[str] = mapped_column(String(LONGEST_ACTION))
    who: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[dt.date]
    about: Mapped[str] = mapped_column(String(80))
    done_on: Mapped[dt.date | None]


class FollowUp(Base):
    """
    The day on which everybody who was asked hears what came of it, and how.

    Cannot be learnt from a row: anything of a response.
    """

    __tablename__ = "follow_ups"
    __table_args__ = (of_a_wave(),)

    wave_id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(LENGTH), index=True)
    day: Mapped[dt.date]
    how: Mapped[str] = mapped_column(String(LONGEST_ACTION))
