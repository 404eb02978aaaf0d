"""`tillid custody`: the process that holds waves' keys, and serves nobody."""

from __future__ import annotations

import logging
import os
import signal
import threading

import click

from config import Config
from survey.commands.alliance import today
from survey.custody.directory import CustodyDirectory
from survey.custody.memory import harden
from survey.custody.process import Custody
from survey.storage.databases import open_databases


@click.command()
def custody() -> None:
    """Hold ceremonies, close, open, release and destroy waves, until told to stop."""
    config = Config.from_environment(os.environ, needs=())
    harden(demo=config.demo)
    logging.basicConfig(level=logging.INFO, format="custody: %(message)s")
    databases = open_databases(config.database_url, config.responses_url)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    Custody(databases, CustodyDirectory(config.custody_directory), today).run(stop)
    databases.dispose()
