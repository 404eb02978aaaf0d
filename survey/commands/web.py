"""`tillid web`: the pages, served by granian."""

from __future__ import annotations

import logging
import os
from typing import Final

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from werkzeug.serving import WSGIRequestHandler, run_simple

from config import Config, ConfigError
from survey.app import create_app
from survey.site.assets import read_manifest
from survey.storage.databases import open_databases
from survey.storage.upgrading import check_schema

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
        AudienceError: If a view does not say whom it is for.
    """
    databases = open_databases(config.database_url, config.responses_url)
    check_schema(databases)
    databases.dispose()
    read_manifest()
    create_app(config)


def serve(config: Config) -> None:
    """Serve in `config.workers` processes."""
    click.echo(
        f"web: {config.base_url} ({config.workers} processes on {config.host}:{config.port})", err=True
    )
    Granian(
        "survey.commands.web:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=config.host,
        port=config.port,
        workers=config.workers,
        blocking_threads=BLOCKING_THREADS,
        respawn_failed_workers=True,
        websockets=False,
        workers_kill_timeout=SECONDS_TO_FINISH,
        # An access log would say who answered, and when.
        log_access=False,
    ).serve()


def serve_reloading(config: Config) -> None:
    """
    Serve in one process that starts anew when code changes, for those who write it.

    Raises:
        ConfigError: If others could reach it.
    """
    if not config.on_loopback:
        raise ConfigError("TILLID_HOST", "--reload serves this machine only", "Leave --reload out")
    run_simple(
        config.host,
        config.port,
        create_app(config),
        use_reloader=True,
        threaded=True,
        request_handler=Unlogged,
    )


class Unlogged(WSGIRequestHandler):
    """Serves without a line about who asked for what."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


def application() -> Flask:
    """Make the application in one of granian's processes, from the environment it was started in."""
    logging.basicConfig(level=logging.INFO, format="web: %(message)s")
    return create_app(Config.from_environment(os.environ))
