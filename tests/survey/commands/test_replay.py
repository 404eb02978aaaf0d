"""The 5,621 real responses of 2024 through the whole path, held to counts that pandas makes by itself."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pandas as pd
import pytest
from click.testing import CliRunner

from analysis.release import Release, Table, from_bytes
from survey.commands.main import is_our_own
from survey.commands.replay import replay
from tests.open_source_survey import DEFINITION, SOURCE, convert

pytestmark = pytest.mark.slow
RESPONSES = 5_621
BLOCKS = {
    "witness": "NEGATIVE_WITNESS",
    "experience": "NEGATIVE_EXPERIENCE",
    "response": "NEGATIVE_RESPONSE",
    "consequences": "NEGATIVE_CONSEQUENCES",
}


@dataclass(frozen=True)
class Replayed:
    output: str
    release: Release


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    folder = tmp_path_factory.mktemp("replay")
    assert convert(SOURCE, folder / "responses.csv", 2024) == RESPONSES
    result = CliRunner().invoke(
        replay,
        [
            "--questionnaire", str(DEFINITION),
            "--responses", str(folder / "responses.csv"),
            "--out", str(folder / "release.json"),
        ],
    )  # fmt: skip
    assert result.exit_code == 0, (result.output, result.exception)
    return Replayed(result.output, from_bytes((folder / "release.json").read_bytes()))


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    """The block's answers of 2024, of everybody who answered anything in it."""
    frame = pd.read_csv(SOURCE, dtype=str)
    block = frame[frame["year"] == "2024"].drop(columns=["year", "population"])
    return block[block.notna().any(axis="columns")]


def test_every_response_is_received_and_counted_and_none_is_rejected(replayed: Replayed) -> None:
    participation = replayed.release.participation

    assert "5,621 received, 0 rejected, 5,621 counted" in replayed.output
    assert (participation.received, participation.counted, participation.withdrawn) == (
        RESPONSES,
        RESPONSES,
        0,
    )
    assert participation.rejected == {}
    assert replayed.release.list.count == RESPONSES


def test_every_item_has_its_table_of_the_whole_organisation(
    replayed: Replayed, published: pd.DataFrame
) -> None:
    ratings = [name for name in map(str, published) if name.startswith("LIKERT")]

    assert len(replayed.release.tables) == len(BLOCKS) + len(ratings) == 12
    assert all(table.rows[0].base == (RESPONSES, RESPONSES) for table in replayed.release.tables)


@pytest.mark.parametrize("item", BLOCKS)
def test_choices_are_counted_as_pandas_counts_them(
    replayed: Replayed, published: pd.DataFrame, item: str
) -> None:
    prefix = f"ONEHOT.{BLOCKS[item]}."
    columns = [name for name in map(str, published) if name.startswith(prefix)]
    counts = {name.removeprefix(prefix).lower(): int((published[name] == "1").sum()) for name in columns}
    counts["no_answer"] = int(published[columns].isna().all(axis="columns").sum())

    assert_published(table(replayed.release, item), counts)


def test_ratings_are_counted_as_pandas_counts_them(replayed: Replayed, published: pd.DataFrame) -> None:
    for name in [name for name in map(str, published) if name.startswith("LIKERT")]:
        item = "effectiveness_" + name.rpartition(".")[2].lower()
        given = published[name].dropna().str.lower().str.replace(" ", "_")
        counts = {str(code): int(count) for code, count in given.value_counts().items()}
        counts["no_answer"] = int(published[name].isna().sum())

        assert_published(table(replayed.release, item), counts)


def table(release: Release, item: str) -> Table:
    return next(found for found in release.tables if found.item == item)


def assert_published(table: Table, counts: dict[str, int]) -> None:
    """Each count in its form: exactly where no cell of its row is small, else in the band it falls into."""
    row = table.rows[0]
    found = {option.id: cell for option, cell in zip(table.options, row.cells, strict=True)}
    true = {option.id: sum(counts.get(code, 0) for code in option.codes) for option in table.options[:-1]}
    true["no_answer"] = counts["no_answer"]
    assert found.keys() == true.keys()
    exact = all(5 <= count <= RESPONSES - 5 for count in true.values())
    for option, count in true.items():
        expected = (count, count) if exact else band(count, RESPONSES)
        assert found[option] == expected, (table.item, option)


