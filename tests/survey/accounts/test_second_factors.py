import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP

from survey.accounts.factors import CLOCKS_APART_SECONDS, matches
from survey.accounts.session import FRESH_SECONDS
from survey.attempts import FailedAttempts
from survey.people.accounts import reset_factors
from survey.storage.accounts import Account
from survey.storage.audit import AuditEntry
from survey.storage.models import MembershipRole
from tests.pages import Page
from tests.survey.accounts.people import (
    EMAIL,
    PASSWORD,
    good,
    kept,
    mail_to,
    mails,
    organisation,
    person,
    send,
    sign_in,
)

NOW = 1_800_000_000


@pytest.fixture
def now(app: Flask) -> list[int]:
    """Seconds that the web believes it is; a test may move them."""
    moment = [NOW]
    object.__setattr__(app.extensions["tillid"].outbox, "now", lambda: moment[0])
    return moment


@pytest.fixture
def steward(app: Flask, now: list[int]) -> Account:
    return person(app, organisation(app, "own"), MembershipRole.STEWARD)


def code(secret: str, at: int) -> str:
    return str(TOTP(key=secret).generate(time=at).token)


def enrol(client: FlaskClient, at: int) -> tuple[str, list[str]]:
    """Set up an app as a person does; its secret, and the recovery codes that the page showed."""
    page = client.get("/o/account/app").text
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")  # type: ignore[index]
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]  # type: ignore[index]
    shown = client.post("/o/account/app", data={"code": code(secret, at), "csrf_token": token})
    codes = [found.text or "" for found in good(shown).elements("code")]
    return secret, codes


def test_whoever_runs_something_sets_up_a_second_factor_first(
    client: FlaskClient, steward: Account, app: Flask
) -> None:
    sign_in(client)
    turned_away = client.get("/o/0wn0000000000000/people/")

    assert turned_away.location == "/o/account/?needed=1"
    assert "Sæt et ekstra trin op først" in good(client.get(turned_away.location)).text()
    enrol(client, NOW)
    assert good(client.get("/o/0wn0000000000000/people/")).heading == "Personer og roller"


def test_a_leader_reads_figures_with_a_password_alone(client: FlaskClient, app: Flask) -> None:
    own = organisation(app, "own")
    person(app, own, MembershipRole.LEADER)
    sign_in(client)

    assert client.get(f"/o/{own}/releases").status_code == 200


def test_who_has_an_app_is_asked_for_its_code_and_only_then_signed_in(
    client: FlaskClient, steward: Account, now: list[int]
) -> None:
    sign_in(client)
    secret, _ = enrol(client, NOW)
    now[0] += 60
    other = client.application.test_client()
    step = sign_in(other, page="/o/sign-in?next=/o/0wn0000000000000/people/")

    assert step.location == "/o/sign-in/second?next=/o/0wn0000000000000/people/"
    assert other.get("/o/").status_code == 302
    good(other.get(step.location))
    done = send(other, step.location, {"code": code(secret, now[0])})
    assert done.location == "/o/0wn0000000000000/people/"
    assert other.get(done.location).status_code == 200


def test_a_code_that_somebody_saw_works_no_second_time(
    client: FlaskClient, steward: Account, now: list[int]
) -> None:
    sign_in(client)
    secret, _ = enrol(client, NOW)
    now[0] += 60
    seen = code(secret, now[0])
    for browser, expected in (("first", 302), ("thief", 401)):
        other = client.application.test_client()
        sign_in(other)
        assert send(other, "/o/sign-in/second", {"code": seen}).status_code == expected, browser


def test_a_recovery_code_works_once_however_it_is_written(
    client: FlaskClient, steward: Account, app: Flask
) -> None:
    sign_in(client)
    _, codes = enrol(client, NOW)
    for expected in (302, 401):
        other = client.application.test_client()
        sign_in(other)
        written = f" {codes[0].upper()}"
        assert send(other, "/o/sign-in/second", {"code": written}).status_code == expected

    account = kept(app, steward.id)
    assert len(codes) == 10
    assert len(account.recovery_codes or []) == 9
    assert not set(codes) & set(account.recovery_codes or [])


