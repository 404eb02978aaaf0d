"""
What one person can count as in the tables that are broken down, and what ties these to the organisation's.

The unknowns of the roster attacker (analysis/disclosure/roster.py) are numbers of people by class and
outcome.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.disclosure.blocks import AuditedTable
from analysis.disclosure.respondents import Kinds, Marks
from analysis.tables import NO_ANSWER

Numbers = npt.NDArray[np.int64]

NOTHING_SAID: Final = frozenset({"never", "no"})
"""Codes that say it did not happen: an answer that everybody gave is no secret to be kept from anybody."""


class PerPerson(NamedTuple):
    """A sum over outcomes and the bounds that it keeps for each person."""

    coefficients: Numbers
    least: int
    most: int


@dataclass(frozen=True, eq=False)
class Outcomes:
    """
    The ways in which one person can count.

    Attributes:
        number: How many there are.
        rules: What holds for each person: one outcome each, or several where several answers can be given.
        cells: Table id → shape (cells, outcomes), which outcomes count in which cell.
        exposed: Table id → of which cells nobody may be shown to stand, or not to stand, in.
    """

    number: int
    rules: tuple[PerPerson, ...]
    cells: Mapping[str, Marks]
    exposed: Mapping[str, tuple[bool, ...]]


class Projection(NamedTuple):
    """
    Outcomes, and which of them each kind of respondent of the organisation's tables has.

    Attributes:
        outcomes: The ways to count.
        places: For each kind its outcome.
    """

    outcomes: Outcomes
    places: Numbers


def projected(tables: Sequence[AuditedTable], kinds: Kinds) -> Projection:
    """The outcomes of these tables that some kind of respondent has."""
    marks = np.hstack([kinds.cells[table.id] for table in tables])
    distinct, places = np.unique(marks, axis=0, return_inverse=True)
    number, cells, at = len(distinct), {}, 0
    for table in tables:
        cells[table.id] = distinct[:, at : at + len(table.options)].T
        at += len(table.options)
    one_each = PerPerson(np.ones(number, np.int64), 1, 1)
    return Projection(Outcomes(number, (one_each,), cells, _exposed(tables)), places.ravel())


def several(table: AuditedTable, most_choices: int | None) -> Outcomes:
    """
    The outcomes of a table of which a person can stand in several cells.

    An unknown for each cell. Which answers can stand together follows from the rules: these and whole numbers
    of people are all that there is.
    """
    exclusive = set(table.measure.exclusive)
    alone = np.array([option.id == NO_ANSWER or set(option.codes) <= exclusive for option in table.options])
    number = len(alone)
    together = np.flatnonzero(~alone)
    rules = [PerPerson(np.where(alone, 1, 0), 0, 1)]
    rules += [PerPerson(np.where(alone | (np.arange(number) == place), 1, 0), 0, 1) for place in together]
    rules.append(PerPerson(np.ones(number, np.int64), 1, number))
    if most_choices is not None:
        rules.append(PerPerson(np.where(alone, most_choices, 1), 0, most_choices))
    return Outcomes(number, tuple(rules), {table.id: np.eye(number, dtype=np.bool_)}, _exposed([table]))


def _exposed(tables: Sequence[AuditedTable]) -> dict[str, tuple[bool, ...]]:
    return {
        table.id: tuple(
            table.measure.sensitive
            and option.id != NO_ANSWER
            and NOTHING_SAID.isdisjoint({option.id, *option.codes})
            for option in table.options
        )
        for table in tables
    }
