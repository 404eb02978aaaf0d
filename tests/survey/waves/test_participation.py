from __future__ import annotations

import datetime

import pytest

from survey.storage.repositories import WaveRegistry
from survey.waves.participation import refresh, shown
from tests.alliances import DAY, Fielded


@pytest.mark.parametrize(
    ("responses", "expected"), [(0, None), (9, None), (10, 10), (14, 10), (15, 15), (99, 95)]
)
def test_a_count_is_rounded_down_to_five_and_not_shown_under_ten(
    responses: int, expected: int | None
) -> None:
    assert shown(responses) == expected


def test_the_count_of_a_day_stands_until_the_next(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        databases = alliance.databases
        with databases.alliance_session() as session, databases.responses_session(reading=True) as responses:
            found = WaveRegistry(session).wave(ballot.wave)
            refresh(found, responses, DAY)
            assert (found.responses_shown, found.responses_shown_on) == (10, DAY)
            found.responses_shown = 5

            refresh(found, responses, DAY)
            assert found.responses_shown == 5
            refresh(found, responses, DAY + datetime.timedelta(days=1))
            assert found.responses_shown == 10
