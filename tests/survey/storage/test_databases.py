import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from survey.storage import databases as databases_module
from survey.storage.databases import PAGE_SIZE, Databases, open_databases
from survey.storage.models import Membership, MembershipRole, Organisation, TrusteeRole
from survey.storage.responses import SealedResponse
from survey.storage.upgrading import upgrade
from tests.survey import rows

STILL_THERE = text("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(:backends)")


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [
        ("page_size", PAGE_SIZE),
        ("journal_mode", "wal"),
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("busy_timeout", 10_000),
    ],
)
def test_sqlite_is_opened_with_its_settings(databases: Databases, pragma: str, expected: object) -> None:
    with databases.alliance_session() as alliance, databases.responses_session() as responses:
        told = {session.execute(text(f"PRAGMA {pragma}")).scalar() for session in (alliance, responses)}

    assert told == {expected}


def test_a_new_file_gets_its_folder_and_page_size(tmp_path: Path) -> None:
    opened = open_databases(f"sqlite:///{tmp_path}/new/a.db", f"sqlite:///{tmp_path}/new/r.db")

    assert opened.answer()
    with opened.responses_session() as session:
        session.execute(text("CREATE TABLE one (x)"))
    opened.dispose()

    assert (tmp_path / "new" / "r.db").read_bytes()[16:18] == PAGE_SIZE.to_bytes(2, "big")


def test_a_block_that_ends_is_kept_and_one_that_raises_is_not(either: Databases) -> None:
    with either.alliance_session() as session:
        session.add(rows.organisation("kept"))

    def broken_off() -> None:
        with either.alliance_session() as session:
            session.add(rows.organisation("lost"))
            session.flush()
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        broken_off()

    with either.alliance_session(reading=True) as session:
        assert [found.name for found in session.query(Organisation)] == ["Kept"]


def test_what_a_block_read_can_be_used_after_it(either: Databases) -> None:
    with either.responses_session() as session:
        session.add(rows.sealed_response(1))
    with either.responses_session(reading=True) as session:
        row = session.query(SealedResponse).one()

    assert row.envelope == rows.sealed_response(1).envelope


def test_a_reading_session_is_refused_any_write(either: Databases) -> None:
    with pytest.raises(DBAPIError), either.alliance_session(reading=True) as session:
        session.add(rows.organisation("refused"))

    with either.alliance_session() as session:
        session.add(rows.organisation("allowed"))


def test_two_writers_wait_for_one_another_and_lose_nothing(databases: Databases) -> None:
    with databases.responses_session() as session:
        session.add(rows.sealed_response(1))

    def count_up() -> None:
        for _ in range(20):
            with databases.responses_session() as session:
                row = session.query(SealedResponse).one()
                row.sequence += 1

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with databases.responses_session(reading=True) as session:
        assert session.query(SealedResponse).one().sequence == 80


def test_a_row_under_another_organisations_wave_is_refused(either: Databases) -> None:
    with either.alliance_session() as session:
        session.add_all([rows.organisation("own"), rows.organisation("foreign")])
        session.flush()
        session.add(rows.wave("wave", "own"))

    with pytest.raises(IntegrityError), either.alliance_session() as session:
        session.add(rows.invitation(1, "wave", "foreign"))


def test_a_sequence_may_use_all_its_32_bits(either: Databases) -> None:
    row = rows.sealed_response(1)
    row.sequence = 2**32 - 1
    with either.responses_session() as session:
        session.add(row)

    with either.responses_session(reading=True) as session:
        assert session.query(SealedResponse).one().sequence == 2**32 - 1


def test_roles_are_stored_as_the_words_of_the_glossary(either: Databases) -> None:
    with either.alliance_session() as session:
        session.add(rows.organisation("own"))
        session.flush()
        session.add(rows.trustee("anna", "own", TrusteeRole.MANAGEMENT))
    with either.alliance_session(reading=True) as session:
        assert session.execute(text("SELECT role FROM trustees")).scalar() == "management"

    assert Membership(role=MembershipRole("leader")).role is MembershipRole.LEADER


def test_an_error_of_the_database_repeats_no_value_of_a_row(databases: Databases) -> None:
    row, again = rows.sealed_response(1), rows.sealed_response(1)
    with databases.responses_session() as session:
        session.add(row)

    with pytest.raises(IntegrityError) as caught, databases.responses_session() as session:
        session.add(again)

    assert row.wave_id not in str(caught.value)
    assert repr(row.credential_digest) not in str(caught.value)


