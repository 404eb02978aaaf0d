"""What every answer tells the browser: load nothing from elsewhere, tell nobody where you came from."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from survey.access import WITH_ACCOUNT, Audience, audiences_of

POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    # For what is older than frame-ancestors.
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
KEPT_BY_NOBODY: Final = frozenset({Audience.RESPONDENT, Audience.TRUSTEE_KEY, Audience.MONITOR})
TWO_YEARS: Final = 63_072_000


def set_on_every_answer(app: Flask, *, secure: bool) -> None:
    """Set the headers on whatever the application answers, errors too."""

    @app.after_request
    def with_headers(response: Response) -> Response:
        response.headers.extend(HEADERS)
        if secure:
            response.headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
        if _is_kept_by_nobody(app):
            response.headers["Cache-Control"] = "no-store"
            del response.headers["ETag"], response.headers["Last-Modified"]
        elif response.mimetype == "text/html":
            # The same address answers in the reader's language.
            response.headers["Cache-Control"] = "no-cache"
            response.vary.add("Accept-Language")
        return response


def _is_kept_by_nobody(app: Flask) -> bool:
    audiences = audiences_of(app, request.endpoint)
    return bool(audiences & KEPT_BY_NOBODY) or request.path.startswith((WITH_ACCOUNT, "/w/", "/trustees/"))
