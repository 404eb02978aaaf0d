"""Fieldings: waves from before end on their last possible day, and their mails count."""

from pathlib import Path

from sqlalchemy import select, text

from survey.storage.databases import open_databases
from survey.storage.fielding import Fielding, InvitedAddress
from survey.storage.mails import QueuedMail
from survey.storage.models import Wave
from survey.storage.upgrading import upgrade, upgrade_one


def test_waves_and_mails_from_before_stay_as_they_were(tmp_path: Path) -> None:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade_one("alliance", databases.alliance, "2026_11_25_library")
    with databases.alliance_session() as session:
        session.execute(text("INSERT INTO organisations (id, name, area) VALUES ('o', 'Example', 'e')"))
        session.execute(
            text(
                "INSERT INTO waves (id, organisation_id, state, plan, definition)"
                " VALUES ('w', 'o', 'fielding', '{}', '{}')"
            )
        )
        session.execute(
            text(
                "INSERT INTO queued_mails (id, about, state, attempts, due, reason)"
                " VALUES ('m', 'w', 'sent', 1, 0, '')"
            )
        )
    upgrade(databases)

    with databases.alliance_session(reading=True) as session:
        assert session.scalars(select(Wave.announced_last_day)).all() == [None]
        assert session.scalars(select(QueuedMail.counted)).all() == [True]
        assert session.scalars(select(Fielding)).all() == []
        assert session.scalars(select(InvitedAddress)).all() == []
    databases.dispose()
