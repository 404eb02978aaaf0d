"""
Which breakdowns are shown, and in which forms.

After the organisation's own tables (analysis/disclosure/suppression.py), whose forms stay as they are.
Sensitive tables whole in narrow bands or not at all; the others in the cheapest forms that protect.
Source: docs/explanation/disclosure.md, rules R2, R3, R5 and R6.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from math import ceil, floor
from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import linprog

from analysis.disclosure.alternatives import every_way, in_bands
from analysis.disclosure.audit import Audit
from analysis.disclosure.blocks import AuditedTable, Block
from analysis.disclosure.cheapest import CheapestForms, Rows
from analysis.disclosure.classes import Classes
from analysis.disclosure.forms import form_of
from analysis.disclosure.insiders import told_to_insiders
from analysis.disclosure.outcomes import Numbers, Outcomes, projected, several
from analysis.disclosure.program import NotProvenError, Vector
from analysis.disclosure.roster import Demand, Published, Roster, Ties, Witnesses, attacked
from analysis.disclosure.scene import MIXED, Mixture, Scene, Shown
from analysis.tables import (
    BrokenDownTable,
    Interval,
    ProtectedRow,
    ProtectedTable,
    ReportingGroup,
)
from policy import LIMITS, Policy

_FIRST: Final = 1000
"""How much more the first of two aims counts than the second."""


class BrokenDown(NamedTuple):
    """
    What may be shown of a block by reporting group.

    Attributes:
        tables: In the forms in which they may be.
        whole: By id of the organisation's tables beside them, what is left of each cell that is not exact.
    """

    tables: tuple[ProtectedTable, ...]
    whole: Mapping[str, tuple[Interval, ...]]


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

    def protected(self) -> BrokenDown:
        """Those that may be shown, in the forms in which they may be."""
        try:
            outcomes_and_ties = self._outcomes()
            if outcomes_and_ties is None:
                return BrokenDown((), {})
            chosen = self._chosen(*outcomes_and_ties)
            if not chosen:
                return BrokenDown((), {})
            roster = self._roster(*outcomes_and_ties, self.tables)
            published = self._published(roster, chosen)
            witnesses = attacked(roster, published).witnesses
            whole = self._whole(roster, published, witnesses)
        except NotProvenError:
            return BrokenDown((), {})
        ranges = _ranges(roster, published, witnesses)
        return BrokenDown(
            tuple(
                self._written(table, chosen[table.planned.id], roster, ranges)
                for table in self.tables
                if table.planned.id in chosen
            ),
            whole,
        )

    def _whole(
        self, roster: Roster, published: Published, witnesses: Witnesses
    ) -> dict[str, tuple[Interval, ...]]:
        """What is left of each cell of the organisation's tables that is not exact, beside these."""
        if roster.ties.totals is not None:
            mixture = Mixture(self.block, roster.ties.places, roster.totals_left(published))
            return self.audit.ranges(self.block.root, self.shown, mixture)
        everybody = roster.classes.everybody
        return {
            table_id: tuple(
                witnesses.range_of(roster.spread(everybody, roster.outcomes.cells[table_id][cell]), bounds)
                for cell, bounds in enumerate(shown.cells)
                if not bounds.is_exact
            )
            for table_id, shown in roster.ties.shown.items()
        }

    def _roster(self, outcomes: Outcomes, ties: Ties, tables: Sequence[BrokenDownTable]) -> Roster:
        """What is known before anything of these tables is shown."""
        groups = list({(g.by, g.id): g for table in tables for g in table.groups}.values())
        classes = Classes.of(groups, self.audit.responses)
        return Roster(classes, outcomes, ties, self.policy.threshold, self.policy.general)

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
        if outcomes.number > LIMITS.outcomes:
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

    def _chosen(self, outcomes: Outcomes, ties: Ties) -> Mapping[str, Rows]:
        """Rows by table id: of sensitive tables those that may be shown in whatever way they come out."""
        if not self.tables[0].rows[0].measure.sensitive:
            return self._cheapest(self._roster(outcomes, ties, self.tables))
        chosen: dict[str, Rows] = {}
        for table in self.tables:
            rows = in_bands(table, self.policy.threshold)
            if rows is not None and rows in self._safe_ways(outcomes, ties, table, chosen):
                chosen[table.planned.id] = rows
        return chosen

    def _safe_ways(
        self, outcomes: Outcomes, ties: Ties, table: BrokenDownTable, chosen: Mapping[str, Rows]
    ) -> Collection[Rows]:
        """All ways in which a table can come out beside what is chosen; none if one may not be shown."""
        if table.rows[0].measure.multiple:
            # Its cells do not add up to a base, and none of the alliance's is broken down.
            return ()
        kept = [other for other in self.tables if other.planned.id in chosen]
        roster = self._roster(outcomes, ties, [*kept, table])
        safe: list[Rows] = []
        for way in every_way(table, roster):
            rows = {**chosen, table.planned.id: way.rows}
            if roster.program(self._published(roster, rows)).is_impossible():
                continue
            if not way.is_shown or not self._is_safe(roster, rows):
                return ()
            safe.append(way.rows)
        return safe

    def _cheapest(self, roster: Roster) -> dict[str, Rows]:
        """The cheapest forms of as many tables as can be protected, given up from the last."""
        for kept in range(len(self.tables), 0, -1):
            forms = CheapestForms(roster, self.tables[:kept], self.policy)
            for rows in forms.attempts():
                found = self._found(roster, rows)
                if found is None:
                    break
                if not found:
                    return rows
                forms.refuse(found)
        return {}

    def _is_safe(self, roster: Roster, rows: Mapping[str, Rows]) -> bool:
        """Whether everything stays open, here and among the organisation's tables."""
        found = self._found(roster, rows)
        return found is not None and not found

    def _found(self, roster: Roster, rows: Mapping[str, Rows]) -> list[Demand] | None:
        """What does not stay open; None where that cannot be said of some number."""
        published = self._published(roster, rows)
        try:
            found = attacked(roster, published)
        except NotProvenError:
            return None
        told = list(found.told) or told_to_insiders(found.witnesses, roster.outcomes.number)
        if told:
            return told
        totals = roster.totals_left(published)
        if roster.ties.totals is None or len(roster.ties.totals) == 1:
            return []
        mixture = Mixture(self.block, roster.ties.places, totals)
        return [] if self.audit.is_safe(self.block.root, self.shown, mixture) else None

    def _published(self, roster: Roster, chosen: Mapping[str, Rows]) -> Published:
        published: Published = {}
        for table in self.tables:
            if table.planned.id in chosen:
                published = _beside(roster, published, table, chosen[table.planned.id])
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
            form=form_of([(row.base.hi, cell) for row in rows for cell in row.cells], self.policy.threshold),
            rows=tuple(
                _row(measure.id, group, shown, places[group.by, group.id], ranges)
                for group, shown in zip(table.groups, rows, strict=True)
            ),
        )


