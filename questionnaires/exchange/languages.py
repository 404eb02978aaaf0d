"""Languages by the names people give them in other formats, as two-letter codes."""

import re
from contextlib import suppress
from functools import cache

from babel import Locale, UnknownLocaleError

_IN_BRACKETS = re.compile(r"\(([A-Za-z]{2})(?:[-_][A-Za-z]{2,8})?\)\s*$")
_CODE = re.compile(r"^([A-Za-z]{2})(?:[-_][A-Za-z0-9]{2,8})*$")


def language_code(name: str) -> str | None:
    """The code in `English (en)`, `en`, `en-GB`, `Dansk`, `Danish`; None if nothing of that is there."""
    text = name.strip()
    if found := _IN_BRACKETS.search(text) or _CODE.match(text):
        code = found.group(1).lower()
        return code if code in _known().values() else None
    return _known().get(text.lower())


def language_name(code: str) -> str:
    """What the language calls itself, with its code: `Dansk (da)`."""
    called = Locale("en").languages.get(code, code)
    with suppress(UnknownLocaleError):  # Babel has no data of some languages
        called = Locale(code).get_language_name(code) or called
    return f"{called[:1].upper()}{called[1:]} ({code})"


@cache
def _known() -> dict[str, str]:
    """Names of all languages with a two-letter code, in English, in Danish and in themselves."""
    known: dict[str, str] = {}
    for spoken in ("en", "da"):
        known |= {name.lower(): code for code, name in Locale(spoken).languages.items() if len(code) == 2}  # noqa: PLR2004  two letters
    for code in (
        "da",
        "sv",
        "nb",
        "nn",
        "fi",
        "is",
        "de",
        "fr",
        "es",
        "it",
        "pl",
        "nl",
        "pt",
        "uk",
        "ar",
        "tr",
    ):
        known[(Locale(code).get_language_name(code) or code).lower()] = code
    return known | {"norsk": "nb", "norwegian": "nb"}
