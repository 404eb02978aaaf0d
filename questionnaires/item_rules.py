"""What must hold for items, their options, and how those are grouped and merged."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from questionnaires.errors import Finding, did_you_mean
from questionnaires.model import (
    Group,
    Item,
    ItemType,
    Option,
    OptionKind,
    Questionnaire,
    ResponseScale,
    Section,
)

# Opened answers hold one bit per option of a multi item in a signed 32-bit number (analysis/tables.py).
MOST_OPTIONS = 31
MOST_POINTS = 100

# The one name under which tables count all who did not answer, and the one column of a CSV that is no item.
NO_ANSWER = "no_answer"
UNIT = "unit"


def item_findings(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Faults of items and of the response scales they share, in the definition's order."""
    for name, scale in questionnaire.scales.items():
        yield from _of_scale(f'scale "{name}"', scale)
    for section in questionnaire.sections:
        for item in section.items:
            yield from _of_item(questionnaire, section, item)


def repeated(names: Iterable[str]) -> list[str]:
    """Names that stand more than once."""
    return [name for name, times in Counter(names).items() if times > 1]


def _of_scale(place: str, scale: ResponseScale) -> Iterator[Finding]:
    yield from _of_options(place, scale.options)
    yield from _of_grouping(place, scale.grouping, scale.options)


def _of_item(questionnaire: Questionnaire, section: Section, item: Item) -> Iterator[Finding]:
    place = f'item "{item.id}"'
    if item.id == UNIT:
        yield Finding(place, "this name is kept for the respondent's unit", "Choose another id.")
    if item.type is ItemType.TEXT:
        yield from _of_text(place, item)
        return
    if item.scale is not None and item.scale not in questionnaire.scales:
        yield Finding(
            place,
            f'its scale is "{item.scale}", which is not declared',
            did_you_mean(item.scale, questionnaire.scales),
        )
        return
    yield from _of_where_options_stand(place, item)
    options = questionnaire.options_of(item)
    if item.scale is None:
        yield from _of_options(place, options)
        yield from _of_grouping(place, item.grouping, options)
    yield from _of_type(place, item, options)
    yield from _of_breakdown(place, section, item, options)


def _of_text(place: str, item: Item) -> Iterator[Finding]:
    yield Finding(
        place,
        "free text cannot be fielded: how somebody writes, and what happened to whom, gives them away",
        "Ask with options, or leave the item out.",
    )
    if item.options or item.scale:
        yield Finding(place, "a text item has options", "Make it single or multi.")


def _of_where_options_stand(place: str, item: Item) -> Iterator[Finding]:
    if item.scale is not None and item.options:
        yield Finding(place, "it has both a scale and options of its own", "Keep one of the two.")
    if item.type is ItemType.SCALE and item.scale is None:
        yield Finding(place, "a scale item names no scale", "Name one of the scales, or make it single.")
    if item.scale is not None and item.grouping:
        yield Finding(place, "its scale declares the grouping already", "Remove the item's grouping.")


def _of_options(place: str, options: Sequence[Option]) -> Iterator[Finding]:
    for code in repeated(option.code for option in options):
        yield Finding(place, f'two options have the code "{code}"', "Give each its own.")
    for option in options:
        if option.code == NO_ANSWER:
            yield Finding(place, f'the code "{NO_ANSWER}" is kept for tables', "Choose another, such as pna.")
    if len(options) > MOST_OPTIONS:
        yield Finding(place, f"it has {len(options)} options", f"Keep at most {MOST_OPTIONS}.")
    if sum(not option.kind.is_missing for option in options) <= 1:
        yield Finding(place, "there are not two things to choose between", "Add options that say something.")
    yield from _of_values(place, options)


