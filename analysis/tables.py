"""
The types that the stages of the analysis hand to one another, and what must hold for each.

`OpenedWave → CodedResponses → FrequencyTable → ProtectedTable → Release` (analysis/release.py). A stage takes
one type and gives the next, so that a chart of unprotected counts cannot be written by mistake. What a single
respondent answered, and every unprotected count, is left out of the values' printed form: an exception or a
log that holds one of these values tells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from questionnaires.model import ItemType, Questionnaire

if TYPE_CHECKING:
    # The web reads releases and never a frame: with pandas it would take seconds longer to start.
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

LEFT_BLANK = -1
"""In answers: on the path, and nothing was chosen."""
NOT_ASKED = -2
"""In answers: off the path."""

UNANSWERED = -1
"""In coded responses: belongs to the base, and said nothing that counts (any of the missing kinds)."""
OUTSIDE = -2
"""In coded responses: does not belong to the base."""

NO_ANSWER = "no_answer"
"""The option that every table ends with: all who said nothing that counts, for whatever reason."""

UNIT = "unit"
"""What a breakdown by the manifest's units is called."""

Positions: TypeAlias = "npt.NDArray[np.int32]"
Coded: TypeAlias = "npt.NDArray[np.int8] | npt.NDArray[np.int32]"


class TableError(ValueError):
    """A value that cannot be what its type says; the message never holds an answer."""


class Interval(NamedTuple):
    """Whole numbers from `lo` to `hi`, both included."""

    lo: int
    hi: int

    @property
    def is_exact(self) -> bool:
        """Whether it says one number."""
        return self.lo == self.hi

    @property
    def width(self) -> int:
        """How much is left open."""
        return self.hi - self.lo


class TableKind(StrEnum):
    """Whether a table counts the answers to one item, or an indicator's outcomes."""

    ITEM = "item"
    INDICATOR = "indicator"


class Form(StrEnum):
    """How much a table shows: docs/explanation/disclosure.md, the ladder."""

    EXACT = "exact"
    BANDS = "bands"
    WIDE_BANDS = "wide_bands"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class OpenedWave:
    """
    Every counted response of one wave, opened.

    Attributes:
        questionnaire: The definition as served, with the wave's sections only.
        units: Ids of the manifest's units, in its order.
        answers: Shape (responses, 1 + items), int32. Column 0 is the unit's position or `LEFT_BLANK`; then
            one column per item in the definition's order: the position of the chosen option, for `multi` a
            bit mask of positions (never 0), `LEFT_BLANK`, or `NOT_ASKED`. The order of rows means nothing.
        parents: For each unit the id of the one it lies in, or None; empty where no unit lies in another.

    Raises:
        TableError: If a column holds what its item cannot have. Checked once, for all that follows.
    """

    questionnaire: Questionnaire
    units: tuple[str, ...]
    answers: Positions = field(repr=False)
    parents: tuple[str | None, ...] = ()

    def __post_init__(self) -> None:
        width = 1 + len(self.questionnaire.items)
        if self.answers.shape[1:] != (width,) or self.answers.dtype != "int32":
            raise TableError(
                f"opened wave: answers are {self.answers.dtype} of shape {self.answers.shape}, where int32 of"
                f" shape (responses, {width}) belongs; make one column for the unit and one per item"
            )
        _check_column("unit", self.answers[:, 0], LEFT_BLANK, len(self.units) - 1)
        for item, column in zip(self.questionnaire.items, self.answers.T[1:], strict=True):
            options = len(self.questionnaire.options_of(item))
            is_multi = item.type is ItemType.MULTI
            _check_column(
                f'item "{item.id}"', column, NOT_ASKED, (1 << options) - 1 if is_multi else options - 1
            )
            if is_multi and (column == 0).any():
                raise TableError(f'item "{item.id}": a choice of nothing; write {LEFT_BLANK} for left blank')

    @property
    def responses(self) -> int:
        """How many responses are counted: public, and exact."""
        return len(self.answers)

    def column(self, item_id: str) -> Positions:
        """Answers to one item, one per response."""
        return self.answers[:, 1 + self.questionnaire.positions[item_id]]


def _check_column(place: str, column: Coded, least: int, most: int) -> None:
    if column.size and (int(column.min()) < least or int(column.max()) > most):
        raise TableError(
            f"{place}: holds a number outside {least} to {most}; read responses with"
            " questionnaires/answers.py:decode"
        )


