"""
The plan of a release, made again from its questionnaire, and what the release does not tell of it.

A release names its plan by digest alone. Breakdowns and their order stand in the manifest, which whoever has
the file need not have; but there are few ways to choose them, and the digest says which it was.
Source: docs/explanation/disclosure.md, R0.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import islice, permutations
from typing import Final

from analysis.disclosure.public import Doubt, Finding
from analysis.plan import MOST_BREAKDOWNS, PublicationPlan, publication_plan
from analysis.release import Release
from analysis.tables import UNIT
from questionnaires.model import Questionnaire

_MOST_TRIED: Final = 1_000
"""All ways for questionnaires with up to six breakdown items; what a thousand plans cost is some seconds."""


def plan_of(release: Release, questionnaire: Questionnaire) -> PublicationPlan | None:
    """
    The plan whose digest is the ledger's; None where no breakdowns of the questionnaire give it.

    Args:
        release: Whose plan.
        questionnaire: As the wave asked it.
    """
    for breakdowns in islice(_breakdowns(release, questionnaire), _MOST_TRIED):
        plan = publication_plan(questionnaire, breakdowns=breakdowns, open_wave=False)
        if plan.digest == release.ledger.plan:
            return plan
    return None


def untold(release: Release, plan: PublicationPlan) -> Iterator[Finding]:
    """What is planned and told of nowhere or twice, and what was left out of no plan."""
    planned = dict.fromkeys(table.id for table in plan.tables)
    left_out = Counter(fact.table for fact in release.ledger.left_out)
    told = left_out + Counter(table.id for table in release.tables)
    yield from (Finding(name, None, None, Doubt.MISSING) for name in planned if not told[name])
    yield from (Finding(name, None, None, Doubt.TWICE) for name, times in told.items() if times > 1)
    yield from (Finding(name, None, None, Doubt.PLAN) for name in left_out if name not in planned)


def _breakdowns(release: Release, questionnaire: Questionnaire) -> Iterator[tuple[str, ...]]:
    """Ways to choose breakdowns, in order: first of those that the release names, then of all there are."""
    every = (UNIT, *questionnaire.rules.breakdown_items)
    tables = [table.id for table in release.tables] + [fact.table for fact in release.ledger.left_out]
    named = {name.partition(".")[2] for name in tables}
    of_named = [by for by in every if by in named]
    if len(set(of_named) - {UNIT}) <= MOST_BREAKDOWNS:
        yield from permutations(of_named)
    for number in range(MOST_BREAKDOWNS + 2):
        for chosen in permutations(every, number):
            if len(set(chosen) - {UNIT}) <= MOST_BREAKDOWNS:
                yield chosen
