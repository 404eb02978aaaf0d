from dataclasses import replace

import pytest
from flask import Flask, request

from config import Config
from survey.access import Audience, open_to
from survey.app import create_app
from tests.pages import EveryName

SAID = {
    "X-Forwarded-For": "198.51.100.1, 192.0.2.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil",
}


def told(app: Flask) -> str:
    @open_to(Audience.PUBLIC)
    def view() -> str:
        return f"{request.remote_addr} {request.scheme} {request.host}"

    app.add_url_rule("/told", "told", view)
    return app.test_client().get("/told", headers=SAID).text


@pytest.mark.parametrize(
    ("proxies", "expected"), [(0, "127.0.0.1 http localhost"), (1, "192.0.2.9 https localhost")]
)
def test_only_as_many_proxies_as_there_are_say_whom_they_speak_for(
    config: Config, proxies: int, expected: str
) -> None:
    assert told(create_app(replace(config, proxies=proxies), assets=EveryName())) == expected
