"""How people come in: each thing that can go wrong has a way out."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.people.accounts import account_of
from survey.people.inviting import LIFETIME_SECONDS, Invited, invite_person
from survey.storage.models import MembershipRole, Organisation
from survey.storage.people import PersonInvitation
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


def test_whoever_asks_for_mails_all_the_time_from_one_network_waits(client: FlaskClient, app: Flask) -> None:
    for _ in range(20):
        app.extensions["tillid"].mails_asked_for.record_failure("127.0.0.1")

    good(send(client, "/o/password", {"email": EMAIL}), 429)


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
