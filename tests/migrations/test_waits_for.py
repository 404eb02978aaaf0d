"""What waves wait for: legal waves at the revision before go on without a word."""

from pathlib import Path

from sqlalchemy import text

from survey.storage.databases import open_databases
from survey.storage.models import Wave
from survey.storage.upgrading import upgrade, upgrade_one


def test_waves_of_before_wait_for_nothing_that_anybody_said(tmp_path: Path) -> None:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade_one("alliance", databases.alliance, "2026_11_25_after_a_release")
    with databases.alliance_session() as session:
        for statement in (
            "INSERT INTO organisations (id, name, area) VALUES ('o', 'Example', 'labour_market')",
            (
                "INSERT INTO waves (id, organisation_id, state, plan, definition)"
                " VALUES ('w', 'o', 'ceremony', '{}', '{}')"
            ),
        ):
            session.execute(text(statement))
    upgrade(databases)

    with databases.alliance_session(reading=True) as session:
        wave = session.get_one(Wave, "w")
        assert (wave.state, wave.waits_for) == ("ceremony", None)
    databases.dispose()
