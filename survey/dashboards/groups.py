"""A table by reporting group as a page shows it: a row for each group, and its figures in words."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.naming import Name, option_name, spoken_language, title
from analysis.release import Row, Table
from analysis.tables import UNIT, Interval
from analysis.wording import WORDINGS
from questionnaires.model import Group, Questionnaire
from survey.dashboards.trusted import Reading


@dataclass(frozen=True, slots=True)
class GroupRow:
    """
    One reporting group.

    Attributes:
        name: What it is called.
        is_part: Whether it lies within the group above it.
        base: How many were asked, in words.
        counts: How many gave each answer, in words, in the order of the options.
    """

    name: Name
    is_part: bool
    base: str
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupTable:
    """
    One question by one breakdown.

    Attributes:
        by: The question that the groups answered; None for units.
        options: What they are counted in.
        rows: The groups that are shown, in order.
    """

    by: Name | None
    options: tuple[Name, ...]
    rows: tuple[GroupRow, ...]


def group_tables(reading: Reading, table: Table, language: str) -> tuple[GroupTable, ...]:
    """The tables of the release that break the same figure down, in its order."""
    return tuple(
        _table(reading, other, language)
        for other in reading.release.tables
        if other.by is not None
        and not other.is_hidden
        and (other.kind, other.item) == (table.kind, table.item)
    )


def _table(reading: Reading, table: Table, language: str) -> GroupTable:
    asked, by = reading.questionnaire, table.by or UNIT
    return GroupTable(
        by=None if by == UNIT else title("item", by, asked, language),
        options=tuple(option_name(option, table, asked, language) for option in table.options),
        rows=tuple(_row(reading, table, row, language) for row in table.rows),
    )


def _row(reading: Reading, table: Table, row: Row, language: str) -> GroupRow:
    wording, base = WORDINGS[language], Interval(*row.base)
    return GroupRow(
        name=_name(reading, table, row, language),
        is_part=row.parent is not None,
        base=wording.asked(base),
        counts=tuple(
            wording.hidden_briefly if cell == (0, row.base[1]) else wording.count(Interval(*cell), base)
            for cell in row.cells
        ),
    )


def _name(reading: Reading, table: Table, row: Row, language: str) -> Name:
    spoken = spoken_language(reading.questionnaire, language)
    if table.by == UNIT:
        names = {unit.id: unit.name for unit in reading.manifest.units}
        return Name(names.get(row.group or "", row.group or ""), spoken)
    group = _group(reading.questionnaire, table, row)
    return Name(row.group or "" if group is None else group.label[spoken], spoken)


def _group(asked: Questionnaire, table: Table, row: Row) -> Group | None:
    """The group as the rung of the ladder names it of which all the table's rows are."""
    shown = [each.group for each in table.rows]
    for rung in asked.ladder_of(asked.item(table.by or "")):
        if [group.id for group in rung] == shown:
            return next(group for group in rung if group.id == row.group)
    return None
