"""
A release: the protected tables of one wave with where they come from, as immutable canonical JSON.

The last stage of the analysis and the only one that the web, a chart or a download ever sees.
Format: docs/reference/formats.md, "Release"; schema: docs/reference/schemas/release.schema.json.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from analysis.tables import (
    NO_ANSWER,
    Interval,
    ProtectedRow,
    ProtectedTable,
    Protection,
)
from analysis.unreadable import REMEDY, fault_of_bytes, fault_of_model
from questionnaires.digest import canonical_bytes, read_canonical
from questionnaires.errors import CanonicalError

_Id = Annotated[str, Field(pattern=r"^[0-9a-hjkmnp-tv-z]{16}$")]
_Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
_Signature = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{86}$")]
_Name = Annotated[str, Field(min_length=1, max_length=200)]
MOST_COUNTED: Final = 10_000_000
"""More than live in Denmark: a file that says of more is no release, whatever it says."""

_Count = Annotated[int, Field(ge=0, le=MOST_COUNTED)]


class ReleaseError(ValueError):
    """Bytes that are no release, or a release that contradicts itself; says place, fact and remedy."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Organisation(_Part):
    """Who asked."""

    id: _Id
    name: _Name


class FieldPeriod(_Part):
    """When it was asked, by day."""

    first_day: _Day
    last_possible_day: _Day


class Joined(_Part):
    """Over which organisations a joint wave was; none of them is shown by itself."""

    organisations: Annotated[int, Field(ge=1)]
    largest: Annotated[int, Field(ge=1)]
    kind: Annotated[Mapping[str, _Name], Field(min_length=1)]


class WaveFacts(_Part):
    """
    Which wave this is of, under which promises.

    Attributes:
        organisation: Who asked.
        joint: Whose people were asked, where it was many small organisations'; None where they were its own.
    """

    id: _Id
    organisation: Organisation
    manifest: _Hex
    mode: Literal["invited", "open"]
    field_period: FieldPeriod
    joint: Joined | None = None

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, object]:
        return _without(write(self), "joint", default=None)


class QuestionnaireFacts(_Part):
    """What was asked; the digest is of the definition as served."""

    id: _Name
    version: _Name
    digest: _Hex
    sections: tuple[_Name, ...]


class PolicyFacts(_Part):
    """Which disclosure policy held, and which of its numbers the wave raised."""

    version: _Name
    raised: Mapping[str, int]


class Participation(_Part):
    """
    How many were invited and answered. All of it is public.

    Attributes:
        invited: Invitations; 0 in an open wave.
        received: Responses stored when the wave closed.
        withdrawn: Of those, taken back.
        rejected: Of those, by kind, what was no response to this questionnaire.
        counted: The rest.
    """

    invited: _Count
    received: _Count
    withdrawn: _Count
    rejected: Mapping[str, _Count]
    counted: _Count

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.received != self.counted + self.withdrawn + sum(self.rejected.values()):
            raise ValueError("received is not counted, withdrawn and rejected together")
        return self


class ListFacts(_Part):
    """The signed list of responses that the release was made from."""

    count: _Count
    digest: _Hex
    signature: _Signature


class Provenance(_Part):
    """
    Everything a release says beside its figures; custody knows it, the analysis only carries it over.

    Attributes:
        classes: Custody's commitment to the class sizes, for the ledger; None where there is no custody.
    """

    wave: WaveFacts
    questionnaire: QuestionnaireFacts
    participation: Participation
    list: ListFacts
    classes: _Hex | None = None


Bounds = tuple[_Count, _Count]
"""A count as its least and its greatest value, both included; exact when they are equal."""


class TableOption(_Part):
    """One option of a table, and the codes it counts as one."""

    id: _Name
    codes: tuple[_Name, ...]


class Row(_Part):
    """
    One reporting group of a table, or the organisation as a whole.

    Attributes:
        group: None for the organisation, else the group's id.
        parent: The group it is part of.
        base: Bounds of the number of people who were asked.
        cells: Bounds of each option's count, in the order of the options. Hidden is from 0 to the base.
        mean: Of an index, rounded to 5 points.
    """

    group: str | None
    parent: str | None
    base: Bounds
    cells: Annotated[tuple[Bounds, ...], Field(min_length=1)]
    mean: Annotated[int, Field(ge=0, le=100, multiple_of=5)] | None = None

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, object]:
        return _without(write(self), "mean", default=None)

    @model_validator(mode="after")
    def _is_bounded(self) -> Self:
        for lo, hi in (self.base, *self.cells):
            if not lo <= hi <= self.base[1]:
                raise ValueError(f"[{lo}, {hi}] are no bounds of a count out of {self.base[1]}")
        return self


class Table(_Part):
    """
    How many chose what, as far as it may be known.

    Attributes:
        item: Id of the item or the indicator.
        by: What it is broken down by; None for the organisation as a whole.
        multiple: Whether a respondent may stand in several options.
        options: In order; the last counts everyone without an answer.
    """

    id: _Name
    kind: Literal["item", "indicator"]
    item: _Name
    by: str | None
    multiple: bool = False
    options: tuple[TableOption, ...]
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, object]:
        return _without(write(self), "multiple", default=False)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if not self.options or self.options[-1].id != NO_ANSWER:
            raise ValueError(f'the last option is "{NO_ANSWER}"')
        if any(len(row.cells) != len(self.options) for row in self.rows):
            raise ValueError("a row has one cell for each option")
        return self

    def bounds(self, row: Row) -> tuple[Bounds, ...]:
        """
        What each cell of a row can be by what the row says: a cell left open is what the others leave.

        Where several options can be chosen, the cells as they are.
        """
        if self.multiple:
            return row.cells
        least, most = (sum(cell[end] for cell in row.cells) for end in (0, 1))
        return tuple(
            (max(lo, row.base[0] - (most - hi)), min(hi, row.base[1] - (least - lo))) for lo, hi in row.cells
        )

    @property
    def is_hidden(self) -> bool:
        """Whether every cell of every row is hidden."""
        return all(cell == (0, row.base[1]) for row in self.rows for cell in row.cells)


