"""
What is made of figures, as a way to the counts behind them: orders, colours, next steps, sentences, files.

Two organisations whose counts differ within the published bands have one release. Whoever can tell which of
the two it is by anything that the product makes of it has learnt what the bands hide. The naive rule shows
the bands too, and derives what stands around them from the counts: each time that tells the two apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from io import BytesIO
from typing import Final
from zipfile import ZipFile

import pytest
from flask import Flask
from flask_babel import Babel
from openpyxl import Workbook

from analysis.pipeline import make_release
from analysis.plan import publication_plan
from analysis.release import Release, to_bytes
from policy import POLICY
from questionnaires.exchange.ddi import write_ddi
from survey.commands.exchange import study_of
from survey.dashboards.advice import advice
from survey.dashboards.brief import three_matters
from survey.dashboards.files import KINDS, SIGNED, written
from survey.dashboards.groups import group_tables
from survey.dashboards.heat import heat_maps
from survey.dashboards.parts import filled
from survey.dashboards.trusted import Reading
from survey.waves import manifest as manifests
from tests import releases
from tests.analysis.rosters import provenance, questionnaire, single
from tests.attacks.rules import counted
from tests.attacks.test_each_attack import Organisation, People

BY: Final = ("unit",)
ACTS: Final = ("b01_degrading_talk", "b02_treated_worse", "b03_sexual_talk", "b04_identity_remarks")
HOW_OFTEN: Final = ("never", "once", "few", "monthly")
ASKED: Final = questionnaire(
    single("w01_witnessed", *HOW_OFTEN, sensitive=True),
    *(single(act, *HOW_OFTEN, sensitive=True) for act in ACTS),
)
# openpyxl writes the clock over what it is told, and the archive notes it too.
MADE_AT: Final = re.compile(rb"<dcterms:modified[^>]*>[^<]*</dcterms:modified>")
NOTHING: Final = dict.fromkeys(ACTS, "never")


def unit(name: str, *, saw: tuple[int, int, int], nothing: int, met: int) -> list[People]:
    """Forty people: so many saw something once, a few times, monthly, or never, and so many met something."""
    seen = dict(zip(HOW_OFTEN[1:], saw, strict=True))
    return [
        (met, name, {**NOTHING, "w01_witnessed": "never", ACTS[0]: "once"}),
        (nothing - met, name, {**NOTHING, "w01_witnessed": "never"}),
        *((number, name, {**NOTHING, "w01_witnessed": often}) for often, number in seen.items()),
        (39 - sum(saw) - nothing, name, NOTHING),
        (1, name, {}),
    ]


# With two units of which nobody saw anything, no answers keep the others from being shown.
QUIET: Final[list[People]] = [
    (24, name, {**NOTHING, "w01_witnessed": "never"}) for name in ("bridge", "mast")
]
# More of the quay saw something, and more of them monthly than a few times; 12 of 126 met something.
FIRST: Final = Organisation(
    ASKED,
    [
        *unit("deck", saw=(3, 0, 2), nothing=33, met=6),
        *unit("quay", saw=(7, 1, 1), nothing=30, met=6),
        *QUIET,
    ],
    BY,
)
# More of the deck did, and more of them a few times; 14 of 126 met something.
SECOND: Final = Organisation(
    ASKED,
    [
        *unit("deck", saw=(7, 2, 0), nothing=30, met=7),
        *unit("quay", saw=(3, 1, 1), nothing=33, met=7),
        *QUIET,
    ],
    BY,
)
BOTH: Final = {"first": FIRST, "second": SECOND}


@cache
def released(which: str) -> Release:
    wave = BOTH[which].wave
    plan = publication_plan(ASKED, breakdowns=BY, open_wave=False)
    return make_release(wave, plan, POLICY, provenance(wave))


@cache
def printed(which: str) -> Release:
    """The same tables with every count as it is."""
    raw = {table["id"]: table for table in counted(BOTH[which].wave, BY)}
    tables = []
    for table in released(which).tables:
        assert [option.id for option in table.options] == [each["id"] for each in raw[table.id]["options"]]
        rows = [
            row.model_copy(update={"cells": tuple((count, count) for count in counts["cells"])})
            for row, counts in zip(table.rows, raw[table.id]["rows"], strict=True)
        ]
        tables.append(table.model_copy(update={"rows": tuple(rows)}))
    return released(which).model_copy(update={"tables": tuple(tables)})


def reading(release: Release) -> Reading:
    """A release as it is read; each call makes another, of which nothing is remembered."""
    wave = release.wave
    named = {"id": wave.organisation.id, "name": wave.organisation.name}
    promised = releases.manifest(ASKED, wave.id, named, breakdowns=BY)
    return Reading(release, ASKED, manifests.from_bytes(promised))


@pytest.fixture(autouse=True)
def speaking() -> Iterator[None]:
    """What is made says some of its words in the language of a request."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context("/"):
        yield


def orders(shown: Reading) -> object:
    """In which order figures, matters, groups and options stand."""
    figures = [figure.anchor for part in filled(shown, "en") for figure in part.figures]
    matters = [matter.anchor for matter in three_matters(shown, "en")]
    of_groups = [group_tables(shown, table, "en") for table in shown.release.tables if table.by is None]
    assert figures
    assert any(of_groups)
    return figures, matters, of_groups


def orders_by_counts(shown: Reading, counts: Reading) -> object:
    """Groups with the most first, and options too, beside their bands."""
    found = []
    for table, raw in zip(shown.release.tables, counts.release.tables, strict=True):
        of_rows = sorted(zip(table.rows, raw.rows, strict=True), key=lambda both: -both[1].cells[0][0])
        found.append([(row.group, row.cells) for row, _ in of_rows])
    return found


