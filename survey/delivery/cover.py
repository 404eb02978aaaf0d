"""The words around an invitation's link: to start from, edited by a steward, filled in by us."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from survey.delivery.message import BETWEEN, Message

TEXTS: Final = Path(__file__).parents[2] / "templates" / "stewardship" / "texts"
LINK: Final = "{link}"
PLACES: Final = (LINK, "{organisation}", "{last_day}")
TOGETHER: Final = "{organisations}"
"""In a joint wave also over whom it is, such as “58 small theatres”."""
"""What a steward may write, to have it filled in."""
_PLACE: Final = re.compile(r"\{(link|organisations?|last_day)\}")
_WITHIN_A_PARAGRAPH: Final = re.compile(r"(?<!\n)\n(?!\n)")


class Occasion(StrEnum):
    """Why somebody is written to."""

    INVITATION = "invitation"
    REMINDER = "reminder"


class Readers(StrEnum):
    """To whom the words to start from speak."""

    STAFF = "staff"
    PUPILS = "pupils"
    VOLUNTEERS = "volunteers"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Cover:
    """A subject and a text, with places that are filled in."""

    subject: str
    text: str


Covers = Mapping[str, Mapping[Occasion, Cover]]
"""By language and occasion."""


@cache
def to_start_from(readers: Readers, language: str) -> Mapping[Occasion, Cover]:
    """Good words for each occasion; in English where a language has none."""
    known = language if language in ("da", "en") else "en"
    return {occasion: _read(f"{occasion.value}.{readers.value}.{known}.txt") for occasion in Occasion}


def covers_of(stored: Mapping[str, object], languages: tuple[str, ...], readers: Readers) -> Covers:
    """What a wave's mails say: as stored, and the words to start from where nothing is."""
    return {language: _of(stored.get(language), to_start_from(readers, language)) for language in languages}


def stored_value(covers: Covers) -> dict[str, object]:
    """Covers as they are stored."""
    return {
        language: {
            occasion.value: {"subject": cover.subject, "text": cover.text}
            for occasion, cover in by_occasion.items()
        }
        for language, by_occasion in covers.items()
    }


def mail(covers: Covers, occasion: Occasion, values: Mapping[str, Mapping[str, str]]) -> Message:
    """
    Write one mail: all languages, one below the other, under the first one's subject.

    `values` has, by language, what each place is filled with.
    """
    filled = [
        (_filled(by[occasion].subject, values[language]), _filled(by[occasion].text, values[language]))
        for language, by in covers.items()
    ]
    return Message(" ".join(filled[0][0].split()), BETWEEN.join(text.strip() for _, text in filled) + "\n")


def _filled(words: str, values: Mapping[str, str]) -> str:
    # In one go: what is filled in is never looked through for places.
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), words)


def _read(name: str) -> Cover:
    subject, text = (TEXTS / name).read_text("utf-8").strip().split("\n", 1)
    # A line ends where its reader's window does.
    return Cover(subject, _WITHIN_A_PARAGRAPH.sub(" ", text.strip()))


def _of(stored: object, start: Mapping[Occasion, Cover]) -> Mapping[Occasion, Cover]:
    found = dict(start)
    for occasion in Occasion:
        match stored.get(occasion.value) if isinstance(stored, dict) else None:
            case {"subject": str() as subject, "text": str() as text}:
                found[occasion] = Cover(subject, text)
    return found
