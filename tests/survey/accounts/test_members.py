"""A steward's people: invited, and roles taken, which ends every session."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.accounts.links import one_time_link
from survey.people.accounts import AccountError, account_of, join
from survey.storage.accounts import Account
from survey.storage.audit import AuditEntry
from survey.storage.models import Membership, MembershipRole, Organisation
from survey.storage.people import PersonInvitation
from survey.storage.repositories import roles_in
from tests.survey.accounts.people import (
    EMAIL,
    PASSWORD,
    good,
    link_in,
    mail_to,
    organisation,
    person,
    send,
    sign_in,
)

OTHER = "bo@example.org"


@pytest.fixture
def own(app: Flask) -> str:
    return organisation(app, "own")


@pytest.fixture
def steward(app: Flask, client: FlaskClient, own: str) -> Account:
    """A steward who is signed in, with both factors."""
    made = person(app, own, MembershipRole.STEWARD)
    client.get(one_time_link(app.config["SECRET_KEY"], "", made.id))
    return made


def invitations(app: Flask) -> list[PersonInvitation]:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        return list(session.scalars(select(PersonInvitation)))


def people(own: str) -> str:
    return f"/o/{own}/people/"


def test_a_steward_invites_leaders_and_stewards_and_nobody_higher(
    client: FlaskClient, app: Flask, own: str, steward: Account
) -> None:
    page = good(client.get(people(own)))
    offered = [option.get("value") for option in page.elements("option")]
    done = send(
        client, people(own), {"email": OTHER, "role": "leader", "language": "en"}, f"{people(own)}invitations"
    )

    assert offered == ["steward", "leader"]
    assert done.location == f"{people(own)}?invited=1"
    assert "på vej" in good(client.get(done.location)).text()
    assert mail_to(app, OTHER, "You are invited").text.startswith(
        "You are invited to read the figures for Own"
    )
    for role in ("secretariat", "contributor", "analyst", "nobody"):
        form = {"email": OTHER, "role": role, "language": "da"}
        good(send(client, people(own), form, f"{people(own)}invitations"), 400)
    assert [found.role for found in invitations(app)] == [MembershipRole.LEADER]


def test_a_steward_of_a_member_invites_contributors(
    client: FlaskClient, app: Flask, own: str, steward: Account
) -> None:
    with app.extensions["tillid"].databases.alliance_session() as session:
        session.get_one(Organisation, own).is_member = True
    form = {"email": OTHER, "role": "contributor", "language": "da"}
    done = send(client, people(own), form, f"{people(own)}invitations")

    assert done.location == f"{people(own)}?invited=1"
    assert [found.role for found in invitations(app)] == [MembershipRole.CONTRIBUTOR]


def test_a_withdrawn_invitation_works_no_more(
    client: FlaskClient, app: Flask, own: str, steward: Account
) -> None:
    send(
        client, people(own), {"email": OTHER, "role": "leader", "language": "da"}, f"{people(own)}invitations"
    )
    link = link_in(mail_to(app, OTHER, "inviteret"))
    (waiting,) = invitations(app)
    assert OTHER in good(client.get(people(own))).text()
    send(client, people(own), {}, f"{people(own)}invitations/{waiting.id}/withdrawal")

    good(app.test_client().get(link), 410)


def test_whoever_loses_a_role_is_signed_out_at_once(
    client: FlaskClient, app: Flask, own: str, steward: Account
) -> None:
    bo = person(app, own, MembershipRole.LEADER, email=OTHER)
    browser = app.test_client()
    sign_in(browser, OTHER)
    assert browser.get(f"/o/{own}/releases").status_code == 200
    send(client, people(own), {}, f"{people(own)}{bo.id}/leader/removal")

    assert "/o/sign-in" in (browser.get(f"/o/{own}/releases").location or "")
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        assert session.scalars(select(Membership.account_id)).all() == [steward.id]
        acts = [(entry.action, entry.subject) for entry in session.scalars(select(AuditEntry))]
    assert acts == [("role_taken", bo.id), ("account_closed", bo.id)]


def test_an_account_goes_with_its_last_role_and_its_owner_is_told(
    client: FlaskClient, app: Flask, own: str, steward: Account
) -> None:
    bo = person(app, own, MembershipRole.LEADER, MembershipRole.STEWARD, email=OTHER)
    send(client, people(own), {}, f"{people(own)}{bo.id}/leader/removal")
    assert account_is_there(app, OTHER)
    send(client, people(own), {}, f"{people(own)}{bo.id}/steward/removal")

    assert not account_is_there(app, OTHER)
    assert "slettet" in mail_to(app, OTHER, "lukket").text
    # The way back is a new invitation, with a new password.
    send(
        client, people(own), {"email": OTHER, "role": "leader", "language": "da"}, f"{people(own)}invitations"
    )
    again = app.test_client()
    link = link_in(mail_to(app, OTHER, "inviteret"))
    send(again, link, {"password": f"{PASSWORD} again", "again": f"{PASSWORD} again"})
    assert account_is_there(app, OTHER)


def account_is_there(app: Flask, email: str) -> bool:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        return account_of(session, email) is not None


def test_whoever_leaves_closes_the_account_with_the_password_and_is_signed_out_everywhere(
    client: FlaskClient, app: Flask, own: str
) -> None:
    person(app, own, MembershipRole.LEADER)
    elsewhere = app.test_client()
    sign_in(client)
    sign_in(elsewhere)
    good(client.get("/o/account/closing"))
    good(send(client, "/o/account/closing", {"present": "not the password"}), 400)
    assert account_is_there(app, EMAIL)
    closed = send(client, "/o/account/closing", {"present": PASSWORD})

    assert good(closed).heading == "Din konto er lukket"
    assert not account_is_there(app, EMAIL)
    assert "logget ud" in mail_to(app, EMAIL, "lukket").text
    for browser in (client, elsewhere):
        assert "/o/sign-in" in (browser.get("/o/").location or "")


def test_the_last_steward_cannot_close_their_account(
    client: FlaskClient, app: Flask, own: str, steward: Account
) -> None:
    refused = send(client, "/o/account/closing", {"present": PASSWORD})

    assert "Nogen skal blive" in good(refused, 409).text()
    assert account_is_there(app, EMAIL)


def test_the_last_steward_cannot_leave_the_organisation_alone(
    client: FlaskClient, app: Flask, own: str, steward: Account
) -> None:
    refused = send(client, people(own), {}, f"{people(own)}{steward.id}/steward/removal")

    assert "Nogen skal blive" in good(refused, 409).text()
    assert client.get(people(own)).status_code == 200


def test_a_role_beyond_the_organisation_is_the_alliances_to_give_and_holds_nowhere_else(
    app: Flask, own: str, steward: Account
) -> None:
    databases = app.extensions["tillid"].databases
    with (
        databases.alliance_session() as session,
        pytest.raises(AccountError, match="alliance's own organisation"),
    ):
        join(session, steward.id, own, MembershipRole.SECRETARIAT)
    # Whoever writes the row by hand gains nothing either.
    with databases.alliance_session() as session:
        session.add(Membership(account_id=steward.id, organisation_id=own, role=MembershipRole.SECRETARIAT))
        session.flush()
        assert roles_in(session, steward.id, own) == {MembershipRole.STEWARD}


def test_an_address_in_another_alphabet_is_not_taken_for_the_one_it_looks_like(
    client: FlaskClient, app: Flask, own: str, steward: Account
) -> None:
    disguised = "аnna@example.org"  # noqa: RUF001  Its first letter is Cyrillic.
    form = {"email": disguised, "role": "leader", "language": "da"}

    good(send(client, people(own), form, f"{people(own)}invitations"), 400)
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        assert account_of(session, disguised) is None
