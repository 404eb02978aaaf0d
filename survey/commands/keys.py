"""`tillid keys`: fresh values for the settings that are keys, and what is stored laid under a new one."""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence

import click
from sqlalchemy import Column, LargeBinary, Table, func, select, update
from sqlalchemy.orm import Session

from config import MAIL_KEYS, Config, fresh_keys
from survey.sealing.at_rest import AtRest, AtRestError
from survey.storage.databases import open_databases
from survey.storage.upgrading import METADATA

# How everything begins that Fernet encrypted before the year 2106: its version, then a time of 64 bits.
_TOKEN_BEGINS = b"gAAAAA"


@click.group(invoke_without_command=True)
@click.pass_context
def keys(context: click.Context) -> None:
    """Print new keys as lines of an environment file; keep them where only the processes read."""
    if context.invoked_subcommand is not None:
        return
    for name, value in fresh_keys().items():
        click.echo(f"{name}={value}")


@keys.command()
def rotate() -> None:
    """Encrypt what is stored anew, under the first of TILLID_FERNET_KEYS and of TILLID_MAIL_KEYS."""
    # The table of accounts needs Flask-Security, which printing a key does not.
    importlib.import_module("survey.storage.accounts")
    config = Config.from_environment(os.environ, needs=("TILLID_FERNET_KEYS", MAIL_KEYS))
    databases = open_databases(config.database_url, config.responses_url)
    kept = [AtRest(config.fernet_keys), AtRest(config.mail_keys)]
    with databases.alliance_session() as session:
        done = rotated(session, kept)
    databases.dispose()
    click.echo(f"{done} encrypted anew. The former keys open nothing of it; take them out of the settings.")


def rotated(session: Session, kept: Sequence[AtRest]) -> int:
    """
    Encrypt anew whatever is encrypted in the alliance's database, whichever column it is in.

    Nothing is changed if one thing opens under no key of `kept`. Returns how many things there were.

    Raises:
        AtRestError: If something was encrypted under other keys.
    """
    return sum(
        _column_rotated(session, table, column, kept)
        for table in METADATA["alliance"].tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    )


def _column_rotated(session: Session, table: Table, column: Column[bytes], kept: Sequence[AtRest]) -> int:
    # Held until the end, so that nobody erases or renews in between what is written back here.
    tokens = select(*table.primary_key.columns, column).where(
        func.substr(column, 1, len(_TOKEN_BEGINS)) == _TOKEN_BEGINS
    )
    found = session.execute(tokens.with_for_update()).all()
    for *place, encrypted in found:
        row = (each == value for each, value in zip(table.primary_key.columns, place, strict=True))
        session.execute(update(table).where(*row).values({column.name: _under_a_new_key(encrypted, kept)}))
    return len(found)


def _under_a_new_key(encrypted: bytes, kept: Sequence[AtRest]) -> bytes:
    for at_rest in kept[:-1]:
        try:
            return at_rest.rotated(encrypted)
        except AtRestError:
            continue
    return kept[-1].rotated(encrypted)
