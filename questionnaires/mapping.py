"""
An organisation's own items taken for the alliance's, where somebody says so.

The same id is the same construct everywhere: a mapped item takes the alliance's id, codes, values and marks,
and keeps its own words. So indicators need to know nothing of mappings, and an item that is not mapped must
not bear an id of the alliance's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from questionnaires.checking import check
from questionnaires.errors import DefinitionError, Finding
from questionnaires.model import Item, ItemType, Questionnaire

Plain = dict[str, object]
_MARKS: Final = (
    "sensitive",
    "content_warning",
    "reverse",
    "core",
    "ambient",
    "severe",
    "max_choices",
    "cites",
)
_LONGEST: Final = 64
Change = Callable[[Plain], Plain]


@dataclass(frozen=True, slots=True)
class ItemMapping:
    """
    One own item, taken for one of the alliance's.

    Attributes:
        target: Id of the alliance's item.
        codes: Each own option's code → the code of the alliance's option that says the same.
    """

    target: str
    codes: Mapping[str, str]


def mapped(
    questionnaire: Questionnaire, mappings: Mapping[str, ItemMapping], alliance: Questionnaire
) -> Questionnaire:
    """
    The questionnaire with its mapped items in the place of the alliance's.

    Args:
        questionnaire: An organisation's own, from `with_own_names`.
        mappings: Own item → what it is taken for.
        alliance: The definition that the targets are of.

    Raises:
        DefinitionError: With everything that keeps the two from being the same thing.
    """
    findings = list(_faults(questionnaire, mappings, alliance))
    if findings:
        raise DefinitionError("mapping", findings)
    definition = _plain(questionnaire)
    scales = cast("dict[str, object]", definition.setdefault("scales", {}))
    for item in _items_of(definition):
        mapping = mappings.get(str(item["id"]))
        if mapping is not None:
            _take_for(item, mapping, questionnaire, alliance, scales)
    if not scales:
        del definition["scales"]
    _rename_conditions(definition, mappings)
    return _finished(definition)


def with_own_names(questionnaire: Questionnaire, taken: Collection[str]) -> Questionnaire:
    """The questionnaire with another id for every item that bears one of those, by chance or not."""
    ids = set(questionnaire.positions) | set(taken)
    renamed: dict[str, str] = {}
    for item in questionnaire.items:
        if item.id in taken:
            renamed[item.id] = _free(f"own_{item.id}", ids)
            ids.add(renamed[item.id])
    definition = _plain(questionnaire)
    for plain in _items_of(definition):
        plain["id"] = renamed.get(str(plain["id"]), plain["id"])
    _rename_lists(definition, renamed)
    _each_condition(definition, lambda part: _with_names(part, renamed))
    return _finished(definition)


def _finished(definition: Plain) -> Questionnaire:
    findings = check(definition)
    if findings:
        raise DefinitionError("mapping", findings)
    return Questionnaire.model_validate(definition)


def _free(wanted: str, taken: Collection[str]) -> str:
    number, name = 1, wanted[:_LONGEST]
    while name in taken:
        number += 1
        name = f"{wanted[: _LONGEST - 3]}_{number}"
    return name


# ── what must hold ─────────────────────────────────────────────────────────────────────────────────────────


def _faults(
    questionnaire: Questionnaire, mappings: Mapping[str, ItemMapping], alliance: Questionnaire
) -> Iterator[Finding]:
    targets = [mapping.target for mapping in mappings.values()]
    for own, mapping in mappings.items():
        place = f'item "{own}"'
        if own not in questionnaire.positions or mapping.target not in alliance.positions:
            yield Finding(
                place, f'it or "{mapping.target}" is not there', "Choose among the questions shown."
            )
        elif targets.count(mapping.target) > 1:
            yield Finding(
                place, f'"{mapping.target}" is taken by another question too', "Keep one of the two."
            )
        else:
            yield from _of_pair(place, questionnaire, own, mapping, alliance)


def _of_pair(
    place: str, questionnaire: Questionnaire, own: str, mapping: ItemMapping, alliance: Questionnaire
) -> Iterator[Finding]:
    item, target = questionnaire.item(own), alliance.item(mapping.target)
    if (item.type is ItemType.MULTI) != (target.type is ItemType.MULTI) or target.type is ItemType.NUMBER:
        yield Finding(
            place, "one of the two takes several answers, and the other one", "They are not the same."
        )
        return
    meant = {option.code: option for option in alliance.options_of(target)}
    chosen = [mapping.codes.get(option.code, "") for option in questionnaire.options_of(item)]
    for option, code in zip(questionnaire.options_of(item), chosen, strict=True):
        if code not in meant:
            yield Finding(
                place, f'the answer "{option.code}" is not matched', "Choose what it is the same as."
            )
        elif chosen.count(code) > 1:
            yield Finding(place, f'two answers are matched with "{code}"', "Each is the same as one only.")
    for code, option in meant.items():
        if code not in chosen and not option.kind.is_missing:
            yield Finding(
                place, f'no answer is matched with "{code}"', "Without it the figures mean something else."
            )


# ── taking one for the other ───────────────────────────────────────────────────────────────────────────────


def _take_for(
    item: Plain,
    mapping: ItemMapping,
    questionnaire: Questionnaire,
    alliance: Questionnaire,
    scales: dict[str, object],
) -> None:
    own, target = questionnaire.item(str(item["id"])), alliance.item(mapping.target)
    options = _options(own, mapping, questionnaire, target, alliance)
    for name in ("scale", "options", "grouping", "ladder", "breakdown", *_MARKS):
        item.pop(name, None)
    said = target.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    item |= {"id": target.id, "type": said["type"], "construct": said["construct"]}
    item |= {name: said[name] for name in _MARKS if name in said}
    if target.scale is None:
        item |= {"options": options} | _grouping(said.get("grouping"), questionnaire)
    else:
        declared = alliance.scales[target.scale].model_dump(mode="json", exclude_defaults=True)
        scale = {"options": options} | _grouping(declared.get("grouping"), questionnaire)
        item["scale"] = _scale_named(target.scale, scale, scales)


def _options(
    own: Item, mapping: ItemMapping, questionnaire: Questionnaire, target: Item, alliance: Questionnaire
) -> list[Plain]:
    """The alliance's options with the organisation's words, in the alliance's order."""
    words = {mapping.codes[option.code]: option.label for option in questionnaire.options_of(own)}
    return [
        {
            **option.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            "label": words[option.code].model_dump(mode="json"),
        }
        for option in alliance.options_of(target)
        if option.code in words
    ]


