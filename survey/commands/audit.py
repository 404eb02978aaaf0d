"""`tillid audit`: the log of what each role did."""

from __future__ import annotations

import os

import click

from config import Config
from survey.storage.audit import Head
from survey.storage.audit import verify as verified
from survey.storage.databases import open_databases
from survey.storage.upgrading import check_schema


@click.group()
def audit() -> None:
    """See that the audit log is what was written."""


@audit.command()
@click.option("--expect", help="A head that was printed earlier.")
def verify(expect: str | None) -> None:
    """Read the whole log; say where it was changed, or how it ends."""
    expected = Head.parsed(expect) if expect else None
    config = Config.from_environment(os.environ, needs=())
    databases = open_databases(config.database_url, config.responses_url)
    check_schema(databases)
    with databases.alliance_session(reading=True) as session:
        head = verified(session, expected)
    databases.dispose()
    click.echo(f"{head.number} entries, each as it was written. Head: {head}")
