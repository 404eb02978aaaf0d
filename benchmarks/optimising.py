"""
What choosing forms costs, and the audit of what was chosen: a breakdown by many units, and many items.

Also the solver on drawn tables of one to three dimensions with hierarchies: cells, time, and how near the
choice is proven to be to the cheapest. Times are of the processor: one thread is used, and the machine may
be busy with other work.
"""

from __future__ import annotations

import os
import platform
import resource
import time
from collections.abc import Iterator

import numpy as np

from analysis.disclosure.arrays import Arrays
from analysis.disclosure.attack import AttackProgram
from analysis.disclosure.forms import band_of, bands, hidden, wide_bands
from analysis.disclosure.jj import form_problem, read_jj
from analysis.disclosure.optimisation import optimise
from analysis.disclosure.problem import ChoiceCell, FormProblem, Known, Protected, Terms
from analysis.tables import Interval
from tests.jj_tables import Tree, jj_table

THRESHOLD = 5
OPTIONS = 5
UNITS = (10, 20, 100, 300, 1_000)
ITEMS = 40
NODES = 200
TABLES: dict[str, list[Tree]] = {
    "one, 3 levels": [[[4] * 4] * 4],
    "two, 20 × 20": [20, 20],
    "two, 40 × 40": [40, 40],
    "two, 5 × 5 by 3 × 4": [[5] * 5, [4] * 3],
    "two, 10 × 10 by 20": [[10] * 10, 20],
    "three, 4 × 4 × 4": [4, 4, 4],
    "three, 10 × 8 × 5": [10, 8, 5],
    "three, 3 × 3 by 4 by 3": [[3] * 3, 4, 3],
}


def main() -> None:
    """Measure, and print three tables."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, one of them used")
    print(f"{'units':>8}{'cells':>8}{'chosen s':>10}{'audited s':>11}  cost, bound; cells by level")
    for units in UNITS:
        print_breakdown(units)
    print(f"20 units × {OPTIONS} options × {ITEMS} items (limit 2 s): {seconds_of_items():.2f} s")
    print(f"{'dimensions':<26}{'cells':>7}{'sensitive':>11}{'s':>8}  cost, bound at {NODES} nodes")
    for name, dimensions in TABLES.items():
        print_table(name, dimensions)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def print_breakdown(units: int) -> None:
    """One item by so many units: choose, then audit the choice anew."""
    problem = breakdown(units, seed=1)
    began = time.process_time()
    forms = optimise(problem, node_limit=NODES)
    chosen = time.process_time()
    arrays = Arrays(problem)
    audit = AttackProgram(arrays, AttackProgram(arrays, linked=False))
    audit.face(arrays.steps(np.array(forms.levels)))
    if not audit.is_safe():
        raise SystemExit("the choice does not protect")
    print(
        f"{units:>8,}{len(problem.cells):>8,}{chosen - began:>10.2f}{time.process_time() - chosen:>11.2f}"
        f"  {forms.cost:g}, {forms.bound:g}; {', '.join(map(str, np.bincount(forms.levels)))}"
    )


def seconds_of_items() -> float:
    """Time for as many items as a release has, one after the other."""
    problems = [breakdown(20, seed) for seed in range(ITEMS)]
    began = time.process_time()
    for problem in problems:
        optimise(problem, node_limit=NODES)
    return time.process_time() - began


def print_table(name: str, dimensions: list[Tree]) -> None:
    """One drawn table in the JJ format."""
    read = read_jj(jj_table(dimensions, seed=0).encode())
    problem = form_problem(read)
    began = time.process_time()
    forms = optimise(problem, node_limit=NODES)
    print(
        f"{name:<26}{len(read.cells):>7,}{len(read.sensitive):>11,}{time.process_time() - began:>8.2f}"
        f"  {forms.cost:g}, {forms.bound:g}"
    )


def breakdown(units: int, seed: int) -> FormProblem:
    """One item by so many units of 10 to 39 people, and in the organisation as a whole; all in four forms."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(10, 40, units)
    counts = np.array([rng.multinomial(size, rng.dirichlet(np.full(OPTIONS, 1.5))) for size in sizes])
    everyone = range(OPTIONS)
    sums = [
        (Terms.one(unit * OPTIONS + option), int(counts[unit, option]), int(sizes[unit]), 1.0)
        for unit in range(units)
        for option in everyone
    ] + [
        (
            Terms(tuple(range(option, units * OPTIONS, OPTIONS))),
            int(counts[:, option].sum()),
            int(sizes.sum()),
            10.0,
        )
        for option in everyone
    ]
    return FormProblem(
        unknowns=units * OPTIONS,
        upper=np.repeat(sizes, OPTIONS).astype(np.float64),
        frame=tuple(
            Known(Terms(tuple(range(unit * OPTIONS, (unit + 1) * OPTIONS))), int(size), int(size))
            for unit, size in enumerate(sizes)
        ),
        cells=tuple(_cell(*each) for each in sums),
        protections=tuple(_protections(sums)),
    )


def _cell(terms: Terms, count: int, base: int, weight: float) -> ChoiceCell:
    is_plain = THRESHOLD <= count <= base - THRESHOLD
    coarse = (
        band_of(count, bands(base, THRESHOLD)),
        band_of(count, wide_bands(base, THRESHOLD)),
        hidden(base),
    )
    levels = list(dict.fromkeys(((Interval(count, count),) if is_plain else ()) + coarse))
    return ChoiceCell(terms, count, tuple(levels), tuple(weight * step for step in range(1, len(levels))))


def _protections(sums: list[tuple[Terms, int, int, float]]) -> Iterator[Protected]:
    for terms, count, base, _ in sums:
        band = band_of(count, bands(base, THRESHOLD))
        if band.lo == 0 or band.hi == base:
            yield Protected(terms, band)


if __name__ == "__main__":
    main()
