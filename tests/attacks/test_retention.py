"""What a wave promised to erase is erased on its day, by a clock that is moved."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from survey.commands.alliance import Alliance, Ballot
from survey.storage.models import Wave
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import SealedResponse
from survey.waves.states import WaveState
from tests.alliances import Clock, Fielded

DAY = dt.timedelta(days=1)


def kept(alliance: Alliance, ballot: Ballot) -> tuple[int, bool, bool]:
    """How many responses there are, whether custody has the pad, and whether a share is left."""
    with alliance.databases.responses_session(reading=True) as session:
        responses = session.scalars(select(func.count()).select_from(SealedResponse)).one()
    with alliance.databases.alliance_session(reading=True) as session:
        shares = [place.sealed_share for place in WaveRegistry(session).shares(ballot.wave)]
    pad = ballot.wave in alliance.custody.directory.waves_with_a_pad()
    return responses, pad, any(share is not None for share in shares)


@pytest.mark.parametrize("release", [True, False], ids=["30 days after release", "60 days after closing"])
def test_responses_go_on_the_promised_day_and_not_before(wave: Fielded, *, release: bool) -> None:
    clock = Clock()
    with wave.opened(clock) as (alliance, ballot):
        alliance.close(ballot)
        if release:
            assert alliance.approve(ballot, 2) is not None
        last = clock.day + (30 if release else 60) * DAY - DAY
        clock.day = last
        alliance.custody.step()
        before = kept(alliance, ballot)
        clock.day = last + DAY
        for _ in range(2):  # An opening that waits is ended first.
            alliance.custody.step()

        assert before == (12, True, True)
        assert kept(alliance, ballot) == (0, False, False)
        with alliance.databases.alliance_session(reading=True) as session:
            stored = session.get_one(Wave, ballot.wave)
            assert stored.state == WaveState.DESTROYED.value
            assert stored.issuing_key is None
