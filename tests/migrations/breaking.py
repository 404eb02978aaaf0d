"""
What a migration takes from the previous release, which runs beside it: told from the tables before and after.

A release names tables and columns, leaves out those it does not know when it writes, and writes what it
always wrote. So nothing may go, and nothing that is there may ask for more. What goes later is named in the
migration's docstring, with the release that stopped using it (docs/how-to/run-in-production.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, inspect
from sqlalchemy.types import TypeEngine

UNRELEASED = "Used by no release:"
UNUSED = re.compile(r"Unused since release (\d+\.\d+\.\d+):")


@dataclass(frozen=True, slots=True)
class Column:
    """What a writer must know of a column."""

    kind: str
    length: int | None
    nullable: bool
    filled: bool

    @property
    def asks(self) -> bool:
        """Whether a row cannot be written without it."""
        return not self.nullable and not self.filled


@dataclass(frozen=True, slots=True)
class Table:
    """A table's columns, and its rules, each in a few words."""

    columns: Mapping[str, Column]
    rules: frozenset[str]


def tables(engine: Engine) -> dict[str, Table]:
    """The tables of a database as they stand."""
    looked = inspect(engine)
    return {name: _table(engine, name) for name in looked.get_table_names() if name != "alembic_version"}


def _table(engine: Engine, name: str) -> Table:
    looked = inspect(engine)
    key = looked.get_pk_constraint(name)["constrained_columns"]
    columns = {
        each["name"]: Column(
            *_kind(each["type"]),
            nullable=bool(each["nullable"]),
            # A single whole number as the key is counted by the database itself.
            filled=each["default"] is not None or bool(each.get("identity")) or key == [each["name"]],
        )
        for each in looked.get_columns(name)
    }
    return Table(columns, frozenset(_rules(engine, name)))


def _kind(kind: TypeEngine[object]) -> tuple[str, int | None]:
    return type(kind).__name__, getattr(kind, "length", None)


def _rules(engine: Engine, name: str) -> Iterator[str]:
    looked = inspect(engine)
    yield f"key ({', '.join(looked.get_pk_constraint(name)['constrained_columns'])})"
    for unique in looked.get_unique_constraints(name):
        yield f"unique ({', '.join(unique['column_names'])})"
    for index in looked.get_indexes(name):
        if index["unique"]:
            yield f"unique ({', '.join(str(column) for column in index['column_names'])})"
    for check in looked.get_check_constraints(name):
        yield f"check {check['sqltext']}"
    for foreign in looked.get_foreign_keys(name):
        yield f"reference ({', '.join(foreign['constrained_columns'])}) to {foreign['referred_table']}"


def breaks(before: Mapping[str, Table], after: Mapping[str, Table]) -> dict[str, str]:
    """What the previous release stumbles over: table or `table.column`, and why."""
    found: dict[str, str] = {}
    for name, table in before.items():
        if name not in after:
            found[name] = "is gone"
            continue
        found.update({f"{name}.{column}": why for column, why in _columns(table, after[name])})
        for rule in sorted(after[name].rules - table.rules):
            found[name] = f"asks for more: {rule}"
    return found


def _columns(before: Table, after: Table) -> Iterator[tuple[str, str]]:
    for name, column in before.columns.items():
        now = after.columns.get(name)
        if now is None:
            yield name, "is gone"
        elif now.kind != column.kind:
            yield name, f"was {column.kind} and is {now.kind}"
        elif now.length is not None and (column.length is None or now.length < column.length):
            yield name, "takes less"
        elif now.asks and not column.asks:
            yield name, "must be written now"
    for name in after.columns.keys() - before.columns.keys():
        if after.columns[name].asks:
            yield name, "must be written, and no older release knows it: give it a server_default"


def named_as_unused(docstring: str, released: frozenset[str]) -> set[str]:
    """What a migration says no running release uses: by no release at all, or not since one of `released`."""
    named: set[str] = set()
    for line in docstring.splitlines():
        since = UNUSED.match(line)
        if line.startswith(UNRELEASED) or (since and since[1] in released):
            named |= {name.strip(" .`") for name in line.split(":", 1)[1].split(",")}
    return named
