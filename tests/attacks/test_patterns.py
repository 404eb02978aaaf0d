"""No pattern that reads what others wrote takes for ever on what was made for that (ReDoS)."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants, _parser
from typing import Any

import analysis
import questionnaires
import survey
from survey.logs import without_people

LONG = 1_000
HOSTILE = [
    made * (LONG // len(made)) + end
    for made in (
        "a",
        " ",
        "<",
        "(",
        "{",
        "\\",
        "1,",
        "a b",
        "${",
        "[1,",
        "<a",
        "&#",
        '"',
        "-",
        ":",
        "aB0_",
        "\n ",
    )
    for end in ("", "!", "\0", ")")
]
REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every compiled pattern of the product, with the name it has."""
    for package in (analysis, questionnaires, survey):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" in found.name or found.name.endswith("__main__"):
                continue
            module = importlib.import_module(found.name)
            for name, value in vars(module).items():
                for each in value.values() if isinstance(value, dict) else [value]:
                    if isinstance(each, re.Pattern):
                        yield f"{found.name}.{name}", each


def nested(parsed: Any, *, inside: bool = False) -> bool:  # noqa: ANN401  Its parts have no types.
    """Whether an unbounded repetition stands directly at the beginning of another one's turn."""
    for operation, value in parsed:
        if operation in REPEATS:
            least, most, inner = value
            unbounded = most is _constants.MAXREPEAT
            if unbounded and inside and least == 0:
                return True
            if nested(inner, inside=inside or unbounded):
                return True
        elif operation is _constants.SUBPATTERN:
            if nested(value[-1], inside=inside):
                return True
        elif operation is _constants.BRANCH and any(nested(each, inside=inside) for each in value[1]):
            return True
        if operation not in REPEATS:
            inside = False
    return False


def test_no_pattern_repeats_a_repetition() -> None:
    found = {
        name for name, pattern in patterns() if nested(_parser.parse(pattern.pattern, pattern.flags & ~32))
    }

    assert len(list(patterns())) > 20
    assert found == set()


def test_what_was_made_to_take_for_ever_ends() -> None:
    for _, pattern in patterns():
        for text in HOSTILE:
            given: Any = text.encode() if isinstance(pattern.pattern, bytes) else text
            assert sum(1 for _ in pattern.finditer(given)) <= LONG + 4


def test_a_line_of_a_log_is_read_no_further_than_somebody_would() -> None:
    line = without_people("a" * 1_000_000)

    assert len(line) < 5_000
