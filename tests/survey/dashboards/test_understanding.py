"""Ways into a release: three things, groups at a glance, what figures mean, what has become of them."""

from __future__ import annotations

import datetime

import pytest
from flask.testing import FlaskClient

from analysis.release import Row, Table
from questionnaires.model import Questionnaire
from survey.storage.identifiers import new_identifier
from survey.storage.models import PlannedAction
from tests.pages import Page
from tests.releases import store, table, tables
from tests.survey.dashboards.conftest import House

LANGUAGES = ["da", "en"]
PERIOD = {"first_day": "2025-10-01", "last_possible_day": "2025-10-15"}
DIALOGUE = "I14_dialogue_held"


def seen(client: FlaskClient, house: House, path: str, language: str = "en", wave: str = "") -> Page:
    answer = client.get(f"/o/{house.own.id}/releases/{wave or house.wave}{path}?lang={language}")
    assert answer.status_code == 200
    return Page.parsed(answer.text)


def by_unit(whole: Table, groups: dict[str, tuple[tuple[int, int], ...]]) -> Table:
    rows = tuple(Row(group=group, parent=None, base=(30, 30), cells=cells) for group, cells in groups.items())
    return whole.model_copy(update={"id": f"{whole.id}.unit", "by": "unit", "rows": rows})


@pytest.fixture
def grouped(house: House, workplace: Questionnaire) -> str:
    whole = table(workplace, DIALOGUE, ((30, 30), (25, 25), (8, 8)))
    climate = table(workplace, "I11_climate_index", ((40, 40), (10, 10), (8, 8), (5, 5)), mean=65)
    shown = [
        climate,
        whole,
        by_unit(whole, {"u1": ((5, 9), (15, 19), (0, 4)), "u2": ((0, 30), (0, 30), (0, 30))}),
        by_unit(climate, {"u1": ((10, 14), (5, 9), (5, 9), (0, 4))}),
    ]
    with house.databases.alliance_session() as session:
        return store(session, house.own, workplace, shown, breakdowns=("unit",))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/brief", "/groups", "/definitions", f"/groups/{DIALOGUE}"])
def test_every_page_is_whole(
    house: House, leader: FlaskClient, grouped: str, path: str, language: str
) -> None:
    page = seen(leader, house, path, language, grouped)

    assert page.faults() == []
    assert page.language == language


def matters(page: Page) -> list[str]:
    [listed] = page.elements("ol")
    return ["".join(each.itertext()).strip() for each in listed.iter("h2")]


def test_without_a_question_to_ask_a_leader_in_a_hurry_gets_what_every_release_begins_with(
    house: House, leader: FlaskClient
) -> None:
    page = seen(leader, house, "/brief")

    assert len(matters(page)) == 3
    assert matters(page)[0].startswith("Climate index")
    assert "Talk about this:" not in page.text()
    assert "Never try to find out who answered what" in page.text()


def test_what_the_figures_leave_no_doubt_about_comes_first(
    house: House, leader: FlaskClient, workplace: Questionnaire
) -> None:
    low = table(workplace, DIALOGUE, ((10, 10), (50, 50), (3, 3)))
    shown = [low if each.id == DIALOGUE else each for each in tables(workplace)]
    with house.databases.alliance_session() as session:
        wave = store(session, house.own, workplace, shown)

    page = seen(leader, house, "/brief", wave=wave)

    assert "tone and boundaries" in matters(page)[0]
    assert len(matters(page)) == 3
    assert page.text().count("Talk about this:") == 1


def test_where_all_is_hidden_there_is_still_something_to_do(
    house: House, leader: FlaskClient, workplace: Questionnaire
) -> None:
    with house.databases.alliance_session() as session:
        wave = store(session, house.own, workplace, [])

    text = seen(leader, house, "/brief", wave=wave).text()
    assert "Talk all the same." in text
    assert "begin with the day on which everybody hears the results" in text


