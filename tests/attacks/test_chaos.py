"""Every process is killed under load, ten times on each kind of database: nothing lost, nothing twice."""

from pathlib import Path

import numpy as np
import pytest

from tests.chaos import Tally, storm
from tests.postgresql import Cluster

KILLS = 10


def check(tally: Tally) -> None:
    assert tally.kills.total() == KILLS
    assert len(tally.acknowledged) > KILLS
    assert (tally.refused, tally.lost, tally.twice) == ([], 0, 0)
    assert tally.counted == tally.exchanged == len(tally.acknowledged)


@pytest.mark.slow
def test_on_sqlite_no_kill_loses_or_doubles_a_response(tmp_path: Path) -> None:
    with storm(tmp_path, KILLS) as raging:
        check(raging.through(KILLS, np.random.default_rng(1)))


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgresql_neither_a_process_nor_the_server_that_is_killed_loses_or_doubles_one(
    tmp_path: Path, postgres_cluster: Cluster
) -> None:
    with storm(tmp_path, KILLS, postgres_cluster) as raging:
        check(raging.through(KILLS, np.random.default_rng(2)))
