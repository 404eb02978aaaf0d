"""Open data: the API is what its description says, and the files are what their own descriptions say."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from rdflib import DCAT, DCTERMS, RDF, Graph
from werkzeug.test import TestResponse

from config import Config
from survey.app import create_app
from survey.knowledge.api_description import PAGE
from survey.storage.databases import Databases, open_databases
from survey.storage.upgrading import upgrade
from tests.editions import demo_edition, know_custody, store_edition
from tests.pages import EveryName, Page

with warnings.catch_warnings():
    # Its command line is told that a module it uses will move; nothing of it is used here.
    warnings.simplefilter("ignore", DeprecationWarning)
    import schemathesis
    from schemathesis import GenerationMode

GOALS = sum(
    figure.where.area != ""
    and figure.where.depth == 1
    and figure.indicator in {"I14_dialogue_held", "I10_awareness"}
    for figure in demo_edition().figures
)
"""Lines of the demo's goals: two of them, in three areas and four years, as far as they are told."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    config = Config.for_demo(tmp_path_factory.mktemp("open-data"), 8000)
    databases: Databases = open_databases(config.database_url, config.responses_url)
    upgrade(databases)
    know_custody(databases)
    store_edition(databases, demo_edition())
    yield create_app(config, assets=EveryName())
    databases.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


# Of codes and editions nothing is asked that could be wrong.
@pytest.mark.parametrize(
    ("name", "mode"),
    [
        *(
            (name, GenerationMode.POSITIVE)
            for name in ("codes", "editions", "edition", "figures", "withheld", "goals")
        ),
        *((name, GenerationMode.NEGATIVE) for name in ("edition", "figures", "withheld", "goals")),
    ],
)
def test_whatever_is_asked_the_api_answers_as_its_description_says(
    app: Flask, name: str, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operation = schema.find_operation_by_id(name)

    @settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def answered(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate()

    answered()


def asked(client: FlaskClient, address: str) -> Any:  # noqa: ANN401  Whatever JSON it is.
    answer: TestResponse = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_every_page_of_the_figures_together_are_the_edition(client: FlaskClient) -> None:
    found, address = [], "/api/v1/editions/1/figures"
    while address:
        page = asked(client, address.removeprefix("http://127.0.0.1:8000"))
        assert len(page["figures"]) <= PAGE
        assert page["synthetic"]
        found += page["figures"]
        address = page["next"]

    assert found == demo_edition().model_dump(mode="json")["figures"]


def test_page_table_and_api_tell_the_same_of_the_goals(client: FlaskClient) -> None:
    told = asked(client, "/api/v1/editions/1/goals")
    table = list(csv.DictReader(io.StringIO(client.get("/figures/1/goals.csv").text)))
    page = Page.parsed(client.get("/alliance/goals?lang=en").text).text()

    assert told["count"] == len(told["goals"]) == len(table) == GOALS
    for each, line in zip(told["goals"], table, strict=True):
        half = each.pop("at_least_half")
        assert {name: line[name] for name in each} == {name: str(value) for name, value in each.items()}
        assert [line["at_least_half"], line["lower"], line["upper"]] == [str(half[name]) for name in half]
        assert f"{half['estimate']} ({half['lower']}–{half['upper']})" in page


def test_filters_choose_among_what_is_told(client: FlaskClient) -> None:
    address = (
        "/api/v1/editions/1/figures?indicator=I14_dialogue_held&year=2026&area=education&sector=all&size=all"
    )
    (figure,) = asked(client, address)["figures"]

    assert figure["where"] == {"year": 2026, "area": "education", "sector": "", "size": ""}


@pytest.mark.parametrize(
    "wrong",
    ["year=1999", "year=02026", "year=x", "area=moon", "sector=DB07/3/ZZ", "page=0", "colour=red",
     "year=2025&year=2026", "indicator=%00", "size=", "page=99999999999999999999"],
)  # fmt: skip
def test_what_is_no_filter_or_no_value_is_refused_with_a_remedy(client: FlaskClient, wrong: str) -> None:
    answer = client.get(f"/api/v1/editions/1/figures?{wrong}")

    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert wrong.partition("=")[0] in answer.get_json()["detail"]


def test_answers_are_not_sent_twice_and_other_sites_may_read_them(client: FlaskClient) -> None:
    for address in (
        "/api/v1/editions/1/figures?year=2026",
        "/figures/1/figures.csv",
        "/figures/catalogue.jsonld",
    ):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert client.get("/api/v1/codes").headers["Access-Control-Allow-Origin"] == "*"


def test_what_the_package_describes_is_valid(client: FlaskClient, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import frictionless  # noqa: PLC0415  Importing it warns of others' modules.

        for name in ("datapackage.json", "figures.csv", "withheld.csv", "goals.csv"):
            (tmp_path / name).write_bytes(client.get(f"/figures/1/{name}").data)
        report = frictionless.validate(tmp_path / "datapackage.json")

    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])
    assert [task.stats["rows"] for task in report.tasks] == [
        sum(len(figure.answers) for figure in demo_edition().figures), len(demo_edition().withheld), GOALS,
    ]  # fmt: skip


def test_the_catalogue_is_dcat_and_every_file_in_it_is_there(client: FlaskClient) -> None:
    with warnings.catch_warnings():
        # rdflib's own reader of JSON-LD uses what rdflib is about to take away.
        warnings.simplefilter("ignore", DeprecationWarning)
        graph = Graph().parse(data=client.get("/figures/catalogue.jsonld").text, format="json-ld")
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    (data_set,) = graph.objects(catalogue, DCAT.dataset)
    files = list(graph.objects(None, DCAT.downloadURL))

    # What DCAT-AP 3 demands of each.
    assert all(
        (catalogue, each, None) in graph for each in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher)
    )
    assert all((data_set, each, None) in graph for each in (DCTERMS.title, DCTERMS.description))
    assert all((each, DCAT.accessURL, None) in graph for each in graph.subjects(RDF.type, DCAT.Distribution))
    assert len(files) == 5
    assert all(
        client.get(str(file).removeprefix("http://127.0.0.1:8000")).status_code == 200 for file in files
    )


