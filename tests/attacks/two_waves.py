"""
Pairs of waves of one organisation with its units, for the intruder who has both.

`python -m tests.attacks.two_waves` prints the table of docs/measurements/0002-disclosure.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from analysis.differencing import WithUnits, beside
from analysis.pipeline import make_again, make_release
from analysis.plan import publication_plan
from analysis.tables import OpenedWave
from policy import POLICY
from survey.waves.manifest import Unit
from tests.analysis.rosters import provenance
from tests.attacks.families import family
from tests.attacks.intruder.crowd import staff_list
from tests.attacks.intruder.waves import CHANGED, Staff, attacked_across, staff
from tests.attacks.rules import Released, naive_release

BY: Final = ("unit",)
FAMILIES: Final = ("met", "act", "three answers", "five answers", "indicator of two")
SIZES: Final = (40, 60)
SEEDS: Final = 16
_PREVALENCE: Final = 20
_MOST_MOVED: Final = 3


class Waves(NamedTuple):
    """Two waves of the same organisation, and both staff lists."""

    before: OpenedWave
    after: OpenedWave
    known: Staff


def waves(name: str, people: int, seed: int, changed: float = 0.0) -> Waves:
    """
    Some came and some left, and of those who stayed this share of each unit answers otherwise.

    The intruder reckons with changes in any case. Where there were some, fewer can have come and gone than
    explain both releases if nobody changed, which is what the rule reckons with (docs/decisions/0145).
    """
    draw = np.random.default_rng([people, seed])
    before, others = family(name, people, _PREVALENCE, seed), family(name, people, _PREVALENCE, seed + 1_000)
    left, joined = draw.integers(1, _MOST_MOVED + 1, size=2)
    kept = np.sort(draw.choice(people, size=people - left, replace=False))
    stayed = before.answers[kept].copy()
    for unit in np.unique(stayed[:, 0]):
        of_unit = np.flatnonzero(stayed[:, 0] == unit)
        otherwise = draw.choice(of_unit, size=int(changed * len(of_unit)), replace=False)
        stayed[otherwise, 1:] = others.answers[otherwise, 1:]
    answers = np.vstack([stayed, others.answers[people - joined :]])
    after = OpenedWave(before.questionnaire, before.units, answers, before.parents)
    first, second = (staff_list(each.questionnaire, each.units, each.answers) for each in (before, after))
    return Waves(before, after, staff(first, second, [(int(one), at) for at, one in enumerate(kept)]))


def released(found: Waves) -> tuple[Released, Released]:
    """Both as they would be shown, the second beside the first."""
    plan = publication_plan(found.before.questionnaire, breakdowns=BY, open_wave=False)
    first, second = (make_release(each, plan, POLICY, provenance(each)) for each in found[:2])
    units = [Unit(id=unit, name=unit, parent=None, headcount=1) for unit in found.before.units]
    again = partial(make_again, found.after, plan, POLICY, provenance(found.after))
    shown = beside(WithUnits(second, units), [WithUnits(first, units)], plan, POLICY, again)
    return first.model_dump(mode="json"), shown.model_dump(mode="json")


def naively(found: Waves) -> tuple[Released, Released]:
    """Both by the naive rule."""
    return naive_release(found.before, BY), naive_release(found.after, BY)


def rows(seeds: int) -> Iterator[str]:
    """The table, a line for each family and size."""
    yield (
        "| answers otherwise | family | people | pairs | with units in either | numbers | undecided | won"
        " | naive rule lost |"
    )
    yield "| --- " * 9 + "|"
    for changed, people in product((0.0, CHANGED), SIZES):
        for name in FAMILIES:
            pairs = [waves(name, people, seed, changed) for seed in range(seeds)]
            shown = [released(each) for each in pairs]
            loot = [attacked_across(*both, each.known) for both, each in zip(shown, pairs, strict=True)]
            naive = [attacked_across(*naively(each), each.known) for each in pairs]
            cells = [
                f"{100 * changed:.0f} %",
                name,
                str(people),
                str(seeds),
                str(
                    sum(any(table["by"] for release in both for table in release["tables"]) for both in shown)
                ),
                f"{sum(each.asked for each in loot):,}",
                str(sum(each.undecided for each in loot)),
                str(sum(bool(each.wins) for each in loot)),
                f"{sum(bool(each.wins) for each in naive)} of {seeds}",
            ]
            yield f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    for line in rows(parser.parse_args().seeds):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
