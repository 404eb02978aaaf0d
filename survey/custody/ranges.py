"""
Work on all rows of a closed wave: a range of their keys at a time, on every core, with memory bounded.

Small waves are worked on here, large ones in processes of their own, whose memory is kept off the disk as
this one's is. Each process reads its ranges from the database itself; what passes between processes goes
through pipes, never through a file.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Final, Generic, NamedTuple, Protocol, TypeAlias, TypeVar, cast

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from survey.custody.directory import CustodyError
from survey.custody.memory import forbid_core_dumps, lock_memory
from survey.sealing.rows import Row
from survey.storage.databases import open_engine, transaction
from survey.storage.responses import SealedResponse

FEWEST_FOR_PROCESSES: Final = 20_000
"""Under so many rows starting processes takes longer than the work."""
_ROWS_AT_A_TIME: Final = 4_096
_MOST_RANGES: Final = 256
_FETCHED_AT_ONCE: Final = 512

Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)
Progress = Callable[[int, int], None]
"""Called with how many of how many rows are done."""


class StoredRow(NamedTuple):
    """A row, and whether it lies under its own credential's digest, as honest ones do."""

    row: Row
    is_in_place: bool


# Columns of the table, not of its class: the mapper handles each row anew.
_ROWS: Final = SealedResponse.__table__.c
_FIELDS: Final = (
    _ROWS.credential_key,
    _ROWS.randomiser,
    _ROWS.issuing_signature,
    _ROWS.sequence,
    _ROWS.row_signature,
    _ROWS.envelope,
)
_Fields: TypeAlias = tuple[bytes, bytes, bytes, int, bytes, bytes]


class Work(Protocol[Result_co]):
    """What is to be done with every row; it travels to the processes that do it."""

    def begin(self) -> Callable[[Iterable[StoredRow]], Result_co]:
        """Get ready, once in each process; what is returned takes the rows of one range."""


@dataclass(frozen=True, slots=True)
class _Range:
    """Keys from `begins`, below `ends`; None is beyond all."""

    begins: bytes
    ends: bytes | None


@dataclass(frozen=True, slots=True)
class _Worker(Generic[Result]):
    engine: Engine
    wave: str
    do: Callable[[Iterable[StoredRow]], Result]

    def work(self, part: _Range) -> tuple[int, Result]:
        """How many rows there were, and what came of them."""
        read = _Counted()
        with transaction(self.engine, reading=True) as session:
            result = self.do(read.each(_stored(session, self.wave, part)))
        return read.number, result


def over_all_rows(
    engine: Engine,
    wave: str,
    work: Work[Result],
    *,
    progress: Progress,
    fewest: int = FEWEST_FOR_PROCESSES,
) -> Iterator[Result]:
    """
    What `work` makes of each range of the rows of `wave`.

    Args:
        engine: The responses' database.
        wave: Its id.
        work: What to do.
        progress: Told after each range.
        fewest: From how many rows on processes are started.

    Raises:
        CustodyError: If the database gives rows that it was not asked for, or one twice.
        concurrent.futures.process.BrokenProcessPool: If a process was killed.
    """
    with transaction(engine, reading=True) as session:
        total = session.scalars(
            select(func.count()).select_from(SealedResponse).where(SealedResponse.wave_id == wave)
        ).one()
    parts = _ranges(total)
    done = 0
    for number, result in _done(engine, wave, work, parts, alone=total < fewest):
        done += number
        progress(done, total)
        yield result


def _done(
    engine: Engine, wave: str, work: Work[Result], parts: list[_Range], *, alone: bool
) -> Iterator[tuple[int, Result]]:
    if alone:
        yield from map(_Worker(engine, wave, work.begin()).work, parts)
        return
    address = engine.url.render_as_string(hide_password=False)
    # Spawned, not forked: a copy of this process would hold what it happens to know of other waves.
    with ProcessPoolExecutor(
        max_workers=len(os.sched_getaffinity(0)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(address, wave, work),
    ) as pool:
        yield from cast("Iterator[tuple[int, Result]]", pool.map(_work, parts))


_here: list[_Worker[object]] = []
"""In a process of the pool: its worker."""


def _begin(address: str, wave: str, work: Work[object]) -> None:
    # Neither is handed down to a new process.
    forbid_core_dumps()
    lock_memory()
    _here.append(_Worker(open_engine(address), wave, work.begin()))


def _work(part: _Range) -> tuple[int, object]:
    return _here[0].work(part)


class _Counted:
    """Rows on their way, counted."""

    def __init__(self) -> None:
        self.number = 0

    def each(self, rows: Iterable[StoredRow]) -> Iterator[StoredRow]:
        for row in rows:
            self.number += 1
            yield row


def _ranges(rows: int) -> list[_Range]:
    """Ranges of keys that hold about as many rows each: keys are digests."""
    number = max(1, min(_MOST_RANGES, rows // _ROWS_AT_A_TIME))
    bounds = [bytes([place * _MOST_RANGES // number]) for place in range(number)]
    return [_Range(begins, ends) for begins, ends in zip(bounds, [*bounds[1:], None], strict=True)]


def _stored(session: Session, wave: str, part: _Range) -> Iterator[StoredRow]:
    """
    The rows of a range, in the order of their keys, a batch in memory at a time.

    Raises:
        CustodyError: If the order or the range is not kept: a row could be counted twice.
    """
    key = _ROWS.credential_digest
    query = (
        select(key, *_FIELDS)
        .where(_ROWS.wave_id == wave, key >= part.begins)
        .order_by(key)
        .execution_options(yield_per=_FETCHED_AT_ONCE)
    )
    if part.ends is not None:
        query = query.where(key < part.ends)
    before = b""
    # Closed whatever happens: a statement that is still open would keep the table from being laid down anew.
    with closing(session.connection().execute(query)) as found:
        for stored_under, *fields in found:
            if not max(before, part.begins) <= stored_under or stored_under == before:
                raise CustodyError(f"wave {wave}: the database gives rows out of order; restore it")
            before = stored_under
            row = Row(*cast("_Fields", fields))
            yield StoredRow(row, row.credential_digest == stored_under)
    if part.ends is not None and before >= part.ends:
        raise CustodyError(f"wave {wave}: the database gives rows out of order; restore it")
