"""
`tillid demo`: a small alliance of invented people, filled through the real path and served on this machine.

What is filled lies in `var/demo`; remove the folder and the next start fills it anew.
"""

from __future__ import annotations

import datetime
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import click
import httpx

from config import Config
from questionnaires.loading import load
from survey.accounts.links import one_time_link
from survey.accounts.people import account_of, add_account, join
from survey.commands.alliance import Alliance, AllianceError, Ballot, open_alliance, today
from survey.commands.synthetic import Place, replies
from survey.storage.databases import open_databases
from survey.storage.models import MembershipRole
from survey.waves.manifest import FieldPeriod, Unit
from survey.waves.plan import WavePlan

_FOLDER = Path("var/demo")
_NOTES = "demo.json"
_DEFINITIONS = Path(__file__).parents[2] / "questionnaires" / "definitions"
_QUORUM = 2
_FIELD_DAYS = 14
_START_SECONDS = 60
_LINKS = 5


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented organisation of the demo."""

    name: str
    definition: str
    people: int
    answered: int
    place: Place
    units: tuple[tuple[str, int], ...] = ()


ORGANISATIONS = (
    Invented(
        "Havnens Værksted", "workplace", 96, 74, Place("average", 0.72), (("Smedjen", 40), ("Kontoret", 56))
    ),
    Invented("Nordby Gymnasium", "education", 260, 214, Place("average", 0.78)),
    Invented("Teatret ved Åen", "culture_leisure", 48, 41, Place("hospitality", 0.6)),
)


@click.command()
def demo() -> None:
    """Fill a small alliance of invented people if there is none, and serve it until Ctrl-C."""
    port = Config.from_environment(os.environ, needs=()).port
    if not (_FOLDER / _NOTES).exists():
        _fill(port)
    config = Config.for_demo(_FOLDER, port)
    processes = [
        _started(name, config)
        for name in (("web",), ("custody",), ("worker", "--queue", "var/demo/queue.db"))
    ]
    try:
        _await(config, processes)
        _welcome(config)
        _wait(processes)
    finally:
        _end(processes)


def _fill(port: int) -> None:
    """Fill a folder beside the demo's, and rename it when it is whole."""
    aside = _FOLDER.with_name("demo.filling")
    shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(_FOLDER, ignore_errors=True)
    click.echo("Filling the demo with invented organisations, through the real path:")
    with open_alliance(aside, port) as alliance:
        waves = [_organisation(alliance, invented, seed) for seed, invented in enumerate(ORGANISATIONS)]
    (aside / _NOTES).write_text(json.dumps(waves), "utf-8")
    aside.rename(_FOLDER)


def _organisation(alliance: Alliance, invented: Invented, seed: int) -> dict[str, object]:
    """One organisation with a leader, a wave that was released and one that is open for answers."""
    questionnaire = load(_DEFINITIONS / f"{invented.definition}.yaml")
    organisation = alliance.organisation(invented.name, invented.definition)
    trustees = alliance.trustees(organisation)
    ballot = alliance.field(organisation, questionnaire, _plan(invented), trustees)
    answers = replies(questionnaire, invented.place, invented.answered, len(invented.units), seed)
    with click.progressbar(length=len(answers), label=f"  {invented.name}") as bar:
        alliance.answer(ballot, answers, lambda _done, _of: bar.update(1))
    alliance.close(ballot)
    if alliance.approve(ballot, _QUORUM) is None:
        raise AllianceError(
            f"wave {ballot.wave}: a quorum approved, and it was not released; see the lines above"
        )
    still_open = alliance.field(organisation, questionnaire, _plan(invented), trustees)
    email = f"leder@{invented.definition.replace('_', '-')}.example"
    with alliance.databases.alliance_session() as session:
        leader = add_account(session, email, secrets.token_urlsafe(24))
        join(session, leader.id, organisation, MembershipRole.LEADER)
    return {"name": invented.name, "leader": email, "links": _links(still_open)}


def _plan(invented: Invented) -> WavePlan:
    day = today()
    last = day + datetime.timedelta(days=_FIELD_DAYS)
    units = tuple(
        Unit(id=f"u{number}", name=name, parent=None, headcount=people)
        for number, (name, people) in enumerate(invented.units, 1)
    )
    return WavePlan(
        languages=("da", "en"),
        units=units,
        invited=invented.people,
        quorum=_QUORUM,
        field_period=FieldPeriod(first_day=day.isoformat(), last_possible_day=last.isoformat()),
    )


def _links(ballot: Ballot) -> list[str]:
    return [f"/w/{ballot.wave}#{code}.{ballot.pin}" for code in ballot.codes[:_LINKS]]


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
            raise AllianceError("demo: one of its processes ended; its last lines above say why")
        try:
            if httpx.get(f"{config.base_url}/healthz").is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AllianceError(
        f"demo: {config.base_url} does not answer; is the port in use? Set TILLID_PORT to another"
    )


def _welcome(config: Config) -> None:
    databases = open_databases(config.database_url, config.responses_url)
    click.echo(f"\nTillid's demo is up: {config.base_url}   (everybody in it is invented; Ctrl-C ends it)\n")
    for organisation in json.loads((_FOLDER / _NOTES).read_text("utf-8")):
        with databases.alliance_session(reading=True) as session:
            leader = account_of(session, organisation["leader"])
        click.echo(f"{organisation['name']}")
        if leader is not None:
            click.echo(
                f"  see it as its leader: {one_time_link(config.secret_key, config.base_url, leader.id)}"
            )
        click.echo(f"  answer as one of its people: {config.base_url}{organisation['links'][0]}")
    databases.dispose()


def _wait(processes: list[subprocess.Popen[bytes]]) -> None:
    """Return when somebody asks for the end, or a process ended by itself."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(0.5):
        if any(process.poll() is not None for process in processes):
            raise AllianceError("demo: one of its processes ended; its last lines above say why")


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
