"""The worker's second thread sends mails, so that a slow mail server delays no closing."""

from __future__ import annotations

import logging
import threading
from typing import Final

from survey.delivery.sending import Delivery
from survey.delivery.transports import UnreachableError

EVERY_SECONDS: Final = 5
_log = logging.getLogger("tillid.delivery")


class Postman(threading.Thread):
    """Sends what waits every few seconds, until told to stop."""

    def __init__(self, delivery: Delivery, every: float = EVERY_SECONDS) -> None:
        super().__init__(name="postman", daemon=True)
        self._delivery = delivery
        self._every = every
        self._stopped = threading.Event()

    def run(self) -> None:
        """Send, wait, and send again."""
        while not self._stopped.is_set():
            self._round()
            self._stopped.wait(self._every)

    def stop(self) -> None:
        """Finish the mail at hand, and no other round."""
        self._stopped.set()

    def _round(self) -> None:
        try:
            self._delivery.step()
        except UnreachableError as fault:
            _log.warning("mails wait: %s", fault)
        except Exception as fault:  # noqa: BLE001  A round that fails must not be the last one.
            # Its kind alone: a database's message may repeat a row.
            _log.error("mails wait: %s", type(fault).__name__)
