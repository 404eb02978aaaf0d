"""The secretariat decides, classifies, checks help lines, and reads the log."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from questionnaires.loading import load
from survey.accounts.links import one_time_link
from survey.secretariat.wording import ACTIONS
from survey.storage.accounts import Account
from survey.storage.audit import Action, verify
from survey.storage.models import MembershipRole, Organisation
from survey.storage.people import Application, ApplicationState, HelpLineCheck
from survey.waves.help_lines import DEFINITIONS, check_digest, with_checked_lines
from tests.survey.accounts.people import (
    apply_link,
    good,
    link_in,
    mail_to,
    organisation,
    organisations,
    person,
    send,
)
from tests.survey.accounts.test_applying import CONTACT, THEATRE


@pytest.fixture
def alliance(app: Flask) -> str:
    return organisation(app, "alliance", alliance=True)


@pytest.fixture
def desk(app: Flask, client: FlaskClient, alliance: str) -> str:
    """The desk's address, of whoever is signed in as the secretariat."""
    secretary = person(app, alliance, MembershipRole.SECRETARIAT, email="sekretariat@example.org")
    client.get(one_time_link(app.config["SECRET_KEY"], "", secretary.id))
    return f"/o/{alliance}/desk/"


@pytest.fixture
def asked(app: Flask, client: FlaskClient, desk: str) -> str:
    """A theatre that has asked and confirmed; where the desk decides about it."""
    good(send(client, apply_link(app, client, "start", CONTACT), THEATRE))
    (application,) = applications(app)
    return f"{desk}applications/{application.id}"


def applications(app: Flask) -> list[Application]:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        return list(session.scalars(select(Application)))


def test_every_page_of_the_desk_is_there_in_both_languages_without_a_fault(
    client: FlaskClient, app: Flask, desk: str, asked: str
) -> None:
    pages = ("", "organisations", "people", "help-lines", "questionnaires", "log")
    for address in (*(f"{desk}{page}" for page in pages), asked):
        for language in ("da", "en"):
            good(client.get(f"{address}?lang={language}"))


def test_an_approved_organisation_is_classified_and_its_first_steward_invited(
    client: FlaskClient, app: Flask, desk: str, asked: str
) -> None:
    assert THEATRE["name"] in good(client.get(desk)).text()
    sector = "alliance-culture-leisure/1/theatre"
    assert send(client, asked, {"decision": "approve", "sector": sector}).location == desk

    made = organisations(app)[-1]
    (decided,) = applications(app)
    assert (made.name, made.cvr, made.area) == ("Teatret ved Åen", "13585628", "culture_leisure")
    assert (made.scheme, made.scheme_version, made.scheme_code) == (
        "alliance-culture-leisure",
        "1",
        "theatre",
    )
    assert (decided.state, decided.contact) == (ApplicationState.APPROVED, "")
    good(app.test_client().get(link_in(mail_to(app, CONTACT, "inviteret"))))
    good(client.get(asked))
    assert send(client, desk.replace("desk/", "people/"), {}, asked).status_code in {302, 400}
    assert len(organisations(app)) == 2


def test_a_declined_organisation_is_told_why(client: FlaskClient, app: Flask, desk: str, asked: str) -> None:
    good(send(client, asked, {"decision": "decline", "reason": " "}), 400)
    send(client, asked, {"decision": "decline", "reason": "Nummeret er et andet firmas."})

    assert "Nummeret er et andet firmas." in mail_to(app, CONTACT, "Svar").text
    assert [a.state for a in applications(app)] == [ApplicationState.DECLINED]


@pytest.mark.parametrize("form", [{}, {"decision": "approve"}, {"decision": "approve", "sector": "DB07/3/R"}])
def test_a_decision_that_is_not_whole_decides_nothing(
    client: FlaskClient, app: Flask, asked: str, form: dict[str, str]
) -> None:
    good(send(client, asked, form), 400)

    assert [a.state for a in applications(app)] == [ApplicationState.WAITING]


def test_an_organisation_of_the_same_name_or_number_is_pointed_out(
    client: FlaskClient, app: Flask, asked: str
) -> None:
    assert "Der er en, der ligner" not in good(client.get(asked)).text()
    twin = organisation(app, "twin")
    with app.extensions["tillid"].databases.alliance_session() as session:
        session.get_one(Organisation, twin).name = "TEATRET  ved åen"

    assert "Der er en, der ligner: TEATRET" in good(client.get(asked)).text()


