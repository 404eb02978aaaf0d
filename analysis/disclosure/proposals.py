"""
What a table would show by itself, before the audit looks at tables together.

Between the form of one row (analysis/disclosure/rows.py) and the choice among tables
(analysis/disclosure/suppression.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from analysis.disclosure.forms import band_of, bands, hidden
from analysis.disclosure.rows import Bands, RowRules, row_form
from analysis.disclosure.scene import Shown
from analysis.tables import Form, FrequencyTable, Interval, Measure
from policy import Policy

_NEVER: Final = frozenset({"never", "no"})
_SHORT_ROW: Final = 3
_STEP: Final = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """One table in one form."""

    table: FrequencyTable
    form: Form
    shown: Shown

    @property
    def is_hidden(self) -> bool:
        """Whether it shows nothing."""
        return self.form is Form.HIDDEN


Proposals: TypeAlias = Mapping[str, Proposal]
"""By table id."""


def proposed(table: FrequencyTable, base: Interval, policy: Policy) -> Proposal:
    """
    The finest form that a table can have by itself, and an index's mean.

    Args:
        table: The counts.
        base: What everybody knows of its base: the number of responses, or bounds of those led to it.
        policy: The thresholds.
    """
    if base.is_exact and not table.measure.multiple:
        row = row_form(RowRules(base.lo, policy.threshold, remainders_of(table)), table.cells)
        form, cells = row.form, row.cells
    else:
        form, cells = _unsummed(table, base, policy.threshold)
    proposal = Proposal(table, form, Shown(base, cells))
    scored = base.lo - cells[-1].hi
    if not table.measure.scores or form is Form.HIDDEN or scored < policy.mean:
        return proposal
    return replace(proposal, shown=Shown(base, cells, rounded_mean(table)))


def attempts(first: Proposals, policy: Policy, responses: int) -> Iterator[Proposals]:
    """
    Tables in their own forms, then in ever coarser ones: without means, then with bands for exact counts.

    They become coarser together. That they did tells that some difference between some two of their counts
    is small, not which one; were they given up one by one, it would tell where. In a small organisation
    even that is too much of what is sensitive.
    """
    yield first
    if any(proposal.shown.mean is not None for proposal in first.values()):
        yield {name: _without_mean(proposal) for name, proposal in first.items()}
    is_sensitive = any(proposal.table.measure.sensitive for proposal in first.values())
    if is_sensitive and responses < policy.detail:
        return
    if any(proposal.form is Form.EXACT for proposal in first.values()):
        yield {name: _in_bands(_without_mean(proposal), policy.threshold) for name, proposal in first.items()}


def hidden_table(table: FrequencyTable, base: Interval) -> Proposal:
    """A table of which nothing is shown but that it was asked."""
    return Proposal(table, Form.HIDDEN, Shown(base, (hidden(base.hi),) * len(table.cells)))


def remainders_of(table: FrequencyTable) -> tuple[int, ...]:
    """
    Which cells may be left open so that the others can be shown in bands; none for most rows.

    In a row of three cells bands alone are often narrowed by the sum; in a sensitive row even the decision
    between narrow and wide bands would tell. "Never" and "no" are left open first: what is left tells them.
    """
    return open_first(table) if may_leave_one_open(table.measure, len(table.cells)) else ()


def may_leave_one_open(measure: Measure, cells: int) -> bool:
    """Whether a row of so many cells that add up may have one cell open, and bands in the others."""
    return measure.sensitive or cells <= _SHORT_ROW


def open_first(table: FrequencyTable) -> tuple[int, ...]:
    """Cells in the order in which one of them is left open: what says that nothing happened comes first."""
    places = range(len(table.cells))
    said_no = [place for place in places if _NEVER.intersection(table.options[place].codes)]
    preferred = said_no or [len(table.cells) - 1]
    return (*preferred, *(place for place in places if place not in preferred))


def rounded_mean(table: FrequencyTable) -> int:
    """An index's mean, rounded half up to a multiple of 5."""
    return (2 * table.points + _STEP * table.scored) // (2 * _STEP * table.scored) * _STEP


def _unsummed(table: FrequencyTable, base: Interval, threshold: int) -> tuple[Form, Bands]:
    """The form of a table whose cells do not sum to a number that everybody knows."""
    narrow = tuple(band_of(count, bands(base.hi, threshold)) for count in table.cells)
    if table.measure.sensitive:
        taken, narrow = _with_room(table, base, narrow)
        if base.lo - taken < threshold:
            return Form.HIDDEN, (hidden(base.hi),) * len(narrow)
        if not base.is_exact:
            # Never exact: together with a base that is not, exact counts would often narrow it too far.
            return Form.BANDS, narrow
    if all(band.lo >= threshold and band.hi <= base.lo - threshold for band in narrow):
        return Form.EXACT, tuple(Interval(count, count) for count in table.cells)
    return Form.BANDS, narrow


def _with_room(table: FrequencyTable, base: Interval, narrow: Bands) -> tuple[int, Bands]:
    """
    How many may stand where no room is needed, and the bands to show.

    Room is needed for those who said something, where several answers can be given, else for a cell left
    open: the sum of all would tell how many were led here. A table without room is refused, whether nobody is
    left or a few: else a refusal would tell that somebody is.
    """
    if table.measure.multiple:
        return narrow[-1].hi, narrow
    left_open = open_first(table)[0]
    others = sum(band.hi for place, band in enumerate(narrow) if place != left_open)
    return others, tuple(hidden(base.hi) if p == left_open else band for p, band in enumerate(narrow))


def _without_mean(proposal: Proposal) -> Proposal:
    return replace(proposal, shown=replace(proposal.shown, mean=None))


def _in_bands(proposal: Proposal, threshold: int) -> Proposal:
    if proposal.form is not Form.EXACT:
        return proposal
    base = proposal.shown.base
    cells = [band_of(cell.lo, bands(base.hi, threshold)) for cell in proposal.shown.cells]
    remainders = remainders_of(proposal.table)
    if remainders and base.is_exact and not proposal.table.measure.multiple:
        cells[remainders[0]] = hidden(base.hi)
    return replace(proposal, form=Form.BANDS, shown=replace(proposal.shown, cells=tuple(cells)))
