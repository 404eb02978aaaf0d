"""
R4: whatever a release is made into, nothing in it says more than the published forms.

Real counts of a place with units on two levels are protected by the real pipeline; then every output is
walked (outputs.py), row by row of the release, for the numbers that only somebody with the raw counts could
have written: the count of a cell that is not exact, and its per cents. The naive rule, which prints the
counts, is walked as well: in each kind of output it is caught.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from io import StringIO
from math import ceil, floor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from analysis.coding import coded
from analysis.disclosure.suppression import least_group
from analysis.findings import headline, together
from analysis.grouping import reporting_groups
from analysis.measures import measures_of
from analysis.pipeline import make_release
from analysis.plan import publication_plan
from analysis.release import Row, Table
from analysis.shares import share_of_asked, shares_of_answered
from analysis.tables import Interval, OpenedWave, OptionGroup, PlannedTable, TableKind
from analysis.tabulation import broken_down, tabulated
from analysis.wording import WORDINGS
from policy import POLICY
from questionnaires.model import Questionnaire
from survey.dashboards.files import KINDS
from survey.dashboards.trusted import trusted
from survey.storage.models import MembershipRole
from survey.storage.repositories import WaveRegistry
from tests.analysis.rosters import DEFINITIONS, invented, provenance
from tests.editions import know_custody, store_edition
from tests.pages import Page
from tests.releases import store
from tests.survey.dashboards.conftest import Furnished, House, own_copy
from tests.survey.dashboards.outputs import BY_GROUP, WALKS, WITHOUT_FIGURES, Key, Numbers, Output, in_text
from tests.survey.dashboards.test_beside import WORK, figure
from tests.survey.dashboards.test_beside import edition as beside_of

LANGUAGES = ["da", "en"]
Raw = dict[Key, tuple[int, ...]]
_PEOPLE, _SEED = 100, 5
_BY = ("unit", "d02_age")
_UNITS = {"yard": None, "deck": "yard", "quay": "yard", "office": None}
_BEFORE = {"first_day": "2025-10-01", "last_possible_day": "2025-10-15"}


@dataclass(frozen=True)
class Counted:
    """What the pipeline publishes of a place, the same with every count printed, and the counts."""

    shown: list[Table]
    naive: list[Table]
    raw: Raw
    secrets: Mapping[Key, Numbers]


@pytest.fixture(scope="session")
def counted(workplace: Questionnaire) -> Counted:
    opened = _opened(workplace)
    plan = publication_plan(workplace, breakdowns=_BY, open_wave=False)
    shown = list(make_release(opened, plan, POLICY, provenance(opened)).tables)
    raw = _raw(opened, shown)
    secrets = {
        (table.id, row.group): _secrets(workplace, table, row, raw[table.id, row.group])
        - _published(workplace, table, row)
        for table in shown
        for row in table.rows
    }
    return Counted(shown, [_printed(table, raw) for table in shown], raw, secrets)


def _opened(asked: Questionnaire) -> OpenedWave:
    """People of four units, who answered at random; nobody of the yard is of no unit in it."""
    answers = invented(asked, _PEOPLE, seed=_SEED).answers.copy()
    answers[:, 0] = np.arange(_PEOPLE) % 3 + 1
    return OpenedWave(asked, tuple(_UNITS), answers, tuple(_UNITS.values()))


def _raw(opened: OpenedWave, tables: list[Table]) -> Raw:
    measures = measures_of(opened.questionnaire)
    responses = coded(opened, (measures[table.item] for table in tables))
    found: Raw = {}
    for table in tables:
        options = tuple(OptionGroup(option.id, option.codes) for option in table.options)
        planned = PlannedTable(table.id, TableKind(table.kind), table.item, table.by, (options,))
        if table.by is None:
            found[table.id, None] = tabulated(responses, planned, options).cells
            continue
        groups = reporting_groups(opened, table.by, least_group(measures[table.item], POLICY))
        for group, row in zip(groups, broken_down(responses, planned, options, groups).rows, strict=True):
            found[table.id, group.id] = row.cells
    return found


def _printed(table: Table, raw: Raw) -> Table:
    """The naive rule: every count as it is."""
    rows = [
        row.model_copy(update={"cells": tuple((count, count) for count in raw[table.id, row.group])})
        for row in table.rows
    ]
    return table.model_copy(update={"rows": tuple(rows)})


def _secrets(asked: Questionnaire, table: Table, row: Row, raw: tuple[int, ...]) -> Numbers:
    """Counts that are not exact, and their shares, as anybody might write them."""
    counts = [count for count, (lo, hi) in zip(raw, row.cells, strict=True) if lo != hi]
    said = headline(table, asked, "en")
    if said is not None:
        places = [place for place, option in enumerate(table.options) if option.id in said.options]
        if together(said.options, table, row)[0].width:
            counts.append(sum(raw[place] for place in places))
    secrets: Numbers = set(map(float, counts))
    for count in counts:
        for whole in (row.base[1], sum(raw[:-1])):
            share = Fraction(100 * count, whole or 1)
            secrets |= {floor(share), ceil(share), round(share), round(float(share), 1)}
    return secrets


def _published(asked: Questionnaire, table: Table, row: Row) -> Numbers:
    """What the published forms say by themselves: ends of counts and of shares, means, and words."""
    cells, base = [Interval(*cell) for cell in row.cells], Interval(*row.base)
    shares = [
        *shares_of_answered(cells, base, multiple=table.multiple),
        *(share_of_asked(cell, base) for cell in cells),
    ]
    ends = [end for cell in (*row.cells, row.base) for end in cell]
    said = headline(table, asked, "en")
    if said is not None:
        several, share = together(said.options, table, row)
        shares.append(share)
        ends += [several.lo, several.hi]
        # "About 3 in 10".
        ends += [int(number) for words in WORDINGS.values() for number in in_text(words.plainly(share) or "")]
    # "Fewer than 5", or than more.
    ends += [hi + 1 for lo, hi in row.cells if lo == 0]
    percents = [end for share in shares for end in share.percent]
    mean = [] if row.mean is None else [row.mean, row.mean - 2.5, row.mean + 2.5]
    # Bars are drawn as a sure part and an open one, whose length is a difference.
    open_parts = [share.percent.width for share in shares]
    # Shares from 0 to 100, and the marks between.
    return {*ends, *percents, *mean, *open_parts, 0, 5, 25, 50, 75, 100}


@dataclass(frozen=True, eq=False)
class Case:
    """Where what is published is served, and the same by the naive rule; each has a wave before it."""

    house: House
    counted: Counted
    shown: str
    naive: str
    folder: Path
    client: FlaskClient

    @cache  # noqa: B019  One case for all of the module's tests, which read each output once.
    def output(self, wave: str, language: str) -> Output:
        with self.house.databases.alliance_session(reading=True) as session:
            registry = WaveRegistry(session)
            reading = trusted(registry.wave(wave), registry.release(wave))
        return Output(
            client=self.client,
            address=f"/o/{self.house.own.id}/releases/{wave}",
            reading=reading,
            language=language,
            folder=self.folder,
            definition=DEFINITIONS / "workplace.yaml",
        )

    def told(self, kind: str, wave: str, language: str) -> dict[Key, Numbers]:
        """What only the raw counts give, by the row of which an output tells it."""
        found: dict[Key, Numbers] = {}
        for key, numbers in WALKS[kind](self.output(wave, language)):
            # Of what is not in the release there is nothing to tell.
            found[key] = found.get(key, set()) | (numbers & self.counted.secrets.get(key, set()))
        return found


@pytest.fixture(scope="module")
def case(
    tmp_path_factory: pytest.TempPathFactory,
    furnished: Furnished,
    workplace: Questionnaire,
    counted: Counted,
) -> Iterator[Case]:
    units = [
        {"id": unit, "name": unit.title(), "parent": parent, "headcount": 50}
        for unit, parent in _UNITS.items()
    ]
    with own_copy(tmp_path_factory.mktemp("derived"), furnished) as house:
        with house.databases.alliance_session() as session:
            of_all: dict[str, Any] = {"breakdowns": _BY, "units": units}
            store(session, house.own, workplace, counted.shown, field_period=_BEFORE, **of_all)
            shown, naive = (
                store(session, house.own, workplace, tables, **of_all)
                for tables in (counted.shown, counted.naive)
            )
        know_custody(house.databases)
        store_edition(
            house.databases, beside_of(figure(WORK, 300, "I10_awareness"), figure(WORK, 200, "I06_witnessed"))
        )
        leader = house.signed_in(MembershipRole.LEADER)
        yield Case(house, counted, shown, naive, tmp_path_factory.mktemp("written"), leader)


def test_the_walk_has_much_to_find(counted: Counted) -> None:
    of_groups = [secrets for (_, group), secrets in counted.secrets.items() if group is not None]

    assert len(counted.secrets) > 50
    assert sum(map(len, counted.secrets.values())) > 300
    assert sum(map(len, of_groups)) > 50
    assert {table.by for table in counted.shown} == {None, *_BY}
    assert {row.parent for table in counted.shown if table.by == "unit" for row in table.rows} == {
        None,
        "yard",
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", WALKS)
def test_no_output_holds_a_raw_number(case: Case, kind: str, language: str) -> None:
    told = case.told(kind, case.shown, language)

    assert {key: numbers for key, numbers in told.items() if numbers} == {}
    assert any(case.counted.secrets.get(key) for key in told)


@pytest.mark.parametrize("kind", ["dashboard", "results", "report.pdf"])
def test_each_figure_that_is_shown_is_walked(case: Case, kind: str) -> None:
    output = case.output(case.shown, "da")

    assert {anchor for (anchor, _), _ in WALKS[kind](output)} == set(output.figures)
    assert len(output.figures) > 15


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", WALKS)
def test_the_naive_rule_is_caught_in_every_kind_of_output(case: Case, kind: str, language: str) -> None:
    told = case.told(kind, case.naive, language)

    assert any(numbers for (_, group), numbers in told.items() if (group is None) == (kind not in BY_GROUP))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WITHOUT_FIGURES)
def test_other_pages_of_a_release_have_the_same_numbers_whatever_it_says(
    case: Case, name: str, language: str
) -> None:
    pages = [case.output(wave, language).page(f"/{name}").text() for wave in (case.shown, case.naive)]

    assert in_text(pages[0]) == in_text(pages[1])
    assert len(pages[0]) > 200


def test_there_is_no_page_and_no_file_of_a_release_that_is_not_walked(case: Case) -> None:
    below = "/o/<organisation_id>/releases/<wave_id>"
    pages = {
        rule.rule.removeprefix(below).removeprefix("/")
        for rule in case.house.app.url_map.iter_rules()
        if rule.rule.startswith(below) and "GET" in (rule.methods or ())
    }

    # The first is the dashboard itself; the results stand at the wave's own address too.
    assert pages - {"", "<file>"} == {*WALKS, *WITHOUT_FIGURES} & pages
    assert set(KINDS) <= set(WALKS)


def test_colours_and_measures_of_a_picture_are_the_same_whatever_it_shows(case: Case) -> None:
    page = case.output(case.shown, "en").page("")
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
    text = case.output(case.shown, "en").get("/figures.csv").decode("utf-8-sig")
    lines = list(csv.DictReader(StringIO(text, newline="")))

    for table in case.counted.shown:
        for row in table.rows:
            of_row = [line for line in lines if (line["table"], line["group"]) == (table.id, row.group or "")]
            listed = [line["option"] for line in of_row if line["option"] != "mean"]
            assert listed == [option.id for option in table.options]


def test_a_raw_number_put_anywhere_in_a_figure_would_be_found(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = case.output(case.shown, "en")
    name = next(name for name in output.figures if case.counted.secrets[name, None])
    [raw, *_] = case.counted.secrets[name, None]
    page = output.get("").decode()
    at = page.index(f'id="figure-{name}"')

    for before in ('<p class="figure-finding">', "<td>", '"x": [', 'aria-label="'):
        place = page.index(before, at) + len(before)
        comma = "," if before.endswith("[") else " "
        changed = page[:place] + f"{raw:g}{comma}" + page[place:]
        monkeypatch.setattr(Output, "page", lambda _, __, made=changed: Page.parsed(made))
        assert raw in dict(WALKS["dashboard"](output))[name, None]
