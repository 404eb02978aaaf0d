"""Two who do the same thing at once, and ids that no row can have, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from sqlalchemy import func, select, text

from survey.answering.exchanging import CodeRefusedError, Exchange, Issuer
from survey.answering.receiving import WaveClosedError, receive
from survey.sealing.at_rest import AtRest
from survey.sealing.credentials import issuing_public_key
from survey.sealing.issuing import IssuingKey
from survey.sealing.rows import Row
from survey.stewardship.invited import Inviting
from survey.storage.closing import take_no_more
from survey.storage.databases import Databases
from survey.storage.models import Invitation
from survey.storage.repositories import NotFoundError, ScopedRepository, WaveRegistry, roles_in
from survey.storage.responses import ClosedWave, SealedResponse
from survey.storage.rewriting import rewrite_invitations
from survey.waves.invitations import invite
from survey.waves.lifecycle import close
from survey.waves.states import WaveState
from tests.alliances import DAY
from tests.survey import rows

KEY = bytes(32)
WAVE = rows.identifier("wave")
AT_ONCE = 6


def fielded(databases: Databases, at_rest: AtRest) -> tuple[RSAPublicKey, str]:
    """The issuing key of a wave that is open, and the code of its one invitation."""
    key = IssuingKey.generate()
    with databases.alliance_session() as session:
        session.add(rows.organisation("own"))
        session.flush()
        wave = rows.wave("wave", "own", WaveState.FIELDING.value)
        wave.issuing_key = at_rest.encrypt(key.to_bytes())
        session.add(wave)
        session.flush()
        (code,) = invite(session, wave, 1, KEY)
    return issuing_public_key(key.public_bytes()), code


def test_of_several_exchanges_of_one_code_at_once_exactly_one_gets_a_signature(either: Databases) -> None:
    at_rest = AtRest([Fernet.generate_key().decode()])
    public, code = fielded(either, at_rest)
    together = threading.Barrier(AT_ONCE)

    def exchanged(number: int) -> bool:
        wanted = Exchange(code, bytes(255) + bytes([number + 2]))
        together.wait()
        try:
            with either.spending() as alliance:
                key = Issuer(KEY, at_rest).key_for(alliance, WAVE, [public], wanted)
        except CodeRefusedError:
            return False
        return len(key.sign_blinded(wanted.blinded)) == 256

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


def sent(number: int, sequence: int = 0) -> Row:
    """What one person sends, as far as it is stored."""
    made = rows.sealed_response(number, sequence=sequence)
    return Row(
        made.credential_key,
        made.randomiser,
        made.issuing_signature,
        sequence,
        made.row_signature,
        made.envelope,
    )


def store(databases: Databases, row: Row) -> bool:
    """Whether it was acknowledged; else the wave takes none any more."""
    try:
        with databases.storing() as connection:
            receive(connection, WAVE, row)
    except WaveClosedError:
        return False
    return True


def stored(databases: Databases) -> int:
    with databases.responses_session(reading=True) as session:
        return session.scalars(select(func.count()).select_from(SealedResponse)).one()


def test_what_was_acknowledged_is_there_when_custody_ends_a_wave_and_nothing_comes_after(
    either: Databases,
) -> None:
    numbers, acknowledged = count(), []

    def sends(_: int) -> None:
        while store(either, sent(number := next(numbers))):
            acknowledged.append(number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(sends, each) for each in range(AT_ONCE)]
        while len(acknowledged) < 10 * AT_ONCE:
            time.sleep(0.01)
        take_no_more(either, WAVE)
        listed = stored(either)
        for each in running:
            each.result()

    assert listed == stored(either) == len(acknowledged)


def test_an_ended_wave_takes_no_new_response_no_newer_one_and_no_withdrawal(either: Databases) -> None:
    assert store(either, sent(1))
    take_no_more(either, WAVE)
    take_no_more(either, WAVE)

    assert [store(either, row) for row in (sent(2), sent(1, 1), withdrawal())] == [False, False, False]
    # Said again what is stored already: it is still there.
    assert store(either, sent(1))
    assert stored(either) == 1


def withdrawal() -> Row:
    """A version that relies on the proof that is stored."""
    made = rows.sealed_response(1, sequence=2)
    return Row(made.credential_key, bytes(32), bytes(256), 2, made.row_signature, made.envelope)


@contextmanager
def waiting_for_a_lock(databases: Databases, work: threading.Thread) -> Iterator[None]:
    """Start some work, and go on once it waits for a lock on the responses' table."""
    query = text(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'sealed_responses'::regclass"
    )
    work.start()
    for _ in range(500):
        with databases.responses_session(reading=True) as session:
            if session.scalar(query):
                break
        time.sleep(0.01)
    else:
        pytest.fail("it waits for nothing")
    yield
    work.join()


