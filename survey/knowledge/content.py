"""What an entry of the library says: one frozen value, whoever wrote it, and its one form in the database."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from survey.storage.library import LONGEST_ADDRESS, LONGEST_TITLE

LONGEST_TEXT: Final = 20_000
LONGEST_DESCRIPTION: Final = 300
MOST_PICTURES: Final = 5


class Kind(StrEnum):
    """What sort of thing an entry is."""

    TOOL = "tool"
    GUIDELINE = "guideline"
    CAMPAIGN = "campaign"
    RESEARCH = "research"
    HELP = "help"
    EXPERIENCE = "experience"
    PROJECT = "project"


class Facet(StrEnum):
    """What the library can be narrowed by."""

    AREA = "area"
    AUDIENCE = "audience"
    CATEGORY = "category"
    LANGUAGE = "language"
    KIND = "kind"


class Text(StrEnum):
    """What can be told about an entry, each in a text of its own, in Markdown."""

    ABOUT = "about"
    DONE = "done"
    FOR_WHOM = "for_whom"
    OUTCOME = "outcome"
    OTHERS = "others"


TOLD: Final = frozenset({Kind.EXPERIENCE, Kind.PROJECT})
"""Kinds that tell what somebody did; the others describe something that is to be had."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Picture(_Value):
    """A picture of an entry, and what it shows, for those who do not see it."""

    id: str
    description: str = Field(max_length=LONGEST_DESCRIPTION)


class Content(_Value):
    """All that an entry says."""

    kind: Kind
    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    publisher: str = Field(max_length=LONGEST_TITLE)
    url: str = Field(default="", max_length=LONGEST_ADDRESS)
    language: str
    areas: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    texts: dict[Text, str] = {}
    pictures: tuple[Picture, ...] = ()

    def stored(self) -> dict[str, object]:
        """Return it as a column holds it."""
        return self.model_dump(mode="json")

    @classmethod
    def read(cls, stored: dict[str, object]) -> Content:
        """
        Read what `stored` returned.

        Raises:
            pydantic.ValidationError: If a column holds something else.
        """
        return cls.model_validate(stored)

    def labels(self) -> frozenset[tuple[Facet, str]]:
        """What it can be found under."""
        codes = {
            Facet.AREA: self.areas,
            Facet.AUDIENCE: self.audience,
            Facet.CATEGORY: self.categories,
            Facet.LANGUAGE: (self.language,),
            Facet.KIND: (self.kind.value,),
        }
        return frozenset((facet, code) for facet, found in codes.items() for code in found)
