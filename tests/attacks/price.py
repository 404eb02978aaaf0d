"""
What the rule for sensitive items costs: the same tables, were the optimiser used for them too.

`python -m tests.attacks.price` prints the table of docs/measurements/0002-disclosure.md: of the
cells of the sensitive tables, how many come out exact, in bands and hidden, by both, over the campaign's
organisations.
Nothing is ever shown so: the optimiser's choice of forms tells of the counts that it was made for.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from analysis.measures import measures_of
from analysis.pipeline import make_release
from analysis.plan import PublicationPlan, publication_plan
from analysis.tables import OpenedWave
from policy import POLICY, Policy
from questionnaires.model import Questionnaire
from tests.analysis.rosters import provenance
from tests.attacks.organisations import BREAKDOWNS, PREVALENCES, SIZES, organisation
from tests.attacks.rules import Cells, Released, cells_of, naive_release

SEEDS: Final = 3
# What is not sensitive is shown from fewer: here it is asked of both alike.
_ALIKE: Final = replace(POLICY, general=POLICY.sensitive)


def price(people: int, prevalence: int, seed: int) -> tuple[Cells, Cells]:
    """Cells of the sensitive tables of one organisation: as released, and with the optimiser."""
    wave = organisation(people, prevalence, seed)
    sensitive = {measure.id for measure in measures_of(wave.questionnaire).values() if measure.sensitive}
    every = _only(naive_release(wave, BREAKDOWNS), sensitive)
    as_if = replace(wave, questionnaire=without_mark(wave.questionnaire))
    ruled, optimised = _released(wave, sensitive, POLICY), _released(as_if, sensitive, _ALIKE)
    return cells_of(_only(ruled, sensitive), every), cells_of(_only(optimised, sensitive), every)


def _released(wave: OpenedWave, items: Collection[str], policy: Policy) -> Released:
    """All of the organisation, and these by group too: what is shown by group is decided block by block."""
    every = publication_plan(wave.questionnaire, breakdowns=BREAKDOWNS, open_wave=False).tables
    plan = PublicationPlan(tuple(table for table in every if table.by is None or table.item in items))
    return make_release(wave, plan, policy, provenance(wave)).model_dump(mode="json")


def _only(release: Released, items: set[str]) -> Released:
    return {"tables": [table for table in release["tables"] if table["item"] in items]}


def without_mark(asked: Questionnaire) -> Questionnaire:
    """The same questionnaire, in which nothing is marked as sensitive."""
    plain = {"sensitive": False}
    sections = tuple(
        section.model_copy(
            update={**plain, "items": tuple(item.model_copy(update=plain) for item in section.items)}
        )
        for section in asked.sections
    )
    definition = asked.model_copy(update={"sections": sections}).model_dump(
        mode="json", by_alias=True, exclude_defaults=True
    )
    # Read anew: a copy carries the items of the original with it, marks and all.
    return Questionnaire.model_validate(definition)


def rows(sizes: Sequence[int], seeds: int) -> Iterator[str]:
    """The table, a line for each size, in per cent: exact / in bands / hidden."""
    yield "| people | sensitive cells | by the rule | by the optimiser |"
    yield "| --- | --- | --- | --- |"
    for people in sizes:
        found = [price(people, *which) for which in product(PREVALENCES, range(seeds))]
        ruled, optimised = (Cells(*map(sum, zip(*side, strict=True))) for side in zip(*found, strict=True))
        yield f"| {people:,} | {sum(ruled):,} | {_percent(ruled)} | {_percent(optimised)} |"


def _percent(cells: Cells) -> str:
    return " / ".join(f"{100 * part / max(sum(cells), 1):.0f}" for part in cells)


def main() -> None:
    """Print the table, or a part of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="*", default=SIZES, help="these sizes only")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="so many organisations at each prevalence")
    chosen = parser.parse_args()
    for line in rows(chosen.people, chosen.seeds):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
