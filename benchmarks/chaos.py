"""
Every process killed under load, as often as one likes: `make chaos`, 200 times, half on each database.

What is measured is not speed but what is left: responses that were acknowledged and are gone, or are twice.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.chaos import Tally, storm
from tests.postgresql import Cluster, find_server

KILLS = 200
SEED = 20261125


def main() -> None:
    """Let both storms rage, and print what they left."""
    kills = (int(sys.argv[1]) if len(sys.argv) > 1 else KILLS) // 2
    generator = np.random.default_rng(SEED)
    print(f"{platform.platform()}, {os.cpu_count()} cores, {kills} kills on each database")
    with tempfile.TemporaryDirectory() as folder:
        with storm(Path(folder) / "sqlite", kills) as raging:
            tell("SQLite", raging.through(kills, generator))
        server = find_server()
        if server is None:
            print("PostgreSQL is not installed: not tried")
            return
        with Cluster.started(server) as cluster, storm(Path(folder) / "pg", kills, cluster) as raging:
            tell("PostgreSQL", raging.through(kills, generator))


def tell(name: str, tally: Tally) -> None:
    """Print one storm, and fail if anything was lost."""
    kills = ", ".join(f"{number} of {what}" for what, number in tally.kills.items())
    print(f"{name}: {tally.kills.total()} kills ({kills}) in {tally.seconds:.0f} s")
    print(f"  acknowledged {len(tally.acknowledged):,}, sent again {tally.again:,}, refused {tally.refused}")
    print(
        f"  stored {len(tally.stored):,}, counted by custody {tally.counted:,}, exchanged {tally.exchanged:,}"
    )
    print(f"  lost {tally.lost}, twice {tally.twice}")
    if tally.lost or tally.twice or tally.refused or tally.counted != len(tally.acknowledged):
        raise SystemExit("a response was lost, or is there twice")


if __name__ == "__main__":
    main()
