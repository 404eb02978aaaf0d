"""
Invented organisations for the intruders: people in units on two levels, so many of them exposed.

Who is exposed clusters by unit, as it does in published surveys, since that is what a breakdown gives away.
The same seed gives the same people.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from analysis.tables import LEFT_BLANK, OpenedWave
from questionnaires.model import Item, ItemType, OptionKind, Questionnaire
from tests.analysis.rosters import definition, on_path

Column = npt.NDArray[np.int64]

SIZES: Final = (12, 25, 40, 60, 200, 1_000)
PREVALENCES: Final = (3, 8, 20)
BREAKDOWNS: Final = ("unit", "d01_gender", "d02_age", "d03_role")

_LEFT_BLANK: Final = 0.03
_PREFERS_NOT: Final = 0.02
_INTRACLASS: Final = 0.04
"""How alike people of one unit are in this: the middle of what workplace surveys find (.02 to .05)."""
_EACH_ACT: Final = 0.25
_FREQUENCY: Final = (0.5, 0.33, 0.17)
_SELF_LABELLED: Final = 0.4
_UNITS: Final = {12: (2, 2), 25: (2, 2), 40: (2, 2), 60: (2, 2), 200: (3, 3), 1_000: (10, 9)}
"""People → units at the top, and units within each."""


def workplace() -> Questionnaire:
    """The alliance's questionnaire for workplaces, whole: 45 items."""
    return definition("workplace")


def organisation(people: int, prevalence: int, seed: int) -> OpenedWave:
    """So many people who answered the whole questionnaire, `prevalence` per cent of them exposed."""
    draw = np.random.default_rng([people, prevalence, seed])
    units, parents = _tree(people)
    chosen = _units(draw, people, units, parents)
    exposed = _exposed(draw, chosen, prevalence / 100, len(units))
    asked = workplace()
    columns = [_column(draw, asked, item, exposed, prevalence / 100) for item in asked.items]
    nowhere = np.full(people, LEFT_BLANK)
    answers = on_path(asked, np.column_stack([nowhere, *columns]).astype(np.int32)).answers
    answers[:, 0] = chosen
    return OpenedWave(asked, units, answers, parents)


def _tree(people: int) -> tuple[tuple[str, ...], tuple[str | None, ...]]:
    """The units' ids, and in which each lies."""
    tops, within = _UNITS[people]
    units: list[tuple[str, str | None]] = [(f"u{top}", None) for top in range(tops)]
    units += [(f"u{top}-{part}", f"u{top}") for top in range(tops) for part in range(within)]
    return tuple(name for name, _ in units), tuple(parent for _, parent in units)


def _units(
    draw: np.random.Generator, people: int, units: tuple[str, ...], parents: tuple[str | None, ...]
) -> Column:
    """Which unit each chose: one that lies in another, of uneven sizes; some left it blank."""
    parts = [place for place, parent in enumerate(parents) if parent]
    shares = draw.dirichlet(np.full(len(parts), 6.0))
    return _some_blank(draw, draw.choice(parts, size=people, p=shares), _LEFT_BLANK)


def _exposed(draw: np.random.Generator, chosen: Column, share: float, units: int) -> npt.NDArray[np.bool_]:
    spread = 1 / _INTRACLASS - 1
    by_unit = draw.beta(share * spread, (1 - share) * spread, units + 1)
    return draw.random(len(chosen)) < by_unit[chosen]


def _column(
    draw: np.random.Generator,
    asked: Questionnaire,
    item: Item,
    exposed: npt.NDArray[np.bool_],
    share: float,
) -> Column:
    options = asked.options_of(item)
    said = [place for place, option in enumerate(options) if option.kind is OptionKind.SUBSTANTIVE]
    if item.type is ItemType.MULTI:
        column = _several(draw, said, len(exposed), item.max_choices)
    elif item.measures.startswith("behaviour."):
        column = _frequency(draw, said, exposed & (draw.random(len(exposed)) < _EACH_ACT))
    elif item.measures.startswith("self_labelling"):
        column = _frequency(draw, said, exposed & (draw.random(len(exposed)) < _SELF_LABELLED))
    elif item.id == "w01_witnessed":
        column = _frequency(draw, said, draw.random(len(exposed)) < 1.5 * share)
    else:
        column = draw.choice(said, size=len(exposed), p=draw.dirichlet(np.full(len(said), 4.0)))
    refused = [place for place, option in enumerate(options) if option.kind is OptionKind.NO_ANSWER]
    if refused and item.type is not ItemType.MULTI:
        column = np.where(draw.random(len(column)) < _PREFERS_NOT, refused[0], column)
    return _some_blank(draw, column, _LEFT_BLANK)


def _frequency(draw: np.random.Generator, said: list[int], met: npt.NDArray[np.bool_]) -> Column:
    """Never, or how often: the options of a scale of acts begin with "never"."""
    often: Column = draw.choice(said[1:4], size=len(met), p=_FREQUENCY)
    return np.where(met, often, said[0])


def _several(draw: np.random.Generator, said: list[int], people: int, most: int | None) -> Column:
    first, second = draw.choice(said, size=(2, people))
    several = (draw.random(people) < 0.4) & ((most or 2) > 1)
    chosen: Column = np.where(several, (1 << first) | (1 << second), 1 << first)
    return chosen


def _some_blank(draw: np.random.Generator, column: Column, share: float) -> Column:
    return np.where(draw.random(len(column)) < share, LEFT_BLANK, column)
