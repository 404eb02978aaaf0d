"""
From the opened responses of one wave to its release: the only module that knows the order of the stages.

Deterministic: no clock, no randomness, no order of rows. The same responses under the same promises give
the same release, byte for byte.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache

from analysis.coding import coded, counted_as
from analysis.contributions import Draw, IndicatorTotal, totals
from analysis.differencing import Remade
from analysis.disclosure.blocks import AuditedTable, blocks_of
from analysis.disclosure.suppression import Circumstances, Progress, least_group, nobody_asks, protected
from analysis.grouping import reporting_groups
from analysis.measures import measures_of
from analysis.plan import PublicationPlan, publication_plan
from analysis.release import Provenance, Release, ReleaseError, released
from analysis.routes import Columns
from analysis.tables import (
    BrokenDownTable,
    Coded,
    CodedResponses,
    LeftOut,
    LeftOutReason,
    Measure,
    OpenedWave,
    OptionSet,
    PlannedTable,
    Protection,
    TableKind,
)
from analysis.tabulation import broken_down, tabulated
from policy import Policy


def make_release(
    opened: OpenedWave,
    plan: PublicationPlan,
    policy: Policy,
    provenance: Provenance,
    progress: Progress = nobody_asks,
) -> Release:
    """
    The release of a wave.

    Args:
        opened: Every counted response.
        plan: What the manifest promised to make.
        policy: The thresholds, as the manifest raised them.
        provenance: What custody says of the wave; its count of responses must be the opened ones.
        progress: Told how many of how many groups of tables are protected.

    Raises:
        PlanError: If the plan names what the questionnaire does not have.
        ReleaseError: If the provenance counts other responses than were opened.
    """
    questionnaire = opened.questionnaire
    plan.check(questionnaire)
    if opened.responses != provenance.participation.counted:
        raise ReleaseError(
            f"release: {opened.responses} responses were opened and {provenance.participation.counted}"
            " counted; count what was opened"
        )
    circumstances = Circumstances(
        questionnaire, opened.responses, is_open=provenance.wave.mode == "open", policy=policy
    )
    measures = measures_of(questionnaire)
    responses = coded(opened, (measures[table.item] for table in plan.tables))
    tables = [
        tabulated(responses, table, _options(table, opened.responses, policy))
        for table in plan.tables
        if table.by is None
    ]

    def counted(measure: Measure, columns: Columns) -> Coded:
        return counted_as(measure, questionnaire, columns)

    broken = list(_broken_down(opened, responses, plan, policy))
    protection = _in_the_plans_order(protected(tables, broken, circumstances, counted, progress), plan)
    return released(protection, provenance, plan=plan.digest, policy=policy.version, raised=policy.raises)


def make_again(
    opened: OpenedWave,
    plan: PublicationPlan,
    policy: Policy,
    provenance: Provenance,
    refused: Collection[str],
) -> Remade:
    """
    What is audited together with refused tables, made as if those by reporting group had not been planned.

    The organisation's are made as they were: what is planned of it decides what else may be shown.

    Args:
        opened: As for `make_release`.
        plan: Likewise, with the refused.
        policy: Likewise.
        provenance: Likewise.
        refused: Ids of the tables that may not be shown.
    """
    together = _audited_together(opened, plan, policy, refused)
    left = [
        table
        for table in plan.tables
        if table.by is None or (table.id in together and table.id not in refused)
    ]
    return Remade(make_release(opened, PublicationPlan(tuple(left)), policy, provenance), together)


def _audited_together(
    opened: OpenedWave, plan: PublicationPlan, policy: Policy, some: Collection[str]
) -> frozenset[str]:
    """Every planned table whose audit looks at some of these as well, and they themselves."""
    measures = measures_of(opened.questionnaire)
    audited = [
        AuditedTable(table.id, measures[table.item], _options(table, opened.responses, policy))
        for table in plan.tables
        if table.by is None
    ]
    blocks = blocks_of(opened.questionnaire, audited)
    roots = {table.measure.id: block.root for block in blocks for table in block.tables}
    concerned = {roots.get(table.item) for table in plan.tables if table.id in some}
    return frozenset(table.id for table in plan.tables if roots.get(table.item) in concerned)


def make_contribution(opened: OpenedWave, draw: Draw) -> tuple[IndicatorTotal, ...]:
    """
    What the wave may give to its sector's figures: every indicator's totals, with noise added.

    In the coarsest option set, which is the same in an organisation of any size.

    Args:
        opened: Every counted response.
        draw: Randomness that comes out the same if the opening is done again.
    """
    planned = [
        table
        for table in publication_plan(opened.questionnaire, breakdowns=(), open_wave=False).tables
        if table.kind is TableKind.INDICATOR
    ]
    measures = measures_of(opened.questionnaire)
    responses = coded(opened, (measures[table.item] for table in planned))
    return totals([tabulated(responses, table, table.alternatives[-1]) for table in planned], draw)


def _broken_down(
    opened: OpenedWave, responses: CodedResponses, plan: PublicationPlan, policy: Policy
) -> Iterator[BrokenDownTable]:
    """Tables by reporting group, of the breakdowns in which at least two groups reach the item's base."""
    groups = cache(lambda by, least: reporting_groups(opened, by, least))
    for table in plan.tables:
        if table.by is None:
            continue
        rows = groups(table.by, least_group(responses.measures[table.item], policy))
        if rows:
            yield broken_down(responses, table, _options(table, opened.responses, policy), rows)


def _options(table: PlannedTable, responses: int, policy: Policy) -> OptionSet:
    """One option set per item: each option by itself in a large organisation, else the scale's grouping."""
    return table.alternatives[0 if responses >= policy.all_options else -1]


def _in_the_plans_order(protection: Protection, plan: PublicationPlan) -> Protection:
    """Tables and what is left out in the order of the manifest; of a breakdown without groups it says so."""
    shown = {table.planned.id: table for table in protection.tables}
    left_out = {left_out.table: left_out for left_out in protection.left_out}
    for table in plan.tables:
        if table.id not in shown:
            left_out.setdefault(table.id, LeftOut(table.id, LeftOutReason.BASE))
    return replace(
        protection,
        tables=tuple(shown[table.id] for table in plan.tables if table.id in shown),
        left_out=tuple(left_out[table.id] for table in plan.tables if table.id in left_out),
    )
