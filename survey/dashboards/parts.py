"""
What a dashboard shows, and in which order: what leaders can change comes before what somebody was exposed to.

A table belongs to a part by what its item measures, so an item stands in the same place in every
questionnaire. What is not shown is named in its part: a gap in the page would ask for a guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from flask_babel import lazy_gettext

from analysis.charts import Chart, chart
from analysis.indicators import BY_ID, OneOf, Score
from analysis.naming import Name, title
from analysis.release import Table
from questionnaires.model import Questionnaire
from survey.dashboards.groups import is_broken_down
from survey.dashboards.trusted import Reading


class Part(Enum):
    """A part of the page; its value is its anchor."""

    CLIMATE = "climate"
    AWARENESS = "awareness"
    EXPOSURE = "exposure"
    WITNESSES = "witnesses"
    AFTERWARDS = "afterwards"
    NEEDS = "needs"
    OTHER = "more"
    RESPONDENTS = "respondents"


TITLES: Final = {
    Part.CLIMATE: lazy_gettext("Climate, safety and leadership"),
    Part.AWARENESS: lazy_gettext("Rules, help and dialogue"),
    Part.EXPOSURE: lazy_gettext("What people have been exposed to"),
    Part.WITNESSES: lazy_gettext("What others have seen and heard"),
    Part.AFTERWARDS: lazy_gettext("What people did, and what came of it"),
    Part.NEEDS: lazy_gettext("What would help"),
    Part.OTHER: lazy_gettext("More questions"),
    Part.RESPONDENTS: lazy_gettext("Those who answered"),
}
# By the first word of what an item measures.
_PARTS: Final = {
    "climate": Part.CLIMATE,
    "psych_safety": Part.CLIMATE,
    "leader_action": Part.CLIMATE,
    "awareness": Part.AWARENESS,
    "dialogue": Part.AWARENESS,
    "prevention": Part.AWARENESS,
    "behaviour": Part.EXPOSURE,
    "self_labelling": Part.EXPOSURE,
    "witness": Part.WITNESSES,
    "bystander_action": Part.WITNESSES,
    "incident": Part.AFTERWARDS,
    "disclosure": Part.AFTERWARDS,
    "barriers": Part.AFTERWARDS,
    "response_quality": Part.AFTERWARDS,
    "response_outcome": Part.AFTERWARDS,
    "consequences": Part.AFTERWARDS,
    "needs": Part.NEEDS,
    "demographic": Part.RESPONDENTS,
    "survey_experience": Part.RESPONDENTS,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart, its anchor, and whether the release has the same by reporting group."""

    anchor: str
    chart: Chart
    has_groups: bool = False


@dataclass(frozen=True, slots=True)
class FilledPart:
    """
    One part with what there is to show.

    Attributes:
        part: Which.
        figures: Indicators in their order, then items in the questionnaire's.
        withheld: Titles of what was planned and is not shown; nothing says why.
    """

    part: Part
    figures: tuple[Figure, ...]
    withheld: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class _Planned:
    kind: str
    item: str


@lru_cache(maxsize=32)
def filled(reading: Reading, language: str) -> tuple[FilledPart, ...]:
    """
    The parts that the wave has anything in, in the page's order.

    Args:
        reading: A release that was checked.
        language: "da" or "en".
    """
    questionnaire = reading.questionnaire
    tables = {table.id: table for table in reading.release.tables if table.by is None}
    planned = [
        (plan.table, _Planned(plan.kind, plan.item)) for plan in reading.manifest.publication if not plan.by
    ]
    planned.sort(key=lambda plan: _place(plan[1], questionnaire))
    parts: dict[Part, tuple[list[Figure], list[Name]]] = {part: ([], []) for part in Part}
    for table_id, plan in planned:
        figures, withheld = parts[part_of(plan.kind, plan.item, questionnaire)]
        table = tables.get(table_id)
        if table is None or table.is_hidden:
            withheld.append(title(plan.kind, plan.item, questionnaire, language))
        elif not _repeats(table, tables):
            drawn = chart(table, table.rows[0], questionnaire, language)
            figures.append(Figure(table.id, drawn, is_broken_down(reading, table)))
    return tuple(
        FilledPart(part, tuple(figures), tuple(withheld))
        for part, (figures, withheld) in parts.items()
        if figures or withheld
    )


def part_of(kind: str, measured: str, questionnaire: Questionnaire) -> Part:
    """The part that an item or an indicator belongs to, by what its first item measures."""
    item_id = measured
    if kind == "indicator":
        if measured not in BY_ID:
            return Part.OTHER
        item_id = BY_ID[measured].rule.items[0]
    return _PARTS.get(questionnaire.item(item_id).measures.split(".")[0], Part.OTHER)


def _place(plan: _Planned, questionnaire: Questionnaire) -> tuple[bool, int]:
    if plan.kind == "indicator":
        order = list(BY_ID)
        return False, order.index(plan.item) if plan.item in order else len(order)
    return True, questionnaire.positions[plan.item]


def _repeats(table: Table, tables: dict[str, Table]) -> bool:
    """Whether an indicator already shows the same: one item, counted in as many options."""
    return table.kind == "item" and any(
        isinstance(rule := BY_ID[other.item].rule, OneOf | Score)
        and rule.items == (table.item,)
        and len(other.options) >= len(table.options)
        and not other.is_hidden
        for other in _indicators(tables)
    )


def _indicators(tables: dict[str, Table]) -> Iterator[Table]:
    return (table for table in tables.values() if table.kind == "indicator" and table.item in BY_ID)
