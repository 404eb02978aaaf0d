"""
Whether a release agrees with itself, with the policy that it follows, and with what was asked.

The part of the public audit that no program is needed for; analysis/disclosure/public.py asks what the
figures tell. What a release does not carry, which items are sensitive above all, is read from the
questionnaire whose digest it names. Source: docs/explanation/disclosure.md, R1 to R4 and R9.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from analysis.disclosure.forms import form_of, hidden, is_band
from analysis.disclosure.proposals import may_leave_one_open
from analysis.disclosure.public import Doubt, Finding
from analysis.disclosure.suppression import Circumstances, allowed_tables, least_group
from analysis.indicators import NEEDS_A_LARGE_ORGANISATION
from analysis.measures import guard_of, measures_of
from analysis.plan import MOST_BREAKDOWNS, publication_plan
from analysis.release import QuestionnaireFacts, Release, Row, Table
from analysis.tables import UNIT, Interval, Measure, PlannedTable
from policy import Policy
from questionnaires.digest import digest
from questionnaires.errors import UnknownNameError
from questionnaires.model import Questionnaire


def as_asked(questionnaire: Questionnaire, facts: QuestionnaireFacts) -> Questionnaire | None:
    """The questionnaire, whole or with the wave's sections only, whichever it is of; None if of another."""
    if digest(questionnaire) == facts.digest:
        return questionnaire
    try:
        asked = questionnaire.with_sections(facts.sections)
    except UnknownNameError:
        return None
    return asked if digest(asked) == facts.digest else None


def disagreements(release: Release, policy: Policy, questionnaire: Questionnaire | None) -> Iterator[Finding]:
    """
    Everything in a release that cannot stand beside the rest of it.

    Args:
        release: What to check.
        policy: With the numbers that the wave raised.
        questionnaire: As the wave asked it; None where it is not known, and then nothing is said of what
            depends on it: which tables there may be, in which options, and from how many people.
    """
    stated, listed = release.participation, release.list.count
    if not stated.counted <= listed <= stated.received - stated.withdrawn:
        yield Finding("list", None, None, Doubt.LIST)
    for table in release.tables:
        yield from _of_ledger(table, release, policy)
        yield from _of_counted(table, release)
    if questionnaire is None:
        yield from _of_any_questionnaire(release, policy)
    else:
        yield from _Asked(release, policy, questionnaire).findings()


def _of_ledger(table: Table, release: Release, policy: Policy) -> Iterator[Finding]:
    cells = [(row.base[1], Interval(*cell)) for row in table.rows for cell in row.cells]
    if release.ledger.forms[table.id] != form_of(cells, policy.threshold).value:
        yield Finding(table.id, None, None, Doubt.LEDGER_FORM)


def _of_counted(table: Table, release: Release) -> Iterator[Finding]:
    """Nobody is in a base who was not counted, and nobody in two groups that lie side by side."""
    counted = release.participation.counted
    for row in table.rows:
        if row.base[1] > counted:
            yield Finding(table.id, row.group, None, Doubt.COUNTED)
    if table.by and sum(row.base[0] for row in table.rows if row.parent is None) > counted:
        yield Finding(table.id, None, None, Doubt.COUNTED)


def _of_any_questionnaire(release: Release, policy: Policy) -> Iterator[Finding]:
    """What holds whatever was asked."""
    counted, is_open = release.participation.counted, release.wave.mode == "open"
    least = max(policy.opening, policy.general, policy.open_wave if is_open else 0)
    for table in release.tables:
        is_for_many = table.item in NEEDS_A_LARGE_ORGANISATION
        if counted < max(least, policy.handling if is_for_many else 0):
            yield Finding(table.id, None, None, Doubt.FEW)
        if table.by is not None and (is_open or is_for_many):
            yield Finding(table.id, None, None, Doubt.PLAN)


def _of_open_cells(table: Table, row: Row, measure: Measure) -> Iterator[Finding]:
    """
    Hidden cells beside others that are shown, where the policy leaves none open.

    By group forms are chosen cell by cell (analysis/disclosure/cheapest.py), so this is of the organisation's
    own row: there one cell at most is open, and none where several options can be chosen, or where a row is
    long and not sensitive.
    """
    open_cells = [at for at, cell in enumerate(row.cells) if Interval(*cell) == hidden(row.base[1])]
    may_be_open = may_leave_one_open(measure, len(row.cells)) and not measure.multiple
    if len(open_cells) == len(row.cells) or len(open_cells) <= int(may_be_open):
        return
    yield from (Finding(table.id, row.group, table.options[at].id, Doubt.LONE) for at in open_cells)


