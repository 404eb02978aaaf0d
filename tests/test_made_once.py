"""What is made once for all tests is what each would have made; the product itself asks the full price."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine
from werkzeug.routing import Map, Rule

from config import Config
from survey.app import create_app
from survey.storage import upgrading
from survey.storage.databases import open_databases, open_engine
from survey.storage.upgrading import METADATA, check_schema, upgrade
from tests.pages import EveryName

FULL_PRICE = """
from survey.accounts.signing_in import SETTINGS
from survey.people import accounts
from survey.trustees.client import wrap
print(accounts.PasswordHasher().hash("correct horse battery"))
print([name for name in SETTINGS if "PASSLIB" in name or "OPTIONS" in name])
print(wrap(bytes(32), "one two three")[0].model_dump(exclude={"salt"}))
"""


def told(engine: Engine) -> list[tuple[object, ...]]:
    """All that a database says of its tables, and the version that they stand at."""
    with engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 2")
        version = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
        pages = (
            connection.exec_driver_sql("PRAGMA page_size"),
            connection.exec_driver_sql("PRAGMA journal_mode"),
        )
        return [tuple(row) for found in (tables, version, *pages) for row in found]


def test_a_copy_has_the_tables_that_the_migrations_make(tmp_path: Path) -> None:
    for line in METADATA:
        copied, migrated = (open_engine(f"sqlite:///{tmp_path}/{line}-{way}.db") for way in ("copy", "own"))
        with migrated.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE something (id INTEGER)")
        upgrading.upgrade_one(line, copied)
        upgrading.upgrade_one(line, migrated)
        with migrated.begin() as connection:
            connection.exec_driver_sql("DROP TABLE something")

        assert told(copied) == told(migrated)
        assert len(told(copied)) > len(METADATA[line].tables)
        for engine in (copied, migrated):
            engine.dispose()


def test_copies_are_apart(tmp_path: Path) -> None:
    one, other = (
        open_databases(f"sqlite:///{tmp_path}/a{n}.db", f"sqlite:///{tmp_path}/r{n}.db") for n in "12"
    )
    for databases in (one, other):
        upgrade(databases)
    with one.alliance.begin() as connection:
        connection.exec_driver_sql("DROP TABLE organisations")

    check_schema(other)
    with other.alliance.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM organisations").scalar_one() == 0
    for databases in (one, other):
        databases.dispose()


def test_the_product_derives_keys_from_passwords_at_their_full_price() -> None:
    done = subprocess.run([sys.executable, "-c", FULL_PRICE], capture_output=True, text=True, check=True)

    password, options, key = done.stdout.splitlines()
    assert password.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert options == "[]"
    assert key == str({"name": "argon2id", "memory_kib": 65536, "iterations": 3, "lanes": 1})


def test_an_address_that_was_read_before_is_what_werkzeug_makes_of_it(tmp_path: Path) -> None:
    for _ in range(2):
        web = create_app(Config.for_demo(tmp_path, 8000), assets=EveryName())
        web.extensions["tillid"].databases.dispose()

    for known in web.url_map.iter_rules():
        own = Rule(known.rule, endpoint=known.endpoint, methods=known.methods, defaults=known.defaults)
        own.bind(Map(converters=web.url_map.converters))
        assert (known._parts, known._trace, known.arguments) == (own._parts, own._trace, own.arguments)
        assert known._converters.keys() == own._converters.keys()
