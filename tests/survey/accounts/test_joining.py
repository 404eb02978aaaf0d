"""How an organisation starts, and how people come in: each thing that can go wrong has a way out."""

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.people.accounts import account_of
from survey.people.inviting import LIFETIME_SECONDS, Invited, invite_person
from survey.storage.models import MembershipRole, Organisation
from survey.storage.people import Application, ApplicationState, PersonInvitation
from survey.storage.repositories import roles_in
from survey.worker.clearing import clear
from tests.survey.accounts.people import (
    EMAIL,
    PASSWORD,
    good,
    link_in,
    mail_to,
    mails,
    organisation,
    person,
    send,
    sign_in,
    without_limit,
)

THEATRE = {
    "name": "Teatret ved Åen",
    "cvr": "DK 13 58 56 28",
    "area": "culture_leisure",
    "contact": "Leder@Teatret.example",
}
CONTACT = "leder@teatret.example"


def applications(app: Flask) -> list[Application]:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        return list(session.scalars(select(Application)))


def invite(app: Flask, organisation_id: str, email: str = EMAIL, role: str = "steward") -> str:
    """Invite somebody as a page does; the path of the link in the mail."""
    services = app.extensions["tillid"]
    with services.databases.alliance_session() as session:
        found = session.get_one(Organisation, organisation_id)
        invited = Invited(email, MembershipRole(role), "da", "somebody")
        invite_person(session, services.outbox, services.base_url, found, invited)
    return link_in(mails(app)[-1][1]) if len(mails(app)) == 1 else link_in(mail_to(app, email, "inviteret"))


def roles(app: Flask, email: str, organisation_id: str) -> set[str]:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        account = account_of(session, email)
        return {role.value for role in roles_in(session, account.id, organisation_id)} if account else set()


def test_a_theatre_asks_confirms_and_waits_for_the_secretariat(client: FlaskClient, app: Flask) -> None:
    for language in ("da", "en"):
        good(client.get(f"/o/start?lang={language}"))
    asked = good(send(client, "/o/start", THEATRE))
    mail = mail_to(app, CONTACT, "Bekræft")
    link = link_in(mail)

    assert asked.heading == "Se i din indbakke"
    assert THEATRE["name"] not in mail.text  # nobody makes us write to strangers what they like
    assert [a.state for a in applications(app)] == [ApplicationState.UNCONFIRMED]
    assert good(client.get(link)).heading == "Bekræft, at det var dig"
    assert [a.state for a in applications(app)] == [ApplicationState.UNCONFIRMED]  # a mail program looked
    assert "Tak" in good(send(client, link, {})).heading
    (waiting,) = applications(app)
    assert (waiting.state, waiting.cvr, waiting.contact) == (ApplicationState.WAITING, "13585628", CONTACT)
    good(client.get(link))


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "Tеatret"),  # noqa: RUF001  The second letter is Cyrillic: the point of the test.
        ("name", "Tea\u202etret"),
        ("cvr", "13585627"),
        ("cvr", "12"),
        ("area", ""),
        ("area", "the moon"),
        ("contact", "leder"),
        ("contact", "lеder@teatret.example"),  # noqa: RUF001  As above.
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(
    client: FlaskClient, app: Flask, field: str, typed: str
) -> None:
    page = good(send(client, "/o/start", {**THEATRE, field: typed}), 400)
    values = {found.get("name"): found.get("value") for found in page.elements("input")}

    assert page.title.startswith("Fejl: ")
    assert [link.get("href") for link in page.elements("a") if link.get("href") == f"#{field}"]
    assert values["name"] == (typed if field == "name" else THEATRE["name"])
    assert (applications(app), mails(app)) == ([], [])


def test_a_machine_that_fills_in_everything_is_told_the_same_and_nothing_is_kept(
    client: FlaskClient, app: Flask
) -> None:
    told = good(send(client, "/o/start", {**THEATRE, "website": "https://spam.example"}))

    assert told.heading == "Se i din indbakke"
    assert (applications(app), mails(app)) == ([], [])


def test_nobodys_mailbox_can_be_filled(client: FlaskClient, app: Flask) -> None:
    for _ in range(8):
        good(send(client, "/o/start", THEATRE))

    assert len(mails(app)) == 5


def test_whoever_asks_all_the_time_from_one_network_waits(client: FlaskClient, app: Flask) -> None:
    for _ in range(20):
        app.extensions["tillid"].mails_asked_for.record_failure("127.0.0.1")

    good(send(client, "/o/start", THEATRE), 429)
    good(send(client, "/o/password", {"email": EMAIL}), 429)


def test_a_link_that_is_not_ours_or_whose_wish_is_gone_leads_to_the_beginning(
    client: FlaskClient, app: Flask
) -> None:
    send(client, "/o/start", THEATRE)
    link = link_in(mail_to(app, CONTACT, "Bekræft"))
    services = app.extensions["tillid"]
    clear(services.databases, services.today() + dt.timedelta(days=8), services.outbox.now())

    assert applications(app) == []
    for address in (link, f"{link}x", "/o/start/confirmations/none"):
        assert "/o/start" in [a.get("href") for a in good(client.get(address), 410).elements("a")]


