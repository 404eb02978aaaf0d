from itertools import pairwise, product

import pytest

from survey.waves.states import MEANING, TRANSITIONS, TransitionError, WaveState, transition

# As the architecture draws them, written down a second time on purpose.
THE_WAY = ["draft", "ceremony", "ready", "fielding", "closed", "opening", "released", "destroyed"]
BYWAYS = [
    ("draft", "cancelled"),
    ("ceremony", "cancelled"),
    ("ready", "cancelled"),
    ("opening", "closed"),
    ("closed", "destroyed"),
]
ALLOWED = {(WaveState(a), WaveState(b)) for a, b in [*pairwise(THE_WAY), *BYWAYS]}
REFUSED = sorted(set(product(WaveState, WaveState)) - ALLOWED, key=str)


@pytest.mark.parametrize(("current", "target"), sorted(ALLOWED, key=str), ids=lambda state: state.value)
def test_a_wave_goes_where_it_may(current: WaveState, target: WaveState) -> None:
    assert transition(current, target) is target


@pytest.mark.parametrize("current", WaveState, ids=lambda state: state.value)
def test_a_wave_goes_nowhere_else_and_is_told_where_it_may(current: WaveState) -> None:
    allowed = sorted(target.value for one, target in ALLOWED if one is current)

    for target in {target for one, target in REFUSED if one is current}:
        with pytest.raises(TransitionError) as refused:
            transition(current, target)

        assert str(refused.value) == (
            f"a wave that is {current.value} cannot become {target.value};"
            f" allowed from here: {', '.join(allowed) or 'none'}"
        )


def test_every_state_has_its_ways_and_its_meaning() -> None:
    assert set(TRANSITIONS) == set(MEANING) == set(WaveState)
    assert all(meaning.endswith(".") for meaning in MEANING.values())


def test_no_wave_comes_back_to_fielding_once_it_was_closed() -> None:
    reached, waiting = set(), [WaveState.CLOSED]
    while waiting:
        reached.add(state := waiting.pop())
        waiting += TRANSITIONS[state] - reached

    assert reached == {WaveState.CLOSED, WaveState.OPENING, WaveState.RELEASED, WaveState.DESTROYED}