def _of_values(place: str, options: Sequence[Option]) -> Iterator[Finding]:
    for option in options:
        if option.value is None:
            continue
        if option.kind is not OptionKind.SUBSTANTIVE:
            yield Finding(
                place,
                f'option "{option.code}" has a value, but is of kind {option.kind}',
                "Remove the value: an index counts answers about the matter only.",
            )
        if not 0 <= option.value <= MOST_POINTS:
            yield Finding(
                place, f'the value of option "{option.code}" is {option.value}', f"Use 0 to {MOST_POINTS}."
            )
    substantive = [option for option in options if option.kind is OptionKind.SUBSTANTIVE]
    valued = [option.value for option in substantive if option.value is not None]
    if valued and len(valued) < len(substantive):
        yield Finding(place, "some options have a value and some have none", "Give all of them one, or none.")
    if any(later <= earlier for earlier, later in pairwise(valued)):
        yield Finding(place, "values do not rise from option to option", "Order the options by value.")


def _of_grouping(place: str, grouping: Sequence[Group], options: Sequence[Option]) -> Iterator[Finding]:
    if not grouping:
        return
    yield from _of_groups(f"{place}: grouping", grouping, options)
    grouped = {code for group in grouping for code in group.codes}
    for option in options:
        if not option.kind.is_missing and option.code not in grouped:
            yield Finding(
                f"{place}: grouping", f'option "{option.code}" is in no group', "Put it into one of them."
            )
    if any(group.id == NO_ANSWER for group in grouping):
        yield Finding(f"{place}: grouping", f'the id "{NO_ANSWER}" is kept for tables', "Choose another.")


def _of_groups(place: str, groups: Sequence[Group], options: Sequence[Option]) -> Iterator[Finding]:
    """What holds for a grouping as for a rung of a ladder."""
    kinds = {option.code: option.kind for option in options}
    for group_id in repeated(group.id for group in groups):
        yield Finding(place, f'two groups have the id "{group_id}"', "Give each its own.")
    for code in repeated(code for group in groups for code in group.codes):
        yield Finding(place, f'option "{code}" is in two groups', "Keep it in one.")
    for code in (code for group in groups for code in group.codes):
        if code not in kinds:
            yield Finding(place, f'no option has the code "{code}"', did_you_mean(code, kinds))
        elif kinds[code].is_missing:
            yield Finding(
                place,
                f'option "{code}" says nothing about the matter',
                "Leave it out: tables count it as no answer.",
            )
    if len(groups) == 1:
        yield Finding(
            place,
            "there is one group only, which shows the rest by subtraction",
            "Make two or more, or none.",
        )


def _of_type(place: str, item: Item, options: Sequence[Option]) -> Iterator[Finding]:
    if item.type is ItemType.MULTI:
        yield from _of_multi(place, item, options)
    else:
        if any(option.exclusive for option in options):
            yield Finding(place, "options are exclusive, but only one can be chosen", "Remove exclusive.")
        if item.max_choices is not None:
            yield Finding(place, "max_choices is given, but only one can be chosen", "Remove it.")
    if item.type is ItemType.NUMBER:
        yield from _of_bands(place, options)
    elif any(option.band for option in options):
        yield Finding(place, "options have bands, but it does not ask for a number", "Make it a number item.")
    if item.reverse and (item.scale is None or max(_values(options), default=0) != MOST_POINTS):
        yield Finding(
            place,
            "it is reversed, but is not on a scale with values from 0 to 100",
            "Remove reverse, or give its scale values.",
        )


def _values(options: Iterable[Option]) -> list[int]:
    return [option.value for option in options if option.value is not None]


def _of_multi(place: str, item: Item, options: Sequence[Option]) -> Iterator[Finding]:
    for option in options:
        if option.kind.is_missing and not option.exclusive:
            yield Finding(
                place,
                f'option "{option.code}" says nothing, and yet can be chosen with others',
                "Mark it exclusive: true.",
            )
    together = sum(not option.exclusive for option in options)
    if item.max_choices is not None and item.max_choices > together:
        yield Finding(
            place,
            f"max_choices is {item.max_choices}, and {together} options can be chosen together",
            "Lower it, or remove it.",
        )
    if item.grouping:
        yield Finding(
            place, "options of a multi item overlap in people and cannot be grouped", "Remove the grouping."
        )


