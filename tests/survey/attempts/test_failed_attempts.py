import pytest

from survey.attempts import FailedAttempts, InMemory


class Clock:
    def __init__(self) -> None:
        self.seconds = 10_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_only_failures_count_and_only_for_their_address(clock: Clock) -> None:
    attempts = FailedAttempts(3, clock)
    for _ in range(100):
        assert attempts.allowed("192.0.2.1")
    for _ in range(3):
        attempts.record_failure("192.0.2.1")

    assert not attempts.allowed("192.0.2.1")
    assert attempts.allowed("192.0.2.2")


def test_the_next_hour_knows_nothing_of_the_last(clock: Clock) -> None:
    counts = InMemory()
    attempts = FailedAttempts(1, clock, counts)
    attempts.record_failure("192.0.2.1")
    before = dict(counts.failures)
    clock.seconds += 3600

    assert attempts.allowed("192.0.2.1")
    attempts.record_failure("192.0.2.1")
    assert not set(counts.failures) & set(before)


def test_no_address_is_kept_only_digests(clock: Clock) -> None:
    counts, others = InMemory(), InMemory()
    FailedAttempts(1, clock, counts).record_failure("192.0.2.1")
    FailedAttempts(1, clock, others).record_failure("192.0.2.1")

    (digest,), (other,) = counts.failures, others.failures
    assert len(digest) == 32
    assert digest != other


def test_one_network_of_ipv6_is_one_address(clock: Clock) -> None:
    attempts = FailedAttempts(1, clock)
    attempts.record_failure("2001:db8::1")

    assert not attempts.allowed("2001:db8::ffff")
    assert attempts.allowed("2001:db8:0:1::1")


def test_what_is_no_address_is_counted_as_it_is(clock: Clock) -> None:
    attempts = FailedAttempts(1, clock)
    attempts.record_failure("")

    assert not attempts.allowed("")
