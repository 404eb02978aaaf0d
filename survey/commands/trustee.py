"""`tillid trustee`: a trustee without a browser, who trusts nothing that the server says unchecked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import httpx

from survey.sealing.shares import spoken
from survey.storage.models import TrusteeRole
from survey.trustees.client import TrusteeClient, enrol
from survey.trustees.keyfile import KeyFile, load_key_file, new_passphrase
from survey.waves.manifest import Manifest, WaveMode

_FILE = click.option(
    "--file", "path", type=click.Path(path_type=Path), required=True, help="The key file you keep."
)
_WAVE = click.option("--wave", required=True, help="The wave's id.")
_TIMEOUT_SECONDS = 30


@click.group()
def trustee() -> None:
    """Enrol a key, see which waves depend on it, confirm a share, approve an opening."""


@trustee.command(name="enrol")
@click.option("--server", required=True, help="The alliance's address, such as https://culture.example.org")
@click.option("--invitation", prompt=True, hide_input=True, help="The token of your invitation.")
@_FILE
def enrol_command(server: str, invitation: str, path: Path) -> None:
    """Make a key, keep it in a file under a passphrase, and enrol it."""
    if path.exists():
        raise click.ClickException(f"{path}: is there already; name another file, or move that one away")
    passphrase = new_passphrase()
    with httpx.Client(base_url=server, timeout=_TIMEOUT_SECONDS) as http:
        file = enrol(http, invitation, passphrase)
    file.save(path)
    click.echo(f"Your passphrase, shown this once: {passphrase}")
    click.echo(f"Your key's fingerprint: {spoken(file.fingerprint)}")
    click.echo(f"Custody's fingerprint:  {file.custody}")


@trustee.command()
@_FILE
def waves(path: Path) -> None:
    """List the waves that depend on you."""
    with _client(path, unlock=False) as client:
        for wave in client.waves():
            confirmed = "confirmed" if wave["confirmed"] else "not confirmed"
            click.echo(f"{wave['wave']}  {wave['state']}, {confirmed}")


@trustee.command()
@_FILE
@_WAVE
def confirm(path: Path, wave: str) -> None:
    """Read what a wave promises, and show that your share of its key unwraps."""
    with _client(path) as client:
        manifest = client.promise(wave).manifest
        click.echo("\n".join(promises(manifest)))
        for question in questions(manifest, client.file):
            click.confirm(question, abort=True)
        client.confirm(wave).save(path)
    click.echo(f"wave {wave}: confirmed")


@trustee.command()
@_FILE
@_WAVE
def approve(path: Path, wave: str) -> None:
    """Give custody your share, for one opening of the list it signed."""
    with _client(path) as client:
        remembered, approval = client.approved(wave)
        # Remembered before it is sent: after a crash no other list can be approved.
        remembered.save(path)
        client.send_approval(wave, approval)
    click.echo(f"wave {wave}: approved the list {approval['list']}")


@trustee.command()
@_FILE
@_WAVE
def prove(path: Path, wave: str) -> None:
    """Show that your key still works, so that a lost one is noticed in time; it opens nothing."""
    with _client(path) as client:
        client.prove(wave)
    click.echo(f"wave {wave}: your key works")


@trustee.command()
@_FILE
@_WAVE
@click.option("--reason", required=True, help="Why; the organisation's stewards read it.")
def decline(path: Path, wave: str, reason: str) -> None:
    """Say that you will not open a wave, and why; an approval you gave is taken back."""
    with _client(path) as client:
        client.decline(wave, reason)
    click.echo(f"wave {wave}: declined; you can still approve as long as it is not erased")


def promises(manifest: Manifest) -> Iterator[str]:
    """A wave's promises in words, a line each."""
    asked = "everybody who has the link" if manifest.mode is WaveMode.OPEN else f"{manifest.invited} people"
    yield f"{manifest.organisation.name} asks {asked},"
    if manifest.joint:
        yield f"of {manifest.joint.called('en')} together, the largest with {manifest.joint.largest} people,"
    yield f"with the questionnaire {manifest.questionnaire.id} {manifest.questionnaire.version},"
    period = manifest.field_period
    yield f"from {period.first_day} to {period.last_possible_day} at the latest."
    for unit in manifest.units:
        yield f"  {unit.name}: {unit.headcount} people"
    yield f"{manifest.paper_credentials} people more can answer on paper."
    yield f"{manifest.quorum} of {len(manifest.trustees)} trustees must agree to an opening:"
    for pin in manifest.trustees:
        yield f"  {pin.number}, {pin.role.value}: {spoken(pin.fingerprint)}"
    yield f"Everything is erased {manifest.retention.days_after_release} days after the release."


def questions(manifest: Manifest, file: KeyFile) -> Iterator[str]:
    """What a trustee has to know from elsewhere than the server before they confirm."""
    yield "Are these the promises you know?"
    if len(manifest.trustees) > 1:
        yield "Did each of the other trustees read you their fingerprint, and is it the one above?"
    if file.role == TrusteeRole.EMPLOYEES.value and manifest.mode is WaveMode.OPEN:
        yield "Do you know that everybody who has the link can answer, also several times?"
    elif file.role == TrusteeRole.EMPLOYEES.value:
        # Among invented colleagues a single real answer would stand alone.
        yield f"Do you know that these {manifest.invited} people are real, and all who may answer?"
    if file.role == TrusteeRole.EMPLOYEES.value and manifest.joint is not None:
        largest = manifest.joint.largest
        yield f"Do you know that no organisation has over {largest} people, and no unit is one organisation?"


@contextmanager
def _client(path: Path, *, unlock: bool = True) -> Iterator[TrusteeClient]:
    file = load_key_file(path)
    seed = file.seed(click.prompt("Passphrase", hide_input=True)) if unlock else b""
    with httpx.Client(base_url=file.server, timeout=_TIMEOUT_SECONDS) as http:
        yield TrusteeClient(http, file, seed)
