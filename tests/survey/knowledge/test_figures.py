"""Sectors' figures on their page, as a table and for programs: only what custody signed, and nothing else."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from hashlib import sha256

import pytest
from flask.testing import FlaskClient

from analysis.edition import Answer, Edition, Figure, Where, Withheld, to_bytes
from config import Config
from survey.app import create_app
from survey.knowledge.figures import COLUMNS
from survey.sealing.domains import Domain
from survey.sealing.identity import Identity, fingerprint
from survey.storage.databases import Databases, open_databases
from survey.storage.models import CustodyIdentity, StoredEdition
from survey.storage.upgrading import upgrade
from tests.pages import EveryName, Page

CUSTODY = Identity(bytes(32))
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


@pytest.fixture
def databases(config: Config) -> Iterator[Databases]:
    databases = open_databases(config.database_url, config.responses_url)
    upgrade(databases)
    with databases.alliance_session() as session:
        key = CUSTODY.public_key
        session.add(CustodyIdentity(fingerprint=fingerprint(key), public_key=key))
    yield databases
    databases.dispose()


@pytest.fixture
def client(config: Config, databases: Databases) -> FlaskClient:
    return create_app(config, assets=EveryName()).test_client()


def stored(databases: Databases, made: Edition, signer: Identity = CUSTODY) -> bytes:
    content = to_bytes(made)
    signature = signer.sign(Domain.EDITION, sha256(content).digest())
    day = datetime.date.fromisoformat(made.day)
    with databases.alliance_session() as session:
        session.add(StoredEdition(number=made.number, day=day, content=content, signature=signature))
    return content


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
    client: FlaskClient, databases: Databases, language: str
) -> None:
    stored(databases, edition(1))
    page = client.get(f"/figures/?lang={language}")
    comma = "," if language == "da" else "."

    assert Page.parsed(page.text).faults() == []
    for shown in (f"10{comma}1", f"8{comma}0–13{comma}5", "412"):
        assert shown in page.text
    assert ("Restauranter" if language == "da" else "food service") in page.text or "50–249" in page.text


def test_what_is_invented_says_so(client: FlaskClient, databases: Databases) -> None:
    stored(databases, edition(1, synthetic=True))

    assert "are invented" in client.get("/figures/?lang=en").text
    rows = list(csv.DictReader(io.StringIO(client.get("/figures/1/figures.csv").data.decode("utf-8-sig"))))
    assert {row["synthetic"] for row in rows} == {"True"}


def test_an_edition_that_custody_did_not_sign_is_nowhere(client: FlaskClient, databases: Databases) -> None:
    stored(databases, edition(1))
    stored(databases, edition(2), signer=Identity(bytes([1]) * 32))

    assert "edition 1" in client.get("/figures/?lang=en").text
    assert client.get("/figures/2/edition.json").status_code == 404
    assert client.get("/figures/2/figures.csv").status_code == 404


def test_the_signed_bytes_are_given_as_they_are_and_not_sent_twice(
    client: FlaskClient, databases: Databases
) -> None:
    content = stored(databases, edition(1))
    answer = client.get("/figures/1/edition.json")
    again = client.get("/figures/1/edition.json", headers={"If-None-Match": answer.headers["ETag"]})

    assert answer.data == content
    assert again.status_code == 304


def test_the_table_says_what_the_edition_says(client: FlaskClient, databases: Databases) -> None:
    made = edition(1)
    stored(databases, made)
    rows = list(csv.DictReader(io.StringIO(client.get("/figures/1/figures.csv").data.decode("utf-8-sig"))))

    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == sum(len(figure.answers) for figure in made.figures)
    assert (rows[0]["estimate"], rows[0]["lower"], rows[0]["organisations"]) == ("10.1", "8.0", "7")


def test_programs_find_every_edition_by_its_address(client: FlaskClient, databases: Databases) -> None:
    stored(databases, edition(1))
    stored(databases, edition(2))
    found = client.get("/figures/editions.json").get_json()["editions"]

    assert [each["number"] for each in found] == [2, 1]
    assert all(client.get(each[kind]).status_code == 200 for each in found for kind in ("json", "csv"))


@pytest.mark.parametrize(
    "asked", ["indicator=nothing", "year=1999", "answer=mean", "year=x&indicator=%00", "area=labour_market"]
)
def test_unknown_codes_and_years_show_what_there_is_and_nothing_more(
    client: FlaskClient, databases: Databases, asked: str
) -> None:
    stored(databases, edition(1))

    told, plain = client.get(f"/figures/?lang=en&{asked}"), client.get("/figures/?lang=en")
    assert told.status_code == 200
    assert Page.parsed(told.text).text() == Page.parsed(plain.text).text()


@pytest.mark.parametrize("number", ["0", "9", "99999999999999999999", "-1", "x"])
def test_an_edition_that_is_not_there_is_not_found(client: FlaskClient, number: str) -> None:
    assert client.get(f"/figures/{number}/edition.json").status_code == 404
