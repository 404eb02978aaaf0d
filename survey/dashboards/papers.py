"""
A release on paper: the report with all of its figures, and a sheet of two pages for a team's meeting.

Both are made from what the dashboard shows, and from nothing else. Layouts: templates/dashboards/*.typ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from flask_babel import format_date, gettext

from analysis.naming import spoken_language
from analysis.next_steps import NextStep
from survey.categories import CATEGORIES
from survey.dashboards.advice import NOT_SURE, advice, rules
from survey.dashboards.entries import who
from survey.dashboards.parts import TITLES, Figure, FilledPart, filled
from survey.dashboards.trusted import Reading
from survey.dashboards.turnout import turnout
from survey.delivery.typesetting import typeset

_ON_THE_SHEET: Final = ("I11_climate_index", "I14_dialogue_held", "I10_awareness", "I01_exposure_any")
"""What a team begins with, as far as it is shown: chosen beforehand, so that the choice tells nothing."""
_FIGURES_OF_A_SHEET: Final = 3
_QUESTIONS_OF_A_SHEET: Final = 3


@lru_cache(maxsize=32)
def report(reading: Reading, language: str) -> bytes:
    """The whole release as a tagged PDF, in the language of the request."""
    return typeset("dashboards/report.typ", _Paper(reading, language).report())


@lru_cache(maxsize=32)
def dialogue_sheet(reading: Reading, language: str) -> bytes:
    """Two pages for a team's meeting as a tagged PDF: limits, three figures, questions, room for a plan."""
    return typeset("dashboards/dialogue.typ", _Paper(reading, language).sheet())


@dataclass(frozen=True, slots=True)
class _Paper:
    reading: Reading
    language: str

    def report(self) -> dict[str, object]:
        heard = turnout(self.reading.release)
        return self._head() | {
            "turnout": {
                "title": gettext("Who is heard here?"),
                "text": [heard.sentence, heard.meaning, *heard.notes],
            },
            "columns": [gettext("Answer"), gettext("Number"), gettext("Share")],
            "key": [gettext("At least this much"), gettext("Ends somewhere in here")],
            "parts": [self._part(part) for part in self._parts()],
            "questions": self._questions(advice(self.reading)),
        }

    def sheet(self) -> dict[str, object]:
        figures = {figure.anchor: figure for part in self._parts() for figure in part.figures}
        shown = [figures[anchor] for anchor in _ON_THE_SHEET if anchor in figures][:_FIGURES_OF_A_SHEET]
        return self._head() | {
            "limits": {"title": gettext("The rules for the talk"), "lines": self._limits()},
            "begin": gettext(
                "Read the rules aloud before you begin. Talk about what can be done, and end with who does "
                "what by when."
            ),
            "figures": {
                "title": gettext("What the figures say"),
                "shown": [self._figure(figure) for figure in shown],
                "none": gettext("These figures are hidden to protect those who answered. Talk all the same."),
            },
            "questions": self._questions(advice(self.reading)[:_QUESTIONS_OF_A_SHEET]),
            "plan": {
                "title": gettext("What we will do"),
                "columns": [gettext("What"), gettext("Who"), gettext("By when")],
            },
        }

    def _head(self) -> dict[str, object]:
        release, questionnaire = self.reading.release, self.reading.questionnaire
        period = release.wave.field_period
        first, last = (format_date(_day(day), "long") for day in (period.first_day, period.last_possible_day))
        return {
            "language": self.language,
            "title": questionnaire.title[spoken_language(questionnaire, self.language)],
            "organisation": who(self.reading, self.language),
            "days": gettext("Asked from %(first)s to %(last)s", first=first, last=last),
            "limits": {
                "title": gettext("Before you read on"),
                "lines": self._limits(),
            },
        }

    def _limits(self) -> list[str]:
        return [limit[self.language] for limit in rules().limits]

    def _parts(self) -> Sequence[FilledPart]:
        return filled(self.reading, self.language)

    def _part(self, part: FilledPart) -> dict[str, object]:
        return {
            "title": str(TITLES[part.part]),
            "figures": [self._figure(figure) for figure in part.figures],
            "hidden": {
                "title": gettext("Hidden here"),
                "text": gettext("The group is too small, or the number could give somebody away."),
                "names": [name.text for name in part.withheld],
            },
        }

    def _figure(self, figure: Figure) -> dict[str, object]:
        chart = figure.chart
        return {
            "title": chart.title.text,
            "sentence": chart.sentence,
            "asked": gettext("Asked: %(number)s. Shares are of those who answered.", number=chart.base),
            "rows": [
                {"name": row.name.text, "count": row.count, "share": row.share, "percent": row.percent}
                for row in chart.rows
            ],
            "mean": chart.mean and gettext("about %(mean)s, rounded to the nearest 5", mean=chart.mean),
            "mean_name": gettext("Mean, from 0 to 100"),
            "caution": chart.caution,
        }

    def _questions(self, steps: Sequence[NextStep]) -> dict[str, object]:
        return {
            "title": gettext("What now?"),
            "help": gettext("What can help:"),
            "none": str(NOT_SURE),
            "asked": [
                {"text": step.question[self.language], "help": str(CATEGORIES[step.tool_category])}
                for step in steps
            ],
        }


def _day(text: str) -> date:
    return date.fromisoformat(text)
