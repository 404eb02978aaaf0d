"""Before there were editions nothing was told of sectors, and now a signed one can be stored."""

import datetime
from pathlib import Path

from sqlalchemy import inspect

from survey.storage.databases import open_databases
from survey.storage.models import StoredEdition
from survey.storage.upgrading import upgrade, upgrade_one


def test_editions_come_without_touching_what_was_there(tmp_path: Path) -> None:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade_one("alliance", databases.alliance, "2026_11_25_fieldings")
    before = set(inspect(databases.alliance).get_table_names())
    upgrade(databases)

    assert "editions" in set(inspect(databases.alliance).get_table_names()) - before
    day = datetime.date(2026, 9, 1)
    with databases.alliance_session() as session:
        session.add(StoredEdition(number=1, day=day, content=b"{}", signature=b""))
    with databases.alliance_session(reading=True) as session:
        assert session.get_one(StoredEdition, 1).day == day
    databases.dispose()