def test_ten_wrong_codes_and_the_right_one_waits(
    client: FlaskClient, steward: Account, now: list[int], app: Flask
) -> None:
    sign_in(client)
    secret, _ = enrol(client, NOW)
    now[0] += 60
    other = app.test_client()
    sign_in(other)
    wrong = [send(other, "/o/sign-in/second", {"code": "000000"}).status_code for _ in range(10)]

    assert set(wrong) == {401}
    good(send(other, "/o/sign-in/second", {"code": code(secret, now[0])}), 429)


def test_a_password_that_was_right_is_remembered_for_five_minutes(
    client: FlaskClient, steward: Account, now: list[int]
) -> None:
    sign_in(client)
    enrol(client, NOW)
    other = client.application.test_client()
    sign_in(other)
    now[0] += 301

    assert other.get("/o/sign-in/second").location == "/o/sign-in"


def test_the_second_step_is_for_nobody_who_has_not_done_the_first(client: FlaskClient) -> None:
    assert client.get("/o/sign-in/second").location == "/o/sign-in"


def test_a_wrong_first_code_turns_nothing_on(client: FlaskClient, steward: Account, app: Flask) -> None:
    sign_in(client)
    refused = good(send(client, "/o/account/app", {"code": "000000"}), 400)

    assert refused.title.startswith("Fejl: ")
    assert kept(app, steward.id).totp_secret is None
    good(send(client, "/o/account/app", {"code": ""}), 400)


def test_the_secret_is_on_the_disk_only_encrypted(client: FlaskClient, steward: Account, app: Flask) -> None:
    sign_in(client)
    secret, _ = enrol(client, NOW)
    stored = kept(app, steward.id).totp_secret or b""

    assert secret.encode() not in stored
    assert app.extensions["tillid"].at_rest.decrypt(stored).decode() == secret


def test_the_last_factor_of_whoever_needs_one_stays(
    client: FlaskClient, steward: Account, app: Flask
) -> None:
    sign_in(client)
    enrol(client, NOW)

    assert send(client, "/o/account/password", {}, "/o/account/app/removal").status_code == 409
    assert kept(app, steward.id).totp_secret is not None


def test_a_leader_may_turn_the_app_off_again_and_is_told_by_mail(
    client: FlaskClient, app: Flask, now: list[int]
) -> None:
    leader = person(app, organisation(app, "own"), MembershipRole.LEADER)
    sign_in(client)
    enrol(client, NOW)
    assert "Slået til." in good(client.get("/o/account/")).text()
    send(client, "/o/account/password", {}, "/o/account/app/removal")

    assert kept(app, leader.id).totp_secret is None
    assert sum("er ændret" in mail.subject for _, mail in mails(app)) == 2


def test_new_recovery_codes_make_the_old_ones_useless(
    client: FlaskClient, steward: Account, app: Flask
) -> None:
    sign_in(client)
    _, old = enrol(client, NOW)
    new = good(send(client, "/o/account/password", {}, "/o/account/recovery-codes"))
    other = app.test_client()
    sign_in(other)

    assert len(new.elements("code")) == 10
    assert send(other, "/o/sign-in/second", {"code": old[0]}).status_code == 401


def test_a_lost_factor_is_taken_off_and_the_password_still_asked_for(
    client: FlaskClient, steward: Account, app: Flask
) -> None:
    sign_in(client)
    enrol(client, NOW)
    with app.extensions["tillid"].databases.alliance_session() as session:
        reset_factors(session, session.get_one(Account, steward.id))

    assert client.get("/o/").status_code == 302  # every session has ended
    other = app.test_client()
    assert sign_in(other).location == "/o/"
    assert other.get("/o/0wn0000000000000/people/").location == "/o/account/?needed=1"


def test_a_new_password_asks_for_the_present_one_ends_other_sessions_and_keeps_this_one(
    client: FlaskClient, steward: Account, app: Flask
) -> None:
    other = app.test_client()
    for browser in (client, other):
        sign_in(browser)
    form = {"present": PASSWORD, "password": "another horse battery", "again": "another horse battery"}
    for wrong in ({"present": "no"}, {"again": "no"}, {"password": "short", "again": "short"}):
        good(send(client, "/o/account/password", {**form, **wrong}), 400)
    done = send(client, "/o/account/password", form)

    assert done.location == "/o/account/"
    assert client.get("/o/").status_code == 200
    assert other.get("/o/").status_code == 302
    assert "adgangskode er ændret" in mail_to(app, EMAIL, "er ændret").text