def test_an_invited_person_chooses_a_password_and_has_the_role(client: FlaskClient, app: Flask) -> None:
    own = organisation(app, "own")
    link = invite(app, own)
    page = good(client.get(link))
    assert "Own" in page.text()
    assert EMAIL in page.text()
    good(send(client, link, {"password": "short", "again": "short"}), 400)
    done = send(client, link, {"password": PASSWORD, "again": PASSWORD})

    assert done.location == "/o/"
    assert roles(app, EMAIL, own) == {"steward"}
    assert good(client.get("/o/")).heading == "Dine organisationer"


@pytest.mark.parametrize(
    "password", ["password12345678", "anna@example.org", "QWERTYUIOP1234567890", "elleve tegn"]
)
def test_a_password_that_others_try_first_is_refused(client: FlaskClient, app: Flask, password: str) -> None:
    link = invite(app, organisation(app, "own"))

    page = good(send(client, link, {"password": password, "again": password}), 400)
    assert password not in [
        field.get("value") for field in page.elements("input") if field.get("type") == "password"
    ]


def test_an_invitation_works_once(client: FlaskClient, app: Flask) -> None:
    link = invite(app, organisation(app, "own"))
    send(client, link, {"password": PASSWORD, "again": PASSWORD})

    again = good(app.test_client().get(link), 410)
    assert "/o/sign-in" in [a.get("href") for a in again.elements("a")]


def test_an_invitation_is_too_old_after_two_weeks_and_says_whom_to_ask(
    client: FlaskClient, app: Flask
) -> None:
    link = invite(app, organisation(app, "own"))
    services = app.extensions["tillid"]
    later = services.outbox.now() + LIFETIME_SECONDS
    object.__setattr__(services.outbox, "now", lambda: later)

    assert "to uger" in good(client.get(link), 410).text()
    clear(services.databases, services.today(), later + 17 * 24 * 3600)
    assert "to uger" not in good(client.get(link), 410).text()


def test_a_new_invitation_replaces_the_one_that_waits(app: Flask) -> None:
    own = organisation(app, "own")
    first = invite(app, own)
    invite_again(app, own)

    good(app.test_client().get(first), 410)
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        assert session.query(PersonInvitation).count() == 1


def invite_again(app: Flask, own: str) -> None:
    services = app.extensions["tillid"]
    with services.databases.alliance_session() as session:
        found = session.get_one(Organisation, own)
        invited = Invited(EMAIL.upper(), MembershipRole.STEWARD, "da", "somebody")
        invite_person(session, services.outbox, services.base_url, found, invited)


def test_an_address_that_has_an_account_accepts_signed_in_with_it(client: FlaskClient, app: Flask) -> None:
    other, own = organisation(app, "other"), organisation(app, "own")
    person(app, other, MembershipRole.LEADER)
    link = invite(app, own)
    page = good(client.get(link))
    assert f"/o/sign-in?next={link}" in [a.get("href") for a in page.elements("a")]
    # A second account, or another password for the first, cannot be had by the link.
    another = {"password": "another horse battery", "again": "another horse battery"}
    good(send(client, "/o/sign-in", another, link), 400)
    sign_in(client, page=f"/o/sign-in?next={link}")
    send(client, link, {})

    assert roles(app, EMAIL, own) == {"steward"}
    assert roles(app, EMAIL, other) == {"leader"}


def test_a_forwarded_invitation_gives_nothing_to_whoever_is_somebody_else(
    client: FlaskClient, app: Flask
) -> None:
    own = organisation(app, "own")
    link = invite(app, own)
    person(app, organisation(app, "other"), MembershipRole.LEADER, email="bo@example.org")
    sign_in(client, "bo@example.org")
    page = good(client.get(link))

    assert "Du er logget ind med en anden adresse" in page.text()
    send(client, "/o/account/password", {}, link)
    assert (roles(app, "bo@example.org", own), roles(app, EMAIL, own)) == (set(), set())


def test_who_has_forgotten_the_password_gets_a_link_that_works_once(client: FlaskClient, app: Flask) -> None:
    person(app, organisation(app, "own"), MembershipRole.LEADER)
    without_limit(app)
    good(client.get("/o/password"))
    good(send(client, "/o/password", {"email": "no address"}), 400)
    good(send(client, "/o/password", {"email": EMAIL}))
    link = link_in(mail_to(app, EMAIL, "Ny adgangskode"))
    new = {"password": "another horse battery", "again": "another horse battery"}
    good(client.get(link))
    good(send(client, link, {"password": "short", "again": "short"}), 400)

    assert send(client, link, new).location == "/o/sign-in?changed=1"
    good(client.get("/o/sign-in?changed=1"))
    assert sign_in(client, password="another horse battery").location == "/o/"
    good(app.test_client().get(link), 410)


def test_nobody_learns_from_the_page_whether_an_address_has_an_account(
    client: FlaskClient, app: Flask
) -> None:
    person(app, organisation(app, "own"), MembershipRole.LEADER)
    known = good(send(client, "/o/password", {"email": EMAIL})).text()
    unknown = good(send(client, "/o/password", {"email": "bo@example.org"})).text()

    assert known.replace(EMAIL, "") == unknown.replace("bo@example.org", "")
    assert [to for to, _ in mails(app)] == [EMAIL]
