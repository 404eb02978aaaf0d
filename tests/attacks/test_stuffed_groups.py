"""
A group stuffed with people who work together, to learn of the one who does not.

Nineteen of a unit of twenty answer as agreed, and subtract themselves from what is shown. With exact counts
that always tells. In bands it tells only where the nineteen can place the count at the edge of a band; what
holds against them is that a frame cannot be stuffed unseen, and this measures what is left.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from analysis.pipeline import make_release
from analysis.plan import publication_plan
from analysis.tables import LEFT_BLANK, OpenedWave
from policy import POLICY
from tests.analysis.rosters import provenance, questionnaire, single

MET = questionnaire(single("met", "never", "once", sensitive=True))
NEVER, ONCE = 0, 1
BY_UNIT = publication_plan(MET, breakdowns=("unit",), open_wave=False)


def wave(victim: int, exposed: int) -> OpenedWave:
    """The victim and nineteen in one unit, of whom so many say they met something; thirty in another."""
    stuffed = [(0, ONCE)] * exposed + [(0, NEVER)] * (19 - exposed)
    others = [(1, ONCE)] * 5 + [(1, NEVER)] * 24 + [(1, LEFT_BLANK)]
    return OpenedWave(MET, ("small", "large"), np.array([(0, victim), *stuffed, *others], np.int32))


def shown(opened: OpenedWave) -> list[tuple[str, Sequence[tuple[int, int]]]]:
    release = make_release(opened, BY_UNIT, POLICY, provenance(opened))
    return [(table.id, row.cells) for table in release.tables for row in table.rows]


def naive(opened: OpenedWave) -> list[int | str]:
    of_unit = opened.answers[opened.answers[:, 0] == 0, 1]
    counts = [int(np.sum(of_unit == answer)) for answer in (NEVER, ONCE)]
    return [count if count >= 5 else "0-4" for count in counts]


@pytest.mark.parametrize("exposed", [0, 2, 6])
def test_nineteen_of_twenty_learn_nothing_of_the_one_unless_they_fill_a_band(exposed: int) -> None:
    assert shown(wave(NEVER, exposed)) == shown(wave(ONCE, exposed))


@pytest.mark.parametrize("exposed", [6, 12])
def test_the_naive_rule_tells_nineteen_of_twenty_what_the_one_answered(exposed: int) -> None:
    assert naive(wave(NEVER, exposed)) != naive(wave(ONCE, exposed))


def test_nineteen_who_fill_a_band_learn_it_and_the_page_says_so() -> None:
    """Four of the nineteen say they met something: a fifth opens the next band, or has the table refused."""
    assert shown(wave(NEVER, 4)) != shown(wave(ONCE, 4))
