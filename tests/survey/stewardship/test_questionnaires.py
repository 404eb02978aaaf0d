"""A steward brings a questionnaire, reads what became of it, says what it measures, and has it fielded."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from analysis.measures import indicators_of, item_measure
from analysis.release import from_bytes
from questionnaires.answers import answers_from_codes
from questionnaires.loading import alliance_definition
from survey.commands.files import Reply
from survey.stewardship.own import MOST, fieldable
from survey.storage.repositories import ScopedRepository
from tests.alliances import fielded
from tests.pages import Page
from tests.questionnaires.exchange.forms import table, workbook
from tests.questionnaires.exchange.hostile import LISTS, made, questions
from tests.survey.stewardship.conftest import Desk

TARGET = alliance_definition("workplace").item("k04_dialogue")
CODES = [option.code for option in TARGET.options]


def dialogue_form() -> bytes:
    """One question that is the alliance's in other words, one of their own, one that cannot come."""
    choices = [["talk", f"a{place}", f"Svar {place}"] for place in range(len(CODES))]
    return workbook(
        survey=table("""
            type            | name    | label::Dansk (da) | label::English (en)
            select_one talk | talked  | Har I talt?       | Did you talk?
            select_one yn   | canteen | Er maden god?     | Is the food good?
            text            | why     | Hvorfor?          | Why?
        """),
        choices=[["list_name", "name", "label"], *choices, *LISTS[1:]],
        settings=[["form_title"], ["Kantinen"]],
    )


def upload(desk: Desk, data: bytes, name: str = "form.xlsx") -> TestResponse:
    sent = {"file": (io.BytesIO(data), name), "language": "da"}
    return desk.client.post(f"{desk.address}/upload?lang=en", data=sent, content_type="multipart/form-data")


def brought(desk: Desk) -> str:
    """The address of a questionnaire that was brought."""
    answer = upload(desk, dialogue_form())
    assert answer.status_code == 302
    return re.sub(r"\?.*", "", answer.headers["Location"])


def match(desk: Desk, address: str, **more: str) -> TestResponse:
    sent = {"own": "talked", "target": TARGET.id, "codes": "1"} | more
    return desk.client.post(f"{address}/mapping?lang=en", data=sent)


SAME = {f"code-a{place}": code for place, code in enumerate(CODES)}


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_pages_are_whole_in_both_languages(desk: Desk, language: str) -> None:
    address = brought(desk)

    for page in (desk.address, address):
        answer = desk.client.get(f"{page}?lang={language}")
        assert Page.parsed(answer.get_data(as_text=True)).faults() == []
    chosen = desk.client.post(
        f"{address}/mapping?lang={language}", data={"own": "talked", "target": TARGET.id}
    )
    assert Page.parsed(chosen.get_data(as_text=True)).faults() == []


def test_what_became_of_each_part_is_shown_with_its_place(desk: Desk) -> None:
    page = desk.client.get(f"{brought(desk)}?lang=en").get_data(as_text=True)

    assert "free text gives people away" in page
    assert "survey, row 4" in page


def test_a_file_that_cannot_be_read_says_why_and_keeps_nothing(desk: Desk) -> None:
    for data in (
        b"",
        b"nothing",
        made("entities"),
        made("a zip bomb"),
        workbook(survey=questions(300), choices=LISTS),
    ):
        answer = upload(desk, data)

        assert answer.status_code == 422
        assert Page.parsed(answer.get_data(as_text=True)).faults() == []
    with desk.databases.alliance_session(reading=True) as session:
        assert ScopedRepository(session, desk.organisation.id).own_questionnaires() == []


def test_a_file_that_is_too_large_is_turned_away(desk: Desk) -> None:
    claimed = {"CONTENT_LENGTH": "11000000", "CONTENT_TYPE": "multipart/form-data; boundary=b"}

    assert desk.client.post(f"{desk.address}/upload", environ_overrides=claimed).status_code == 413


def test_other_pages_take_no_long_body(desk: Desk) -> None:
    answer = desk.client.post(f"{brought(desk)}/mapping", data={"own": "a" * 20_000})

    assert answer.status_code == 413


