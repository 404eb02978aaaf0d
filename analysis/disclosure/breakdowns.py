"""
Which breakdowns are shown, and in which forms.

After the organisation's own tables (analysis/disclosure/suppression.py), whose forms stay as they are. Sensitive
tables whole in narrow bands or not at all; the others in the cheapest forms that protect.
Source: docs/explanation/disclosure.md, rules R2, R3, R5 and R6.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Final

import numpy as np

from analysis.disclosure.audit import Audit
from analysis.disclosure.blocks import AuditedTable, Block
from analysis.disclosure.classes import Classes
from analysis.disclosure.forms import band_of, bands, hidden
from analysis.disclosure.insiders import is_told
from analysis.disclosure.outcomes import Numbers, Outcomes, projected, several
from analysis.disclosure.policy import Policy
from analysis.disclosure.program import NotProvenError
from analysis.disclosure.proposals import open_first, rounded_mean
from analysis.disclosure.roster import Published, Roster, Ties, attacked
from analysis.disclosure.scene import MIXED, Mixture, Scene, Shown
from analysis.tables import (
    BrokenDownTable,
    Form,
    FrequencyTable,
    Interval,
    ProtectedRow,
    ProtectedTable,
    ReportingGroup,
)

_MOST_OUTCOMES: Final = 64
"""Ways to count in one block, up to which it is broken down at all: the rest is left out, not guessed."""

Rows = tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class BlockBreakdowns:
    """
    The tables of one block that would be shown by reporting group.

    Attributes:
        audit: Of the organisation's tables.
        policy: The thresholds.
        block: What they read.
        shown: By table id, what is shown of everything that hangs on the block's root.
        tables: Of which the organisation's figures are shown, in the plan's order.
    """

    audit: Audit
    policy: Policy
    block: Block
    shown: Mapping[str, Shown]
    tables: tuple[BrokenDownTable, ...]

    def protected(self) -> Iterator[ProtectedTable]:
        """Those that may be shown, in the forms in which they may be."""
        try:
            roster = self._roster()
        except NotProvenError:
            return
        if roster is None:
            return
        chosen = self._chosen(roster)
        published = self._published(roster, chosen)
        if not chosen:
            return
        ranges = _ranges(roster, published)
        for table in self.tables:
            if table.planned.id in chosen:
                yield self._written(table, chosen[table.planned.id], roster, ranges)

    def _roster(self) -> Roster | None:
        groups = list({(g.by, g.id): g for table in self.tables for g in table.groups}.values())
        outcomes_and_ties = self._outcomes()
        if outcomes_and_ties is None:
            return None
        outcomes, ties = outcomes_and_ties
        return Roster(
            Classes.of(groups, self.audit.responses), outcomes, ties, self.policy.threshold, self.policy.general
        )

    def _outcomes(self) -> tuple[Outcomes, Ties] | None:
        """What one person can count as, and what the organisation's tables say of it."""
        audited = self._audited()
        own = {table.id: self.shown[table.id] for table in audited}
        is_tied = len(self.shown) > len(own)
        if any(table.measure.multiple for table in audited):
            if is_tied or len(audited) > 1:
                return None
            item = self.audit.respondents.questionnaire.item(audited[0].measure.id)
            return several(audited[0], item.max_choices), Ties(own)
        scene = Scene.of(self.audit.respondents, self.audit.responses, self.block.root, self.shown)
        outcomes, places = projected(audited, scene.kinds[self.block])
        if outcomes.number > _MOST_OUTCOMES:
            return None
        if not is_tied:
            return outcomes, Ties(own)
        return outcomes, Ties(own, self._totals(scene, places, outcomes), places)

    def _totals(self, scene: Scene, places: Numbers, outcomes: Outcomes) -> Numbers:
        """Totals that everything shown of the organisation allows; just one where its own cells say it."""
        bounds = [cell for table_id in outcomes.cells for cell in self.shown[table_id].cells]
        if len(outcomes.cells) == 1 and all(cell.is_exact for cell in bounds):
            (cells,) = outcomes.cells.values()
            return np.array([[cell.lo for cell in bounds]]) @ cells.astype(np.int64)
        found = whole_totals(scene, self.block, places, outcomes.number)
        if not len(found):
            raise NotProvenError("breakdown: no totals in whole numbers were found")
        return found

    def _audited(self) -> list[AuditedTable]:
        measured = {row.measure.id for table in self.tables for row in table.rows}
        return [table for table in self.block.tables if table.measure.id in measured]

    def _chosen(self, roster: Roster) -> dict[str, Rows]:
        """Rows by table id: all tables together if that is safe, else one by one in the plan's order."""
        candidates = {table.planned.id: tuple(map(self._candidate, table.rows)) for table in self.tables}
        if self._is_safe(roster, candidates):
            return candidates
        chosen: dict[str, Rows] = {}
        for table_id, rows in candidates.items():
            if self._is_safe(roster, {**chosen, table_id: rows}):
                chosen[table_id] = rows
        return chosen

    def _is_safe(self, roster: Roster, rows: Mapping[str, Rows]) -> bool:
        """Whether everything stays open, here and among the organisation's tables."""
        published = self._published(roster, rows)
        try:
            found = attacked(roster, published)
        except NotProvenError:
            return False
        if found.told or is_told(found.witnesses, roster.outcomes.number):
            return False
        totals = roster.totals_left(published)
        if len(totals) == 0 or len(roster.ties.totals) == 1:
            return True
        mixture = Mixture(self.block, roster.ties.places, totals)
        return self.audit.is_safe(self.block.root, self.shown, mixture)

    def _candidate(self, row: FrequencyTable) -> Shown:
        """The row in narrow bands; of a sensitive one, what says that nothing happened is left open."""
        narrow = bands(row.base, self.policy.threshold)
        cells = [band_of(count, narrow) for count in row.cells]
        if not row.measure.multiple:
            cells[open_first(row)[0]] = hidden(row.base)
        return Shown(Interval(row.base, row.base), tuple(cells))

    def _published(self, roster: Roster, chosen: Mapping[str, Rows]) -> Published:
        places = {(group.by, group.id): place for place, group in enumerate(roster.classes.groups)}
        published: dict[str, dict[int, Shown]] = {}
        for table in self.tables:
            if table.planned.id in chosen:
                rows = published.setdefault(table.rows[0].measure.id, {})
                for group, shown in zip(table.groups, chosen[table.planned.id], strict=True):
                    rows[places[group.by, group.id]] = shown
        return published

    def _written(
        self,
        table: BrokenDownTable,
        rows: Rows,
        roster: Roster,
        ranges: Mapping[tuple[str, int, int], Interval],
    ) -> ProtectedTable:
        places = {(group.by, group.id): place for place, group in enumerate(roster.classes.groups)}
        measure = table.rows[0].measure
        return ProtectedTable(
            planned=table.planned,
            options=table.rows[0].options,
            multiple=measure.multiple,
            form=_form(rows, self.policy.threshold),
            rows=tuple(
                _row(measure.id, group, shown, places[group.by, group.id], ranges)
                for group, shown in zip(table.groups, rows, strict=True)
            ),
        )


