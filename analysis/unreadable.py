"""
What is wrong with a file that should be a release, in the words of whoever has the file.

A reader has not written it and cannot mend it: whatever it is, it was changed or cut off on its way to them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import ValidationError

from questionnaires.digest import JsonValue, canonical_bytes

REMEDY: Final = "Fetch the file again from where it was published, and save it unchanged."
_FORMAT: Final = "tillid-release/1"
_GREATEST: Final = 2**53 - 1
_LONGEST: Final = 60
_SHORT: Final = 20
_KINDS: Final = {
    "missing": "it is missing",
    "extra_forbidden": "a release has nothing of that name",
    "literal_error": "it is not {expected}",
    "greater_than_equal": "it is less than {ge}",
    "less_than_equal": "it is more than {le}",
    "multiple_of": "it is no multiple of {multiple_of}",
    "string_pattern_mismatch": "it is not written as it is in a release",
    "string_too_short": "it is empty",
    "string_too_long": "it is longer than {max_length} characters",
    "too_short": "it has fewer parts than it must",
    "too_long": "it has more parts than it may",
    "int_type": "it is no whole number",
    "bool_type": "it is neither true nor false",
    "string_type": "it is no text",
    "value_error": "{error}",
}
"""By the name that the model gives a fault; what has none of these is no list or object where one belongs."""


def fault_of_bytes(data: bytes) -> str:
    """Place and fact of what keeps bytes from being read as a release's canonical JSON."""
    if not data.strip():
        return "it is empty"
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return f"byte {error.start + 1}: it is no text, and so no JSON"
    try:
        value: JsonValue = json.loads(text)
    except json.JSONDecodeError as error:
        return _no_json(text, error)
    except RecursionError:
        return "it has more brackets within one another than a release"
    except ValueError:
        return "it has a number of thousands of digits"
    return _of_value(value) or _formatting(data, value)


def fault_of_model(data: bytes, error: ValidationError) -> str:
    """Place and fact of the first thing in canonical JSON that is not what a release has there."""
    value: JsonValue = json.loads(data)
    if no_release := _no_release(value):
        return no_release
    first = error.errors(include_url=False, include_input=False)[0]
    fact = _KINDS.get(first["type"], "it is not of the kind that a release has there")
    words = {"expected": "", **first.get("ctx", {})}
    words["expected"] = words["expected"].replace("'", '"')
    return f"{_place(value, first['loc'])}: {fact.format(**words)}"


def _no_json(text: str, error: json.JSONDecodeError) -> str:
    if not text[error.pos :].strip() or error.msg.startswith("Unterminated string"):
        end = text.rstrip()
        line, column = end.count("\n") + 1, len(end) - end.rfind("\n") - 1
        return f"line {line}, column {column}: it ends in the middle; it is cut off"
    found = _printable(text[error.pos : error.pos + _SHORT].splitlines()[0])
    return f'line {error.lineno}, column {error.colno}: "{found}" is no JSON'


def _of_value(value: JsonValue) -> str | None:
    """What in a value no release can hold, wherever it stands."""
    if no_release := _no_release(value):
        return no_release
    odd = next(_odd_numbers(value, ()), None)
    return None if odd is None else f"{_place(value, odd)}: it is no whole number, or too large a one"


def _no_release(value: JsonValue) -> str | None:
    if not isinstance(value, dict):
        return "it is JSON, but no release: a release is one object, in { and }"
    if "format" not in value:
        return f'it is JSON, but no release: a release says "format": "{_FORMAT}"'
    if value["format"] != _FORMAT:
        return f'format: it is not "{_FORMAT}"; a newer Tillid may know it'
    return None


def _odd_numbers(value: object, place: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > _GREATEST):
        yield place
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _odd_numbers(part, (*place, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _odd_numbers(part, (*place, number))


def _formatting(data: bytes, value: JsonValue) -> str:
    """Where it is first written in another way than custody writes."""
    try:
        written = canonical_bytes(value)
    except ValueError:
        return "a text in it holds half a character"
    same = next((at for at, (a, b) in enumerate(zip(data, written, strict=False)) if a != b), len(written))
    before = data[:same].decode(errors="ignore")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return (
        f"line {line}, column {column}: its figures may be the same, but it was written anew there: blanks,"
        " ends of lines, or the order of its parts are not custody's"
    )


def _place(value: JsonValue, location: Sequence[str | int]) -> str:
    """Where it is, part by part, counted from 0; the table by its name too."""
    path = _printable(".".join(map(str, location))) or "as a whole"
    match value, tuple(location):
        case {"tables": list(tables)}, ("tables", int(number), *_) if number < len(tables):
            table = tables[number]
            name = table.get("id") if isinstance(table, dict) else None
            return f'{path} (table "{_printable(name)}")' if isinstance(name, str) else path
    return path


def _printable(text: str) -> str:
    """A text from a file, short and without what a terminal would obey."""
    return "".join(character if character.isprintable() else "?" for character in text[:_LONGEST])
