"""
Reporting groups: whose answers are shown together, by what respondents said of themselves.

Between coding and tabulation. Which groups there are follows from the questionnaire's ladders, the manifest's
units and how many said so, never from an answer to anything else. Source: docs/explanation/disclosure.md, R2.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from analysis.tables import UNIT, OpenedWave, Positions, ReportingGroup
from questionnaires.digest import JsonValue
from questionnaires.model import Group

_LEAST_GROUPS: Final = 2


def reporting_groups(opened: OpenedWave, by: str, least: int) -> tuple[ReportingGroup, ...]:
    """
    The groups of one breakdown, in order; a unit is followed by those within it.

    Whoever left the breakdown blank or prefers not to say is in none of them.

    Args:
        opened: Every counted response.
        by: "unit", or id of a breakdown item.
        least: Base from which a group is shown. Units under it are not; an item's groups merge, all of them
        by
            one rung of its ladder, until each reaches it.

    Returns:
        Nothing where fewer than two groups reach the base.
    """
    groups = tuple(_units(opened, least)) if by == UNIT else _rung(opened, by, least)
    return groups if len(groups) >= _LEAST_GROUPS else ()


def class_sizes(opened: OpenedWave, breakdowns: Sequence[str]) -> JsonValue:
    """
    How many said the same of themselves: the classes that whoever knows the staff list can tell apart.

    Returns:
        `[[what was said for each breakdown, or null], people]` for each crossing that somebody stands in, by
        the order of units and options.
    """
    columns = [opened.answers[:, 0] if by == UNIT else opened.column(by) for by in breakdowns]
    everybody = np.zeros(opened.responses, np.int32)
    said, sizes = np.unique(np.column_stack([everybody, *columns]), axis=0, return_counts=True)
    names = [_names(opened, by) for by in breakdowns]
    return [
        [[of[place] if place >= 0 else None for of, place in zip(names, row[1:], strict=True)], int(people)]
        for row, people in zip(said, sizes, strict=True)
    ]


def _names(opened: OpenedWave, by: str) -> Sequence[str]:
    if by == UNIT:
        return opened.units
    asked = opened.questionnaire
    return [option.code for option in asked.options_of(asked.item(by))]


def _rung(opened: OpenedWave, by: str, least: int) -> tuple[ReportingGroup, ...]:
    """The finest rung of the item's ladder of which every group reaches the base."""
    item = opened.questionnaire.item(by)
    codes = [option.code for option in opened.questionnaire.options_of(item)]
    for rung in opened.questionnaire.ladder_of(item):
        groups = tuple(_said(opened, by, group, codes) for group in rung)
        if all(group.base >= least for group in groups):
            return groups
    return ()


def _said(opened: OpenedWave, by: str, group: Group, codes: list[str]) -> ReportingGroup:
    places = [codes.index(code) for code in group.codes]
    return ReportingGroup(by, group.id, None, np.isin(opened.column(by), places))


def _units(opened: OpenedWave, least: int) -> Iterator[ReportingGroup]:
    """Units of the two upper levels; whoever chose one that lies deeper counts in the one above it."""
    lines = [_line(opened, place) for place in range(len(opened.units))]
    chosen = opened.answers[:, 0]
    for top in dict.fromkeys(line[0] for line in lines):
        whole = _within(top, None, lines, chosen)
        if whole.base < least:
            continue
        yield whole
        within = dict.fromkeys(line[1] for line in lines if line[0] == top and len(line) > 1)
        for unit in within:
            part = _within(unit, top, lines, chosen)
            # A part that is its whole would be the same row twice.
            if least <= part.base < whole.base:
                yield part


def _within(unit: str, parent: str | None, lines: list[tuple[str, ...]], chosen: Positions) -> ReportingGroup:
    inside = [place for place, line in enumerate(lines) if unit in line]
    return ReportingGroup(UNIT, unit, parent, np.isin(chosen, inside))


def _line(opened: OpenedWave, place: int) -> tuple[str, ...]:
    """The unit's ancestors from the top, then itself."""
    parents = dict(zip(opened.units, opened.parents or (None,) * len(opened.units), strict=True))
    line = [opened.units[place]]
    while (above := parents[line[0]]) is not None:
        line.insert(0, above)
    return tuple(line)
