import logging
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import TooManyRequests

from survey.access import Audience, open_to
from survey.storage.repositories import NotFoundError
from tests.pages import Page

SECRET = "ABCD-EFGH of 192.0.2.77"


def failing(app: Flask, route: str, error: Callable[[], Exception]) -> None:
    def view() -> str:
        raise error()

    app.add_url_rule(route, route, open_to(Audience.PUBLIC)(view))


def database_error() -> Exception:
    return OperationalError("INSERT INTO waves", {"code": SECRET}, Exception(SECRET))


ERRORS: dict[str, tuple[Callable[[], Exception], int, str]] = {
    "fault": (lambda: ValueError(SECRET), 500, "failed"),
    "database": (database_error, 503, "try_again"),
    "unknown": (lambda: NotFoundError(SECRET), 404, "not_found"),
    "often": (TooManyRequests, 429, "too_many_attempts"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_a_person_reads_a_sentence_and_a_client_one_word(app: Flask, client: FlaskClient, name: str) -> None:
    error, status, word = ERRORS[name]
    failing(app, "/failing", error)
    failing(app, "/w/x/failing", error)

    page = client.get("/failing")
    answer = client.get("/w/x/failing", headers={"Accept": "*/*"})
    shown = client.get("/w/x/failing")

    assert page.status_code == answer.status_code == shown.status_code == status
    assert Page.parsed(page.text).faults() == []
    assert Page.parsed(shown.text).faults() == []
    assert answer.json == {"error": word}
    assert SECRET not in page.text + answer.text + shown.text
    assert "Traceback" not in page.text


@pytest.mark.parametrize("name", ["fault", "database"])
def test_the_log_says_where_and_not_who_or_what(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    error, *_ = ERRORS[name]
    failing(app, "/w/0123456789abcdef/failing", error)

    with caplog.at_level(logging.DEBUG):
        client.post("/w/0123456789abcdef/failing")
        client.get(
            "/w/0123456789abcdef/failing?code=ABCD",
            headers={"User-Agent": "Agent/7"},
            environ_base={"REMOTE_ADDR": "192.0.2.77"},
        )

    assert type(error()).__name__ in caplog.text
    assert "test_errors.py" in caplog.text
    for told in (SECRET, "ABCD", "192.0.2.77", "Agent/7", "0123456789abcdef", "/w/"):
        assert told not in caplog.text


def test_a_chain_of_errors_is_told_by_kind(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    def chained() -> Exception:
        error = RuntimeError(SECRET)
        error.__cause__ = KeyError(SECRET)
        return error

    failing(app, "/failing", chained)
    client.get("/failing")

    assert "builtins.RuntimeError from builtins.KeyError" in caplog.text


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: FlaskClient) -> None:
    too_large = client.post("/o/sign-in", data={"email": "x" * 20_000})

    assert too_large.status_code == 413
    assert Page.parsed(too_large.text).faults() == []


def test_a_client_whose_body_is_too_large_is_told_that_it_is_malformed(
    app: Flask, client: FlaskClient
) -> None:
    @open_to(Audience.RESPONDENT)
    def reading() -> str:
        from flask import request  # noqa: PLC0415  Used here only.

        return str(len(request.get_data()))

    app.add_url_rule("/trustees/reading", "reading", reading, methods=["POST"])
    app.extensions["csrf"].exempt(reading)
    refused = client.post("/trustees/reading", data=b"x" * 20_000, headers={"Accept": "*/*"})

    assert (refused.status_code, refused.json) == (400, {"error": "malformed"})


def test_a_method_that_an_address_does_not_know_is_refused(client: FlaskClient) -> None:
    response = client.post("/healthz")

    assert response.status_code in {400, 405}
    assert Page.parsed(response.text).heading == "Det kunne ikke forstås"


def test_a_redirection_is_no_error(app: Flask, client: FlaskClient) -> None:
    assert client.get("/o").status_code == 308
