"""
Which tables a wave will ever make, in which order: fixed in its manifest before the first response.

Source: docs/explanation/disclosure.md, rules R0 and R2. Tables are made in the plan's order and given up in
the reverse order: those of the organisation as a whole first, then what is broken down, in the manifest's
order of breakdowns.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from analysis.indicators import NEEDS_A_LARGE_ORGANISATION
from analysis.measures import guard_of, measures_of, named, option_sets
from analysis.tables import UNIT, Measure, OptionGroup, PlannedTable, TableError, TableKind
from questionnaires.digest import JsonValue, canonical_bytes
from questionnaires.errors import did_you_mean
from questionnaires.model import Questionnaire

MOST_BREAKDOWNS: Final = 3
"""Besides units: rule R2. Each further one makes the classes of people who can be told apart smaller."""


class PlanError(ValueError):
    """A publication plan that cannot be followed; the message says place, fact and remedy."""


@dataclass(frozen=True)
class PublicationPlan:
    """
    The tables that a release may hold, first to last.

    Raises:
        PlanError: If two tables have the same id.
    """

    tables: tuple[PlannedTable, ...]

    def __post_init__(self) -> None:
        ids = [table.id for table in self.tables]
        twice = next((table_id for table_id in ids if ids.count(table_id) > 1), None)
        if twice is not None:
            raise PlanError(f'plan: table "{twice}" stands in it twice; plan it once')

    def value(self) -> JsonValue:
        """The manifest's `publication`: docs/reference/formats.md, "Manifest"."""
        return [
            {
                "table": table.id,
                "kind": table.kind.value,
                "item": table.item,
                "by": table.by,
                "alternatives": [
                    [{"id": option.id, "codes": list(option.codes)} for option in options]
                    for options in table.alternatives
                ],
            }
            for table in self.tables
        ]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the plan's canonical bytes, in hexadecimal."""
        return hashlib.sha256(canonical_bytes(self.value())).hexdigest()

    @classmethod
    def from_value(cls, value: object) -> Self:
        """
        The plan that `value` gave.

        Raises:
            PlanError: If it is none.
        """
        try:
            tables = _TABLES.validate_python(value)
            return cls(tuple(table.planned() for table in tables))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            raise PlanError(f"plan: {place}: {first['msg']}; compose it with publication_plan") from error
        except TableError as error:
            raise PlanError(f"plan: {error}") from error

    def check(self, questionnaire: Questionnaire) -> None:
        """
        Make sure that every table counts something that the questionnaire asks.

        Raises:
            PlanError: If a table names an item, an indicator or a code that is not there.
        """
        measures = measures_of(questionnaire)
        for table in self.tables:
            measure = named(measures, table.kind, table.item)
            if measure is None:
                remedy = did_you_mean(table.item, measures)
                raise PlanError(
                    f'plan: table "{table.id}": there is no {table.kind} "{table.item}". {remedy}'
                )
            for options in table.alternatives:
                counted = [code for option in options[:-1] for code in option.codes]
                if sorted(counted) != sorted(measure.codes):
                    raise PlanError(
                        f'plan: table "{table.id}": its options do not count each code of "{table.item}"'
                        f" once; they are {', '.join(measure.codes)}"
                    )


def publication_plan(
    questionnaire: Questionnaire, *, breakdowns: Sequence[str], open_wave: bool
) -> PublicationPlan:
    """
    The plan for a wave, from its questionnaire alone.

    What leaders can change comes first, then exposure, then what follows from it; tables of the organisation
    come before those of its reporting groups. A table that comes later is given up for one that came before.

    Args:
        questionnaire: The definition as served, with the wave's sections only.
        breakdowns: "unit" or ids of breakdown items, as the manifest names them.
        open_wave: Whether anybody could answer; then no table is ever broken down.

    Raises:
        PlanError: If a breakdown is not one of the questionnaire's, there are too many, or the wave is open.
    """
    _check_breakdowns(questionnaire, breakdowns, open_wave=open_wave)
    measures = sorted(measures_of(questionnaire).values(), key=lambda measure: _rank(questionnaire, measure))
    # How many stand in each of its groups is what everybody knows: a table of it would say no more.
    whole = [measure for measure in measures if measure.id not in breakdowns]
    tables = [_planned(questionnaire, measure, None) for measure in whole]
    broken = tuple(broken_down(questionnaire, measures))
    tables += [_planned(questionnaire, measure, by) for by in breakdowns for measure in broken]
    return PublicationPlan(tuple(tables))