def band(count: int, base: int) -> tuple[int, int]:
    """The narrow band of a count, written down from the rule: 0-4, its mirror, and steps of five between."""
    if count < 5:
        return (0, 4)
    if count > base - 5:
        return (base - 4, base)
    start = count - count % 5
    last = base - 5
    # The last step takes the leftover of under five with it.
    steps = (last - 5 + 1) // 5
    if start >= 5 * steps:
        return (5 * steps, last)
    return (start, start + 4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("witnes\n" + "rudeness\n" * 12, 'Did you mean "witness"?'),
        ("witness\n" + "rudness\n" * 12, 'Did you mean "rudeness"?'),
        ("witness\n" + "rudeness\n" * 9, "r.csv: 9 responses: nothing is opened under 10; replay more"),
        ("witness\n", "r.csv: 0 responses: nothing is opened under 10; replay more"),
    ],
)
def test_what_cannot_be_replayed_is_said_and_leaves_no_file(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "r.csv").write_text(text)
    arguments = ["--questionnaire", str(DEFINITION), "--responses", str(tmp_path / "r.csv")]

    result = CliRunner().invoke(replay, [*arguments, "--out", str(tmp_path / "release.json")])

    assert isinstance(result.exception, Exception)
    assert is_our_own(result.exception)
    assert said in str(result.exception)
    assert [file.name for file in tmp_path.iterdir()] == ["r.csv"]


def test_a_folder_that_is_not_there_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("witness\n" + "rudeness\n" * 12)
    arguments = ["--questionnaire", str(DEFINITION), "--responses", str(tmp_path / "r.csv")]

    result = CliRunner().invoke(replay, [*arguments, "--out", str(tmp_path / "none" / "release.json")])

    assert "there is no folder" in str(result.exception)


def test_no_release_is_written_over_the_responses_nor_over_a_folder(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("witness\n" + "rudeness\n" * 12)
    arguments = ["--questionnaire", str(DEFINITION), "--responses", str(tmp_path / "r.csv")]
    before = (tmp_path / "r.csv").read_bytes()

    over = CliRunner().invoke(replay, [*arguments, "--out", str(tmp_path / "r.csv")])
    folder = CliRunner().invoke(replay, [*arguments, "--out", str(tmp_path)])

    assert "it is one of the files that are read" in str(over.exception)
    assert "something is there that is no regular file" in str(folder.exception)
    assert (tmp_path / "r.csv").read_bytes() == before
    assert over.stderr == folder.stderr == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_who_ends_it_leaves_no_keys_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    def ended(folder: Path, _: int) -> NoReturn:
        (folder / "keys").write_text("secret")
        os.kill(os.getpid(), number)
        raise AssertionError("it goes on")

    (tmp_path / "r.csv").write_text("witness\n" + "rudeness\n" * 12)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr("survey.commands.replay.open_alliance", ended)
    arguments = ["--questionnaire", str(DEFINITION), "--responses", str(tmp_path / "r.csv")]
    # Were it not the command that takes the signal, it would end these tests.
    harmless = lambda *_: None  # noqa: E731  Compared below.
    before = signal.signal(number, harmless)

    result = CliRunner().invoke(replay, [*arguments, "--out", str(tmp_path / "release.json")])

    assert signal.signal(number, before) is harmless
    assert result.exit_code == 128 + number
    assert list((tmp_path / "temporary").iterdir()) == []


def test_responses_of_units_name_the_unit(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("unit,witness\n" + "a,rudeness\n" * 6 + ",none_of_the_above\n" * 6)
    (tmp_path / "g.csv").write_text("unit,parent,headcount\na,,12\n")
    arguments = ["--questionnaire", str(DEFINITION), "--responses", str(tmp_path / "r.csv")]

    result = CliRunner().invoke(
        replay, [*arguments, "--groups", str(tmp_path / "g.csv"), "--out", str(tmp_path / "release.json")]
    )

    assert result.exit_code == 0, result.exception
    assert from_bytes((tmp_path / "release.json").read_bytes()).participation.counted == 12
