"""The alliance's goals, told from its newest edition and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from config import Config
from survey.app import create_app
from survey.storage.databases import Databases, open_databases
from survey.storage.upgrading import upgrade
from tests.editions import demo_edition, know_custody, store_edition
from tests.pages import EveryName, Page


@pytest.fixture
def databases(config: Config) -> Iterator[Databases]:
    databases = open_databases(config.database_url, config.responses_url)
    upgrade(databases)
    know_custody(databases)
    yield databases
    databases.dispose()


@pytest.fixture
def client(config: Config, databases: Databases) -> FlaskClient:
    return create_app(config, assets=EveryName()).test_client()


@pytest.mark.parametrize("language", ["da", "en"])
def test_both_goals_are_told_for_each_area_year_by_year(
    client: FlaskClient, databases: Databases, language: str
) -> None:
    store_edition(databases, demo_edition())
    page = Page.parsed(client.get(f"/alliance/goals?lang={language}").text)
    told = demo_edition().figures
    last = next(
        figure
        for figure in told
        if figure.indicator == "I14_dialogue_held"
        and (figure.where.year, figure.where.area, figure.where.depth) == (2026, "education", 1)
    )
    yes = next(answer for answer in last.answers if answer.id == "yes")

    assert page.faults() == []
    comma = "," if language == "da" else "."
    assert f"{yes.estimate // 10}{comma}{yes.estimate % 10}" in page.text()
    for year in ("2023", "2024", "2025", "2026"):
        assert year in page.text()
    assert ("opdigtede" if language == "da" else "are invented") in page.text()


def test_a_year_of_which_an_area_may_not_be_told_is_left_out(
    client: FlaskClient, databases: Databases
) -> None:
    made = demo_edition()
    kept = tuple(figure for figure in made.figures if figure.where.area != "education")
    store_edition(databases, made.model_copy(update={"figures": kept}))

    assert "Nothing may be told yet" in client.get("/alliance/goals?lang=en").text


@pytest.mark.parametrize("language", ["da", "en"])
def test_before_there_is_an_edition_the_goals_say_when_there_will_be(
    client: FlaskClient, language: str
) -> None:
    page = Page.parsed(client.get(f"/alliance/goals?lang={language}").text)

    assert page.faults() == []
    assert "1." in page.text() or "1 February" in page.text()
