"""
The three things that matter most, for somebody with five minutes.

First what the figures surely give reason to talk about, in the order of the alliance's rules; then the
figures that every release begins with. The rules were there before the figures, so that the choice itself
tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from analysis.naming import Name
from analysis.next_steps import NextStep
from survey.dashboards.advice import advice
from survey.dashboards.parts import filled
from survey.dashboards.trusted import Reading

_THREE: Final = 3
_ALWAYS: Final = ("I11_climate_index", "I14_dialogue_held", "I10_awareness", "I01_exposure_any")
"""What a reader gets where no rule speaks, as far as it is shown."""


@dataclass(frozen=True, slots=True)
class Matter:
    """
    One thing that matters.

    Attributes:
        title: What it is about.
        finding: The sentence that says what the figure shows.
        anchor: Of the figure on the dashboard.
        step: The question that it gives reason to ask, or None.
    """

    title: Name
    finding: str
    anchor: str
    step: NextStep | None


def three_matters(reading: Reading, language: str) -> tuple[Matter, ...]:
    """At most three, fewer where less is shown; none twice."""
    figures = {figure.anchor: figure for part in filled(reading, language) for figure in part.figures}
    found: dict[str, Matter] = {}
    for anchors, step in _in_order(reading):
        anchor = next((each for each in anchors if each in figures), None)
        if anchor is not None:
            chart = figures[anchor].chart
            found.setdefault(anchor, Matter(chart.title, chart.sentence, anchor, step))
    return tuple(islice(found.values(), _THREE))


def _in_order(reading: Reading) -> Iterator[tuple[tuple[str, ...], NextStep | None]]:
    """What each rule reads that speaks, then what every release begins with."""
    for step in advice(reading):
        yield step.when.reads, step
    for measured in _ALWAYS:
        yield (measured,), None
