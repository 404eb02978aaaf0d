"""Who guesses passwords is stopped, and stops nobody behind that address who is known or has a passkey."""

import re

import pytest
from flask.testing import FlaskClient

from survey.people.accounts import add_account
from survey.storage.databases import Databases
from tests.survey.conftest import app, client, config, web_databases

__all__ = ["app", "client", "config", "web_databases"]

PASSWORD = "correct horse battery"

ANNA, BO = "anna@example.org", "bo@example.org"
MOST = 30


@pytest.fixture
def people(web_databases: Databases) -> None:
    with web_databases.alliance_session() as session:
        for email in (ANNA, BO):
            add_account(session, email, PASSWORD)


def token(client: FlaskClient, address: str = "/o/sign-in") -> str:
    found = re.search('name="csrf_token" value="([^"]+)"', client.get(address).text)
    assert found
    return found[1]


def tried(client: FlaskClient, email: str = ANNA, password: str = PASSWORD) -> int:
    form = {"email": email, "password": password, "csrf_token": token(client)}
    return client.post("/o/sign-in", data=form).status_code


def close_the_network(client: FlaskClient) -> None:
    for _ in range(MOST):
        client.application.extensions["tillid"].failed_sign_ins.record_failure("127.0.0.1")


@pytest.mark.usefixtures("people")
def test_a_browser_that_was_signed_in_before_is_not_shut_out_by_its_network(client: FlaskClient) -> None:
    assert tried(client) == 302
    client.post("/o/sign-out", data={"csrf_token": token(client, "/o/")})
    close_the_network(client)

    assert tried(client.application.test_client()) == 429
    assert tried(client, BO) == 429
    assert tried(client) == 302


@pytest.mark.usefixtures("people")
def test_a_browser_that_was_signed_in_before_has_thirty_guesses_at_its_own_account(
    client: FlaskClient,
) -> None:
    assert tried(client) == 302
    client.post("/o/sign-out", data={"csrf_token": token(client, "/o/")})
    guesses = [tried(client, password="wrong horse battery") for _ in range(MOST + 1)]

    assert guesses == [401] * MOST + [429]
    assert tried(client) == 429


@pytest.mark.usefixtures("people")
def test_a_made_up_mark_of_a_known_browser_helps_nobody(client: FlaskClient) -> None:
    close_the_network(client)
    client.set_cookie("tillid_known", "WyJhIl0.c2lnbmF0dXJl", path="/o")

    assert tried(client) == 429


def test_a_passkey_is_looked_at_whatever_passwords_were_tried_from_its_network(client: FlaskClient) -> None:
    close_the_network(client)
    form = {"credential": "{}", "csrf_token": token(client)}

    assert client.post("/o/sign-in/passkey", data=form).status_code == 401
