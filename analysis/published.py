"""A release's tables as the audits of analysis/disclosure read them: item by item, breakdowns together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analysis.disclosure.public import PublishedRow, PublishedTable
from analysis.disclosure.waves import Codes, WaveRow
from analysis.indicators import BY_ID, SCORES, Score
from analysis.release import Release, Row, Table
from analysis.tables import Interval, TableKind

_POINTS: Final = frozenset(map(str, SCORES))


def families(release: Release) -> Iterator[list[PublishedTable]]:
    """The tables of each item or indicator, in the release's order."""
    for measured in dict.fromkeys((table.kind, table.item) for table in release.tables):
        yield [
            _table(table, release.ledger.ranges.get(table.id, ()))
            for table in release.tables
            if (table.kind, table.item) == measured
        ]


def wave_rows(table: Table) -> dict[str | None, WaveRow]:
    """A table's rows by reporting group, with what their options count."""
    options = tuple(Codes(option.codes or (option.id,)) for option in table.options)
    return {row.group: WaveRow(options, _row(row), table.multiple) for row in table.rows}


def _table(table: Table, ranges: tuple[tuple[int, int], ...]) -> PublishedTable:
    return PublishedTable(
        id=table.id,
        by=table.by,
        multiple=table.multiple,
        options=tuple(option.id for option in table.options),
        rows=tuple(map(_row, table.rows)),
        ranges=tuple(Interval(*found) for found in ranges),
        scores=_scores(table),
    )


def _scores(table: Table) -> tuple[Interval, ...]:
    """Of an index, between which points each option's lie; nothing where its codes are no points."""
    indicator = BY_ID.get(table.item)
    codes = [option.codes for option in table.options[:-1]]
    if table.kind != TableKind.INDICATOR.value or indicator is None or not isinstance(indicator.rule, Score):
        return ()
    if not all(option and _POINTS.issuperset(option) for option in codes):
        return ()
    points = [[int(code) for code in option] for option in codes]
    return tuple(Interval(min(option), max(option)) for option in points)


def _row(row: Row) -> PublishedRow:
    cells = tuple(Interval(*cell) for cell in row.cells)
    return PublishedRow(row.group, row.parent, Interval(*row.base), cells, row.mean)
