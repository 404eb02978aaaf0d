"""What must hold for conditions: what they refer to exists, stands earlier, and does not go in circles."""

from collections.abc import Iterator, Sequence

from questionnaires.conditions import items_read, parts_of
from questionnaires.errors import Finding, did_you_mean
from questionnaires.model import Condition, ItemTest, ItemType, Questionnaire, Ref, Section, TestKind

_FOR_MULTI = frozenset({TestKind.INCLUDES_ANY, TestKind.INCLUDES_NONE})


def condition_findings(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Faults of named conditions, then of each `show_if` in the definition's order."""
    for name, condition in questionnaire.conditions.items():
        place = f'condition "{name}"'
        yield from _of_parts(place, condition, questionnaire)
        if _leads_back(name, questionnaire):
            yield Finding(place, "it refers to itself, if through others", "Break the circle.")
    for section in questionnaire.sections:
        yield from _of_section(section, questionnaire)


def _of_section(section: Section, questionnaire: Questionnaire) -> Iterator[Finding]:
    first = questionnaire.positions[section.items[0].id]
    if section.show_if is not None:
        yield from _of_show_if(f'section "{section.id}"', section.show_if, first, questionnaire)
    for item in section.items:
        if item.show_if is not None:
            position = questionnaire.positions[item.id]
            yield from _of_show_if(f'item "{item.id}"', item.show_if, position, questionnaire)


def _of_show_if(
    place: str, condition: Condition, position: int, questionnaire: Questionnaire
) -> Iterator[Finding]:
    yield from _of_parts(place, condition, questionnaire)
    for item_id in sorted(items_read(condition, questionnaire)):
        if questionnaire.positions.get(item_id, -1) >= position:
            yield Finding(
                place,
                f'show_if asks about "{item_id}", which does not stand before it',
                "Move one of the two, or ask about an earlier item.",
            )


def _of_parts(place: str, condition: Condition, questionnaire: Questionnaire) -> Iterator[Finding]:
    # Without the named conditions: each is looked at once, in its own place.
    for part in parts_of(condition, {}):
        if isinstance(part, Ref) and part.ref not in questionnaire.conditions:
            yield _unknown(place, part.ref, questionnaire)
        elif isinstance(part, ItemTest):
            yield from _of_test(place, part, questionnaire)


def _unknown(place: str, name: str, questionnaire: Questionnaire) -> Finding:
    return Finding(
        place,
        f'it refers to "{name}", which is no condition',
        did_you_mean(name, questionnaire.conditions),
    )


def _of_test(place: str, test: ItemTest, questionnaire: Questionnaire) -> Iterator[Finding]:
    for item_id in test.items:
        if item_id in questionnaire.positions:
            yield from _of_test_of_item(place, test, item_id, questionnaire)
        elif item_id not in questionnaire.left_out:
            yield Finding(
                place,
                f'it asks about "{item_id}", which no item is called',
                did_you_mean(item_id, questionnaire.positions),
            )


def _of_test_of_item(
    place: str, test: ItemTest, item_id: str, questionnaire: Questionnaire
) -> Iterator[Finding]:
    item = questionnaire.item(item_id)
    if item.scale is not None and item.scale not in questionnaire.scales:
        return  # said of the item
    codes: Sequence[str] = [option.code for option in questionnaire.options_of(item)]
    for code in test.codes:
        if code not in codes:
            yield Finding(place, f'item "{item_id}" has no option "{code}"', did_you_mean(code, codes))
    is_multi = item.type is ItemType.MULTI
    if test.kind is TestKind.IN and is_multi:
        yield Finding(
            place, f'"in" is asked of "{item_id}", where several can be chosen', "Ask includes_any."
        )
    if test.kind in _FOR_MULTI and not is_multi:
        yield Finding(
            place,
            f'"{test.kind}" is asked of "{item_id}", where one is chosen',
            "Ask in, under not for none.",
        )


def _leads_back(name: str, questionnaire: Questionnaire) -> bool:
    """Whether following the condition's references comes to itself."""
    return any(
        isinstance(part, Ref) and part.ref == name
        for part in parts_of(questionnaire.conditions[name], questionnaire.conditions)
    )
