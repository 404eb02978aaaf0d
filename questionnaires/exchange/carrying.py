"""
What a format has no place for, written beside it: the difference between what was meant and what is read.

An export is read again by our own importer; wherever that falls short of the definition, a correction says
which place was read as what and what is meant. Other programs pass over the corrections. Whoever edits the
file elsewhere wins: a correction holds only where its place still reads as it did when it was written.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from questionnaires.exchange.report import Log

Step = str | int
_MOST_LEVELS: Final = 12
_ABSENT: Final = "absent"
_KEYS: Final = ("id", "code")


@dataclass(frozen=True, slots=True)
class Correction:
    """
    One place of a definition, what is read there and what is meant.

    Attributes:
        place: Names from the outside in, joined by `/`: `sections/climate/items/c01/reverse`.
        read_as: Canonical JSON of what an importer makes of the format alone, or `absent`.
        meant: JSON of what the definition says, or `absent`.
    """

    place: str
    read_as: str
    meant: str


@dataclass(frozen=True, slots=True)
class Carried:
    """
    What an export wrote beside the format.

    Attributes:
        names: `item/Q1` → `c01_taken_seriously`: names that the format is too narrow for.
        corrections: In the order of the definition.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """As rows of a sheet: place, read as, meant."""
        for name, meant in self.names.items():
            yield f"name:{name}", _ABSENT, _json(meant)
        for correction in self.corrections:
            yield correction.place, correction.read_as, correction.meant


def carried_in(rows: Iterable[tuple[str, str, str]], log: Log) -> Carried:
    """Read `rows` back; what is no correction is told of and passed over."""
    names, corrections = {}, []
    for place, read_as, meant in rows:
        value = _value(meant)
        if place.startswith("name:") and isinstance(value, str):
            names[place.removeprefix("name:")] = value
        elif place and read_as and (value is not None or meant == _ABSENT):
            corrections.append(Correction(place, read_as, meant))
        else:
            log.left_out("sheet tillid", f'"{place[:60]}" is no correction')
    return Carried(names, tuple(corrections))


def differences(read: object, meant: object, place: str = "") -> Iterator[Correction]:
    """What must be corrected in `read`, plain data, to be `meant`."""
    if _same(read, meant):
        return
    # A condition is one thing: half an edited one and half of ours would be neither.
    whole = place.endswith("/show_if") or place.startswith("conditions/")
    if isinstance(read, Mapping) and isinstance(meant, Mapping) and not whole:
        for key in dict.fromkeys([*meant, *read]):
            yield from _of_part(read, meant, key, f"{place}/{key}" if place else str(key))
    elif not whole and _keyed(read) and _keyed(meant) and list(_by_name(read)) == list(_by_name(meant)):
        named = _by_name(meant)
        for name, part in _by_name(read).items():
            yield from differences(part, named[name], f"{place}/{name}")
    else:
        yield Correction(place, _json(read), _json(meant))


def _of_part(
    read: Mapping[str, object], meant: Mapping[str, object], key: str, place: str
) -> Iterator[Correction]:
    if key in read and key in meant:
        yield from differences(read[key], meant[key], place)
    else:
        yield Correction(
            place,
            _json(read[key]) if key in read else _ABSENT,
            _json(meant[key]) if key in meant else _ABSENT,
        )


def corrected(definition: dict[str, object], carried: Carried, log: Log) -> None:
    """Make the corrections in place; one whose place has gone or was edited since is told of and not made."""
    for correction in carried.corrections:
        *way, last = correction.place.split("/")
        within = _within(definition, way[:_MOST_LEVELS])
        if within is None:
            log.left_out("sheet tillid", f"{correction.place} is not there any more")
        elif _now(within, last) != correction.read_as:
            log.changed("sheet tillid", f"{correction.place} was edited since: what stands in the form holds")
        else:
            _set(within, last, correction.meant)


Within = dict[str, object] | list[object]


def _within(value: object, way: Sequence[str]) -> Within | None:
    for name in way:
        value = _part(value, name)
    return value if isinstance(value, dict | list) else None


def _part(value: object, name: str) -> object:
    if isinstance(value, dict):
        return value.get(name)
    return _by_name(value).get(name) if isinstance(value, list) and _keyed(value) else None


def _now(within: Within, name: str) -> str:
    if isinstance(within, dict):
        return _json(within[name]) if name in within else _ABSENT
    return _json(_by_name(within)[name]) if name in _by_name(within) else _ABSENT


def _set(within: Within, name: str, meant: str) -> None:
    if isinstance(within, list):
        place = list(_by_name(within)).index(name)
        within[place] = _value(meant)
    elif meant == _ABSENT:
        within.pop(name, None)
    else:
        within[name] = _value(meant)


def _keyed(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(part, dict) and any(key in part for key in _KEYS) for part in value)
    )


def _by_name(value: object) -> dict[str, object]:
    parts = value if isinstance(value, list) else []
    return {
        str(next(part[key] for key in _KEYS if key in part)): part for part in parts if isinstance(part, dict)
    }


def _same(one: object, other: object) -> bool:
    return _json(one) == _json(other)


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _value(text: str) -> object:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value
