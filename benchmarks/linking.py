"""
What a thief gains who copies the databases, by the size of the wave: docs/measurements/0005-custody.md.

Waves are simulated on real SQLite files under the worker's own rule; see tests/attacks/thieves.py.
"""

from __future__ import annotations

import os
from math import sqrt
from pathlib import Path
from random import Random  # noqa: TID251  Histories are invented.
from statistics import fmean, stdev

from survey.storage import rewriting
from tests.attacks.thieves import (
    ANSWERING,
    auc,
    linked,
    linked_by_nightly_copies,
    linked_by_watching,
    stolen_wave,
    template,
)

# People, and how many such waves of each kind.
WAVES = {20: 60, 50: 30, 200: 16, 2_000: 3}
SHARE = float(os.environ.get("TILLID_BENCH_SHARE", "1"))


def main() -> None:
    """Simulate, and print two tables."""
    print(f"{ANSWERING:.0%} of those invited answer")
    columns = f"{'one copy':>10}{'in 10,000+':>12}{'nightly':>9}{'chance':>8}"
    print(f"{'invited':>8}{'waves':>7}{'AUC after a rewrite':>22}{columns}")
    with template() as empty:
        for people, waves in WAVES.items():
            chance = Random(people)  # noqa: S311  As above.
            number = max(2, round(waves * SHARE))
            after = [auc(stolen_wave(empty, people, chance, after_a_rewrite=True)) for _ in range(number)]
            between = [
                linked(stolen_wave(empty, people, chance, after_a_rewrite=False)) for _ in range(number)
            ]
            among_many = [in_a_large_database(empty, people, chance) for _ in range(number)]
            nightly = fmean(linked_by_nightly_copies(people, chance) for _ in range(200))
            error = stdev(after) / sqrt(number)
            print(
                f"{people:>8,}{number:>7}{fmean(after):>14.3f} ± {error:.3f}{fmean(between):>10.1%}"
                f"{fmean(among_many):>12.1%}"
                f"{nightly:>9.1%}{1 / round(people * ANSWERING):>8.1%}",
                flush=True,
            )
    print("\nan operator who watches live, by how many send in an hour")
    for per_hour in (5, 20, 100, 500, 2_000):
        chance = Random(per_hour)  # noqa: S311  As above.
        print(f"{per_hour:>8,}{fmean(linked_by_watching(per_hour, chance) for _ in range(20)):>8.0%}")


def in_a_large_database(empty: Path, people: int, chance: Random) -> float:
    """What one copy gains where the database is so large that it is not laid down anew at every change."""
    limit = rewriting.QUICKLY_REWRITTEN
    try:
        rewriting.QUICKLY_REWRITTEN = 0  # type: ignore[misc]  set back below
        return linked(stolen_wave(empty, people, chance, after_a_rewrite=False))
    finally:
        rewriting.QUICKLY_REWRITTEN = limit  # type: ignore[misc]  as it was


if __name__ == "__main__":
    main()
