"""Trustees are written to when something waits for them, once a week, and not otherwise."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from survey.commands.alliance import Alliance, Ballot
from survey.delivery.outbox import Outbox
from survey.sealing.at_rest import AtRest
from survey.storage.mails import QueuedMail
from survey.storage.models import Trustee
from survey.storage.repositories import WaveRegistry
from survey.waves.trusteeship import PROOF_DAYS, Addresses, replace_key
from survey.worker.reminding import AGAIN_AFTER, remind_trustees
from tests.alliances import DAY, Fielded, plan, routing

BASE = "https://culture.example.org"
WEEK = AGAIN_AFTER
MONTH = datetime.timedelta(days=PROOF_DAYS + 1)


@pytest.fixture
def field(wave: Fielded) -> Iterator[tuple[Alliance, Ballot]]:
    """An open wave whose trustees have addresses."""
    with wave.opened() as (alliance, ballot):
        addresses = Addresses(AtRest(alliance.config.mail_keys))
        with alliance.databases.alliance_session() as session:
            for place in WaveRegistry(session).shares(ballot.wave):
                trustee = session.get_one(Trustee, place.trustee_id)
                trustee.address = addresses.written(f"trustee-{place.number}@example.org")
        yield alliance, ballot


def reminded(alliance: Alliance, day: datetime.date) -> list[str]:
    """Who is written to on a day; the outbox is empty afterwards."""
    outbox = Outbox(AtRest(alliance.config.mail_keys))
    sent = remind_trustees(alliance.databases, outbox, BASE, day)
    with alliance.databases.alliance_session() as session:
        mails = session.scalars(select(QueuedMail)).all()
        assert all(f"{BASE}/trustees/\n" in outbox.message(mail.content or b"").text for mail in mails)
        written = sorted(outbox.address(mail.address or b"") for mail in mails)
        for mail in mails:
            session.delete(mail)
    assert sent == len(written)
    return written


ALL = [f"trustee-{number}@example.org" for number in (1, 2, 3)]


def test_nobody_is_written_to_while_every_key_is_proven(field: tuple[Alliance, Ballot]) -> None:
    assert reminded(field[0], DAY) == []


def test_whoever_has_not_shown_their_key_for_a_month_is_reminded_once_a_week(
    field: tuple[Alliance, Ballot],
) -> None:
    alliance, ballot = field
    day = DAY + MONTH

    assert reminded(alliance, day) == ALL
    assert reminded(alliance, day) == []
    with alliance.databases.alliance_session() as session:
        WaveRegistry(session).shares(ballot.wave)[0].proven_on = day
    assert reminded(alliance, day + WEEK) == ALL[1:]


def test_whoever_lost_their_key_is_not_asked_to_show_it(field: tuple[Alliance, Ballot]) -> None:
    alliance, ballot = field
    with alliance.databases.alliance_session() as session:
        replace_key(
            session, session.get_one(Trustee, WaveRegistry(session).shares(ballot.wave)[0].trustee_id)
        )

    assert reminded(alliance, DAY + MONTH) == ALL[1:]


def test_a_trustee_with_two_waves_gets_one_mail(field: tuple[Alliance, Ballot]) -> None:
    alliance, ballot = field
    with alliance.databases.alliance_session(reading=True) as session:
        organisation = WaveRegistry(session).wave(ballot.wave).organisation_id
    alliance.field(organisation, routing(), plan(12), ballot.trustees)

    assert reminded(alliance, DAY + MONTH) == ALL


def test_a_ceremony_and_a_request_are_told_to_those_who_have_not_answered(
    field: tuple[Alliance, Ballot],
) -> None:
    alliance, ballot = field
    with alliance.databases.alliance_session(reading=True) as session:
        organisation = WaveRegistry(session).wave(ballot.wave).organisation_id
    wave = alliance.draft(organisation, routing(), plan(12), ballot.trustees)
    assert reminded(alliance, DAY) == []  # custody has made no share yet
    alliance.custody.step()
    ballot.trustees[0].confirm(wave)
    assert reminded(alliance, DAY) == ALL[1:]

    alliance.close(ballot)
    _, approval = ballot.trustees[0].approved(ballot.wave)
    ballot.trustees[0].send_approval(ballot.wave, approval)
    ballot.trustees[1].decline(ballot.wave, "Too few of us.")
    assert reminded(alliance, DAY) == ALL[2:]
