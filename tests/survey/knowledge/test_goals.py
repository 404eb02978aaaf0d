"""The alliance's goals, told from its newest edition and from nothing else."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from analysis.edition import Where
from analysis.majorities import majority
from survey.storage.databases import Databases
from tests.editions import demo_edition, store_edition
from tests.pages import Page


@pytest.mark.parametrize("language", ["da", "en"])
def test_both_goals_are_told_for_each_area_year_by_year(
    client: FlaskClient, editions: Databases, language: str
) -> None:
    store_edition(editions, demo_edition())
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


@pytest.mark.parametrize("language", ["da", "en"])
def test_beside_it_stands_in_how_many_organisations_at_least_half_say_yes(
    client: FlaskClient, editions: Databases, language: str
) -> None:
    store_edition(editions, demo_edition())
    page = Page.parsed(client.get(f"/alliance/goals?lang={language}").text).text()
    figure = next(
        figure
        for figure in demo_edition().figures
        if figure.indicator == "I10_awareness" and figure.where == Where(year=2026, area="culture_leisure")
    )
    half = majority(figure, next(answer for answer in figure.answers if answer.id == "yes"))

    told = {
        "da": f"2026: Hos anslået {half.estimate} af {figure.organisations} siger mindst halvdelen",
        "en": f"2026: in an estimated {half.estimate} of {figure.organisations}, at least half",
    }
    assert told[language] in page
    assert f"{half.estimate} ({half.lower}–{half.upper})" in page


def test_a_year_of_which_an_area_may_not_be_told_is_left_out(
    client: FlaskClient, editions: Databases
) -> None:
    made = demo_edition()
    kept = tuple(figure for figure in made.figures if figure.where.area != "education")
    store_edition(editions, made.model_copy(update={"figures": kept}))

    assert "Nothing may be told yet" in client.get("/alliance/goals?lang=en").text


@pytest.mark.parametrize("language", ["da", "en"])
def test_before_there_is_an_edition_the_goals_say_when_there_will_be(
    client: FlaskClient, language: str
) -> None:
    page = Page.parsed(client.get(f"/alliance/goals?lang={language}").text)

    assert page.faults() == []
    assert "1." in page.text() or "1 February" in page.text()
