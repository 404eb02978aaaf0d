"""
What those who answered learn of the others: one by themselves, and two who trust each other.

`python -m tests.attacks.insiders` prints the tables of docs/measurements/0002-disclosure.md: of releases by
groups, and of the organisation's own tables that hang together.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import chain, combinations, product
from typing import Final

from analysis.tables import OpenedWave
from tests.attacks.campaign import Case, opened, released
from tests.attacks.families import BREAKDOWNS
from tests.attacks.intruder.crowd import staff_list
from tests.attacks.intruder.insiders import Record, told
from tests.attacks.organisations import PREVALENCES
from tests.attacks.rules import Released, naive_release
from tests.attacks.test_release_intruder import FAMILIES as TOGETHER
from tests.attacks.test_release_intruder import Family, Intruder, draw, drawn

FAMILIES: Final = ("met", "act", "three answers", "five answers", "several answers", "indicator of two")
SIZES: Final = (25, 40, 60)
SEEDS: Final = 8
SMALL: Final = (24, 43, 60)
LARGE: Final = (200, 320)
"""Under 200 nothing of coercion is shown."""


def records_of(wave: OpenedWave) -> list[Record]:
    """Two for each answer to the last item, of the people who gave it last: rare answers are among them."""
    items = [item.id for item in wave.questionnaire.items]
    found: dict[int, list[Record]] = {}
    for place, row in enumerate(wave.answers.tolist()):
        found.setdefault(row[-1], []).append(Record(place, dict(zip(items, row[1:], strict=True))))
    return [record for those in found.values() for record in those[-2:]]


def wins(wave: OpenedWave, release: Released, records: Sequence[Record]) -> list[str]:
    """
    What those who know these records can tell of everybody else.

    But that not all of those never shown said what oneself did: one's own answer tells that by itself.
    """
    staff = staff_list(wave.questionnaire, wave.units, wave.answers)
    found = [win.what for win in told(release, wave.questionnaire, staff, records)]
    return [what for what in found if "unseen" not in what]


def rows(sizes: Sequence[int], seeds: int) -> Iterator[str]:
    """The table, a line for each family and size."""
    heads = (
        "family",
        "people",
        "releases",
        "by group",
        "one tried",
        "told",
        "two tried",
        "told",
        "naive rule",
    )
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for kind, people in product(FAMILIES, sizes):
        cases = [Case(kind, people, *spread) for spread in product(PREVALENCES, range(seeds))]
        found = [sum(of_all) for of_all in zip(*(_tried(case) for case in cases), strict=True)]
        by_group, alone, alone_told, pairs, pairs_told, naive = found
        yield (
            f"| {kind} | {people} | {len(cases)} | {by_group} | {alone} | {alone_told} |"
            f" {pairs:,} | {pairs_told} | {naive} of {len(cases)} |"
        )


def _tried(case: Case) -> tuple[int, int, int, int, int, int]:
    """Whether groups are shown; how many were tried and told, one and two; whether the naive rule told."""
    wave = opened(case)
    release = released(case, wave).model_dump(mode="json")
    records = records_of(wave)
    alone = [bool(wins(wave, release, (record,))) for record in records]
    both = [bool(wins(wave, release, pair)) for pair in combinations(records, 2)]
    naive = bool(wins(wave, naive_release(wave, BREAKDOWNS), records[-1:]))
    by_group = any(table["by"] is not None for table in release["tables"])
    return by_group, len(alone), sum(alone), len(both), sum(both), naive


def rows_of_the_whole(seeds: int) -> Iterator[str]:
    """The table of what hangs together in the whole organisation, a line for each family."""
    yield "| family | people | releases | records tried | told |"
    yield f"|{' --- |' * 5}"
    for name, family in TOGETHER.items():
        sizes = LARGE if name == "coercion" else SMALL
        found = [
            won for drawn_so in product(sizes, range(seeds)) for won in _told_in_whole(family, *drawn_so)
        ]
        of_sizes = ", ".join(map(str, sizes))
        yield f"| {name} | {of_sizes} | {len(sizes) * seeds} | {len(found):,} | {sum(found)} |"


def _told_in_whole(family: Family, people: int, seed: int) -> Iterator[bool]:
    """Of one record of each kind that there is, whether it tells its holder of the others."""
    there, release = draw(family, people, seed), drawn(family, people, seed)
    for own in (kind for kind in family.people if kind in there):
        yield any(Intruder(family, release, (own,)).wins())


def main() -> None:
    """Print the tables, or a part of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="*", default=SIZES, help="these sizes only")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="so many releases at each prevalence")
    chosen = parser.parse_args()
    for line in chain(rows(chosen.people, chosen.seeds), [""], rows_of_the_whole(chosen.seeds)):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
