"""
What a session knows beside whose it is: whether a second factor was shown, and what is half done.

And a browser that was seen before: a cookie that names nobody (a digest of the account's id, signed), so that
a sign-in from a new place can be told by mail without keeping where it was from.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from flask import Response, current_app, request, session
from flask_security import login_user
from itsdangerous import BadSignature, URLSafeSerializer

from survey.access import SECOND_FACTOR, WITH_ACCOUNT, services
from survey.delivery.message import written
from survey.storage.accounts import Account

_HALF: Final = "half"
_SHOWN: Final = "shown"
# How long a password that was shown stands for whoever sits at the browser.
FRESH_SECONDS: Final = 600
HALF_SECONDS: Final = 300
KNOWN: Final = "tillid_known"
_YEAR: Final = 365 * 24 * 3600
_MOST_KNOWN: Final = 8


def begin_second_step(account: Account) -> None:
    """Remember, for five minutes, whose password was right."""
    session[_HALF] = [account.fs_uniquifier, services().outbox.now()]


def half_signed_in() -> str | None:
    """Return whose password was right a moment ago, by what changes with the password; else None."""
    half = session.get(_HALF)
    if not half or services().outbox.now() - half[1] > HALF_SECONDS:
        return None
    return str(half[0])


def finish(account: Account, *, second_factor: bool, way: str) -> None:
    """Sign a person in."""
    session.clear()  # whatever a page of before put there is not this person's
    login_user(account, remember=False, authn_via=[way])
    session[SECOND_FACTOR] = second_factor
    password_shown()


def password_shown() -> None:
    """Remember that whoever sits here has shown just now who they are."""
    session[_SHOWN] = services().outbox.now()


def is_fresh() -> bool:
    """Say whether that was within the last ten minutes: else somebody else may sit at an open browser."""
    return bool(services().outbox.now() - int(session.get(_SHOWN, 0)) <= FRESH_SECONDS)


def tell_of_new_place(account: Account, response: Response) -> Response:
    """Write to the person if this browser was never seen with them, and remember it."""
    known, mark = _known(), _mark(account)
    if mark not in known:
        message = written("new_place", (account.language,), site=services().base_url)
        with services().databases.alliance_session() as database:
            services().outbox.queue(database, to=account.email, message=message)
    return remember_place(account, response)


def remember_place(account: Account, response: Response) -> Response:
    """Remember that this browser was seen with a person."""
    marks = [_mark(account), *(mark for mark in _known() if mark != _mark(account))][:_MOST_KNOWN]
    response.set_cookie(
        KNOWN,
        _signer().dumps(marks),
        max_age=_YEAR,
        path=WITH_ACCOUNT.rstrip("/"),
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return response


def known_here(account: Account) -> str | None:
    """Return what stands for a person whom this browser was seen with, else None."""
    return _mark(account) if _mark(account) in _known() else None


def _known() -> list[str]:
    try:
        return list(_signer().loads(request.cookies.get(KNOWN, "")))
    except BadSignature:
        return []


def _mark(account: Account) -> str:
    return sha256(f"{KNOWN} {account.id}".encode()).hexdigest()[:32]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(services().secret_key, salt="tillid known browser")
