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
from questionnaires.model import Questionnaire
from survey.commands.alliance import Alliance, AllianceError, Ballot, open_alliance
from survey.commands.demo import KEYS, NOTES, SECRETARIAT
from survey.commands.files import Reply
from survey.commands.living import fill_knowledge
from survey.commands.synthetic import Place, replies
from survey.people.accounts import add_account, join
from survey.storage.identifiers import new_identifier
from survey.storage.models import MembershipRole, Organisation
from survey.storage.people import HelpLineCheck
from survey.trustees.client import TrusteeClient
from survey.trustees.keyfile import new_passphrase
from survey.waves.clock import today
from survey.waves.help_lines import check_digest, published_definitions
from survey.waves.manifest import FieldPeriod, Unit
from survey.waves.plan import WavePlan

_DEFINITIONS = Path(__file__).parents[2] / "questionnaires" / "definitions"
_QUORUM = 2
_FIELD_DAYS = 14
_A_YEAR = datetime.timedelta(days=364)
_LINKS = 5
_WAITING = 12
"""Responses of the wave that waits to be opened: enough for an opening, and soon sent."""
TRUSTEES = ("Anna Berg", "Bo Holm", "Dorte Lind")


@dataclass(slots=True)
class _Calendar:
    """The day that all processes of a demo go by while it is filled."""

    day: datetime.date

    def __call__(self) -> datetime.date:
        return self.day


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
    # Waves of one organisation lie half a year apart or more: those that were released were held last year.
    calendar = _Calendar(today() - _A_YEAR)
    with open_alliance(aside, port, calendar) as alliance:
        keys.mkdir()
        _secretariat(alliance)
        begun = [_begun(alliance, invented, seed) for seed, invented in enumerate(ORGANISATIONS)]
        calendar.day = today()
        waves = [_gone_on(alliance, organisation, keys) for organisation in begun]
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
        fill_knowledge(session, today())


@dataclass(frozen=True, slots=True)
class _Organisation:
    """One organisation with a released wave, and what its next waves are made from."""

    invented: Invented
    id: str
    questionnaire: Questionnaire
    answers: list[Reply]
    trustees: list[TrusteeClient]
    words: str


def _begun(alliance: Alliance, invented: Invented, seed: int) -> _Organisation:
    """An organisation with its people and its trustees, and its first wave, from draft to release."""
    questionnaire = load(_DEFINITIONS / f"{invented.definition}.yaml")
    organisation = alliance.organisation(invented.name, str(questionnaire.area))
    words = new_passphrase()
    trustees = alliance.trustees(organisation, lambda: words, TRUSTEES)
    ballot = alliance.field(organisation, questionnaire, _plan(alliance, invented), trustees)
    answers = replies(questionnaire, invented.place, invented.answered, len(invented.units), seed)
    with click.progressbar(length=len(answers), label=f"  {invented.name}") as bar:
        alliance.answer(ballot, answers, lambda _done, _of: bar.update(1))
    alliance.close(ballot)
    if alliance.approve(ballot, _QUORUM) is None:
        raise AllianceError(
            f"wave {ballot.wave}: a quorum approved, and it was not released; see the lines above"
        )
    return _Organisation(invented, organisation, questionnaire, answers, ballot.trustees, words)


def _gone_on(alliance: Alliance, organisation: _Organisation, keys: Path) -> dict[str, object]:
    """
    Its waves of today: one is open, one waits to be opened, one for its trustees to look at.

    The trustees' key files are left in `keys`, for a visitor to sit in their places.
    """
    invented, questionnaire = organisation.invented, organisation.questionnaire
    plan = _plan(alliance, invented)
    still_open = alliance.field(organisation.id, questionnaire, plan, organisation.trustees)
    waiting = alliance.field(organisation.id, questionnaire, plan, still_open.trustees)
    alliance.answer(waiting, organisation.answers[:_WAITING], lambda _done, _of: None)
    alliance.close(waiting)
    alliance.draft(organisation.id, questionnaire, plan, waiting.trustees)
    alliance.custody.step()
    for trustee in waiting.trustees:
        trustee.file.save(keys / f"{invented.definition}-{trustee.file.role}.json")
    return {
        "name": invented.name,
        **_people(alliance, organisation),
        "links": _links(still_open),
        "keys": f"{invented.definition}-*.json",
        "words": organisation.words,
    }


def _people(alliance: Alliance, organisation: _Organisation) -> dict[str, str]:
    """Addresses of a leader and a steward of the organisation, who sign in by link only."""
    domain = f"{organisation.invented.definition.replace('_', '-')}.example"
    people = {
        "leader": (f"leder@{domain}", MembershipRole.LEADER),
        "steward": (f"undersoegelser@{domain}", MembershipRole.STEWARD),
    }
    with alliance.databases.alliance_session() as session:
        for address, role in people.values():
            account = add_account(session, address, secrets.token_urlsafe(24))
            join(session, account.id, organisation.id, role)
    return {name: address for name, (address, _) in people.items()}


def _plan(alliance: Alliance, invented: Invented) -> WavePlan:
    day = alliance.custody.today()
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
