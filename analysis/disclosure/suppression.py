"""
What may be shown: which tables, in which form.

Between tabulation and release, and the only thing that takes frequency tables. Bases first, then the form of
each row by itself, then tables together under the audit; what is not proven is not shown.
Source: docs/explanation/disclosure.md, rules R1, R3, R5 and R6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.disclosure.audit import Audit
from analysis.disclosure.blocks import AuditedTable, Block, blocks_of
from analysis.disclosure.breakdowns import broken_down
from analysis.disclosure.program import NotProvenError, solver_facts
from analysis.disclosure.proposals import Proposal, Proposals, attempts, hidden_table, proposed
from analysis.disclosure.respondents import Counted, Respondents
from analysis.disclosure.scene import Shown
from analysis.indicators import NEEDS_A_LARGE_ORGANISATION
from analysis.measures import guard_of
from analysis.tables import (
    BrokenDownTable,
    Form,
    FrequencyTable,
    Interval,
    LeftOut,
    LeftOutReason,
    Measure,
    ProtectedRow,
    ProtectedTable,
    Protection,
    TableKind,
)
from policy import Policy
from questionnaires.model import Questionnaire

Progress = Callable[[int, int], None]
"""Told how many of how many are done."""


def nobody_asks(done: int, of: int) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """
    What everybody knows of a wave.

    Attributes:
        questionnaire: What was asked.
        responses: How many answered.
        is_open: Whether anybody could answer, even repeatedly.
        policy: The thresholds.
    """

    questionnaire: Questionnaire
    responses: int
    is_open: bool
    policy: Policy


def protected(
    tables: Sequence[FrequencyTable],
    broken: Sequence[BrokenDownTable],
    circumstances: Circumstances,
    counted: Counted,
    progress: Progress = nobody_asks,
) -> Protection:
    """
    The tables that may be shown, in the forms in which they may be.

    Args:
        tables: All that the plan makes of the organisation, in its order.
        broken: All that it makes by reporting group, likewise.
        circumstances: What is public about the wave.
        counted: How answers are counted, for the audit's possible respondents.
        progress: Told how many of how many groups of tables are done; how many there are is public.
    """
    responses, policy = circumstances.responses, circumstances.policy
    wanted = _wanted(tables, circumstances)
    audited = [AuditedTable(table.planned.id, table.measure, table.options) for table in tables]
    blocks = blocks_of(circumstances.questionnaire, audited)
    audit = Audit(Respondents(circumstances.questionnaire, counted, blocks), responses, policy.threshold)
    shown: dict[str, ProtectedTable] = {}
    roots = [block for block in blocks if block.parent is None]
    for done, root in enumerate(roots, 1):
        own = _Component(audit, policy, root, wanted).protected()
        by_group = broken_down(audit, policy, root, _published(own), broken)
        shown |= own | {table.planned.id: table for table in by_group.tables}
        for name, ranges in by_group.whole.items():
            (row,) = own[name].rows
            shown[name] = replace(own[name], rows=(replace(row, ranges=ranges),))
        progress(done, len(roots))
    whole = {(table.planned.kind, table.planned.item): table.planned.id for table in tables}
    wanted_of = {table.planned.id: table.planned.id for table in tables} | {
        table.planned.id: whole[table.planned.kind, table.planned.item] for table in broken
    }
    return Protection(
        tables=tuple(shown[name] for name in wanted_of if name in shown),
        left_out=tuple(
            LeftOut(name, LeftOutReason.NOT_PROVEN if of in wanted else LeftOutReason.BASE)
            for name, of in wanted_of.items()
            if name not in shown
        ),
        solver=solver_facts(),
    )


def least_group(measure: Measure, policy: Policy) -> int:
    """From how many people a reporting group shows a measure: rule R1."""
    return max(policy.general, policy.sensitive) if measure.sensitive else policy.general


def _published(tables: Mapping[str, ProtectedTable]) -> dict[str, Shown]:
    """What is shown of the organisation, hidden tables left out."""
    return {
        name: Shown(row.base, row.cells, row.mean)
        for name, table in tables.items()
        for row in table.rows
        if table.form is not Form.HIDDEN
    }


def _wanted(tables: Sequence[FrequencyTable], circumstances: Circumstances) -> dict[str, FrequencyTable]:
    """The tables that the number of responses allows, which everybody knows."""
    allowed = allowed_tables({table.planned.id: table.measure for table in tables}, circumstances)
    return {table.planned.id: table for table in tables if table.planned.id in allowed}


def allowed_tables(measures: Mapping[str, Measure], circumstances: Circumstances) -> frozenset[str]:
    """
    Of the organisation's tables, those that the number of responses allows, which everybody knows: rule R1.

    Args:
        measures: Of each table what it counts, in the plan's order.
        circumstances: What is public about the wave.
    """
    responses, policy = circumstances.responses, circumstances.policy
    details = {place.table for place in _places(measures) if place.depth and len(place.whole.items) > 1}
    return frozenset(
        table
        for table, measure in measures.items()
        if responses >= _least_responses(measure, circumstances)
        and (responses >= policy.detail or table not in details)
    )


def _least_responses(measure: Measure, circumstances: Circumstances) -> int:
    """From how many responses a measure is shown, if its form is proven, were it no detail of another."""
    questionnaire, policy = circumstances.questionnaire, circumstances.policy
    needed = [policy.opening, policy.general]
    if circumstances.is_open:
        needed.append(policy.open_wave)
    if measure.sensitive:
        needed.append(policy.sensitive)
    if set(measure.items) <= set(questionnaire.subscales.get("coercion", ())):
        needed.append(policy.coercion)
    if any(guard_of(questionnaire, item_id) for item_id in measure.items):
        needed.append(policy.routed_respondents)
    if measure.id in NEEDS_A_LARGE_ORGANISATION:
        needed.append(policy.handling)
    return max(needed)


@dataclass(frozen=True, slots=True)
class _Component:
    """The blocks that hang on one root: audited together, and apart from all others."""

    audit: Audit
    policy: Policy
    root: Block
    wanted: Mapping[str, FrequencyTable]

    def protected(self) -> dict[str, ProtectedTable]:
        """The tables that may be shown, by id; everything of everybody that may not is among them, hidden."""
        tables = self._wanted_of(self.root)
        base = Interval(self.audit.responses, self.audit.responses)
        unseen = {name: hidden_table(table, base) for name, table in tables.items()}
        chosen = self._of_everybody(tables, base)
        for block in self._routed():
            chosen |= self._of_those_led_there(block, chosen)
        try:
            return self._with_ranges(unseen | chosen)
        except NotProvenError:
            whole = Interval(0, self.audit.responses)
            return {name: _written(p, [whole] * len(p.shown.cells)) for name, p in unseen.items()}

    def _of_everybody(self, tables: Mapping[str, FrequencyTable], base: Interval) -> dict[str, Proposal]:
        """Tables of the root: all of them in one attempt, else group by group in the plan's order."""
        own = {name: proposed(table, base, self.policy) for name, table in tables.items()}
        return self._together(own) or self._by_group(tables, own, {})

    def _of_those_led_there(self, block: Block, chosen: Proposals) -> dict[str, Proposal]:
        """
        Tables of a routed block, group by group.

        Who is led there is itself sensitive. What is shown of its size is what already follows from the
        tables of the answers that lead there; whether it is large enough is read from these bounds, so that
        it tells nothing.
        """
        tables = self._wanted_of(block)
        if not tables:
            return {}
        try:
            base = self.audit.asked(block, _shown(chosen))
        except NotProvenError:
            return {}
        sizes = {table.base for table in tables.values()}
        if base.lo < self.policy.routed_base or any(not base.lo <= size <= base.hi for size in sizes):
            return {}
        own = {name: proposed(table, base, self.policy) for name, table in tables.items()}
        accepted = self._by_group(tables, own, chosen)
        return {name: proposal for name, proposal in accepted.items() if not proposal.is_hidden}

    def _together(self, own: Proposals) -> dict[str, Proposal] | None:
        """All tables at once, unless one of them is hidden in a way that its group must share."""
        is_broken = any(_is_broken(proposal) for proposal in own.values())
        return None if is_broken else self._accepted(own, {})

    def _by_group(
        self, tables: Mapping[str, FrequencyTable], own: Proposals, before: Proposals
    ) -> dict[str, Proposal]:
        """The groups that are safe together with what was chosen before."""
        chosen: dict[str, Proposal] = {}
        refused: set[str] = set()
        for group in _groups(list(tables.values())):
            of_group = {name: own[name] for name in group.tables}
            is_broken = group.whole in refused or any(map(_is_broken, of_group.values()))
            accepted = None if is_broken else self._accepted(of_group, {**before, **chosen})
            if accepted is None:
                refused.add(group.whole)
            else:
                chosen |= accepted
        return chosen

    def _accepted(self, own: Proposals, chosen: Proposals) -> dict[str, Proposal] | None:
        """The finest attempt that is safe together with what was chosen before."""
        for attempt in attempts(own, self.policy, self.audit.responses):
            if self.audit.is_safe(self.root, _shown(chosen) | _shown(attempt)):
                return dict(attempt)
        return None

    def _routed(self) -> Iterator[Block]:
        """The blocks that answers lead to, those closer to the root first."""
        for block in self.audit.respondents.blocks:
            if block.parent is not None and block.root is self.root:
                yield block

    def _wanted_of(self, block: Block) -> dict[str, FrequencyTable]:
        return {table.id: self.wanted[table.id] for table in block.tables if table.id in self.wanted}

    def _with_ranges(self, chosen: Proposals) -> dict[str, ProtectedTable]:
        ranges = self.audit.ranges(self.root, {name: proposal.shown for name, proposal in chosen.items()})
        return {name: _written(proposal, ranges[name]) for name, proposal in chosen.items()}


