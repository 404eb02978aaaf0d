"""`tillid keys`: fresh values for the settings that are keys."""

from __future__ import annotations

import click

from config import fresh_keys


@click.command()
def keys() -> None:
    """Print new keys as lines of an environment file; keep them where only the processes read."""
    for name, value in fresh_keys().items():
        click.echo(f"{name}={value}")
