"""`tillid replay`: responses from a file through the whole path, in a fresh temporary alliance."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from analysis.plan import MOST_BREAKDOWNS
from analysis.release import from_bytes
from analysis.tables import UNIT
from policy import POLICY
from questionnaires.loading import load
from questionnaires.model import Questionnaire
from survey.commands.alliance import AllianceError, open_alliance
from survey.commands.files import FileError, Reply, check_sizes, read_groups, read_replies, write_whole
from survey.waves.clock import today
from survey.waves.manifest import FieldPeriod, Unit
from survey.waves.plan import WavePlan

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
    _check(out, replies)
    began = time.perf_counter()
    with (
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


def _check(out: Path, replies: Sequence[Reply]) -> None:
    if len(replies) < POLICY.opening:
        raise FileError(f"{len(replies)} responses: nothing is opened under {POLICY.opening}; replay more")
    if not out.parent.is_dir():
        raise FileError(f"{out}: there is no folder {out.parent}; make it, or write elsewhere")


def _progress(done: int, of: int) -> None:
    if done % 500 == 0 or done == of:
        click.echo(f"{done:,} of {of:,} responses sent", err=True)


def _report(content: bytes) -> None:
    participation = from_bytes(content).participation
    rejected = sum(participation.rejected.values())
    click.echo(
        f"{participation.received:,} received, {rejected:,} rejected, {participation.counted:,} counted"
    )
