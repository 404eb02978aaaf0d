"""Another site lets a browser post to ours: without our token no form is heard where a session is sent."""

import pytest
from flask import Flask, request
from flask_wtf.csrf import CSRFError

from survey.app import WITHOUT_SESSION
from tests.survey.conftest import app, config

__all__ = ["app", "config"]


def test_every_form_that_a_session_could_post_asks_for_its_token(app: Flask) -> None:
    (asks,) = [each for each in app.before_request_funcs[None] if each.__name__ == "csrf_protect"]
    sessionless = {blueprint.name for blueprint in WITHOUT_SESSION}
    forms = [
        rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.endpoint.split(".")[0] not in sessionless
    ]

    assert len(forms) > 50
    for rule in forms:
        with app.test_request_context(method="POST"):
            request.url_rule, request.routing_exception = rule, None
            with pytest.raises(CSRFError):
                asks()


def test_an_address_without_a_session_asks_for_none(app: Flask) -> None:
    with app.test_request_context(f"/w/{'0' * 16}/responses", method="POST"):
        (asks,) = [each for each in app.before_request_funcs[None] if each.__name__ == "csrf_protect"]

        assert asks() is None
