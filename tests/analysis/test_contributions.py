from __future__ import annotations

import numpy as np
import pytest

from analysis.contributions import ROUNDING, rounded, totals, variance
from analysis.measures import measures_of
from analysis.pipeline import make_contribution
from analysis.tables import TableKind
from tests.analysis.rosters import definition, invented
from tests.attacks.rules import counted


@pytest.mark.parametrize("count", range(13))
def test_a_rounded_count_is_in_expectation_the_count(count: int) -> None:
    every = [rounded(count, ROUNDING, draw) for draw in range(ROUNDING)]

    assert sum(every) == count * ROUNDING
    assert all(each % ROUNDING == 0 and abs(each - count) < ROUNDING for each in every)
    spread = sum((each - count) ** 2 for each in every)
    assert spread == ROUNDING * variance(ROUNDING, count % ROUNDING)


def test_every_indicator_gives_one_total_and_every_number_is_rounded() -> None:
    rng = np.random.default_rng(1)
    asked = definition("workplace")
    opened = invented(asked, 60, seed=1)

    made = make_contribution(opened, lambda _, most: int(rng.integers(most)))

    indicators = [measure for measure in measures_of(asked).values() if measure.kind is TableKind.INDICATOR]
    assert [total.id for total in made] == [measure.id for measure in indicators]
    assert all(count % ROUNDING == 0 for total in made for count in total.counts)
    assert {total.points % 500 for total in made if total.points is not None} == {0}
    assert not any("no_answer" in total.options for total in made)
    # The counts themselves, which the naive rule would give, are caught by that.
    raw = [
        count
        for table in counted(opened, ())
        if table["kind"] == "indicator"
        for count in table["rows"][0]["cells"][:-1]
    ]
    assert sum(count % ROUNDING != 0 for count in raw) > len(raw) / 2


def test_the_same_draws_give_the_same_contribution_and_no_count_is_printed() -> None:
    opened = invented(definition("workplace"), 60, seed=1)

    def draw(label: str, most: int) -> int:
        return len(label) % most

    made = make_contribution(opened, draw)

    assert made == make_contribution(opened, draw)
    assert "counts" not in repr(made)
    assert totals((), draw) == ()
