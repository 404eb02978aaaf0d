"""Sectors' figures on their page, as a table and for programs: only what custody signed, and nothing else."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient

from analysis.edition import Answer, Edition, Figure, Where, Withheld
from survey.knowledge.tables import COLUMNS
from survey.sealing.identity import Identity
from survey.storage.databases import Databases
from tests.editions import demo_edition, store_edition
from tests.pages import Page

WORK = Where(year=2026, area="labour_market")
FOOD = Where(year=2026, area="labour_market", sector="DB07/3/I", size="50_249")


def answer(name: str, estimate: int) -> Answer:
    return Answer(
        id=name, estimate=estimate, lower=estimate - 21, upper=estimate + 34,
        next_lower=estimate - 40, next_upper=estimate + 90, error=14, icc=None,
    )  # fmt: skip


def edition(number: int, *, synthetic: bool = False) -> Edition:
    answers = (answer("yes", 100 + number), answer("no", 900 - number))
    told = [
        Figure(
            indicator="I06_witnessed", where=where, edition=number, organisations=7, respondents=412,
            answers=answers,
        )
        for where in (Where(year=2026), WORK)
    ]  # fmt: skip
    withheld = Withheld(indicator="I06_witnessed", where=FOOD, objection="too_few_organisations")
    return Edition(
        number=number, day="2026-09-01", policy="pooling v1", synthetic=synthetic,
        figures=tuple(told), withheld=(withheld,),
    )  # fmt: skip


@pytest.mark.parametrize("language", ["da", "en"])
def test_before_there_is_an_edition_the_page_says_when_there_will_be(
    client: FlaskClient, language: str
) -> None:
    page = client.get(f"/figures/?lang={language}")

    assert page.status_code == 200
    assert Page.parsed(page.text).faults() == []
    assert "1." in page.text or "1 February" in page.text


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_figure_has_its_interval_organisations_and_people(
    client: FlaskClient, editions: Databases, language: str
) -> None:
    store_edition(editions, edition(1))
    page = client.get(f"/figures/?lang={language}")
    comma = "," if language == "da" else "."

    assert Page.parsed(page.text).faults() == []
    for shown in (f"10{comma}1", f"8{comma}0–13{comma}5", "412"):
        assert shown in page.text
    assert ("Restauranter" if language == "da" else "food service") in page.text or "50–249" in page.text


def test_what_is_invented_says_so(client: FlaskClient, editions: Databases) -> None:
    store_edition(editions, edition(1, synthetic=True))

    assert "are invented" in client.get("/figures/?lang=en").text
    rows = list(csv.DictReader(io.StringIO(client.get("/figures/1/figures.csv").data.decode())))
    assert {row["synthetic"] for row in rows} == {"true"}


def test_an_edition_that_custody_did_not_sign_is_nowhere(client: FlaskClient, editions: Databases) -> None:
    store_edition(editions, edition(1))
    store_edition(editions, edition(2), signer=Identity(bytes([1]) * 32))

    assert "edition 1" in client.get("/figures/?lang=en").text
    assert client.get("/figures/2/edition.json").status_code == 404
    assert client.get("/figures/2/figures.csv").status_code == 404


def test_the_signed_bytes_are_given_as_they_are_and_not_sent_twice(
    client: FlaskClient, editions: Databases
) -> None:
    content = store_edition(editions, edition(1))
    answer = client.get("/figures/1/edition.json")
    again = client.get("/figures/1/edition.json", headers={"If-None-Match": answer.headers["ETag"]})

    assert answer.data == content
    assert again.status_code == 304


def test_the_table_says_what_the_edition_says(client: FlaskClient, editions: Databases) -> None:
    made = edition(1)
    store_edition(editions, made)
    rows = list(csv.DictReader(io.StringIO(client.get("/figures/1/figures.csv").data.decode())))

    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == sum(len(figure.answers) for figure in made.figures)
    assert (rows[0]["estimate"], rows[0]["lower"], rows[0]["organisations"]) == ("10.1", "8.0", "7")


def test_programs_find_every_edition_by_its_address(client: FlaskClient, editions: Databases) -> None:
    store_edition(editions, edition(1))
    store_edition(editions, edition(2))
    found = client.get("/figures/editions.json").get_json()["editions"]

    assert [each["number"] for each in found] == [2, 1]
    assert all(client.get(each[kind]).status_code == 200 for each in found for kind in ("json", "csv"))


@pytest.mark.parametrize(
    "asked", ["indicator=nothing", "year=1999", "answer=mean", "year=x&indicator=%00", "area=x&by=y&size=%ff"]
)
def test_unknown_codes_and_years_show_what_there_is_and_nothing_more(
    client: FlaskClient, editions: Databases, asked: str
) -> None:
    store_edition(editions, edition(1))

    told, plain = client.get(f"/figures/?lang=en&{asked}"), client.get("/figures/?lang=en")
    assert told.status_code == 200
    assert Page.parsed(told.text).text() == Page.parsed(plain.text).text()


@pytest.mark.parametrize("number", ["0", "9", "99999999999999999999", "-1", "x"])
def test_an_edition_that_is_not_there_is_not_found(client: FlaskClient, number: str) -> None:
    assert client.get(f"/figures/{number}/edition.json").status_code == 404


@pytest.fixture
def demo(client: FlaskClient, editions: Databases) -> FlaskClient:
    store_edition(editions, demo_edition())
    return client


def text(client: FlaskClient, asked: str) -> str:
    page = client.get(f"/figures/1/?lang=en&{asked}")
    assert page.status_code == 200
    assert Page.parsed(page.text).faults() == []
    return Page.parsed(page.text).text()


def test_a_view_puts_areas_industries_or_sizes_side_by_side(demo: FlaskClient) -> None:
    areas = text(demo, "indicator=I14_dialogue_held&year=2026")
    industries = text(demo, "indicator=I14_dialogue_held&year=2026&area=labour_market&by=sector")
    sizes = text(demo, "indicator=I14_dialogue_held&year=2026&area=education&by=size")

    assert "Culture and leisure" in areas
    assert "Manufacturing" in industries
    assert "DB07 3: C" in industries
    assert "Education, 50–249 people" in sizes


def test_a_view_has_trend_comparisons_spread_and_what_is_hidden(demo: FlaskClient) -> None:
    page = text(demo, "indicator=I14_dialogue_held&year=2026&area=labour_market&by=sector")

    for told in (
        "Year by year", "2023 – 2024", "In 95 of 100 organisations", "Education – Culture and leisure",
        "Holm", "Benjamini–Hochberg", "A difference matters from 5 points",
        "Health and social work: together with other figures",
    ):  # fmt: skip
        assert told in page


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("indicator", ["I07_source_profile", "I11_climate_index", "I04_exposure_coercion"])
def test_every_kind_of_figure_has_its_page(demo: FlaskClient, indicator: str, language: str) -> None:
    for by in ("area", "sector", "size"):
        page = demo.get(f"/figures/?lang={language}&indicator={indicator}&by={by}&answer=mean")
        assert page.status_code == 200
        assert Page.parsed(page.text).faults() == []


@pytest.mark.parametrize("language", ["da", "en"])
def test_who_did_it_is_told_of_all_that_were_named_on_the_page_and_in_the_files(
    demo: FlaskClient, language: str
) -> None:
    page = Page.parsed(demo.get(f"/figures/?lang={language}&indicator=I07_source_profile").text).text()
    unit = next(
        field["description"]
        for field in demo.get("/figures/1/datapackage.json").get_json()["resources"][0]["schema"]["fields"]
        if field["name"] == "unit"
    )

    assert ("alle, der blev nævnt" if language == "da" else "of all that were named") in page
    assert ("passere 100" if language == "da" else "may pass 100") not in page
    assert "I07_source_profile) of all that were named" in unit
    assert "I07_source_profile" in demo.get(f"/figures/data?lang={language}").text


def test_the_address_and_the_table_of_a_view_say_what_the_page_says(demo: FlaskClient) -> None:
    asked = "indicator=I14_dialogue_held&answer=yes&year=2026&area=labour_market&by=sector"
    rows = list(csv.DictReader(io.StringIO(demo.get(f"/figures/1/view.csv?{asked}").text)))

    assert f"http://127.0.0.1:8000/figures/1/?{asked}" in text(demo, asked)
    assert {row["indicator"] for row in rows} == {"I14_dialogue_held"}
    assert {row["year"] for row in rows if not row["sector"]} == {"2023", "2024", "2025", "2026"}
    assert {row["sector"] for row in rows} >= {"", "DB07/3/C"}


def test_an_edition_keeps_its_address_when_there_is_a_newer_one(
    demo: FlaskClient, editions: Databases
) -> None:
    before = text(demo, "year=2026")
    store_edition(editions, edition(2))

    assert text(demo, "year=2026") == before
    assert "edition 2" in demo.get("/figures/?lang=en").text