@dataclass(frozen=True, slots=True)
class Measure:
    """
    Something that is counted: an item, or an indicator over one or more items.

    Attributes:
        id: The item's or the indicator's.
        kind: Which of the two.
        items: Ids of the items it is read from.
        codes: What can come out of it, without the missing kinds: option codes, or an indicator's outcomes.
        multiple: Whether several of the codes can hold for one response.
        exclusive: Of several, the codes that hold alone.
        scores: For an index, the points of each code; else empty.
        sensitive: Protected as exposure is.
    """

    id: str
    kind: TableKind
    items: tuple[str, ...]
    codes: tuple[str, ...]
    multiple: bool = False
    exclusive: tuple[str, ...] = ()
    scores: tuple[int, ...] = ()
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class CodedResponses:
    """
    What every response counts as, in every measure.

    Attributes:
        measures: What is counted, by id.
        frame: One row per response (index meaningless), one column per measure: the position of the code
            (int8), for a `multiple` measure a bit mask of positions (int32), `UNANSWERED`, or `OUTSIDE`.
    """

    measures: Mapping[str, Measure]
    frame: pd.DataFrame = field(repr=False)

    def __post_init__(self) -> None:
        if list(self.frame.columns) != list(self.measures):
            raise TableError(
                "coded responses: the columns are not the measures; code with analysis/coding.py"
            )
        for measure in self.measures.values():
            column = self.column(measure.id)
            codes = len(measure.codes)
            if column.dtype != ("int32" if measure.multiple else "int8"):
                raise TableError(f'measure "{measure.id}": its column is {column.dtype}; see CodedResponses')
            _check_column(
                f'measure "{measure.id}"',
                column,
                OUTSIDE,
                (1 << codes) - 1 if measure.multiple else codes - 1,
            )

    def column(self, measure_id: str) -> Coded:
        """What each response counts as in one measure."""
        column: Coded = self.frame[measure_id].to_numpy()
        return column


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """One option of a table: the codes that it counts as one."""

    id: str
    codes: tuple[str, ...]


OptionSet: TypeAlias = tuple[OptionGroup, ...]
"""A table's options, in order; the last is always `NO_ANSWER`."""


@dataclass(frozen=True, slots=True)
class PlannedTable:
    """
    One table that the manifest promises, before the first response.

    Attributes:
        id: Its name in the release.
        kind: What it counts.
        item: Id of the item or indicator.
        by: What it is broken down by: None (the organisation as a whole), "unit", or an item id.
        alternatives: Option sets from fine to coarse; a release uses one of them.
    """

    id: str
    kind: TableKind
    item: str
    by: str | None
    alternatives: tuple[OptionSet, ...]

    def __post_init__(self) -> None:
        place = f'table "{self.id}"'
        if not self.alternatives:
            raise TableError(f"{place}: has no options; plan at least one option set")
        for options in self.alternatives:
            ids = [option.id for option in options]
            if not ids or ids[-1] != NO_ANSWER or len(set(ids)) != len(ids):
                raise TableError(f'{place}: options are distinct and end with "{NO_ANSWER}", not {ids}')
            codes = [code for option in options for code in option.codes]
            if len(set(codes)) != len(codes):
                raise TableError(f"{place}: a code stands in two options; count it once")


@dataclass(frozen=True, slots=True)
class FrequencyTable:
    """
    How often each option was chosen, by everyone the measure was meant for. Unsafe to show.

    The only thing that takes it is analysis/disclosure/suppression.py.

    Attributes:
        planned: Which table it is.
        measure: What it counts.
        options: The option set used.
        base: Responses that the measure was meant for.
        cells: Count of each option, in order; they sum to `base` unless the measure is `multiple`.
        points: For an index, the sum of all scores; else 0.
    """

    planned: PlannedTable
    measure: Measure
    options: OptionSet
    base: int = field(repr=False)
    cells: tuple[int, ...] = field(repr=False)
    points: int = field(default=0, repr=False)

    def __post_init__(self) -> None:
        place = f'table "{self.planned.id}"'
        if len(self.cells) != len(self.options):
            raise TableError(
                f"{place}: {len(self.cells)} cells for {len(self.options)} options; count each option once"
            )
        if any(not 0 <= cell <= self.base for cell in self.cells):
            raise TableError(
                f"{place}: a cell is less than nothing or more than its base; count both over the"
                " same responses"
            )
        total = sum(self.cells)
        if total < self.base or (total > self.base and not self.measure.multiple):
            raise TableError(
                f"{place}: its cells do not sum to its base; count each response in one option, or in"
                f' "{NO_ANSWER}"'
            )

    @property
    def scored(self) -> int:
        """Responses that have a score."""
        return self.base - self.cells[-1]


