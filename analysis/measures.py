"""
What can be counted in a questionnaire: each of its items, and each indicator that it has the items for.

Read by analysis/plan.py before the first response and by analysis/coding.py after the last, so that what is
promised and what is counted are the same thing.
"""

from collections.abc import Iterator, Mapping
from typing import assert_never

from analysis.indicators import (
    INDICATORS,
    NO,
    SCORE_GROUPS,
    SCORES,
    YES,
    AllOf,
    AnyOf,
    GroupChosen,
    GroupsOf,
    Indicator,
    OneOf,
    Score,
)
from analysis.tables import NO_ANSWER, Measure, OptionGroup, OptionSet, TableKind
from questionnaires.conditions import items_read
from questionnaires.model import Condition, Group, Item, ItemType, Questionnaire


def measures_of(questionnaire: Questionnaire) -> dict[str, Measure]:
    """Everything that can be counted, by id: items in the definition's order, then indicators in theirs."""
    items = (
        item_measure(questionnaire, item) for item in questionnaire.items if item.type is not ItemType.TEXT
    )
    indicators = (_indicator_measure(questionnaire, indicator) for indicator in indicators_of(questionnaire))
    return {measure.id: measure for measure in (*items, *indicators)}


def indicators_of(questionnaire: Questionnaire) -> Iterator[Indicator]:
    """The indicators whose items are all asked, in order."""
    for indicator in INDICATORS:
        if all(item_id in questionnaire.positions for item_id in indicator.rule.items):
            yield indicator


def item_measure(questionnaire: Questionnaire, item: Item) -> Measure:
    """The item as something that is counted: every option that says something is a code."""
    options = [option for option in questionnaire.options_of(item) if not option.kind.is_missing]
    return Measure(
        id=item.id,
        kind=TableKind.ITEM,
        items=(item.id,),
        codes=tuple(option.code for option in options),
        multiple=item.type is ItemType.MULTI,
        exclusive=tuple(option.code for option in options if option.exclusive),
        sensitive=_is_sensitive(questionnaire, item),
    )


def guard_of(questionnaire: Questionnaire, item_id: str) -> tuple[Condition, ...]:
    """Conditions that must all hold before the item is asked: its section's, then its own. Mostly none."""
    section, item = questionnaire.section_of(item_id), questionnaire.item(item_id)
    return tuple(dict.fromkeys(c for c in (section.show_if, item.show_if) if c is not None))


def option_sets(questionnaire: Questionnaire, measure: Measure) -> tuple[OptionSet, ...]:
    """
    How a table of the measure can group its codes, from fine to coarse.

    An item: every option by itself, then the grouping its scale declares. An indicator has one option set.
    """
    if measure.kind is TableKind.INDICATOR:
        return (_indicator_options(measure),)
    item = questionnaire.item(measure.id)
    missing = tuple(option.code for option in questionnaire.options_of(item) if option.kind.is_missing)
    groupings = [questionnaire.separately(item)]
    if not measure.multiple:
        groupings.append(questionnaire.grouping_of(item))
    return tuple(dict.fromkeys(_options(grouping, missing) for grouping in groupings))


def _options(grouping: tuple[Group, ...], missing: tuple[str, ...]) -> OptionSet:
    groups = tuple(OptionGroup(group.id, group.codes) for group in grouping)
    return (*groups, OptionGroup(NO_ANSWER, missing))


def _indicator_options(measure: Measure) -> OptionSet:
    groups = [OptionGroup(code, (code,)) for code in measure.codes]
    if measure.scores:
        groups = [
            OptionGroup(name, tuple(str(score) for score in measure.scores if least <= score <= most))
            for name, (least, most) in SCORE_GROUPS.items()
        ]
    return (*groups, OptionGroup(NO_ANSWER, ()))


def _is_sensitive(questionnaire: Questionnaire, item: Item) -> bool:
    """Marked so, or asked only of those whom sensitive answers led there: being asked tells of those."""
    if item.sensitive or questionnaire.section_of(item.id).sensitive:
        return True
    read = {
        item_id
        for condition in guard_of(questionnaire, item.id)
        for item_id in items_read(condition, questionnaire)
        if item_id in questionnaire.positions
    }
    return any(_is_sensitive(questionnaire, questionnaire.item(item_id)) for item_id in read)


def _indicator_measure(questionnaire: Questionnaire, indicator: Indicator) -> Measure:
    items = [questionnaire.item(item_id) for item_id in indicator.rule.items]
    codes, multiple = _outcomes(questionnaire, indicator)
    return Measure(
        id=indicator.id,
        kind=TableKind.INDICATOR,
        items=indicator.rule.items,
        codes=codes,
        multiple=multiple,
        scores=SCORES if isinstance(indicator.rule, Score) else (),
        sensitive=any(_is_sensitive(questionnaire, item) for item in items),
    )


def _outcomes(questionnaire: Questionnaire, indicator: Indicator) -> tuple[tuple[str, ...], bool]:
    """An indicator's outcomes in order, and whether several of them can hold at once."""
    match indicator.rule:
        case AnyOf() | AllOf() | GroupChosen():
            return (YES, NO), False
        case OneOf(outcomes=outcomes):
            return tuple(outcomes), False
        case GroupsOf(item=item_id):
            options = questionnaire.options_of(questionnaire.item(item_id))
            return tuple(dict.fromkeys(option.group for option in options if option.group)), True
        case Score():
            return tuple(str(score) for score in SCORES), False
        case _:
            assert_never(indicator.rule)


def named(measures: Mapping[str, Measure], kind: TableKind, measure_id: str) -> Measure | None:
    """The measure of that kind and id, if the questionnaire has it."""
    measure = measures.get(measure_id)
    return measure if measure is not None and measure.kind is kind else None
