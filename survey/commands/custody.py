"""`tillid custody`: the process that holds waves' keys and serves nobody, and what it is told on its host."""

from __future__ import annotations

import logging
import os
import signal
import threading

import click

from config import Config
from survey.custody.directory import CustodyDirectory
from survey.custody.memory import harden
from survey.custody.process import Custody
from survey.logs import set_up_logs
from survey.sealing.shares import ShareError, read_spoken
from survey.storage.databases import open_databases
from survey.waves.clock import today

_log = logging.getLogger("tillid.custody")


@click.group(invoke_without_command=True)
@click.pass_context
def custody(context: click.Context) -> None:
    """Hold ceremonies, close, open, release and destroy waves, until told to stop."""
    if context.invoked_subcommand is not None:
        return
    config = Config.from_environment(os.environ, needs=())
    set_up_logs("custody", config.log_format)
    for word in harden(demo=config.demo):
        _log.warning("%s", word)
    databases = open_databases(config.database_url, config.responses_url)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    directory = CustodyDirectory(config.custody_directory)
    Custody(databases, directory, today, synthetic=config.demo).run(stop)
    databases.dispose()


@custody.command()
@click.argument("fingerprint", nargs=-1, required=True)
def vouch(fingerprint: tuple[str, ...]) -> None:
    """Tell custody, on its own host, the FINGERPRINT that a trustee read out to you."""
    try:
        heard = read_spoken("".join(fingerprint))
    except ShareError as fault:
        raise click.ClickException(str(fault)) from fault
    config = Config.from_environment(os.environ, needs=())
    CustodyDirectory(config.custody_directory).vouch(heard)
    click.echo(f"custody will hold ceremonies with the trustee whose key is {heard}")
