"""LimeSurvey's question types: which come along, which do not and why, and the words of fixed options."""

from collections.abc import Mapping, Sequence
from typing import Final

SINGLE: Final = frozenset({"L", "!", "O", "5", "Y", "G"})
MULTI: Final = frozenset({"M", "P"})
ARRAYS: Final = frozenset({"F", "H", "A", "B", "C", "E"})
WITH_COMMENT: Final = frozenset({"O", "P"})

FIXED: Final[Mapping[str, Sequence[str]]] = {
    "5": "12345",
    "A": "12345",
    "B": ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10"),
    "Y": "YN",
    "G": "FM",
    "C": "YUN",
    "E": "ISD",
}
"""The codes of options that LimeSurvey supplies itself."""

_FREE_TEXT = "free text gives people away: how somebody writes, and what happened to whom"
_NUMBERS = "a number needs bands, which the format has none of: ask with options"
WHY_NOT: Final[Mapping[str, str]] = {
    "S": _FREE_TEXT,
    "T": _FREE_TEXT,
    "U": _FREE_TEXT,
    "Q": _FREE_TEXT,
    ";": _FREE_TEXT,
    "N": _NUMBERS,
    "K": _NUMBERS,
    ":": _NUMBERS,
    "D": "a day can give away who answers: ask with options",
    "R": "options cannot be ranked here",
    "|": "nothing is uploaded here: files give people away",
    "*": "nothing is worked out here from answers",
    "I": "languages are chosen on every page here",
    "1": "two scales for one row: make two arrays",
}

_WORDS: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("Y", "Y"): {"da": "Ja", "en": "Yes", "de": "Ja", "sv": "Ja", "nb": "Ja"},
    ("Y", "N"): {"da": "Nej", "en": "No", "de": "Nein", "sv": "Nej", "nb": "Nei"},
    ("C", "U"): {"da": "Usikker", "en": "Uncertain", "de": "Unsicher", "sv": "Osäker", "nb": "Usikker"},
    ("G", "F"): {"da": "Kvinde", "en": "Female", "de": "Weiblich", "sv": "Kvinna", "nb": "Kvinne"},
    ("G", "M"): {"da": "Mand", "en": "Male", "de": "Männlich", "sv": "Man", "nb": "Mann"},
    ("E", "I"): {"da": "Mere", "en": "Increase", "de": "Zunahme", "sv": "Mer", "nb": "Mer"},
    ("E", "S"): {"da": "Det samme", "en": "Same", "de": "Gleich", "sv": "Samma", "nb": "Det samme"},
    ("E", "D"): {"da": "Mindre", "en": "Decrease", "de": "Abnahme", "sv": "Mindre", "nb": "Mindre"},
}


def fixed_labels(kind: str, code: str, languages: Sequence[str]) -> dict[str, str]:
    """What LimeSurvey would show for an option of its own; numbers are the same in every language."""
    words = _WORDS.get((kind, code)) or (_WORDS.get(("Y", code)) if kind == "C" else None)
    if words is None:
        return dict.fromkeys(languages, code)
    return {language: words[language] for language in languages if language in words}
