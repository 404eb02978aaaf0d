"""
What somebody sees when a page cannot be shown: a sentence in their language, or one word for a client.

Never a stack trace, a statement or a value. What is logged of an exception says where in the code it was, not
who asked for what: no address, no path, no message (a database's message may repeat a row).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from survey.logs import without_values
from survey.storage.repositories import NotFoundError

# Codes of docs/reference/formats.md; a body that is too large is one of a wrong length.
CODES: Final = {
    400: "malformed",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "not_allowed",
    413: "malformed",
    415: "malformed",
    429: "too_many_attempts",
    503: "try_again",
}
_FOR_CLIENTS: Final = ("/w/", "/trustees/")


def handle_errors(app: Flask) -> None:
    """Answer every error with a page or, to a client, with JSON."""
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(NotFoundError, lambda _error: answer(404))
    # JSON that is nested deeper than the reader goes: of all faults of a body the one that is no ValueError.
    app.register_error_handler(RecursionError, lambda _error: answer(400))
    app.register_error_handler(OperationalError, lambda error: _failed(app, error, 503))
    app.register_error_handler(Exception, lambda error: _failed(app, error, 500))


def answer(status: int) -> ResponseReturnValue:
    """Return the page, or the word, for a status."""
    if _asked_by_a_client():
        status = 400 if CODES.get(status) == "malformed" else status
        return jsonify(error=CODES.get(status, "failed")), status
    heading, text = _words(status)
    return render_template("site/error.html", heading=heading, text=text), status


def _refused(error: HTTPException) -> ResponseReturnValue:
    return answer(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)


def _failed(app: Flask, error: Exception, status: int) -> ResponseReturnValue:
    app.logger.error("%s", without_values(error))
    return answer(status)


def _asked_by_a_client() -> bool:
    return request.path.startswith(_FOR_CLIENTS) and "text/html" not in request.headers.get("Accept", "")


def _words(status: int) -> tuple[str, str]:
    match status:
        case 403:
            return gettext("This page is not for you"), gettext(
                "You are signed in, but your role does not include this page. Ask the person who runs "
                "surveys in your organisation if you think it should."
            )
        case 404:
            return gettext("There is no such page"), gettext(
                "The address may be mistyped, or the page may not be there any more. If you got it in a "
                "letter or an e-mail, check that all of it came along."
            )
        case 429:
            return gettext("Too many attempts"), gettext(
                "There have been too many wrong attempts from your network. Try again in an hour."
            )
        case 503:
            return gettext("We are out for a moment"), gettext(
                "Nothing was stored. Wait a minute and try again."
            )
        case _ if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return gettext("That could not be understood"), gettext(
                "The page may have stood open too long. Go back, load it again, and try once more."
            )
        case _:
            return gettext("Something went wrong here"), gettext(
                "It is our fault, not yours. Try again, and tell those who run the service if it happens "
                "once more."
            )
