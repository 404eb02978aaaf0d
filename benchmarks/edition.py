"""
What an edition costs custody, by how many organisations share: what may be told is decided, then estimated.

Fourteen indicators, three areas of twenty sectors, five sizes, so some 320 selections a year. Organisations
of 10 to 2,500 people, evenly on a log scale; contributions are invented, since what they say decides nothing.
First the first edition there is, of one year and of five; then the editions of five years one by one, each
against all before it, with what custody reads of them and writes. Limit: 60 s at 10,000 organisations.
`TILLID_BENCH_ORGANISATIONS` for other numbers of them.
"""

from __future__ import annotations

import math
import os
import random  # noqa: TID251  invented sizes, the same every time
import resource
import time
from collections.abc import Iterator
from typing import Final

from analysis.contributions import IndicatorTotal
from analysis.edition import Edition
from analysis.editions import Contributor, Made, Told, made_edition, size_band
from analysis.indicators import INDICATORS
from questionnaires.digest import canonical_bytes
from survey.custody.editions import Remembered

SIZES: Final = tuple(map(int, os.environ.get("TILLID_BENCH_ORGANISATIONS", "1000 3000 10000").split()))
LIMIT: Final = 60
FIRST: Final = 2022
YEARS: Final = 5
AREAS: Final = ("labour_market", "education", "culture_leisure")
NAMES: Final = [indicator.id for indicator in INDICATORS][:14]


def main() -> None:
    """Print a line for each size."""
    print("| organisations | edition | told | made anew | withheld | s | of limit | kept, s | MB | GB |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for size in SIZES:
        for years in (1, YEARS):
            made, spent = timed(1, given(size, years), [])
            print(line(size, f"the first, of {years}", 1, made, spent, (0.0, 0)), flush=True)
        for told in one_after_the_other(size):
            print(told, flush=True)


def one_after_the_other(size: int) -> Iterator[str]:
    """A line for each edition: every year all organisations answer once, and one edition follows."""
    kept: list[bytes] = []
    for number in range(1, YEARS + 1):
        began = time.process_time()
        before = [told for each in map(Remembered.model_validate_json, kept) for told in each.told]
        spent_reading = time.process_time() - began
        made, spent = timed(number, given(size, number), before)
        began = time.process_time()
        kept.append(remembered(number, made))
        with_custody = spent_reading + time.process_time() - began
        yield line(size, f"number {number}", number, made, spent, (with_custody, sum(map(len, kept))))


def timed(number: int, contributors: list[Contributor], before: list[Told]) -> tuple[Made, float]:
    """An edition, and what deciding and estimating it took of processor time."""
    began = time.process_time()
    made = made_edition(number, contributors, before)
    return made, time.process_time() - began


def remembered(number: int, made: Made) -> bytes:
    """What custody keeps of it."""
    figures = tuple(told.figure for told in made.told)
    edition = Edition(
        number=number, day=f"{FIRST + number}-02-01", policy="1", synthetic=True, figures=figures,
        withheld=made.withheld,
    )  # fmt: skip
    over = tuple(told.organisations for told in made.told if told.figure.edition == number)
    return canonical_bytes(Remembered(edition=edition, over=over).model_dump(mode="json"))


def line(size: int, which: str, number: int, made: Made, spent: float, kept: tuple[float, int]) -> str:
    """As the measurements have it; `kept` is what custody remembers: seconds to read and write, and bytes."""
    anew = sum(told.figure.edition == number for told in made.told)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    counts = f"{size:,} | {which} | {len(made.told):,} | {anew:,} | {len(made.withheld):,}"
    limit = f"{spent:.1f} | {spent / LIMIT:.0%}"
    return f"| {counts} | {limit} | {kept[0]:.1f} | {kept[1] / 1e6:.0f} | {memory:.2f} |"


def given(size: int, years: int) -> list[Contributor]:
    """What so many organisations gave in the first so many years, each once in every year."""
    return [contributor(number, year) for number in range(size) for year in range(FIRST, FIRST + years)]


def contributor(number: int, year: int = FIRST) -> Contributor:
    """An organisation of some size, the same for the same number and year."""
    own = random.Random(number)  # noqa: S311  invented
    people = round(math.exp(own.uniform(math.log(10), math.log(2_500))))
    answered = max(10, round(people * random.Random(number * 100 + year).uniform(0.4, 0.9)))  # noqa: S311
    share = own.betavariate(1, 9)
    counts = tuple(round(answered * each) for each in (share, 1 - share))
    return Contributor(
        wave=f"wave{number}/{year}",
        organisation=f"organisation{number}",
        year=year,
        area=AREAS[number % len(AREAS)],
        sector=f"scheme/1/{number * 7 % 20}",
        size=size_band(people),
        respondents=answered,
        totals={name: IndicatorTotal(name, ("yes", "no"), counts) for name in NAMES},
    )


if __name__ == "__main__":
    main()
