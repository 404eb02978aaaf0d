"""Trustees and shares from before trustees were people keep what they had, and said nothing more."""

from pathlib import Path

from sqlalchemy import text

from survey.storage.databases import open_databases
from survey.storage.models import Trustee, WaveTrustee
from survey.storage.upgrading import upgrade, upgrade_one


def test_trustees_from_before_have_no_name_and_were_not_recognised(tmp_path: Path) -> None:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade_one("alliance", databases.alliance, "2026_11_25_paper_codes")
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
        trustee, place = session.get_one(Trustee, "t"), session.get_one(WaveTrustee, ("w", 1))
        assert (trustee.name, trustee.address, trustee.recognised, trustee.successor) == (
            "",
            None,
            None,
            None,
        )
        assert (place.confirmed, place.proven_on, place.declined) == (True, None, None)
    databases.dispose()
