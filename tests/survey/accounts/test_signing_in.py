import re
from collections.abc import Mapping

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.accounts.links import one_time_link
from survey.people.accounts import account_of, add_account, join, set_password
from survey.storage.accounts import Account
from survey.storage.databases import Databases
from survey.storage.models import MembershipRole
from tests.pages import Page
from tests.survey import rows

PASSWORD = "correct horse battery"
EMAIL = "anna@example.org"


@pytest.fixture
def anna(web_databases: Databases) -> Account:
    """A leader and steward of one organisation, and trustee in another."""
    with web_databases.alliance_session() as session:
        session.add_all([rows.organisation("own"), rows.organisation("other"), rows.organisation("foreign")])
        session.flush()
        account = add_account(session, EMAIL, PASSWORD)
        join(session, account.id, rows.identifier("own"), MembershipRole.LEADER, MembershipRole.STEWARD)
        join(session, account.id, rows.identifier("other"), MembershipRole.TRUSTEE)
        return account


def token(client: FlaskClient, address: str = "/o/sign-in") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)
    assert found
    return found[1]


def sign_in(
    client: FlaskClient, email: str = EMAIL, password: str = PASSWORD, asked: str = ""
) -> TestResponse:
    form = {"email": email, "password": password, "csrf_token": token(client)}
    return client.post(f"/o/sign-in{asked}", data=form)


def test_the_right_password_leads_to_ones_organisations(client: FlaskClient, anna: Account) -> None:
    response = sign_in(client)
    page = Page.parsed(client.get(response.location or "").text)

    assert (response.status_code, response.location) == (302, "/o/")
    assert page.faults() == []
    assert page.heading == "Dine organisationer"
    assert "Own" in page.text()
    assert "Foreign" not in page.text()


def test_a_person_sees_what_each_role_is_for_and_where_figures_are(
    client: FlaskClient, anna: Account
) -> None:
    sign_in(client)
    page = Page.parsed(client.get("/o/?lang=en").text)
    links = [link.get("href") for link in page.elements("a") if "releases" in (link.get("href") or "")]

    for duty in ("You read the figures.", "You run the surveys.", "You hold a part of the key"):
        assert duty in page.text()
    # The trustee of the other organisation has no figures to see there.
    assert links == [f"/o/{rows.identifier('own')}/releases?lang=en"]


def test_whoever_has_no_role_is_told_whom_to_ask(client: FlaskClient, web_databases: Databases) -> None:
    with web_databases.alliance_session() as session:
        add_account(session, EMAIL, PASSWORD)
    sign_in(client)
    page = Page.parsed(client.get("/o/").text)

    assert page.faults() == []
    assert "Du har endnu ingen rolle" in page.text()


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "wrong horse battery"),
        ("bo@example.org", PASSWORD),
        ("", ""),
        (EMAIL, ""),
        ("not an address", PASSWORD),
    ],
)
def test_a_wrong_address_and_a_wrong_password_read_alike(
    client: FlaskClient, anna: Account, email: str, password: str
) -> None:
    response = sign_in(client, email, password)
    page = Page.parsed(response.text)

    assert response.status_code == 401
    assert page.faults() == []
    assert page.title == "Fejl: Log ind – Tillid"
    assert page.text().count("Mailadressen og adgangskoden passer ikke sammen") == 2
    assert client.get("/o/").status_code == 302


def test_an_account_that_is_closed_is_refused_alike(
    client: FlaskClient, anna: Account, web_databases: Databases
) -> None:
    with web_databases.alliance_session() as session:
        session.get_one(Account, anna.id).active = False

    assert sign_in(client).status_code == 401


def test_an_address_is_known_however_it_is_capitalised(client: FlaskClient, anna: Account) -> None:
    assert sign_in(client, "Anna@Example.org").status_code == 302


def test_after_signing_in_one_is_led_back_but_nowhere_else(client: FlaskClient, anna: Account) -> None:
    figures = f"/o/{rows.identifier('own')}/releases"
    back = sign_in(client, asked=f"?next={figures}")
    in_english = sign_in(client.application.test_client(), asked=f"?next={figures}&lang=en")

    assert back.location == figures
    assert in_english.location == f"{figures}?lang=en"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://example.org/o/", "//example.org", "/o/\\example.org", "/o/x?y", "/w/wave", "javascript:x"],
)
def test_nobody_is_led_elsewhere(client: FlaskClient, anna: Account, elsewhere: str) -> None:
    form = {"email": EMAIL, "password": PASSWORD, "csrf_token": token(client)}
    response = client.post("/o/sign-in", query_string={"next": elsewhere}, data=form)

    assert response.location == "/o/"


def test_whoever_is_signed_in_need_not_again(client: FlaskClient, anna: Account) -> None:
    sign_in(client)

    assert client.get("/o/sign-in").location == "/o/"


