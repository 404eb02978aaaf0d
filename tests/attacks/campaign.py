"""
The intruder against many releases: `make attacks`, and the table of docs/measurements/0002-disclosure.md.

Each release that was attacked is a line of a file, written when it is done, so that a run that was stopped
goes on where it was. The same seed gives the same people, the same release and the same attack.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import product
from pathlib import Path
from typing import Final

from analysis.pipeline import make_release
from analysis.plan import publication_plan
from analysis.release import Release
from analysis.tables import OpenedWave
from policy import POLICY
from tests.analysis.rosters import provenance
from tests.attacks.families import BREAKDOWNS as FAMILY_BREAKDOWNS
from tests.attacks.families import FAMILIES, family
from tests.attacks.intruder.attack import attacked
from tests.attacks.intruder.crowd import staff_list
from tests.attacks.organisations import BREAKDOWNS, PREVALENCES, SIZES, organisation
from tests.attacks.rules import Cells, cells_of, naive_release, plainly_suppressed

WHOLE: Final = "whole"
WHOLE_RELEASES: Final = 500
SINGLE_FAMILIES: Final = 10_000
_SHARES: Final = {12: 0.2, 25: 0.23, 40: 0.23, 60: 0.23, 200: 0.09, 1_000: 0.02}
"""How many of the families have each size: larger ones cost more, and are like one another."""
_NAIVE_UP_TO: Final = 60
"""The naive rule's many exact counts of more people take the intruder longer than all else together."""


@dataclass(frozen=True)
class Case:
    """One release to attack: whole ones are of the alliance's questionnaire, others of one family."""

    kind: str
    people: int
    prevalence: int
    seed: int


@dataclass(frozen=True)
class Outcome:
    """What came of it, as one line of the file."""

    kind: str
    people: int
    prevalence: int
    seed: int
    released_s: float
    attacked_s: float
    asked: int
    undecided: int
    wins: int
    naive_wins: int
    exact: int
    banded: int
    hidden: int
    naive_exact: int
    naive_banded: int
    naive_hidden: int
    plain_exact: int
    plain_banded: int
    plain_hidden: int


def whole_releases(number: int) -> Iterator[Case]:
    """The first so many, spread over sizes and prevalences."""
    for place in range(number):
        spread = [(people, prevalence) for prevalence, people in product(PREVALENCES, SIZES)]
        people, prevalence = spread[place % len(spread)]
        yield Case(WHOLE, people, prevalence, place // len(spread))


def single_families(number: int) -> list[Case]:
    """The first so many families, each size its share; a part of them from the beginning has all sizes."""
    names, cases = list(FAMILIES), []
    for people, share in _SHARES.items():
        of_size = round(number * share)
        for place in range(of_size):
            name, prevalence = names[place % len(names)], PREVALENCES[place // len(names) % len(PREVALENCES)]
            seed = place // (len(names) * len(PREVALENCES))
            cases.append((place / of_size, Case(name, people, prevalence, seed)))
    return [case for _, case in sorted(cases, key=lambda placed: placed[0])]


def opened(case: Case) -> OpenedWave:
    """The people of a case."""
    if case.kind == WHOLE:
        return organisation(case.people, case.prevalence, case.seed)
    return family(case.kind, case.people, case.prevalence, case.seed)


def released(case: Case, wave: OpenedWave) -> Release:
    """What is shown of them, by all breakdowns."""
    by = BREAKDOWNS if case.kind == WHOLE else FAMILY_BREAKDOWNS
    plan = publication_plan(wave.questionnaire, breakdowns=by, open_wave=False)
    return make_release(wave, plan, POLICY, provenance(wave))


def outcome(case: Case, *, naive: bool) -> Outcome:
    """Release and attack; the naive rule's tables too, if wanted."""
    wave = opened(case)
    began = time.process_time()
    release = released(case, wave)
    shown = time.process_time()
    staff = staff_list(wave.questionnaire, wave.units, wave.answers)
    loot = attacked(release.model_dump(mode="json"), wave.questionnaire, staff)
    ended = time.process_time()
    by = BREAKDOWNS if case.kind == WHOLE else FAMILY_BREAKDOWNS
    naively = naive_release(wave, by)
    naive_wins = len(attacked(naively, wave.questionnaire, staff).wins) if naive else -1
    found = [cells_of(release.model_dump(mode="json"), naively), cells_of(naively, naively)]
    found.append(cells_of(plainly_suppressed(naively), naively))
    return Outcome(
        **asdict(case),
        released_s=round(shown - began, 2),
        attacked_s=round(ended - shown, 2),
        asked=loot.asked,
        undecided=loot.undecided,
        wins=len(loot.wins),
        naive_wins=naive_wins,
        **_named(found),  # type: ignore[arg-type]  # all of them are numbers
    )


def _named(found: Sequence[Cells]) -> dict[str, int]:
    return {
        before + name: number
        for before, cells in zip(("", "naive_", "plain_"), found, strict=True)
        for name, number in cells._asdict().items()
    }


def done(path: Path) -> list[Outcome]:
    """What the file holds."""
    if not path.exists():
        return []
    kinds = {"kind": str, "released_s": float, "attacked_s": float}
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Outcome(**{each.name: kinds.get(each.name, int)(row[each.name]) for each in fields(Outcome)})
            for row in csv.DictReader(lines)
        ]


def run(cases: Sequence[Case], path: Path, *, naive: bool) -> int:
    """Attack what the file does not hold yet; the number of releases that the intruder won against."""
    before = {(each.kind, each.people, each.prevalence, each.seed) for each in done(path)}
    is_new = not path.exists()
    won = 0
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [each.name for each in fields(Outcome)], lineterminator="\n")
        if is_new:
            writer.writeheader()
        for case in cases:
            if (case.kind, case.people, case.prevalence, case.seed) in before:
                continue
            found = outcome(case, naive=naive and case.seed == 0 and case.people <= _NAIVE_UP_TO)
            writer.writerow(asdict(found))
            file.flush()
            won += found.wins > 0
            sys.stdout.write(f"{case}: {found.wins} wins of {found.asked}, {found.undecided} undecided\n")
            sys.stdout.flush()
    return won


def main() -> None:
    """Run both parts, or a share of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=("whole", "families"))
    parser.add_argument("--out", type=Path, required=True, help="a line is added for each release")
    parser.add_argument("--percent", type=float, default=100, help="so much of the part, from its beginning")
    parser.add_argument("--people", type=int, nargs="*", help="these sizes only")
    chosen = parser.parse_args()
    make, number = (
        (whole_releases, WHOLE_RELEASES) if chosen.part == "whole" else (single_families, SINGLE_FAMILIES)
    )
    cases = [
        c
        for c in make(round(number * chosen.percent / 100))
        if not chosen.people or c.people in chosen.people
    ]
    if run(cases, chosen.out, naive=True):
        raise SystemExit("the intruder won: see the lines with wins")


if __name__ == "__main__":
    main()
