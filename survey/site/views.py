"""The front page, and the answer to whoever watches that the web is up."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from survey.access import Audience, open_to, services

blueprint = Blueprint("site", __name__)


@blueprint.get("/")
@open_to(Audience.PUBLIC)
def front() -> ResponseReturnValue:
    """Say what Tillid is, what it protects and how."""
    return render_template("site/front.html")


@blueprint.get("/healthz")
@open_to(Audience.PUBLIC)
def healthz() -> ResponseReturnValue:
    """Say whether both databases answer."""
    try:
        services().databases.answer()
    except SQLAlchemyError:
        return jsonify(status="unavailable"), 503
    return jsonify(status="ok")
