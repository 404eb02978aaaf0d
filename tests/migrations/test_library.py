"""A database from before the library has an empty one."""

from pathlib import Path

from sqlalchemy import select, text

from survey.storage.databases import open_databases
from survey.storage.library import LibraryEntry
from survey.storage.upgrading import upgrade, upgrade_one


def test_organisations_from_before_stay_and_the_library_is_empty(tmp_path: Path) -> None:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade_one("alliance", databases.alliance, "2026_11_25_own_questionnaires")
    with databases.alliance_session() as session:
        session.execute(
            text("INSERT INTO organisations (id, name, area) VALUES ('o', 'Example', 'workplace')")
        )
    upgrade(databases)

    with databases.alliance_session(reading=True) as session:
        assert session.execute(text("SELECT name FROM organisations")).scalars().all() == ["Example"]
        assert session.scalars(select(LibraryEntry)).all() == []
    databases.dispose()
