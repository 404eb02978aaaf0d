"""The demo's other organisations: made the same again from seed and day, and in the sectors' figures."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from analysis.edition import Edition, Where, from_bytes
from survey.commands.alliance import Alliance, open_alliance
from survey.commands.building import FILE, everybody, header, organisation_line
from survey.commands.files import FileError
from survey.commands.joining import join_invented
from survey.custody.editions import make_edition
from survey.storage.models import StoredEdition

LINES = FILE.read_bytes().splitlines()
HEADER = json.loads(LINES[0])
DAY = dt.date.fromisoformat(HEADER["day"])
TODAY = dt.date(2028, 3, 1)


@pytest.mark.parametrize("number", [0, 40])
def test_an_organisation_is_made_again_byte_for_byte(number: int) -> None:
    assert organisation_line(HEADER["seed"], DAY, number) == LINES[1 + number]


def test_another_seed_or_day_makes_other_bytes() -> None:
    assert organisation_line(HEADER["seed"] + 1, DAY, 0) != LINES[1]
    assert organisation_line(HEADER["seed"], DAY + dt.timedelta(days=1), 0) != LINES[1]


def test_the_first_line_follows_from_the_others_and_says_that_all_is_made_up() -> None:
    assert header(HEADER["seed"], DAY, LINES[1:]) == LINES[0]
    assert HEADER["digest"] == sha256(b"\n".join(LINES[1:])).hexdigest()
    assert "made up" in HEADER["synthetic"]
    assert len(LINES) == 1 + len(everybody())
    assert all("opdigtet" in json.loads(line)["name"] for line in LINES[1:])


@pytest.fixture(scope="module")
def alliance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alliance]:
    with open_alliance(tmp_path_factory.mktemp("joined") / "demo", 8000, lambda: TODAY) as alliance:
        join_invented(alliance, FILE, TODAY)
        yield alliance


@pytest.fixture(scope="module")
def edition(alliance: Alliance) -> Edition:
    make_edition(alliance.databases, alliance.custody.directory, dt.date(2028, 2, 1), synthetic=True)
    with alliance.databases.alliance_session(reading=True) as session:
        return from_bytes(session.scalars(select(StoredEdition)).one().content)


def test_they_are_as_if_made_today_over_four_years_and_three_areas(edition: Edition) -> None:
    assert {figure.where.year for figure in edition.figures} == {2024, 2025, 2026, 2027}
    newest = [figure for figure in edition.figures if figure.where.year == 2027]
    assert {figure.where.area for figure in newest} == {
        "", "labour_market", "education", "culture_leisure",
    }  # fmt: skip
    assert edition.synthetic


def test_some_figures_are_told_and_some_are_hidden_for_several_reasons(edition: Edition) -> None:
    reasons = {withheld.objection for withheld in edition.withheld}

    assert {figure.where.sector for figure in edition.figures if figure.where.sector}
    assert {"too_few_organisations", "difference", "follows"} <= reasons


def test_about_as_many_have_seen_it_happen_as_have_met_it(edition: Edition) -> None:
    for area in ("labour_market", "education", "culture_leisure"):
        seen, met = (
            next(
                figure.answers[0].estimate
                for figure in edition.figures
                if (figure.indicator, figure.where) == (indicator, Where(year=2027, area=area))
            )
            for indicator in ("I06_witnessed", "I01_exposure_any")
        )
        assert met / 2 < seen < 2 * met


def test_a_file_that_was_changed_is_refused_before_anything_is_stored(
    alliance: Alliance, tmp_path: Path
) -> None:
    changed = tmp_path / "sectors.jsonl"
    changed.write_bytes(FILE.read_bytes().replace(b'"respondents":', b'"respondents": ', 1))

    with pytest.raises(FileError, match="demo build"):
        join_invented(alliance, changed, TODAY)
