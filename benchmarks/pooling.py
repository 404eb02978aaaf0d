"""
How near a sector's figures come to the truth, by simulation, and what they cost.

Organisations of 10 to 500 people, each with a share of its own from a beta with the given correlation, counts
with noise as custody adds it. Bias and width in per cent points; cover in per cent, each from
`REPEATED` sectors, so told to within about a point. `TILLID_BENCH_SEED` for other draws.
"""

from __future__ import annotations

import os
import time
from itertools import product

import numpy as np

from analysis.statistics import Counts, pooled_shares
from policy import NOISE, POOLING

SEED = int(os.environ.get("TILLID_BENCH_SEED", "1"))
REPEATED = 800
ORGANISATIONS = (5, 10, 20, 50, 200)
SHARES = (0.03, 0.08, 0.2, 0.5)
CORRELATIONS = (0.0, 0.02, 0.05, 0.1)


def main() -> None:
    """Print a line for each kind of sector, then the cost of one figure."""
    random = np.random.default_rng(SEED)
    print("| organisations | share | icc | bias | cover | width |\n| --- | --- | --- | --- | --- | --- |")
    for organisations, share, icc in product(ORGANISATIONS, SHARES, CORRELATIONS):
        bias, cover, width = simulated(organisations, share, icc, random)
        told = f"{organisations} | {share:.0%} | {icc:.2f} | {bias:+.2f} | {cover:.1f} | {width:.1f}"
        print(f"| {told} |", flush=True)
    for organisations in (100, 1_000, 10_000):
        counts, people = sector(organisations, 0.08, 0.03, random)
        began = time.process_time()
        pooled_shares(counts, people)
        print(
            f"{organisations} organisations: {(time.process_time() - began) * 1000:.1f} ms of processor time"
        )


def simulated(
    organisations: int, share: float, icc: float, random: np.random.Generator
) -> tuple[float, float, float]:
    """Bias, cover and width of one kind of sector."""
    figures = [pooled_shares(*sector(organisations, share, icc, random))[0] for _ in range(REPEATED)]
    bias = np.mean([figure.estimate for figure in figures]) - share
    cover = np.mean([figure.interval.lo <= share <= figure.interval.hi for figure in figures])
    width = np.mean([figure.interval.hi - figure.interval.lo for figure in figures])
    return float(100 * bias), float(100 * cover), float(100 * width)


def sector(
    organisations: int, share: float, icc: float, random: np.random.Generator
) -> tuple[Counts, Counts]:
    """Counts with noise, and respondents, of one sector that R8 lets through: at least 100 of them in all."""
    people = np.exp(random.uniform(np.log(10), np.log(500), organisations)).round().astype(int)
    if people.sum() < POOLING.respondents:
        people = np.maximum(people, 20)
    scale = 1 / icc - 1 if icc else 0.0
    own = random.beta(share * scale, (1 - share) * scale, organisations) if icc else share
    chosen = random.binomial(people, own)
    counts = np.stack([chosen, people - chosen], axis=1)
    return np.asarray(counts + noise(counts.shape, random), np.int64), people


def noise(shape: tuple[int, ...], random: np.random.Generator) -> Counts:
    """As custody adds it: the difference of two numbers, each the next with so much less a chance."""
    stays = 1 - 1 / float(NOISE.likelier)
    up, down = random.geometric(stays, (2, *shape))
    return np.asarray(up - down, np.int64)


if __name__ == "__main__":
    main()
