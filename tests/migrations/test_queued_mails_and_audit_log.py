"""The outbox and the audit log come empty, and what was there before stays."""

from pathlib import Path

from sqlalchemy import text

from survey.storage.audit import verify
from survey.storage.databases import open_databases
from survey.storage.upgrading import upgrade, upgrade_one


def test_organisations_that_were_there_before_stay_and_the_log_begins_with_nothing(tmp_path: Path) -> None:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade_one("alliance", databases.alliance, "2026_11_25_confirmations")
    with databases.alliance_session() as session:
        session.execute(
            text("INSERT INTO organisations (id, name, area) VALUES ('o', 'Example', 'workplace')")
        )
    upgrade(databases)

    with databases.alliance_session(reading=True) as session:
        assert session.execute(text("SELECT name FROM organisations")).scalars().all() == ["Example"]
        assert session.execute(text("SELECT count(*) FROM queued_mails")).scalar() == 0
        assert verify(session).number == 0
    databases.dispose()