def _row(
    table_id: str,
    group: ReportingGroup,
    shown: Shown,
    place: int,
    ranges: Mapping[tuple[str, int, int], Interval],
) -> ProtectedRow:
    return ProtectedRow(
        base=shown.base,
        cells=shown.cells,
        mean=shown.mean,
        ranges=tuple(
            ranges[table_id, place, cell] for cell, bounds in enumerate(shown.cells) if not bounds.is_exact
        ),
        group=group.id,
        parent=group.parent,
    )


def _form(rows: Rows, threshold: int) -> Form:
    """What the coarsest cell shows that shows anything; a cell left open beside others counts with them."""
    cells = [(row.base.hi, cell) for row in rows for cell in row.cells]
    told = [(base, cell) for base, cell in cells if cell != hidden(base)]
    if not told:
        return Form.HIDDEN
    if all(cell.is_exact for _, cell in cells):
        return Form.EXACT
    narrow = all(cell.is_exact or cell in bands(base, threshold) for base, cell in told)
    return Form.BANDS if narrow else Form.WIDE_BANDS


def whole_totals(scene: Scene, block: Block, places: Numbers, outcomes: int) -> Numbers:
    """
    How many can have each outcome, in whole numbers, in sets of respondents that agree with everything shown.

    Toward as few and as many as can be of each, and of each two.
    """
    program, own = scene.program(), scene.places[block]
    found = []
    for one, other in combinations_with_replacement(range(outcomes), 2):
        marks = np.zeros(scene.unknowns)
        marks[own] = (places == one) | (places == other)
        for solution in (program.least(marks), program.greatest(marks)):
            totals = np.bincount(places, weights=solution.respondents[own], minlength=outcomes)
            if np.abs(totals - np.rint(totals)).max() < MIXED:
                found.append(np.rint(totals).astype(np.int64))
    return np.unique(np.array(found, np.int64).reshape(-1, outcomes), axis=0)


def _ranges(roster: Roster, published: Published) -> dict[tuple[str, int, int], Interval]:
    """What each cell that is not exact was found able to be: each end is reached by a set of people."""
    witnesses = attacked(roster, published).witnesses
    found = {}
    for table_id, rows in published.items():
        for place, shown in rows.items():
            crowd = roster.classes.crowd(place)
            for cell, bounds in enumerate(shown.cells):
                if not bounds.is_exact:
                    count = roster.spread(crowd, roster.outcomes.cells[table_id][cell])
                    found[table_id, place, cell] = witnesses.range_of(count, bounds)
    return found


def broken_down(
    audit: Audit,
    policy: Policy,
    root: Block,
    shown: Mapping[str, Shown],
    tables: Sequence[BrokenDownTable],
) -> Iterator[ProtectedTable]:
    """
    The tables by reporting group that may be shown of the blocks of everybody that hang on a root.

    Args:
        audit: Of the organisation's tables.
        policy: The thresholds.
        root: A block of everybody.
        shown: What is shown of everything that hangs on it.
        tables: Broken down, in the plan's order.
    """
    own = {table.measure.id for table in root.tables if table.id in shown}
    of_block = tuple(table for table in tables if table.rows[0].measure.id in own)
    if of_block:
        yield from BlockBreakdowns(audit, policy, root, shown, of_block).protected()
