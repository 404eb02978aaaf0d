"""
Whom a routed item was meant for, over whole columns of answers at once.

The same three values and truth tables as questionnaires/conditions.py, which walks one respondent's path;
here a million responses are asked together. Used by analysis/coding.py for bases, and by the disclosure
control for what possible respondents would be asked. Held to the one-by-one evaluation by
tests/analysis/test_routes.py.
"""

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache, reduce
from typing import Final, TypeAlias, assert_never

import numpy as np
import numpy.typing as npt

from analysis.tables import LEFT_BLANK, NOT_ASKED, OpenedWave, Positions
from questionnaires import routing
from questionnaires.conditions import Truth
from questionnaires.model import (
    AllOf,
    AnyOf,
    Condition,
    ItemTest,
    ItemType,
    Not,
    OptionKind,
    Questionnaire,
    Ref,
    TestKind,
)
from questionnaires.routing import Router

Truths: TypeAlias = npt.NDArray[np.int8]
"""One `Truth` per response."""

Columns: TypeAlias = Callable[[str], Positions]
"""Answers by item id, one per response, written as in `OpenedWave`."""

Guard: TypeAlias = tuple[Condition, ...]
"""Conditions that must all be true before an item is asked: analysis/measures.py:guard_of."""

_TELLS_NOTHING: Final = frozenset({OptionKind.NO_ANSWER, OptionKind.DONT_KNOW, OptionKind.UNSURE})


def meant_by(guard: Guard, wave: OpenedWave) -> npt.NDArray[np.bool_]:
    """
    Of whom a routed item's conditions are known to be true: its base, but for those who were not asked.

    An item that is not sensitive is also asked of those of whom too little is known; they are no part of it.
    """
    meant = np.ones(wave.responses, np.bool_)
    for condition in guard:
        meant &= truths(condition, wave.questionnaire, wave.column, rows=wave.responses) == Truth.TRUE
    return meant


def leave_out_what_was_not_asked(questionnaire: Questionnaire, answers: Positions) -> None:
    """
    Write `NOT_ASKED` into every place that its respondent's path does not lead to.

    The walk of `questionnaires.routing.Router.route`, over all responses together: a condition reads what
    stands before it, so what was left behind steers nothing.

    Args:
        questionnaire: What was asked.
        answers: Shape (responses, 1 + items) as in `OpenedWave`; changed in place.
    """

    def column(item_id: str) -> Positions:
        found: Positions = answers[:, 1 + questionnaire.positions[item_id]]
        return found

    for guard in _guards(questionnaire):
        if guard.condition is None:
            continue
        known = truths(guard.condition, questionnaire, column, rows=len(answers))
        passed_by = np.flatnonzero(known < guard.least)
        for position in guard.positions:
            answers[passed_by, 1 + position] = NOT_ASKED


@lru_cache(maxsize=16)
def _guards(questionnaire: Questionnaire) -> tuple[routing.Guard, ...]:
    return Router(questionnaire).guards


def truths(
    condition: Condition,
    questionnaire: Questionnaire,
    columns: Columns,
    *,
    rows: int,
    given: Collection[Condition] = (),
) -> Truths:
    """
    What is known of a condition, for each response.

    Args:
        condition: From a questionnaire that passed its checks.
        questionnaire: What its names mean.
        columns: Answers of the items it reads; items that the wave leaves out are not asked for.
        rows: How many responses.
        given: Conditions that are known to be true of all of them.
    """
    if condition in given:
        return np.full(rows, Truth.TRUE, np.int8)

    def of(part: Condition) -> Truths:
        return truths(part, questionnaire, columns, rows=rows, given=given)

    match condition:
        case AllOf():
            return _least([of(part) for part in condition.all])
        case AnyOf():
            return _greatest([of(part) for part in condition.any])
        case Not():
            return _opposite(of(condition.part))
        case Ref():
            return of(questionnaire.conditions[condition.ref])
        case ItemTest():
            tested = [
                _tested(condition, item_id, questionnaire, columns, rows) for item_id in condition.items
            ]
            return _least(tested) if condition.kind is TestKind.INCLUDES_NONE else _greatest(tested)
        case _:
            assert_never(condition)


def _tested(
    test: ItemTest, item_id: str, questionnaire: Questionnaire, columns: Columns, rows: int
) -> Truths:
    """What the test says of one of its items."""
    answered = test.kind is TestKind.ANSWERED
    if item_id not in questionnaire.positions:
        # Left out of the wave: known not to be answered, and nothing else is known.
        return np.full(rows, Truth.FALSE if answered else Truth.UNKNOWN, np.int8)
    column = columns(item_id)
    if answered:
        return np.where(column >= 0, Truth.TRUE, Truth.FALSE).astype(np.int8)
    included = _included(test.codes, item_id, questionnaire, column)
    return _opposite(included) if test.kind is TestKind.INCLUDES_NONE else included


def _included(codes: Sequence[str], item_id: str, questionnaire: Questionnaire, column: Positions) -> Truths:
    """Whether one of the codes was chosen."""
    item = questionnaire.item(item_id)
    options = questionnaire.options_of(item)
    wanted = [option.code in codes for option in options]
    silent = [option.kind in _TELLS_NOTHING and option.code not in codes for option in options]
    if item.type is not ItemType.MULTI:
        by_option = [
            Truth.TRUE if hit else Truth.UNKNOWN if says_nothing else Truth.FALSE
            for hit, says_nothing in zip(wanted, silent, strict=True)
        ]
        return np.array([*by_option, Truth.UNKNOWN], np.int8)[np.maximum(column, LEFT_BLANK)]
    chosen = np.maximum(column, 0)
    known = np.where(chosen & _bits(silent), Truth.UNKNOWN, Truth.FALSE)
    known = np.where(chosen & _bits(wanted), Truth.TRUE, known)
    return np.where(column >= 0, known, Truth.UNKNOWN).astype(np.int8)


def _bits(marked: Sequence[bool]) -> np.int32:
    return np.int32(sum(1 << position for position, is_marked in enumerate(marked) if is_marked))


def _least(parts: Sequence[Truths]) -> Truths:
    return reduce(np.minimum, parts)


def _greatest(parts: Sequence[Truths]) -> Truths:
    return reduce(np.maximum, parts)


def _opposite(part: Truths) -> Truths:
    return (Truth.TRUE - part).astype(np.int8)
