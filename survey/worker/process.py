"""The worker process: Huey runs the duties on time, on SQLite in the folder of the databases."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from huey import SqliteHuey, crontab

from survey.delivery.outbox import clock
from survey.storage.databases import Databases
from survey.storage.rewriting import RewriteError
from survey.worker.clearing import clear
from survey.worker.duties import Rewriting, close_ended, refresh_counts

_log = logging.getLogger("tillid.worker")


def scheduled(
    databases: Databases,
    queue: Path,
    today: Callable[[], datetime.date],
    also: Sequence[Callable[[], None]] = (),
) -> SqliteHuey:
    """A queue that runs every duty and `also` each minute; `create_consumer().run()` starts it."""
    huey = SqliteHuey("tillid", filename=str(queue), results=False, utc=True)
    rewriting = Rewriting(databases)

    def field() -> None:
        closed = close_ended(databases, today())
        for wave in closed:
            _log.info("wave %s: closed, its last day is over", wave)
        refresh_counts(databases, today())
        if closed:
            laid_down(rewriting.everything)

    def rewrite() -> None:
        laid_down(rewriting.step)

    def laid_down(step: Callable[[], None]) -> None:
        try:
            step()
        except RewriteError as fault:
            _log.warning("%s", fault)

    def clear_away() -> None:
        clear(databases, today(), clock())

    for duty in (field, rewrite, clear_away, *also):
        huey.periodic_task(crontab())(duty)
    return huey