def test_all_other_sessions_can_be_ended(client: FlaskClient, steward: Account, app: Flask) -> None:
    other = app.test_client()
    for browser in (client, other):
        sign_in(browser)
    send(client, "/o/account/password", {}, "/o/account/sessions")

    assert client.get("/o/").status_code == 200
    assert other.get("/o/").status_code == 302


def test_a_sign_in_from_a_browser_that_was_never_seen_is_told_once_and_keeps_no_address(
    client: FlaskClient, steward: Account, app: Flask
) -> None:
    client.environ_base["REMOTE_ADDR"] = "192.0.2.77"
    for _ in range(2):
        sign_in(client)
        send(client, "/o/", {}, "/o/sign-out")
    told = mail_to(app, EMAIL, "Der er logget ind")

    assert "192.0.2" not in told.text
    assert "192.0.2" not in (client.get_cookie("tillid_known", path="/o") or told).__repr__()
    sign_in(app.test_client())
    assert sum("Der er logget ind" in mail.subject for _, mail in mails(app)) == 2


def test_what_is_done_to_an_account_is_in_the_log_without_its_address(
    client: FlaskClient, steward: Account, app: Flask
) -> None:
    sign_in(client)
    enrol(client, NOW)
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        entries = [(entry.actor, entry.action) for entry in session.query(AuditEntry)]

    assert entries == [(steward.id, "factor_added")]


@pytest.mark.parametrize(("off", "accepted"), [(0, True), (CLOCKS_APART_SECONDS, True), (90, False)])
def test_a_clock_may_be_half_a_minute_off(off: int, accepted: bool) -> None:
    # RFC 6238, appendix B: the secret of its vectors, as base32.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert (matches(secret, code(secret, NOW), NOW + off) is not None) is accepted


@pytest.mark.parametrize(
    ("at", "expected"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_codes_are_those_of_rfc_6238(at: int, expected: str) -> None:
    assert matches("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", expected, at) == at // 30


def test_limits_of_codes_are_those_of_the_account_not_of_the_address() -> None:
    attempts = FailedAttempts(most=1)
    attempts.record_failure("one account")

    assert not attempts.allowed("one account")
    assert attempts.allowed("another")


def test_the_account_page_has_no_fault(client: FlaskClient, steward: Account) -> None:
    sign_in(client)
    for address in ("/o/account/", "/o/account/app", "/o/account/password"):
        for language in ("da", "en"):
            good(client.get(f"{address}?lang={language}"))
    assert Page.parsed(client.get("/o/account/").text).heading == "Din konto"


def test_second_factors_are_changed_only_by_who_has_just_shown_the_password(
    client: FlaskClient, steward: Account, now: list[int], app: Flask
) -> None:
    sign_in(client)
    enrol(client, NOW)
    now[0] += FRESH_SECONDS + 1

    for what in ("app/removal", "recovery-codes", "passkeys", "passkeys/options", "passkeys/00/removal"):
        turned_away = send(client, "/o/account/", {}, f"/o/account/{what}")
        assert turned_away.location == "/o/account/present-password", what
    assert client.get("/o/account/app").location == "/o/account/present-password?after=app"
    assert kept(app, steward.id).totp_secret is not None
    assert "data-passkey" not in client.get("/o/account/").text


def test_the_password_shown_again_lets_one_go_on_for_ten_minutes(
    client: FlaskClient, steward: Account, now: list[int]
) -> None:
    sign_in(client)
    now[0] += FRESH_SECONDS + 1
    asked = "/o/account/present-password?after=app"
    good(client.get(asked))
    good(send(client, asked, {"present": "not the password"}), 400)
    assert client.get("/o/account/app").status_code == 302
    assert send(client, asked, {"present": PASSWORD}).location == "/o/account/app"

    good(client.get("/o/account/app"))
    now[0] += FRESH_SECONDS + 1
    assert client.get("/o/account/app").status_code == 302


def test_whoever_guesses_the_password_at_an_open_browser_gets_ten_tries(
    client: FlaskClient, steward: Account, now: list[int]
) -> None:
    sign_in(client)
    now[0] += FRESH_SECONDS + 1
    for _ in range(10):
        send(client, "/o/account/present-password", {"present": "not the password"})
    late = send(client, "/o/account/present-password", {"present": PASSWORD})

    assert "for mange" in good(late, 400).text()
    assert client.get("/o/account/app").status_code == 302
