"""People of tests, their mails, and how they sign in."""

import re
from collections.abc import Mapping

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.delivery.message import Message
from survey.people.accounts import add_account, join
from survey.storage.accounts import Account
from survey.storage.mails import QueuedMail
from survey.storage.models import MembershipRole, Organisation
from tests.pages import Page
from tests.survey import rows

PASSWORD = "correct horse battery"
EMAIL = "anna@example.org"


def organisation(app: Flask, name: str, *, alliance: bool = False) -> str:
    """An organisation of a name, and its id."""
    with app.extensions["tillid"].databases.alliance_session() as session:
        made = rows.organisation(name)
        made.is_alliance, made.area = alliance, "labour_market"
        session.add(made)
        return made.id


def person(app: Flask, organisation_id: str, *roles: MembershipRole, email: str = EMAIL) -> Account:
    """Somebody with roles in an organisation."""
    with app.extensions["tillid"].databases.alliance_session() as session:
        made = add_account(session, email, PASSWORD)
        join(session, made.id, organisation_id, *roles)
        return made


def kept(app: Flask, account_id: str) -> Account:
    """The account as it is stored now."""
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        found: Account = session.get_one(Account, account_id)
        return found


def organisations(app: Flask) -> list[Organisation]:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        return list(session.scalars(select(Organisation).order_by(Organisation.name)))


def send(client: FlaskClient, page: str, form: Mapping[str, str], to: str = "") -> TestResponse:
    """Fill in a form on a page, with what stands hidden in it."""
    return client.post(to or page, data={**hidden(client, page), **form})


def hidden(client: FlaskClient, page: str) -> dict[str, str]:
    """The token that a page has, and the mark of what it shows."""
    found = dict(re.findall(r'name="(csrf_token|read)"\s+value="([^"]+)"', client.get(page).text))
    assert found, page
    return found


def sign_in(
    client: FlaskClient, email: str = EMAIL, password: str = PASSWORD, page: str = "/o/sign-in"
) -> TestResponse:
    return send(client, page, {"email": email, "password": password})


def mails(app: Flask) -> list[tuple[str, Message]]:
    """Everything that waits to be sent: to whom, and what."""
    services = app.extensions["tillid"]
    with services.databases.alliance_session(reading=True) as session:
        waiting = session.scalars(select(QueuedMail).order_by(QueuedMail.due)).all()
    return [
        (services.outbox.address(mail.address), services.outbox.message(mail.content)) for mail in waiting
    ]


def mail_to(app: Flask, address: str, about: str) -> Message:
    """The one mail to an address whose subject has these words."""
    (found,) = [mail for to, mail in mails(app) if to == address and about in mail.subject]
    return found


def link_in(mail: Message) -> str:
    """The path of the first link in a mail."""
    found = re.search(r"https?://[^/\s]+(/\S+)", mail.text)
    assert found, mail.text
    return found[1]


def apply_link(app: Flask, client: FlaskClient, door: str, contact: str) -> str:
    """The path of the link by which whoever has this address applies, at one of the two doors."""
    good(send(client, f"/o/{door}", {"contact": contact}))
    return link_in([mail for to, mail in mails(app) if to == contact.lower()][-1])


def good(response: TestResponse, status: int = 200) -> Page:
    """The page, which has no fault."""
    page = Page.parsed(response.text)
    assert (response.status_code, page.faults()) == (status, [])
    return page


def without_limit(app: Flask) -> None:
    """Let a test ask for as many mails as it likes."""
    app.extensions["tillid"].mails_asked_for.most = 10_000
