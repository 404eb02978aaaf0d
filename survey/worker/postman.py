"""The worker's thread that sends mails, so that a slow mail server delays no closing."""

from __future__ import annotations

import logging
from typing import Final

from survey.delivery.sending import Delivery
from survey.delivery.transports import UnreachableError
from survey.worker.rounds import Rounds

EVERY_SECONDS: Final = 5
_log = logging.getLogger("tillid.delivery")


def postman(delivery: Delivery, every: float = EVERY_SECONDS) -> Rounds:
    """A thread that sends what waits, every few seconds."""

    def send() -> bool:
        try:
            delivery.step()
        except UnreachableError as fault:
            _log.warning("mails wait: %s", fault)
        return False

    return Rounds("postman", send, every)
