"""On PostgreSQL the web opens a wave and invites, the worker reminds and closes, and neither does more."""

from __future__ import annotations

import datetime

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from survey.delivery.outbox import Outbox
from survey.people.respondents import Writer
from survey.sealing.at_rest import AtRest
from survey.stewardship.handing_out import HandingOut
from survey.stewardship.invited import Inviting
from survey.stewardship.refusals import Refusals
from survey.storage.databases import Databases
from survey.storage.fielding import CodeFile, InvitedAddress
from survey.storage.mails import MailState, QueuedMail
from survey.storage.models import Invitation, Wave
from survey.storage.repositories import WaveRegistry
from survey.waves.fielding import arranged, begin_fielding, move_last_day
from survey.waves.invitations import code_digest
from survey.waves.manifest import digest, from_value
from survey.worker.answering_reminders import remind_respondents, write_to_mended
from survey.worker.duties import close_ended
from tests.survey import rows
from tests.survey.conftest import postgres_databases
from tests.survey.storage.test_grants import AsRoles, roles
from tests.survey.waves import manifests

__all__ = ["postgres_databases", "roles"]
KEY = bytes(32)
AT_REST = AtRest([Fernet.generate_key().decode()])
DAY = datetime.date(2026, 11, 5)
TO = ["a@culture.example", "b@culture.example"]


@pytest.fixture
def writer() -> Writer:
    return Writer(Outbox(AtRest([Fernet.generate_key().decode()])), "https://tillid.example")


@pytest.fixture
def wave(roles: AsRoles) -> str:
    """A wave that is ready, of an organisation of its own."""
    value = manifests.right()
    content = from_value(value).to_bytes()
    with roles.owner.alliance_session() as session:
        organisation = rows.organisation("own2")
        organisation.id = value["organisation"]["id"]
        session.add(organisation)
        session.flush()
        session.add(
            Wave(
                id=value["wave"],
                organisation_id=organisation.id,
                state="ready",
                plan={},
                definition=b"{}",
                manifest=content,
                manifest_digest=digest(content).hex(),
            )
        )
    return str(value["wave"])


def invite(web: Databases, wave: str, writer: Writer) -> None:
    with web.alliance_session() as session:
        begin_fielding(session, WaveRegistry(session).wave(wave), KEY, actor="steward")
    with web.alliance_session() as session:
        inviting = Inviting(session, manifests.right()["organisation"]["id"], "steward", KEY)
        assert inviting.by_mail(inviting.wave(wave), TO, writer) == 2
        handing = HandingOut(inviting, AT_REST)
        handing.count(inviting.wave(wave), ["0123456789ABCDEF"], channel="links", language="da", today=DAY)
        move_last_day(session, inviting.wave(wave), DAY, DAY, actor="steward")
        arranged(session, inviting.wave(wave)).remind_on = DAY
        assert writer.outbox.counts(session, wave)
        assert writer.outbox.refusals(session, wave) == []


def test_the_web_invites_and_the_worker_reminds_and_closes(roles: AsRoles, wave: str, writer: Writer) -> None:
    web, worker = roles.by_role["tillid_web"], roles.by_role["tillid_worker"]
    invite(web, wave, writer)
    with roles.owner.alliance_session() as session:
        made = session.scalars(select(Invitation).where(Invitation.wave_id == wave)).all()
        assert len(made) == 3 + manifests.right()["paper_credentials"]
        one = session.scalars(select(InvitedAddress.code_digest)).first()
        session.get_one(Invitation, (wave, one)).blinded_digest = bytes(32)

    assert remind_respondents(worker, writer, DAY) == [wave]
    with roles.owner.alliance_session(reading=True) as session:
        assert len(session.scalars(select(QueuedMail).where(QueuedMail.counted.is_(False))).all()) == 1
    assert close_ended(worker, DAY + datetime.timedelta(days=1)) == [wave]
    with roles.owner.alliance_session(reading=True) as session:
        assert session.scalars(select(InvitedAddress)).all() == []
        assert session.scalars(select(CodeFile)).all() == []
        assert session.scalars(select(QueuedMail)).all() == []


def test_the_web_mends_what_only_the_worker_can_read(roles: AsRoles, wave: str, writer: Writer) -> None:
    web, worker = roles.by_role["tillid_web"], roles.by_role["tillid_worker"]
    invite(web, wave, writer)
    with worker.alliance_session() as session:
        mails = session.scalars(select(QueuedMail).where(QueuedMail.about == wave)).all()
        for mail in mails:
            mail.state, mail.content, mail.reason = MailState.REFUSED, None, "550 5.1.1"
    refused, other = sorted(mail.id for mail in mails)
    with web.alliance_session() as session:
        inviting = Inviting(session, manifests.right()["organisation"]["id"], "steward", KEY)
        doing, found = Refusals(inviting, writer.outbox), inviting.wave(wave)
        doing.mend(found, refused, "c@culture.example")
        doing.take_out(found, other)
        file = session.scalars(select(CodeFile)).one()
        HandingOut(inviting, AT_REST).count_instead(found, file, ["FEDCBA9876543210"], DAY)

    assert write_to_mended(worker, writer, DAY) == [wave]
    with roles.owner.alliance_session(reading=True) as session:
        (mail,) = session.scalars(select(QueuedMail)).all()
        assert writer.outbox.address(mail.address or b"") == "c@culture.example"
        codes = session.scalars(select(Invitation.code_digest).where(Invitation.wave_id == wave)).all()
        assert code_digest(KEY, wave, "FEDCBA9876543210") in codes
        assert code_digest(KEY, wave, "0123456789ABCDEF") not in codes


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("tillid_web", "SELECT sealed FROM invited_addresses"),
        ("tillid_web", "SELECT code_digest FROM invited_addresses"),
        ("tillid_web", "SELECT mended FROM invited_addresses"),
        ("tillid_worker", "SELECT sealed FROM code_files"),
        ("tillid_web", "UPDATE waves SET issuing_key = ''"),
        ("tillid_custody", "SELECT address_digest FROM invited_addresses"),
        ("tillid_worker", "UPDATE waves SET announced_last_day = NULL"),
    ],
)
def test_no_role_learns_or_does_more(roles: AsRoles, role: str, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        roles.by_role[role].alliance_session() as session,
    ):
        session.execute(text(statement))
