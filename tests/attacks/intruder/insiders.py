"""
Insiders: who knows some records takes them out of the release and of the staff list, and attacks the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from questionnaires.model import Questionnaire
from tests.attacks.intruder.attack import attacked
from tests.attacks.intruder.crowd import Person, is_in
from tests.attacks.intruder.reading import Marks, Options, Table, is_multiple
from tests.attacks.intruder.search import Win


class Record(NamedTuple):
    """What an insider knows: a place on the staff list, and each item's answer as custody codes it."""

    place: int
    answers: Mapping[str, int]


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
        stands = [_stands(table, asked, record) for record in own]
        counts = np.sum(stands, axis=0) if stands else np.zeros(len(row["cells"]), np.int64)
        cells = [
            [max(lo - count, 0), min(hi - count, size)]
            for (lo, hi), count in zip(row["cells"], counts.tolist(), strict=True)
        ]
        rows.append({**row, "base": [size, size], "cells": cells})
    return {**table, "rows": rows}


def _stands(table: Table, asked: Questionnaire, record: Record) -> Marks:
    """In which options a record stands; the last one is of those who did not answer."""
    if is_multiple(table, asked):
        return _chosen(table, asked, record.answers[table["item"]])
    one = {item: np.array([answer]) for item, answer in record.answers.items()}
    (own,) = Options(table, asked).marks(one)
    return np.asarray(own, np.bool_)


def _chosen(table: Table, asked: Questionnaire, answer: int) -> Marks:
    options = asked.options_of(asked.item(table["item"]))
    said = {option.code for place, option in enumerate(options) if answer >= 0 and answer >> place & 1}
    found = [bool(said & set(option["codes"])) for option in table["options"][:-1]]
    return np.array([*found, not any(found)])
