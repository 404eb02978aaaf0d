"""Somebody wants to have done something else than what the log tells."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from survey.storage.audit import Action, AuditEntry, AuditError, Head, Process, head_of, record, verify
from survey.storage.databases import Databases
from tests.survey import rows

ANNA = rows.identifier("anna")


def note(databases: Databases, subject: str, action: Action = Action.ROLE_GIVEN) -> None:
    with databases.alliance_session() as session:
        record(session, actor=ANNA, action=action, subject=subject, details={"role": "steward"})


def filled(databases: Databases) -> Head:
    for subject in ("one", "two", "three"):
        note(databases, subject)
    with databases.alliance_session(reading=True) as session:
        return verify(session)


@contextmanager
def without_guards(databases: Databases) -> Iterator[None]:
    """What only the database's owner can do."""
    drop = {
        "sqlite": ("DROP TRIGGER audit_entries_keep_update", "DROP TRIGGER audit_entries_keep_delete"),
        "postgresql": ("DROP TRIGGER audit_entries_keep ON audit_entries",),
    }
    with databases.alliance.begin() as connection:
        for statement in drop[databases.alliance.dialect.name]:
            connection.execute(text(statement))
    yield


def test_the_log_tells_who_did_what_to_what_in_order(either: Databases) -> None:
    filled(either)

    with either.alliance_session(reading=True) as session:
        told = [
            (entry.number, entry.actor, entry.action, entry.subject, entry.details)
            for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.number))
        ]
    assert told == [
        (number, ANNA, "role_given", subject, {"role": "steward"})
        for number, subject in enumerate(("one", "two", "three"), 1)
    ]


def test_what_was_broken_off_is_not_in_the_log(databases: Databases) -> None:
    def broken_off() -> None:
        with databases.alliance_session() as session:
            record(session, actor=Process.COMMAND, action=Action.ACCOUNT_MADE)
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        broken_off()

    assert filled(databases).number == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'somebody'",
        "DELETE FROM audit_entries",
        "DELETE FROM audit_entries WHERE number = 3",
    ],
)
def test_no_entry_can_be_changed_or_removed(either: Databases, statement: str) -> None:
    filled(either)

    with (
        pytest.raises(DBAPIError, match="the audit log is append-only"),
        either.alliance_session() as session,
    ):
        session.execute(text(statement))


@pytest.mark.postgres
def test_the_log_cannot_be_emptied_at_once(postgres_databases: Databases) -> None:
    with pytest.raises(DBAPIError, match="append-only"), postgres_databases.alliance_session() as session:
        session.execute(text("TRUNCATE audit_entries"))


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit_entries SET actor = 'somebody' WHERE number = 2", "entry 2 is not what was written"),
        ("UPDATE audit_entries SET at = '2020' WHERE number = 3", "entry 3 is not what was written"),
        ("DELETE FROM audit_entries WHERE number = 2", "entry 2 is missing"),
        ("DELETE FROM audit_entries WHERE number = 1", "entry 1 is missing"),
    ],
)
def test_what_the_owner_of_the_database_changes_is_found_out(
    either: Databases, statement: str, fault: str
) -> None:
    filled(either)
    with without_guards(either), either.alliance_session() as session:
        session.execute(text(statement))

    with pytest.raises(AuditError, match=fault), either.alliance_session(reading=True) as session:
        verify(session)


def test_a_log_that_is_cut_short_or_written_anew_does_not_hold_the_head_that_was_noted(
    databases: Databases,
) -> None:
    noted = filled(databases)
    with without_guards(databases), databases.alliance_session() as session:
        session.execute(text("DELETE FROM audit_entries WHERE number = 3"))

    with databases.alliance_session(reading=True) as session:
        assert verify(session).number == 2
        with pytest.raises(AuditError, match="written anew, or cut short"):
            verify(session, noted)
    note(databases, "another three")
    with databases.alliance_session(reading=True) as session, pytest.raises(AuditError):
        verify(session, noted)


def test_a_head_that_was_noted_is_held_by_the_log_for_ever(databases: Databases) -> None:
    noted = Head.parsed(str(filled(databases)))
    note(databases, "four")

    with databases.alliance_session(reading=True) as session:
        assert verify(session, noted).number == 4
        assert verify(session, Head(0, bytes(32))).number == 4
    with pytest.raises(AuditError, match="is no head"):
        Head.parsed("three")


def test_many_who_act_at_once_make_one_chain(either: Databases) -> None:
    def act(who: int) -> None:
        for number in range(8):
            note(either, f"{who} {number}")

    threads = [threading.Thread(target=act, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with either.alliance_session(reading=True) as session:
        assert verify(session).number == head_of(session).number == 32


def test_the_log_has_no_column_for_what_a_respondent_could_have_done(databases: Databases) -> None:
    columns = {column["name"] for column in inspect(databases.alliance).get_columns("audit_entries")}

    assert columns == {
        "number",
        "at",
        "actor",
        "action",
        "organisation_id",
        "subject",
        "details",
        "digest",
    }
