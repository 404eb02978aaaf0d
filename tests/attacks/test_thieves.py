"""
Thieves who hold everything as it stands at one moment, and what it gains them.

In continuous integration a small sample that is always the same; `make attacks` draws waves of 20 to 2,000
people, and `benchmarks/linking.py` reports what each thief gains by the size of the wave.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from pathlib import Path
from random import Random  # noqa: TID251  Histories are invented, and the same for the same seed.
from statistics import fmean, stdev

import pytest
from hypothesis import settings

from tests.attacks.thieves import (
    auc,
    linked,
    linked_by_nightly_copies,
    linked_by_watching,
    stolen_wave,
    template,
)

THOROUGH = 1_000
# People, and how many such waves: few in continuous integration, many with `make attacks`.
WAVES = {20: (12, 400), 50: (4, 150), 200: (0, 40), 2_000: (0, 8)}


@pytest.fixture
def empty() -> Iterator[Path]:
    with template() as folder:
        yield folder


def number_of(people: int) -> int:
    few, many = WAVES[people]
    return many if settings().max_examples >= THOROUGH else few


@pytest.mark.slow
def test_whoever_holds_everything_after_a_rewrite_links_no_better_than_chance(empty: Path) -> None:
    for people in WAVES:
        chance = Random(people)  # noqa: S311  The same waves every time.
        found = [
            auc(stolen_wave(empty, people, chance, after_a_rewrite=True)) for _ in range(number_of(people))
        ]
        if len(found) < 2:
            continue
        error = stdev(found) / sqrt(len(found))
        # Where many waves were drawn the error is small, and the design's own bound holds.
        assert abs(fmean(found) - 0.5) < max(0.02, 3 * error), (people, fmean(found), error)


def test_the_measure_does_see_an_order_where_there_is_one(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Else the test above would show nothing: between rewrites the logs have the order of arrival.
    monkeypatch.setattr("survey.storage.rewriting.QUICKLY_REWRITTEN", 0)
    stolen = [stolen_wave(empty, 12, Random(seed), after_a_rewrite=False) for seed in range(6)]  # noqa: S311  As above.

    assert max(auc(one) for one in stolen) > 0.8
    assert max(linked(one) for one in stolen) > 0.8


@pytest.mark.slow
def test_between_two_rewrites_no_more_is_linked_than_what_came_since(empty: Path) -> None:
    people = 50
    for seed in range(4):
        stolen = stolen_wave(empty, people, Random(seed), after_a_rewrite=False)  # noqa: S311  As above.
        answered = len(stolen.row_in_file)
        # The worker looks once a minute, and a few may come within one.
        fresh = len(stolen.fresh_rows)

        assert fresh <= 6
        assert linked(stolen) <= (fresh + 1) / answered


def test_nightly_copies_gain_less_the_more_are_invited() -> None:
    chance = Random(1)  # noqa: S311  As above.
    gains = [
        fmean(linked_by_nightly_copies(people, chance) for _ in range(50)) for people in (20, 200, 2_000)
    ]

    assert gains == sorted(gains, reverse=True)
    assert gains[0] > 0.3
    assert gains[-1] < 0.02


def test_watching_live_gains_less_the_more_send_at_a_time() -> None:
    chance = Random(2)  # noqa: S311  As above.
    quiet, busy = (linked_by_watching(per_hour, chance) for per_hour in (10, 2_000))

    assert quiet > 0.9
    assert busy < 0.6