def test_groups_stand_beside_each_other_in_the_colours_of_their_bounds(
    house: House, leader: FlaskClient, grouped: str
) -> None:
    page = seen(leader, house, "/groups", wave=grouped)

    [shown] = page.elements("table")
    lines = {line[0].text: line[1:] for line in shown.iter("tr") if line.get("class") or line[0].text}
    assert [cell.get("class") for cell in lines["u1"]] == [
        "heat-cell heat-from-1 heat-to-2",
        "heat-cell heat-from-1 heat-to-1",
    ]
    hidden = {(cell.text or "").strip() for cell in lines["u2"]}
    assert hidden <= {"hidden", ""}
    assert all(cell.get("class") == "heat-hidden" for cell in lines["u2"])
    # The unit has no mean, so everybody has none beside it: a mean and a share are not to be compared.
    assert lines["Everybody"][0].text == "69%"


def test_means_stand_beside_each_other_where_each_group_has_one(
    house: House, leader: FlaskClient, workplace: Questionnaire
) -> None:
    whole = table(workplace, "I11_climate_index", ((40, 40), (10, 10), (8, 8), (5, 5)), mean=65)
    units = by_unit(whole, {"u1": ((10, 14), (5, 9), (5, 9), (0, 4))})
    rows = tuple(row.model_copy(update={"mean": 70}) for row in units.rows)
    with house.databases.alliance_session() as session:
        shown = [whole, units.model_copy(update={"rows": rows})]
        wave = store(session, house.own, workplace, shown, breakdowns=("unit",))

    page = seen(leader, house, "/groups", wave=wave)

    assert [cell.text for cell in page.elements("td")] == ["65", "70"]


def test_without_groups_the_page_says_so(house: House, leader: FlaskClient) -> None:
    assert "No figures are shown by group." in seen(leader, house, "/groups").text()


def test_a_figure_by_group_is_one_link_away_and_another_is_not_there(
    house: House, leader: FlaskClient, grouped: str
) -> None:
    links = {each.get("href", "") for each in seen(leader, house, "", wave=grouped).elements("a")}

    base = f"/o/{house.own.id}/releases/{grouped}"
    assert f"{base}/groups/{DIALOGUE}?lang=en" in links
    assert f"{base}/definitions?lang=en#about-{DIALOGUE}" in links
    assert "5–9" in seen(leader, house, f"/groups/{DIALOGUE}", wave=grouped).text()
    for nothing in ("k02_contact", "I99"):
        assert leader.get(f"{base}/groups/{nothing}").status_code == 404


def test_every_planned_figure_is_explained_also_one_that_is_hidden(house: House, leader: FlaskClient) -> None:
    page = seen(leader, house, "/definitions")

    explained = {each.get("id", "").removeprefix("about-") for each in page.elements("article")}
    assert {"I11_climate_index", "I01_exposure_any", "I07_source_profile", "k02_contact"} <= explained
    assert "Whoever answered fewer than" in page.text()
    assert "fewer than 1 of" not in page.text()
    assert "Hidden: the group is too small" in page.text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_planned_stands_beside_what_has_become_of_it(
    house: House, leader: FlaskClient, workplace: Questionnaire, language: str
) -> None:
    with house.databases.alliance_session() as session:
        held = table(workplace, DIALOGUE, ((10, 10), (50, 50), (3, 3)))
        wave = store(session, house.own, workplace, [held], field_period=PERIOD)
        of_it = {
            "wave_id": wave,
            "organisation_id": house.own.id,
            "who": "Bo",
            "due_on": datetime.date(2026, 1, 1),
        }
        session.add(PlannedAction(id=new_identifier(), **of_it, what="Talk each spring", about=DIALOGUE))
        session.add(PlannedAction(id=new_identifier(), **of_it, what="Paint the hall", about=""))

    page = seen(leader, house, "", language)
    since = [each for each in page.elements("section") if "since" in {one.get("id") for one in each.iter()}]
    text = " ".join(" ".join(each.itertext()) for each in since)
    news = {"da": ("Flere end sidst", "gode nyheder"), "en": ("More than last time", "good news")}
    assert page.faults() == []
    assert all(words in text for words in news[language])
    assert "Talk each spring" in text
    assert "Paint the hall" in text
    # The earlier wave has none before it.
    assert "since" not in {each.get("id") for each in seen(leader, house, "", language, wave).elements("h2")}
