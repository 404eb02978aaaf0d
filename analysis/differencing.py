"""
A later wave beside the earlier ones: what may not stand there is refused.

Between release and custody's signature. What is refused looks as if the audit of the wave by itself had
refused it. It is not decided from published figures alone: the table that is refused is not published, so
that its absence tells something of it (docs/decisions/0166). Source: docs/explanation/disclosure.md, R7.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from analysis.counterparts import Counterparts, Group, NamedUnit, said
from analysis.disclosure.waves import tells_nothing_new
from analysis.plan import PublicationPlan
from analysis.published import wave_rows
from analysis.release import Bounds, LeftOutFact, Release, Row, Table
from analysis.tables import UNIT, Form, LeftOutReason, PlannedTable
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


@dataclass(frozen=True, slots=True)
class Remade:
    """
    Some of a wave's tables, made again without those that were refused.

    Attributes:
        release: Where they stand; what else stands in it is not looked at.
        tables: Their ids, those of the refused among them.
    """

    release: Release
    tables: Collection[str]


def beside(
    later: WithUnits,
    earlier: Sequence[WithUnits],
    plan: PublicationPlan,
    policy: Policy,
    again: Callable[[Collection[str]], Remade],
    lasting: Collection[str] = (),
) -> Release:
    """
    The later release without the figures that tell, beside an earlier one, of those who came and went.

    With a table of the whole organisation goes what is broken down of the same: its groups add up to it.
    What was audited together with a refused table is made again without it, and looked at again: its ranges
    would tell what was refused.

    Args:
        later: Audited by itself.
        earlier: Of the same organisation; one that was taken back counts too.
        plan: Of the later wave.
        policy: Of the later wave.
        again: Makes the later wave's tables without the refused ones.
        lasting: Items that say who somebody is, whose answers change least.
    """
    release, told = later.release, set[str]()
    while new := _telling(WithUnits(release, later.units), earlier, policy, lasting) - told:
        told |= new
        wholes = {_measured(table) for table in plan.tables if table.id in told and table.by is None}
        refused = {table.id for table in plan.tables if table.id in told or _measured(table) in wholes}
        release = _without(refused, release, again(refused), plan)
    return release


def _without(refused: Collection[str], release: Release, remade: Remade, plan: PublicationPlan) -> Release:
    """The release as it were if its own audit had refused these tables, in every part of it."""
    remade_ids = {*remade.tables} - {*refused}
    others = {table.id for table in release.tables} - {*remade.tables, *refused}
    parts = (release, others), (remade.release, remade_ids)
    hidden = {table.id: _hidden(table) for table in release.tables if _stays(table, release, refused)}
    shown = {table.id: table for part, ids in parts for table in part.tables if table.id in ids} | hidden
    forms = {name: form for part, ids in parts for name, form in part.ledger.forms.items() if name in ids}
    ranges = {name: found for part, ids in parts for name, found in part.ledger.ranges.items() if name in ids}
    facts = {fact.table: fact for part in (remade.release, release) for fact in part.ledger.left_out}
    # In the order of the plan, as the others: at the end they would be told apart.
    order = [table.id for table in plan.tables]
    changed = release.ledger.model_copy(
        update={
            "forms": forms | dict.fromkeys(hidden, Form.HIDDEN.value),
            "ranges": ranges | {table.id: _cells(table) for table in hidden.values()},
            "left_out": tuple(facts.get(name) or _not_proven(name) for name in order if name not in shown),
        }
    )
    tables = tuple(shown[name] for name in order if name in shown)
    return release.model_copy(update={"tables": tables, "ledger": changed})


def _not_proven(table: str) -> LeftOutFact:
    return LeftOutFact(table=table, reason=LeftOutReason.NOT_PROVEN.value)


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


def _measured(table: Table | PlannedTable) -> tuple[str, str]:
    return str(table.kind), table.item


def _telling(
    later: WithUnits, earlier: Iterable[WithUnits], policy: Policy, lasting: Collection[str]
) -> set[str]:
    """The tables that tell, beside the same of a past release, of those who came or went."""
    return {
        table.id
        for past in earlier
        for table, other in _same(later.release, past.release)
        if _tells((other, past), (table, later), policy, lasting)
    }


def _same(later: Release, past: Release) -> Iterator[tuple[Table, Table]]:
    earlier = {(*_measured(table), table.by): table for table in past.tables}
    for table in later.tables:
        other = earlier.get((*_measured(table), table.by))
        if other is not None:
            yield table, other


def _tells(
    earlier: tuple[Table, WithUnits], later: tuple[Table, WithUnits], policy: Policy, lasting: Collection[str]
) -> bool:
    (before, past), (after, present) = earlier, later
    # Of what lasts only those can differ who answered in one of the waves alone, not having come or gone.
    most_changed = min(map(_unheard, (past.release, present.release))) if after.item in lasting else None
    rows, others = wave_rows(before), wave_rows(after)
    pairs = Counterparts(past.units, present.units, WAVES).pairs(_names(before, past), _names(after, present))
    return not all(
        tells_nothing_new(rows[one], others[two], WAVES, policy.threshold, most_changed=most_changed)
        for one, two in pairs
    )


def _names(table: Table, of: WithUnits) -> dict[Group, Group]:
    """What each group of the table is called in every wave."""
    units = {unit.id: said(unit) for unit in of.units}
    # A group of anything else is called by its id. A unit without a name would be compared with strangers.
    return {row.group: units[row.group or ""] if table.by == UNIT else row.group for row in table.rows}


def _unheard(release: Release) -> int:
    """How many were invited and did not answer; none where nobody knows."""
    return max(release.participation.invited - release.participation.counted, 0)
