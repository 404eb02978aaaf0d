"""`tillid release`: what anybody can check of a release, with the file alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from analysis.disclosure.public import Doubt, Finding, findings
from analysis.published import families
from analysis.release import Release, ReleaseError, from_bytes
from policy import POLICY, Policy, PolicyError

_LARGEST_FILE = 64 * 1024 * 1024
_TOLD_AT_MOST = 5

_WORDS = {
    Doubt.BASE: "fewer answered than the policy shows anything of",
    Doubt.FORM: "its interval is none of the policy's forms for that base",
    Doubt.EXACT: "a number under 5, or the whole but under 5, is told exactly",
    Doubt.TOLD: "what is shown tells more than its interval",
    Doubt.LEDGER: "the ledger's range is not what the tables leave open",
    Doubt.CONTRADICTION: "its parts are more than the whole",
    Doubt.UNSOLVED: "no answers give these figures, or the solver found none",
}


@click.group()
def release() -> None:
    """Check releases."""


@release.command()
@click.argument("file", type=click.Path(path_type=Path))
def audit(file: Path) -> None:
    """
    Repeat the public part of the disclosure audit, for each table of a release.

    FILE is the release as custody signed it. Says "proven" or what is not. Ends with status 1 if anything is
    not. It does not check custody's signature, nor what only custody can: the audit with the staff list.
    """
    read = _read(file)
    policy = _policy(file, read)
    doubted = 0
    for tables in families(read):
        found = list(findings(tables, policy))
        for table in tables:
            own = [finding for finding in found if finding.table == table.id]
            doubted += bool(own)
            click.echo(f"{table.id}: {_said(own) if own else 'proven'}")
    for left_out in read.ledger.left_out:
        click.echo(f"{left_out.table}: not in the release ({left_out.reason}); nothing to prove")
    click.echo(_summary(read, doubted), err=True)
    if doubted:
        raise SystemExit(1)


def _read(file: Path) -> Release:
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise click.ClickException(f"{file}: cannot be read ({error.strerror}); name a file") from error
    if len(content) > _LARGEST_FILE:
        raise click.ClickException(f"{file}: over {_LARGEST_FILE:,} bytes; no release is so large")
    try:
        return from_bytes(content)
    except (ReleaseError, RecursionError) as error:
        raise click.ClickException(f"{file}: {error}") from error


def _policy(file: Path, read: Release) -> Policy:
    if read.policy.version != POLICY.version:
        raise click.ClickException(
            f"{file}: follows {_short(read.policy.version)}, and this one knows {POLICY.version}; check it"
            " with the Tillid that made it"
        )
    try:
        return POLICY.raised(read.policy.raised)
    except PolicyError as error:
        raise click.ClickException(f"{file}: {error}") from error


def _said(found: Sequence[Finding]) -> str:
    told = "; ".join(map(_one, found[:_TOLD_AT_MOST]))
    more = len(found) - _TOLD_AT_MOST
    return f"not proven: {told}" + (f"; and {more} more" if more > 0 else "")


def _one(finding: Finding) -> str:
    rest = "those whom no group shows, of " if finding.is_rest else ""
    place = rest + ("the whole" if finding.group is None else f'group "{_short(finding.group)}"')
    option = "" if finding.option is None else f', option "{_short(finding.option)}"'
    found = "" if finding.found is None else f" ({finding.found.lo} to {finding.found.hi})"
    return f"{place}{option}: {_WORDS[finding.doubt]}{found}"


def _summary(read: Release, doubted: int) -> str:
    proven = len(read.tables) - doubted
    return (
        f"{proven} of {len(read.tables)} tables proven from the release alone. What a person who knows the"
        " staff list learns was audited in custody; its signature is not checked here."
    )


def _short(name: str) -> str:
    """A name from a file, short and without what a terminal would obey."""
    return "".join(character if character.isprintable() else "?" for character in name[:60])
