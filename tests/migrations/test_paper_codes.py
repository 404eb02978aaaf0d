"""Paper codes: legal places at the revision before keep all they had, and hold none."""

from pathlib import Path

from sqlalchemy import text

from survey.storage.databases import open_databases
from survey.storage.models import WaveTrustee
from survey.storage.upgrading import upgrade, upgrade_one


def test_places_from_before_there_was_paper_hold_no_codes(tmp_path: Path) -> None:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade_one("alliance", databases.alliance, "2026_11_25_audit_log")
    with databases.alliance_session() as session:
        for statement in (
            "INSERT INTO organisations (id, name, area) VALUES ('o', 'Example', 'workplace')",
            (
                "INSERT INTO waves (id, organisation_id, state, plan, definition)"
                " VALUES ('w', 'o', 'fielding', '{}', '{}')"
            ),
            "INSERT INTO trustees (id, organisation_id, role, token_digest) VALUES ('t', 'o', 'other', 'x')",
            (
                "INSERT INTO wave_trustees (wave_id, number, organisation_id, trustee_id, confirmed)"
                " VALUES ('w', 1, 'o', 't', 1)"
            ),
        ):
            session.execute(text(statement))
    upgrade(databases)

    with databases.alliance_session(reading=True) as session:
        place = session.get_one(WaveTrustee, ("w", 1))
        assert (place.confirmed, place.paper_codes) == (True, None)
    databases.dispose()
