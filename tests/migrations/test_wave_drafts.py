"""Drafts of waves: organisations from before have begun none, and can."""

import datetime
from pathlib import Path

from sqlalchemy import text

from survey.storage.databases import open_databases
from survey.storage.drafts import WaveDraft
from survey.storage.repositories import ScopedRepository
from survey.storage.upgrading import upgrade, upgrade_one


def test_organisations_from_before_have_begun_none_and_can(tmp_path: Path) -> None:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade_one("alliance", databases.alliance, "2026_11_25_own_questionnaires")
    with databases.alliance_session() as session:
        session.execute(
            text("INSERT INTO organisations (id, name, area) VALUES ('o', 'Example', 'education')")
        )
    upgrade(databases)

    with databases.alliance_session() as session:
        assert ScopedRepository(session, "o").drafts() == []
        day = datetime.date(2026, 11, 25)
        session.add(WaveDraft(id="d", organisation_id="o", decided={}, changed_on=day))
        session.flush()
        assert [row.id for row in ScopedRepository(session, "o").drafts()] == ["d"]
        assert ScopedRepository(session, "p").drafts() == []
    databases.dispose()
