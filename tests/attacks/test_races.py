"""Two who do the same thing at once, and ids that no row can have, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from survey.answering.exchanging import CodeRefusedError, Exchange, Issuer
from survey.sealing.at_rest import AtRest
from survey.sealing.issuing import IssuingKey
from survey.storage.databases import Databases
from survey.storage.models import Invitation
from survey.storage.repositories import NotFoundError, ScopedRepository, WaveRegistry, roles_in
from survey.waves.invitations import invite
from survey.waves.lifecycle import close
from survey.waves.states import WaveState
from tests.alliances import DAY
from tests.survey import rows

KEY = bytes(32)
WAVE = rows.identifier("wave")
AT_ONCE = 6


def fielded(databases: Databases, at_rest: AtRest) -> str:
    """A wave that is open, and the code of its one invitation."""
    with databases.alliance_session() as session:
        session.add(rows.organisation("own"))
        session.flush()
        wave = rows.wave("wave", "own", WaveState.FIELDING.value)
        wave.issuing_key = at_rest.encrypt(IssuingKey.generate().to_bytes())
        session.add(wave)
        session.flush()
        return invite(session, wave, 1, KEY)[0]


def test_of_several_exchanges_of_one_code_at_once_exactly_one_gets_a_signature(either: Databases) -> None:
    at_rest = AtRest([Fernet.generate_key().decode()])
    code = fielded(either, at_rest)
    together = threading.Barrier(AT_ONCE)

    def exchanged(number: int) -> bool:
        wanted = Exchange(code, bytes(255) + bytes([number + 2]))
        together.wait()
        try:
            with either.alliance_session() as session:
                wave = WaveRegistry(session).wave(WAVE, held=True)
                return len(Issuer(KEY, at_rest).exchange(session, wave, wanted)) == 256
        except CodeRefusedError:
            return False

    with ThreadPoolExecutor(AT_ONCE) as pool:
        signed = list(pool.map(exchanged, range(AT_ONCE)))

    assert signed.count(True) == 1
    with either.alliance_session(reading=True) as session:
        assert session.scalars(select(Invitation)).one().blinded_digest is not None


def test_a_closing_waits_for_the_exchange_that_is_under_way_and_none_comes_after_it(
    either: Databases,
) -> None:
    fielded(either, AtRest([Fernet.generate_key().decode()]))
    order: list[str] = []
    held = threading.Event()

    def closing() -> None:
        held.wait()
        with either.alliance_session() as session:
            close(WaveRegistry(session).wave(WAVE), DAY)
            session.flush()
            order.append("closed")

    thread = threading.Thread(target=closing)
    thread.start()
    with either.alliance_session() as session:
        WaveRegistry(session).wave(WAVE, held=True)
        held.set()
        thread.join(0.3)
        order.append("stored")
    thread.join()

    assert order == ["stored", "closed"]


@pytest.mark.parametrize("name", ["\0", "a\0b", "", "wave", "é" * 16, "WAVE000000000000", "0" * 17, "\ud800"])
def test_what_cannot_be_an_id_is_answered_as_an_id_of_nothing(either: Databases, name: str) -> None:
    with either.alliance_session(reading=True) as session:
        registry, scoped = WaveRegistry(session), ScopedRepository(session, rows.identifier("own"))
        for ask in (registry.wave, scoped.wave, scoped.release):
            with pytest.raises(NotFoundError):
                ask(name)
        with pytest.raises(NotFoundError):
            registry.share(name, rows.identifier("trustee"))
        assert roles_in(session, rows.identifier("somebody"), name) == frozenset()
