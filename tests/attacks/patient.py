"""
The patient intruder: the twelve acts and the climate index as paths, against the campaign's first releases.

`python -m tests.attacks.patient` prints the table of docs/measurements/0002-disclosure.md: for each
size a release at every prevalence, attacked with inequalities as the campaign does, and with paths
(`tests/attacks/intruder/paths.py`); each asks the same numbers.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from tests.attacks.campaign import WHOLE, Case, opened, released
from tests.attacks.intruder.attack import attacked
from tests.attacks.intruder.crowd import staff_list
from tests.attacks.intruder.known import Known
from tests.attacks.intruder.paths import WithPaths
from tests.attacks.intruder.search import Loot
from tests.attacks.organisations import BREAKDOWNS, PREVALENCES, SIZES
from tests.attacks.rules import Released, naive_release


class Attack(NamedTuple):
    """What came of one: with how much of the processor."""

    loot: Loot
    seconds: float


def attack(release: Released, case: Case, known: type[Known]) -> Attack:
    """One release, attacked with what is known so."""
    wave = opened(case)
    staff = staff_list(wave.questionnaire, wave.units, wave.answers)
    began = time.process_time()
    loot = attacked(release, wave.questionnaire, staff, known=known)
    return Attack(loot, time.process_time() - began)


def rows(sizes: Sequence[int], prevalences: Sequence[int]) -> Iterator[str]:
    """The table, a line for each release and rule."""
    yield "| people | exposed | rule | numbers | won | won by paths | undecided by paths | s | s by paths |"
    yield "| --- " * 9 + "|"
    for people in sizes:
        for prevalence in prevalences:
            case = Case(WHOLE, people, prevalence, seed=0)
            yield _row(case, "this", released(case, opened(case)).model_dump(mode="json"))
            if people <= _NAIVE_UP_TO:
                yield _row(case, "naive", naive_release(opened(case), BREAKDOWNS))


_NAIVE_UP_TO: Final = 40


def _row(case: Case, rule: str, release: Released) -> str:
    before, after = (attack(release, case, known) for known in (Known, WithPaths))
    cells = [
        f"{case.people:,}",
        f"{case.prevalence} %",
        rule,
        f"{after.loot.asked:,}",
        str(len(before.loot.wins)),
        str(len(after.loot.wins)),
        str(after.loot.undecided),
        f"{before.seconds:.1f}",
        f"{after.seconds:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table, or a part of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="*", default=SIZES, help="these sizes only")
    parser.add_argument("--prevalence", type=int, nargs="*", default=PREVALENCES, help="per cent exposed")
    chosen = parser.parse_args()
    for line in rows(chosen.people, chosen.prevalence):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
