import threading

import pytest

from survey.worker.rounds import Rounds


def test_a_round_that_failed_is_not_the_last_one_and_its_words_are_in_no_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rounds: list[int] = []
    again = threading.Event()

    def step() -> bool:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise LookupError("anna@example.org")
        again.set()
        return False

    thread = Rounds("example", step, every=0.001)
    thread.start()
    assert again.wait(10)
    thread.stop()
    thread.join(timeout=10)

    assert not thread.is_alive()
    assert "the next round waits: LookupError" in caplog.text
    assert "anna" not in caplog.text


def test_where_there_is_more_to_do_it_is_done_at_once() -> None:
    left, done = [3], threading.Event()

    def step() -> bool:
        left[0] -= 1
        if not left[0]:
            done.set()
        return bool(left[0])

    thread = Rounds("example", step, every=3_600)
    thread.start()

    assert done.wait(10)
    thread.stop()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert left == [0]
