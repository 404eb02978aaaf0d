"""
An intruder with an edition and with the releases of all its organisations, who tries every contribution.

Few contributions make just the tenths that an edition has, and the program is public: where a count of
none always gives none, those that do can leave no other answer than that somebody said yes. Here the
intruder is given even more: each contribution itself, and the draws that could have made it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np
import pytest

from analysis.contributions import Draw, IndicatorTotal
from analysis.disclosure.pooling import objections
from analysis.editions import Contributor, Made, made_edition
from analysis.pipeline import make_contribution, make_release
from analysis.plan import publication_plan
from analysis.release import Table
from analysis.tables import LEFT_BLANK, OpenedWave
from policy import NOISE, POLICY, POOLING
from tests.analysis.rosters import provenance, questionnaire, single

ASKED = questionnaire(single("w01_witnessed", "never", "once", "few", "monthly", sensitive=True))
SEEN = "I06_witnessed"
SIZES = (20, 20, 20, 20, 20)
"""The fewest and smallest organisations that are ever told."""
FEW = range(POLICY.threshold)
REACH = 30
"""How far beyond none and everybody a number is followed: one in a hundred thousand goes further."""


def wave(people: int, yes: int) -> OpenedWave:
    answers = [(LEFT_BLANK, 1)] * yes + [(LEFT_BLANK, 0)] * (people - yes)
    return OpenedWave(ASKED, (), np.array(answers, np.int32))


@cache
def released(people: int, yes: int) -> Table | None:
    opened = wave(people, yes)
    plan = publication_plan(ASKED, breakdowns=(), open_wave=False)
    return make_release(opened, plan, POLICY, provenance(opened)).table(SEEN)


def given(people: int, yes: int, draw: Draw) -> IndicatorTotal:
    return next(total for total in make_contribution(wave(people, yes), draw) if total.id == SEEN)


def steps(goes: Mapping[str, int]) -> Draw:
    """Draws by which the number of each option goes so far up, or down."""

    def draw(label: str, sides: int) -> int:
        _, option, direction, step = label.split("/")
        far = goes[option] if direction == "up" else -goes[option]
        return 0 if int(step) < far else sides - 1

    return draw


def reached(people: int, yes: int, numbers: Mapping[str, int]) -> IndicatorTotal:
    """What so many give by just the draws that lead to these numbers."""
    return given(people, yes, steps({"yes": numbers["yes"] - yes, "no": numbers["no"] - people + yes}))


def numbers_of(total: IndicatorTotal) -> dict[str, int]:
    return dict(zip(total.options, total.counts, strict=True))


def contributor(number: int, people: int, total: IndicatorTotal) -> Contributor:
    return Contributor(
        f"wave{number}", f"organisation{number}", 2026, "labour_market", "", "10_49", people, {SEEN: total}
    )


def edition(sizes: Sequence[int], totals: Sequence[IndicatorTotal]) -> Made:
    given_ = [contributor(at, *each) for at, each in enumerate(zip(sizes, totals, strict=True))]
    return made_edition(1, given_, [])


def test_every_number_that_is_given_can_come_of_none_and_of_everybody_and_of_all_between() -> None:
    people = SIZES[0]

    for yes in (*FEW, *(people - few for few in FEW)):
        for number in range(-REACH, people + REACH):
            numbers = {"yes": number, "no": people - number}
            assert numbers_of(reached(people, yes, numbers)) == numbers


@pytest.mark.parametrize(
    ("sizes", "said", "instead"),
    [
        (SIZES, (2, 1, 2, 4, 4), lambda _: 0),
        (SIZES, (18, 19, 18, 16, 16), lambda people: people),
        ((24, 27, 31, 36, 43), (2, 2, 1, 2, 4), lambda _: 0),
        ((24, 27, 31, 36, 43), (22, 25, 30, 34, 39), lambda people: people),
    ],
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_in_every_organisation_of_an_edition_it_can_be_nobody_and_it_can_be_everybody(
    sizes: tuple[int, ...], said: tuple[int, ...], instead: Callable[[int], int], seed: int
) -> None:
    random = np.random.default_rng(seed)
    totals = [
        given(people, yes, lambda _, sides: int(random.integers(sides)))
        for people, yes in zip(sizes, said, strict=True)
    ]
    published = edition(sizes, totals)
    assert [told.figure.answers for told in published.told if told.figure.answers]

    for at, (people, yes) in enumerate(zip(sizes, said, strict=True)):
        # The same release, the same contribution and so the same edition, whoever looks at them.
        assert released(people, yes) == released(people, instead(people))
        other = reached(people, instead(people), numbers_of(totals[at]))
        assert edition(sizes, [*totals[:at], other, *totals[at + 1 :]]) == published


def test_the_floor_is_told_and_nothing_smaller() -> None:
    assert list(objections({str(at): people for at, people in enumerate(SIZES)}, POOLING)) == []
    assert list(objections({str(at): people for at, people in enumerate(SIZES[1:])}, POOLING))
    assert list(objections({str(at): people - 1 for at, people in enumerate(SIZES)}, POOLING))


def test_a_number_is_little_likelier_from_a_few_than_from_none() -> None:
    """The chance of every number, summed over the steps up and down that lead to it."""
    goes_on = 1 / float(NOISE.likelier)
    steps_up = (1 - goes_on) * goes_on ** np.arange(400)
    chance = np.convolve(steps_up, steps_up[::-1])
    middle = len(steps_up) - 1
    numbers = np.arange(-REACH, REACH)

    for few in FEW:
        odds = chance[middle + numbers - few] / chance[middle + numbers]
        assert odds.max() == pytest.approx(float(NOISE.likelier**few))
        assert odds.max() <= 5.1
        assert odds.min() >= 1 / 5.1


def test_rounding_to_five_proved_somebody() -> None:
    """The naive rule, and what an edition of it gave away: 5 is never given where nobody said yes."""

    def rounded(yes: int) -> set[int]:
        under = yes - yes % POLICY.threshold
        return {under, under + POLICY.threshold} if yes % POLICY.threshold else {under}

    assert released(SIZES[0], 4) == released(SIZES[0], 0)
    assert POLICY.threshold in rounded(4) - rounded(0)
    assert {number for number in range(20) if 0 not in rounded(number)} >= {5, 6}
