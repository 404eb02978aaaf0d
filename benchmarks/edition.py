"""
What one edition costs custody, by how many organisations share: deciding what may be told, and estimating it.

Fourteen indicators in one year, three areas of twenty sectors, five sizes, so some 320 selections; invented
contributions, since what they say decides nothing. Limit: 60 s at 10,000 organisations.
"""

from __future__ import annotations

import random  # noqa: TID251  invented sizes, the same every time
import resource
import time

from analysis.contributions import IndicatorTotal
from analysis.editions import Contributor, made_edition, size_band
from analysis.indicators import INDICATORS

SIZES = (1_000, 3_000, 10_000)
LIMIT = 60
AREAS = ("labour_market", "education", "culture_leisure")
NAMES = [indicator.id for indicator in INDICATORS][:14]


def main() -> None:
    """Print a line for each size."""
    print(f"{'organisations':>14}{'told':>8}{'withheld':>10}{'processor s':>13}{'of limit':>10}{'GB':>7}")
    for size in SIZES:
        given = [contributor(number) for number in range(size)]
        began = time.process_time()
        made = made_edition(1, given, [])
        spent = time.process_time() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        counts = f"{size:>14,}{len(made.told):>8}{len(made.withheld):>10}"
        print(f"{counts}{spent:>13.1f}{spent / LIMIT:>10.0%}{memory:>7.2f}", flush=True)


def contributor(number: int) -> Contributor:
    """An organisation of some size, the same for the same number."""
    people = random.Random(number).choice((15, 35, 120, 400, 1_500))  # noqa: S311  invented
    counts = (people // 50 * 5, people // 5 * 5)
    return Contributor(
        wave=f"wave{number}",
        organisation=f"organisation{number}",
        year=2026,
        area=AREAS[number % len(AREAS)],
        sector=f"scheme/1/{number * 7 % 20}",
        size=size_band(people),
        respondents=people,
        totals={name: IndicatorTotal(name, ("yes", "no"), counts) for name in NAMES},
    )


if __name__ == "__main__":
    main()
