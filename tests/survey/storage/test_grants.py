"""On PostgreSQL each process has a role of its own, which may do what the process does and not much more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, make_url, select, text
from sqlalchemy.exc import ProgrammingError

from questionnaires.digest import definition_bytes
from survey.answering.exchanging import Exchange, Issuer
from survey.answering.receiving import WaveClosedError, receive
from survey.delivery.outbox import Outbox
from survey.people.accounts import add_account, close_account, join
from survey.sealing.at_rest import AtRest
from survey.sealing.credentials import issuing_public_key
from survey.sealing.issuing import IssuingKey
from survey.sealing.xwing import public_bytes
from survey.storage.accounts import Account
from survey.storage.closing import take_no_more
from survey.storage.databases import Databases, open_databases
from survey.storage.grants import GRANTS, Line, statements
from survey.storage.models import Invitation, MembershipRole, OwnQuestionnaire, TrusteeRole, Wave
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import ClosedWave, SealedResponse
from survey.storage.rewriting import rewrite_invitations, rewrite_responses
from survey.storage.upgrading import METADATA, check_schema
from survey.trustees.enrolment import enrol_key
from survey.waves.invitations import blinded_digest, invite
from survey.waves.lifecycle import Draft, advance, draft_wave
from survey.waves.states import WaveState
from survey.waves.trusteeship import (
    Addresses,
    begin_again,
    invite_trustee,
    recognise,
    replace_key,
    token_digest,
)
from survey.worker.reminding import remind_trustees
from tests.alliances import DAY, plan, routing
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


def test_the_web_stores_and_replaces_and_cannot_read_what_it_stored(roles: AsRoles) -> None:
    web = roles.by_role["tillid_web"]
    with_stored_proof = rows.version(2)._replace(randomiser=bytes(32), issuing_signature=bytes(256))
    for version in (rows.version(0), rows.version(1), rows.version(1), with_stored_proof, with_stored_proof):
        with web.storing() as connection:
            receive(connection, rows.identifier("wave"), version)

    with pytest.raises(ProgrammingError, match="permission denied"), web.responses_session() as session:
        session.add(ClosedWave(wave_id=rows.identifier("wave")))
    take_no_more(roles.by_role["tillid_custody"], rows.identifier("wave"))
    with pytest.raises(WaveClosedError), web.storing() as connection:
        receive(connection, rows.identifier("wave"), rows.version(3))
    with pytest.raises(ProgrammingError, match="permission denied"), web.responses_session() as session:
        session.execute(select(SealedResponse.envelope))
    with roles.owner.responses_session(reading=True) as session:
        (stored,) = session.scalars(select(SealedResponse))
        assert stored.envelope == rows.version(2).envelope
        assert stored.issuing_signature == rows.version(1).issuing_signature


def test_the_web_spends_an_invitation_while_it_holds_the_wave(roles: AsRoles) -> None:
    at_rest, wave = AtRest([Fernet.generate_key().decode()]), rows.identifier("wave")
    issuing = IssuingKey.generate()
    with roles.owner.alliance_session() as session:
        stored = session.get_one(Wave, wave)
        stored.issuing_key, stored.state = at_rest.encrypt(issuing.to_bytes()), WaveState.FIELDING.value
        (code,) = invite(session, stored, 1, bytes(32))
    wanted = Exchange(code, bytes(255) + b"\2")
    public = [issuing_public_key(issuing.public_bytes())]
    with roles.by_role["tillid_web"].spending() as alliance:
        issuer = Issuer(bytes(32), at_rest)
        first, again = (issuer.key_for(alliance, wave, public, wanted) for _ in range(2))

    assert first is again
    assert first.to_bytes() == issuing.to_bytes()
    with roles.owner.alliance_session(reading=True) as session:
        assert blinded_digest(wanted.blinded) in session.scalars(select(Invitation.blinded_digest)).all()


def test_the_web_closes_an_account_and_changes_an_own_question(roles: AsRoles) -> None:
    web, own = roles.by_role["tillid_web"], rows.identifier("own")
    definition = definition_bytes(routing())
    with web.alliance_session() as session:
        person = add_account(session, "anna@example.org", "correct horse battery")
        join(session, person.id, own, MembershipRole.LEADER)
        brought = OwnQuestionnaire(
            id=rows.identifier("brought"),
            organisation_id=own,
            definition=b"{}",
            mapping={},
            report={},
            brought_on=DAY,
        )
        session.add(brought)
    with web.alliance_session() as session:
        close_account(session, session.get_one(Account, person.id), person.id)
        session.get_one(OwnQuestionnaire, brought.id).definition = definition

    with roles.owner.alliance_session(reading=True) as session:
        assert session.scalars(select(Account)).all() == []
        assert session.get_one(OwnQuestionnaire, brought.id).definition == definition


def test_the_web_replaces_a_trustee_and_begins_again_and_the_worker_reminds_whoever_is_left(
    roles: AsRoles,
) -> None:
    keys = AtRest([Fernet.generate_key().decode()])
    web, worker = roles.by_role["tillid_web"], roles.by_role["tillid_worker"]
    people = {"anna": TrusteeRole.EMPLOYEES, "bo": TrusteeRole.MANAGEMENT, "dorte": TrusteeRole.OTHER}
    with web.alliance_session() as session:
        found = []
        for number, (name, role) in enumerate(people.items()):
            address = Addresses(keys).written(f"{name}@example.org")
            token = invite_trustee(session, rows.identifier("own"), role, name=name, address=address)
            found.append(WaveRegistry(session).trustee(token_digest(token)))
            enrol_key(found[-1], public_bytes(bytes([number]) * 32))
        recognise(found[0], found[0].fingerprint or "")
        draft = Draft(rows.identifier("own"), routing(), plan(12), found)
        wave = draft_wave(session, draft, keys)
        advance(wave, WaveState.CEREMONY)
    with web.alliance_session() as session:
        again = WaveRegistry(session).trustee(token_digest(replace_key(session, found[1])))
        enrol_key(again, public_bytes(bytes([9]) * 32))
        anew = begin_again(session, WaveRegistry(session).wave(wave.id), keys)
    with roles.owner.alliance_session() as session:
        session.get_one(Wave, anew.id).manifest_digest = "0" * 64

    outbox = Outbox(keys)
    assert remind_trustees(worker, outbox, "https://culture.example.org", DAY) == len(people)
    assert remind_trustees(worker, outbox, "https://culture.example.org", DAY) == 0


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
