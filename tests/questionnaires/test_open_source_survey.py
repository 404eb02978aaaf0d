"""The converter of GitHub's Open Source Survey, held to counts made from the published file."""

import csv
from pathlib import Path
from typing import TypeAlias

import pandas as pd
import pytest

from questionnaires.answers import answers_from_codes, decode, encode
from questionnaires.loading import load
from questionnaires.model import ItemType
from questionnaires.routing import on_path
from tests.open_source_survey import DEFINITION, SOURCE, convert

Rows: TypeAlias = list[dict[str, str]]

SURVEY = load(DEFINITION)


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    out = tmp_path_factory.mktemp("survey") / "responses.csv"
    convert(SOURCE, out, 2024)
    with out.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_responses_of_2024_with_at_least_one_answer_are_5621(tmp_path: Path) -> None:
    assert convert(SOURCE, tmp_path / "2024.csv", 2024) == 5_621
    assert convert(SOURCE, tmp_path / "2017.csv", 2017) == 3_401


def test_a_column_per_item_in_the_definitions_order(replayed: Rows) -> None:
    assert list(replayed[0]) == [item.id for item in SURVEY.items]


def test_every_response_is_one_of_the_definition_and_none_needs_repair(
    replayed: Rows,
) -> None:
    several = {item.id for item in SURVEY.items if item.type is ItemType.MULTI}
    for row in replayed:
        codes = {item: cell.split("|") if item in several else cell for item, cell in row.items() if cell}
        answers = answers_from_codes(SURVEY, codes)
        decoded = decode(SURVEY, encode(SURVEY, None, answers), units=0)

        assert (decoded.answers, decoded.repaired, on_path(SURVEY, answers).dropped) == (answers, 0, 0)


def test_each_tick_and_rating_of_the_published_file_is_carried_over(replayed: Rows) -> None:
    published = pd.read_csv(SOURCE, dtype=str).query("year == '2024'")
    converted = pd.DataFrame(replayed)
    for column in published.columns:
        kind, _, rest = column.partition(".")
        block, _, option = rest.lower().partition(".")
        if kind == "ONEHOT":
            item = block.removeprefix("negative_")
            ticked = converted[item].str.split("|").map(lambda codes, option=option: option in codes)
            assert ticked.sum() == (published[column] == "1").sum(), column
        elif kind == "LIKERT":
            rated = converted[f"effectiveness_{option}"].value_counts().drop("").to_dict()
            expected = published[column].str.lower().str.replace(" ", "_").value_counts().to_dict()
            assert rated == expected, column


def test_a_question_nobody_ticked_anything_in_is_left_blank_and_never_none(
    replayed: Rows,
) -> None:
    blank = sum(row["experience"] == "" for row in replayed)
    none = sum(row["experience"] == "none_of_the_above" for row in replayed)

    assert (blank, none) == (211, 4_133)


@pytest.mark.parametrize("cells", ["1,", "0,0"])
def test_a_question_answered_in_part_is_not_guessed_at(cells: str, tmp_path: Path) -> None:
    source = tmp_path / "source.csv"
    source.write_text(f"ONEHOT.NEGATIVE_WITNESS.RUDENESS,ONEHOT.NEGATIVE_WITNESS.OTHER,year\n{cells},2024\n")

    with pytest.raises(ValueError, match=r"witness: .* nobody can say what was answered"):
        convert(source, tmp_path / "out.csv", 2024)
