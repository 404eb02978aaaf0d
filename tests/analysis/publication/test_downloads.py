"""Downloads say what the release says, in its own forms, and run nothing in anybody's spreadsheet."""

import csv
import datetime
import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from analysis.naming import Name
from analysis.publication.observations import COLUMNS, MEAN, Observation, observations
from analysis.publication.text import to_csv
from analysis.publication.workbook import workbook
from analysis.release import Release, Row, Table
from questionnaires.loading import load
from questionnaires.model import Questionnaire
from tests import releases

ORGANISATION = {"id": "0" * 16, "name": "Havnens Værksted"}
DAY = datetime.date(2026, 12, 1)
RUNS = '=HYPERLINK("http://example.org")'


@cache
def workplace() -> Questionnaire:
    return load(Path("questionnaires/definitions/workplace.yaml"))


@cache
def release() -> Release:
    return releases.release(workplace(), "1" * 16, ORGANISATION, releases.tables(workplace()))


def named(_table: Table, row: Row) -> Name:
    return Name(f"Group {row.group}", "en")


@cache
def observed(language: str = "da") -> tuple[Observation, ...]:
    return tuple(observations(release(), workplace(), language, named))


def of_table(table: Table) -> list[Observation]:
    shown = release().model_copy(update={"tables": (table,)})
    return list(observations(shown, workplace(), "en", named))


def test_every_published_cell_is_there_once_with_its_own_bounds() -> None:
    cells = [
        (table.id, row.base, None if cell == (0, row.base[1]) else cell)
        for table in release().tables
        for row in table.rows
        for cell in row.cells
    ]

    told = [
        (
            each.table,
            (each.base_lower, each.base_upper),
            None if each.lower is None else (each.lower, each.upper),
        )
        for each in observed()
        if each.option != MEAN
    ]
    assert told == cells


def test_what_is_hidden_is_empty_and_nothing_says_why() -> None:
    table = releases.table(workplace(), "k02_contact", ((0, 40), (0, 40), (0, 4), (0, 40)), (40, 40))

    hidden, _, band, _ = of_table(table)

    assert (hidden.lower, hidden.upper, hidden.percent_lower, hidden.percent_upper) == (None,) * 4
    assert (hidden.obs_status, band.obs_status) == ("Q", "A")
    assert (band.lower, band.upper) == (0, 4)


def test_a_mean_has_the_bounds_that_its_rounding_leaves() -> None:
    table = releases.table(
        workplace(), "I11_climate_index", ((20, 20), (10, 10), (5, 9), (0, 5)), (40, 40), coarse=True, mean=65
    )

    mean = of_table(table)[-1]

    assert (mean.option, mean.lower, mean.upper) == (MEAN, 62.5, 67.5)


def test_a_share_of_nearly_nobody_is_never_rounded_to_nobody() -> None:
    table = releases.table(workplace(), "k02_contact", ((5, 5), (2000, 2000), (0, 4), (0, 4)), (2010, 2010))

    few, many, *_ = of_table(table)

    assert (few.percent_lower, few.percent_upper) == (0, 1)
    assert (many.percent_lower, many.percent_upper) == (99, 100)


def test_a_row_of_a_group_is_named() -> None:
    table = releases.table(workplace(), "k02_contact", ((10, 10),) * 4, (40, 40))
    row = table.rows[0].model_copy(update={"group": "u1"})

    first, *_ = of_table(table.model_copy(update={"by": "unit", "rows": (row,)}))

    assert (first.by, first.group, first.group_name) == ("unit", "u1", "Group u1")


@pytest.mark.parametrize("language", ["da", "en"])
def test_csv_reads_back_as_what_was_observed(language: str) -> None:
    text = to_csv(observed(language)).decode("utf-8-sig")

    lines = list(csv.reader(io.StringIO(text, newline="")))

    assert tuple(lines[0]) == COLUMNS
    assert lines[1:] == [
        ["" if value is None else str(value) for value in each.values] for each in observed(language)
    ]


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_workbook_has_figures_codebook_and_source(language: str) -> None:
    about = [("Organisation", "Havnens Værksted")]

    book = load_workbook(io.BytesIO(workbook(observed(language), about, language, DAY)))

    figures, codebook, source = book.worksheets
    assert [cell.value for cell in figures[1]] == list(COLUMNS)
    read = [tuple(cell.value for cell in line) for line in figures.iter_rows(min_row=2)]
    assert read == [
        tuple(None if value == "" else value for value in each.values) for each in observed(language)
    ]
    assert [line[0].value for line in codebook.iter_rows(min_row=2)] == list(COLUMNS)
    assert [cell.value for cell in source[2]] == list(about[0])


def test_no_question_of_an_organisation_runs_in_a_spreadsheet() -> None:
    planted = [replace(observed()[0], title=RUNS, option_name="+1", group_name="\x0bBell")]

    [_, line] = csv.reader(io.StringIO(to_csv(planted).decode("utf-8-sig"), newline=""))
    book = load_workbook(io.BytesIO(workbook(planted, [(RUNS, RUNS)], "da", DAY)))

    assert line[COLUMNS.index("title")] == f"'{RUNS}"
    assert line[COLUMNS.index("option_name")] == "'+1"
    cell = book.worksheets[0].cell(2, COLUMNS.index("title") + 1)
    assert (cell.value, cell.data_type) == (RUNS, "s")
    assert book.worksheets[2].cell(2, 1).data_type == "s"


def test_the_same_release_gives_the_same_figures_in_every_file() -> None:
    lines = list(csv.reader(io.StringIO(to_csv(observed("en")).decode("utf-8-sig"), newline="")))
    book = load_workbook(io.BytesIO(workbook(observed("en"), [], "en", DAY)))

    sheet = [
        ["" if cell.value is None else str(cell.value) for cell in line]
        for line in book.worksheets[0].iter_rows()
    ]
    assert sheet == lines