def test_custody_waits_for_a_response_that_is_not_committed_yet(postgres_databases: Databases) -> None:
    ending = threading.Thread(target=take_no_more, args=(postgres_databases, WAVE))
    with postgres_databases.responses.connect() as slow:
        receive(slow, WAVE, sent(1))
        with waiting_for_a_lock(postgres_databases, ending):
            slow.commit()

    assert stored(postgres_databases) == 1
    assert not store(postgres_databases, sent(2))


@pytest.mark.parametrize("before", [0, 20], ids=["planned anew", "prepared"])
def test_a_response_that_waited_while_custody_ended_the_wave_is_refused(
    postgres_databases: Databases, before: int
) -> None:
    # What is asked often the driver prepares, and PostgreSQL then plans once: also then the row is written by
    # what can be seen after the wait, not before.
    said: list[bool] = []
    writing = threading.Thread(target=lambda: said.append(store(postgres_databases, sent(99))))
    with postgres_databases.responses_session() as session:
        # A connection for custody, and the other one for all who send.
        session.execute(text("SELECT 1"))
        assert all(store(postgres_databases, sent(number)) for number in range(before))
        session.execute(text("LOCK TABLE sealed_responses IN SHARE MODE"))
        with waiting_for_a_lock(postgres_databases, writing):
            session.add(ClosedWave(wave_id=WAVE))
            session.commit()

    assert said == [False]
    assert stored(postgres_databases) == before


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


def test_a_code_is_not_spent_once_its_wave_is_closed_also_if_it_waited_for_the_closing(
    postgres_databases: Databases,
) -> None:
    at_rest = AtRest([Fernet.generate_key().decode()])
    public, code = fielded(postgres_databases, at_rest)
    refused: list[bool] = []

    def exchanging() -> None:
        with postgres_databases.spending() as alliance, pytest.raises(CodeRefusedError):
            Issuer(KEY, at_rest).key_for(alliance, WAVE, [public], Exchange(code, bytes(255) + b"\2"))
        refused.append(True)

    late = threading.Thread(target=exchanging)
    with postgres_databases.alliance_session() as session:
        close(WaveRegistry(session).wave(WAVE), DAY)
        session.flush()
        late.start()
        late.join(0.3)
        assert late.is_alive()
    late.join()

    assert refused == [True]
    with postgres_databases.alliance_session(reading=True) as session:
        assert session.scalars(select(Invitation)).one().blinded_digest is None


def test_a_closing_waits_for_a_code_that_is_being_spent(postgres_databases: Databases) -> None:
    at_rest = AtRest([Fernet.generate_key().decode()])
    public, code = fielded(postgres_databases, at_rest)
    closed: list[int] = []

    def closing() -> None:
        with postgres_databases.alliance_session() as session:
            close(WaveRegistry(session).wave(WAVE), DAY)
            session.flush()
            closed.append(WaveRegistry(session).exchanged(WAVE))

    later = threading.Thread(target=closing)
    with postgres_databases.alliance.begin() as slow:
        Issuer(KEY, at_rest).key_for(slow, WAVE, [public], Exchange(code, bytes(255) + b"\2"))
        later.start()
        later.join(0.3)
        assert later.is_alive()
    later.join()

    assert closed == [1]


def test_invitations_are_laid_down_anew_while_a_steward_holds_their_wave(
    postgres_databases: Databases,
) -> None:
    fielded(postgres_databases, AtRest([Fernet.generate_key().decode()]))
    laying = threading.Thread(target=rewrite_invitations, args=(postgres_databases,))
    with postgres_databases.alliance_session() as session:
        Inviting(session, rows.identifier("own"), "steward", KEY).wave(WAVE)
        laying.start()
        laying.join(10)
        # Else each would wait for the other as soon as the steward writes an invitation.
        assert not laying.is_alive()
        assert session.scalars(select(func.count()).select_from(Invitation)).one() == 1
