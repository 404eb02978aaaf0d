"""Waves that take no more: a database of before has none, and responses of before lie where they lay."""

from pathlib import Path

from sqlalchemy import select

from survey.storage.databases import open_databases
from survey.storage.responses import ClosedWave, SealedResponse
from survey.storage.upgrading import upgrade, upgrade_one
from tests.survey import rows


def test_responses_of_before_stay_and_no_wave_has_ended(tmp_path: Path) -> None:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade_one("responses", databases.responses, "2026_11_22_first_table")
    with databases.responses_session() as session:
        session.add(rows.sealed_response(1))
    upgrade(databases)

    with databases.responses_session(reading=True) as session:
        assert session.scalars(select(SealedResponse.envelope)).all() == [rows.sealed_response(1).envelope]
        assert session.scalars(select(ClosedWave)).all() == []
    databases.dispose()
