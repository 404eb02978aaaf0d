"""`tillid replay`: responses from a file through the whole path, in a fresh temporary alliance."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

import click

from analysis.plan import MOST_BREAKDOWNS
from analysis.release import from_bytes
from analysis.tables import UNIT
from policy import POLICY
from questionnaires.loading import load
from questionnaires.model import Questionnaire
from survey.commands.alliance import AllianceError, open_alliance
from survey.commands.files import (
    FileError,
    Reply,
    check_sizes,
    read_groups,
    read_replies,
)
from survey.commands.written import check_out, write_whole
from survey.waves.clock import today
from survey.waves.manifest import FieldPeriod, Unit
from survey.waves.plan import WavePlan

_ENDS: Final = (signal.SIGTERM, signal.SIGHUP)
_ENDED_BY: Final = 128
"""With the signal's number, what a shell says of a command that was ended by it."""
_QUORUM = 2
_PORT = 8000


@click.command()
@click.option("--questionnaire", "definition", type=click.Path(path_type=Path), required=True)
@click.option(
    "--responses", type=click.Path(path_type=Path), required=True, help="CSV, a column per item id."
)
@click.option("--groups", type=click.Path(path_type=Path), help="CSV of units: unit,parent,headcount.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the release goes.")
def replay(definition: Path, responses: Path, groups: Path | None, out: Path) -> None:
    """Send responses through credential, seal, list, opening and protection; write the release."""
    questionnaire = load(definition)
    units = read_groups(groups) if groups else ()
    replies = read_replies(responses, questionnaire, units)
    check_sizes(responses, units, replies)
    _check_enough(responses, replies)
    check_out(out, [file for file in (definition, responses, groups) if file])
    began = time.perf_counter()
    with (
        _ended_in_order(),
        tempfile.TemporaryDirectory(prefix="tillid-replay-") as folder,
        open_alliance(Path(folder), _PORT) as here,
    ):
        organisation = here.organisation("Replay", questionnaire.area or "labour_market")
        plan = _plan(units, questionnaire, invited=len(replies))
        ballot = here.field(organisation, questionnaire, plan, here.trustees(organisation))
        here.answer(ballot, replies, _progress)
        answered = time.perf_counter()
        here.close(ballot)
        release = here.approve(ballot, _QUORUM)
    if release is None:
        raise AllianceError(f"wave {ballot.wave}: it was not released; the lines above say why")
    write_whole(out, release)
    _report(release)
    click.echo(f"answered in {answered - began:.1f} s, opened in {time.perf_counter() - answered:.1f} s")


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """See that the folder with its keys goes also where somebody ends the command, or closes its terminal."""
    before = {number: signal.getsignal(number) for number in _ENDS}
    # Ignored ones stay so: under nohup a command outlives its terminal.
    ours = [number for number in _ENDS if before[number] is not signal.SIG_IGN]
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])


def _end(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(_ENDED_BY + number)


def _plan(units: tuple[Unit, ...], questionnaire: Questionnaire, *, invited: int) -> WavePlan:
    """A day's wave, broken down by everything that a manifest allows: units, and the first three items."""
    day = today().isoformat()
    return WavePlan(
        units=units,
        invited=invited,
        languages=tuple(questionnaire.languages),
        breakdowns=(*((UNIT,) if units else ()), *questionnaire.rules.breakdown_items[:MOST_BREAKDOWNS]),
        quorum=_QUORUM,
        field_period=FieldPeriod(first_day=day, last_possible_day=day),
    )


def _check_enough(responses: Path, replies: Sequence[Reply]) -> None:
    if len(replies) < POLICY.opening:
        raise FileError(
            f"{responses}: {len(replies)} responses: nothing is opened under {POLICY.opening}; replay more"
        )


def _progress(done: int, of: int) -> None:
    if done % 500 == 0 or done == of:
        click.echo(f"{done:,} of {of:,} responses sent", err=True)


def _report(content: bytes) -> None:
    participation = from_bytes(content).participation
    rejected = sum(participation.rejected.values())
    click.echo(
        f"{participation.received:,} received, {rejected:,} rejected, {participation.counted:,} counted"
    )
