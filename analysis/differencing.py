"""
A later wave beside the earlier ones: what may not stand there is refused.

Between release and custody's signature. What is refused looks as if the audit of the wave by itself had
refused it. It is not decided from published figures alone: the table that is refused is not published, so
that its absence tells something of it (docs/decisions/0166). Source: docs/explanation/disclosure.md, R7.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from analysis.counterparts import Counterparts, Group, NamedUnit, said
from analysis.disclosure.waves import tells_nothing_new
from analysis.plan import PublicationPlan
from analysis.published import wave_rows
from analysis.release import Bounds, LeftOutFact, Release, Row, Table
from analysis.tables import UNIT, Form, LeftOutReason
from policy import WAVES, Policy


@dataclass(frozen=True, slots=True)
class WithUnits:
    """
    A release, and what its units are called, of which it says the ids alone.

    Attributes:
        release: Of one wave.
        units: Of the same wave's manifest; none where nothing is broken down by unit.
    """

    release: Release
    units: Sequence[NamedUnit] = ()


def beside(
    later: WithUnits,
    earlier: Iterable[WithUnits],
    plan: PublicationPlan,
    policy: Policy,
    lasting: Collection[str] = (),
) -> Release:
    """
    The later release without the figures that tell, beside an earlier one, of those who came and went.

    With a table of the whole organisation goes what is broken down of the same: its groups add up to it.

    Args:
        later: Audited by itself.
        earlier: Of the same organisation; one that was taken back counts too.
        plan: Of the later wave.
        policy: Of the later wave.
        lasting: Items that say who somebody is, whose answers change least.
    """
    release = later.release
    told = {table.id for past in earlier for table in _telling(later, past, policy, lasting)}
    wholes = {_measured(table) for table in release.tables if table.id in told and table.by is None}
    refused = {table.id for table in release.tables if table.id in told or _measured(table) in wholes}
    return _without(release, refused, plan) if refused else release


def _without(release: Release, refused: Collection[str], plan: PublicationPlan) -> Release:
    """The release as it were if its own audit had refused these tables, in every part of it."""
    hidden = {table.id: _hidden(table) for table in release.tables if _stays(table, release, refused)}
    gone = set(refused) - hidden.keys()
    ledger = release.ledger
    tables = tuple(hidden.get(table.id, table) for table in release.tables if table.id not in gone)
    forms = {table: form for table, form in ledger.forms.items() if table not in gone}
    ranges = {table: found for table, found in ledger.ranges.items() if table not in gone}
    left_out = {fact.table: fact for fact in ledger.left_out}
    left_out |= {table: LeftOutFact(table=table, reason=LeftOutReason.NOT_PROVEN.value) for table in gone}
    changed = ledger.model_copy(
        update={
            "forms": forms | dict.fromkeys(hidden, Form.HIDDEN.value),
            "ranges": ranges | {table.id: _cells(table) for table in hidden.values()},
            # In the order of the plan, as the others: at the end they would be told apart.
            "left_out": tuple(left_out[table.id] for table in plan.tables if table.id in left_out),
        }
    )
    return release.model_copy(update={"tables": tables, "ledger": changed})


def _stays(table: Table, release: Release, refused: Collection[str]) -> bool:
    """Whether it is refused and stays as a hidden table: what everybody was asked, of the organisation."""
    counted = release.participation.counted
    return table.id in refused and table.by is None and table.rows[0].base == (counted, counted)


def _hidden(table: Table) -> Table:
    (row,) = table.rows
    everything = ((0, row.base[1]),) * len(row.cells)
    return table.model_copy(update={"rows": (Row(group=None, parent=None, base=row.base, cells=everything),)})


def _cells(table: Table) -> tuple[Bounds, ...]:
    return tuple(cell for row in table.rows for cell in row.cells)


def _measured(table: Table) -> tuple[str, str]:
    return table.kind, table.item


def _telling(later: WithUnits, past: WithUnits, policy: Policy, lasting: Collection[str]) -> Iterator[Table]:
    """The tables that tell, beside the same of a past release, of those who came or went."""
    counterparts = Counterparts(past.units, later.units, WAVES)
    earlier = {(*_measured(table), table.by): table for table in past.release.tables}
    unheard = min(_unheard(each.release) for each in (past, later))
    for table in later.release.tables:
        other = earlier.get((*_measured(table), table.by))
        if other is None:
            continue
        before, after = wave_rows(other), wave_rows(table)
        # Of what lasts only those can differ who answered in one of the waves alone, not having come or gone.
        most_changed = unheard if table.item in lasting else None
        if not all(
            tells_nothing_new(before[one], after[two], WAVES, policy.threshold, most_changed=most_changed)
            for one, two in counterparts.pairs(_names(other, past), _names(table, later))
        ):
            yield table


def _names(table: Table, of: WithUnits) -> dict[Group, Group]:
    """What each group of the table is called in every wave."""
    units = {unit.id: said(unit) for unit in of.units}
    # A group of anything else is called by its id. A unit without a name would be compared with strangers.
    return {row.group: units[row.group or ""] if table.by == UNIT else row.group for row in table.rows}


def _unheard(release: Release) -> int:
    """How many were invited and did not answer; none where nobody knows."""
    return max(release.participation.invited - release.participation.counted, 0)
