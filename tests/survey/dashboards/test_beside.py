"""The sector's figures on a leader's dashboard: where an edition tells them, and never more than it tells."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from analysis.edition import Answer, Edition, Figure, Where
from survey.storage.models import Organisation
from tests.editions import know_custody, store_edition
from tests.pages import Page
from tests.survey.dashboards.conftest import House

YEAR = 2026
ALL, WORK = Where(year=YEAR), Where(year=YEAR, area="labour_market")
INDUSTRY = Where(year=YEAR, area="labour_market", sector="DB07/3/C")


def figure(where: Where, estimate: int, indicator: str = "I14_dialogue_held") -> Figure:
    answer = Answer(
        id="yes", estimate=estimate, lower=estimate - 20, upper=estimate + 20, next_lower=0,
        next_upper=1000, error=10, icc=None,
    )  # fmt: skip
    return Figure(
        indicator=indicator, where=where, edition=1, organisations=7, respondents=400, answers=(answer,)
    )


def edition(*figures: Figure) -> Edition:
    return Edition(
        number=1, day="2026-09-01", policy="pooling v1", synthetic=True, figures=figures, withheld=()
    )


def told(house: House, *figures: Figure) -> None:
    know_custody(house.databases)
    store_edition(house.databases, edition(*figures))


def page(house: House, leader: FlaskClient, language: str = "en") -> str:
    shown = leader.get(f"/o/{house.own.id}/releases/{house.wave}?lang={language}")
    assert shown.status_code == 200
    read = Page.parsed(shown.text)
    assert read.faults() == []
    return read.text()


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_figure_of_the_area_stands_beside_ones_own(
    house: House, leader: FlaskClient, language: str
) -> None:
    told(house, figure(ALL, 300), figure(WORK, 400))
    shown = page(house, leader, language)

    assert ("Labour market, 2026" if language == "en" else "Arbejdsmarkedet, 2026") in shown
    assert ("40.0% (38.0–42.0)" if language == "en" else "40,0 % (38,0–42,0)") in shown
    assert ("figures of September 1, 2026" if language == "en" else "tal den 1. september 2026") in shown


def test_the_narrowest_that_is_told_is_shown(house: House, leader: FlaskClient) -> None:
    with house.databases.alliance_session() as session:
        own = session.get_one(Organisation, house.own.id)
        own.scheme, own.scheme_version, own.scheme_code = "DB07", "3", "C"
    told(house, figure(ALL, 300), figure(WORK, 400), figure(INDUSTRY, 500))

    assert "Manufacturing, 2026" in page(house, leader)


def test_more_or_fewer_is_said_only_where_both_intervals_leave_no_doubt(
    house: House, leader: FlaskClient
) -> None:
    told(house, figure(WORK, 30), figure(WORK, 950, "I10_awareness"))
    shown = page(house, leader)

    assert "More here" in shown
    assert "Fewer here" in shown


def test_without_an_edition_or_a_figure_nothing_stands_there(house: House, leader: FlaskClient) -> None:
    assert "Beside others of your kind" not in page(house, leader)
    told(house, figure(Where(year=YEAR + 1, area="labour_market"), 400))
    assert "Beside others of your kind" not in page(house, leader)


def test_of_another_area_nothing_is_said(house: House, leader: FlaskClient) -> None:
    told(house, figure(Where(year=YEAR, area="education"), 400))

    assert "Beside others of your kind" not in page(house, leader)
