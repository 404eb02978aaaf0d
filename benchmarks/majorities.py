"""
How often the interval for "in how many organisations at least half say so" holds the truth, by simulation.

Sectors as in `pooling.py`, each told as an edition tells it and read again from that alone. The truth is the
part of all such organisations; beside it stands how often the interval holds the number among the very ones
that took part. Bias in per cent of the organisations, cover in per cent, each from `REPEATED` sectors.
"""

from __future__ import annotations

import os
import time
from itertools import product
from typing import Final

import numpy as np
from scipy import special

from analysis.contributions import IndicatorTotal
from analysis.edition import Figure, Where
from analysis.editions import answers
from analysis.majorities import HALF, majority
from benchmarks.pooling import noise

SEED: Final = int(os.environ.get("TILLID_BENCH_SEED", "1"))
REPEATED: Final = int(os.environ.get("TILLID_BENCH_REPEATED", "400"))
ORGANISATIONS: Final = (5, 10, 20, 50, 200)
SHARES: Final = (0.2, 0.35, 0.5, 0.65, 0.8)
CORRELATIONS: Final = (0.03, 0.1, 0.3)


def main() -> None:
    """Print a line for each kind of sector, then what one number costs."""
    random = np.random.default_rng(SEED)
    print("| organisations | share | icc | truth | bias | cover | of those that took part | width |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    spent = time.process_time()
    for organisations, share, icc in product(ORGANISATIONS, SHARES, CORRELATIONS):
        print(line(organisations, share, icc, random), flush=True)
    print(f"{time.process_time() - spent:.0f} s of processor time, making the sectors and their figures too")


def line(organisations: int, share: float, icc: float, random: np.random.Generator) -> str:
    """One kind of sector, as the measurements have it."""
    both = 1 / icc - 1
    truth = organisations * float(special.betaincc(share * both, (1 - share) * both, HALF))
    found, held, held_here = [], [], []
    for _ in range(REPEATED):
        own = random.beta(share * both, (1 - share) * both, organisations)
        told = figure(own, random)
        half = majority(told, told.answers[0])
        found.append((half.estimate, half.upper - half.lower))
        held.append(half.lower <= truth <= half.upper)
        held_here.append(half.lower <= (own >= HALF).sum() <= half.upper)
    estimate, width = np.mean(found, axis=0)
    cover = f"{100 * np.mean(held):.1f} | {100 * np.mean(held_here):.1f} | {width:.1f}"
    bias = f"{truth:.1f} | {100 * (estimate - truth) / organisations:+.1f}"
    return f"| {organisations} | {share:.0%} | {icc:.2f} | {bias} | {cover} |"


def figure(own: np.ndarray, random: np.random.Generator) -> Figure:
    """What an edition would tell of organisations with these shares, of 10 to 500 people each."""
    people = np.exp(random.uniform(np.log(10), np.log(500), len(own))).round().astype(int)
    yes = random.binomial(people, own)
    counts = np.stack([yes, people - yes], axis=1)
    totals = [
        IndicatorTotal("dialogue", ("yes", "no"), (int(one), int(other)))
        for one, other in counts + noise(counts.shape, random)
    ]
    return Figure(
        indicator="dialogue", where=Where(year=2026), edition=1, organisations=len(own),
        respondents=int(people.sum()), answers=tuple(answers(totals, people.tolist())),
    )  # fmt: skip


if __name__ == "__main__":
    main()
