"""What a response costs the database: one statement, and one more only where it is not new."""

import pytest
from sqlalchemy import Engine, event

from survey.answering.receiving import SequenceRefusedError, receive
from survey.storage.databases import Databases
from survey.storage.responses import SealedResponse
from tests.survey import rows
from tests.survey.conftest import postgres_databases

__all__ = ["postgres_databases"]
WAVE = rows.identifier("wave")


def asked_of(engine: Engine) -> list[str]:
    """Every statement about responses from now on."""
    statements: list[str] = []

    def noted(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if SealedResponse.__tablename__ in statement:
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", noted)
    return statements


def test_a_new_response_and_a_newer_one_are_one_statement_each(either: Databases) -> None:
    with either.storing() as connection:
        statements = asked_of(connection.engine)
    for sequence in (0, 1):
        with either.storing() as connection:
            receive(connection, WAVE, rows.version(sequence))
    asked = len(statements)
    with either.storing() as connection:
        receive(connection, WAVE, rows.version(1))

    assert (asked, len(statements)) == (2, 4)
    with pytest.raises(SequenceRefusedError), either.storing() as connection:
        receive(connection, WAVE, rows.version(0))