def _shown(proposals: Proposals) -> dict[str, Shown]:
    return {name: proposal.shown for name, proposal in proposals.items() if not proposal.is_hidden}


@dataclass(frozen=True, slots=True)
class _Place:
    """
    Where a table stands among those about the same people.

    Attributes:
        table: Its id.
        whole: What it is a part of: the first sensitive measure that reads all of its items, if only itself.
        depth: 0 for the whole itself, 1 for an indicator within it, 2 for an item.
    """

    table: str
    whole: Measure
    depth: int


def _places(measures: Mapping[str, Measure]) -> Iterator[_Place]:
    """Each table's place, in the plan's order; one that is not sensitive is a whole by itself."""
    wholes: list[Measure] = []
    for name, measure in measures.items():
        holders = (whole for whole in wholes if set(measure.items) <= set(whole.items))
        whole = next(holders, measure) if measure.sensitive else measure
        if whole is not measure:
            yield _Place(name, whole, 1 if measure.kind is TableKind.INDICATOR else 2)
            continue
        if measure.sensitive:
            wholes.append(measure)
        yield _Place(name, measure, 0)


@dataclass(frozen=True, slots=True)
class _Group:
    """
    Tables that are shown together or not at all.

    Attributes:
        whole: What all of them are about; with a group, the later groups about it are given up too.
        tables: Their ids.
    """

    whole: str
    tables: list[str]


def _groups(tables: Sequence[FrequencyTable]) -> list[_Group]:
    """
    The groups, in the plan's order.

    Each table by itself if it is not sensitive. Sensitive ones in layers: an indicator, then the indicators
    within it, then their items; so a layer that is missing tells that something in it would have told, not
    what.
    """
    layers: dict[tuple[str, int], _Group] = {}
    for place in _places({table.planned.id: table.measure for table in tables}):
        layer = layers.setdefault((place.whole.id, place.depth), _Group(place.whole.id, []))
        layer.tables.append(place.table)
    return list(layers.values())


def _is_broken(proposal: Proposal) -> bool:
    """Whether a sensitive table can have no form even by itself: then its group has none."""
    return proposal.is_hidden and proposal.table.measure.sensitive


def _written(proposal: Proposal, ranges: Sequence[Interval]) -> ProtectedTable:
    shown, table = proposal.shown, proposal.table
    return ProtectedTable(
        planned=table.planned,
        options=table.options,
        multiple=table.measure.multiple,
        form=proposal.form,
        rows=(ProtectedRow(shown.base, shown.cells, shown.mean, tuple(ranges)),),
    )
