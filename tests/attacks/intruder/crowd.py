"""
The staff list: what is known of everybody beforehand, and which shown rows each of them stands in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from questionnaires.model import Questionnaire
from tests.attacks.intruder.reading import Marks, Table
from tests.attacks.intruder.search import T

UNIT: Final = "unit"

Person = Mapping[str, str | None]
"""Which code somebody gave for each breakdown item, and their unit."""


def staff_list(asked: Questionnaire, units: Sequence[str], answers: npt.NDArray[np.int32]) -> list[Person]:
    """What is known of everybody beforehand: their unit and what breakdown items ask."""
    columns = {UNIT: (list(units), answers[:, 0])}
    for place, item in enumerate(asked.items):
        if item.breakdown:
            columns[item.id] = ([option.code for option in asked.options_of(item)], answers[:, 1 + place])
    return [
        {name: codes[column[row]] if column[row] >= 0 else None for name, (codes, column) in columns.items()}
        for row in range(len(answers))
    ]


class Crowd(NamedTuple):
    """Everybody by which shown rows they stand in."""

    sizes: npt.NDArray[np.int64]
    rows: list[tuple[Marks, Mapping[str, Any]]]
    bys: list[str]

    @classmethod
    def of(cls, tables: Sequence[Table], asked: Questionnaire, staff: Sequence[Person]) -> Crowd:
        """The classes that the rows of these tables make."""
        rows = [(table["by"], row) for table in tables for row in table["rows"]]
        members = np.array([[is_in(person, by, row, asked) for person in staff] for by, row in rows])
        for inside, (_, row) in zip(members, rows, strict=True):
            assert [int(inside.sum())] * 2 == list(row["base"]), "the staff list is read as custody reads it"
        marks, sizes = np.unique(members, axis=1, return_counts=True)
        shown = [(marks[place], row) for place, (_, row) in enumerate(rows)]
        return cls(sizes, shown, [by for by, _ in rows])

    def unseen(self) -> Iterator[Marks]:
        """Whoever stands in no row of a breakdown, in none of a unit's parts, or between two nested rows."""
        everybody = np.ones(len(self.sizes), np.bool_)
        found = []
        for by in dict.fromkeys(self.bys):
            own = [(marks, row) for at, (marks, row) in zip(self.bys, self.rows, strict=True) if at == by]
            found.append(everybody & ~np.any([marks for marks, _ in own], axis=0))
            for marks, row in own:
                parts = [other for other, below in own if below.get("parent") == row["group"]]
                if parts:
                    found.append(marks & ~np.any(parts, axis=0))
        for one, other in product([marks for marks, _ in self.rows], repeat=2):
            if (other <= one).all() and 0 < self.sizes[one & ~other].sum() < 2 * T:
                found.append(one & ~other)
        distinct = {marks.tobytes(): marks for marks in found if marks.any()}
        for marks, _ in self.rows:
            distinct.pop(marks.tobytes(), None)
        yield from distinct.values()


def is_in(person: Person, by: str, row: Mapping[str, Any], asked: Questionnaire) -> bool:
    """Whether somebody stands in a row, by what they said of themselves."""
    said = person[by]
    if said is None:
        return False
    if by == UNIT:
        return said == row["group"] or said.startswith(f"{row['group']}-")
    item = asked.item(by)
    rungs = asked.ladder_of(item)
    return any(said in group.codes for rung in rungs for group in rung if group.id == row["group"])
