"""A nationwide organisation becomes a member, and says each year what it does."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.accounts.links import one_time_link
from survey.storage.alliance import Commitment, Member
from survey.storage.models import MembershipRole, Organisation
from survey.storage.people import ApplicationState
from tests.survey.accounts.people import apply_link, good, mail_to, mails, organisation, person, send
from tests.survey.accounts.test_applying import CHOIRS, CONTACT, applications

SECTOR = "alliance-culture-leisure/1/theatre"


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> str:
    alliance = organisation(app, "alliance", alliance=True)
    secretary = person(app, alliance, MembershipRole.SECRETARIAT, email="sekretariat@example.org")
    client.get(one_time_link(app.config["SECRET_KEY"], "", secretary.id))
    return f"/o/{alliance}/desk/"


def applied(app: Flask, client: FlaskClient, desk: str) -> str:
    """The address at the desk of an application."""
    good(send(client, apply_link(app, client, "join", CONTACT), CHOIRS))
    (application,) = applications(app)
    return f"{desk}applications/{application.id}"


def test_an_organisation_applies_confirms_is_admitted_with_a_reason_and_stands_in_the_register(
    app: Flask, client: FlaskClient, desk: str
) -> None:
    assert "Der står ingen i registret" in good(client.get("/members/")).text()
    address = applied(app, client, desk)
    assert "Danske Kor" in good(client.get(desk)).text()
    good(client.get(address))
    good(send(client, address, {"decision": "approve", "sector": SECTOR}), 400)
    send(client, address, {"decision": "approve", "sector": SECTOR, "reason": "I er landsdækkende."})

    assert "I er landsdækkende." in mail_to(app, CONTACT, "Velkommen").text
    assert len([to for to, mail in mails(app) if to == CONTACT and "inviteret" in mail.subject]) == 2
    (decided,) = applications(app)
    assert (decided.state, decided.contact) == (ApplicationState.APPROVED, "")
    assert "Danske Kor" in good(client.get("/members/")).text()
    page = good(client.get(f"/members/{decided.organisation_id}"))
    assert "https://kor.example/" in [link.get("href") for link in page.elements("a")]
    good(client.get(address))
    good(client.get(f"{desk}register/"))


def test_an_organisation_that_is_here_becomes_a_member_and_none_is_made(
    app: Flask, client: FlaskClient, desk: str
) -> None:
    here = organisation(app, "here")
    with app.extensions["tillid"].databases.alliance_session() as session:
        session.get_one(Organisation, here).cvr = CHOIRS["cvr"]
    address = applied(app, client, desk)
    assert "Den er her allerede" in good(client.get(address)).text()
    send(client, address, {"decision": "approve", "reason": "Ja."})

    assert [found.organisation_id for found in applications(app)] == [here]


def test_a_declined_organisation_is_told_why(app: Flask, client: FlaskClient, desk: str) -> None:
    address = applied(app, client, desk)
    send(client, address, {"decision": "decline", "reason": "I er kun i Vejle."})

    assert "I er kun i Vejle." in mail_to(app, CONTACT, "Svar").text
    again = send(client, f"{desk}activities/", {"decision": "decline", "reason": "x"}, address)
    assert again.location == desk
    assert "Der står ingen" in good(client.get("/members/")).text()


@pytest.fixture
def member(app: Flask, client: FlaskClient) -> str:
    """A member whose contributor is signed in."""
    own = organisation(app, "member")
    with app.extensions["tillid"].databases.alliance_session() as session:
        session.get_one(Organisation, own).is_member = True
        joined = app.extensions["tillid"].today().replace(month=1, day=1)
        session.add(Member(organisation_id=own, kind="interest_org", joined_on=joined))
    writer = person(app, own, MembershipRole.CONTRIBUTOR)
    client.get(one_time_link(app.config["SECRET_KEY"], "", writer.id))
    return own


def test_a_member_writes_what_it_will_do_and_later_what_came_of_it(
    app: Flask, client: FlaskClient, member: str
) -> None:
    today = app.extensions["tillid"].today()
    page = f"/o/{member}/commitments/"
    good(client.get(page))
    good(send(client, page, {"year": str(today.year - 5), "duty": "dialogue", "promise": "Før vi kom."}), 400)
    good(send(client, page, {"year": str(today.year), "duty": "win", "promise": "x"}), 400)
    for year in (today.year, today.year + 1):
        send(client, page, {"year": str(year), "duty": "dialogue", "promise": "<b>Fire</b> møder."})
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        now, later = session.scalars(select(Commitment).order_by(Commitment.year))
    good(client.get(f"{page}{now.id}"))
    good(send(client, f"{page}{now.id}", {"outcome": " "}), 400)
    send(client, f"{page}{now.id}", {"outcome": "To blev holdt."})
    assert client.get(f"{page}{later.id}").status_code == 404
    assert client.get(f"{page}nothing").status_code == 404

    shown = good(client.get(f"/members/{member}"))
    assert "<b>Fire</b> møder." in shown.text()
    assert "To blev holdt." in shown.text()
    good(client.get(page))


def test_an_organisation_that_is_no_member_promises_nothing(app: Flask, client: FlaskClient) -> None:
    own = organisation(app, "guest")
    writer = person(app, own, MembershipRole.CONTRIBUTOR)
    client.get(one_time_link(app.config["SECRET_KEY"], "", writer.id))

    good(client.get(f"/o/{own}/commitments/"), 403)
    assert client.get("/members/nothing").status_code == 404