def test_a_hundred_organisations_of_one_name_are_told_apart_by_their_numbers(
    client: FlaskClient, app: Flask, desk: str
) -> None:
    with app.extensions["tillid"].databases.alliance_session() as session:
        for number in range(100):
            session.add(
                Organisation(
                    id=f"0twin{number:011}", name="Fitness", area="culture_leisure", cvr=f"{number:08}"
                )
            )
    page = good(client.get(f"{desk}organisations"))

    assert page.text().count("Fitness") == 100
    assert all(f"CVR {number:08}" in page.text() for number in range(100))


def test_an_organisation_is_moved_and_gets_a_new_steward(client: FlaskClient, app: Flask, desk: str) -> None:
    other = organisation(app, "other")
    address = f"{desk}organisations/{other}"
    good(client.get(address))
    right = {"area": "labour_market", "sector": "DB07/3/R"}
    good(send(client, address, {**right, "area": "education"}), 400)
    send(client, address, right)
    refused = good(send(client, address, {"email": "ny"}, f"{address}/stewards"), 400)
    assert "ny" in [field.get("value") for field in refused.elements("input")]
    send(client, address, {"email": "ny@example.org"}, f"{address}/stewards")

    moved = next(found for found in organisations(app) if found.id == other)
    assert moved.scheme_code == "R"
    mail_to(app, "ny@example.org", "inviteret")
    for done in ("kept", "invited"):
        good(client.get(f"{address}?{done}=1"))


def test_a_help_line_is_shown_to_nobody_before_it_is_checked_and_from_then_on_in_new_waves(
    client: FlaskClient, app: Flask, desk: str
) -> None:
    definition = load(DEFINITIONS / "workplace.yaml")
    line = definition.help_lines[0]
    databases = app.extensions["tillid"].databases
    with databases.alliance_session(reading=True) as session:
        assert with_checked_lines(session, definition) == definition
    send(client, f"{desk}help-lines", {}, f"{desk}help-lines/{check_digest(line)}/right")
    with databases.alliance_session(reading=True) as session:
        shown = [
            found.id
            for found in with_checked_lines(session, definition).help_lines
            if not found.verify_before_release
        ]
        assert shown == [line.id]
    send(client, f"{desk}help-lines", {}, f"{desk}help-lines/{check_digest(line)}/unchecked")

    with databases.alliance_session(reading=True) as session:
        assert session.scalars(select(HelpLineCheck)).all() == []


def test_a_line_whose_number_changed_is_unchecked_again() -> None:
    line = load(DEFINITIONS / "workplace.yaml").help_lines[0]

    assert check_digest(line) != check_digest(line.model_copy(update={"phone": "12 34 56 78"}))


def test_a_lost_second_factor_is_taken_off_told_by_mail_and_not_ones_own(
    client: FlaskClient, app: Flask, desk: str, alliance: str
) -> None:
    bo = person(app, organisation(app, "other"), MembershipRole.STEWARD, email="bo@example.org")
    with app.extensions["tillid"].databases.alliance_session() as session:
        session.get_one(Account, bo.id).totp_secret = b"lost"
    send(client, f"{desk}help-lines", {}, f"{desk}people/{bo.id}/factors")
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        assert session.get_one(Account, bo.id).totp_secret is None
        own = session.scalars(select(Account.id).where(Account.email == "sekretariat@example.org")).one()

    assert "meldt tabt" in mail_to(app, "bo@example.org", "er ændret").text
    good(client.get(f"{desk}people?reset=1"))
    assert send(client, f"{desk}help-lines", {}, f"{desk}people/{own}/factors").status_code == 403


def test_a_questionnaire_is_retired_and_offered_again(client: FlaskClient, app: Flask, desk: str) -> None:
    definition = load(DEFINITIONS / "workplace.yaml")
    address = f"{desk}questionnaires"
    for verdict, expected in (("retire", "taget ud"), ("publish", "udbudt")):
        send(client, address, {}, f"{address}/{definition.id}/{definition.version}/{verdict}")
        assert f"{definition.version} · {expected}" in good(client.get(address)).text()


def test_the_log_tells_it_all_and_its_head_is_that_of_the_chain(
    client: FlaskClient, app: Flask, desk: str, asked: str
) -> None:
    page = good(client.get(f"{desk}log")).text()
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        head = verify(session)

    assert str(head) in page
    assert "En organisation bad om at komme i gang" in page
    assert THEATRE["name"] not in page  # what was typed is not in the log
    good(client.get(f"{desk}log?before={head.number}"))


def test_the_log_has_a_sentence_for_everything_that_can_be_done() -> None:
    assert set(ACTIONS) == {action.value for action in Action}
