"""
Families for the intruders: one item with all that hangs on it, by units on two levels and two breakdowns.

Small enough that ten thousand of them can be drawn, released and attacked.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from analysis.tables import LEFT_BLANK, OpenedWave
from questionnaires.model import Questionnaire
from tests.analysis.rosters import multi, on_path, questionnaire, single

Column = npt.NDArray[np.int64]

BY: Final = (
    single("sex", "w", "m", missing={"pna": "no_answer"}, breakdown=True),
    single("age", "young", "old", missing={"pna": "no_answer"}, breakdown=True),
)
BREAKDOWNS: Final = ("unit", "sex", "age")
OFTEN: Final = ("never", "once", "few", "monthly")


def _asked(*items: dict[str, object], conditions: dict[str, object] | None = None) -> Questionnaire:
    return questionnaire(*BY, *items, breakdowns=("sex", "age"), conditions=conditions)


FAMILIES: Final = {
    "three answers": _asked(single("tone", "good", "so", "bad")),
    "five answers": _asked(single("often", "a", "b", "c", "d", "e")),
    "several answers": _asked(multi("needs", "none", "rules", "talk", "help", exclusive=["none"])),
    "indicator of two": _asked(
        single("k01_guidelines", "yes_know", "yes_unknown", "no", missing={"dk": "dont_know"}),
        single("k02_contact", "yes", "partly", "no"),
    ),
    "met": _asked(single("seen", "no", "yes", sensitive=True)),
    "act": _asked(single("act", *OFTEN, sensitive=True)),
    "witness": _asked(
        single("w01_witnessed", *OFTEN, sensitive=True),
        multi("did", "spoke", "told", "nothing", sensitive=True, show_if="witnessed"),
        conditions={"witnessed": {"items": ["w01_witnessed"], "in": list(OFTEN[1:])}},
    ),
}
_PARTS: Final = {12: (2, 1), 25: (2, 1), 40: (2, 2), 60: (2, 2), 200: (3, 3), 1_000: (4, 4)}
_BLANK: Final = 0.03


def family(name: str, people: int, prevalence: int, seed: int) -> OpenedWave:
    """So many people, `prevalence` per cent of whom met what is asked; the same for the same seed."""
    draw = np.random.default_rng([list(FAMILIES).index(name), people, prevalence, seed])
    asked = FAMILIES[name]
    tops, within = _PARTS[people]
    units: list[tuple[str, str | None]] = [(f"u{top}", None) for top in range(tops)]
    units += [(f"u{top}-{part}", f"u{top}") for top in range(tops) for part in range(within)]
    parts = np.arange(tops, len(units))
    unit = draw.choice(parts, size=people, p=draw.dirichlet(np.full(len(parts), 6.0)))
    columns = [_column(draw, asked, place, people, prevalence / 100) for place in range(len(asked.items))]
    nowhere = np.full(people, LEFT_BLANK)
    answers = on_path(asked, np.column_stack([nowhere, *columns]).astype(np.int32)).answers
    answers[:, 0] = _some_blank(draw, unit)
    return OpenedWave(asked, tuple(name for name, _ in units), answers, tuple(above for _, above in units))


def _column(draw: np.random.Generator, asked: Questionnaire, place: int, people: int, share: float) -> Column:
    item = asked.items[place]
    options = len(asked.options_of(item))
    if item.type.value == "multi":
        both = draw.integers(options, size=(2, people))
        return _some_blank(
            draw, np.where(draw.random(people) < share, 1 << both[0] | 1 << both[1], 1 << both[0])
        )
    if item.sensitive:
        met = draw.random(people) < share
        return _some_blank(draw, np.where(met, draw.integers(1, options, size=people), 0))
    return _some_blank(draw, draw.choice(options, size=people, p=draw.dirichlet(np.full(options, 3.0))))


def _some_blank(draw: np.random.Generator, column: Column) -> Column:
    return np.where(draw.random(len(column)) < _BLANK, LEFT_BLANK, column)
