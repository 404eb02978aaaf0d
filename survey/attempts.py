"""
How often an address has guessed wrong this hour: counted in this process, or by all nodes together in Redis.

Nothing outlives the hour, or the week for mailboxes: addresses are counted as digests under a random key
that is forgotten with the counts, so that nobody can read later who tried. Run Redis without persistence:
what is on no disk is in no backup (docs/how-to/run-in-production.md).
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
import secrets
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, cast

from survey.delivery.outbox import clock as wall_clock

if TYPE_CHECKING:
    from redis import Redis

_HOUR: Final = 3600
_KEY_BYTES: Final = 32
_SOON: Final = 0.5
_log = logging.getLogger("tillid.web")
IPV6: Final = 6

T = TypeVar("T")


class Counts(Protocol):
    """Where failures of the current hour are counted."""

    def of(self, hour: int, address: str) -> int:
        """Return how many failures this address has in `hour`."""

    def add(self, hour: int, address: str) -> None:
        """Count one more."""


@dataclass(slots=True)
class InMemory:
    """Counts of this process alone."""

    failures: Counter[bytes] = field(default_factory=Counter)
    _hour: int = -1
    _key: bytes = field(default=b"", repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, hour: int, address: str) -> int:
        """Return how many failures this address has in `hour`."""
        with self._lock:
            return self.failures[self._digest(hour, address)]

    def add(self, hour: int, address: str) -> None:
        """Count one more."""
        with self._lock:
            self.failures[self._digest(hour, address)] += 1

    def _digest(self, hour: int, address: str) -> bytes:
        if hour != self._hour:
            self._hour, self._key = hour, secrets.token_bytes(_KEY_BYTES)
            self.failures.clear()
        return hmac.digest(self._key, address.encode(), "sha256")


@dataclass(frozen=True, slots=True)
class InRedis:
    """
    Counts of all nodes together; of this process alone while Redis does not answer.

    The hour's key lies in Redis too and goes with the hour, and the names of the counts are digests under it.
    """

    redis: Redis
    kind: str
    seconds: int = _HOUR
    _meanwhile: InMemory = field(default_factory=InMemory)

    def of(self, hour: int, address: str) -> int:
        """Return how many failures this address has in `hour`."""
        return self._asked(
            lambda: int(cast("bytes | None", self.redis.get(self._name(hour, address))) or 0),
            lambda: self._meanwhile.of(hour, address),
        )

    def add(self, hour: int, address: str) -> None:
        """Count one more."""

        def counted() -> None:
            name = self._name(hour, address)
            with self.redis.pipeline() as both:
                both.incr(name)
                both.expire(name, self.seconds)
                both.execute()

        self._asked(counted, lambda: self._meanwhile.add(hour, address))

    def _asked(self, redis: Callable[[], T], otherwise: Callable[[], T]) -> T:
        from redis import RedisError  # noqa: PLC0415  Only where a Redis is set.

        try:
            return redis()
        except RedisError as fault:
            # A respondent is not turned away because a counter is out of reach.
            _log.warning("Redis does not answer (%s): failed attempts are counted here", type(fault).__name__)
            return otherwise()

    def _name(self, hour: int, address: str) -> str:
        key_name = f"tillid:{self.kind}:{hour}:key"
        self.redis.set(key_name, secrets.token_bytes(_KEY_BYTES), nx=True, ex=self.seconds)
        key = cast("bytes | None", self.redis.get(key_name)) or b""
        return f"tillid:{self.kind}:{hour}:{hmac.digest(key, address.encode(), 'sha256').hex()}"


class FailedAttempts:
    """
    Says whether an address may try again as it likes: only failures count, and only for an hour.

    A school behind one address can answer in one lesson. Of IPv6 a whole /64 is one address: who has one has
    the 2^64 beside it too.
    """

    def __init__(
        self,
        most: int = 30,
        clock: Callable[[], float] = wall_clock,
        counts: Counts | None = None,
        seconds: int = _HOUR,
    ) -> None:
        self.most = most
        self._seconds = seconds
        self._clock = clock
        self.counts = counts or InMemory()

    def allowed(self, address: str) -> bool:
        """Say whether this address may try again."""
        return self.counts.of(self.hour(), _network(address)) < self.most

    def record_failure(self, address: str) -> None:
        """Count a wrong guess."""
        self.counts.add(self.hour(), _network(address))

    def hour(self) -> int:
        """Return the number of the hour that is counted in, or of the longer time."""
        return int(self._clock() // self._seconds)


class Counting(Protocol):
    """Makes a counter by its kind and limit, of an hour if nothing else is said."""

    def __call__(self, kind: str, most: int, seconds: int = _HOUR) -> FailedAttempts:
        """Make it."""


def counting_in(redis_url: str) -> Counting:
    """Return what makes counters: in Redis where there is an address of one."""
    if not redis_url:
        return lambda kind, most, seconds=_HOUR: FailedAttempts(most, seconds=seconds)  # noqa: ARG005  One name for both.
    from redis import Redis  # noqa: PLC0415  Only where a Redis is set.

    client = Redis.from_url(redis_url, socket_timeout=_SOON, socket_connect_timeout=_SOON)

    def counting(kind: str, most: int, seconds: int = _HOUR) -> FailedAttempts:
        return FailedAttempts(most, counts=InRedis(client, kind, seconds), seconds=seconds)

    return counting


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == IPV6 else address
