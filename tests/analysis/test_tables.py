import numpy as np
import pandas as pd
import pytest

from analysis.tables import (
    LEFT_BLANK,
    NO_ANSWER,
    NOT_ASKED,
    BrokenDownTable,
    CodedResponses,
    Form,
    FrequencyTable,
    Interval,
    Measure,
    OpenedWave,
    OptionGroup,
    PlannedTable,
    ProtectedRow,
    ProtectedTable,
    ReportingGroup,
    TableError,
    TableKind,
)
from tests.analysis.rosters import multi, questionnaire, single

ASKED = questionnaire(single("tone", "good", "bad"), multi("help", "talk", "rules"))
OPTIONS = (OptionGroup("good", ("good",)), OptionGroup("bad", ("bad",)), OptionGroup(NO_ANSWER, ()))
PLANNED = PlannedTable("tone", TableKind.ITEM, "tone", None, (OPTIONS,))
MEASURE = Measure("tone", TableKind.ITEM, ("tone",), ("good", "bad"))
SEVERAL = Measure("help", TableKind.ITEM, ("help",), ("talk", "rules"), multiple=True)


def opened(*rows: list[int]) -> OpenedWave:
    return OpenedWave(ASKED, ("north",), np.array(rows, np.int32).reshape(-1, 3))


def test_a_wave_holds_positions_bit_masks_and_two_ways_of_nothing() -> None:
    wave = opened([0, 1, 3], [LEFT_BLANK, LEFT_BLANK, NOT_ASKED])

    assert wave.responses == 2
    assert wave.column("help").tolist() == [3, NOT_ASKED]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([1, 0, 1], "unit: holds a number outside -1 to 0"),
        ([NOT_ASKED, 0, 1], "unit: holds a number outside"),
        ([0, 2, 1], 'item "tone": holds a number outside -2 to 1'),
        ([0, -3, 1], 'item "tone"'),
        ([0, 0, 4], 'item "help": holds a number outside -2 to 3'),
        ([0, 0, 0], "a choice of nothing; write -1 for left blank"),
    ],
)
def test_what_an_item_cannot_have_is_refused(row: list[int], message: str) -> None:
    with pytest.raises(TableError, match=message):
        opened(row)


@pytest.mark.parametrize("answers", [np.zeros((1, 2), np.int32), np.zeros((1, 3)), np.zeros(3, np.int32)])
def test_a_wave_of_another_shape_is_refused(answers: np.ndarray) -> None:
    with pytest.raises(TableError, match=r"int32 of shape \(responses, 3\) belongs; make one column"):
        OpenedWave(ASKED, (), answers)


def test_an_item_may_have_as_many_choices_as_there_are_bits() -> None:
    many = questionnaire(multi("many", *(f"o{place}" for place in range(31))))

    assert OpenedWave(many, (), np.array([[LEFT_BLANK, 2**31 - 1]], np.int32)).responses == 1


def test_no_answer_and_no_count_is_printed() -> None:
    table = FrequencyTable(PLANNED, MEASURE, OPTIONS, base=77, cells=(70, 4, 3))
    coded = CodedResponses({"tone": MEASURE}, pd.DataFrame({"tone": np.array([1], np.int8)}))

    printed = repr(opened([0, 1, 3])) + repr(table) + repr(coded)

    assert "77" not in printed
    assert "70" not in printed
    assert "answers" not in printed
    assert "frame" not in printed


