"""A release's tables as the audits of analysis/disclosure read them: item by item, breakdowns together."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.disclosure.public import PublishedRow, PublishedTable
from analysis.disclosure.waves import Codes, WaveRow
from analysis.release import Release, Row, Table
from analysis.tables import Interval


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
    )


def _row(row: Row) -> PublishedRow:
    cells = tuple(Interval(*cell) for cell in row.cells)
    return PublishedRow(row.group, row.parent, Interval(*row.base), cells)
