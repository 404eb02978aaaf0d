"""
The demo's alliance: three invented organisations, each with three yearly waves and one open for answers.

Theirs goes through the real path: credentials, sealing, trustees, custody, protection. Some sixty others are
beside them for the sectors' figures (`building.py`, `joining.py`).
"""

from __future__ import annotations

import datetime
import json
import logging
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import click

from questionnaires.model import Questionnaire
from survey.commands.alliance import Alliance, AllianceError, Ballot, open_alliance
from survey.commands.building import A_YEAR, AGO, FIELD_DAYS, FILE, published
from survey.commands.demo import CONTRIBUTOR, KEYS, NOTES, SECRETARIAT
from survey.commands.files import Reply
from survey.commands.following import follow
from survey.commands.joining import join_invented
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

_QUORUM = 2
_STAYED = 0.6
"""How many of a wave's people answered the one before, and as before; assumed."""
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
    """One invented organisation of the demo; it answered, and got better, year by year."""

    name: str
    definition: str
    sector: str
    people: int
    answered: tuple[int, ...]
    places: tuple[Place, ...]
    units: tuple[tuple[str, int], ...] = ()
    breakdowns: tuple[str, ...] = ()


ORGANISATIONS = (
    Invented(
        "Havnens Værksted",
        "workplace",
        "DB07/3/C",
        96,
        (70, 76, 74),
        (Place("average", 0.5), Place("average", 0.62), Place("average", 0.74)),
        (("Smedjen", 40), ("Kontoret", 56)),
        ("unit", "d01_gender"),
    ),
    Invented(
        "Nordby Gymnasium",
        "education",
        "alliance-education/1/gymnasium",
        260,
        (201, 209, 214),
        (Place("average", 0.6), Place("average", 0.7), Place("average", 0.78)),
        (("1. g", 92), ("2. g", 86), ("3. g", 82)),
        ("unit", "d01_gender"),
    ),
    # Too small for most breakdowns: what can be shown then is what it is there to show.
    Invented(
        "Teatret ved Åen",
        "culture_leisure",
        "alliance-culture-leisure/1/theatre",
        48,
        (36, 39, 41),
        (Place("hospitality", 0.45), Place("hospitality", 0.55), Place("hospitality", 0.6)),
        (("Scenen", 21), ("Huset", 27)),
        ("unit",),
    ),
)


def fill(folder: Path, port: int) -> None:
    """Fill a folder beside `folder`, and rename it when it is whole: a demo is there or it is not."""
    aside = folder.with_name(f"{folder.name}.filling")
    shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    click.echo("Filling the demo with invented organisations, through the real path:")
    keys = aside / KEYS
    # Years pass on purpose: that custody erases what is past its time needs no operator to hear of it.
    logging.getLogger("tillid.custody").setLevel(logging.ERROR)
    calendar = _Calendar(today() - AGO - 2 * A_YEAR)
    with open_alliance(aside, port, calendar) as alliance:
        keys.mkdir()
        _secretariat(alliance)
        click.echo(f"  {join_invented(alliance, FILE, today())} others, from {FILE.name}")
        begun = [_begun(alliance, invented) for invented in ORGANISATIONS]
        for year in range(3):
            calendar.day = today() - AGO - (2 - year) * A_YEAR
            for organisation in begun:
                _held(alliance, organisation, year)
        calendar.day = today()
        waves = [_gone_on(alliance, organisation, keys) for organisation in begun]
    (aside / NOTES).write_text(json.dumps(waves), "utf-8")
    aside.rename(folder)


def _secretariat(alliance: Alliance) -> None:
    """The alliance's own organisation, its secretariat, what that checked, and somebody of a member."""
    with alliance.databases.alliance_session() as session:
        own = Organisation(id=new_identifier(), name="Den opdigtede alliance", area="", is_alliance=True)
        session.add(own)
        session.flush()
        person = add_account(session, SECRETARIAT, secrets.token_urlsafe(24))
        join(session, person.id, own.id, MembershipRole.SECRETARIAT)
        lines = {check_digest(line) for known in published_definitions() for line in known.help_lines}
        session.add_all(HelpLineCheck(digest=digest, checked_on=today()) for digest in lines)
        member = fill_knowledge(session, today())
        writer = add_account(session, CONTRIBUTOR, secrets.token_urlsafe(24))
        join(session, writer.id, member, MembershipRole.CONTRIBUTOR)


@dataclass(slots=True)
class _Organisation:
    """One organisation, and what its next wave is made from."""

    invented: Invented
    id: str
    questionnaire: Questionnaire
    trustees: list[TrusteeClient]
    words: str
    answers: list[Reply] = field(default_factory=list)


def _begun(alliance: Alliance, invented: Invented) -> _Organisation:
    """An organisation with its people and its trustees."""
    questionnaire = published(invented.definition)
    organisation = alliance.organisation(invented.name, str(questionnaire.area), invented.sector)
    words = new_passphrase()
    trustees = alliance.trustees(organisation, lambda: words, TRUSTEES)
    return _Organisation(invented, organisation, questionnaire, trustees, words)


def _held(alliance: Alliance, organisation: _Organisation, year: int) -> None:
    """One year's wave, from draft to release, and what its organisation did about it."""
    invented = organisation.invented
    plan = _plan(alliance, invented)
    ballot = alliance.field(organisation.id, organisation.questionnaire, plan, organisation.trustees)
    organisation.trustees = ballot.trustees
    organisation.answers = _answers(organisation, year)
    label = f"  {invented.name}, {alliance.custody.today().year}"
    with click.progressbar(length=len(organisation.answers), label=label) as bar:
        alliance.answer(ballot, organisation.answers, lambda _done, _of: bar.update(1))
    alliance.close(ballot)
    if alliance.approve(ballot, _QUORUM) is None:
        raise AllianceError(
            f"wave {ballot.wave}: a quorum approved, and it was not released; see the lines above"
        )
    with alliance.databases.alliance_session() as session:
        follow(session, ballot.wave, alliance.custody.today() + FIELD_DAYS, today())


def _answers(organisation: _Organisation, year: int) -> list[Reply]:
    """What people said that year: many of those who stayed said what they had said before."""
    invented = organisation.invented
    place, number = invented.places[year], invented.answered[year]
    now = replies(organisation.questionnaire, place, number, len(invented.units), year)
    stayed = organisation.answers[: round(_STAYED * number)]
    return [*now[len(stayed) :], *stayed]


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
    last = day + FIELD_DAYS
    units = tuple(
        Unit(id=f"u{number}", name=name, parent=None, headcount=people)
        for number, (name, people) in enumerate(invented.units, 1)
    )
    return WavePlan(
        languages=("da", "en"),
        units=units,
        invited=invented.people,
        breakdowns=invented.breakdowns,
        alliance_sharing="steward_decides",
        quorum=_QUORUM,
        field_period=FieldPeriod(first_day=day.isoformat(), last_possible_day=last.isoformat()),
    )


def _links(ballot: Ballot) -> list[str]:
    return [f"/w/{ballot.wave}#{code}.{ballot.pin}" for code in ballot.codes[:_LINKS]]
