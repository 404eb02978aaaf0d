"""
The demo's alliance: three invented organisations, each with a released wave and one that is open for answers.

Everything goes through the real path: credentials, sealing, trustees, custody, protection.
"""

from __future__ import annotations

import datetime
import json
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

import click

from questionnaires.loading import load
from survey.commands.alliance import Alliance, AllianceError, Ballot, open_alliance
from survey.commands.demo import KEYS, NOTES, SECRETARIAT
from survey.commands.synthetic import Place, replies
from survey.people.accounts import add_account, join
from survey.storage.identifiers import new_identifier
from survey.storage.models import MembershipRole, Organisation
from survey.storage.people import HelpLineCheck
from survey.trustees.keyfile import new_passphrase
from survey.waves.clock import today
from survey.waves.help_lines import check_digest, published_definitions
from survey.waves.manifest import FieldPeriod, Unit
from survey.waves.plan import WavePlan

_DEFINITIONS = Path(__file__).parents[2] / "questionnaires" / "definitions"
_QUORUM = 2
_FIELD_DAYS = 14
_LINKS = 5
_WAITING = 12
"""Responses of the wave that waits to be opened: enough for an opening, and soon sent."""
TRUSTEES = ("Anna Berg", "Bo Holm", "Dorte Lind")


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented organisation of the demo."""

    name: str
    definition: str
    people: int
    answered: int
    place: Place
    units: tuple[tuple[str, int], ...] = ()
    breakdowns: tuple[str, ...] = ()


ORGANISATIONS = (
    Invented(
        "Havnens Værksted",
        "workplace",
        96,
        74,
        Place("average", 0.72),
        (("Smedjen", 40), ("Kontoret", 56)),
        ("unit", "d01_gender"),
    ),
    Invented(
        "Nordby Gymnasium",
        "education",
        260,
        214,
        Place("average", 0.78),
        (("1. g", 92), ("2. g", 86), ("3. g", 82)),
        ("unit", "d01_gender"),
    ),
    Invented("Teatret ved Åen", "culture_leisure", 48, 41, Place("hospitality", 0.6)),
)


def fill(folder: Path, port: int) -> None:
    """Fill a folder beside `folder`, and rename it when it is whole: a demo is there or it is not."""
    aside = folder.with_name(f"{folder.name}.filling")
    shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    click.echo("Filling the demo with invented organisations, through the real path:")
    keys = aside / KEYS
    with open_alliance(aside, port) as alliance:
        keys.mkdir()
        _secretariat(alliance)
        waves = [_organisation(alliance, invented, seed, keys) for seed, invented in enumerate(ORGANISATIONS)]
    (aside / NOTES).write_text(json.dumps(waves), "utf-8")
    aside.rename(folder)


def _secretariat(alliance: Alliance) -> None:
    """The alliance's own organisation, a person in its secretariat, and the help lines that they checked."""
    with alliance.databases.alliance_session() as session:
        own = Organisation(id=new_identifier(), name="Den opfundne alliance", area="", is_alliance=True)
        session.add(own)
        session.flush()
        person = add_account(session, SECRETARIAT, secrets.token_urlsafe(24))
        join(session, person.id, own.id, MembershipRole.SECRETARIAT)
        lines = {check_digest(line) for known in published_definitions() for line in known.help_lines}
        session.add_all(HelpLineCheck(digest=digest, checked_on=today()) for digest in lines)


def _organisation(alliance: Alliance, invented: Invented, seed: int, keys: Path) -> dict[str, object]:
    """
    One organisation with its people, and waves that were released, are open, wait for a yes, and for a look.

    Its trustees' key files are left in `keys`, for a visitor to sit in their places.
    """
    questionnaire = load(_DEFINITIONS / f"{invented.definition}.yaml")
    organisation = alliance.organisation(invented.name, str(questionnaire.area))
    words = new_passphrase()
    trustees = alliance.trustees(organisation, lambda: words, TRUSTEES)
    ballot = alliance.field(organisation, questionnaire, _plan(invented), trustees)
    answers = replies(questionnaire, invented.place, invented.answered, len(invented.units), seed)
    with click.progressbar(length=len(answers), label=f"  {invented.name}") as bar:
        alliance.answer(ballot, answers, lambda _done, _of: bar.update(1))
    alliance.close(ballot)
    if alliance.approve(ballot, _QUORUM) is None:
        raise AllianceError(
            f"wave {ballot.wave}: a quorum approved, and it was not released; see the lines above"
        )
    still_open = alliance.field(organisation, questionnaire, _plan(invented), ballot.trustees)
    waiting = alliance.field(organisation, questionnaire, _plan(invented), still_open.trustees)
    alliance.answer(waiting, answers[:_WAITING], lambda _done, _of: None)
    alliance.close(waiting)
    alliance.draft(organisation, questionnaire, _plan(invented), waiting.trustees)
    alliance.custody.step()
    for trustee in waiting.trustees:
        trustee.file.save(keys / f"{invented.definition}-{trustee.file.role}.json")
    domain = f"{invented.definition.replace('_', '-')}.example"
    with alliance.databases.alliance_session() as session:
        leader = add_account(session, f"leder@{domain}", secrets.token_urlsafe(24))
        join(session, leader.id, organisation, MembershipRole.LEADER)
        steward = add_account(session, f"undersoegelser@{domain}", secrets.token_urlsafe(24))
        join(session, steward.id, organisation, MembershipRole.STEWARD)
    return {
        "name": invented.name,
        "leader": leader.email,
        "steward": steward.email,
        "links": _links(still_open),
        "keys": f"{invented.definition}-*.json",
        "words": words,
    }


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
        breakdowns=invented.breakdowns,
        quorum=_QUORUM,
        field_period=FieldPeriod(first_day=day.isoformat(), last_possible_day=last.isoformat()),
    )


def _links(ballot: Ballot) -> list[str]:
    return [f"/w/{ballot.wave}#{code}.{ballot.pin}" for code in ballot.codes[:_LINKS]]
