"""
R4: whatever a release is made into, nothing in it says more than the published forms.

Real counts are protected by the real pipeline; then every output is walked for the numbers that only somebody
with the raw counts could have written: the count of a cell that is not exact, and its per cents.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from io import BytesIO, StringIO
from math import ceil, floor
from xml.etree.ElementTree import Element

import pytest
from openpyxl import load_workbook

from analysis.coding import coded
from analysis.measures import measures_of
from analysis.release import Table
from analysis.shares import share_of_asked, shares_of_answered
from analysis.tables import Interval, OptionGroup, PlannedTable, TableKind
from analysis.tabulation import tabulated
from questionnaires.model import Questionnaire
from survey.dashboards.papers import _Paper
from survey.dashboards.parts import filled
from survey.dashboards.trusted import trusted
from survey.storage.models import MembershipRole
from survey.storage.repositories import WaveRegistry
from tests.analysis.rosters import invented, released
from tests.pages import Page
from tests.releases import PEOPLE, store
from tests.survey.dashboards.conftest import House

Numbers = set[float]
Counted = tuple[list[Table], dict[str, tuple[int, ...]]]
"""Published tables, and the raw counts of each."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_SEED = 5


class Case:
    """A release, the raw counts that it was made from, and where it is served."""

    def __init__(self, house: House, workplace: Questionnaire, counted: Counted) -> None:
        tables, self.raw = counted
        self.house, self.tables = house, {table.id: table for table in tables}
        with house.databases.alliance_session() as session:
            self.wave = store(session, house.own, workplace, tables)
        self.client = house.signed_in(MembershipRole.LEADER)

    def get(self, file: str, language: str) -> bytes:
        address = f"/o/{self.house.own.id}/releases/{self.wave}"
        content: bytes = self.client.get(f"{address}{file}?lang={language}").data
        return content

    def told(self, table_id: str, found: Numbers) -> Numbers:
        """Of what was found in a table's output, what only the raw counts give."""
        table = self.tables[table_id]
        return (found & _secrets(table, self.raw[table_id])) - _published(table)


def _secrets(table: Table, raw: tuple[int, ...]) -> Numbers:
    """Counts of the cells that are not exact, and their shares, as anybody might write them."""
    secrets: Numbers = set()
    [row] = table.rows
    for count, (lo, hi) in zip(raw, row.cells, strict=True):
        if lo != hi:
            secrets.add(count)
            for whole in (row.base[1], sum(raw[:-1])):
                share = Fraction(100 * count, whole or 1)
                secrets |= {floor(share), ceil(share), round(share), round(float(share), 1)}
    return secrets


def _published(table: Table) -> Numbers:
    """What the published forms say by themselves: ends of counts, of bases and of shares, and the mean."""
    [row] = table.rows
    cells, base = [Interval(*cell) for cell in row.cells], Interval(*row.base)
    shares = [
        *shares_of_answered(cells, base, multiple=table.multiple),
        *(share_of_asked(cell, base) for cell in cells),
    ]
    ends = [end for cell in (*row.cells, row.base) for end in cell]
    percents = [end for share in shares for end in share.percent]
    mean = [] if row.mean is None else [row.mean, row.mean - 2.5, row.mean + 2.5]
    # Bars are drawn as a sure part and an open one, whose length is a difference.
    open_parts = [share.percent.width for share in shares]
    # "Fewer than 5", shares from 0 to 100, and the marks between.
    return {*ends, *percents, *mean, *open_parts, 0, 5, 25, 50, 75, 100}


def _in_text(text: str) -> Numbers:
    return {float(number.replace(",", ".")) for number in _NUMBER.findall(text)}


def _in_value(value: object) -> Numbers:
    """Every number in a value of JSON, also within its texts."""
    if isinstance(value, bool) or value is None:
        return set()
    if isinstance(value, int | float):
        return {round(float(value), 1)}
    if isinstance(value, str):
        return _in_text(value)
    if isinstance(value, Mapping):
        return _in_value(list(value.values()))
    assert isinstance(value, list | tuple)
    return set().union(*map(_in_value, value))


def _text(element: Element) -> str:
    return " ".join(element.itertext())


def _in_article(article: Element) -> Numbers:
    """Sentence, alternative text, table and picture of a figure; not the questionnaire's own words in it."""
    found: Numbers = set()
    words = set().union(*(_in_text(_text(each)) for tag in ("h3", "th") for each in article.iter(tag)))
    for element in article.iter():
        if element.tag in {"td", "caption"} or "figure-finding" in element.get("class", ""):
            found |= _in_text(_text(element))
        found |= _in_text(element.get("aria-label", ""))
        if element.tag == "script":
            picture = json.loads(element.text or "")
            found |= _in_value([trace["x"] for trace in picture["data"]])
            found |= _in_value([note["text"] for note in picture["layout"]["annotations"]])
    return found - words


