"""What has no use any more is erased in time."""

import datetime as dt

from survey.people.accounts import add_account
from survey.storage.accounts import Account
from survey.storage.databases import Databases
from survey.storage.models import MembershipRole
from survey.storage.people import PersonInvitation
from survey.worker.clearing import clear
from tests.survey import rows

TODAY = dt.date(2026, 11, 25)
NOW = 1_800_000_000


def test_an_old_invitation_is_gone_a_month_after_it_was_made(databases: Databases) -> None:
    with databases.alliance_session() as session:
        session.add(rows.organisation("own"))
        session.flush()
        for name, expires in (("gone", NOW - 16 * 24 * 3600 - 1), ("told", NOW - 1)):
            session.add(
                PersonInvitation(
                    id=rows.identifier(name),
                    organisation_id=rows.identifier("own"),
                    token_digest=name.encode(),
                    email="a@example.org",
                    role=MembershipRole.LEADER,
                    language="da",
                    expires=expires,
                )
            )
    clear(databases, TODAY, NOW)

    with databases.alliance_session(reading=True) as session:
        assert [found.token_digest for found in session.query(PersonInvitation)] == [b"told"]


def test_when_somebody_used_a_code_is_not_kept_longer_than_it_guards_anything(databases: Databases) -> None:
    with databases.alliance_session() as session:
        long_ago = add_account(session, "anna@example.org", "correct horse battery")
        just_now = add_account(session, "bo@example.org", "correct horse battery")
        long_ago.totp_counter, just_now.totp_counter = NOW // 30 - 11, NOW // 30 - 1
    clear(databases, TODAY, NOW)

    with databases.alliance_session(reading=True) as session:
        assert session.get_one(Account, long_ago.id).totp_counter is None
        assert session.get_one(Account, just_now.id).totp_counter == NOW // 30 - 1
