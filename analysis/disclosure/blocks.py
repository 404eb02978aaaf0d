"""
Which items the audit looks at together, and who is asked what because of which answers.

Items stand in one block when an indicator reads them together or a condition does. A routed block hangs on
the block whose answers lead to it; blocks that hang together are audited together, all others on their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from analysis.measures import guard_of
from analysis.tables import Measure, OptionSet
from questionnaires.model import AllOf, AnyOf, Condition, ItemTest, Not, Questionnaire, Ref

Guard: TypeAlias = frozenset[Condition]
"""Conditions that must all be true of a respondent; empty where everybody is asked."""


@dataclass(frozen=True, slots=True)
class AuditedTable:
    """A table of the plan with the option set it would be shown in."""

    id: str
    measure: Measure
    options: OptionSet


@dataclass(frozen=True, eq=False)
class Block:
    """
    Items that are looked at together, and the tables that count them.

    Attributes:
        items: Ids; all of them were meant for the same people.
        guard: What decides for whom.
        tables: What is counted, in the plan's order.
        parent: The block whose answers decide it; None where everybody is asked.
    """

    items: tuple[str, ...]
    guard: Guard
    tables: tuple[AuditedTable, ...]
    parent: Block | None = None

    @property
    def root(self) -> Block:
        """The block of everybody that this one hangs on, or is."""
        return self if self.parent is None else self.parent.root


@dataclass(frozen=True, slots=True)
class _Route:
    """How a guard is decided: by answers to items that stand behind another guard."""

    through: Guard
    reads: tuple[str, ...]


def blocks_of(questionnaire: Questionnaire, tables: Sequence[AuditedTable]) -> tuple[Block, ...]:
    """
    The blocks of a questionnaire's tables, parents before children.

    A table whose ties to others cannot be followed stands in none of them, and is then not shown: one that
    counts items meant for different people, or whose condition reads answers of several blocks.
    """
    guards = {item.id: frozenset(guard_of(questionnaire, item.id)) for item in questionnaire.items}
    routes = {guard: _route(questionnaire, guard, guards) for guard in guards.values() if guard}
    together = [table.measure.items for table in tables if _meant_alike(table.measure.items, guards)]
    together += [route.reads for route in routes.values() if route is not None]
    groups = _joined(together)
    built: dict[frozenset[str], Block] = {}
    # Fewer conditions first: a parent's guard is part of its children's.
    for group in sorted(groups, key=lambda group: (len(guards[min(group)]), min(group))):
        guard = guards[min(group)]
        route = routes.get(guard)
        parent = next((block for ids, block in built.items() if route and set(route.reads) <= ids), None)
        if guard and parent is None:
            continue
        own = tuple(
            t for t in tables if set(t.measure.items) <= group and _meant_alike(t.measure.items, guards)
        )
        built[group] = Block(_in_order(questionnaire, group), guard, own, parent)
    return tuple(built.values())


def _meant_alike(item_ids: Sequence[str], guards: Mapping[str, Guard]) -> bool:
    return len({guards[item_id] for item_id in item_ids}) == 1


def _route(questionnaire: Questionnaire, guard: Guard, guards: Mapping[str, Guard]) -> _Route | None:
    """The closest other guard behind which everything stands that still decides this one."""
    # From a dict, not a set: the order of a set differs from one run to the next, and a release must not.
    for through in sorted(dict.fromkeys(o for o in guards.values() if o < guard), key=len, reverse=True):
        reads = {
            item_id
            for condition in guard - through
            for item_id in _read(condition, questionnaire, given=through)
            if item_id in guards
        }
        if reads and all(guards[item_id] == through for item_id in reads):
            return _Route(through, tuple(sorted(reads)))
    return None


def _read(condition: Condition, questionnaire: Questionnaire, *, given: Guard) -> Iterator[str]:
    """Items that decide a condition of those for whom the given ones hold."""
    if condition in given:
        return
    match condition:
        case ItemTest():
            yield from condition.items
        case Ref():
            yield from _read(questionnaire.conditions[condition.ref], questionnaire, given=given)
        case Not():
            yield from _read(condition.part, questionnaire, given=given)
        case AllOf() | AnyOf():
            for part in condition.all if isinstance(condition, AllOf) else condition.any:
                yield from _read(part, questionnaire, given=given)


def _joined(sets: Iterable[Sequence[str]]) -> list[frozenset[str]]:
    """Sets that share a member become one."""
    groups: list[frozenset[str]] = []
    for members in sets:
        touched = [group for group in groups if not group.isdisjoint(members)]
        groups = [group for group in groups if group not in touched]
        groups.append(frozenset(members).union(*touched))
    return groups


def _in_order(questionnaire: Questionnaire, item_ids: frozenset[str]) -> tuple[str, ...]:
    return tuple(item.id for item in questionnaire.items if item.id in item_ids)