def test_what_is_made_up_says_so_in_every_file_and_answer(client: FlaskClient) -> None:
    for address in ("editions/1", "editions/1/figures", "editions/1/withheld", "editions/1/goals"):
        assert asked(client, f"/api/v1/{address}")["synthetic"] is True
    assert "invented" in asked(client, "/figures/1/datapackage.json")["description"]
    assert "made up" in client.get("/figures/catalogue.jsonld").text
    for table in ("figures", "withheld", "goals"):
        lines = client.get(f"/figures/1/{table}.csv").text.splitlines()
        assert all(",true," in line for line in lines[1:])
    assert "are invented" in client.get("/figures/data?lang=en").text


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_about_open_data_is_whole(client: FlaskClient, language: str) -> None:
    assert Page.parsed(client.get(f"/figures/data?lang={language}").text).faults() == []


def test_the_example_in_pandas_does_what_it_says(client: FlaskClient, tmp_path: Path) -> None:
    page = html5lib.parse(client.get("/figures/data").text, namespaceHTMLElements=False)
    example = page.find(".//code[@id='pandas']")
    assert example is not None
    code = "".join(example.itertext())
    table = tmp_path / "figures.csv"
    table.write_bytes(client.get("/figures/1/figures.csv").data)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code.replace("http://127.0.0.1:8000/figures/1/figures.csv", str(table)), {})  # noqa: S102  Our own page.

    for told in ("2023", "2026", "education", "labour_market", "culture_leisure"):
        assert told in printed.getvalue()


def test_the_description_is_of_the_lists_that_there_are(client: FlaskClient) -> None:
    described = json.loads(client.get("/api/v1/openapi.json").text)
    filters = described["paths"]["/editions/{number}/figures"]["get"]["parameters"]
    codes = asked(client, "/api/v1/codes")

    by_name = {each["name"]: each["schema"].get("enum") for each in filters}
    assert by_name["sector"] == ["all", *(each["code"] for each in codes["sectors"])]
    assert by_name["indicator"] == [each["id"] for each in codes["indicators"]]
