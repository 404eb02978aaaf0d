"""On PostgreSQL a wave lives its whole life with each process under its own role; restored, it goes on."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, func, make_url, select, text
from sqlalchemy.exc import ProgrammingError

from config import Config
from survey.app import create_app
from survey.commands.alliance import Alliance, Ballot
from survey.custody.directory import CustodyDirectory
from survey.custody.editions import day_of_edition
from survey.custody.process import Custody
from survey.storage.audit import verify
from survey.storage.databases import Databases, open_databases
from survey.storage.grants import Line, statements
from survey.storage.models import StoredEdition, StoredRelease, Wave
from survey.storage.responses import SealedResponse
from survey.waves.checking import last_day, promised
from survey.waves.retention import due_on
from survey.waves.states import WaveState
from survey.worker.clearing import clear
from survey.worker.duties import Rewriting, close_ended, refresh_counts
from tests.alliances import Clock, plan, routing, routing_replies
from tests.pages import EveryName
from tests.postgresql import find_server
from tests.survey.conftest import postgres_databases
from tests.survey.storage.test_grants import ROLES, AsRoles, address, roles

__all__ = ["postgres_databases", "roles"]
ANSWERED = 12
QUORUM = 2
# What a role may do, with whole tables and with single columns.
PRIVILEGES = """
    SELECT grantee, table_name, '' AS column_name, privilege_type FROM information_schema.role_table_grants
    WHERE grantee LIKE 'tillid\\_%'
    UNION SELECT grantee, table_name, column_name, privilege_type FROM information_schema.role_column_grants
    WHERE grantee LIKE 'tillid\\_%'
"""


@dataclass(frozen=True, slots=True)
class Processes:
    """Web, custody and worker over the same databases, each as its own role; nobody here is their owner."""

    alliance: Alliance
    worker: Databases
    owner: Databases
    clock: Clock

    def state(self, wave: str) -> str:
        """Where a wave stands."""
        with self.owner.alliance_session(reading=True) as session:
            return session.get_one(Wave, wave).state

    def end(self, wave: str) -> None:
        """Let the last day pass; the worker does what it does each minute."""
        with self.owner.alliance_session(reading=True) as session:
            self.clock.day = last_day(session.get_one(Wave, wave)) + dt.timedelta(days=1)
        refresh_counts(self.worker, self.clock())
        close_ended(self.worker, self.clock())
        Rewriting(self.worker).everything()
        clear(self.worker, self.clock(), 0)

    def stored(self) -> int:
        """How many responses there are."""
        with self.owner.responses_session(reading=True) as session:
            return session.scalars(select(func.count()).select_from(SealedResponse)).one()


@contextmanager
def processes(
    by_role: Mapping[str, Databases], owner: Databases, folder: Path, clock: Clock
) -> Iterator[Processes]:
    """Begin all three, over the databases as their roles reach them."""
    web = by_role["tillid_web"]
    urls = (engine.url.render_as_string(hide_password=False) for engine in (web.alliance, web.responses))
    config = replace(Config.for_demo(folder, 8000), database_url=next(urls), responses_url=next(urls))
    custody = Custody(by_role["tillid_custody"], CustodyDirectory(config.custody_directory), clock)
    custody.start()
    app = create_app(config, assets=EveryName(), clock=clock)
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url=config.base_url) as http:
        yield Processes(Alliance(config, web, http, custody), by_role["tillid_worker"], owner, clock)
    app.extensions["tillid"].databases.dispose()


def answered(running: Processes) -> Ballot:
    """A wave that was fielded and answered, and may be given to the sectors' figures."""
    alliance = running.alliance
    organisation = alliance.organisation("Havnens Værksted", "labour_market")
    shared = plan(ANSWERED).model_copy(update={"alliance_sharing": "steward_decides"})
    ballot = alliance.field(organisation, routing(), shared, alliance.trustees(organisation))
    alliance.answer(ballot, routing_replies(ANSWERED), lambda _done, _of: None)
    return ballot


