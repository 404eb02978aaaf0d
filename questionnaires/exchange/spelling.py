"""Conditions of ours written as expressions of another format; the way back from `relevance.py`."""

from collections.abc import Iterable
from typing import Protocol, assert_never

from questionnaires.model import (
    AllOf,
    AnyOf,
    Condition,
    Item,
    ItemTest,
    ItemType,
    Not,
    Questionnaire,
    Ref,
    TestKind,
)


class Spelling(Protocol):
    """How one format writes the smallest parts."""

    def is_chosen(self, item: Item, code: str) -> str:
        """The option is chosen."""

    def is_not_chosen(self, item: Item, code: str) -> str:
        """The option is not chosen."""

    def is_answered(self, item: Item) -> str:
        """Something is."""

    def negated(self, part: str) -> str:
        """The opposite."""


def written(condition: Condition, questionnaire: Questionnaire, spelling: Spelling) -> str | None:
    """
    The condition in another format's words.

    Returns:
        None, when it asks only about items that are not in the questionnaire.
    """
    match condition:
        case AllOf():
            return _joined((written(part, questionnaire, spelling) for part in condition.all), "and")
        case AnyOf():
            return _joined((written(part, questionnaire, spelling) for part in condition.any), "or")
        case Not():
            part = written(condition.part, questionnaire, spelling)
            return None if part is None else spelling.negated(_bare(part))
        case Ref():
            return written(questionnaire.conditions[condition.ref], questionnaire, spelling)
        case ItemTest():
            return _of_test(condition, questionnaire, spelling)
        case _:
            assert_never(condition)


def both(parts: Iterable[str | None]) -> str | None:
    """All parts that are there, joined."""
    joined = _joined(parts, "and")
    return None if joined is None else _bare(joined)


def _of_test(test: ItemTest, questionnaire: Questionnaire, spelling: Spelling) -> str | None:
    items = [questionnaire.item(name) for name in test.items if name in questionnaire.positions]
    if test.kind is TestKind.ANSWERED:
        return _joined((spelling.is_answered(item) for item in items), "or")
    if test.kind is TestKind.INCLUDES_NONE:
        return _joined((spelling.is_not_chosen(item, code) for item in items for code in test.codes), "and")
    return _joined((spelling.is_chosen(item, code) for item in items for code in test.codes), "or")


def _joined(parts: Iterable[str | None], word: str) -> str | None:
    there = [part for part in parts if part is not None]
    if not there:
        return None
    return there[0] if len(there) == 1 else f"({f' {word} '.join(there)})"


def _bare(part: str) -> str:
    """Without the brackets around the whole, where they are around the whole."""
    if not part.startswith("("):
        return part
    depth = 0
    for position, character in enumerate(part):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return part[1:-1] if position == len(part) - 1 else part
    return part


def is_multi(item: Item) -> bool:
    """Whether several options of the item can be chosen."""
    return item.type is ItemType.MULTI
