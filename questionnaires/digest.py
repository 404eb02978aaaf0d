"""
Canonical bytes of a definition, or of any published value, and their SHA-256.

What is hashed is what is served: a browser that checks the digest reads the very bytes it was made from.
docs/reference/formats.md says what canonical means.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from questionnaires.checking import checked_model
from questionnaires.errors import CanonicalError
from questionnaires.model import Questionnaire

JsonValue: TypeAlias = bool | int | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None
"""What canonical JSON can hold: no fractions, for no two programs write them alike."""

# Beyond this JavaScript reads another number than was written.
_GREATEST_INTEGER = 2**53 - 1


def canonical_bytes(value: JsonValue) -> bytes:
    """
    The one way to write a value: keys sorted by code point, no white space, UTF-8, whole numbers only.

    Raises:
        CanonicalError: If the value holds a fraction, a number beyond 2⁵³ − 1, half a character, a key that
            is not text, or anything that JSON has no word for.
    """
    _refuse_what_has_no_form(value, "value")
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return _encoded(text)


def read_canonical(data: bytes) -> JsonValue:
    """
    The value that was written by `canonical_bytes`, and only by it.

    Raises:
        CanonicalError: If another way of writing was used, so that a digest would not pin one text.
    """
    try:
        value: JsonValue = json.loads(data)
        written = canonical_bytes(value)
    except (ValueError, RecursionError) as error:
        raise CanonicalError("value: not canonical JSON. Write it with canonical_bytes.") from error
    if written != data:
        raise CanonicalError("value: JSON, but not canonical. Write it with canonical_bytes.")
    return value


def definition_bytes(questionnaire: Questionnaire) -> bytes:
    """The definition as it is served to the browser and hashed: all a page needs, in all languages."""
    # Fields at their default are left out: a later version with new fields hashes old definitions alike.
    return canonical_bytes(questionnaire.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def digest(questionnaire: Questionnaire) -> str:
    """SHA-256 of the definition's canonical bytes, in hexadecimal: what a manifest pins."""
    return hashlib.sha256(definition_bytes(questionnaire)).hexdigest()


def load_definition(data: bytes) -> Questionnaire:
    """
    The questionnaire whose `definition_bytes` these are.

    Raises:
        CanonicalError: If the bytes are not canonical.
        DefinitionError: If they are no definition, or one that must not be used.
    """
    return checked_model(read_canonical(data), "definition")


def _refuse_what_has_no_form(value: object, place: str) -> None:
    """`json.dumps` would write fractions, and turn keys of other types into text."""
    match value:
        case None | bool():
            pass
        case str():
            _encoded(value)
        case int():
            if abs(value) > _GREATEST_INTEGER:
                raise CanonicalError(
                    f"{place}: {value} is beyond 2⁵³ − 1, which a browser reads as another number"
                )
        case Mapping():
            for key, part in value.items():
                if not isinstance(key, str):
                    raise CanonicalError(f"{place}: the key {key!r} is not text. Write it as text.")
                _refuse_what_has_no_form(part, f"{place}.{key}")
        case list() | tuple():
            for number, part in enumerate(value):
                _refuse_what_has_no_form(part, f"{place}[{number}]")
        case _:
            raise CanonicalError(
                f"{place}: {type(value).__name__} has no canonical form. Use whole numbers or text."
            )


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise CanonicalError(
            "value: a text holds half of a surrogate pair. Write whole characters."
        ) from error
