"""A small alliance with a closed wave, made once and copied for every test that wants to tamper with it."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from questionnaires.answers import answers_from_codes
from questionnaires.loading import load
from questionnaires.model import Questionnaire
from survey.commands.alliance import Alliance, Ballot, open_alliance
from survey.commands.files import Reply
from survey.trustees.client import TrusteeClient
from survey.waves.manifest import FieldPeriod, Unit
from survey.waves.plan import WavePlan

PORT = 8000
DAY = datetime.date(2026, 11, 23)
ROUTING = Path("tests/questionnaires_for_tests/routing.yaml")


@dataclass(slots=True)
class Clock:
    """A day that a test can move."""

    day: datetime.date = DAY

    def __call__(self) -> datetime.date:
        return self.day


@dataclass(frozen=True, slots=True)
class Fielded:
    """An alliance in a folder with one wave, and what its people hold."""

    folder: Path
    ballot: Ballot

    @contextmanager
    def opened(self, clock: Clock | None = None) -> Iterator[tuple[Alliance, Ballot]]:
        """The alliance, with its trustees speaking to it."""
        with open_alliance(self.folder, PORT, clock or Clock()) as alliance:
            trustees = [replace(trustee, http=alliance.http) for trustee in self.ballot.trustees]
            yield alliance, Ballot(self.ballot.wave, self.ballot.pin, self.ballot.codes, trustees)

    def copied(self, folder: Path) -> Fielded:
        """The same, in a folder of its own."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return replace(self, folder=folder)


def plan(invited: int, units: Sequence[Unit] = (), first: datetime.date = DAY) -> WavePlan:
    """A plan for `invited` people whose wave can be open for four weeks."""
    last = first + datetime.timedelta(days=28)
    period = FieldPeriod(first_day=first.isoformat(), last_possible_day=last.isoformat())
    return WavePlan(languages=("en",), units=tuple(units), invited=invited, field_period=period)


def fielded(folder: Path, questionnaire: Questionnaire, replies: Sequence[Reply], invited: int) -> Fielded:
    """A wave in which `replies` were sent, still open."""
    with open_alliance(folder, PORT, Clock()) as alliance:
        organisation = alliance.organisation("Example", "labour_market")
        trustees = alliance.trustees(organisation)
        ballot = alliance.field(organisation, questionnaire, plan(invited), trustees)
        alliance.answer(ballot, replies, lambda _done, _of: None)
    return Fielded(folder, ballot)


def routing() -> Questionnaire:
    """The questionnaire of these waves."""
    return load(ROUTING)


def routing_replies(number: int) -> list[Reply]:
    """Replies to the routing questionnaire: every third says yes, the others no."""
    questionnaire = load(ROUTING)
    return [
        Reply(None, answers_from_codes(questionnaire, {"start": "no" if place % 3 else "yes"}))
        for place in range(number)
    ]


def trustee(ballot: Ballot, number: int) -> TrusteeClient:
    """The trustee with this number."""
    return ballot.trustees[number - 1]
