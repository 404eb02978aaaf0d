"""
What a whole release costs: 45 items by units on two levels and three breakdowns, for 200 and 1,000 people.

Seconds of the processor, since the machine may be busy with other work, and how much is shown by group: a
limit that is kept by showing less is kept all the same, and has to be seen. How much cheaper than what was
chosen another choice of forms could have been is said here, of people who were drawn, and never of a
release (docs/decisions/0157).
"""

from __future__ import annotations

import os
import platform
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

from analysis.disclosure import cheapest
from analysis.disclosure.optimisation import Forms, optimise
from analysis.disclosure.problem import FormProblem
from analysis.pipeline import make_release
from analysis.plan import publication_plan
from policy import POLICY
from tests.analysis.rosters import provenance
from tests.attacks.organisations import BREAKDOWNS, organisation, workplace

LIMITS = {200: 60, 1_000: 600}


@contextmanager
def choices() -> Iterator[list[Forms]]:
    """Every choice of forms that is made in the block, with its cost and the bound that was found."""
    made: list[Forms] = []

    def noted(problem: FormProblem, *, node_limit: int) -> Forms:
        made.append(optimise(problem, node_limit=node_limit))
        return made[-1]

    with patch.object(cheapest, "optimise", noted):
        yield made


def main() -> None:
    """Measure, and print a table."""
    plan = publication_plan(workplace(), breakdowns=BREAKDOWNS, open_wave=False)
    planned = sum(table.by is not None for table in plan.tables)
    print(f"{platform.platform()}, {os.cpu_count()} cores, one of them used")
    print(
        f"{'people':>8}{'s':>8}{'limit s':>9}{'peak memory MB':>16}{'choices':>9}{'at bound':>10}"
        f"{'most over %':>13}  tables by group, of {planned}"
    )
    for people, limit in LIMITS.items():
        opened = organisation(people, prevalence=8, seed=1)
        began = time.process_time()
        with choices() as chosen:
            release = make_release(opened, plan, POLICY, provenance(opened))
        spent = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        shown = sum(table.by is not None and not table.is_hidden for table in release.tables)
        print(f"{people:>8,}{spent:>8.1f}{limit:>9}{peak:>16,}{_how_near(chosen)}  {shown}")


def _how_near(chosen: Sequence[Forms]) -> str:
    over = [100 * (forms.cost - forms.bound) / forms.cost for forms in chosen if not forms.optimal]
    return f"{len(chosen):>9}{len(chosen) - len(over):>10}{max(over, default=0.0):>13.1f}"


if __name__ == "__main__":
    main()