@dataclass(frozen=True)
class _Asked:
    """A release beside the questionnaire that it names."""

    release: Release
    policy: Policy
    questionnaire: Questionnaire

    def findings(self) -> Iterator[Finding]:
        for table in self.release.tables:
            planned = self._planned.get(table.id)
            if planned is None or (planned.kind.value, planned.item, planned.by) != (
                table.kind,
                table.item,
                table.by,
            ):
                yield Finding(table.id, None, None, Doubt.PLAN)
                continue
            yield from self._of_table(table, planned, self._measures[table.item])

    def _of_table(self, table: Table, planned: PlannedTable, measure: Measure) -> Iterator[Finding]:
        if table.item not in self._allowed:
            yield Finding(table.id, None, None, Doubt.FEW)
        if not self._has_its_options(table, planned, measure):
            yield Finding(table.id, None, None, Doubt.OPTIONS)
        for row in table.rows:
            yield from self._of_row(table, row, measure)

    def _has_its_options(self, table: Table, planned: PlannedTable, measure: Measure) -> bool:
        """Each option by itself in a large organisation, else the scale's grouping."""
        alternative = 0 if self._counted >= self.policy.all_options else -1
        expected = [(option.id, option.codes) for option in planned.alternatives[alternative]]
        return table.multiple == measure.multiple and expected == [
            (option.id, option.codes) for option in table.options
        ]

    def _of_row(self, table: Table, row: Row, measure: Measure) -> Iterator[Finding]:
        is_routed = any(guard_of(self.questionnaire, item_id) for item_id in measure.items)
        least = least_group(measure, self.policy) if table.by else self.policy.routed_base
        if (table.by or is_routed) and row.base[0] < least:
            yield Finding(table.id, row.group, None, Doubt.FEW)
        if not (table.by or is_routed) and row.base[0] < self._counted:
            yield Finding(table.id, row.group, None, Doubt.COUNTED)
        if measure.sensitive and (table.by or is_routed):
            yield from self._of_exact_cells(table, row)
        if table.by is None:
            yield from _of_open_cells(table, row, measure)

    def _of_exact_cells(self, table: Table, row: Row) -> Iterator[Finding]:
        """Sensitive answers by group, or of those who were led there, are never told exactly."""
        for option, cell in zip(table.options, row.cells, strict=True):
            is_told = is_band(Interval(*cell), row.base[1], self.policy.threshold)
            if cell[0] == cell[1] and not is_told:
                yield Finding(table.id, row.group, option.id, Doubt.SENSITIVE)

    @property
    def _counted(self) -> int:
        return self.release.participation.counted

    @property
    def _is_open(self) -> bool:
        return self.release.wave.mode == "open"

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        return measures_of(self.questionnaire)

    @cached_property
    def _planned(self) -> dict[str, PlannedTable]:
        """What the questionnaire's plan has, broken down by what the release is broken down by."""
        plan = publication_plan(self.questionnaire, breakdowns=self._breakdowns(), open_wave=self._is_open)
        return {table.id: table for table in plan.tables}

    def _breakdowns(self) -> list[str]:
        """Those that a plan may have; a table broken down by another one is then in no plan."""
        if self._is_open:
            return []
        named = dict.fromkeys(table.by for table in self.release.tables)
        items = (by for by in named if by in self.questionnaire.rules.breakdown_items)
        return [*([UNIT] if UNIT in named else []), *(by for by in islice(items, MOST_BREAKDOWNS) if by)]

    @cached_property
    def _allowed(self) -> frozenset[str]:
        """Items and indicators that so many responses allow to be shown of the organisation."""
        plan = publication_plan(self.questionnaire, breakdowns=(), open_wave=self._is_open)
        measures = {table.item: self._measures[table.item] for table in plan.tables}
        facts = Circumstances(self.questionnaire, self._counted, self._is_open, self.policy)
        return allowed_tables(measures, facts)
