"""Applications of both kinds from before are in one table; whoever had shown no address is in none."""

from pathlib import Path

from sqlalchemy import inspect, select, text

from survey.storage.databases import open_databases
from survey.storage.people import Application, ApplicationState, Wish
from survey.storage.upgrading import upgrade, upgrade_one

_OLD = "id, state, name, cvr, area, contact, language, asked_on, reason"
_VALUES = "'{state}', 'Kor', '13585628', 'education', 'a@b.example', 'da', '2026-11-20', ''"


def test_applications_from_before_are_one_list_without_the_unconfirmed(tmp_path: Path) -> None:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade_one("alliance", databases.alliance, "2026_11_26_moderation")
    with databases.alliance_session() as session:
        for state in ("unconfirmed", "waiting"):
            values = _VALUES.format(state=state)
            start = f"INSERT INTO applications ({_OLD}) VALUES ('s-{state}', {values})"  # noqa: S608  Our own words.
            session.execute(text(start))
            member = (
                f"INSERT INTO member_applications ({_OLD}, kind, website, reach) "  # noqa: S608  As above.
                f"VALUES ('m-{state}', {values}, 'authority', '', 'Alle')"
            )
            session.execute(text(member))
    upgrade(databases)

    with databases.alliance_session(reading=True) as session:
        found = session.scalars(select(Application).order_by(Application.id)).all()
    assert [(each.id, each.wish, each.state, each.kind) for each in found] == [
        ("m-waiting", Wish.MEMBER, ApplicationState.WAITING, "authority"),
        ("s-waiting", Wish.START, ApplicationState.WAITING, ""),
    ]
    assert "member_applications" not in inspect(databases.alliance).get_table_names()
    databases.dispose()
