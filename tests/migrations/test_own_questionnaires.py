"""Own questionnaires: organisations from before have brought none, and can."""

import datetime
from pathlib import Path

from sqlalchemy import text

from survey.storage.databases import open_databases
from survey.storage.models import OwnQuestionnaire
from survey.storage.repositories import ScopedRepository
from survey.storage.upgrading import upgrade, upgrade_one


def test_organisations_from_before_have_brought_none_and_can(tmp_path: Path) -> None:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade_one("alliance", databases.alliance, "2026_11_25_accounts")
    with databases.alliance_session() as session:
        session.execute(
            text("INSERT INTO organisations (id, name, area) VALUES ('o', 'Example', 'education')")
        )
    upgrade(databases)

    with databases.alliance_session() as session:
        assert ScopedRepository(session, "o").own_questionnaires() == []
        day = datetime.date(2026, 11, 25)
        brought = {"id": "q", "organisation_id": "o", "definition": b"{}", "mapping": {}, "report": {}}
        session.add(OwnQuestionnaire(**brought, brought_on=day))
        session.flush()
        assert [row.id for row in ScopedRepository(session, "o").own_questionnaires()] == ["q"]
        assert ScopedRepository(session, "p").own_questionnaires() == []
    databases.dispose()
