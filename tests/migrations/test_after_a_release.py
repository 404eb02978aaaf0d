"""Releases from before were neither shared nor shown, nothing was planned after them, and now it can be."""

import datetime
from pathlib import Path

from sqlalchemy import text

from survey.storage.databases import open_databases
from survey.storage.models import FollowUp, PlannedAction
from survey.storage.repositories import ScopedRepository
from survey.storage.upgrading import upgrade, upgrade_one

DAY = datetime.date(2026, 11, 25)


def test_a_release_from_before_is_not_shared_and_can_be_followed_by_a_plan(tmp_path: Path) -> None:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade_one("alliance", databases.alliance, "2026_11_25_own_questionnaires")
    wave = "w" * 16
    with databases.alliance_session() as session:
        session.execute(
            text(
                "INSERT INTO organisations (id, name, area, cvr, scheme, scheme_version, scheme_code, "
                "is_alliance, is_member) VALUES ('o', 'E', 'education', '', '', '', '', 0, 0)"
            )
        )
        session.execute(
            text(
                "INSERT INTO waves (id, organisation_id, state, plan, definition) "
                "VALUES (:wave, 'o', 'released', '{}', '')"
            ),
            {"wave": wave},
        )
        session.execute(
            text(
                "INSERT INTO releases (wave_id, organisation_id, state, content, signature) "
                "VALUES (:wave, 'o', 'current', '', '')"
            ),
            {"wave": wave},
        )
    upgrade(databases)

    with databases.alliance_session() as session:
        repository = ScopedRepository(session, "o")
        release = repository.release(wave)
        assert (release.shared_on, release.published_on, release.withdrawn_on) == (None, None, None)
        of_a_wave = {"wave_id": wave, "organisation_id": "o"}
        session.add(FollowUp(**of_a_wave, day=DAY, how="A meeting"))
        session.add(PlannedAction(id="a" * 16, **of_a_wave, what="x", who="y", due_on=DAY, about=""))
        session.flush()
        assert [action.what for action in repository.planned_actions(wave)] == ["x"]
        assert ScopedRepository(session, "p").planned_actions(wave) == []
    databases.dispose()
