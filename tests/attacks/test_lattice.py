"""
Whoever walks the lattice of sectors' figures, page by page and call by call, learns what one edition tells.

Played against the demo's edition: some sixty organisations in three areas over four years.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import combinations
from pathlib import Path
from random import Random  # noqa: TID251  Which calls the intruder makes, not a secret.

import numpy as np
import pytest
from flask.testing import FlaskClient

from analysis.edition import Edition, from_bytes
from analysis.editions import made_edition
from analysis.majorities import majority
from config import Config
from policy import POOLING
from survey.app import create_app
from survey.knowledge.api_description import allowed
from survey.storage.databases import open_databases
from survey.storage.upgrading import upgrade
from tests.editions import as_edition, demo_edition, given, know_custody, made, store_edition
from tests.pages import EveryName, Page

CALLS = 1_000
ONE = "organisation12"


def serving(config: Config, edition: Edition) -> FlaskClient:
    databases = open_databases(config.database_url, config.responses_url)
    upgrade(databases)
    know_custody(databases)
    store_edition(databases, edition)
    databases.dispose()
    return create_app(config, assets=EveryName()).test_client()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return serving(Config.for_demo(tmp_path_factory.mktemp("lattice"), 8000), demo_edition())


def walked(calls: int) -> Iterator[dict[str, str]]:
    """Filters of every kind, some that nobody falls under."""
    source = Random(1)  # noqa: S311  Which calls the intruder makes, not a secret.
    values = {
        name: list(map(str, known)) for name, known in allowed().items() if name not in {"page", "year"}
    }
    for _ in range(calls):
        asked = {name: source.choice(known) for name, known in values.items() if source.random() < 0.7}
        yield asked | {"year": str(source.randint(2022, 2028)), "page": str(source.randint(1, 2))}


def test_a_thousand_calls_learn_nothing_that_the_edition_does_not_tell(client: FlaskClient) -> None:
    told = [figure.model_dump(mode="json") for figure in demo_edition().figures]
    withheld = [each.model_dump(mode="json") for each in demo_edition().withheld]
    learnt = []
    for asked in walked(CALLS // 2):
        for name, known in (("figures", told), ("withheld", withheld)):
            answer = client.get(f"/api/v1/editions/1/{name}", query_string=asked)
            assert answer.status_code == 200
            body = answer.get_json()
            assert set(body) == {"edition", "day", "synthetic", "count", name, "next"}
            assert all(each in known for each in body[name])
            learnt += body[name]

    assert learnt


def test_the_goals_follow_from_the_bytes_of_the_edition_and_from_nothing_else(client: FlaskClient) -> None:
    """By whoever has downloaded the signed file: custody and the database need not be asked."""
    downloaded = from_bytes(client.get("/figures/1/edition.json").data)
    figures = {
        (each.indicator, each.where.year, each.where.area): each
        for each in downloaded.figures
        if each.where.area and each.where.depth == 1
    }
    told = client.get("/api/v1/editions/1/goals").get_json()["goals"]

    assert told
    for each in told:
        figure = figures[each["indicator"], each["year"], each["area"]]
        (yes,) = (answer for answer in figure.answers if answer.id == "yes")
        assert each["at_least_half"] == asdict(majority(figure, yes))
        assert (each["organisations"], each["respondents"]) == (figure.organisations, figure.respondents)


def test_other_organisations_under_the_same_figures_give_the_same_goals(
    client: FlaskClient, tmp_path: Path
) -> None:
    other = demo_edition().model_copy(update={"withheld": ()})
    address = "/api/v1/editions/1/goals"

    assert serving(Config.for_demo(tmp_path, 8000), other).get(address).data == client.get(address).data


def test_a_goal_whose_figure_is_not_told_is_nowhere(tmp_path: Path) -> None:
    kept = tuple(figure for figure in demo_edition().figures if figure.where.area != "education")
    fewer = serving(Config.for_demo(tmp_path, 8000), demo_edition().model_copy(update={"figures": kept}))

    assert "education" not in fewer.get("/figures/1/goals.csv").text
    assert {each["area"] for each in fewer.get("/api/v1/editions/1/goals").get_json()["goals"]} == {
        "culture_leisure", "labour_market",
    }  # fmt: skip


def test_a_filter_that_nobody_falls_under_answers_like_one_that_is_not_told(client: FlaskClient) -> None:
    address = "/api/v1/editions/1/figures?indicator=I06_witnessed&year=2026&sector="
    nobody = client.get(address + "DB07/3/B").get_json()
    hidden = client.get(address + "DB07/3/D").get_json()

    assert nobody == hidden
    assert nobody["count"] == 0


@pytest.mark.parametrize(
    "asked", ["sector=DB07/3/ZZ", "area=luna", "year=1066", "indicator=I99", "size=one", "organisation=1"]
)
def test_unknown_codes_are_refused_alike_whoever_takes_part(
    client: FlaskClient, tmp_path: object, asked: str
) -> None:
    config = Config.for_demo(tmp_path, 8000)  # type: ignore[arg-type]
    fewer = serving(config, as_edition(1, made_edition(1, given()[:40], [])))
    address = f"/api/v1/editions/1/figures?{asked}"

    assert client.get(address).status_code == 400
    assert client.get(address).data == fewer.get(address).data
    page = client.get(f"/figures/1/?lang=en&{asked}").text
    assert Page.parsed(page).text() == Page.parsed(client.get("/figures/1/?lang=en").text).text()


def test_no_two_figures_differ_by_fewer_than_may_be_told() -> None:
    by_family: dict[tuple[str, int], list[dict[str, int]]] = {}
    for told in made().told:
        by_family.setdefault((told.figure.indicator, told.figure.where.year), []).append(
            {name: people for name, (_, people) in told.organisations.items()}
        )

    assert by_family
    for figures in by_family.values():
        for one, other in combinations(figures, 2):
            apart = {**one, **other}.keys() - (one.keys() & other.keys())
            is_nested = one.keys() <= other.keys() or other.keys() <= one.keys()
            assert not apart or not is_nested or len(apart) >= POOLING.organisations


def test_no_organisation_follows_from_all_figures_together_not_even_for_another_one() -> None:
    """By singular values, where the product uses a projector."""
    for indicator in ("I14_dialogue_held", "I04_exposure_coercion"):
        for year in (2023, 2024, 2025, 2026):
            figures = [
                told.organisations.keys()
                for told in made().told
                if (told.figure.indicator, told.figure.where.year) == (indicator, year)
            ]
            names = sorted(set().union(*figures))
            sums = np.array([[name in over for name in names] for over in figures], float)
            for known in (None, *names):
                rows = sums if known is None else np.vstack([sums, [name == known for name in names]])
                rank = np.linalg.matrix_rank(rows)
                for name in names:
                    alone = [each == name for each in names]
                    assert name == known or np.linalg.matrix_rank(np.vstack([rows, alone])) > rank


@pytest.mark.parametrize("change", ["leaves", "answers anew"])
def test_after_one_organisation_changed_no_figure_tells_of_it_beside_those_told_before(change: str) -> None:
    before = made()
    others = [each for each in given() if each.organisation != ONE]
    renewed = [replace(each, wave=f"{each.wave}-again") for each in given() if each.organisation == ONE]
    after = made_edition(2, others if change == "leaves" else others + renewed, before.told)
    new = [told for told in after.told if told.figure.edition == 2]

    # Whatever was told stands, to the last tenth.
    assert {told.figure for told in before.told} <= {told.figure for told in after.told}
    for told in new:
        for other in before.told:
            same = (other.figure.indicator, other.figure.where.year)
            if same == (told.figure.indicator, told.figure.where.year):
                one, two = told.organisations.keys(), other.organisations.keys()
                assert not (one <= two or two <= one) or len(one ^ two) >= POOLING.organisations
