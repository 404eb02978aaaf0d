"""What an XLSForm constraint says of how many options can be chosen, and of those that stand alone."""

from dataclasses import dataclass

from questionnaires.exchange.expressions import (
    Call,
    Comparison,
    Connected,
    Dialect,
    Expression,
    ExpressionError,
    Literal,
    Name,
    Negated,
    parsed,
)
from questionnaires.exchange.names import shortened
from questionnaires.exchange.report import Log
from questionnaires.exchange.sheets import Row


@dataclass(frozen=True, slots=True)
class Limits:
    """
    What a constraint allows.

    Attributes:
        most: Most options that can be chosen.
        exclusive: Options that cannot be chosen with others.
    """

    most: int | None = None
    exclusive: frozenset[str] = frozenset()


def limits_of(row: Row, log: Log) -> Limits:
    """What the row's constraint allows; a part that says something else is told of and not kept."""
    source = row.get("constraint")
    if not source:
        return Limits()
    try:
        tree = parsed(source, Dialect.XLSFORM)
    except ExpressionError:
        tree = Literal(source)
    parts = tree.parts if isinstance(tree, Connected) and tree.word == "and" else (tree,)
    most, exclusive = [], set()
    for part in parts:
        if (number := _most(part)) is not None:
            most.append(number)
        elif (option := _alone(part)) is not None:
            exclusive.add(option)
        else:
            log.changed(row.place, f'its constraint "{shortened(source)}" is not kept')
    return Limits(min(most, default=None), frozenset(exclusive))


def _most(part: Expression) -> int | None:
    match part:
        case Comparison("<=" | "<" as op, Call("count-selected", (Name("."),)), Literal(text)) if (
            text.isdigit()
        ):
            number = int(text) - (op == "<")
            return number if number > 0 else None
    return None


def _alone(part: Expression) -> str | None:
    """The option in `not(selected(., 'none') and count-selected(.) > 1)`, in either way of writing it."""
    match part:
        case Negated(Connected("and", (Call("selected", (Name("."), Literal(option))), count))) if (
            count in _SEVERAL
        ):
            return option
        case Connected("or", (Negated(Call("selected", (Name("."), Literal(option)))), count)) if (
            count in _ONE
        ):
            return option
    return None


_COUNT = Call("count-selected", (Name("."),))
_SEVERAL = (Comparison(">", _COUNT, Literal("1")), Comparison(">=", _COUNT, Literal("2")))
_ONE = (
    Comparison("=", _COUNT, Literal("1")),
    Comparison("<=", _COUNT, Literal("1")),
    Comparison("<", _COUNT, Literal("2")),
)
