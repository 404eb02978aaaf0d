"""A wave that its trustees have confirmed, with a steward's browser: made once, copied for each test."""

from __future__ import annotations

import csv
import datetime
import io
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from config import Config
from questionnaires.answers import answers_from_codes
from questionnaires.loading import alliance_definition
from survey.accounts.links import one_time_link
from survey.answering.client import Respondent
from survey.app import create_app
from survey.commands.alliance import open_alliance
from survey.delivery.outbox import Outbox
from survey.people.accounts import add_account, join
from survey.sealing.at_rest import AtRest
from survey.storage.accounts import Account
from survey.storage.databases import Databases
from survey.storage.mails import MailState, QueuedMail
from survey.storage.models import Invitation, MembershipRole, Wave
from survey.storage.repositories import WaveRegistry
from survey.trustees.client import TrusteeClient
from survey.waves.manifest import Channel, WaveMode
from survey.waves.plan import WavePlan
from tests.alliances import DAY, PORT, Clock, plan
from tests.pages import EveryName, Page

STEWARD = "steward@culture.example"
THREE = "a@culture.example\nBo <b@culture.example>\nCarla Holm c@culture.example"
INVITED = 12
PAPERS = 2
LINK = re.compile(r"http://127\.0\.0\.1:8000/w/[0-9a-z]{16}#([0-9A-Z]{16})\.([0-9A-Z]{16})")


@dataclass(frozen=True, slots=True)
class Space:
    """A steward's browser, the databases behind it, and the wave."""

    client: FlaskClient
    databases: Databases
    config: Config
    organisation: str
    wave: str
    clock: Clock

    @property
    def address(self) -> str:
        return f"/o/{self.organisation}/waves/{self.wave}"

    @property
    def outbox(self) -> Outbox:
        return Outbox(AtRest(self.config.mail_keys), lambda: 1_900_000_000)

    def opened(self) -> Space:
        """The same, open for answers."""
        assert self.client.post(f"{self.address}/invitations/opening").status_code == 303
        return self

    def stored(self) -> Wave:
        """The wave's row."""
        with self.databases.alliance_session(reading=True) as session:
            return WaveRegistry(session).wave(self.wave)

    def mails(self) -> list[tuple[str, str, str]]:
        """Address, subject and text of each mail that waits about the wave."""
        with self.databases.alliance_session(reading=True) as session:
            query = select(QueuedMail).where(
                QueuedMail.about == self.wave, QueuedMail.state == MailState.WAITING
            )
            rows = session.scalars(query).all()
        found = []
        for row in rows:
            message = self.outbox.message(row.content or b"")
            found.append((self.outbox.address(row.address or b""), message.subject, message.text))
        return sorted(found)


def planned(first: datetime.date = DAY) -> WavePlan:
    """People who are invited, some of whom answer on paper."""
    return plan(INVITED, first=first).model_copy(
        update={"languages": ("da", "en"), "paper_credentials": PAPERS}
    )


def planned_for_everybody() -> WavePlan:
    """An open wave."""
    return plan(0).model_copy(update={"languages": ("da", "en"), "mode": WaveMode.OPEN, "expected": 60})


def confirmed(folder: Path, what: WavePlan, port: int = PORT) -> tuple[str, str]:
    """An organisation, and its wave that is ready; both lie in `folder`."""
    first = datetime.date.fromisoformat(what.field_period.first_day)
    with open_alliance(folder, port, Clock(first)) as alliance:
        organisation = alliance.organisation("Teatret ved Åen", "culture_leisure")
        trustees = alliance.trustees(organisation)
        wave = alliance.draft(organisation, alliance_definition("culture_leisure"), what, trustees)
        alliance.custody.step()
        for trustee in trustees:
            TrusteeClient(alliance.http, trustee.confirm(wave), trustee.seed)
        alliance.custody.step()
        with alliance.databases.alliance_session() as session:
            account = add_account(session, STEWARD, "correct horse battery")
            join(session, account.id, organisation, MembershipRole.STEWARD)
    return organisation, wave


@contextmanager
def space(folder: Path, organisation: str, wave: str, day: datetime.date = DAY) -> Iterator[Space]:
    """A steward's browser in front of what lies in `folder`."""
    config, clock = Config.for_demo(folder, PORT), Clock(day)
    app = create_app(config, assets=EveryName(), clock=clock)
    app.config["WTF_CSRF_ENABLED"] = False
    databases: Databases = app.extensions["tillid"].databases
    with databases.alliance_session(reading=True) as session:
        account = session.scalars(select(Account)).one()
    client = app.test_client()
    client.get(one_time_link(app.config["SECRET_KEY"], "", account.id))
    yield Space(client, databases, config, organisation, wave, clock)
    databases.dispose()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    folder = tmp_path_factory.mktemp("confirmed")
    return (folder, *confirmed(folder, planned()))


@pytest.fixture
def ready(made: tuple[Path, str, str], tmp_path: Path) -> Iterator[Space]:
    shutil.copytree(made[0], tmp_path, dirs_exist_ok=True)
    with space(tmp_path, *made[1:]) as found:
        yield found


@pytest.fixture
def desk(ready: Space) -> Space:
    return ready.opened()


def write_to(desk: Space, typed: str = "", file: bytes | None = None) -> TestResponse:
    sent: dict[str, object] = {"addresses": typed}
    if file is not None:
        sent["file"] = (io.BytesIO(file), "staff.csv")
    return desk.client.post(
        f"{desk.address}/invitations/mails?lang=en", data=sent, content_type="multipart/form-data"
    )


def page(desk: Space, name: str = "invitations", language: str = "en") -> Page:
    answer = desk.client.get(f"{desk.address}/{name}?lang={language}")
    assert answer.status_code == 200
    return Page.parsed(answer.text)


def invitations(desk: Space) -> int:
    with desk.databases.alliance_session(reading=True) as session:
        return len(session.scalars(select(Invitation)).all())


def link_to(desk: Space, address: str) -> str:
    """The link in the mail that waits for `address`."""
    (text,) = [text for to, _, text in desk.mails() if to == address]
    found = LINK.search(text)
    assert found
    return found[0]


def answered(desk: Space, link: str) -> None:
    """Somebody uses a link of the wave."""
    code, _, pin = link.partition("#")[2].partition(".")
    channel = Channel.OPEN if code == "open" else Channel.INVITATION
    nothing = answers_from_codes(alliance_definition("culture_leisure"), {})
    with open_alliance(desk.config.custody_directory.parent, PORT, Clock()) as alliance:
        respondent = Respondent.arrive(alliance.http, desk.wave, pin, channel)
        respondent.send("" if channel is Channel.OPEN else code, None, nothing)


def links_made(desk: Space, number: int) -> list[str]:
    """The links in a file that the steward has made now."""
    answer = desk.client.post(f"{desk.address}/invitations/links", data={"number": number, "language": "da"})
    assert answer.status_code == 200
    return links_in(answer)


def links_in(answer: TestResponse) -> list[str]:
    """The links in a file as it was sent."""
    heading, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert heading == ["link"]
    return [link for (link,) in rows]
