"""A nationwide organisation becomes a member, and says each year what it does."""

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.accounts.links import one_time_link
from survey.knowledge import joining
from survey.storage.alliance import Commitment, Member, MemberApplication
from survey.storage.models import MembershipRole, Organisation
from survey.storage.people import ApplicationState
from survey.worker.clearing import clear
from tests.survey.accounts.people import (
    good,
    link_in,
    mail_to,
    mails,
    organisation,
    person,
    send,
    without_limit,
)

CONTACT = "formand@kor.example"
CHOIRS = {
    "name": "Danske Kor",
    "cvr": "13585628",
    "kind": "interest_org",
    "area": "culture_leisure",
    "reach": "Kor i alle regioner.",
    "homepage": "https://kor.example/?utm_source=x",
    "contact": CONTACT,
}


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> str:
    alliance = organisation(app, "alliance", alliance=True)
    secretary = person(app, alliance, MembershipRole.SECRETARIAT, email="sekretariat@example.org")
    client.get(one_time_link(app.config["SECRET_KEY"], "", secretary.id))
    return f"/o/{alliance}/desk/members/"


def applications(app: Flask) -> list[MemberApplication]:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        return list(session.scalars(select(MemberApplication)))


def applied(app: Flask, client: FlaskClient, desk: str) -> str:
    """The address at the desk of a confirmed application."""
    good(send(client, "/o/join", CHOIRS))
    good(client.get(link_in(mail_to(app, CONTACT, "Bekræft"))))
    good(send(client, link_in(mail_to(app, CONTACT, "Bekræft")), {}))
    (application,) = applications(app)
    return f"{desk}{application.id}"


def test_an_organisation_applies_confirms_is_admitted_with_a_reason_and_stands_in_the_register(
    app: Flask, client: FlaskClient, desk: str
) -> None:
    assert "Der står ingen i registret" in good(client.get("/members/")).text()
    good(client.get("/o/join?lang=en"))
    address = applied(app, client, desk)
    assert "Danske Kor" in good(client.get(desk)).text()
    good(client.get(address))
    good(send(client, address, {"decision": "admit"}), 400)
    send(client, address, {"decision": "admit", "reason": "I er landsdækkende."})

    assert "I er landsdækkende." in mail_to(app, CONTACT, "Velkommen").text
    assert len([to for to, mail in mails(app) if to == CONTACT and "inviteret" in mail.subject]) == 2
    (decided,) = applications(app)
    assert (decided.state, decided.contact) == (ApplicationState.APPROVED, "")
    assert "Danske Kor" in good(client.get("/members/")).text()
    page = good(client.get(f"/members/{decided.organisation_id}"))
    assert "https://kor.example/" in [link.get("href") for link in page.elements("a")]
    good(client.get(address))
    good(client.get(desk))


def test_an_organisation_that_is_here_becomes_a_member_and_none_is_made(
    app: Flask, client: FlaskClient, desk: str
) -> None:
    here = organisation(app, "here")
    with app.extensions["tillid"].databases.alliance_session() as session:
        session.get_one(Organisation, here).cvr = CHOIRS["cvr"]
    address = applied(app, client, desk)
    assert "Den er her allerede" in good(client.get(address)).text()
    send(client, address, {"decision": "admit", "reason": "Ja."})

    assert [found.organisation_id for found in applications(app)] == [here]


def test_a_declined_organisation_is_told_why(app: Flask, client: FlaskClient, desk: str) -> None:
    address = applied(app, client, desk)
    send(client, address, {"decision": "decline", "reason": "I er kun i Vejle."})

    assert "I er kun i Vejle." in mail_to(app, CONTACT, "Svar").text
    again = send(
        client, desk.replace("members/", "activities/"), {"decision": "admit", "reason": "x"}, address
    )
    assert again.location == desk
    assert "Der står ingen" in good(client.get("/members/")).text()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cvr", "12345678"),
        ("name", "Dаnske Kor"),  # noqa: RUF001  A Cyrillic a, which is the point.
        ("reach", ""),
        ("reach", "x" * 1001),
        ("contact", "formand"),
        ("homepage", "javascript:alert(1)"),
        ("kind", "company"),
        ("area", "moon"),
    ],
)
def test_an_application_that_is_not_whole_is_kept_on_the_page_and_nowhere_else(
    app: Flask, client: FlaskClient, field: str, value: str
) -> None:
    page = good(send(client, "/o/join", {**CHOIRS, field: value}), 400)

    assert applications(app) == []
    assert CHOIRS["cvr" if field != "cvr" else "contact"] in [f.get("value") for f in page.elements("input")]


def test_a_thousand_applications_by_a_bot_write_few_mails_and_reach_nobodys_desk(
    app: Flask, client: FlaskClient, desk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "MOST_UNCONFIRMED", 6)
    for number in range(8):
        send(
            client,
            "/o/join",
            {**CHOIRS, "website": "https://spam.example", "contact": f"b{number}@x.example"},
        )
    assert applications(app) == []
    for _ in range(4):
        good(send(client, "/o/join", CHOIRS))
    assert len(applications(app)) == joining.MOST_OF_ONE_ADDRESS
    for number in range(8):
        good(send(client, "/o/join", {**CHOIRS, "contact": f"b{number}@x.example"}))
    assert len(applications(app)) == 6
    good(send(client, "/o/join", CHOIRS), 429)
    assert "Danske Kor" not in good(client.get(desk)).text()
    without_limit(app)

    databases = app.extensions["tillid"].databases
    clear(databases, app.extensions["tillid"].today() + dt.timedelta(days=30), 0)
    assert applications(app) == []


def test_a_link_of_another_kind_confirms_nothing(app: Flask, client: FlaskClient) -> None:
    good(client.get("/o/join/confirmations/nothing"), 410)


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
