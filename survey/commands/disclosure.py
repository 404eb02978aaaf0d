"""`tillid disclosure`: protect somebody else's table, to the proven optimum or with a bound."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import click

from analysis.disclosure.jj import (
    LARGEST_FILE,
    JjError,
    JjProblem,
    document,
    form_problem,
    read_jj,
    solution,
    unprotected,
)
from analysis.disclosure.optimisation import CannotProtectError, NotProvenError, Progress, optimise
from questionnaires.files import read_file

_NODES = 10_000
_SHOWN_AT_MOST = 20
_SECONDS_BETWEEN_WORDS = 2.0


@click.group()
def disclosure() -> None:
    """Protect tables by cell suppression."""


@disclosure.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--node-limit",
    type=click.IntRange(min=0),
    default=_NODES,
    show_default=True,
    help="Branches that the search may look at; then the best choice and its bound are given.",
)
def solve(file: Path, node_limit: int) -> None:
    """
    Choose the cells to suppress in a problem in the JJ format, and print them as JSON.

    FILE is what τ-Argus and sdcTable write. The choice protects every sensitive cell, whatever the limit; the
    limit only decides how near to the cheapest it is proven to be.
    """
    problem = _read(file)
    try:
        forms = optimise(form_problem(problem), node_limit=node_limit, progress=_teller())
        found = solution(problem, forms)
    except CannotProtectError as error:
        raise click.ClickException(f"{file}: {_named(problem, error)}") from error
    except NotProvenError as error:
        raise click.ClickException(f"{file}: nothing is proven, so nothing is said: {error}") from error
    click.echo(json.dumps(document(found)))


def _read(file: Path) -> JjProblem:
    try:
        return read_jj(read_file(file, LARGEST_FILE + 1))
    except OSError as error:
        raise click.ClickException(f"{file}: cannot be read ({error.strerror}); name a file") from error
    except JjError as error:
        raise click.ClickException(f"{file}: {error}") from error


def _named(problem: JjProblem, error: CannotProtectError) -> str:
    """Which cells cannot be protected, and why that may be."""
    ids = unprotected(problem, error)
    named = ", ".join(map(str, ids[:_SHOWN_AT_MOST])) + (", …" if len(ids) > _SHOWN_AT_MOST else "")
    return (
        f"no suppression protects {len(ids)} of its sensitive cells: {named}. Ask for less (LPL, UPL, SPL),"
        " let cells of status z be suppressed, or widen what everybody is taken to know (lower, upper)"
    )


def _teller() -> Callable[[Progress], None]:
    """Tells a person who waits how far the search is, on standard error, every few seconds."""
    told = time.perf_counter()

    def tell(progress: Progress) -> None:
        nonlocal told
        if time.perf_counter() - told > _SECONDS_BETWEEN_WORDS:
            told = time.perf_counter()
            click.echo(
                f"round {progress.rounds}: cost {progress.cost:,.10g}, at least {progress.bound:,.10g},"
                f" {progress.cuts:,} cuts",
                err=True,
            )

    return tell
