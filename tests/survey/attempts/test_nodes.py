"""Several nodes count failed attempts together, in a Redis that keeps nothing on a disk."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import ConnectionError as NoConnectionError
from redis import Redis

from survey.attempts import counting_in

ADDRESS = "192.0.2.77"
PATIENCE = 10.0


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of these tests' own, on a socket; they are skipped where none is installed."""
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("Redis is not installed; run: sudo apt-get install redis-server")
    folder = tmp_path_factory.mktemp("redis")
    options = ("--port", "0", "--unixsocket", str(folder / "socket"), "--save", "", "--appendonly", "no")
    process = subprocess.Popen([server, *options, "--dir", str(folder)], stdout=subprocess.DEVNULL)
    address = f"unix://{folder}/socket"
    _await(address)
    yield address
    process.terminate()
    process.wait(PATIENCE)


def _await(address: str) -> None:
    until = time.monotonic() + PATIENCE
    with Redis.from_url(address) as client:
        while time.monotonic() < until:
            try:
                client.ping()
            except NoConnectionError:
                time.sleep(0.05)
            else:
                return
    raise AssertionError("Redis does not answer")


def test_what_fails_at_one_node_counts_at_the_other(redis_url: str) -> None:
    one, other = (counting_in(redis_url)("codes", 2) for _ in range(2))
    one.record_failure(ADDRESS)
    other.record_failure(ADDRESS)

    assert not one.allowed(ADDRESS)
    assert not other.allowed(ADDRESS)
    assert one.allowed("192.0.2.78")
    assert counting_in(redis_url)("sign-ins", 2).allowed(ADDRESS)


def test_redis_holds_no_address_and_nothing_longer_than_an_hour(redis_url: str) -> None:
    with Redis.from_url(redis_url) as client:
        client.flushall()
        counting_in(redis_url)("codes", 2).record_failure(ADDRESS)
        names = client.keys()

        assert len(names) == 2
        for name in names:
            assert ADDRESS.encode() not in name + (client.get(name) or b"")
            assert 0 < client.ttl(name) <= 3600


def test_without_its_redis_a_node_counts_by_itself_and_turns_nobody_away(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    attempts = counting_in(f"unix://{tmp_path}/nothing")("codes", 1)
    assert attempts.allowed(ADDRESS)
    attempts.record_failure(ADDRESS)

    assert not attempts.allowed(ADDRESS)
    assert "failed attempts are counted here" in caplog.text
    assert ADDRESS not in caplog.text
