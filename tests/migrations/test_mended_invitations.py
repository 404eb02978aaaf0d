"""Mended invitations: whoever was invited before is written to as before."""

from pathlib import Path

from sqlalchemy import select, text

from survey.storage.databases import open_databases
from survey.storage.fielding import CodeFile, InvitedAddress
from survey.storage.upgrading import upgrade, upgrade_one


def test_addresses_from_before_are_neither_mended_nor_silent(tmp_path: Path) -> None:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade_one("alliance", databases.alliance, "2026_11_26_words_covered")
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
                "INSERT INTO invited_addresses"
                " (wave_id, code_digest, organisation_id, address_digest, sealed)"
                " VALUES ('w', x'01', 'o', x'02', x'03')"
            )
        )
    upgrade(databases)

    with databases.alliance_session(reading=True) as session:
        (kept,) = session.scalars(select(InvitedAddress)).all()
        assert (kept.mended, kept.silent) == (None, False)
        assert session.scalars(select(CodeFile)).all() == []
    databases.dispose()