def test_from_the_ceremony_to_destruction_each_process_needs_its_own_role_and_no_other(
    roles: AsRoles, tmp_path: Path
) -> None:
    clock = Clock()
    with processes(roles.by_role, roles.owner, tmp_path, clock) as running:
        ballot, custody = answered(running), running.alliance.custody
        running.end(ballot.wave)
        custody.step()
        custody.step()
        assert running.state(ballot.wave) == WaveState.OPENING.value
        # It ends and begins again: what it had asked for is taken back, and asked for anew.
        custody._one_time_keys.clear()
        custody.start()
        custody.step()
        assert running.alliance.approve(ballot, QUORUM) is not None
        with running.alliance.databases.alliance_session() as session:
            session.get_one(StoredRelease, ballot.wave).shared_on = clock()
        with roles.owner.alliance_session(reading=True) as session:
            wave = session.get_one(Wave, ballot.wave)
            clock.day = due_on(wave, promised(wave).retention) or clock.day
        custody.step()
        # What was given away outlives the wave.
        clock.day = day_of_edition(clock() + dt.timedelta(days=365))
        custody.step()

        assert custody._said == {}
        assert running.state(ballot.wave) == WaveState.DESTROYED.value
        assert custody.directory.waves_with_a_pad() == []
        with roles.owner.alliance_session(reading=True) as session:
            assert session.scalars(select(StoredEdition.number)).all() == [1]
            verify(session)
    assert running.stored() == 0


@pytest.mark.parametrize("kept", [True, False], ids=["with the dump", "given again"])
def test_a_restored_wave_goes_on_to_its_release_and_the_web_still_reads_no_envelope(
    roles: AsRoles, new_postgres_url: Callable[[], str], tmp_path: Path, *, kept: bool
) -> None:
    clock = Clock()
    with processes(roles.by_role, roles.owner, tmp_path, clock) as running:
        ballot = answered(running)
        running.end(ballot.wave)
        running.alliance.custody.step()
    with restored(roles.owner, new_postgres_url, tmp_path, kept=kept) as owner:
        by_role = as_roles(owner)
        for before, after in pairs(roles.owner, owner):
            assert privileges(after) == privileges(before)
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            by_role["tillid_web"].responses_session() as session,
        ):
            session.execute(select(SealedResponse.envelope))
        with processes(by_role, owner, tmp_path, clock) as running:
            running.alliance.custody.step()
            trustees = [replace(trustee, http=running.alliance.http) for trustee in ballot.trustees]
            assert running.alliance.approve(replace(ballot, trustees=trustees), QUORUM) is not None
        for databases in by_role.values():
            databases.dispose()


@contextmanager
def restored(
    source: Databases, new_url: Callable[[], str], folder: Path, *, kept: bool
) -> Iterator[Databases]:
    """Both databases from a dump of them, in empty ones; the roles' rights from it too, or given again."""
    urls = [dumped(engine, new_url(), folder, kept=kept) for engine in (source.alliance, source.responses)]
    databases = open_databases(*urls)
    for line, engine in zip(Line, (databases.alliance, databases.responses), strict=True):
        if not kept:
            run(engine, *statements(line))
    yield databases
    for engine in (databases.alliance, databases.responses):
        # Else the roles, which belong to the whole cluster, could not go.
        run(engine, f"DROP OWNED BY {', '.join(ROLES)}")
    databases.dispose()


def dumped(source: Engine, target: str, folder: Path, *, kept: bool) -> str:
    """The address of a database that was filled as the page for operators says."""
    server = find_server()
    assert server is not None
    file = folder / f"{source.url.database}.dump"
    where = ["--host=127.0.0.1", f"--port={source.url.port}", "--username=postgres"]
    dump = [str(server / "pg_dump"), *where, "--format=custom", f"--file={file}", str(source.url.database)]
    rights = [] if kept else ["--no-privileges"]
    into = f"--dbname={make_url(target).database}"
    fill = [str(server / "pg_restore"), *where, *rights, into, "--exit-on-error", str(file)]
    for command in (dump, fill):
        subprocess.run(command, check=True, capture_output=True)
    return target


def as_roles(owner: Databases) -> dict[str, Databases]:
    """The databases as each role reaches them."""
    return {
        role: open_databases(*(address(engine, role) for engine in (owner.alliance, owner.responses)))
        for role in ROLES
    }


def pairs(one: Databases, other: Databases) -> list[tuple[Engine, Engine]]:
    return [(one.alliance, other.alliance), (one.responses, other.responses)]


def privileges(engine: Engine) -> set[tuple[str, ...]]:
    with engine.connect() as connection:
        found = {tuple(row) for row in connection.execute(text(PRIVILEGES))}
    assert found
    return found


def run(engine: Engine, *commands: str) -> None:
    with engine.begin() as connection:
        for command in commands:
            connection.execute(text(command))
