"""
A whole alliance in one folder, driven through its real interfaces: what replay and the demo stand on.

Respondents and trustees speak HTTP to the application, custody works on the databases; nothing is short-cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from config import Config
from questionnaires.model import Questionnaire
from survey.answering.client import Respondent
from survey.app import create_app
from survey.commands.files import Reply
from survey.custody.directory import CustodyDirectory
from survey.custody.process import Custody
from survey.sealing import shares
from survey.sealing.at_rest import AtRest
from survey.storage.databases import Databases, open_databases
from survey.storage.identifiers import new_identifier
from survey.storage.models import Organisation, Trustee, TrusteeRole, Wave
from survey.storage.repositories import WaveRegistry
from survey.storage.upgrading import upgrade
from survey.trustees.client import TrusteeClient, enrol
from survey.trustees.keyfile import new_passphrase
from survey.waves import manifest as manifests
from survey.waves import paper
from survey.waves.clock import Clock, today
from survey.waves.invitations import invite
from survey.waves.lifecycle import Draft, advance, close, draft_wave
from survey.waves.plan import WavePlan
from survey.waves.states import WaveState
from survey.waves.trusteeship import invite_trustee, recognise

ROLES = (TrusteeRole.EMPLOYEES, TrusteeRole.MANAGEMENT, TrusteeRole.SECRETARIAT)

Progress = Callable[[int, int], None]
"""Called with how many of how many are done."""


class AllianceError(Exception):
    """The alliance did not get where it should; the message names the wave and its state."""


@dataclass(slots=True)
class Ballot:
    """A wave that is open, and the codes that were made for it."""

    wave: str
    pin: str
    codes: list[str]
    trustees: list[TrusteeClient]


@dataclass(frozen=True, slots=True)
class Alliance:
    """Databases, application and custody of one alliance, all in this process."""

    config: Config
    databases: Databases
    http: httpx.Client
    custody: Custody

    def organisation(self, name: str, area: str, sector: str = "") -> str:
        """The id of a new organisation; `sector` is scheme, version and code in one word, if it is known."""
        scheme, version, code = sector.split("/") if sector else ("", "", "")
        with self.databases.alliance_session() as session:
            organisation = Organisation(
                id=new_identifier(),
                name=name,
                area=area,
                scheme=scheme,
                scheme_version=version,
                scheme_code=code,
            )
            session.add(organisation)
            return organisation.id

    def trustees(
        self,
        organisation: str,
        words: Callable[[], str] = new_passphrase,
        names: Sequence[str] = ("", "", ""),
    ) -> list[TrusteeClient]:
        """One trustee of each role, called `names`, with keys enrolled under what `words` gives."""
        with self.databases.alliance_session() as session:
            tokens = [
                invite_trustee(session, organisation, role, name=name)
                for role, name in zip(ROLES, names, strict=True)
            ]
        clients = []
        for token in tokens:
            passphrase = words()
            file = enrol(self.http, token, passphrase)
            # Nobody is there to read it out: the fingerprint goes straight from the key's holder to custody.
            self.custody.directory.vouch(shares.spoken(file.fingerprint))
            clients.append(TrusteeClient(self.http, file, file.seed(passphrase)))
        self.recognise(clients)
        return clients

    def recognise(self, trustees: Sequence[TrusteeClient]) -> None:
        """Do the secretariat's part: confirm who represents the employees, by the fingerprint they hold."""
        with self.databases.alliance_session() as session:
            for trustee in trustees:
                if trustee.file.role == TrusteeRole.EMPLOYEES.value:
                    recognise(session.get_one(Trustee, trustee.file.trustee), trustee.file.fingerprint)

    def field(
        self, organisation: str, questionnaire: Questionnaire, plan: WavePlan, trustees: list[TrusteeClient]
    ) -> Ballot:
        """A new wave, taken through draft, ceremony and confirmation until it is open for answers."""
        wave = self.draft(organisation, questionnaire, plan, trustees)
        self.custody.step()
        confirmed = [TrusteeClient(self.http, trustee.confirm(wave), trustee.seed) for trustee in trustees]
        self.custody.step()
        with self.databases.alliance_session() as session:
            stored = self._expected(WaveRegistry(session).wave(wave), WaveState.READY)
            codes = invite(session, stored, plan.invited, self.config.invitation_key)
            paper.give_out(session, stored, self.config.invitation_key)
            advance(stored, WaveState.FIELDING)
            pin = manifests.pin(bytes.fromhex(stored.manifest_digest or ""))
        return Ballot(wave, pin, codes, confirmed)

    def answer(self, ballot: Ballot, replies: Sequence[Reply], progress: Progress) -> None:
        """Send each reply under a code of its own, as a browser would."""
        respondent = Respondent.arrive(self.http, ballot.wave, ballot.pin)
        for done, (code, reply) in enumerate(zip(ballot.codes, replies, strict=False), 1):
            respondent.send(code, reply.unit, reply.answers)
            progress(done, len(replies))

    def close(self, ballot: Ballot) -> None:
        """End the field period; custody verifies the rows, signs the list and asks for the shares."""
        with self.databases.alliance_session() as session:
            close(WaveRegistry(session).wave(ballot.wave), self.custody.today())
        self.custody.step()
        self.custody.step()

    def approve(self, ballot: Ballot, trustees: int) -> bytes | None:
        """The release, once the first `trustees` of them have approved; None if that is no quorum."""
        for trustee in ballot.trustees[:trustees]:
            _, approval = trustee.approved(ballot.wave)
            trustee.send_approval(ballot.wave, approval)
        self.custody.step()
        with self.databases.alliance_session(reading=True) as session:
            registry = WaveRegistry(session)
            released = registry.wave(ballot.wave).state == WaveState.RELEASED.value
            return registry.release(ballot.wave).content if released else None

    def draft(
        self, organisation: str, questionnaire: Questionnaire, plan: WavePlan, trustees: list[TrusteeClient]
    ) -> str:
        """The id of a new wave that waits for its ceremony."""
        with self.databases.alliance_session() as session:
            rows = [session.get_one(Trustee, trustee.file.trustee) for trustee in trustees]
            draft = Draft(organisation, questionnaire, plan, rows)
            wave = draft_wave(session, draft, AtRest(self.config.fernet_keys))
            advance(wave, WaveState.CEREMONY)
            return wave.id

    @staticmethod
    def _expected(wave: Wave, state: WaveState) -> Wave:
        if wave.state != state.value:
            raise AllianceError(f"wave {wave.id}: it is {wave.state}, and should be {state.value}")
        return wave


@contextmanager
def open_alliance(folder: Path, port: int, clock: Clock = today) -> Iterator[Alliance]:
    """The alliance whose databases, keys and custody lie in `folder`; made if it is not there."""
    config = Config.for_demo(folder, port)
    databases = open_databases(config.database_url, config.responses_url)
    upgrade(databases)
    directory = CustodyDirectory(config.custody_directory)
    custody = Custody(databases, directory, clock, synthetic=True, makes_editions=False)
    custody.start()
    app = create_app(config, clock=clock)
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url=config.base_url) as http:
        yield Alliance(config, databases, http, custody)
    app.extensions["tillid"].databases.dispose()
    databases.dispose()