def broken_down(questionnaire: Questionnaire, measures: Iterable[Measure]) -> Iterator[Measure]:
    """
    Of measures in the plan's order, those that are shown by reporting group.

    Of measures that read the same item the first alone: what an act adds to "any act" in a group of twenty,
    or an item to its index, is a difference of a few people. Nothing that only some were led to, no coercion,
    and nothing that says who somebody is.
    """
    read: set[str] = set()
    for measure in measures:
        if _is_for_the_organisation_alone(questionnaire, measure) or not read.isdisjoint(measure.items):
            continue
        read.update(measure.items)
        yield measure


def _is_for_the_organisation_alone(questionnaire: Questionnaire, measure: Measure) -> bool:
    coercion = set(questionnaire.subscales.get("coercion", ()))
    return (
        any(guard_of(questionnaire, item_id) for item_id in measure.items)
        or any(questionnaire.item(item_id).breakdown for item_id in measure.items)
        or set(measure.items) <= coercion
        or measure.id in NEEDS_A_LARGE_ORGANISATION
    )


def _check_breakdowns(questionnaire: Questionnaire, breakdowns: Sequence[str], *, open_wave: bool) -> None:
    for breakdown in breakdowns:
        if open_wave:
            raise PlanError(f'plan: breakdown "{breakdown}": an open wave has none; leave it out')
        if breakdown != UNIT and breakdown not in questionnaire.rules.breakdown_items:
            raise PlanError(
                f'plan: breakdown "{breakdown}" is not one of the questionnaire\'s.'
                f" {did_you_mean(breakdown, [UNIT, *questionnaire.rules.breakdown_items])}"
            )
        if breakdowns.count(breakdown) > 1:
            raise PlanError(f'plan: breakdown "{breakdown}" stands there twice; name it once')
    others = [breakdown for breakdown in breakdowns if breakdown != UNIT]
    if len(others) > MOST_BREAKDOWNS:
        raise PlanError(
            f"plan: {len(others)} breakdowns besides units; keep {MOST_BREAKDOWNS} at most, or each says less"
        )


def _rank(questionnaire: Questionnaire, measure: Measure) -> tuple[bool, bool, bool]:
    """Who was asked by answers comes last, what is sensitive late, and an indicator before its items."""
    routed = any(guard_of(questionnaire, item_id) for item_id in measure.items)
    return routed, measure.sensitive, measure.kind is TableKind.ITEM


def _planned(questionnaire: Questionnaire, measure: Measure, by: str | None) -> PlannedTable:
    name = measure.id if by is None else f"{measure.id}.{by}"
    return PlannedTable(name, measure.kind, measure.id, by, option_sets(questionnaire, measure))


class _Option(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    codes: tuple[str, ...]


class _Table(BaseModel):
    """One entry of `PublicationPlan.value`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    kind: TableKind
    item: str
    by: str | None
    alternatives: Annotated[tuple[tuple[_Option, ...], ...], Field(min_length=1)]

    def planned(self) -> PlannedTable:
        return PlannedTable(self.table, self.kind, self.item, self.by, tuple(self._option_sets()))

    def _option_sets(self) -> Iterator[tuple[OptionGroup, ...]]:
        for options in self.alternatives:
            yield tuple(OptionGroup(option.id, option.codes) for option in options)


_TABLES = TypeAdapter(tuple[_Table, ...])
