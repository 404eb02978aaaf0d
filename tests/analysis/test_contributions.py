from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from analysis.contributions import VARIANCE, noise, totals
from analysis.measures import measures_of
from analysis.pipeline import make_contribution
from analysis.tables import TableKind
from policy import NOISE
from tests.analysis.rosters import definition, invented


def test_noise_is_none_on_the_whole_and_as_wide_as_estimators_reckon_with() -> None:
    rng = np.random.default_rng(1)
    drawn = np.array([noise("label", lambda _, most: int(rng.integers(most))) for _ in range(20_000)])

    # The standard deviation of the mean is 0.024, that of the variance about 0.27.
    assert abs(drawn.mean()) < 0.12
    assert drawn.var() == pytest.approx(VARIANCE, abs=1.4)
    counted = Counter(drawn.tolist())
    for step in range(4):
        for side in (1, -1):
            nearer, further = counted[side * step], counted[side * (step + 1)]
            assert nearer / further == pytest.approx(float(NOISE.likelier), rel=0.15)


def test_every_indicator_gives_one_total_and_points_are_whole_scores() -> None:
    rng = np.random.default_rng(1)
    asked = definition("workplace")
    opened = invented(asked, 60, seed=1)

    made = make_contribution(opened, lambda _, most: int(rng.integers(most)))

    indicators = [measure for measure in measures_of(asked).values() if measure.kind is TableKind.INDICATOR]
    assert [total.id for total in made] == [measure.id for measure in indicators]
    assert {total.points % 100 for total in made if total.points is not None} == {0}
    assert not any("no_answer" in total.options for total in made)
    # The counts themselves, which the naive rule would give, are hardly ever what is given.
    exact = make_contribution(opened, lambda _, most: most - 1)
    apart = [
        abs(one - other)
        for total, known in zip(made, exact, strict=True)
        for one, other in zip(total.counts, known.counts, strict=True)
    ]
    assert sum(distance > 0 for distance in apart) > len(apart) / 2
    assert max(apart) < 25


def test_the_same_draws_give_the_same_contribution_and_no_count_is_printed() -> None:
    opened = invented(definition("workplace"), 60, seed=1)

    def draw(label: str, most: int) -> int:
        return len(label) % most

    made = make_contribution(opened, draw)

    assert made == make_contribution(opened, draw)
    assert "counts" not in repr(made)
    assert totals((), draw) == ()
