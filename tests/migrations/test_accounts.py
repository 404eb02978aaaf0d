"""Accounts and organisations of before keep all they had, and have no second factor, sector or membership."""

from pathlib import Path

from sqlalchemy import text

from survey.storage.accounts import Account
from survey.storage.databases import open_databases
from survey.storage.models import Organisation
from survey.storage.upgrading import upgrade, upgrade_one


def test_who_had_an_account_before_signs_in_as_before(tmp_path: Path) -> None:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade_one("alliance", databases.alliance, "2026_11_25_trustee_reminders")
    with databases.alliance_session() as session:
        for statement in (
            "INSERT INTO organisations (id, name, area) VALUES ('o', 'Example', 'labour_market')",
            (
                "INSERT INTO accounts (id, email, password, active, fs_uniquifier)"
                " VALUES ('a', 'anna@example.org', 'hash', 1, 'u')"
            ),
            "INSERT INTO memberships (account_id, organisation_id, role) VALUES ('a', 'o', 'steward')",
        ):
            session.execute(text(statement))
    upgrade(databases)

    with databases.alliance_session(reading=True) as session:
        account, organisation = session.get_one(Account, "a"), session.get_one(Organisation, "o")
        assert (account.password, account.active, account.language) == ("hash", True, "da")
        assert (account.totp_secret, account.totp_counter, account.recovery_codes) == (None, None, None)
        assert (organisation.cvr, organisation.scheme, organisation.is_alliance) == ("", "", False)
    databases.dispose()
