"""
Faults of shape in an author's words: what a definition has where the model expects something else.

Before `questionnaires/checking.py`: only a definition of the right shape can be held to the rules.
"""

from collections.abc import Iterable, Mapping, Sequence

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from questionnaires.errors import Finding, did_you_mean
from questionnaires.model import (
    AllOf,
    AnyOf,
    Band,
    Group,
    HelpLine,
    Item,
    ItemTest,
    Not,
    Option,
    Questionnaire,
    Ref,
    ResponseScale,
    Rules,
    Section,
)

_MODELS: Mapping[str, type[BaseModel]] = {
    "sections": Section,
    "items": Item,
    "options": Option,
    "scales": ResponseScale,
    "grouping": Group,
    "ladder": Group,
    "help_lines": HelpLine,
    "rules": Rules,
    "band": Band,
}
_CONDITIONS = (AllOf, AnyOf, Not, Ref, ItemTest)
_REMEDIES = {
    "missing": "Add it.",
    "string_type": "Put it in quotes.",
    "int_type": "Write a whole number, without quotes.",
    "bool_type": "Write true or false, without quotes.",
    "string_pattern_mismatch": "Use lower-case letters, digits and _ (and, for an id, begin with a letter).",
    "too_short": "Add what is missing.",
    "string_too_short": "Write the text.",
    "condition": "Write one of all, any, not, ref, or a test with items.",
}
_MOST_QUOTED = 60


def findings_of_shape(error: ValidationError, value: object) -> list[Finding]:
    """
    What the model refused, each with its place in the definition.

    Args:
        error: From validating `value` as a `Questionnaire`.
        value: The definition as it was read.
    """
    return [_finding(details, value) for details in error.errors(include_url=False)]


def _finding(details: ErrorDetails, value: object) -> Finding:
    place, rest = _place(details["loc"], value)
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in rest).lstrip(".")
    kind = details["type"]
    if kind == "extra_forbidden":
        return Finding(
            place, f'"{where}" is no field here', did_you_mean(str(rest[-1]), _fields(details["loc"]))
        )
    if kind == "missing":
        return Finding(place, f'"{where}" is missing', _REMEDIES[kind])
    if kind in {"enum", "literal_error"}:
        expected = str(details.get("ctx", {}).get("expected", "")).replace("'", "")
        return Finding(place, f"{where} is {_quoted(details['input'])}", f"Write {expected}.")
    fact = f"{where or 'it'} is {_quoted(details['input'])}: {_said(details['msg'])}"
    return Finding(place, fact, _REMEDIES.get(kind, "See docs/reference/questionnaires.md."))


def _place(loc: Sequence[int | str], value: object) -> tuple[str, Sequence[int | str]]:
    """The innermost thing with a name, and the way from there."""
    place, rest = "questionnaire", loc
    here = value
    for depth, part in enumerate(loc):
        here = _inside(here, part)
        named = _named(loc[:depth], part, here)
        if named:
            place, rest = named, loc[depth + 1 :]
    return place, rest


def _named(before: Sequence[int | str], part: int | str, here: object) -> str | None:
    within = before[-1] if before else None
    kind = {"sections": "section", "items": "item", "help_lines": "help line"}.get(str(within))
    if kind and isinstance(part, int) and isinstance(here, Mapping):
        return f'{kind} "{here["id"]}"' if "id" in here else f"{kind} number {part + 1}"
    if len(before) == 1 and within in {"scales", "conditions", "subscales"}:
        return f'{str(within).removesuffix("s")} "{part}"'
    return None


def _inside(value: object, part: int | str) -> object:
    if isinstance(value, Mapping):
        # A part that is not there is the name of a kind of condition: it leads no further in.
        return value.get(part, value)
    if isinstance(value, Sequence) and isinstance(part, int) and part < len(value):
        return value[part]
    return value


def _fields(loc: Sequence[int | str]) -> Iterable[str]:
    if "show_if" in loc or "conditions" in loc[:1]:
        return _names(*_CONDITIONS)
    known = [_MODELS[part] for part in loc[:-1] if isinstance(part, str) and part in _MODELS]
    return _names(known[-1] if known else Questionnaire)


def _names(*models: type[BaseModel]) -> list[str]:
    return [field.alias or name for model in models for name, field in model.model_fields.items()]


def _quoted(value: object) -> str:
    text = (
        f'"{value}"'
        if isinstance(value, str)
        else "true"
        if value is True
        else "false"
        if value is False
        else f"{value}"
    )
    return text if len(text) <= _MOST_QUOTED else f"{text[:_MOST_QUOTED]}…"


def _said(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("Input should be ").rstrip(".")