def test_databases_that_do_not_answer_raise(tmp_path: Path) -> None:
    opened = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    (tmp_path / "r.db").write_bytes(
        b"this is not a database, and it is long enough to be looked at as one" * 40
    )

    with pytest.raises(SQLAlchemyError):
        opened.answer()
    opened.dispose()


def test_another_driver_than_sqlite3_is_refused() -> None:
    from survey.storage.databases import _prepare_sqlite  # noqa: PLC0415  Only to be shown something else.

    class Other:
        pass

    with pytest.raises(TypeError, match="sqlite3"):
        _prepare_sqlite(Other(), None)  # type: ignore[arg-type]


def test_a_connection_that_broke_is_not_used_again(databases: Databases) -> None:
    with databases.alliance.connect() as connection:
        connection.invalidate()

    assert databases.answer()


def test_opening_the_files_once_more_leaves_the_first_reader_its_log(tmp_path: Path) -> None:
    urls = (f"sqlite:///{tmp_path}/alliance.db", f"sqlite:///{tmp_path}/responses.db")
    first = open_databases(*urls)
    upgrade(first)
    open_databases(*urls).dispose()
    script = (
        "import sys; from survey.storage.databases import open_databases; from tests.survey import rows\n"
        "databases = open_databases(sys.argv[1], sys.argv[2])\n"
        "with databases.alliance_session() as session: session.add(rows.organisation('later'))\n"
        "databases.dispose()"
    )

    subprocess.run([sys.executable, "-c", script, *urls], check=True)

    with first.alliance_session(reading=True) as session:
        assert session.get(Organisation, rows.identifier("later")) is not None
    first.dispose()


def test_what_was_used_a_moment_ago_is_not_asked_whether_it_lives(
    postgres_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asked_by(postgres_databases.alliance, monkeypatch)
    for _ in range(3):
        postgres_databases.answer()
    assert asked == []

    monkeypatch.setattr(databases_module, "SURE_SECONDS", -1.0)
    postgres_databases.answer()
    assert len(asked) == 1


def test_connections_that_the_server_ended_are_not_used(
    postgres_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases_module, "SURE_SECONDS", 3_600.0)
    with postgres_databases.alliance_session() as one, postgres_databases.alliance_session() as other:
        ended = [session.scalars(select(func.pg_backend_pid())).one() for session in (one, other)]
    with postgres_databases.responses.connect() as elsewhere:
        for backend in ended:
            elsewhere.execute(select(func.pg_terminate_backend(backend)))
        while elsewhere.execute(STILL_THERE, {"backends": ended}).scalar():
            elsewhere.rollback()

    for _ in range(3):
        assert postgres_databases.answer()


def test_how_long_ago_the_last_respondent_came_costs_the_next_no_question(
    postgres_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases_module, "SURE_SECONDS", -1.0)
    ways = (postgres_databases.asking, postgres_databases.spending, postgres_databases.storing)
    for way in ways:
        with way() as connection:
            asked = asked_by(connection.engine, monkeypatch)
        with way() as connection:
            connection.execute(select(1))
        assert asked == []


def test_a_single_statement_is_not_sent_over_a_connection_that_the_server_ended(
    postgres_databases: Databases,
) -> None:
    ways = (postgres_databases.asking, postgres_databases.storing)
    for way in ways:
        with way() as connection:
            ended = connection.scalars(select(func.pg_backend_pid())).one()
        with postgres_databases.responses.connect() as elsewhere:
            elsewhere.execute(select(func.pg_terminate_backend(ended)))
            while elsewhere.execute(STILL_THERE, {"backends": [ended]}).scalar():
                elsewhere.rollback()
        with way() as connection:
            assert connection.scalars(select(func.pg_backend_pid())).one() != ended


def asked_by(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The connections that are asked from now on whether they live."""
    asked: list[object] = []
    ping = engine.dialect.do_ping

    def counted(connection: DBAPIConnection) -> bool:
        asked.append(connection)
        return ping(connection)

    monkeypatch.setattr(engine.dialect, "do_ping", counted)
    return asked
