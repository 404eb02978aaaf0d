"""The alliance's own goals over its term, from editions only: who holds the dialogue, who knows the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis.edition import Answer, Figure, Where
from analysis.indicators import YES
from analysis.majorities import Majority, majority
from survey.editions import ReadEdition
from survey.people.sectors import areas

FIRST_YEAR: Final = 2022
DIALOGUE: Final = "I14_dialogue_held"
GUIDELINES: Final = "I10_awareness"
GOALS: Final = (DIALOGUE, GUIDELINES)


@dataclass(frozen=True, slots=True)
class Reached:
    """
    How far one area is in one year: of how many organisations, and the share of their people.

    Attributes:
        organisations: In how many of them at least half say so, estimated from the figure alone.
    """

    year: int
    figure: Figure
    answer: Answer
    organisations: Majority


@dataclass(frozen=True, slots=True)
class Goal:
    """
    One goal.

    Attributes:
        indicator: Id of the indicator that tells of it.
        areas: By the area's code, what is told of each year of the term, the oldest first.
    """

    indicator: str
    areas: dict[str, Sequence[Reached]]

    @property
    def is_told(self) -> bool:
        """Whether anything is."""
        return any(self.areas.values())


def goals(edition: ReadEdition | None) -> list[Goal]:
    """Return how far the alliance is, as far as its newest edition tells."""
    if edition is None:
        return []
    return [
        Goal(indicator, {area: _years(edition, indicator, area) for area in areas()}) for indicator in GOALS
    ]


def reached(edition: ReadEdition) -> list[Reached]:
    """Return all that an edition tells of the goals, in the order of the goals, the areas and the years."""
    return [each for goal in goals(edition) for years in goal.areas.values() for each in years]


def _years(edition: ReadEdition, indicator: str, area: str) -> list[Reached]:
    found = []
    for year in sorted(edition.years(indicator)):
        figure = edition.figure(indicator, Where(year=year, area=area))
        answers = {each.id: each for each in figure.answers} if figure else {}
        if figure is not None and year >= FIRST_YEAR and YES in answers:
            found.append(Reached(year, figure, answers[YES], majority(figure, answers[YES])))
    return found
