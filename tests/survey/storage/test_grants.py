"""On PostgreSQL each process has a role of its own, which may do what the process does and not much more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, make_url, select, text
from sqlalchemy.exc import ProgrammingError

from survey.answering.receiving import receive
from survey.sealing.rows import Row
from survey.storage.databases import Databases, open_databases
from survey.storage.grants import GRANTS, Line, statements
from survey.storage.models import Invitation
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import SealedResponse
from survey.storage.rewriting import rewrite_invitations, rewrite_responses
from survey.storage.upgrading import METADATA, check_schema
from tests.survey import rows

ROLES = sorted(GRANTS[Line.ALLIANCE])


@dataclass(frozen=True, slots=True)
class AsRoles:
    """The same databases, seen by each role."""

    owner: Databases
    by_role: Mapping[str, Databases]


def address(engine: Engine, role: str) -> str:
    return make_url(engine.url).set(username=role).render_as_string(hide_password=False)


@pytest.fixture
def roles(postgres_databases: Databases) -> Iterator[AsRoles]:
    engines = {Line.ALLIANCE: postgres_databases.alliance, Line.RESPONSES: postgres_databases.responses}
    with postgres_databases.alliance.begin() as connection:
        for role in ROLES:
            connection.execute(text(f"CREATE ROLE {role} LOGIN"))
    for line, engine in engines.items():
        with engine.begin() as connection:
            for statement in statements(line):
                connection.execute(text(statement))
    opened = {role: open_databases(*(address(engine, role) for engine in engines.values())) for role in ROLES}
    with postgres_databases.alliance_session() as session:
        session.add(rows.organisation("own"))
        session.flush()
        session.add(rows.wave("wave", "own", "fielding"))
        session.flush()
        session.add(rows.invitation(1, "wave", "own"))
    yield AsRoles(postgres_databases, opened)
    for databases in opened.values():
        databases.dispose()
    for engine in engines.values():
        with engine.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {', '.join(ROLES)}"))
    with postgres_databases.alliance.begin() as connection:
        connection.execute(text(f"DROP ROLE {', '.join(ROLES)}"))


def row(sequence: int) -> Row:
    stored = rows.sealed_response(1, sequence=sequence)
    return Row(
        stored.credential_key,
        stored.randomiser,
        stored.issuing_signature,
        sequence,
        stored.row_signature,
        stored.envelope,
    )


def test_the_web_stores_and_replaces_and_cannot_read_what_it_stored(roles: AsRoles) -> None:
    web = roles.by_role["tillid_web"]
    for sequence in (0, 1, 1):
        with web.responses_session() as session:
            receive(session, rows.identifier("wave"), row(sequence))

    with pytest.raises(ProgrammingError, match="permission denied"), web.responses_session() as session:
        session.execute(select(SealedResponse.envelope))
    with roles.owner.responses_session(reading=True) as session:
        assert session.scalars(select(SealedResponse.envelope)).all() == [row(1).envelope]


def test_the_web_exchanges_an_invitation_while_it_holds_the_wave(roles: AsRoles) -> None:
    with roles.by_role["tillid_web"].alliance_session() as session:
        registry = WaveRegistry(session)
        registry.wave(rows.identifier("wave"), held=True)
        registry.invitation(rows.identifier("wave"), rows.digest(1)).blinded_digest = bytes(32)

    with roles.owner.alliance_session(reading=True) as session:
        assert session.scalars(select(Invitation.blinded_digest)).one() == bytes(32)


FORBIDDEN = [
    ("tillid_web", "UPDATE waves SET manifest = 'other promises'"),
    ("tillid_web", "DELETE FROM invitations"),
    ("tillid_web", "INSERT INTO releases VALUES ('w', 'o', 'current', '', '')"),
    ("tillid_custody", "UPDATE releases SET content = ''"),
    ("tillid_custody", "SELECT email FROM accounts"),
    ("tillid_worker", "SELECT email FROM accounts"),
    ("tillid_worker", "UPDATE waves SET list_statement = 'another list'"),
]


def test_no_role_does_what_its_process_has_no_part_in(roles: AsRoles) -> None:
    for role, statement in FORBIDDEN:
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            roles.by_role[role].alliance_session() as session,
        ):
            session.execute(text(statement))


def test_worker_and_custody_lay_rows_down_anew(roles: AsRoles) -> None:
    with roles.owner.responses_session() as session:
        session.add_all(rows.sealed_response(number) for number in range(12))

    rewrite_responses(roles.by_role["tillid_worker"])
    rewrite_responses(roles.by_role["tillid_custody"])
    rewrite_invitations(roles.by_role["tillid_worker"])

    with roles.owner.responses_session(reading=True) as session:
        assert len(session.scalars(select(SealedResponse.sequence)).all()) == 12


def test_every_role_can_see_that_the_tables_are_this_versions(roles: AsRoles) -> None:
    for databases in roles.by_role.values():
        check_schema(databases)


def test_every_table_is_somebodys_business() -> None:
    for line in Line:
        named = {table for tables in GRANTS[line].values() for table in tables} - {"alembic_version"}
        # The demo's own table: nobody needs it where there are roles.
        assert named == set(METADATA[line].tables) - {"used_sign_in_links"}
