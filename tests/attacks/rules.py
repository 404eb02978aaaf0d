"""
Two rules that others use, to compare with: each table by itself in bands, and plain cell suppression.

Both are given the tables that the plan makes, of the organisation and of every group that is large enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from analysis.coding import coded
from analysis.disclosure.suppression import least_group
from analysis.grouping import reporting_groups
from analysis.measures import measures_of
from analysis.plan import publication_plan
from analysis.tables import FrequencyTable, OpenedWave
from analysis.tabulation import broken_down, tabulated
from policy import POLICY

T: Final = 5

Released = Mapping[str, Any]
"""A release as JSON, or what has the same tables."""


class Cells(NamedTuple):
    """How many cells are shown how."""

    exact: int
    banded: int
    hidden: int


def naive_release(wave: OpenedWave, breakdowns: Sequence[str]) -> Released:
    """Each table by itself: exact where a count and its opposite reach five, else in bands."""
    return {"tables": [_banded(table) for table in counted(wave, breakdowns)]}


def plainly_suppressed(naive: Released) -> Released:
    """Small cells hidden, and in each row and each column another one if only one is."""
    return {"tables": [_suppressed(table) for table in naive["tables"]]}


def cells_of(release: Released, all_of_them: Released) -> Cells:
    """How the cells of all tables come out in a release: what is not in it is hidden."""
    shown = {
        (table["id"], row["group"], cell): (bounds, row["base"])
        for table in release["tables"]
        for row in table["rows"]
        for cell, bounds in enumerate(row["cells"])
    }
    exact = banded = every = 0
    for table in all_of_them["tables"]:
        for row in table["rows"]:
            for cell in range(len(row["cells"])):
                (lo, hi), base = shown.get((table["id"], row["group"], cell), ((0, 0), None))
                every += 1
                exact += base is not None and lo == hi
                banded += base is not None and lo < hi and (lo, hi) != (0, base[1])
    return Cells(exact, banded, every - exact - banded)


def counted(wave: OpenedWave, breakdowns: Sequence[str]) -> Iterator[dict[str, Any]]:
    plan = publication_plan(wave.questionnaire, breakdowns=breakdowns, open_wave=False)
    measures = measures_of(wave.questionnaire)
    responses = coded(wave, measures.values())
    finest = 0 if wave.responses >= POLICY.all_options else -1
    for planned in plan.tables:
        options = planned.alternatives[finest]
        if planned.by is None:
            rows: list[tuple[str | None, str | None, FrequencyTable]] = [
                (None, None, tabulated(responses, planned, options))
            ]
        else:
            groups = reporting_groups(wave, planned.by, least_group(measures[planned.item], POLICY))
            if not groups:
                continue
            broken = broken_down(responses, planned, options, groups)
            rows = [(g.id, g.parent, row) for g, row in zip(groups, broken.rows, strict=True)]
        if all(row.base >= POLICY.general for *_, row in rows):
            yield {
                "id": planned.id,
                "kind": planned.kind.value,
                "item": planned.item,
                "by": planned.by,
                "options": [{"id": o.id, "codes": list(o.codes)} for o in options],
                "rows": [
                    {"group": g, "parent": above, "base": [row.base, row.base], "cells": list(row.cells)}
                    for g, above, row in rows
                ],
            }


def _banded(table: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {**row, "cells": [_band(count, row["base"][0]) for count in row["cells"]]} for row in table["rows"]
    ]
    return {**table, "rows": rows}


def _band(count: int, base: int) -> list[int]:
    if count < T:
        return [0, T - 1]
    return [base - T + 1, base] if count > base - T else [count, count]


def _suppressed(table: Mapping[str, Any]) -> dict[str, Any]:
    hidden = [[lo < hi for lo, hi in row["cells"]] for row in table["rows"]]
    counts = [[(lo + hi) // 2 for lo, hi in row["cells"]] for row in table["rows"]]
    for _ in range(2):
        for flags, row in zip(hidden, counts, strict=True):
            _another(flags, row)
        for cell in range(len(counts[0])):
            column = [flags[cell] for flags in hidden]
            if len(column) > 1:
                _another(column, [row[cell] for row in counts])
            for flags, is_hidden in zip(hidden, column, strict=True):
                flags[cell] = is_hidden
    rows = [
        {
            **row,
            "cells": [
                [0, row["base"][1]] if is_hidden else cell
                for cell, is_hidden in zip(row["cells"], flags, strict=True)
            ],
        }
        for row, flags in zip(table["rows"], hidden, strict=True)
    ]
    return {**table, "rows": rows}


def _another(flags: list[bool], counts: Sequence[int]) -> None:
    """Hide the smallest count that is shown, if just one is hidden."""
    if sum(flags) == 1 and len(flags) > 1:
        flags[min((n, at) for at, n in enumerate(counts) if not flags[at])[1]] = True
