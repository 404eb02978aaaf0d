"""`tillid web`: the pages, served by granian."""

from __future__ import annotations

import logging
import os
import socket
from typing import TYPE_CHECKING, Final

import click

from config import Config, ConfigError

if TYPE_CHECKING:
    from flask import Flask

BLOCKING_THREADS: Final = 4
SECONDS_TO_FINISH: Final = 5


@click.command()
@click.option("--reload", "reloading", is_flag=True, help="One process that starts anew when code changes.")
def web(*, reloading: bool) -> None:
    """Serve the pages until told to stop; no request is logged."""
    config = Config.from_environment(os.environ)
    check_ready(config)
    if reloading:
        serve_reloading(config)
    else:
        serve(config)


def check_ready(config: Config) -> None:
    """
    See that pages can be served, before any process is started.

    Raises:
        SchemaError: If a database wants upgrading.
        AssetError: If styles and scripts are not built.
        ConfigError: If something else listens on the port.
    """
    from survey.site.built import read_manifest
    from survey.storage.databases import open_databases
    from survey.storage.upgrading import check_schema

    read_manifest()
    _check_port(config)
    databases = open_databases(config.database_url, config.responses_url)
    check_schema(databases)
    databases.dispose()


def _check_port(config: Config) -> None:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as fault:
            taken = f"{config.host}:{config.port} cannot be listened on ({fault.strerror})"
            raise ConfigError("TILLID_PORT", taken, "Choose another, or end what is there") from fault


def serve(config: Config) -> None:
    """Serve in `config.workers` processes; each imports the application itself, this one never does."""
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from survey.commands.serving import Server, listening

    click.echo(
        f"web: {config.base_url} ({config.workers} processes on {config.host}:{config.port})", err=True
    )
    Server(
        "survey.commands.web:application",
        [listening(config.host, config.port) for _ in range(config.workers)],
        factory=True,
        interface=Interfaces.WSGI,
        blocking_threads=BLOCKING_THREADS,
        websockets=False,
        # One process that ends by itself takes no other with it.
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        # The line above says where; of its processes only what goes wrong is news.
        log_level=LogLevels.warning,
        # An access log would say who answered, and when.
        log_access=False,
    ).serve_pages()


def serve_reloading(config: Config) -> None:
    """
    Serve in one process that starts anew when code changes, for those who write it.

    Raises:
        ConfigError: If others could reach it.
    """
    if not config.on_loopback:
        raise ConfigError("TILLID_HOST", "--reload serves this machine only", "Leave --reload out")

    from werkzeug.serving import run_simple

    # Werkzeug's own line about each request is left out here too.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    run_simple(config.host, config.port, application(), use_reloader=True, threaded=True)


def application() -> Flask:
    """Make the application, in a process of granian's, from the environment it was started in."""
    from survey.app import create_app
    from survey.commands.serving import saying_goodbye
    from survey.logs import set_up_logs

    config = Config.from_environment(os.environ)
    set_up_logs("web", config.log_format)
    app = create_app(config)
    app.wsgi_app = saying_goodbye(app.wsgi_app)  # type: ignore[assignment,method-assign]  # Flask's own way
    return app
