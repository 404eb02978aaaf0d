"""A table by reporting group as a page shows it: a row for each group, and its figures in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.naming import Name, group_name, option_name, title
from analysis.release import Row, Table
from analysis.tables import UNIT, Interval
from analysis.wording import WORDINGS
from survey.dashboards.trusted import Reading, units_of


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
    return tuple(_table(reading, other, language) for other in _broken_down(reading, table))


def is_broken_down(reading: Reading, table: Table) -> bool:
    """Whether the release has the figure by any reporting group."""
    return any(True for _ in _broken_down(reading, table))


def _broken_down(reading: Reading, table: Table) -> Iterator[Table]:
    return (
        other
        for other in reading.release.tables
        if other.by is not None
        and (other.kind, other.item) == (table.kind, table.item)
        and not other.is_hidden
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
        name=group_name(table, row, reading.questionnaire, units_of(reading), language),
        is_part=row.parent is not None,
        base=wording.asked(base),
        counts=tuple(
            wording.hidden_briefly if cell == (0, row.base[1]) else wording.count(Interval(*cell), base)
            for cell in row.cells
        ),
    )
