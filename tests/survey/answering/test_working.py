"""What an attempt costs where many codes were wrong: work for one request, which no server remembers."""

import pytest

from survey.answering.working import BITS, MOST_BITS, PROOF_SIZE, challenge, shows_work, worked

CHALLENGE = bytes(32)
KEY = b"k" * 32


def test_the_work_is_the_one_that_a_browser_does() -> None:
    # The same proof as in frontend/tests/working.test.ts.
    assert worked(CHALLENGE, b"request", 12).hex() == "00000000000005c2"


def test_work_shows_for_its_own_request_and_challenge_alone() -> None:
    proof = worked(CHALLENGE, b"request", BITS)

    assert len(proof) == PROOF_SIZE
    assert shows_work(proof, CHALLENGE, b"request")
    assert not shows_work(proof, CHALLENGE, b"another")
    assert not shows_work(proof, bytes(31) + b"\x01", b"request")
    assert not shows_work(bytes(PROOF_SIZE), CHALLENGE, b"request")


def test_each_wave_and_each_hour_has_a_challenge_of_its_own() -> None:
    challenges = {challenge(KEY, wave, hour) for wave in ("0" * 16, "1" * 16) for hour in (1, 11)}

    assert len(challenges) == 4
    assert {len(each) for each in challenges} == {32}


@pytest.mark.parametrize("bits", [-1, MOST_BITS + 1, 10_000])
def test_no_more_work_is_done_than_anybody_honest_asks_for(bits: int) -> None:
    with pytest.raises(ValueError, match="bits of work are asked for"):
        worked(CHALLENGE, b"request", bits)