def _of_bands(place: str, options: Sequence[Option]) -> Iterator[Finding]:
    bands = [option.band for option in options if option.kind is OptionKind.SUBSTANTIVE]
    if any(band is None for band in bands) or any(
        option.kind.is_missing and option.band for option in options
    ):
        yield Finding(
            place, "each option that is a number has a band, and no other", "Add band: {least, most}."
        )
        return
    ends = [(band.least, band.most) for band in bands if band is not None]
    inner_ends_given = all(most is not None for _, most in ends[:-1]) and all(
        least is not None for least, _ in ends[1:]
    )
    follows = inner_ends_given and all(
        most is not None and least == most + 1 for (_, most), (least, _) in pairwise(ends)
    )
    rises = all(least is None or most is None or least <= most for least, most in ends)
    if not (follows and rises):
        yield Finding(
            place,
            "its bands leave gaps, overlap, or do not rise",
            "Let each begin one above the end of the one before; only the outer ends may be open.",
        )


def _of_breakdown(place: str, section: Section, item: Item, options: Sequence[Option]) -> Iterator[Finding]:
    yield from _of_merging_when_small(place, item, options)
    if item.ladder and not item.breakdown:
        yield Finding(
            place, "it has a ladder but is no breakdown", "Add breakdown: true, or remove the ladder."
        )
    if not item.breakdown:
        return
    if item.sensitive or section.sensitive or section.content_warning:
        yield Finding(
            place,
            "it is sensitive, and a breakdown says who stands in which group",
            "Remove breakdown: true.",
        )
    if item.type is ItemType.MULTI:
        yield Finding(place, "a breakdown puts each person into one group", "Make it single.")
    if item.show_if is not None or section.show_if is not None:
        yield Finding(place, "a breakdown is asked of everybody", "Remove the condition before it.")
    if not any(option.kind is OptionKind.NO_ANSWER for option in options):
        yield Finding(
            place,
            "nobody can decline to say which group they are in",
            "Add an option of kind no_answer.",
        )
    yield from _of_ladder(place, item.ladder, options)


def _of_merging_when_small(place: str, item: Item, options: Sequence[Option]) -> Iterator[Finding]:
    missing = [option.code for option in options if option.kind.is_missing]
    small = [option for option in options if option.merge_when_small is not None]
    if small and not item.breakdown:
        yield Finding(place, "options merge when small, but it is no breakdown", "Remove merge_when_small.")
    if small and len(options) - len(missing) - len(small) <= 1:
        yield Finding(place, "nothing to compare is left when options merge", "Let fewer options merge.")
    for option in small:
        if option.merge_when_small not in missing or option.kind.is_missing:
            yield Finding(
                place,
                f'option "{option.code}" merges with "{option.merge_when_small}", which is shown',
                "Name an option of kind no_answer, or write a ladder.",
            )


def _of_ladder(place: str, ladder: Sequence[Sequence[Group]], options: Sequence[Option]) -> Iterator[Finding]:
    finer: Collection[frozenset[str]] = {
        frozenset({option.code})
        for option in options
        if not option.kind.is_missing and option.merge_when_small is None
    }
    for number, rung in enumerate(ladder, start=1):
        where = f"{place}: rung {number} of its ladder"
        yield from _of_groups(where, rung, options)
        groups = {frozenset(group.codes) for group in rung}
        merged = all(group == frozenset().union(*(f for f in finer if f <= group)) for group in groups)
        if not merged or len(groups) >= len(finer):
            yield Finding(
                where,
                "it does not merge the groups of the rung above it",
                "Make each group of whole groups from above, and fewer of them.",
            )
        finer = groups
