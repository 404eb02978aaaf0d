"""How far a long piece of work is, and how long it will take at the pace it has had so far."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

_PAUSE_SECONDS: Final = 10.0
_MINUTE: Final = 60
_log = logging.getLogger("tillid.custody")


@dataclass(slots=True)
class Said:
    """Says every ten seconds how much of a wave is done; call it with how many of how many."""

    wave: str
    doing: str
    what: str = "responses"
    clock: Callable[[], float] = monotonic
    _began: float = field(init=False)
    _said: float = field(init=False)

    def __post_init__(self) -> None:
        self._began = self._said = self.clock()

    def __call__(self, done: int, of: int) -> None:
        """Say it, if it is time and there is something left to do."""
        now = self.clock()
        if now - self._said < _PAUSE_SECONDS or not 0 < done < of:
            return
        self._said = now
        left = remaining(done, of, now - self._began)
        _log.info("wave %s: %s, %s of %s %s, %s left", self.wave, self.doing, done, of, self.what, left)


def remaining(done: int, of: int, seconds: float) -> str:
    """What the rest takes if it goes on as it went, in words that promise no more than is known."""
    left = seconds * (of - done) / done
    if left < _MINUTE:
        return "less than a minute"
    minutes = round(left / _MINUTE)
    return "about a minute" if minutes == 1 else f"about {minutes} minutes"
