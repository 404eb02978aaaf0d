"""
Insiders: who knows some records takes them out of the release and of the staff list, and attacks the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from questionnaires.model import Questionnaire
from tests.attacks.intruder.attack import attacked
from tests.attacks.intruder.crowd import Person, is_in
from tests.attacks.intruder.reading import Table
from tests.attacks.intruder.search import Win


class Record(NamedTuple):
    """What an insider knows: somebody's place on the staff list, and the code they gave for each item."""

    place: int
    said: Mapping[str, str | None]


def told(
    release: Mapping[str, Any], asked: Questionnaire, staff: Sequence[Person], records: Sequence[Record]
) -> list[Win]:
    """What those who know these records can tell of everybody else that they must not."""
    tables = [_others(table, asked, staff, records) for table in release["tables"]]
    known = {record.place for record in records}
    others = [person for place, person in enumerate(staff) if place not in known]
    return attacked({"tables": tables}, asked, others, insiders=len(records)).wins


def _others(
    table: Table, asked: Questionnaire, staff: Sequence[Person], records: Sequence[Record]
) -> dict[str, Any]:
    rows = []
    for row in table["rows"]:
        own = [r for r in records if table["by"] is None or is_in(staff[r.place], table["by"], row, asked)]
        size = row["base"][0] - len(own)
        counts = [sum(_cell(table, record) == cell for record in own) for cell in range(len(row["cells"]))]
        cells = [
            [max(lo - count, 0), min(hi - count, size)]
            for (lo, hi), count in zip(row["cells"], counts, strict=True)
        ]
        rows.append({**row, "base": [size, size], "cells": cells})
    return {**table, "rows": rows}


def _cell(table: Table, record: Record) -> int:
    """The option that counts a record; the last one is of those who did not answer."""
    said = record.said[table["item"]]
    found = (cell for cell, option in enumerate(table["options"]) if said in option["codes"])
    return next(found, len(table["options"]) - 1)
