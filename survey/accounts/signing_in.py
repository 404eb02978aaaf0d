"""Flask-Security and CSRF protection as this product wants them: passwords, no registration, no tracking."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_security import Security
from flask_wtf import CSRFProtect

from survey.access import WITH_ACCOUNT
from survey.accounts.datastore import Accounts
from survey.storage.databases import Databases

SETTINGS: Final = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": True,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    # A working day: whoever leaves a browser open is asked again.
    "PERMANENT_SESSION_LIFETIME": timedelta(hours=10),
    "SESSION_COOKIE_NAME": "tillid",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_PATH": WITH_ACCOUNT.rstrip("/"),
    "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
    # Pages send no referrer, on purpose, so none can be compared.
    "WTF_CSRF_SSL_STRICT": False,
}


class SessionsWithAccount(SecureCookieSessionInterface):
    """Sessions that exist below `WITH_ACCOUNT` only: elsewhere no cookie is read, and none can be set."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie where it belongs; elsewhere leave the request without a session."""
        return super().open_session(app, request) if request.path.startswith(WITH_ACCOUNT) else None


def set_up_signing_in(app: Flask, databases: Databases, *, secure: bool) -> CSRFProtect:
    """Give an application sessions, sign-in and the protection of forms, which it returns."""
    app.config.update(SETTINGS, SESSION_COOKIE_SECURE=secure)
    app.session_interface = SessionsWithAccount()
    csrf = CSRFProtect(app)
    security = Security(app, Accounts(databases), register_blueprint=False)
    # No tokens in headers or bodies: the session's cookie is the only way to be signed in.
    security.login_manager.request_loader(lambda _request: None)
    return csrf
