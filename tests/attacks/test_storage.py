"""
A thief copies the databases as they stand after a rewrite, and looks for the order in which rows came.

Whoever knows when somebody answered, and can order the rows, knows which row is theirs. What is held here:
nothing on disk depends on the order of arrival. Two histories with the same rows in another order leave the
same bytes, so no reading of the bytes can tell one from the other.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, inspect, text
from sqlalchemy.types import Date, DateTime, Time

from survey.storage.databases import Databases, open_databases
from survey.storage.models import Invitation, Wave
from survey.storage.responses import LONGEST_ENVELOPE, SealedResponse
from survey.storage.rewriting import (
    QUICKLY_REWRITTEN,
    RewriteError,
    is_due,
    rewrite_invitations,
    rewrite_responses,
)
from survey.storage.upgrading import upgrade
from tests.survey import rows

NUMBER = 80
# Where SQLite's shared index of the log keeps the pages written, after a header of its own.
INDEX_HEADER = 136
INDEX_PAGES = 4062


def answer(databases: Databases, numbers: Sequence[int], replaced: Sequence[int] = ()) -> None:
    """Store responses one by one, as they come, then replace some, one by one."""
    for number in numbers:
        with databases.responses_session() as session:
            session.add(rows.sealed_response(number))
    for number in replaced:
        with databases.responses_session() as session:
            row = session.get_one(SealedResponse, (rows.identifier("wave"), rows.digest(number)))
            after = rows.sealed_response(number, sequence=1)
            row.sequence, row.row_signature, row.envelope = 1, after.row_signature, after.envelope


def exchange(databases: Databases, numbers: Sequence[int]) -> None:
    """Make all invitations, then exchange some, one by one."""
    with databases.alliance_session() as session:
        session.add(rows.organisation("own"))
        session.flush()
        session.add(rows.wave("wave", "own"))
        session.flush()
        session.add_all(rows.invitation(number, "wave", "own") for number in range(NUMBER))
    for number in numbers:
        with databases.alliance_session() as session:
            row = session.get_one(Invitation, (rows.identifier("wave"), rows.digest(number)))
            row.blinded_digest = rows.noise(f"blinded {number}", 32)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[Callable[[str], Databases]]:
    """Call it with a name for databases whose files lie in a folder of that name."""
    made: list[Databases] = []

    def make(name: str) -> Databases:
        opened = open_databases(f"sqlite:///{tmp_path}/{name}/a.db", f"sqlite:///{tmp_path}/{name}/r.db")
        upgrade(opened)
        made.append(opened)
        return opened

    yield make
    for opened in made:
        opened.dispose()


def stolen(folder: Path, name: str) -> tuple[bytes, bytes, bytes]:
    """Return what a thief reads of one database: the file, the log, and the pages the log's index lists."""
    index = (folder / f"{name}-shm").read_bytes()
    pages = index[INDEX_HEADER : INDEX_HEADER + 4 * INDEX_PAGES]
    return (folder / name).read_bytes(), (folder / f"{name}-wal").read_bytes(), pages