@dataclass(frozen=True, slots=True)
class ReportingGroup:
    """
    Respondents whose answers are shown together, by what they said of themselves.

    Attributes:
        by: What the breakdown is of: "unit", or an item id.
        id: The unit's, or the group's in the item's ladder.
        parent: Of a unit within another, the other's id.
        members: One per response, whether it belongs here.
    """

    by: str
    id: str
    parent: str | None
    members: npt.NDArray[np.bool_] = field(repr=False)

    @property
    def base(self) -> int:
        """How many belong here: public."""
        return int(self.members.sum())


@dataclass(frozen=True, slots=True)
class BrokenDownTable:
    """
    A table with one row for each reporting group. Unsafe to show, as its rows are.

    Attributes:
        planned: Which table it is.
        groups: Which respondents each row counts.
        rows: The counts, in the order of the groups.
        chosen: Shape (responses, options), what each response counts in.
    """

    planned: PlannedTable
    groups: tuple[ReportingGroup, ...]
    rows: tuple[FrequencyTable, ...]
    chosen: npt.NDArray[np.bool_] = field(repr=False)

    def __post_init__(self) -> None:
        place = f'table "{self.planned.id}"'
        if [group.base for group in self.groups] != [row.base for row in self.rows]:
            raise TableError(
                f"{place}: a row counts others than its reporting group; count each row over its group's"
                " members"
            )


@dataclass(frozen=True, slots=True)
class ProtectedRow:
    """
    One row of a table as it may be shown to anyone.

    Attributes:
        base: Bounds of the number it was asked of; exact unless routing makes that number sensitive.
        cells: Bounds of each option's count, in order. Hidden is from 0 to the most the base can be.
        mean: Of an index, rounded to 5 points; None where it is not shown.
        ranges: What the audit found each cell that is not exact can be, in order.
        group: Id of the reporting group; None for the organisation as a whole.
        parent: Id of the group it is part of.
    """

    base: Interval
    cells: tuple[Interval, ...]
    mean: int | None = None
    ranges: tuple[Interval, ...] = ()
    group: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """
    A table as it may be shown to anyone.

    Attributes:
        planned: Which table it is.
        options: The option set used.
        multiple: Whether a respondent may stand in several options.
        form: How much it shows; of a table with several rows, what its coarsest cell does.
        rows: One for the organisation as a whole, or one for each reporting group.
    """

    planned: PlannedTable
    options: OptionSet
    multiple: bool
    form: Form
    rows: tuple[ProtectedRow, ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            self._check(row)

    def _check(self, row: ProtectedRow) -> None:
        place = f'table "{self.planned.id}"'
        if len(row.cells) != len(self.options):
            raise TableError(
                f"{place}: {len(row.cells)} cells for {len(self.options)} options; show each option once"
            )
        for interval in (row.base, *row.cells):
            if not 0 <= interval.lo <= interval.hi <= row.base.hi:
                raise TableError(
                    f"{place}: {interval.lo} to {interval.hi} are no bounds of a count out of {row.base.hi};"
                    " take them from the ladder, the lesser first"
                )
        if len(row.ranges) != sum(not cell.is_exact for cell in row.cells):
            raise TableError(
                f"{place}: {len(row.ranges)} audited ranges, where one belongs to each cell that is not"
                " exact; take them from the audit"
            )


class LeftOutReason(StrEnum):
    """
    Why a promised table is not in the release.

    `BASE`: too few responded to the wave, a number that everybody knows. `NOT_PROVEN` is everything else, in
    one word: why a table with a sensitive base is missing would tell of that base.
    """

    BASE = "base"
    NOT_PROVEN = "not_proven"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A table of the plan that is not in the release."""

    table: str
    reason: LeftOutReason


@dataclass(frozen=True, slots=True)
class Solver:
    """What solved the audit's linear programs."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Protection:
    """Everything the disclosure control lets through, and what it leaves out."""

    tables: tuple[ProtectedTable, ...]
    left_out: tuple[LeftOut, ...]
    solver: Solver