def _beside(roster: Roster, published: Published, table: BrokenDownTable, rows: Rows) -> Published:
    places = {(group.by, group.id): place for place, group in enumerate(roster.classes.groups)}
    measure = table.rows[0].measure.id
    more = {places[group.by, group.id]: row for group, row in zip(table.groups, rows, strict=True)}
    return {**published, measure: {**published.get(measure, {}), **more}}


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


def whole_totals(scene: Scene, block: Block, places: Numbers, outcomes: int) -> Numbers:
    """
    How many can have each outcome, in whole numbers, in sets of respondents that agree with everything shown.

    Toward as few and as many as can be of each, and among these toward as few and as many of each other;
    whole numbers beside these are taken where some mixture of them is just that: a mixture of sets that agree
    agrees.
    """
    program, own = scene.program(), scene.places[block]
    found = []
    for one, other in permutations(range(outcomes), 2):
        for first, second in product((-_FIRST, _FIRST), (-1, 1)):
            aims = np.zeros(scene.unknowns)
            aims[own] = first * (places == one) + second * (places == other)
            kinds = program.least(aims).respondents[own]
            found.append(np.bincount(places, weights=kinds, minlength=outcomes))
    ends: Vector = np.unique(np.round(found, 7), axis=0).astype(np.float64)
    near = np.unique(np.vstack([_roundings(end) for end in ends]), axis=0).astype(np.float64)
    kept: Numbers = near[[_is_mixed(point, ends) for point in near.tolist()]].astype(np.int64)
    return kept


def _roundings(totals: Vector) -> Vector:
    """Whole numbers next to some totals, with the same sum."""
    choices = [sorted({floor(part + MIXED), ceil(part - MIXED)}) for part in totals]
    every = np.array(list(product(*choices)), float)
    rounded: Vector = every[every.sum(axis=1) == round(totals.sum())].reshape(-1, len(totals))
    return rounded


def _is_mixed(point: Sequence[float], ends: Vector) -> bool:
    equations = np.vstack([ends.T, np.ones(len(ends))])
    # Nothing is wished for: only whether there is a mixture.
    mixed = linprog(np.zeros(len(ends)), A_eq=equations, b_eq=[*point, 1.0], bounds=(0, 1), method="highs")
    return bool(mixed.status == 0)


def _ranges(
    roster: Roster, published: Published, witnesses: Witnesses
) -> dict[tuple[str, int, int], Interval]:
    """What each cell that is not exact was found able to be: each end is reached by a set of people."""
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
) -> BrokenDown:
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
    of_root = [table for table in tables if table.rows[0].measure.id in own]
    # One measure of a block: what two of them tell together of ten people is too much to be shown to be safe.
    of_block = tuple(t for t in of_root if t.rows[0].measure.id == of_root[0].rows[0].measure.id)
    left = of_block
    while within := _within_the_limit(left, audit.responses):
        found = BlockBreakdowns(audit, policy, root, shown, within).protected()
        if found.tables:
            return found
        # What could not be shown to be safe is given up, and no reason not to try what stood behind it.
        left = tuple(table for table in left if table not in within)
    return BrokenDown((), {})


def _within_the_limit(tables: Sequence[BrokenDownTable], responses: int) -> tuple[BrokenDownTable, ...]:
    """In the manifest's order each breakdown that can be attacked beside those before it."""
    kept: tuple[BrokenDownTable, ...] = ()
    for by in dict.fromkeys(table.planned.by for table in tables):
        more = (*kept, *(table for table in tables if table.planned.by == by))
        if _unknowns(more, responses) <= LIMITS.unknowns:
            kept = more
    return kept


def _unknowns(tables: Sequence[BrokenDownTable], responses: int) -> int:
    """How many numbers of people the attack on them would look for."""
    groups = list({(group.by, group.id): group for table in tables for group in table.groups}.values())
    return len(Classes.of(groups, responses).sizes) * int(tables[0].chosen.shape[1])
