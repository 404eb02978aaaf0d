"""
Conditions over answers, evaluated in three values: true, false, unknown.

Used by `questionnaires/routing.py` to decide what is asked; the browser evaluates the same conditions, and
tests/vectors/conditions.json holds both to the truth tables of docs/reference/questionnaires.md. Connectives
are Kleene's strong ones (Kleene, Introduction to Metamathematics, 1952, §64).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias, assert_never

from questionnaires.answers import Answer
from questionnaires.model import (
    AllOf,
    AnyOf,
    Condition,
    Item,
    ItemTest,
    ItemType,
    Not,
    Option,
    OptionKind,
    Questionnaire,
    Ref,
    TestKind,
)


class Truth(IntEnum):
    """What is known of a condition; in order: "all" is the least of its parts, "any" the greatest."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2


Evaluate: TypeAlias = Callable[[Sequence[Answer]], Truth]
"""From the answers, one per item in the definition's order, to what is known."""

# Whoever would rather not say, does not know or is in doubt has not said no.
_TELLS_NOTHING = frozenset({OptionKind.NO_ANSWER, OptionKind.DONT_KNOW, OptionKind.UNSURE})


@dataclass(frozen=True, slots=True)
class Scope:
    """
    What a condition is read against.

    Attributes:
        questionnaire: Its items, options and named conditions.
        skipped: Sections passed by as a whole: every test over their items is false, and so is the test's
            opposite, so that nothing is ever concluded from somebody's wish to pass.
    """

    questionnaire: Questionnaire
    skipped: frozenset[str] = frozenset()


def compiled(condition: Condition, scope: Scope, *, negated: bool = False) -> Evaluate:
    """
    A condition as a function of the answers; quick, to be called for every response of a wave.

    Args:
        condition: From a questionnaire that passed `questionnaires/checking.py`: its references exist and do
            not go in circles.
        scope: What its names mean.
        negated: Whether it stands under `not`. Negation is carried down to the tests.

    Returns:
        A function of the answers on the path; an answer off the path must be given to it as None.
    """
    match condition:
        case AllOf():
            return _connected(condition.all, scope, negated=negated, every=not negated)
        case AnyOf():
            return _connected(condition.any, scope, negated=negated, every=negated)
        case Not():
            return compiled(condition.part, scope, negated=not negated)
        case Ref():
            return compiled(scope.questionnaire.conditions[condition.ref], scope, negated=negated)
        case ItemTest():
            tests = [_test(item_id, condition, scope, negated=negated) for item_id in condition.items]
            holds_for_each = condition.kind is TestKind.INCLUDES_NONE
            return _every(tests) if holds_for_each != negated else _some(tests)
        case _:
            assert_never(condition)


def items_read(condition: Condition, questionnaire: Questionnaire) -> frozenset[str]:
    """Ids of all items that a condition asks about, also through conditions it refers to."""
    return frozenset(
        item_id
        for part in parts_of(condition, questionnaire.conditions)
        if isinstance(part, ItemTest)
        for item_id in part.items
    )


def parts_of(condition: Condition, named: Mapping[str, Condition]) -> Iterator[Condition]:
    """
    The condition and all that it is made of.

    References are followed into `named`, each name once, however often or in circles it is referred to.
    """
    followed: set[str] = set()
    waiting = [condition]
    while waiting:
        part = waiting.pop()
        yield part
        match part:
            case AllOf():
                waiting.extend(part.all)
            case AnyOf():
                waiting.extend(part.any)
            case Not():
                waiting.append(part.part)
            case Ref() if part.ref in named and part.ref not in followed:
                followed.add(part.ref)
                waiting.append(named[part.ref])
            case _:
                pass


def _connected(parts: Sequence[Condition], scope: Scope, *, negated: bool, every: bool) -> Evaluate:
    evaluators = [compiled(part, scope, negated=negated) for part in parts]
    return _every(evaluators) if every else _some(evaluators)


def _every(parts: Sequence[Evaluate]) -> Evaluate:
    def evaluate(chosen: Sequence[Answer]) -> Truth:
        least = Truth.TRUE
        for part in parts:
            known = part(chosen)
            if known is Truth.FALSE:
                return known
            if known is Truth.UNKNOWN:
                least = known
        return least

    return parts[0] if len(parts) == 1 else evaluate


def _some(parts: Sequence[Evaluate]) -> Evaluate:
    def evaluate(chosen: Sequence[Answer]) -> Truth:
        greatest = Truth.FALSE
        for part in parts:
            known = part(chosen)
            if known is Truth.TRUE:
                return known
            if known is Truth.UNKNOWN:
                greatest = known
        return greatest

    return parts[0] if len(parts) == 1 else evaluate


def _test(item_id: str, test: ItemTest, scope: Scope, *, negated: bool) -> Evaluate:
    """What one test says of one item."""
    questionnaire = scope.questionnaire
    if item_id not in questionnaire.positions:
        return _of_an_absent_item(test.kind, negated=negated)
    if questionnaire.section_of(item_id).id in scope.skipped:
        return always(Truth.FALSE)
    if test.kind is TestKind.ANSWERED:
        return _answered(questionnaire.positions[item_id], negated=negated)
    turned = negated != (test.kind is TestKind.INCLUDES_NONE)
    return _includes(questionnaire.item(item_id), frozenset(test.codes), questionnaire, turned=turned)


def _of_an_absent_item(kind: TestKind, *, negated: bool) -> Evaluate:
    """An item that the wave leaves out is unanswered: known to be, where that is the question."""
    if kind is TestKind.ANSWERED:
        return always(Truth.TRUE if negated else Truth.FALSE)
    return always(Truth.UNKNOWN)


def always(known: Truth) -> Evaluate:
    """A condition that no answer changes."""
    return lambda _: known


def _answered(position: int, *, negated: bool) -> Evaluate:
    blank, answered = (Truth.TRUE, Truth.FALSE) if negated else (Truth.FALSE, Truth.TRUE)
    return lambda chosen: blank if chosen[position] is None else answered


def _includes(item: Item, codes: frozenset[str], questionnaire: Questionnaire, *, turned: bool) -> Evaluate:
    """Whether one of the codes was chosen; `turned`, whether none was."""
    position = questionnaire.positions[item.id]
    by_option = tuple(_told_by(option, codes, turned=turned) for option in questionnaire.options_of(item))

    def of_one(chosen: Sequence[Answer]) -> Truth:
        answer = chosen[position]
        return by_option[answer] if isinstance(answer, int) else Truth.UNKNOWN

    def of_several(chosen: Sequence[Answer]) -> Truth:
        answer = chosen[position]
        if not isinstance(answer, tuple):
            return Truth.UNKNOWN
        told = [by_option[option] for option in answer]
        return min(told) if turned else max(told)

    return of_several if item.type is ItemType.MULTI else of_one


def _told_by(option: Option, codes: frozenset[str], *, turned: bool) -> Truth:
    """What choosing this option alone tells about whether one of the codes was chosen, or none."""
    if option.code in codes:
        return Truth.FALSE if turned else Truth.TRUE
    if option.kind in _TELLS_NOTHING:
        return Truth.UNKNOWN
    return Truth.TRUE if turned else Truth.FALSE
