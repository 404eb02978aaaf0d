"""A joint wave on a leader's dashboard: beside no wave of the member's own people, and beside no sector."""

from __future__ import annotations

from flask.testing import FlaskClient

from questionnaires.model import Questionnaire
from tests.pages import Page
from tests.releases import store, tables
from tests.survey.dashboards.conftest import House
from tests.survey.dashboards.test_beside import WORK, figure, told
from tests.survey.waves.manifests import joint

JOINT = {name: joint()[name] for name in ("joint", "invited", "units")}
COUNTED = {"invited": 150, "received": 66, "withdrawn": 2, "rejected": {"malformed": 1}, "counted": 63}
LATER = {"first_day": "2027-11-30", "last_possible_day": "2027-12-14"}
SINCE, BESIDE = "Since last time", "Beside others of your kind"


def shown(house: House, leader: FlaskClient, questionnaire: Questionnaire, **promises: object) -> str:
    """The dashboard of a wave half a year after the member's first."""
    counted = COUNTED if promises else None
    with house.databases.alliance_session() as session:
        wave = store(
            session, house.own, questionnaire, tables(questionnaire), counted, field_period=LATER, **promises
        )
    answer = leader.get(f"/o/{house.own.id}/releases/{wave}?lang=en")
    assert answer.status_code == 200
    return Page.parsed(answer.text).text()


def test_a_wave_of_ones_own_people_stands_beside_the_last_one_and_the_sector(
    house: House, leader: FlaskClient, workplace: Questionnaire
) -> None:
    told(house, figure(WORK, 400))
    page = shown(house, leader, workplace)

    assert SINCE in page
    assert BESIDE in page


def test_a_joint_wave_stands_beside_no_wave_of_the_members_own_people_and_no_sector(
    house: House, leader: FlaskClient, workplace: Questionnaire
) -> None:
    told(house, figure(WORK, 400))
    page = shown(house, leader, workplace, **JOINT)

    assert "12 small ferries together" in page
    assert SINCE not in page
    assert BESIDE not in page
