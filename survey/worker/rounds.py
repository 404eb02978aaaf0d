"""The worker's other threads: each does one thing every few seconds, and goes on after whatever fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable


class Rounds(threading.Thread):
    """
    Does something again and again until told to stop.

    `step` says whether there is more to do at once. Whatever it raises is logged by its kind alone, since a
    database's message may repeat a row, and the next round begins as ever.
    """

    def __init__(self, name: str, step: Callable[[], bool], every: float) -> None:
        super().__init__(name=name, daemon=True)
        self._step = step
        self._every = every
        self._stopped = threading.Event()
        self._log = logging.getLogger(f"tillid.worker.{name}")

    def run(self) -> None:
        """Do it, wait, and do it again."""
        while not self._stopped.is_set():
            if not self._goes_on():
                self._stopped.wait(self._every)

    def stop(self) -> None:
        """Finish what is at hand, and begin no other."""
        self._stopped.set()

    def _goes_on(self) -> bool:
        try:
            return self._step()
        except Exception as fault:  # noqa: BLE001  A round that fails must not be the last one.
            self._log.error("the next round waits: %s", type(fault).__name__)
            return False
