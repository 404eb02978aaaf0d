"""The front page, and the answer to whoever watches that the web is up."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, abort, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from survey.access import Audience, open_to, services

blueprint = Blueprint("site", __name__)
ABOUT: Final = frozenset({"accessibility", "contact", "cookies", "privacy", "security"})


@blueprint.get("/")
@open_to(Audience.PUBLIC)
def front() -> ResponseReturnValue:
    """Say what Tillid is, what it protects and how."""
    return render_template("site/front.html")


@blueprint.get("/about/<page>")
@open_to(Audience.PUBLIC)
def about(page: str) -> ResponseReturnValue:
    """Say what every public service has to say of itself."""
    if page not in ABOUT:
        abort(404)
    return render_template(f"site/{page}.html")


@blueprint.get("/healthz")
@open_to(Audience.PUBLIC)
def healthz() -> ResponseReturnValue:
    """Say whether both databases answer."""
    try:
        services().databases.answer()
    except SQLAlchemyError:
        return jsonify(status="unavailable"), 503
    return jsonify(status="ok")
