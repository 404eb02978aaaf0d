"""`tillid worker`: background work that needs no key."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import click

from config import Config
from survey.storage.databases import open_databases
from survey.waves.clock import today
from survey.worker.process import scheduled


@click.command()
@click.option(
    "--queue",
    type=click.Path(path_type=Path),
    default=Path("var/tillid/queue.db"),
    show_default=True,
    help="The worker's own SQLite file.",
)
def worker(queue: Path) -> None:
    """Close waves on time, renew counts, lay rows down anew, until told to stop."""
    config = Config.from_environment(os.environ, needs=())
    logging.basicConfig(level=logging.INFO, format="worker: %(message)s")
    # Huey would say every minute that it did what it does every minute.
    logging.getLogger("huey").setLevel(logging.WARNING)
    queue.parent.mkdir(parents=True, exist_ok=True)
    databases = open_databases(config.database_url, config.responses_url)
    scheduled(databases, queue, today).create_consumer(workers=1, periodic=True).run()
    databases.dispose()