def orders_of_options_by_counts(shown: Reading, counts: Reading) -> object:
    found = []
    for table, raw in zip(shown.release.tables, counts.release.tables, strict=True):
        places = sorted(range(len(table.options)), key=lambda place: -raw.rows[0].cells[place][0])
        found.append([(table.options[place].id, table.rows[0].cells[place]) for place in places])
    return found


def colours(shown: Reading) -> object:
    """The groups at a glance, and what is drawn of everybody."""
    maps = heat_maps(shown, "en")
    drawn = [figure.chart.figure for part in filled(shown, "en") for figure in part.figures]
    assert any(cell.least is not None for each in maps for row in each.rows for cell in row.cells)
    assert any(drawn)
    return maps, drawn


def colours_by_counts(shown: Reading, counts: Reading) -> object:
    """Each cell says its band, and is as dark as its count."""
    return [
        (cell.words, dark.least)
        for each, raw in zip(heat_maps(shown, "en"), heat_maps(counts, "en"), strict=True)
        for row, raw_row in zip(each.rows, raw.rows, strict=True)
        for cell, dark in zip(row.cells, raw_row.cells, strict=True)
    ]


def next_steps(shown: Reading) -> object:
    return [step.id for step in advice(shown)]


def next_steps_by_counts(shown: Reading, counts: Reading) -> object:
    return shown.release.tables, [step.id for step in advice(counts)]


def sentences(shown: Reading) -> object:
    """Every figure with its sentence, its table, its per cents and its words for who did not answer."""
    return filled(shown, "en"), filled(shown, "da")


def per_cents_by_counts(shown: Reading, counts: Reading) -> object:
    """The ends of a band, as per cents of those who in fact answered."""
    return [
        [Fraction(end, row.base[1] - raw.cells[-1][0]) for cell in row.cells[:-1] for end in cell]
        for table, of_counts in zip(shown.release.tables, counts.release.tables, strict=True)
        for row, raw in zip(table.rows, of_counts.rows, strict=True)
    ]


def file(name: str) -> Callable[[Reading], object]:
    """A file to take home, in both languages; of a workbook each part of it."""
    return lambda shown: [parts(written(shown, name, language)) for language in ("da", "en")]


def codebook(shown: Reading) -> object:
    return write_ddi(ASKED, study_of(shown.release)).content


def parts(made: bytes) -> object:
    """An archive's parts without the second in which it was made, which whoever asked for it knows."""
    if not made.startswith(b"PK"):
        return made
    with ZipFile(BytesIO(made)) as archive:
        return {name: MADE_AT.sub(b"", archive.read(name)) for name in archive.namelist()}


def workbook_over_counts(shown: Reading, counts: Reading) -> object:
    """A sheet whose cells hold the counts and are formatted so that they read as their bands."""
    book = Workbook()
    sheet = book.worksheets[0]
    for table, raw in zip(shown.release.tables, counts.release.tables, strict=True):
        for row, of_counts in zip(table.rows, raw.rows, strict=True):
            sheet.append([count for count, _ in of_counts.cells])
            for (lo, hi), cell in zip(row.cells, sheet[sheet.max_row], strict=False):
                cell.number_format = f'"{lo}–{hi}"'
    content = BytesIO()
    book.save(content)
    return parts(content.getvalue())


def table_as_wide_as_its_counts(shown: Reading, counts: Reading) -> object:
    """Lines of bands, each padded to where a bar of the count would end."""
    return "\n".join(
        f"{lo}–{hi}".ljust(8 + raw_lo)
        for table, raw in zip(shown.release.tables, counts.release.tables, strict=True)
        for row, of_counts in zip(table.rows, raw.rows, strict=True)
        for (lo, hi), (raw_lo, _) in zip(row.cells, of_counts.cells, strict=True)
    )


DERIVED: Final[dict[str, Callable[[Reading], object]]] = {
    "orders": orders,
    "colours": colours,
    "next steps": next_steps,
    "sentences and per cents": sentences,
    **{name: file(name) for name in KINDS if name != SIGNED},
    "codebook": codebook,
}
NAIVELY: Final[dict[str, Callable[[Reading, Reading], object]]] = {
    "orders of groups": orders_by_counts,
    "orders of options": orders_of_options_by_counts,
    "colours": colours_by_counts,
    "next steps": next_steps_by_counts,
    "per cents": per_cents_by_counts,
    "a workbook over counts": workbook_over_counts,
    "a table as wide as its counts": table_as_wide_as_its_counts,
}


def test_the_two_have_one_release_and_other_counts() -> None:
    first, second = map(released, BOTH)

    assert to_bytes(first) == to_bytes(second)
    assert any(table.by == "unit" for table in first.tables)
    differing = [
        one.id for one, other in zip(*(printed(each).tables for each in BOTH), strict=True) if one != other
    ]
    assert differing == [
        "I02_exposure_gender_harassment",
        "w01_witnessed",
        "I06_witnessed.unit",
        "I02_exposure_gender_harassment.unit",
    ]


@pytest.mark.parametrize("kind", DERIVED)
def test_nothing_that_is_derived_tells_them_apart(kind: str) -> None:
    first, second = (DERIVED[kind](reading(released(each))) for each in BOTH)

    assert first == second
    # The same made of the counts would: it is no constant.
    of_counts = [DERIVED[kind](reading(printed(each))) for each in BOTH]
    assert of_counts[0] != of_counts[1]


@pytest.mark.parametrize("kind", NAIVELY)
def test_the_naive_rule_tells_them_apart(kind: str) -> None:
    first, second = (NAIVELY[kind](reading(released(each)), reading(printed(each))) for each in BOTH)

    assert first != second