IN_ORDER = range(NUMBER)
OTHERWISE = [*range(NUMBER // 2, NUMBER), *reversed(range(NUMBER // 2))]


def test_before_a_rewrite_the_file_does_tell_who_came_first(
    history: Callable[[str], Databases], tmp_path: Path
) -> None:
    # The attack works where nothing was done against it: else the tests below would show nothing.
    for name, order in (("one", IN_ORDER), ("other", OTHERWISE)):
        answer(history(name), order)

    assert stolen(tmp_path / "one", "r.db")[1] != stolen(tmp_path / "other", "r.db")[1]


def test_after_a_rewrite_two_orders_of_arrival_leave_the_same_bytes(
    history: Callable[[str], Databases], tmp_path: Path
) -> None:
    for name, order in (("one", IN_ORDER), ("other", OTHERWISE)):
        opened = history(name)
        answer(opened, order[:50])
        rewrite_responses(opened)
        answer(opened, order[50:], replaced=[number for number in order if number % 7 == 0])
        rewrite_responses(opened)

    one, other = stolen(tmp_path / "one", "r.db"), stolen(tmp_path / "other", "r.db")
    # The two hold other rows at the first rewrite, so the log's index may differ, the file may not.
    assert one[0] == other[0]
    assert one[1] == other[1] == b""


def test_after_a_rewrite_the_logs_index_lists_no_page_in_the_order_it_was_touched(
    history: Callable[[str], Databases], tmp_path: Path
) -> None:
    for name, order in (("one", IN_ORDER), ("other", OTHERWISE)):
        opened = history(name)
        answer(opened, IN_ORDER)
        rewrite_responses(opened)
        answer(opened, (), replaced=order)
        rewrite_responses(opened)

    one, other = stolen(tmp_path / "one", "r.db"), stolen(tmp_path / "other", "r.db")
    assert one == other


@settings(max_examples=6)
@given(order=st.permutations(range(12)), replaced=st.permutations(range(5)))
def test_whatever_the_order_of_arrival_the_bytes_are_the_same(order: list[int], replaced: list[int]) -> None:
    found = []
    for numbers, again in ((order, replaced), (range(12), range(5))):
        with TemporaryDirectory() as folder:
            opened = open_databases(f"sqlite:///{folder}/a.db", f"sqlite:///{folder}/r.db")
            upgrade(opened)
            answer(opened, numbers, again)
            rewrite_responses(opened)
            with opened.responses.connect():
                found.append(stolen(Path(folder), "r.db"))
            opened.dispose()

    assert found[0] == found[1]


def test_after_a_rewrite_no_freed_page_keeps_an_older_answer(
    history: Callable[[str], Databases], tmp_path: Path
) -> None:
    opened = history("one")
    answer(opened, IN_ORDER, replaced=IN_ORDER)
    with opened.responses_session() as session:
        session.execute(delete(SealedResponse).where(SealedResponse.credential_digest == rows.digest(3)))
    rewrite_responses(opened)

    everything = b"".join(path.read_bytes() for path in (tmp_path / "one").glob("r.db*"))
    for number in IN_ORDER:
        assert rows.sealed_response(number).envelope[:32] not in everything
    assert rows.digest(3) not in everything
    assert rows.sealed_response(4, sequence=1).envelope in everything
    with opened.responses_session(reading=True) as session:
        assert session.execute(text("PRAGMA freelist_count")).scalar() == 0


def test_after_a_rewrite_two_orders_of_exchange_leave_the_same_bytes(
    history: Callable[[str], Databases], tmp_path: Path
) -> None:
    for name, order in (("one", IN_ORDER), ("other", OTHERWISE)):
        opened = history(name)
        exchange(opened, order)
        rewrite_invitations(opened)

    assert stolen(tmp_path / "one", "a.db") == stolen(tmp_path / "other", "a.db")


@pytest.mark.parametrize("size", [rows.ENVELOPE_SIZE, LONGEST_ENVELOPE])
def test_a_row_fits_its_page_so_that_none_overflows(databases: Databases, size: int) -> None:
    with databases.responses_session() as session:
        session.add_all(rows.sealed_response(number, size=size, sequence=2**32 - 1) for number in range(60))

    with databases.responses_session(reading=True) as session:
        kinds = set(
            session.execute(text("SELECT pagetype FROM dbstat WHERE name = 'sealed_responses'")).scalars()
        )
    assert kinds == {"internal", "leaf"}


def test_a_longer_row_would_overflow(databases: Databases) -> None:
    with databases.responses_session() as session:
        session.add(rows.sealed_response(1, size=LONGEST_ENVELOPE + 256))

    with databases.responses_session(reading=True) as session:
        kinds = set(
            session.execute(text("SELECT pagetype FROM dbstat WHERE name = 'sealed_responses'")).scalars()
        )
    assert "overflow" in kinds


def test_the_tables_that_must_not_number_their_rows_have_no_rowid(databases: Databases) -> None:
    for engine, table in ((databases.alliance, "invitations"), (databases.responses, "sealed_responses")):
        with engine.connect() as connection:
            assert connection.execute(
                text("SELECT wr FROM pragma_table_list WHERE name = :t"), {"t": table}
            ).scalar()


def hidden_columns(engine: Engine, table: str) -> list[tuple[str, str, bytes]]:
    """Return what PostgreSQL keeps beside each row: place, writing transaction, and the key."""
    key = "code_digest" if table == "invitations" else "credential_digest"
    with engine.connect() as connection:
        query = text(f"SELECT ctid::text, xmin::text, {key} FROM {table} ORDER BY {table}.ctid")  # noqa: S608  Our own names.
        return [(place, writer, bytes(found)) for place, writer, found in connection.execute(query)]


def test_on_postgresql_place_and_transaction_tell_nothing_after_a_rewrite(
    postgres_databases: Databases,
) -> None:
    answer(postgres_databases, OTHERWISE, replaced=OTHERWISE[::5])
    before = hidden_columns(postgres_databases.responses, "sealed_responses")
    rewrite_responses(postgres_databases)
    after = hidden_columns(postgres_databases.responses, "sealed_responses")

    assert len({writer for _, writer, _ in before}) == NUMBER
    assert len({writer for _, writer, _ in after}) == 1
    assert [key for *_, key in after] == sorted(key for *_, key in before)
    assert {row.envelope for row in stored(postgres_databases)} >= {rows.sealed_response(1).envelope}


def test_on_postgresql_exchanges_are_laid_down_anew_too(postgres_databases: Databases) -> None:
    exchange(postgres_databases, OTHERWISE)
    rewrite_invitations(postgres_databases)
    after = hidden_columns(postgres_databases.alliance, "invitations")

    assert len({writer for _, writer, _ in after}) == 1
    assert [key for *_, key in after] == sorted(map(rows.digest, IN_ORDER))


def test_on_postgresql_no_value_is_moved_out_of_its_row_or_compressed(
    postgres_databases: Databases,
) -> None:
    answer(postgres_databases, range(10))
    with postgres_databases.responses_session() as session:
        session.get_one(SealedResponse, (rows.identifier("wave"), rows.digest(1))).envelope = bytes(
            LONGEST_ENVELOPE
        )

    with postgres_databases.responses.connect() as connection:
        out_of_line = connection.execute(
            text("SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE relname = 'sealed_responses'")
        ).scalar()
        sizes = connection.execute(text("SELECT pg_column_size(envelope) FROM sealed_responses")).scalars()
        assert not out_of_line
        assert set(sizes) == {rows.ENVELOPE_SIZE + 4, LONGEST_ENVELOPE + 4}


def stored(databases: Databases) -> Sequence[SealedResponse]:
    with databases.responses_session(reading=True) as session:
        return session.query(SealedResponse).order_by(SealedResponse.credential_digest).all()


def test_a_rewrite_changes_no_row(either: Databases) -> None:
    answer(either, range(30), replaced=[4, 9])
    before = [(row.credential_digest, row.sequence, row.envelope) for row in stored(either)]
    rewrite_responses(either)

    assert [(row.credential_digest, row.sequence, row.envelope) for row in stored(either)] == before


def test_a_rewrite_that_somebody_holds_up_says_so(
    either: Databases,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("survey.storage.rewriting.LOCK_TIMEOUT", "50ms")
    answer(either, range(12))
    either.responses.dispose()
    if either.responses.dialect.name == "sqlite":
        monkeypatch.setattr("survey.storage.databases.BUSY_TIMEOUT_MS", 50)

    with either.responses_session() as busy:
        busy.add(rows.sealed_response(50))
        busy.flush()
        with pytest.raises(RewriteError, match=r"sealed_responses: .* rewrite it again"):
            rewrite_responses(either)

    rewrite_responses(either)
    assert len(stored(either)) == 13


def test_a_rewrite_that_a_reader_holds_up_says_so(
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("survey.storage.databases.BUSY_TIMEOUT_MS", 50)
    databases.responses.dispose()
    answer(databases, range(12))

    with databases.responses_session(reading=True) as reader:
        reader.query(SealedResponse).count()
        with pytest.raises(RewriteError):
            rewrite_responses(databases)


@pytest.mark.parametrize(
    ("changes", "rows_there", "due"),
    [(9, 0, False), (10, 0, True), (10, 1099, True), (10, 1100, False), (11, 1100, True)],
)
def test_in_a_large_database_a_rewrite_is_due_after_ten_changes_of_a_wave_or_one_in_a_hundred(
    changes: int, rows_there: int, due: bool
) -> None:
    assert is_due(changes, rows_there, QUICKLY_REWRITTEN + 1) is due


def test_in_a_small_database_a_rewrite_is_due_after_every_change() -> None:
    assert is_due(1, 20, QUICKLY_REWRITTEN)
    assert not is_due(0, 20, QUICKLY_REWRITTEN)


RESPONSE_COLUMNS = {
    "wave_id",
    "credential_digest",
    "credential_key",
    "randomiser",
    "issuing_signature",
    "sequence",
    "row_signature",
    "envelope",
}
INVITATION_COLUMNS = {"wave_id", "code_digest", "organisation_id", "blinded_digest"}


def test_a_response_and_an_invitation_have_exactly_these_columns(either: Databases) -> None:
    responses, alliance = inspect(either.responses), inspect(either.alliance)

    assert {column["name"] for column in responses.get_columns("sealed_responses")} == RESPONSE_COLUMNS
    assert {column["name"] for column in alliance.get_columns("invitations")} == INVITATION_COLUMNS
    assert set(responses.get_table_names()) == {"sealed_responses", "closed_waves", "alembic_version"}
    assert [column["name"] for column in responses.get_columns("closed_waves")] == ["wave_id"]
    assert responses.get_foreign_keys("sealed_responses") == []


def test_no_clock_stands_beside_a_response_an_invitation_or_an_account(either: Databases) -> None:
    clocks = {
        (table, column["name"])
        for engine in (either.alliance, either.responses)
        for table in inspect(engine).get_table_names()
        for column in inspect(engine).get_columns(table)
        if isinstance(column["type"], (Date, DateTime, Time))
    }

    # Days, not times: of the wave as a whole, or of what trustees, stewards and the secretariat did.
    of_the_wave = {
        (Wave.__tablename__, day)
        for day in ("announced_last_day", "closed_on", "released_on", "responses_shown_on")
    }
    assert clocks == of_the_wave | {
        ("wave_trustees", "proven_on"),
        ("wave_trustees", "reminded_on"),
        ("own_questionnaires", "brought_on"),
        ("code_files", "made_on"),
        ("editions", "day"),
        ("members", "joined_on"),
        ("members", "left_on"),
        ("commitments", "changed_on"),
        ("activities", "begins_on"),
        ("activities", "ends_on"),
        ("activities", "changed_on"),
        ("help_line_checks", "checked_on"),
        ("applications", "asked_on"),
        ("fieldings", "remind_on"),
        ("fieldings", "reminded_on"),
        ("releases", "shared_on"),
        ("releases", "published_on"),
        ("releases", "withdrawn_on"),
        ("editions", "day"),
        ("planned_actions", "due_on"),
        ("planned_actions", "done_on"),
        ("follow_ups", "day"),
        ("wave_drafts", "changed_on"),
        ("library_entries", "link_checked_on"),
        ("library_entries", "published_on"),
        ("library_entries", "changed_on"),
        ("library_revisions", "changed_on"),
    }
