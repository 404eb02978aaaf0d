"""
From coded responses to frequency tables: how many count as what, among those the measure was meant for.

Between coding and the disclosure control. One pass over each column, whatever the number of responses.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from analysis.tables import (
    UNANSWERED,
    BrokenDownTable,
    Coded,
    CodedResponses,
    FrequencyTable,
    Measure,
    OptionGroup,
    OptionSet,
    PlannedTable,
    ReportingGroup,
)

_OFFSET = 2


def tabulated(responses: CodedResponses, planned: PlannedTable, options: OptionSet) -> FrequencyTable:
    """
    One table of the organisation as a whole. Unsafe to show: pass it to the disclosure control.

    Args:
        responses: Coded; rows in any order.
        planned: Which table.
        options: One of its alternatives.
    """
    measure = responses.measures[planned.item]
    return _counted(responses.column(measure.id), measure, planned, options)


def broken_down(
    responses: CodedResponses, planned: PlannedTable, options: OptionSet, groups: Sequence[ReportingGroup]
) -> BrokenDownTable:
    """
    One table with a row for each reporting group. Unsafe to show: pass it to the disclosure control.

    Args:
        responses: Coded; rows in the order of the groups' members.
        planned: Which table.
        options: One of its alternatives.
        groups: In the order of the rows.
    """
    measure = responses.measures[planned.item]
    column = responses.column(measure.id)
    rows = (_counted(column[group.members], measure, planned, options) for group in groups)
    chosen = np.column_stack(list(_chosen(column, measure, options)))
    return BrokenDownTable(planned, tuple(groups), tuple(rows), chosen)


def _counted(column: Coded, measure: Measure, planned: PlannedTable, options: OptionSet) -> FrequencyTable:
    base = int(np.count_nonzero(column >= UNANSWERED))
    counts = _several if measure.multiple else _single
    cells = tuple(counts(column, measure, options))
    return FrequencyTable(planned, measure, options, base, cells, _points(column, measure))


def _single(column: Coded, measure: Measure, options: OptionSet) -> Iterator[int]:
    # Shifted so that OUTSIDE and UNANSWERED are counted too: one pass, and nothing is left uncounted.
    counts = np.bincount(column + _OFFSET, minlength=_OFFSET + len(measure.codes))
    for option in options[:-1]:
        yield int(sum(counts[_OFFSET + measure.codes.index(code)] for code in option.codes))
    yield int(counts[_OFFSET + UNANSWERED])


def _several(column: Coded, measure: Measure, options: OptionSet) -> Iterator[int]:
    chosen = np.maximum(column, 0)
    for option in options[:-1]:
        yield int(np.count_nonzero(chosen & bits(measure, option)))
    yield int(np.count_nonzero(column == UNANSWERED))


def _chosen(column: Coded, measure: Measure, options: OptionSet) -> Iterator[npt.NDArray[np.bool_]]:
    said = np.maximum(column, 0)
    for option in options[:-1]:
        if measure.multiple:
            yield said & bits(measure, option) != 0
        else:
            yield np.isin(column, [measure.codes.index(code) for code in option.codes])
    yield column == UNANSWERED


def bits(measure: Measure, option: OptionGroup) -> np.int32:
    """The option's codes as a bit mask of positions."""
    return np.int32(sum(1 << measure.codes.index(code) for code in option.codes))


def _points(column: Coded, measure: Measure) -> int:
    if not measure.scores:
        return 0
    return int(np.array(measure.scores, np.int64)[column[column > UNANSWERED]].sum())
