"""`tillid database`: the two databases' tables, and on PostgreSQL who may do what with them."""

from __future__ import annotations

import os

import click

from config import Config
from survey.storage.databases import open_databases
from survey.storage.grants import GRANTS, Line, statements
from survey.storage.upgrading import upgrade as upgrade_databases


@click.group()
def database() -> None:
    """Make or upgrade the databases."""


@database.command()
def upgrade() -> None:
    """Bring both databases to the tables of this version; forward only."""
    config = Config.from_environment(os.environ, needs=())
    databases = open_databases(config.database_url, config.responses_url)
    upgrade_databases(databases)
    databases.dispose()
    click.echo("Both databases have the tables of this version.")


@database.command()
def grants() -> None:
    """Print, for PostgreSQL, the roles of the processes and what each may do."""
    click.echo("-- As a superuser, once:")
    for role in GRANTS[Line.ALLIANCE]:
        click.echo(f"CREATE ROLE {role} LOGIN;")
    for line in Line:
        click.echo(
            f"\n-- As its owner, in the database of the {line.value}, after `tillid database upgrade`:"
        )
        for statement in statements(line):
            click.echo(statement)