def _grouping(grouping: object, questionnaire: Questionnaire) -> Plain:
    if not isinstance(grouping, list):
        return {}
    return {"grouping": [{**group, "label": _spoken(group["label"], questionnaire)} for group in grouping]}


def _spoken(label: Mapping[str, str], questionnaire: Questionnaire) -> dict[str, str]:
    """A label of the alliance's in the questionnaire's languages; English where the alliance lacks one."""
    return {language: label.get(language, label["en"]) for language in questionnaire.languages}


def _scale_named(wanted: str, scale: Plain, scales: dict[str, object]) -> str:
    name, number = wanted, 1
    while name in scales and scales[name] != scale:
        number += 1
        name = f"{wanted[: _LONGEST - 3]}_{number}"
    scales[name] = scale
    return name


# ── names in lists and conditions ──────────────────────────────────────────────────────────────────────────


def _rename_conditions(definition: Plain, mappings: Mapping[str, ItemMapping]) -> None:
    names = {own: mapping.target for own, mapping in mappings.items()}
    _rename_lists(definition, names)
    core = [str(item["id"]) for item in _items_of(definition) if item.get("core")]
    if core:
        definition["core_behaviour_items"] = core
    _each_condition(definition, lambda part: _split(part, mappings))


def _rename_lists(definition: Plain, names: Mapping[str, str]) -> None:
    rules, subscales = definition.get("rules"), definition.get("subscales")
    _rename_in(definition, ("core_behaviour_items", "left_out"), names)
    if isinstance(rules, dict):
        _rename_in(rules, ("breakdown_items",), names)
    if isinstance(subscales, dict):
        _rename_in(subscales, tuple(subscales), names)


def _rename_in(holder: Plain, lists: Collection[str], names: Mapping[str, str]) -> None:
    for name in lists:
        if name in holder:
            holder[name] = [names.get(item, item) for item in cast("list[str]", holder[name])]


def _each_condition(definition: Plain, change: Change) -> None:
    named = definition.get("conditions")
    if isinstance(named, dict):
        definition["conditions"] = {name: _changed(part, change) for name, part in named.items()}
    for section in cast("list[Plain]", definition["sections"]):
        for holder in (section, *cast("list[Plain]", section["items"])):
            if "show_if" in holder:
                holder["show_if"] = _changed(holder["show_if"], change)


def _changed(part: object, change: Change) -> object:
    match part:
        case {"all": list() as parts}:
            return {"all": [_changed(inner, change) for inner in parts]}
        case {"any": list() as parts}:
            return {"any": [_changed(inner, change) for inner in parts]}
        case {"not": inner}:
            return {"not": _changed(inner, change)}
        case {"items": _}:
            return change(cast("Plain", part))
    return part


def _with_names(test: Plain, names: Mapping[str, str]) -> Plain:
    return {**test, "items": [names.get(item, item) for item in cast("list[str]", test["items"])]}


def _split(test: Plain, mappings: Mapping[str, ItemMapping]) -> Plain:
    """A test of several items asks each by itself, since each may have other codes now."""
    items = cast("list[str]", test["items"])
    if not any(item in mappings for item in items):
        return test
    parts = [_recoded({**test, "items": [item]}, mappings.get(item)) for item in items]
    return parts[0] if len(parts) == 1 else {"all" if "includes_none" in test else "any": parts}


def _recoded(test: Plain, mapping: ItemMapping | None) -> Plain:
    if mapping is None:
        return test
    renamed: Plain = {"items": [mapping.target]}
    for kind, codes in test.items():
        if kind != "items":
            renamed[kind] = [mapping.codes[code] for code in codes] if isinstance(codes, list) else codes
    return renamed


def _plain(questionnaire: Questionnaire) -> Plain:
    return questionnaire.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _items_of(definition: Plain) -> Iterator[Plain]:
    for section in cast("list[Plain]", definition["sections"]):
        yield from cast("list[Plain]", section["items"])
