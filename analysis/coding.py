"""
From opened answers to what each response counts as: reversed items, indices, and the kinds of missing.

Between opening and tabulation. A response that a measure was meant for and that says nothing that counts is
`UNANSWERED`, whichever way it says nothing: left blank, "prefer not to answer", "don't know", "not relevant".
None of them is ever read as "never" or "no". A response that the measure was not meant for is `OUTSIDE`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, reduce
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.indicators import BY_ID, SCORES, AllOf, AnyOf, GroupChosen, GroupsOf, OneOf, Rule, Score
from analysis.measures import guard_of
from analysis.routes import Columns, Guard, meant_by
from analysis.tables import (
    LEFT_BLANK,
    NOT_ASKED,
    OUTSIDE,
    UNANSWERED,
    Coded,
    CodedResponses,
    Measure,
    OpenedWave,
    TableKind,
)
from questionnaires.model import Item, Option, OptionKind, Questionnaire

Whether: TypeAlias = npt.NDArray[np.bool_]

_FULL_VALUE: Final = SCORES[-1]
_STEP: Final = SCORES[1] - SCORES[0]
_NOT_SAID: Final = frozenset({OptionKind.NO_ANSWER, OptionKind.NOT_APPLICABLE})


def coded(wave: OpenedWave, measures: Iterable[Measure]) -> CodedResponses:
    """What every response of the wave counts as in each of the measures."""
    chosen = {measure.id: measure for measure in measures}
    # Most routed items share their conditions with others: each set of conditions is looked at once.
    meant = cache(lambda guard: meant_by(guard, wave))
    columns = {measure.id: _coded(wave, measure, meant) for measure in chosen.values()}
    return CodedResponses(chosen, pd.DataFrame(columns, copy=False))


def _coded(wave: OpenedWave, measure: Measure, meant: Callable[[Guard], Whether]) -> Coded:
    outcome = counted_as(measure, wave.questionnaire, wave.column)
    for item_id in measure.items:
        if guard := guard_of(wave.questionnaire, item_id):
            outcome[~meant(guard) | (wave.column(item_id) == NOT_ASKED)] = OUTSIDE
    return outcome


def counted_as(measure: Measure, questionnaire: Questionnaire, columns: Columns) -> Coded:
    """
    What answers count as in one measure, whoever it was meant for.

    Args:
        measure: What is counted.
        questionnaire: Its items and options.
        columns: The answers to the measure's items.

    Returns:
        For each response the position of the code (for a `multiple` measure a bit mask of positions), or
        `UNANSWERED`.
    """
    read = _Reader(questionnaire, columns)
    if measure.kind is TableKind.ITEM:
        places = {code: (code,) for code in measure.codes}
        return read.several(measure.id, places, measure) if measure.multiple else read.one(measure.id, places)
    return _indicated(BY_ID[measure.id].rule, measure, read)


def _indicated(rule: Rule, measure: Measure, read: _Reader) -> Coded:
    match rule:
        case AnyOf():
            return read.any_of(rule)
        case AllOf():
            return read.all_of(rule)
        case OneOf():
            return read.one(rule.item, rule.outcomes)
        case GroupsOf():
            return read.several(rule.item, read.groups(rule.item), measure)
        case GroupChosen():
            return read.group_chosen(rule)
        case Score():
            return read.score(rule)


class _Reader:
    """The rules of analysis/indicators.py, read over columns of answers."""

    def __init__(self, questionnaire: Questionnaire, columns: Columns) -> None:
        self._questionnaire = questionnaire
        self._columns = columns

    def groups(self, item_id: str) -> dict[str, tuple[str, ...]]:
        """Codes of each group of options, in order."""
        groups: dict[str, tuple[str, ...]] = {}
        for option in self._options(item_id):
            if option.group:
                groups[option.group] = (*groups.get(option.group, ()), option.code)
        return groups

    def one(self, item_id: str, outcomes: Mapping[str, tuple[str, ...]]) -> Coded:
        """Position of the outcome under which the chosen code stands."""
        places = {code: place for place, codes in enumerate(outcomes.values()) for code in codes}
        return self._by_option(item_id, lambda option: places.get(option.code, UNANSWERED), UNANSWERED)

    def several(self, item_id: str, outcomes: Mapping[str, tuple[str, ...]], measure: Measure) -> Coded:
        """Bit mask of the outcomes under which a chosen code stands; what is exclusive gives way."""
        column = self._columns(item_id)
        mask = np.zeros(len(column), np.int32)
        for place, codes in enumerate(outcomes.values()):
            mask |= self._chosen(item_id, _is_one_of(codes)).astype(np.int32) << np.int32(place)
        alone = np.int32(sum(1 << measure.codes.index(code) for code in measure.exclusive))
        mask = np.where(mask & ~alone, mask & ~alone, mask)
        # "Nobody" together with "none of it" contradict each other: nothing was said.
        contradicts = (mask & alone != 0) & (mask & (mask - 1) != 0)
        return np.where((mask == 0) | contradicts, np.int32(UNANSWERED), mask)

    def any_of(self, rule: AnyOf) -> Coded:
        """Yes or no, where enough of the items were answered."""
        valid = self._count(rule.items, lambda option: option.kind is OptionKind.SUBSTANTIVE)
        hits = self._count(rule.items, _is_one_of(rule.codes))
        return _yes_or_no(valid >= rule.least_valid, hits > 0)

    def all_of(self, rule: AllOf) -> Coded:
        """Yes or no, where every item was answered."""
        said = self._count(rule.items, lambda option: option.kind not in _NOT_SAID)
        hits = reduce(np.add, (self._count([i], _is_one_of({code})) for i, code in rule.codes.items()))
        return _yes_or_no(said == len(rule.items), hits == len(rule.items))

    def group_chosen(self, rule: GroupChosen) -> Coded:
        """Yes or no, where anything substantive was chosen."""
        said = self._chosen(rule.item, lambda option: not option.kind.is_missing)
        return _yes_or_no(said, self._chosen(rule.item, lambda option: option.group == rule.group))

    def score(self, rule: Score) -> Coded:
        """Position in `SCORES` of the mean value, rounded half up, where enough items have one."""
        valid = self._count(rule.items, lambda option: option.value is not None)
        total = reduce(np.add, (self._values(item_id) for item_id in rule.items))
        # In whole numbers: a mean of 12.5 is 15 on every machine.
        rounded = (2 * total + _STEP * valid) // np.maximum(2 * _STEP * valid, 1)
        return np.where(valid >= rule.least_valid, rounded, UNANSWERED).astype(np.int8)

    def _values(self, item_id: str) -> npt.NDArray[np.int32]:
        turned = self._questionnaire.item(item_id).reverse

        def value(option: Option) -> int:
            points = option.value or 0
            return _FULL_VALUE - points if turned and option.value is not None else points

        return self._by_option(item_id, value, 0).astype(np.int32)

    def _count(self, item_ids: Iterable[str], test: Callable[[Option], bool]) -> npt.NDArray[np.int32]:
        """In how many of the items the chosen option passes the test."""
        return reduce(np.add, (self._by_option(item_id, test, 0).astype(np.int32) for item_id in item_ids))

    def _by_option(self, item_id: str, of: Callable[[Option], int], otherwise: int) -> npt.NDArray[np.int8]:
        """What the chosen option is worth; `otherwise` where nothing was chosen."""
        worth = [of(option) for option in self._options(item_id)]
        # The last entry is what LEFT_BLANK, -1, points at.
        return np.array([*worth, otherwise], np.int8)[np.maximum(self._columns(item_id), LEFT_BLANK)]

    def _chosen(self, item_id: str, test: Callable[[Option], bool]) -> npt.NDArray[np.bool_]:
        """Whether any of the chosen options passes the test, in an item that takes several."""
        wanted = sum(1 << place for place, option in enumerate(self._options(item_id)) if test(option))
        chosen: npt.NDArray[np.bool_] = np.maximum(self._columns(item_id), 0) & np.int32(wanted) != 0
        return chosen

    def _options(self, item_id: str) -> tuple[Option, ...]:
        item: Item = self._questionnaire.item(item_id)
        return self._questionnaire.options_of(item)


def _is_one_of(codes: Collection[str]) -> Callable[[Option], bool]:
    return lambda option: option.code in codes


def _yes_or_no(counts: npt.NDArray[np.bool_], hit: npt.NDArray[np.bool_]) -> Coded:
    """Position of `YES` or `NO`, or `UNANSWERED` where the response does not count."""
    return np.where(counts, np.where(hit, 0, 1), UNANSWERED).astype(np.int8)