class SolverFacts(_Part):
    """What solved the audit's linear programs."""

    name: _Name
    version: _Name


class LeftOutFact(_Part):
    """A planned table that is not among the tables."""

    table: _Name
    reason: Literal["base", "not_proven"]


class Ledger(_Part):
    """
    What was proven, and how.

    Attributes:
        plan: SHA-256 of the manifest's publication.
        classes: Commitment to how many stood in each class of people that the intruder was taken to know;
            whoever has the wave's seed can check it, and after destruction nobody has.
        forms: Table id → how much it shows.
        ranges: Table id → audited range of every cell that is not exact, in reading order.
        left_out: Planned tables that are not in the release.
    """

    plan: _Hex
    classes: _Hex | None = None
    solver: SolverFacts
    forms: Mapping[str, Literal["exact", "bands", "wide_bands", "hidden"]]
    ranges: Mapping[str, tuple[Bounds, ...]]
    left_out: tuple[LeftOutFact, ...]


class Release(_Part):
    """The published figures of one wave."""

    format: Literal["tillid-release/1"] = "tillid-release/1"
    wave: WaveFacts
    questionnaire: QuestionnaireFacts
    policy: PolicyFacts
    participation: Participation
    tables: tuple[Table, ...]
    ledger: Ledger
    list: ListFacts

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        ids = [table.id for table in self.tables]
        if len(set(ids)) != len(ids):
            raise ValueError("a table stands in it twice")
        if set(self.ledger.forms) != set(ids):
            raise ValueError("the ledger's forms are not those of the tables")
        if set(ids) & {left_out.table for left_out in self.ledger.left_out}:
            raise ValueError("a table is both shown and left out")
        open_cells = {table.id: sum(cell[0] != cell[1] for cell in _cells(table)) for table in self.tables}
        ranges = {table_id: len(bounds) for table_id, bounds in self.ledger.ranges.items()}
        if ranges != {table_id: number for table_id, number in open_cells.items() if number}:
            raise ValueError("the ledger has one range for each cell that is not exact")
        return self

    def table(self, table_id: str) -> Table | None:
        """The table of that id, or None where the release has none."""
        return next((table for table in self.tables if table.id == table_id), None)


def released(
    protection: Protection, provenance: Provenance, *, plan: str, policy: str, raised: Mapping[str, int]
) -> Release:
    """
    The protected tables with where they come from.

    Args:
        protection: From analysis/disclosure/suppression.py; nothing else may be shown.
        provenance: What custody says of the wave.
        plan: Digest of the publication plan.
        policy: Version of the policy followed.
        raised: Its numbers that this wave raised.
    """
    tables = protection.tables
    ledger = Ledger(
        plan=plan,
        classes=provenance.classes,
        solver=SolverFacts(name=protection.solver.name, version=protection.solver.version),
        forms={table.planned.id: table.form.value for table in tables},
        ranges={table.planned.id: ranges for table in tables if (ranges := _ranges(table))},
        left_out=tuple(
            LeftOutFact(table=left_out.table, reason=left_out.reason.value)
            for left_out in protection.left_out
        ),
    )
    return Release(
        wave=provenance.wave,
        questionnaire=provenance.questionnaire,
        policy=PolicyFacts(version=policy, raised=dict(raised)),
        participation=provenance.participation,
        tables=tuple(map(_table, tables)),
        ledger=ledger,
        list=provenance.list,
    )


def to_bytes(release: Release) -> bytes:
    """The release as canonical JSON: what custody signs, stores and serves."""
    return canonical_bytes(release.model_dump(mode="json"))


def from_bytes(data: bytes) -> Release:
    """
    The release that `to_bytes` wrote.

    Raises:
        ReleaseError: If the bytes are not canonical, not of this format, or contradict themselves.
    """
    try:
        read_canonical(data)
        return Release.model_validate_json(data)
    except CanonicalError as error:
        raise ReleaseError(f"release: {fault_of_bytes(data)}. {REMEDY}") from error
    except ValidationError as error:
        raise ReleaseError(f"release: {fault_of_model(data, error)}. {REMEDY}") from error


def _table(table: ProtectedTable) -> Table:
    return Table(
        id=table.planned.id,
        kind=table.planned.kind.value,
        item=table.planned.item,
        by=table.planned.by,
        multiple=table.multiple,
        options=tuple(TableOption(id=option.id, codes=option.codes) for option in table.options),
        rows=tuple(map(_row, table.rows)),
    )


def _row(row: ProtectedRow) -> Row:
    return Row(
        group=row.group,
        parent=row.parent,
        base=_bounds(row.base),
        cells=tuple(map(_bounds, row.cells)),
        mean=row.mean,
    )


def _bounds(interval: Interval) -> Bounds:
    return interval.lo, interval.hi


def _ranges(table: ProtectedTable) -> tuple[Bounds, ...]:
    return tuple(_bounds(found) for row in table.rows for found in row.ranges)


def _cells(table: Table) -> Iterator[Bounds]:
    return (cell for row in table.rows for cell in row.cells)


def _without(written: dict[str, object], name: str, *, default: object) -> dict[str, object]:
    """Leave out what is at its default, so that one release is one text."""
    return {key: value for key, value in written.items() if key != name or value != default}
