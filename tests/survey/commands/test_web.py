"""`tillid web`: it starts when everything is there, serves, logs nobody, and stops when told to."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from flask import Flask

from config import Config, ConfigError
from survey.commands import web
from survey.site import built
from survey.site.built import AssetError
from survey.storage.upgrading import SchemaError
from tests.live import free_port

PATIENCE = 60.0


@pytest.fixture
def config(config: Config) -> Config:
    """The settings, with a port that nothing listens on: a demo may be up."""
    port = free_port()
    return replace(config, port=port, base_url=f"http://127.0.0.1:{port}")


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(built, "BUILT", tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"site.css": "site.css"}))
    return tmp_path


def test_what_is_there_is_ready(config: Config, build: Path) -> None:
    web.check_ready(config)


def test_without_tables_or_styles_it_does_not_start(config: Config, build: Path, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="tillid database upgrade"):
        web.check_ready(replace(config, database_url=f"sqlite:///{tmp_path}/empty.db"))
    (build / "manifest.json").unlink()
    with pytest.raises(AssetError, match="not built"):
        web.check_ready(config)


def test_code_that_reloads_is_served_to_this_machine_only(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[tuple[object, ...]] = []
    monkeypatch.setattr("werkzeug.serving.run_simple", lambda *given, **_: served.append(given))
    for name, value in config.environment().items():
        monkeypatch.setenv(name, value)

    web.serve_reloading(config)
    with pytest.raises(ConfigError, match="--reload serves this machine only"):
        web.serve_reloading(replace(config, host="0.0.0.0", one_time_sign_in=False))  # noqa: S104

    ((host, port, app),) = served
    assert (host, port) == ("127.0.0.1", config.port)
    assert isinstance(app, Flask)


def until(reached: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.1)


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


SERVE = """
import os
from config import Config
from survey.commands.web import serve
serve(Config.from_environment(os.environ))
"""


def test_it_serves_and_no_line_of_its_log_says_who_asked_for_what(config: Config, tmp_path: Path) -> None:
    port = free_port()
    served = replace(config, port=port, base_url=f"http://127.0.0.1:{port}", workers=1)
    log = tmp_path / "log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            env={**os.environ, **served.environment()},
            stdout=file,
            stderr=file,
        )
    try:
        until(lambda: answers(served.base_url))
        agent, address = {"User-Agent": "Agent/7"}, f"{served.base_url}/w/0123456789abcdef"
        wave = httpx.get(address, headers=agent)
        sent = httpx.post(f"{address}/responses", content=b"x" * 40_000, headers=agent)
        process.send_signal(signal.SIGINT)
        ended = process.wait(PATIENCE)
    finally:
        process.kill()

    assert ended == 0
    assert wave.status_code == 404
    assert "Set-Cookie" not in wave.headers
    assert sent.status_code in {400, 404}
    told = log.read_text()
    assert served.base_url in told
    for secret in ("/w/", "0123456789abcdef", "Agent/7", "healthz", "GET", "POST"):
        assert secret not in told


@pytest.mark.parametrize(("arguments", "expected"), [((), "serve"), (("--reload",), "serve_reloading")])
def test_the_command_serves_what_is_ready(
    config: Config, build: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], expected: str
) -> None:
    served: list[Config] = []
    monkeypatch.setattr(web, expected, served.append)
    result = CliRunner().invoke(web.web, arguments, env=config.environment())

    assert result.exit_code == 0
    assert served == [config]
