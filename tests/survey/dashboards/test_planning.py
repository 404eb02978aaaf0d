"""The plan after a release: what, who, by when, done, and when everybody hears of it."""

from __future__ import annotations

import datetime
from http import HTTPStatus

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.dashboards import planning
from survey.storage.audit import AuditEntry
from survey.storage.models import FollowUp, PlannedAction
from survey.storage.repositories import ScopedRepository
from survey.waves.clock import today
from tests.pages import Page
from tests.survey.dashboards.conftest import House

SOON = today() + datetime.timedelta(days=30)
ACTION = {"what": "A talk at every start", "who": "The foremen", "due_on": SOON.isoformat(), "about": ""}
HEARING = {"day": SOON.isoformat(), "how": "At the Monday meeting, and by letter"}


@pytest.fixture
def writer(house: House, leader: FlaskClient) -> FlaskClient:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return leader


def sent(
    client: FlaskClient, house: House, where: str, fields: dict[str, str], wave: str = ""
) -> TestResponse:
    address = f"/o/{house.own.id}/releases/{wave or house.wave}/plan/{where}?lang=en"
    return client.post(address, data=fields)


def planned(house: House) -> list[PlannedAction]:
    with house.databases.alliance_session(reading=True) as session:
        return [*ScopedRepository(session, house.own.id).planned_actions(house.wave)]


def followed_up(house: House) -> FollowUp | None:
    with house.databases.alliance_session(reading=True) as session:
        return ScopedRepository(session, house.own.id).follow_up(house.wave)


def page_of(client: FlaskClient, house: House, language: str = "en") -> Page:
    return Page.parsed(client.get(f"/o/{house.own.id}/releases/{house.wave}/plan?lang={language}").text)


def logged(house: House) -> list[str]:
    with house.databases.alliance_session(reading=True) as session:
        return [entry.action for entry in session.query(AuditEntry).order_by(AuditEntry.number)]


@pytest.mark.parametrize("language", ["da", "en"])
def test_an_action_is_planned_done_undone_and_removed(
    house: House, writer: FlaskClient, language: str
) -> None:
    answer = sent(writer, house, "actions", ACTION | {"about": "I11_climate_index"})
    assert answer.status_code == HTTPStatus.SEE_OTHER
    [action] = planned(house)
    assert (action.what, action.who, action.due_on) == (ACTION["what"], ACTION["who"], SOON)
    page = page_of(writer, house, language)
    assert page.faults() == []
    assert "A talk at every start" in page.text()

    for change, day in (("done", today()), ("undone", None)):
        sent(writer, house, f"actions/{action.id}", {"change": change})
        assert planned(house)[0].done_on == day
    sent(writer, house, f"actions/{action.id}", {"change": "remove"})

    assert planned(house) == []
    assert logged(house) == ["action_planned", "action_changed", "action_changed", "action_removed"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"what": ""}, "Write what you will do"),
        ({"what": "x" * 501}, "in at most 500 letters"),
        ({"who": " "}, "Write who sees to it"),
        ({"due_on": ""}, "Choose a day."),
        ({"due_on": "31/02/2026"}, "Choose a day."),
        ({"due_on": "2001-01-01"}, "Choose a day from today on"),
        ({"due_on": "9999-12-31"}, "Choose a day from today on"),
        ({"about": "I99_ranking"}, "Not a valid choice."),
    ],
)
def test_an_action_that_cannot_be_is_refused_and_what_was_typed_is_kept(
    house: House, writer: FlaskClient, wrong: dict[str, str], said: str
) -> None:
    answer = sent(writer, house, "actions", ACTION | wrong)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in answer.text
    assert all(
        value in answer.text for name, value in ACTION.items() if name in {"what", "who"} - wrong.keys()
    )
    assert planned(house) == []


def test_no_more_is_planned_than_anybody_can_see_to(
    house: House, writer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "MOST", 1)
    sent(writer, house, "actions", ACTION)

    answer = sent(writer, house, "actions", ACTION)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "There are 1 already." in answer.text
    assert len(planned(house)) == 1


def test_an_action_is_not_changed_into_something_else(house: House, writer: FlaskClient) -> None:
    sent(writer, house, "actions", ACTION)

    [action] = planned(house)
    assert sent(writer, house, f"actions/{action.id}", {"change": "x"}).status_code == HTTPStatus.BAD_REQUEST
    nowhere = sent(writer, house, f"actions/{action.id}", {"change": "done"}, house.foreign_wave)
    assert nowhere.status_code == HTTPStatus.NOT_FOUND
    assert planned(house)[0].done_on is None


def test_the_day_on_which_everybody_hears_the_results_is_chosen_and_moved(
    house: House, writer: FlaskClient
) -> None:
    for how in (HEARING["how"], "At the summer meeting"):
        assert sent(writer, house, "follow-up", HEARING | {"how": how}).status_code == HTTPStatus.SEE_OTHER

    known = followed_up(house)
    assert known is not None
    assert (known.day, known.how) == (SOON, "At the summer meeting")
    assert logged(house) == ["follow_up_planned"] * 2
    results = writer.get(f"/o/{house.own.id}/releases/{house.wave}/results?lang=en").text
    assert "At the summer meeting" in results


@pytest.mark.parametrize("wrong", [{"day": ""}, {"day": "2001-01-01"}, {"how": ""}, {"how": "x" * 501}])
def test_a_day_that_cannot_be_is_refused(house: House, writer: FlaskClient, wrong: dict[str, str]) -> None:
    answer = sent(writer, house, "follow-up", HEARING | wrong)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Page.parsed(answer.text).faults() == []
    assert followed_up(house) is None
