"""
What a whole release costs: 45 items by units on two levels and three breakdowns, for 200 and 1,000 people.

Seconds of the processor, since the machine may be busy with other work, and how much is shown by group: a
limit that is kept by showing less is kept all the same, and has to be seen.
"""

from __future__ import annotations

import os
import platform
import resource
import time

from analysis.pipeline import make_release
from analysis.plan import publication_plan
from policy import POLICY
from tests.analysis.rosters import provenance
from tests.attacks.organisations import BREAKDOWNS, organisation, workplace

LIMITS = {200: 60, 1_000: 600}


def main() -> None:
    """Measure, and print a table."""
    plan = publication_plan(workplace(), breakdowns=BREAKDOWNS, open_wave=False)
    planned = sum(table.by is not None for table in plan.tables)
    print(f"{platform.platform()}, {os.cpu_count()} cores, one of them used")
    print(f"{'people':>8}{'s':>8}{'limit s':>9}{'peak memory MB':>16}  tables by group, of {planned}")
    for people, limit in LIMITS.items():
        opened = organisation(people, prevalence=8, seed=1)
        began = time.process_time()
        release = make_release(opened, plan, POLICY, provenance(opened))
        spent = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        shown = sum(table.by is not None and not table.is_hidden for table in release.tables)
        print(f"{people:>8,}{spent:>8.1f}{limit:>9}{peak:>16,}  {shown}")


if __name__ == "__main__":
    main()
