"""Conditions in words: for whoever reads a definition on a screen or on paper."""

from typing import assert_never

from questionnaires.model import AllOf, AnyOf, Condition, ItemTest, Not, Ref, TestKind


def in_words(condition: Condition) -> str:
    """A condition on one line."""
    match condition:
        case AllOf():
            return " and ".join(_bracketed(part) for part in condition.all)
        case AnyOf():
            return " or ".join(_bracketed(part) for part in condition.any)
        case Not():
            return f"not {_bracketed(condition.part)}"
        case Ref():
            return condition.ref
        case ItemTest():
            return _test_in_words(condition)
        case _:
            assert_never(condition)


def _bracketed(condition: Condition) -> str:
    words = in_words(condition)
    return f"({words})" if isinstance(condition, AllOf | AnyOf) else words


def _test_in_words(test: ItemTest) -> str:
    items = ", ".join(test.items)
    several = len(test.items) > 1
    if test.kind is TestKind.INCLUDES_NONE:
        return f"{'each of ' if several else ''}{items} includes none of {', '.join(test.codes)}"
    subject = f"any of {items}" if several else items
    if test.kind is TestKind.ANSWERED:
        return f"{subject} is answered"
    return f"{subject} {'is' if test.kind is TestKind.IN else 'includes'} {' or '.join(test.codes)}"
