"""
`tillid demo`: a small alliance of invented people, filled through the real path and served on this machine.

What is filled lies in `var/demo`; remove the folder and the next start fills it anew.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
import httpx

from config import Config

if TYPE_CHECKING:
    from survey.storage.accounts import Account

_FOLDER = Path("var/demo")
NOTES = "demo.json"
KEYS = "trustees"
SECRETARIAT = "sekretariat@alliancen.example"
CONTRIBUTOR = "skribent@elevernes-faellesraad.example"
_START_SECONDS = 60
_LOOK_SECONDS = 0.5


class DemoError(Exception):
    """The demo does not come up, or did not stay up; the message says what to do."""


@click.group(invoke_without_command=True)
@click.pass_context
def demo(context: click.Context) -> None:
    """Fill a small alliance of invented people if there is none, and serve it until Ctrl-C."""
    if context.invoked_subcommand is None:
        _serve()


@demo.command()
@click.option("--seed", type=click.IntRange(min=0), required=True, help="Of the invented respondents.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day that counts as today.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the file goes; else the demo's own.")
def build(seed: int, day: dt.datetime, out: Path | None) -> None:
    """Make what the demo's other organisations gave; the same bytes for the same seed and day."""
    from survey.commands.building import FILE, build_sectors

    path = out or FILE
    if not path.parent.is_dir():
        raise DemoError(f"{path}: there is no folder {path.parent}; make it, or write elsewhere")
    digest = build_sectors(seed, day.date(), path)
    click.echo(f"{path}: {path.stat().st_size:,} bytes, SHA-256 {digest}")


def _serve() -> None:
    port = Config.from_environment(os.environ, needs=()).port
    if not (_FOLDER / NOTES).exists():
        # Imported only now: the analysis takes longer to load than a filled demo to start.
        from survey.commands.filling import fill

        fill(_FOLDER, port)
    config = Config.for_demo(_FOLDER, port)
    # Asked to end while it starts, it ends what it started too.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    # The web alone at first: a visitor waits for its first page, and for nothing that the others do.
    processes = [_started(("web",), config)]
    try:
        _await(config, processes)
        processes += [
            _started(("custody",), config),
            _started(("worker", "--queue", "var/demo/queue.db"), config),
        ]
        click.echo("\n".join(_welcome(config)))
        _wait(processes)
    finally:
        _end(processes)


def _started(command: tuple[str, ...], config: Config) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **config.environment()}
    # In a session of its own: Ctrl-C reaches this process, which ends the others in its turn.
    return subprocess.Popen(  # noqa: S603  Our own commands.
        [sys.executable, "-m", "survey.commands", *command],
        env=environment,
        start_new_session=True,
    )


def _await(config: Config, processes: list[subprocess.Popen[bytes]]) -> None:
    """Return when the web answers."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if any(process.poll() is not None for process in processes):
            raise DemoError("demo: one of its processes ended; its last lines above say why")
        try:
            if httpx.get(f"{config.base_url}/healthz").is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise DemoError(
        f"demo: {config.base_url} does not answer; is the port in use? Set TILLID_PORT to another"
    )


def _welcome(config: Config) -> list[str]:
    """What a visitor can do, a line each; sign-in links work once, for an hour."""
    from survey.people.accounts import account_of
    from survey.storage.databases import open_databases

    _move_keys(config)
    lines = ["", f"Tillid's demo is up: {config.base_url}  (everybody in it is invented; Ctrl-C ends it)"]
    lines += [f"Mails that it sends are written to {config.mail_folder}", ""]
    databases = open_databases(config.database_url, config.responses_url)
    with databases.alliance_session(reading=True) as session:
        secretariat, contributor = account_of(session, SECRETARIAT), account_of(session, CONTRIBUTOR)
    if secretariat is None or contributor is None:
        raise DemoError(f"{_FOLDER}: it has lost its people; remove the folder and start again")
    lines += [
        "The alliance",
        f"  see its secretariat's desk:  {_link(config, secretariat)}",
        f"  write for a member:          {_link(config, contributor)}",
    ]
    for organisation in json.loads((_FOLDER / NOTES).read_text("utf-8")):
        with databases.alliance_session(reading=True) as session:
            leader = account_of(session, organisation["leader"])
            steward = account_of(session, organisation["steward"])
        if leader is None or steward is None:
            raise DemoError(f"{_FOLDER}: it has lost its people; remove the folder and start again")
        lines += [
            organisation["name"],
            f"  see it as its leader:        {_link(config, leader)}",
            f"  answer as one of its people: {config.base_url}{organisation['links'][0]}",
            f"  run its surveys (steward):   {_link(config, steward)}",
            f"  hold a key as its trustees:  {config.base_url}/trustees/",
            f"    with a file of {_FOLDER / KEYS / organisation['keys']} and {organisation['words']}",
        ]
    databases.dispose()
    return lines


def _link(config: Config, account: Account) -> str:
    from survey.accounts.links import one_time_link

    return one_time_link(config.secret_key, config.base_url, account.id)


def _move_keys(config: Config) -> None:
    """Tell the trustees' files which port the demo has this time: a file is opened at its own server only."""
    from survey.trustees.keyfile import load_key_file

    for path in (_FOLDER / KEYS).glob("*.json"):
        file = load_key_file(path)
        if file.server != config.base_url:
            file.model_copy(update={"server": config.base_url}).save(path)


def _wait(processes: list[subprocess.Popen[bytes]]) -> None:
    """Return never: somebody asks for the end, or a process ended by itself."""
    while True:
        time.sleep(_LOOK_SECONDS)
        if any(process.poll() is not None for process in processes):
            raise DemoError("demo: one of its processes ended; its last lines above say why")


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
