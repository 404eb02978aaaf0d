"""
What one edition costs custody, by how many organisations share: deciding what may be told, and estimating it.

Fourteen indicators in one year or five, three areas of twenty sectors, five sizes, so some 320 selections a
year; invented contributions, since what they say decides nothing. Limit: 60 s at 10,000 organisations.
"""

from __future__ import annotations

import random  # noqa: TID251  invented sizes, the same every time
import resource
import time
from dataclasses import replace

from analysis.contributions import IndicatorTotal
from analysis.editions import Contributor, made_edition, size_band
from analysis.indicators import INDICATORS

SIZES = ((1_000, 1), (3_000, 1), (10_000, 1), (10_000, 5))
"""Organisations and years."""
LIMIT = 60
AREAS = ("labour_market", "education", "culture_leisure")
NAMES = [indicator.id for indicator in INDICATORS][:14]


def main() -> None:
    """Print a line for each size."""
    counted = f"{'organisations':>14}{'years':>7}{'told':>8}{'withheld':>10}"
    print(f"{counted}{'processor s':>13}{'of limit':>10}{'GB':>7}")
    for size, years in SIZES:
        print(measured(size, years), flush=True)


def measured(size: int, years: int) -> str:
    """The line of one size: the first edition of so many organisations, each with a wave in every year."""
    given = [
        replace(each, wave=f"{each.wave}/{year}", year=year)
        for each in map(contributor, range(size))
        for year in range(2026, 2026 - years, -1)
    ]
    began = time.process_time()
    made = made_edition(1, given, [])
    spent = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    counts = f"{size:>14,}{years:>7}{len(made.told):>8}{len(made.withheld):>10}"
    return f"{counts}{spent:>13.1f}{spent / LIMIT:>10.0%}{memory:>7.2f}"


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
