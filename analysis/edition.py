"""
An edition as everybody may read it: figures over several organisations, immutable canonical JSON.

Format: docs/reference/formats.md, "Edition"; schema: docs/reference/schemas/edition.schema.json.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from questionnaires.digest import canonical_bytes, read_canonical
from questionnaires.errors import CanonicalError

_Word = Annotated[str, Field(max_length=120)]
_Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
_Tenths = Annotated[int, Field(ge=0, le=1_000)]
_Count = Annotated[int, Field(ge=0)]


MEAN = "mean"


class EditionError(ValueError):
    """Bytes that are no edition; says place, fact and remedy."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Where(_Part):
    """
    Which organisations a figure is over: those of one year, all or of one area, sector and size.

    Attributes:
        sector: Scheme, version and code in one word; empty for all.
        size: A band of how many were asked; empty for all.
    """

    year: Annotated[int, Field(ge=2000, le=9999)]
    area: _Word = ""
    sector: _Word = ""
    size: _Word = ""

    @property
    def key(self) -> tuple[int, str, str, str]:
        """What tells one from another."""
        return self.year, self.area, self.sector, self.size

    @property
    def depth(self) -> int:
        """How many of the three narrow it."""
        return sum(map(bool, self.key[1:]))


class Answer(_Part):
    """
    One option of an indicator, in tenths of a per cent of those who answered; or `mean`, of a point.

    Where one person may have several (who did it, I07), of all that were named: they sum to about 1,000.
    Whole numbers, so that the same edition gives the same bytes on every machine.

    Attributes:
        lower, upper: 95 per cent, for the sector.
        next_lower, next_upper: 95 per cent, for one more organisation of it.
        error: The standard error, for whoever compares.
        icc: How alike people of one organisation are, in per cent; None where the noise hides it.
    """

    id: _Word
    estimate: _Tenths
    lower: _Tenths
    upper: _Tenths
    next_lower: _Tenths
    next_upper: _Tenths
    error: _Tenths
    icc: Annotated[int, Field(ge=0, le=100)] | None


class Figure(_Part):
    """One indicator somewhere. `edition` is the one that made it: what may not be made anew stands."""

    indicator: _Word
    where: Where
    edition: Annotated[int, Field(ge=1)]
    organisations: _Count
    respondents: _Count
    answers: tuple[Answer, ...]


class Withheld(_Part):
    """A figure that is not told, and why: by who it would be over, never by what they say."""

    indicator: _Word
    where: Where
    objection: _Word


class Edition(_Part):
    """All figures of one fixed day; `synthetic` where invented organisations are among them."""

    format: Literal["tillid-edition/1"] = "tillid-edition/1"
    number: Annotated[int, Field(ge=1)]
    day: _Day
    policy: _Word
    synthetic: bool
    figures: tuple[Figure, ...]
    withheld: tuple[Withheld, ...]


def to_bytes(edition: Edition) -> bytes:
    """Canonical JSON: the same edition gives the same bytes."""
    return canonical_bytes(edition.model_dump(mode="json"))


def from_bytes(content: bytes) -> Edition:
    """
    The edition that these bytes are.

    Raises:
        EditionError: If they are none, or of another version of the format.
    """
    try:
        return Edition.model_validate_json(canonical_bytes(read_canonical(content)))
    except (CanonicalError, ValidationError) as fault:
        raise EditionError(f"edition: {fault}; fetch it anew from the alliance's figures") from fault
