"""A database from before the register has nobody in it, and keeps its library."""

from pathlib import Path

from sqlalchemy import select, text

from survey.storage.alliance import Activity, Member
from survey.storage.databases import open_databases
from survey.storage.upgrading import upgrade, upgrade_one


def test_organisations_from_before_are_in_no_register(tmp_path: Path) -> None:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade_one("alliance", databases.alliance, "2026_11_25_editions")
    with databases.alliance_session() as session:
        session.execute(
            text("INSERT INTO organisations (id, name, area) VALUES ('o', 'Example', 'workplace')")
        )
    upgrade(databases)

    with databases.alliance_session(reading=True) as session:
        assert session.execute(text("SELECT name FROM organisations")).scalars().all() == ["Example"]
        assert session.scalars(select(Member)).all() == []
        assert session.scalars(select(Activity)).all() == []
    databases.dispose()
