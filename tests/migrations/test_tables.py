"""Migrations make the tables that the models describe, from nothing, in one line each."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

import survey.storage.accounts  # noqa: F401  Its tables are part of the alliance's metadata.
from survey.storage.databases import Databases, open_databases
from survey.storage.upgrading import METADATA, MIGRATIONS, SchemaError, alembic_config, check_schema, upgrade
from tests.survey import rows

LINES = sorted(METADATA)


def engine_of(databases: Databases, line: str) -> Engine:
    engine: Engine = getattr(databases, line)
    return engine


@pytest.mark.parametrize("line", LINES)
def test_from_nothing_to_the_newest_is_what_the_models_say(either: Databases, line: str) -> None:
    with engine_of(either, line).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA[line]) == []


@pytest.mark.parametrize("line", LINES)
def test_each_line_has_one_end(line: str) -> None:
    assert len(ScriptDirectory.from_config(alembic_config(line, METADATA[line])).get_heads()) == 1


@pytest.mark.parametrize("line", LINES)
def test_each_migration_is_named_by_day_and_goes_forward_only(line: str) -> None:
    scripts = ScriptDirectory.from_config(alembic_config(line, METADATA[line])).walk_revisions()

    for script in scripts:
        assert Path(script.path).stem == script.revision
        assert script.revision[:10].replace("_", "").isdigit()
        assert not hasattr(script.module, "downgrade")


def test_a_migration_that_touches_responses_or_invitations_says_what_it_could_link() -> None:
    for path in (MIGRATIONS / "versions").rglob("*.py"):
        content = path.read_text(encoding="utf-8")
        touches = "sealed_responses" in content or "invitations" in content
        assert not touches or "could link" in content, path


def test_upgrading_again_changes_nothing(either: Databases) -> None:
    with either.alliance_session() as session:
        session.add(rows.organisation("kept"))

    upgrade(either)

    check_schema(either)
    with either.alliance_session(reading=True) as session:
        assert session.execute(text("SELECT count(*) FROM organisations")).scalar() == 1


def test_a_database_without_tables_is_not_this_versions(tmp_path: Path) -> None:
    empty = open_databases(f"sqlite:///{tmp_path}/new a%b/a.db", f"sqlite:///{tmp_path}/r.db")

    with pytest.raises(SchemaError, match=r"database of the alliance: .* Run `tillid database upgrade`"):
        check_schema(empty)
    assert inspect(empty.alliance).get_table_names() == []
    empty.dispose()


def test_an_upgrade_that_fails_midway_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")

    def refuse(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("alembic.runtime.migration.MigrationContext._ensure_version_table", refuse)
    with pytest.raises(OSError, match="disk is full"):
        upgrade(empty)

    assert inspect(empty.alliance).get_table_names() == []
    empty.dispose()


def test_folders_with_a_per_cent_sign_hold_migrations_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.storage.upgrading.MIGRATIONS", Path("/srv/100%/migrations"))

    config = alembic_config("alliance", METADATA["alliance"])

    assert config.get_main_option("script_location") == "/srv/100%/migrations"
