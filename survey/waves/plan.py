"""What a steward plans for a wave, before custody turns it into a manifest."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from survey.waves.joint import Joint
from survey.waves.manifest import Count, FieldPeriod, IssuingKeyPin, Retention, Unit, WaveMode


class PlanError(Exception):
    """A plan that cannot be fielded; the message names the place and the remedy."""


class LegalBasis(StrEnum):
    """On what the organisation asks, by article 6(1) of the GDPR."""

    LEGAL_OBLIGATION = "legal_obligation"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTERESTS = "legitimate_interests"
    CONSENT = "consent"


class Notice(BaseModel):
    """What those who are asked are told by article 13 of the GDPR, until the wave is destroyed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    controller: str
    contact: str
    """How the controller is reached."""
    protection_officer: str = ""
    """The data protection officer and how to reach them; empty where there is none."""
    legal_basis: LegalBasis
    shared_on: str
    """The day by which the people who were asked are told the results."""
    corrected_on: str = ""
    """The day on which it was last corrected; empty if it never was."""


class WavePlan(BaseModel):
    """The steward's choices; the manifest's keys of the same names say what each means."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    mode: Annotated[WaveMode, Field(strict=False)] = WaveMode.INVITED
    languages: Annotated[tuple[str, ...], Field(min_length=1)]
    units: tuple[Unit, ...] = ()
    invited: Count
    """None in an open wave."""
    expected: Count = 0
    """How many a steward thinks will answer an open wave; the preview alone goes by it."""
    paper_credentials: Count = 0
    breakdowns: tuple[str, ...] = ()
    alliance_sharing: Literal["never", "steward_decides"] = "never"
    raised: dict[str, int] = Field(default_factory=dict)
    field_period: FieldPeriod
    retention: Retention = Retention(days_after_release=30, days_after_closing=60)
    quorum: Annotated[int, Field(ge=2)] = 2
    issuing_keys: tuple[IssuingKeyPin, ...] = ()
    """Filled in when the wave is drafted."""
    notice: Annotated[Notice | None, Field(strict=False)] = None
    """Stands on the wave's public page, and not in its manifest."""
    joint: Joint | None = None
    """Over which organisations, in a joint wave."""

    def value(self) -> dict[str, object]:
        """The plan as it is stored; it says nothing of others where it is for one organisation alone."""
        value: dict[str, object] = self.model_dump(mode="json", exclude=None if self.joint else {"joint"})
        return value

    @classmethod
    def from_value(cls, value: object) -> WavePlan:
        """
        The plan that `value` describes.

        Raises:
            PlanError: If something is missing or wrong.
        """
        try:
            return cls.model_validate_json(json.dumps(value))
        except ValidationError as fault:
            first = fault.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "plan"
            raise PlanError(f"plan: {place}: {first['msg']}") from fault
