"""A wave that its trustees have confirmed, with a steward's browser: made once, copied for each test."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select

from config import Config
from questionnaires.loading import alliance_definition
from survey.accounts.links import one_time_link
from survey.app import create_app
from survey.commands.alliance import open_alliance
from survey.delivery.outbox import Outbox
from survey.people.accounts import add_account, join
from survey.sealing.at_rest import AtRest
from survey.storage.accounts import Account
from survey.storage.databases import Databases
from survey.storage.mails import QueuedMail
from survey.storage.models import MembershipRole, Wave
from survey.storage.repositories import WaveRegistry
from survey.trustees.client import TrusteeClient
from tests.alliances import DAY, PORT, Clock, plan
from tests.pages import EveryName

STEWARD = "steward@culture.example"
INVITED = 12
PAPERS = 2


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
            rows = session.scalars(select(QueuedMail).where(QueuedMail.about == self.wave)).all()
        found = []
        for row in rows:
            message = self.outbox.message(row.content or b"")
            found.append((self.outbox.address(row.address or b""), message.subject, message.text))
        return sorted(found)


def confirmed(folder: Path) -> tuple[str, str]:
    """An organisation, and its wave that is ready; both lie in `folder`."""
    with open_alliance(folder, PORT, Clock()) as alliance:
        organisation = alliance.organisation("Teatret ved Åen", "culture_leisure")
        trustees = alliance.trustees(organisation)
        planned = plan(INVITED).model_copy(update={"languages": ("da", "en"), "paper_credentials": PAPERS})
        wave = alliance.draft(organisation, alliance_definition("culture_leisure"), planned, trustees)
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
