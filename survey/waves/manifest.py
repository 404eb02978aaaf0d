"""
A wave's manifest: everything it promises its respondents, as public canonical JSON that cannot change later.

Format: docs/reference/formats.md, "Manifest"; the browser checks it in frontend/src/manifest.ts.
"""

from __future__ import annotations

import base64
import binascii
from datetime import date
from enum import Enum
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from typing import Annotated, Literal, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from questionnaires.digest import JsonValue, canonical_bytes
from questionnaires.errors import CanonicalError
from survey.sealing import base32, identity
from survey.sealing.envelope import FIXED, STEP
from survey.storage.models import TrusteeRole
from survey.storage.responses import LONGEST_ENVELOPE
from survey.waves.joint import FEWEST, Joint, singled_out

_ID = r"^[0-9a-hjkmnp-tv-z]{16}$"
_HEX = r"^[0-9a-f]{64}$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


class ManifestError(Exception):
    """Bytes that are not a manifest, or not the one that was promised."""


def from_b64(text: str) -> bytes:
    """
    Bytes from base64url without padding.

    Raises:
        ManifestError: If `text` is something else, or another way of writing the same bytes.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as fault:
        raise ManifestError("this is not base64url without padding") from fault
    if to_b64(data) != text:
        raise ManifestError("this is not base64url without padding")
    return data


def to_b64(data: bytes) -> str:
    """`data` in base64url without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _calendar_day(text: str) -> str:
    date.fromisoformat(text)
    return text


def _readable(text: str) -> str:
    try:
        from_b64(text)
    except ManifestError as fault:
        raise ValueError(str(fault)) from fault
    return text


Id = Annotated[str, Field(pattern=_ID)]
Hex = Annotated[str, Field(pattern=_HEX)]
Day = Annotated[str, Field(pattern=_DAY), AfterValidator(_calendar_day)]
Count = Annotated[int, Field(ge=0)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
# Keys in b64: 32 bytes; 1,216 bytes; 294 bytes.
IdentityKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$"), AfterValidator(_readable)]
WaveKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1622}$"), AfterValidator(_readable)]
IssuingPublicKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{392}$"), AfterValidator(_readable)]


class WaveMode(Enum):
    """Who may answer: those invited, or whoever meets the poster."""

    INVITED = "invited"
    OPEN = "open"


class Channel(Enum):
    """What an issuing key signs credentials for."""

    INVITATION = "invitation"
    PAPER = "paper"
    OPEN = "open"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_enum_values=False)


class OrganisationName(_Part):
    """Who asks."""

    id: Id
    name: Annotated[str, Field(min_length=1, max_length=200)]


class QuestionnairePin(_Part):
    """What is asked; the digest is of the definition as served, with these sections only."""

    id: str
    version: str
    digest: Hex
    sections: tuple[str, ...]


