"""
What an expression of another format asks of earlier answers, as a condition of ours; nothing is guessed.

Both formats know two values only: there a blank answer makes a comparison false, here it is unknown, and an
item that is not sensitive is then asked. Importers say so in their report.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from questionnaires.exchange.expressions import (
    Call,
    Comparison,
    Connected,
    Expression,
    ExpressionError,
    Literal,
    Name,
    Negated,
    in_source,
)

Plain = dict[str, object]
"""A condition as plain data, as a definition file has it."""

_FLIPPED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COUNTS = frozenset({"count-selected", "string-length"})
_SOMETHING = frozenset({("!=", "0"), (">", "0"), (">=", "1")})
_NOTHING = frozenset({("=", "0"), ("<", "1"), ("<=", "0")})


@dataclass(frozen=True, slots=True)
class Target:
    """
    What a name in an expression stands for.

    Attributes:
        item: Id of the item here.
        multi: Whether several options can be chosen.
        codes: The options' names there → their codes here.
        option: For LimeSurvey's `Q_SQ001`: the one option of a multi item that it stands for.
    """

    item: str
    multi: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)
    option: str | None = None


Resolve = Callable[[str], Target | None]
"""From a name in an expression to what it stands for; None if that is no item that came along."""


def condition_of(tree: Expression, resolve: Resolve) -> Plain:
    """
    The condition that an expression means.

    Raises:
        ExpressionError: Quoting the part that is not understood.
    """
    match tree:
        case Connected(word, parts):
            made = _merged([condition_of(part, resolve) for part in parts], word)
            return made[0] if len(made) == 1 else {"all" if word == "and" else "any": made}
        case Negated(part):
            return _opposite(condition_of(part, resolve))
        case Comparison():
            return _compared(tree, resolve)
        case Call("selected", (Name() as name, Literal(text))):
            return _chosen(_target(name, resolve), text, tree)
        case Call("is_empty", (Name() as name,)):
            return _opposite(_answered(_target(name, resolve)))
        case _:
            raise ExpressionError(in_source(tree))


def _target(name: Name, resolve: Resolve) -> Target:
    target = resolve(name.name)
    if target is None:
        raise ExpressionError(f"{name.name} (no question with options by that name came along)")
    return target


def _answered(target: Target) -> Plain:
    if target.option is not None:
        return {"items": [target.item], "includes_any": [target.option]}
    return {"items": [target.item], "answered": True}


def _chosen(target: Target, text: str, tree: Expression) -> Plain:
    if text not in target.codes:
        raise ExpressionError(f'{in_source(tree)} (there is no option "{text}")')
    return {"items": [target.item], "includes_any" if target.multi else "in": [target.codes[text]]}


def _compared(tree: Comparison, resolve: Resolve) -> Plain:
    match (tree.left, tree.right):
        case (Name() as name, Literal(text)):
            return _name_with_text(tree, _target(name, resolve), tree.op, text)
        case (Literal(text), Name() as name):
            return _name_with_text(tree, _target(name, resolve), _FLIPPED[tree.op], text)
        case (Call(function, (Name() as name,)), Literal(text)) if function in _COUNTS:
            return _counted(tree, _target(name, resolve), text)
        case _:
            raise ExpressionError(in_source(tree))


def _counted(tree: Comparison, target: Target, text: str) -> Plain:
    if (tree.op, text) in _SOMETHING:
        return _answered(target)
    if (tree.op, text) in _NOTHING:
        return _opposite(_answered(target))
    raise ExpressionError(in_source(tree))


def _name_with_text(tree: Comparison, target: Target, op: str, text: str) -> Plain:
    if text == "" and op in {"=", "!="}:
        return _answered(target) if op == "!=" else _opposite(_answered(target))
    if target.option is not None:
        return _of_one_option(tree, target, op, text)
    if target.multi:
        raise ExpressionError(f"{in_source(tree)} (of a question with several answers, ask with selected())")
    if op in _ORDERS:
        return {"items": [target.item], "in": _codes_in_order(tree, target, op, text)}
    chosen = _chosen(target, text, tree)
    return chosen if op == "=" else _opposite(chosen)


def _of_one_option(tree: Comparison, target: Target, op: str, text: str) -> Plain:
    if text != "Y" or op not in {"=", "!="}:
        raise ExpressionError(in_source(tree))
    chosen: Plain = {"items": [target.item], "includes_any": [target.option]}
    return chosen if op == "=" else _opposite(chosen)


def _codes_in_order(tree: Comparison, target: Target, op: str, text: str) -> list[str]:
    """The codes that compare so: only where all of them are numbers is an order of them known."""
    try:
        limit = float(text)
        met = [code for there, code in target.codes.items() if _ORDERS[op](float(there), limit)]
    except ValueError as error:
        raise ExpressionError(f"{in_source(tree)} (its options are no numbers)") from error
    if not met:
        raise ExpressionError(f"{in_source(tree)} (no option is)")
    return met


def _opposite(condition: Plain) -> Plain:
    match condition:
        case {"not": dict() as part}:
            return part
        case {"items": [_], "includes_any": codes}:
            return {"items": condition["items"], "includes_none": codes}
        case {"items": [_], "includes_none": codes}:
            return {"items": condition["items"], "includes_any": codes}
    return {"not": condition}


def _merged(parts: list[Plain], word: str) -> list[Plain]:
    """Tests of one item that may be asked as one: `a is x or a is y` is `a in [x, y]`."""
    kinds = ("in", "includes_any") if word == "or" else ("includes_none",)
    merged: list[Plain] = []
    for part in parts:
        kind = next((kind for kind in kinds if kind in part), None)
        last = merged[-1] if merged else {}
        if kind is not None and kind in last and last.get("items") == part["items"]:
            codes = [*_list(last[kind]), *_list(part[kind])]
            merged[-1] = {"items": part["items"], kind: list(dict.fromkeys(codes))}
        else:
            merged.append(part)
    return merged


def _list(codes: object) -> list[object]:
    return list(codes) if isinstance(codes, list) else []