def _articles(page: bytes) -> Iterator[tuple[str, Numbers]]:
    for article in Page.parsed(page.decode()).elements("article"):
        yield article.get("id", "").removeprefix("figure-"), _in_article(article)


@pytest.fixture(scope="session")
def counted(workplace: Questionnaire) -> Counted:
    opened = invented(workplace, PEOPLE, seed=_SEED)
    tables = list(released(opened).tables)
    measures = measures_of(workplace)
    responses = coded(opened, (measures[table.item] for table in tables))
    raw = {}
    for table in tables:
        options = tuple(OptionGroup(option.id, option.codes) for option in table.options)
        planned = PlannedTable(table.id, TableKind(table.kind), table.item, table.by, (options,))
        raw[table.id] = tabulated(responses, planned, options).cells
    return tables, raw


@pytest.fixture
def case(house: House, workplace: Questionnaire, counted: Counted) -> Case:
    return Case(house, workplace, counted)


def test_the_walk_has_much_to_find(case: Case) -> None:
    secrets = [_secrets(table, case.raw[name]) - _published(table) for name, table in case.tables.items()]

    assert len(case.tables) > 25
    assert sum(map(len, secrets)) > 200


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_page_or_picture_or_sentence_holds_a_raw_number(case: Case, language: str) -> None:
    articles = dict(_articles(case.get("", language)))

    assert len(articles) > 15
    assert {name: told for name, found in articles.items() if (told := case.told(name, found))} == {}


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_table_to_take_home_holds_a_raw_number(case: Case, language: str) -> None:
    lines = list(csv.reader(StringIO(case.get("/figures.csv", language).decode("utf-8-sig"), newline="")))
    sheet = next(iter(load_workbook(BytesIO(case.get("/figures.xlsx", language)))))

    for rows in (lines, [list(line) for line in sheet.iter_rows(values_only=True)]):
        head = [str(name) for name in rows[0]]
        assert len(rows) > 100
        for row in rows[1:]:
            line = dict(zip(head, row, strict=True))
            numbers = [line[name] for name in head if re.search("lower|upper", name)]
            assert case.told(str(line["table"]), _in_value(numbers)) == set()


def test_no_paper_holds_a_raw_number(case: Case, house: House) -> None:
    with house.databases.alliance_session(reading=True) as session:
        registry = WaveRegistry(session)
        reading = trusted(registry.wave(case.wave), registry.release(case.wave))

    with house.app.test_request_context("/?lang=en"):
        paper = _Paper(reading, "en")
        figures = [figure for part in filled(reading, "en") for figure in part.figures]
        for figure in figures:
            drawn = paper._figure(figure)
            names = [drawn["title"], *(row["name"] for row in drawn["rows"])]  # type: ignore[attr-defined]  # A list.
            assert case.told(figure.anchor, _in_value(drawn) - _in_value(names)) == set()
    assert len(figures) > 15


def test_the_release_itself_holds_no_raw_number(case: Case) -> None:
    release = json.loads(case.get("/release.json", "en"))

    for table in release["tables"]:
        assert case.told(table["id"], _in_value(table["rows"])) == set()


def test_colours_and_measures_of_a_picture_are_the_same_whatever_it_shows(case: Case) -> None:
    page = Page.parsed(case.get("", "en").decode())
    pictures = [
        json.loads(script.text or "") for each in page.elements("article") for script in each.iter("script")
    ]

    looks = {
        json.dumps({key: part for key, part in trace.items() if key not in {"x", "y"}}, sort_keys=True)
        for picture in pictures
        for trace in picture["data"]
    }

    # One for what is sure, one for what is open.
    assert len(looks) == 2


def test_options_stand_in_the_questionnaires_order_whatever_their_counts(case: Case) -> None:
    lines = list(csv.DictReader(StringIO(case.get("/figures.csv", "en").decode("utf-8-sig"), newline="")))

    for name, table in case.tables.items():
        listed = [line["option"] for line in lines if line["table"] == name and line["option"] != "mean"]
        assert listed == [option.id for option in table.options]


def test_a_raw_number_put_anywhere_would_be_found(case: Case) -> None:
    name, table = next(
        (name, table)
        for name, table in case.tables.items()
        if case.told(name, set(map(float, case.raw[name]))) and name in dict(_articles(case.get("", "en")))
    )
    [raw, *_] = case.told(name, set(map(float, case.raw[name])))
    page = case.get("", "en").decode()
    at = page.index(f'id="figure-{name}"')

    for before in ('<p class="figure-finding">', "<td>", '"x": [', 'aria-label="'):
        place = page.index(before, at) + len(before)
        comma = "," if before.endswith("[") else " "
        changed = page[:place] + f"{raw:g}{comma}" + page[place:]
        assert raw in case.told(name, dict(_articles(changed.encode()))[name])
    assert raw not in _published(table)
