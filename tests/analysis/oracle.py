"""
The algorithm as an oracle: every set of respondents of a small organisation, through the whole of it.

An intruder who knows this very program learns from an outcome that the respondents are among those which
have it. `told` says what that tells of each number that must stay open.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest

from analysis.coding import coded, counted_as
from analysis.disclosure.audit import Audit
from analysis.disclosure.blocks import Block
from analysis.disclosure.scene import Shown
from analysis.disclosure.suppression import Circumstances, protected
from analysis.measures import measures_of
from analysis.plan import PublicationPlan, publication_plan
from analysis.routes import Columns
from analysis.tables import (
    LEFT_BLANK,
    Coded,
    FrequencyTable,
    Interval,
    Measure,
    OpenedWave,
    PlannedTable,
    Protection,
)
from analysis.tabulation import tabulated
from policy import Policy
from questionnaires.model import ItemType, Questionnaire
from tests.analysis.rosters import on_path

Outcome = tuple[tuple[str, Interval, tuple[Interval, ...]], ...]


@dataclass(frozen=True)
class Small:
    """A questionnaire so small that every set of its respondents can be looked at."""

    asked: Questionnaire
    policy: Policy

    @property
    def plan(self) -> PublicationPlan:
        return publication_plan(self.asked, breakdowns=(), open_wave=False)

    def everybody(self) -> npt.NDArray[np.int32]:
        """Every way to answer that counts differently, once."""
        columns = [[LEFT_BLANK], *(_choices(self.asked, place) for place in range(len(self.asked.items)))]
        rows = on_path(self.asked, np.array(list(product(*columns)), np.int32)).answers
        counts = np.hstack([self.counts(row) for row in rows]).T
        _, first = np.unique(counts, axis=0, return_index=True)
        return rows[first]

    def tables(self, answers: npt.NDArray[np.int32]) -> list[FrequencyTable]:
        measures = measures_of(self.asked)
        responses = coded(OpenedWave(self.asked, (), answers), measures.values())
        return [tabulated(responses, table, table.alternatives[-1]) for table in self.plan.tables]

    def counts(self, row: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
        """One respondent's part in every cell and every base, as a column."""
        tables = self.tables(row[None, :])
        return np.array([n for t in tables for n in t.cells] + [t.base for t in tables])[:, None]

    def raw_tables(self, people: int) -> npt.NDArray[np.int64]:
        """All cells and bases of every set of so many respondents, each once."""
        kinds = np.hstack([self.counts(row) for row in self.everybody()])
        sets = np.array(list(_compositions(people, kinds.shape[1])))
        return np.unique(sets @ kinds.T, axis=0)

    def outcomes(self, people: int, patch: pytest.MonkeyPatch) -> dict[Outcome, npt.NDArray[np.int64]]:
        """What is shown → the raw tables of which that is shown."""
        _remember(patch)
        measures, planned = measures_of(self.asked), self.plan.tables
        known = Circumstances(self.asked, people, is_open=False, policy=self.policy)
        found: dict[Outcome, list[npt.NDArray[np.int64]]] = defaultdict(list)
        for raw in self.raw_tables(people):
            tables = list(_tables(planned, measures, raw))
            shown = protected(tables, [], known, self.counted)
            found[_outcome(shown)].append(raw)
        return {outcome: np.array(rows) for outcome, rows in found.items()}

    def counted(self, measure: Measure, columns: Columns) -> Coded:
        return counted_as(measure, self.asked, columns)

    def told(self, rows: npt.NDArray[np.int64]) -> Iterator[tuple[str, int, int]]:
        """Of each cell and its complement, the least and the greatest it is in these raw tables."""
        place, bases = 0, rows[:, sum(len(t.alternatives[-1]) for t in self.plan.tables) :].T
        for table, base in zip(self.plan.tables, bases, strict=True):
            for option in table.alternatives[-1]:
                count = rows[:, place]
                place += 1
                yield f"{table.id}: {option.id}", int(count.min()), int(count.max())
                others = base - count
                yield f"{table.id}: not {option.id}", int(others.min()), int(others.max())

    def leaks(self, outcomes: dict[Outcome, npt.NDArray[np.int64]]) -> list[tuple[str, int, int]]:
        """Numbers of which somebody who knows the algorithm can tell none from a few."""
        threshold = self.policy.threshold
        return [
            (name, least, most)
            for rows in outcomes.values()
            for name, least, most in self.told(rows)
            if not (least >= threshold or (least == 0 and most >= threshold - 1))
        ]

    def changed(self, outcomes: dict[Outcome, npt.NDArray[np.int64]]) -> list[Outcome]:
        """Outcomes with which raw tables agree of which something that is shown there is shown otherwise."""
        every = np.vstack(list(outcomes.values()))
        of = np.repeat(np.arange(len(outcomes)), [len(rows) for rows in outcomes.values()])
        shown = [_visible(outcome) for outcome in outcomes]
        return [
            outcome
            for outcome, own in zip(outcomes, shown, strict=True)
            if any(not own <= shown[other] for other in np.unique(of[self._agreeing(outcome, every)]))
        ]

    def _agreeing(self, outcome: Outcome, raw: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Which raw tables have every cell and base within what the outcome shows."""
        planned = self.plan.tables
        starts = np.cumsum([0, *(len(table.alternatives[-1]) for table in planned)])
        names, agrees = [table.id for table in planned], np.ones(len(raw), np.bool_)
        for name, base, cells in outcome:
            at = names.index(name)
            for place, bounds in ((starts[-1] + at, base), *enumerate(cells, starts[at])):
                agrees &= (raw[:, place] >= bounds.lo) & (raw[:, place] <= bounds.hi)
        return agrees


def _visible(outcome: Outcome) -> AbstractSet[tuple[str, Interval, tuple[Interval, ...]]]:
    """The tables that say more than how many were asked."""
    return {table for table in outcome if any((cell.lo, cell.hi) != (0, table[1].hi) for cell in table[2])}


def _choices(asked: Questionnaire, place: int) -> list[int]:
    item = asked.items[place]
    options = asked.options_of(item)
    if item.type is not ItemType.MULTI:
        return [LEFT_BLANK, *range(len(options))]
    alone = sum(1 << i for i, option in enumerate(options) if option.exclusive)
    masks = range(1, 1 << len(options))
    return [LEFT_BLANK, *(mask for mask in masks if not mask & alone or mask.bit_count() == 1)]


def _compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _compositions(total - first, parts - 1):
            yield (first, *rest)


def _tables(
    planned: tuple[PlannedTable, ...], measures: dict[str, Measure], raw: npt.NDArray[np.int64]
) -> Iterator[FrequencyTable]:
    numbers, place = [int(n) for n in raw], 0
    for table, base in zip(planned, numbers[-len(planned) :], strict=True):
        options = table.alternatives[-1]
        cells = tuple(numbers[place : place + len(options)])
        place += len(options)
        yield FrequencyTable(table, measures[table.item], options, base, cells)


def _outcome(shown: Protection) -> Outcome:
    return tuple((table.planned.id, table.rows[0].base, table.rows[0].cells) for table in shown.tables)


def _remember(patch: pytest.MonkeyPatch) -> None:
    """The audit looks at what is shown alone, so one publication need be audited once."""
    for name in ("is_safe", "asked"):
        patch.setattr(Audit, name, _remembering(getattr(Audit, name)))
    # What the ledger says of a range is not what is shown.
    patch.setattr(Audit, "ranges", lambda _, __, shown: {n: _open(s) for n, s in shown.items()})


def _open(shown: Shown) -> tuple[Interval, ...]:
    return tuple(cell for cell in shown.cells if not cell.is_exact)


def _remembering(method: Callable[[Audit, Block, dict[str, Shown]], object]) -> Callable[..., object]:
    answers: dict[object, object] = {}

    def remembered(audit: Audit, block: Block, shown: dict[str, Shown]) -> object:
        key = (block.items, frozenset(shown.items()))
        if key not in answers:
            answers[key] = method(audit, block, shown)
        return answers[key]

    return remembered
