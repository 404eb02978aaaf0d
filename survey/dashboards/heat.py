"""
Reporting groups × indicators at a glance: a table whose cells are darker where more is surely so.

A cell is coloured from its least value on the left to its greatest on the right, so that one that is not told
exactly looks so; what is hidden has no colour, and nothing says why. Colours follow from published bounds
alone, and mean "more", never "worse".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Final

from analysis.findings import headline, together
from analysis.indicators import BY_ID, Direction
from analysis.naming import Name, group_name, title
from analysis.release import Row, Table
from analysis.tables import UNIT, Interval
from analysis.wording import WORDINGS, is_hidden
from survey.dashboards.trusted import Reading, units_of

STEPS: Final = 5
_ALL: Final = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One group's figure.

    Attributes:
        words: Its per cents, or the mean of an index; empty where the group is not shown.
        least: Which fifth of 0 to 100 its least value lies in, from 0; None where it says nothing.
        most: Which fifth its greatest value lies in.
    """

    words: str
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One indicator: its name, its figure's anchor, and which way it is good news."""

    name: Name
    anchor: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One reporting group, or the organisation: its name, whether it is part of the one above, its cells."""

    name: Name
    is_part: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """
    One breakdown.

    Attributes:
        by: The question that the groups answered; None for units.
        columns: The indicators that at least one group is shown in.
        whole: The organisation's own figures, for comparison.
        rows: The groups, as the release has them.
    """

    by: Name | None
    columns: tuple[Column, ...]
    whole: HeatRow
    rows: tuple[HeatRow, ...]


@lru_cache(maxsize=32)
def heat_maps(reading: Reading, language: str) -> tuple[HeatMap, ...]:
    """One map for each breakdown that any indicator is shown by, in the release's order."""
    shown = [
        measured
        for table in reading.release.tables
        if table.kind == "indicator" and table.item in BY_ID and table.by is not None
        if not table.is_hidden and (measured := _measured(table, reading)) is not None
    ]
    order = list(BY_ID)
    shown.sort(key=lambda measured: order.index(measured.table.item))
    whole = {table.item: table for table in reading.release.tables if table.by is None}
    return tuple(
        _map(reading, [each.beside(whole) for each in shown if each.table.by == by], whole, by, language)
        for by in dict.fromkeys(table.by for table in reading.release.tables)
        if by is not None and any(each.table.by == by for each in shown)
    )


def _map(
    reading: Reading, shown: Sequence[_Measured], whole: Mapping[str, Table], by: str, language: str
) -> HeatMap:
    return HeatMap(
        by=None if by == UNIT else title("item", by, reading.questionnaire, language),
        columns=tuple(_column(reading, each.table, whole, language) for each in shown),
        whole=HeatRow(
            Name("", language),
            is_part=False,
            cells=tuple(_own(each, whole.get(each.table.item), language) for each in shown),
        ),
        rows=tuple(_rows(reading, shown, language)),
    )


def _own(column: _Measured, table: Table | None, language: str) -> Cell:
    return Cell("") if table is None else replace(column, table=table).cell(table.rows[0], language)


def _column(reading: Reading, table: Table, whole: Mapping[str, Table], language: str) -> Column:
    own = whole.get(table.item)
    return Column(
        title("indicator", table.item, reading.questionnaire, language),
        "" if own is None or own.is_hidden else own.id,
        BY_ID[table.item].direction,
    )


def _rows(reading: Reading, shown: Sequence[_Measured], language: str) -> Iterator[HeatRow]:
    """The groups of any of the tables: indicators that ask for a larger base have fewer of them."""
    by_group = [{row.group: row for row in each.table.rows} for each in shown]
    places = {row.group: (each.table, row) for each in reversed(shown) for row in each.table.rows}
    longest = max(shown, key=lambda each: len(each.table.rows)).table
    for group in dict.fromkeys([*(row.group for row in longest.rows), *places]):
        yield HeatRow(
            group_name(*places[group], reading.questionnaire, units_of(reading), language),
            is_part=places[group][1].parent is not None,
            cells=tuple(
                each.cell(rows.get(group), language) for each, rows in zip(shown, by_group, strict=True)
            ),
        )


@dataclass(frozen=True, slots=True)
class _Measured:
    """A table, the options whose share stands in its cells, and whether a mean stands there instead."""

    table: Table
    options: frozenset[str]
    by_mean: bool = False

    def beside(self, whole: Mapping[str, Table]) -> _Measured:
        """With means only where each group and the organisation have one: nobody compares 70 with 87 %."""
        own = whole.get(self.table.item)
        rows = [*self.table.rows, *(own.rows if own else ())]
        return replace(self, by_mean=all(row.mean is not None for row in rows))

    def cell(self, row: Row | None, language: str) -> Cell:
        """One group's figure: a share, or the mean of an index."""
        if row is None:
            return Cell("")
        if self.by_mean and row.mean is not None:
            return Cell(WORDINGS[language].number(row.mean), _step(row.mean), _step(row.mean))
        count, share = together(self.options, self.table, row)
        if is_hidden(count, Interval(*row.base)) or share.is_unknown:
            return Cell(WORDINGS[language].hidden_briefly)
        least, most = share.least * _ALL, share.most * _ALL
        return Cell(WORDINGS[language].share(share), _step(least), _step(most))


def _measured(table: Table, reading: Reading) -> _Measured | None:
    """How to read a table, where its indicator has one share that says what it is about."""
    said = headline(table, reading.questionnaire, "en")
    return None if said is None else _Measured(table, said.options)


def _step(value: Fraction | int) -> int:
    return min(int(value * STEPS / _ALL), STEPS - 1)