def test_an_organisation_keeps_a_bounded_number(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST == 50
    monkeypatch.setattr("survey.stewardship.questionnaires.MOST", 1)
    brought(desk)

    assert upload(desk, dialogue_form()).status_code == 422


def test_nothing_feeds_the_alliances_figures_until_somebody_says_so(desk: Desk) -> None:
    address = brought(desk)
    assert indicators(desk) == []

    assert match(desk, address).status_code == 422  # no answer is matched yet
    assert match(desk, address, **SAME | {"code-a0": CODES[1]}).status_code == 422
    assert indicators(desk) == []

    assert match(desk, address, **SAME).status_code == 302
    assert indicators(desk) == ["I14_dialogue_held"]

    assert match(desk, address, remove="1").status_code == 302
    assert indicators(desk) == []


def test_what_was_chosen_for_each_answer_is_kept_when_something_is_wrong(desk: Desk) -> None:
    answer = match(desk, brought(desk), **SAME | {"code-a0": CODES[1]})
    page = Page.parsed(answer.get_data(as_text=True))
    chosen = [option.get("value") for option in page.elements("option") if option.get("selected") is not None]

    assert page.faults() == []
    assert chosen[: len(CODES)] == [CODES[1], *CODES[1:]]
    assert "Each answer can be the same as one other only." in page.text()


def test_an_own_question_about_an_act_is_marked_and_protected_as_one(desk: Desk) -> None:
    address = brought(desk)
    mark = f"{address}/marks"
    assert sensitive(desk) == set()

    assert desk.client.post(mark, data={"own": "canteen", "sensitive": "yes"}).status_code == 302
    assert sensitive(desk) == {"canteen"}
    assert Page.parsed(desk.client.get(address).get_data(as_text=True)).faults() == []
    assert desk.client.post(mark, data={"own": "canteen", "sensitive": "no"}).status_code == 302
    assert sensitive(desk) == set()
    for nonsense in ({"own": "nothing", "sensitive": "yes"}, {"own": "canteen"}, {}):
        assert desk.client.post(mark, data=nonsense).status_code == 400


def sensitive(desk: Desk) -> set[str]:
    """The items whose figures are protected as those of acts are."""
    with desk.databases.alliance_session(reading=True) as session:
        repository = ScopedRepository(session, desk.organisation.id)
        (row,) = repository.own_questionnaires()
        own = fieldable(row, repository.organisation())
    return {item.id for item in own.items if item_measure(own, item).sensitive}


def indicators(desk: Desk) -> list[str]:
    with desk.databases.alliance_session(reading=True) as session:
        repository = ScopedRepository(session, desk.organisation.id)
        (row,) = repository.own_questionnaires()
        return [each.id for each in indicators_of(fieldable(row, repository.organisation()))]


def test_a_removed_one_is_gone(desk: Desk) -> None:
    address = brought(desk)

    assert desk.client.post(f"{address}/removal").status_code == 302
    assert desk.client.get(address).status_code == 404


def test_the_forms_are_guarded_against_other_sites(desk: Desk, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    assert upload(desk, dialogue_form()).status_code == 400


@pytest.mark.slow
def test_a_saved_questionnaire_is_fielded_through_to_a_release(desk: Desk, tmp_path: Path) -> None:
    """What a steward saved is the questionnaire of a wave, and its mapping feeds the indicator."""
    match(desk, brought(desk), **SAME)
    with desk.databases.alliance_session(reading=True) as session:
        repository = ScopedRepository(session, desk.organisation.id)
        (row,) = repository.own_questionnaires()
        own = fieldable(row, repository.organisation())
    chosen = [{TARGET.id: CODES[place % 2], "canteen": "yn"[place // 2 % 2]} for place in range(40)]
    replies = [Reply(None, answers_from_codes(own, codes)) for codes in chosen]

    with fielded(tmp_path / "alliance", own, replies, 45).opened() as (alliance, ballot):
        alliance.close(ballot)
        content = alliance.approve(ballot, trustees=2)

    assert content is not None
    release = from_bytes(content)
    shown = {table.item: table.rows[0].cells for table in release.tables}
    assert "I14_dialogue_held" in shown
    # Twenty chose each; the release says so of one, as a band.
    assert any(least <= 20 <= most < 40 for least, most in shown["canteen"])