def test_signing_out_ends_the_session(client: FlaskClient, anna: Account) -> None:
    sign_in(client)
    response = client.post("/o/sign-out", data={"csrf_token": token(client, "/o/")})

    assert response.location == "/"
    assert client.get("/o/").status_code == 302


def test_another_site_can_sign_nobody_in_or_out(client: FlaskClient, anna: Account) -> None:
    assert client.post("/o/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 400
    sign_in(client)

    assert client.post("/o/sign-out").status_code == 400
    assert client.get("/o/").status_code == 200


def test_after_too_many_wrong_attempts_even_the_right_one_waits(client: FlaskClient, anna: Account) -> None:
    for _ in range(30):
        client.application.extensions["tillid"].failed_sign_ins.record_failure("127.0.0.1")
    response = sign_in(client)
    page = Page.parsed(response.text)

    assert response.status_code == 429
    assert page.faults() == []
    assert "Prøv igen om en time" in page.text()


def test_wrong_passwords_are_counted(client: FlaskClient, anna: Account) -> None:
    attempts = client.application.extensions["tillid"].failed_sign_ins
    sign_in(client, password="wrong horse battery")
    sign_in(client)

    assert sum(attempts.counts.failures.values()) == 1


def test_a_new_password_ends_every_session(
    client: FlaskClient, anna: Account, web_databases: Databases
) -> None:
    sign_in(client)
    with web_databases.alliance_session() as session:
        person = account_of(session, EMAIL)
        assert person
        set_password(person, "another horse battery")

    assert client.get("/o/").status_code == 302
    assert sign_in(client, password="another horse battery").status_code == 302


def test_a_password_kept_under_weaker_parameters_is_kept_anew_when_it_is_used(
    client: FlaskClient, anna: Account, web_databases: Databases
) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    with web_databases.alliance_session() as session:
        session.get_one(Account, anna.id).password = weak

    assert sign_in(client).status_code == 302
    with web_databases.alliance_session(reading=True) as session:
        kept = session.get_one(Account, anna.id).password
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert kept != weak


def test_nothing_is_kept_of_when_or_from_where_somebody_signed_in(anna: Account) -> None:
    assert {column.name for column in Account.__table__.columns} == {
        "id",
        "email",
        "password",
        "active",
        "fs_uniquifier",
        "language",
        "totp_secret",
        "totp_counter",  # emptied a few minutes later: tests/survey/worker/test_clearing.py
        "recovery_codes",
    }


def test_no_token_in_a_header_or_an_address_signs_anybody_in(client: FlaskClient, anna: Account) -> None:
    with client.application.test_request_context("/o/"):
        made = str(anna.get_auth_token())

    headers: Mapping[str, str] = {"Authentication-Token": made}
    assert client.get("/o/", headers=headers).status_code == 302
    assert client.get("/o/", query_string={"auth_token": made}).status_code == 302


def test_the_library_adds_no_address_of_its_own(app: Flask) -> None:
    assert not [rule for rule in app.url_map.iter_rules() if "security" in rule.endpoint]


def link(app: Flask, account: Account) -> str:
    return one_time_link(app.config["SECRET_KEY"], "", account.id)


def test_a_link_signs_in_once(app: Flask, client: FlaskClient, anna: Account) -> None:
    address = link(app, anna)
    first = client.get(address)
    stranger = app.test_client()

    assert first.location == "/o/"
    assert client.get("/o/").status_code == 200
    again = stranger.get(address)
    assert again.status_code == 410
    assert stranger.get("/o/").status_code == 302
    assert Page.parsed(again.text).faults() == []


def test_a_link_is_not_used_up_by_whoever_only_looks_ahead(
    app: Flask, client: FlaskClient, anna: Account
) -> None:
    address = link(app, anna)
    client.head(address)

    assert client.get(address).location == "/o/"


@pytest.mark.parametrize("change", ["old", "forged", "of nobody"])
def test_a_link_that_is_old_or_not_ours_signs_nobody_in(
    app: Flask, client: FlaskClient, anna: Account, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    address = link(app, anna)
    if change == "old":
        monkeypatch.setattr("survey.accounts.links.LIFETIME_SECONDS", -1)
    elif change == "forged":
        address = one_time_link("x" * 32, "", anna.id)
    else:
        address = link(app, replace_id(anna))

    assert client.get(address).status_code == 410
    assert client.get("/o/").status_code == 302


def replace_id(account: Account) -> Account:
    return Account(id=rows.identifier("nobody"), email=account.email)


def test_a_page_for_organisations_links_back_to_itself_in_english(client: FlaskClient, anna: Account) -> None:
    sign_in(client)
    page = Page.parsed(client.get("/o/").text)

    assert "/o/?lang=en" in [link.get("href") for link in page.elements("a")]
