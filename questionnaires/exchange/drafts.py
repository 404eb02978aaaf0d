"""
What a reader found in another format, before it is held to our rules: names, texts, expressions as they are.

`xlsform.py` and `limesurvey.py` make a `Draft`; `building.py` makes a definition of it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from questionnaires.exchange.carrying import Carried
from questionnaires.exchange.expressions import Dialect

Labels = Mapping[str, str]
"""Language → text, in the languages that it is written in."""


@dataclass(frozen=True, slots=True)
class DraftOption:
    """One choice, by the name that the format gives it."""

    name: str
    labels: Labels
    place: str


@dataclass(frozen=True, slots=True)
class DraftItem:
    """
    One question with options.

    Attributes:
        name: The format's own.
        place: Where it stands, for the report.
        labels, hints: Its texts.
        options: In order.
        multi: Whether several can be chosen.
        options_list: The name of the list they come from, if others may share it.
        on_scale: Whether it is a row of a matrix, whatever else uses the list.
        conditions: Expressions that must all hold.
        max_choices: Most that can be chosen.
        exclusive: Names of options that cannot be chosen with others.
        aliases: What expressions call it → the one option they mean by that, or None for the item itself.
        only_if: A condition already in our words: an earlier item's name, and its option.
    """

    name: str
    place: str
    labels: Labels
    options: tuple[DraftOption, ...]
    hints: Labels = field(default_factory=dict)
    multi: bool = False
    options_list: str | None = None
    on_scale: bool = False
    conditions: tuple[str, ...] = ()
    max_choices: int | None = None
    exclusive: frozenset[str] = frozenset()
    aliases: Mapping[str, str | None] = field(default_factory=dict)
    only_if: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DraftSection:
    """Questions of one group, in order."""

    name: str
    place: str
    labels: Labels
    items: tuple[DraftItem, ...]
    intro: Labels = field(default_factory=dict)
    condition: str = ""
    matrix: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """
    A questionnaire as another format has it.

    Attributes:
        dialect: Whose expressions its conditions are.
        quoting: What in a text quotes an answer or runs a program, which no text of ours can.
        plain_name: From a name in an expression to the one in `aliases`.
        carried: What an export of ours wrote beside the format.
    """

    name: str
    title: Labels
    version: str
    languages: tuple[str, ...]
    default_language: str
    sections: tuple[DraftSection, ...]
    dialect: Dialect
    quoting: re.Pattern[str]
    plain_name: Callable[[str], str]
    intro: Labels = field(default_factory=dict)
    debrief: Labels = field(default_factory=dict)
    carried: Carried = field(default_factory=Carried)
