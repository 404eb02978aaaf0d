"""
All the rules a definition must meet before anybody is asked anything by it.

Every finding is returned, not the first, each with place, fact and remedy, so that an author mends a
definition in one go. Shape comes first (`questionnaires/shape.py`); rules about items and conditions stand in
`questionnaires/item_rules.py` and `questionnaires/condition_rules.py`, those about the whole here.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from pydantic import BaseModel, ValidationError

from questionnaires.condition_rules import condition_findings
from questionnaires.errors import DefinitionError, Finding, did_you_mean
from questionnaires.item_rules import item_findings, repeated
from questionnaires.model import Item, ItemType, Layout, Questionnaire, Section, Text
from questionnaires.shape import findings_of_shape

# More than anybody answers, and a bound on the size of every envelope of a wave.
MOST_ITEMS = 200


def check(definition: object) -> tuple[Finding, ...]:
    """
    Everything that is wrong with a definition, in its own order.

    Args:
        definition: Plain data as read from a file, or a `Questionnaire`.

    Returns:
        Nothing, when the definition can be fielded. Faults of shape come alone: what the rules would say of a
        definition that cannot be read is guesswork.
    """
    if isinstance(definition, Questionnaire):
        return tuple(finding for rule in _RULES for finding in rule(definition))
    try:
        questionnaire = Questionnaire.model_validate(definition)
    except ValidationError as error:
        return tuple(findings_of_shape(error, definition))
    return check(questionnaire)


def checked_model(definition: object, source: str) -> Questionnaire:
    """
    The questionnaire that a definition describes.

    Args:
        definition: Plain data.
        source: What a message calls it: the file's name.

    Raises:
        DefinitionError: With every finding of `check`.
    """
    findings = check(definition)
    if findings:
        raise DefinitionError(source, findings)
    return Questionnaire.model_validate(definition)


def _names_stand_once(questionnaire: Questionnaire) -> Iterator[Finding]:
    named: Mapping[str, Iterable[str]] = {
        "section": (section.id for section in questionnaire.sections),
        "item": (item.id for item in questionnaire.items),
        "help line": (line.id for line in questionnaire.help_lines),
        "language": questionnaire.languages,
    }
    for kind, names in named.items():
        for name in repeated(names):
            yield Finding(f'{kind} "{name}"', "it stands more than once", "Give each its own name.")
    for item_id in questionnaire.left_out:
        if item_id in questionnaire.positions:
            yield Finding(
                f'item "{item_id}"', "it is listed as left out, but stands here", "Take it off the list."
            )
    if len(questionnaire.items) > MOST_ITEMS:
        yield Finding(
            "questionnaire", f"it has {len(questionnaire.items)} items", f"Ask at most {MOST_ITEMS}."
        )


def _texts_are_in_every_language(questionnaire: Questionnaire) -> Iterator[Finding]:
    if questionnaire.default_language not in questionnaire.languages:
        yield Finding(
            "questionnaire",
            f'default_language is "{questionnaire.default_language}", which is not among its languages',
            did_you_mean(questionnaire.default_language, questionnaire.languages),
        )
    for place, text in _texts_in(questionnaire, "questionnaire"):
        for language in questionnaire.languages:
            if language not in text:
                yield Finding(place, f'there is no text in "{language}"', "Write it, or drop the language.")
        for language in text.languages:
            if language not in questionnaire.languages:
                yield Finding(
                    place,
                    f'there is a text in "{language}"',
                    "Add the language to languages, or remove the text.",
                )


def _texts_in(value: object, place: str) -> Iterator[tuple[str, Text]]:
    """Every text below a value, each with the named thing it stands in."""
    if isinstance(value, Text):
        yield place, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            part = getattr(value, name)
            yield from _texts_in(part, f"{place}: {name}" if isinstance(part, Text) else place)
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _texts_in(part, f'scale "{name}"')
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts_in(part, _place_of(part, place))


def _place_of(value: object, place: str) -> str:
    if isinstance(value, Section | Item):
        return f'{type(value).__name__.lower()} "{value.id}"'
    name = getattr(value, "code", None) or getattr(value, "id", None)
    return f'{place}: "{name}"' if name else place


def _rules_protect_who_answers(questionnaire: Questionnaire) -> Iterator[Finding]:
    rules = questionnaire.rules
    if not rules.all_questions_optional:
        yield Finding("rules", "all_questions_optional is false", "Nobody is made to answer: set it to true.")
    if rules.free_text_allowed:
        yield Finding("rules", "free_text_allowed is true", "Free text gives people away: set it to false.")
    if rules.max_breakdowns_crossed != 1:
        yield Finding(
            "rules",
            f"max_breakdowns_crossed is {rules.max_breakdowns_crossed}",
            "Crossed groups are small groups: set it to 1.",
        )
    if not rules.quick_exit and any(item.sensitive for item in questionnaire.items):
        yield Finding("rules", "quick_exit is false, and sensitive items are asked", "Set it to true.")
    yield from _same_items(
        "rules: breakdown_items",
        rules.breakdown_items,
        [item.id for item in questionnaire.items if item.breakdown],
        mark="breakdown: true",
    )


def _lists_name_items(questionnaire: Questionnaire) -> Iterator[Finding]:
    yield from _same_items(
        "core_behaviour_items",
        questionnaire.core_behaviour_items,
        [item.id for item in questionnaire.items if item.core],
        mark="core: true",
    )
    for name, item_ids in questionnaire.subscales.items():
        for item_id in repeated(item_ids):
            yield Finding(f'subscale "{name}"', f'"{item_id}" stands in it twice', "Keep one.")
        for item_id in item_ids:
            if item_id not in questionnaire.positions:
                yield Finding(
                    f'subscale "{name}"',
                    f'it names "{item_id}", which no item is called',
                    did_you_mean(item_id, questionnaire.positions),
                )


def _same_items(
    place: str, listed: Collection[str], marked: Collection[str], *, mark: str
) -> Iterator[Finding]:
    for item_id in repeated(listed):
        yield Finding(place, f'"{item_id}" stands in it twice', "Keep one.")
    for item_id in listed:
        if item_id not in marked:
            yield Finding(
                place, f'it names "{item_id}", which is no item marked {mark}', did_you_mean(item_id, marked)
            )
    for item_id in marked:
        if item_id not in listed:
            yield Finding(
                place, f'it lacks "{item_id}", which is marked {mark}', "Add it, or remove the mark."
            )


def _what_hurts_comes_with_help(questionnaire: Questionnaire) -> Iterator[Finding]:
    for section in questionnaire.sections:
        place = f'section "{section.id}"'
        if section.content_warning and not section.skippable:
            yield Finding(place, "it begins with a warning and cannot be skipped", "Add skippable: true.")
        if section.content_warning and not section.show_help:
            yield Finding(place, "it begins with a warning and shows no help", "Add show_help: true.")
    if any(section.show_help for section in questionnaire.sections) and not questionnaire.help_lines:
        yield Finding("questionnaire", "help is to be shown, and there are no help_lines", "Add them.")
    for line in questionnaire.help_lines:
        if line.phone is None and line.url is None:
            yield Finding(f'help line "{line.id}"', "nobody can reach it", "Add a phone or a url.")
    for item in questionnaire.items:
        if item.core and not item.sensitive:
            yield Finding(
                f'item "{item.id}"', "it asks about an act and is not sensitive", "Add sensitive: true."
            )


def _sections_can_be_shown(questionnaire: Questionnaire) -> Iterator[Finding]:
    for section in questionnaire.sections:
        place = f'section "{section.id}"'
        if section.randomise:
            yield Finding(
                place,
                "its items are to come in random order",
                "Keep one order, from milder to more serious: set randomise to false.",
            )
        if section.layout is Layout.MATRIX and not any(item.type is ItemType.SCALE for item in section.items):
            yield Finding(place, "a matrix has no scale items for rows", "Set layout to list.")


def _time_and_age_make_sense(questionnaire: Questionnaire) -> Iterator[Finding]:
    minutes = questionnaire.estimated_minutes
    if minutes is not None and not 0 < minutes[0] <= minutes[1]:
        yield Finding("questionnaire", f"estimated_minutes is {list(minutes)}", "Write [fewest, most].")
    for name in ("min_age", "reference_period_months"):
        number = getattr(questionnaire, name)
        if number is not None and number <= 0:
            yield Finding("questionnaire", f"{name} is {number}", "Write a number above 0, or leave it out.")


_RULES: tuple[Callable[[Questionnaire], Iterator[Finding]], ...] = (
    _names_stand_once,
    _texts_are_in_every_language,
    _rules_protect_who_answers,
    _time_and_age_make_sense,
    item_findings,
    condition_findings,
    _lists_name_items,
    _what_hurts_comes_with_help,
    _sections_can_be_shown,
)