@pytest.mark.parametrize(
    ("measures", "frame", "message"),
    [
        ({"tone": MEASURE}, {"other": np.array([0], np.int8)}, "the columns are not the measures"),
        ({"tone": MEASURE}, {"tone": np.array([0], np.int32)}, "its column is int32"),
        ({"help": SEVERAL}, {"help": np.array([0], np.int8)}, "its column is int8"),
        (
            {"tone": MEASURE},
            {"tone": np.array([2], np.int8)},
            'measure "tone": holds a number outside -2 to 1',
        ),
    ],
)
def test_coded_responses_are_checked_once(
    measures: dict[str, Measure], frame: dict[str, np.ndarray], message: str
) -> None:
    with pytest.raises(TableError, match=message):
        CodedResponses(measures, pd.DataFrame(frame))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "has no options"),
        ((OPTIONS[:2],), 'end with "no_answer"'),
        (((),), 'end with "no_answer"'),
        (((OPTIONS[0], OPTIONS[0], OPTIONS[2]),), "options are distinct"),
        (((OPTIONS[0], OptionGroup("again", ("good",)), OPTIONS[2]),), "a code stands in two options"),
    ],
)
def test_a_plan_that_cannot_be_counted_is_refused(
    options: tuple[tuple[OptionGroup, ...], ...], message: str
) -> None:
    with pytest.raises(TableError, match=message):
        PlannedTable("tone", TableKind.ITEM, "tone", None, options)


@pytest.mark.parametrize(
    ("base", "cells", "message"),
    [
        (5, (3, 2), "2 cells for 3 options; count each option once"),
        (
            5,
            (6, 0, 0),
            "a cell is less than nothing or more than its base; count both over the same responses",
        ),
        (
            5,
            (6, -1, 0),
            "a cell is less than nothing or more than its base; count both over the same responses",
        ),
        (
            5,
            (2, 2, 0),
            'its cells do not sum to its base; count each response in one option, or in "no_answer"',
        ),
        (
            5,
            (3, 3, 0),
            'its cells do not sum to its base; count each response in one option, or in "no_answer"',
        ),
    ],
)
def test_counts_that_cannot_be_are_refused(base: int, cells: tuple[int, ...], message: str) -> None:
    with pytest.raises(TableError) as refused:
        FrequencyTable(PLANNED, MEASURE, OPTIONS, base, cells)

    assert str(refused.value) == f'table "tone": {message}'


def test_a_row_that_counts_others_than_its_group_is_refused() -> None:
    north = ReportingGroup("unit", "north", None, np.array([True, True, False]))
    row = FrequencyTable(PLANNED, MEASURE, OPTIONS, base=3, cells=(2, 1, 0))

    with pytest.raises(TableError) as refused:
        BrokenDownTable(PLANNED, (north,), (row,), np.zeros((3, 3), np.bool_))

    assert str(refused.value) == (
        'table "tone": a row counts others than its reporting group; count each row over its group\'s members'
    )


def test_where_several_can_be_chosen_cells_may_sum_to_more_than_the_base() -> None:
    table = FrequencyTable(PLANNED, SEVERAL, OPTIONS, base=5, cells=(4, 3, 1))

    assert table.scored == 4


@pytest.mark.parametrize(
    ("cells", "ranges", "message"),
    [
        ((Interval(0, 4), Interval(5, 9)), (), "2 cells for 3 options; show each option once"),
        (
            (Interval(0, 4), Interval(0, 21), Interval(5, 5)),
            (Interval(0, 4),) * 2,
            "0 to 21 are no bounds of a count out of 20; take them from the ladder, the lesser first",
        ),
        (
            (Interval(4, 0), Interval(5, 9), Interval(5, 5)),
            (Interval(0, 4),) * 2,
            "4 to 0 are no bounds of a count out of 20; take them from the ladder, the lesser first",
        ),
        (
            (Interval(0, 4), Interval(5, 9), Interval(5, 5)),
            (Interval(0, 4),),
            "1 audited ranges, where one belongs to each cell that is not exact; take them from the audit",
        ),
    ],
)
def test_bounds_that_cannot_be_are_refused(
    cells: tuple[Interval, ...], ranges: tuple[Interval, ...], message: str
) -> None:
    with pytest.raises(TableError) as refused:
        ProtectedTable(
            PLANNED,
            OPTIONS,
            multiple=False,
            form=Form.BANDS,
            rows=(ProtectedRow(Interval(20, 20), cells, ranges=ranges),),
        )

    assert str(refused.value) == f'table "tone": {message}'


def test_an_interval_knows_whether_it_says_one_number() -> None:
    assert Interval(5, 5).is_exact
    assert Interval(0, 4).width == 4
