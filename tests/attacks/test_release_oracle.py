"""
The intruder who knows the program: what the choice of a form, or a table that is missing, tells.

Every set of respondents of organisations small enough goes through the whole disclosure control, at a
threshold of 2 or 3 rather than 5. Whatever is shown, or not shown, must leave every number under the
threshold possible in every cell of a sensitive table and in its complement; and every set of respondents that
agrees with the tables that are shown has the same ones shown.
"""

import numpy as np
import pytest

from analysis.tables import Interval
from questionnaires.model import Questionnaire
from tests.analysis.oracle import Outcome, Small
from tests.analysis.rosters import SMALL, multi, questionnaire, replaced, single

WITNESSED = {"witnessed": {"items": ["seen"], "in": ["once"]}}
SEEN = single("seen", "never", "once", sensitive=True)


def routed(*items: dict[str, object]) -> Questionnaire:
    return questionnaire(SEEN, *items, conditions=WITNESSED)


ONE_CHOICE = questionnaire(single("act", "never", "once", "often", sensitive=True))
SEVERAL = questionnaire(multi("kinds", "none", "a", "b", exclusive=["none"], sensitive=True))
ROUTED_SEVERAL = routed(multi("did", "spoke", "told", sensitive=True, show_if="witnessed"))
ROUTED_ONE = routed(single("how", "well", "badly", sensitive=True, show_if="witnessed"))
TWO_ACTS = questionnaire(
    single("b11_favours", "never", "once", sensitive=True),
    single("b12_pressure_force", "never", "once", sensitive=True),
)


@pytest.mark.parametrize(
    ("asked", "people", "threshold"),
    [
        (ONE_CHOICE, 16, 2),
        (ONE_CHOICE, 25, 3),
        (SEVERAL, 8, 2),
        (SEVERAL, 10, 2),
        (SEVERAL, 13, 3),
        (ROUTED_SEVERAL, 8, 2),
        (ROUTED_SEVERAL, 9, 2),
        (ROUTED_ONE, 9, 2),
        (ROUTED_ONE, 11, 2),
        (ROUTED_ONE, 14, 3),
        (TWO_ACTS, 7, 2),
        (TWO_ACTS, 8, 2),
    ],
)
def test_knowing_the_algorithm_tells_nobody_none_from_a_few(
    asked: Questionnaire, people: int, threshold: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = Small(asked, replaced(SMALL, threshold=threshold))

    outcomes = small.outcomes(people, monkeypatch)

    assert len(outcomes) > 1
    assert small.leaks(outcomes) == []
    # Nor is there a set of answers that agrees with what is shown and would have been shown otherwise.
    assert small.changed(outcomes) == []


def test_the_naive_rule_tells_none_from_a_few() -> None:
    """Cell by cell, exact from the threshold and "few" under it: the sum gives the small cells away."""
    small = Small(ONE_CHOICE, SMALL)
    outcomes: dict[object, list[np.ndarray]] = {}

    for raw in small.raw_tables(8):
        shown = tuple(count if count >= SMALL.threshold else "few" for count in raw[:4].tolist())
        outcomes.setdefault(shown, []).append(raw)

    leaks = small.leaks({outcome: np.array(rows) for outcome, rows in outcomes.items()})  # type: ignore[misc]  # any key

    assert leaks != []


def test_forms_chosen_by_the_counts_would_be_chosen_otherwise_for_tables_that_agree_with_them() -> None:
    """Narrow bands if no count is small, else wide ones: with these a table without small counts agrees."""
    small = Small(ONE_CHOICE, SMALL)
    outcomes: dict[Outcome, list[np.ndarray]] = {}

    for raw in small.raw_tables(8):
        cells = raw[:4].tolist()
        width = 2 if min(cells) >= SMALL.threshold else 4
        bands = tuple(Interval(n // width * width, min(n // width * width + width - 1, 8)) for n in cells)
        outcomes.setdefault((("act", Interval(8, 8), bands),), []).append(raw)

    assert small.changed({outcome: np.array(rows) for outcome, rows in outcomes.items()}) != []


def test_giving_a_layer_up_table_by_table_would_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were details shown of small organisations too, what is missing would tell: why `detail` is a base."""
    small = Small(TWO_ACTS, replaced(SMALL, detail=2))

    assert small.leaks(small.outcomes(8, monkeypatch)) != []


def test_something_is_shown_of_most_organisations(monkeypatch: pytest.MonkeyPatch) -> None:
    small = Small(ROUTED_SEVERAL, SMALL)

    outcomes = small.outcomes(10, monkeypatch)

    shown = sum(
        len(rows) for outcome, rows in outcomes.items() if any(c.hi < 10 for _, __, cs in outcome for c in cs)
    )
    assert shown > 0.9 * sum(map(len, outcomes.values()))