class Unit(_Part):
    """One unit of the organisation that a respondent may choose."""

    id: Annotated[str, Field(min_length=1, max_length=64)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    parent: str | None
    headcount: Count


class PolicyPin(_Part):
    """The disclosure policy, and the thresholds this wave raised."""

    version: str
    raised: dict[str, int]


class OptionGroup(_Part):
    """One option of a table, and the codes of the questionnaire it groups."""

    id: str
    codes: tuple[str, ...]


class PlannedTable(_Part):
    """One table that will ever be made, with its option sets from fine to coarse."""

    table: str
    kind: Literal["item", "indicator"]
    item: str
    by: str | None
    alternatives: tuple[tuple[OptionGroup, ...], ...]


class FieldPeriod(_Part):
    """First and last possible day, Europe/Copenhagen."""

    first_day: Day
    last_possible_day: Day

    @model_validator(mode="after")
    def _in_order(self) -> FieldPeriod:
        if self.first_day > self.last_possible_day:
            raise ValueError("the last possible day lies before the first; swap or move them")
        return self


class Retention(_Part):
    """Days until everything that could be opened is erased, whichever comes first."""

    days_after_release: Annotated[int, Field(ge=1, le=30)]
    days_after_closing: Annotated[int, Field(ge=1, le=60)]


class TrusteePin(_Part):
    """One trustee: number of the share, whom they stand for, fingerprint of their key."""

    number: Annotated[int, Field(ge=1, le=255)]
    role: Annotated[TrusteeRole, Field(strict=False)]
    fingerprint: Hex


class CustodyPin(_Part):
    """Custody's identity."""

    key: IdentityKey
    fingerprint: Hex

    @model_validator(mode="after")
    def _belong_together(self) -> CustodyPin:
        if identity.fingerprint(from_b64(self.key)) != self.fingerprint:
            raise ValueError("the fingerprint is not this key's")
        return self


class IssuingKeyPin(_Part):
    """A public key that signs credentials of one channel."""

    channel: Annotated[Channel, Field(strict=False)]
    key: IssuingPublicKey


class Manifest(_Part):
    """What a wave promises; see docs/reference/formats.md for each key."""

    format: Literal["tillid-manifest/1"]
    wave: Id
    organisation: OrganisationName
    mode: Annotated[WaveMode, Field(strict=False)]
    questionnaire: QuestionnairePin
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    units: tuple[Unit, ...]
    invited: Count
    paper_credentials: Count
    breakdowns: tuple[str, ...]
    alliance_sharing: Literal["never", "steward_decides"]
    policy: PolicyPin
    publication: tuple[PlannedTable, ...]
    field_period: FieldPeriod
    retention: Retention
    quorum: Annotated[int, Field(ge=2)]
    trustees: Annotated[tuple[TrusteePin, ...], Field(min_length=2)]
    custody: CustodyPin
    wave_key: WaveKey
    issuing_keys: Annotated[tuple[IssuingKeyPin, ...], Field(min_length=1)]
    # What is longer does not fit into a page of the database, and would lie there in order of arrival.
    envelope_size: Annotated[int, Field(gt=FIXED, le=LONGEST_ENVELOPE, multiple_of=STEP)]
    joint: Joint | None = None
    """Over which organisations, in a joint wave; any other manifest has no such key."""

    @model_validator(mode="after")
    def _within_reach(self) -> Manifest:
        if self.quorum > len(self.trustees):
            raise ValueError(f"a quorum of {self.quorum} cannot be reached by {len(self.trustees)} trustees")
        if len({pin.fingerprint for pin in self.trustees}) != len(self.trustees):
            raise ValueError("two trustees have the same key; each needs a key of their own")
        if [pin.number for pin in self.trustees] != list(range(1, len(self.trustees) + 1)):
            raise ValueError("the trustees are not numbered from 1 in their order; number them again")
        return self

    @model_validator(mode="after")
    def _paper_has_a_key(self) -> Manifest:
        channels = [pin.channel for pin in self.issuing_keys]
        if len(set(channels)) != len(channels):
            raise ValueError("two issuing keys have the same channel; keep one")
        if (Channel.PAPER in channels) != (self.paper_credentials > 0):
            raise ValueError("paper credentials and a key that signs them come together, or not at all")
        return self

    @model_validator(mode="after")
    def _open_as_a_whole(self) -> Manifest:
        channels = {pin.channel for pin in self.issuing_keys}
        own, other = Channel.INVITATION, Channel.OPEN
        if self.mode is WaveMode.OPEN:
            own, other = other, own
        if own not in channels or other in channels:
            raise ValueError(
                f"the mode {self.mode.value} needs a key for {own.value}, and none for {other.value}"
            )
        divided = self.invited or self.units or self.breakdowns or self.alliance_sharing != "never"
        if self.mode is WaveMode.OPEN and divided:
            raise ValueError(
                "an open wave invites nobody, is shown as a whole, and is never shared; plan it so"
            )
        return self

    @model_validator(mode="after")
    def _none_by_itself(self) -> Manifest:
        if self.joint is None:
            return self
        if self.alliance_sharing != "never":
            raise ValueError("a joint wave is no organisation, and is never shared; plan it so")
        found = next(singled_out(self.joint, self.invited, self.units), None)
        if found and self.mode is WaveMode.INVITED:
            raise ValueError(
                f"{found} has {found.people} people, who may be of fewer than {FEWEST} of the joined "
                "organisations; put it together with others"
            )
        return self

    def issuing_key(self, channel: Channel) -> bytes:
        """
        DER of the key that signs credentials of one channel.

        Raises:
            ManifestError: If the wave has none.
        """
        for pin in self.issuing_keys:
            if pin.channel is channel:
                return from_b64(pin.key)
        raise ManifestError(f"wave {self.wave}: it takes no responses of the kind {channel.value}")

    @model_validator(mode="after")
    def _one_tree_of_units(self) -> Manifest:
        parents = {unit.id: unit.parent for unit in self.units}
        if len(parents) != len(self.units):
            raise ValueError("two units have the same id; each needs an id of its own")
        for unit, parent in parents.items():
            if parent is not None and parent not in parents:
                raise ValueError(f'unit "{unit}" lies in "{parent}", which is no unit; add it')
        try:
            TopologicalSorter({unit: () if up is None else (up,) for unit, up in parents.items()}).prepare()
        except CycleError as fault:
            raise ValueError(f"these units lie in one another: {', '.join(fault.args[1])}") from fault
        return self

    def to_bytes(self) -> bytes:
        """The canonical bytes that are hashed, signed and served."""
        return canonical_bytes(self.model_dump(mode="json", exclude=None if self.joint else {"joint"}))


def digest(data: bytes) -> bytes:
    """The digest that everything is bound to, 32 bytes."""
    return sha256(data).digest()


def pin(manifest_digest: bytes) -> str:
    """The 80 bits that stand in every invitation link and on every card, 16 symbols."""
    return base32.encode(manifest_digest[:10])


def from_value(value: object) -> Manifest:
    """
    The manifest that a JSON value describes.

    Raises:
        ManifestError: If something is missing or wrong; the message names the place.
    """
    try:
        # It refuses whatever is no JSON value.
        data = canonical_bytes(cast("JsonValue", value))
    except CanonicalError as fault:
        raise ManifestError(f"manifest: {fault}") from fault
    return from_bytes(data)


def from_bytes(data: bytes) -> Manifest:
    """
    The manifest that `data` holds.

    Raises:
        ManifestError: If it is not valid, or not in canonical form.
    """
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "manifest"
        what = first["msg"].removeprefix("Value error, ")
        raise ManifestError(
            f"manifest: {place}: {what}. Take it unchanged from the wave's page, or plan the wave again."
        ) from fault
    try:
        canonical = manifest.to_bytes() == data
    except CanonicalError as fault:
        raise ManifestError(f"manifest: {fault}") from fault
    if not canonical:
        raise ManifestError("manifest: it is not in canonical form; take it unchanged from the wave's page")
    return manifest
