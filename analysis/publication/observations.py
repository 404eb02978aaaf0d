"""
A release as one long tidy table: an observation for every published cell and mean, in published forms only.

What every download is made from. Columns speak SDMX's language where it has the words: OBS_STATUS is A for a
number and Q for what is hidden; a band has no code of its own there, and is A with lower and upper bound. Why
something is hidden is never said (docs/explanation/disclosure.md, "What gets done wrong": a status per cell
tells which cells are small).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, fields
from math import ceil, floor
from typing import Final, NamedTuple

from analysis.naming import Name, option_name, title
from analysis.release import Release, Row, Table
from analysis.shares import Share, share_of_asked, shares_of_answered
from analysis.tables import Interval
from analysis.wording import is_hidden
from questionnaires.model import Questionnaire

MEAN: Final = "mean"
"""Stands as the option of an index's mean, whose bounds are points from 0 to 100 and no people."""

_ALL: Final = 100
_ROUNDED_BY: Final = 2.5
"""Points: a mean is rounded to the nearest 5, so this is how far the unrounded one can lie away."""

GroupName = Callable[[Table, Row], Name]
"""What a row's reporting group is called."""


@dataclass(frozen=True, slots=True)
class Observation:
    """
    One published figure.

    Attributes:
        table, kind, measured: Of the release's table: its id, "item" or "indicator", and of what.
        title: The question or the indicator's name.
        by, group, group_name: What it is broken down by, and which reporting group; empty for everybody.
        option, option_name: Which answer, or "mean".
        base_lower, base_upper: Bounds of how many were asked.
        lower, upper: Bounds of how many chose it; points for a mean. None where it is hidden.
        percent_lower, percent_upper: Whole per cents of those who answered; of all who were asked for those
            who did not answer. None for a mean and where it is hidden.
        obs_status: "A" or "Q".
    """

    table: str
    kind: str
    measured: str
    title: str
    by: str
    group: str
    group_name: str
    option: str
    option_name: str
    base_lower: int
    base_upper: int
    lower: float | None
    upper: float | None
    percent_lower: int | None
    percent_upper: int | None
    obs_status: str

    @property
    def values(self) -> tuple[str | float | None, ...]:
        """The fields in the order of COLUMNS."""
        return astuple(self)


COLUMNS: Final = tuple(field.name for field in fields(Observation))
"""What every download calls its columns; what each means stands in docs/reference/formats.md."""


def observations(
    release: Release, questionnaire: Questionnaire, language: str, group_name: GroupName
) -> Iterator[Observation]:
    """
    Every figure of a release, table by table in the release's order.

    Args:
        release: What custody signed.
        questionnaire: What was asked, for the names.
        language: "da" or "en".
        group_name: What reporting groups are called.

    Raises:
        UnknownNameError: If the release is not of this questionnaire.
    """
    for table in release.tables:
        named = title(table.kind, table.item, questionnaire, language).text
        options = {
            option.id: option_name(option, table, questionnaire, language).text for option in table.options
        }
        for row in table.rows:
            group = "" if row.group is None else group_name(table, row).text
            for option, figure in _figures(table, row):
                yield Observation(
                    table=table.id,
                    kind=table.kind,
                    measured=table.item,
                    title=named,
                    by=table.by or "",
                    group=row.group or "",
                    group_name=group,
                    option=option,
                    option_name=options.get(option, ""),
                    base_lower=row.base[0],
                    base_upper=row.base[1],
                    lower=figure.lower,
                    upper=figure.upper,
                    percent_lower=figure.percent_lower,
                    percent_upper=figure.percent_upper,
                    obs_status="Q" if figure.lower is None else "A",
                )


class _Figure(NamedTuple):
    """Bounds as they are published; all None where nothing is."""

    lower: float | None = None
    upper: float | None = None
    percent_lower: int | None = None
    percent_upper: int | None = None


def _figures(table: Table, row: Row) -> Iterator[tuple[str, _Figure]]:
    base, cells = Interval(*row.base), [Interval(*cell) for cell in row.cells]
    shares = (
        *shares_of_answered(cells, base, multiple=table.multiple),
        share_of_asked(cells[-1], base),
    )
    for option, cell, share in zip(table.options, cells, shares, strict=True):
        shown = _Figure(cell.lo, cell.hi, *_percent(share))
        yield option.id, _Figure() if is_hidden(cell, base) else shown
    if row.mean is not None:
        yield MEAN, _Figure(max(row.mean - _ROUNDED_BY, 0.0), min(row.mean + _ROUNDED_BY, 100.0))


def _percent(share: Share) -> tuple[int, int]:
    # Never the nearest whole number: rounded to 0 or 100, a share would say that somebody is not there.
    return floor(share.least * _ALL), ceil(share.most * _ALL)
