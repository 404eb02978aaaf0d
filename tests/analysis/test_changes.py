"""A figure beside an earlier wave's: said where the bounds and chance leave no doubt, and nowhere else."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from statsmodels.stats.proportion import (  # type: ignore[import-untyped]  # it has none
    confint_proportions_2indep,
)

from analysis.changes import LEAST_BASE, Change, Trend, _Side, _surely_above, change
from analysis.release import Release
from analysis.shares import Share
from policy import WAVES
from questionnaires.loading import load
from questionnaires.model import Questionnaire
from tests import releases

ORGANISATION = {"id": "0" * 16, "name": "Havnens Værksted"}
MEASURED = "I14_dialogue_held"
Cells = tuple[tuple[int, int], ...]


@pytest.fixture(scope="module")
def workplace(project_root: Path) -> Questionnaire:
    return load(project_root / "questionnaires/definitions/workplace.yaml")


def release(
    workplace: Questionnaire, cells: Cells, base: int = 100, invited: int = 1000, measured: str = MEASURED
) -> Release:
    table = releases.table(workplace, measured, cells, (base, base), coarse=True)
    heard = {"invited": invited, "received": base, "withdrawn": 0, "rejected": {}, "counted": base}
    return releases.release(workplace, "1" * 16, ORGANISATION, [table], heard)


def said(workplace: Questionnaire, before: Release, after: Release) -> Change | None:
    return change(MEASURED, before, after, workplace)


def exact(yes: int, base: int = 100) -> Cells:
    return ((yes, yes), (base - yes - 5, base - yes - 5), (5, 5))


@pytest.mark.parametrize(
    ("before", "after", "trend"),
    [
        (exact(30), exact(60), Trend.HIGHER),
        (exact(60), exact(30), Trend.LOWER),
        (exact(45), exact(50), Trend.NO_CLEAR_CHANGE),
        # The least of the one is under the most of the other.
        (((20, 49), (46, 75), (5, 5)), ((45, 60), (35, 50), (5, 5)), Trend.NO_CLEAR_CHANGE),
        # Bounds lie apart, and by less than chance makes.
        (((40, 44), (51, 55), (5, 5)), ((46, 50), (45, 49), (5, 5)), Trend.NO_CLEAR_CHANGE),
        (((5, 9), (86, 90), (5, 5)), ((30, 34), (61, 65), (5, 5)), Trend.HIGHER),
    ],
)
def test_a_change_is_said_where_bounds_and_chance_leave_no_doubt(
    workplace: Questionnaire, before: Cells, after: Cells, trend: Trend
) -> None:
    found = said(workplace, release(workplace, before), release(workplace, after))

    assert found is not None
    assert found.trend is trend


def test_where_everybody_was_heard_there_is_no_chance(workplace: Questionnaire) -> None:
    some = said(workplace, release(workplace, exact(45)), release(workplace, exact(50)))
    everybody = [release(workplace, exact(yes), invited=100) for yes in (45, 50)]
    all_heard = said(workplace, everybody[0], everybody[1])

    assert some is not None
    assert all_heard is not None
    assert (some.trend, all_heard.trend) == (Trend.NO_CLEAR_CHANGE, Trend.HIGHER)


def test_of_too_few_and_of_what_is_hidden_nothing_is_said(workplace: Questionnaire) -> None:
    large, small = release(workplace, exact(30)), release(workplace, exact(5, 19), 19)
    hidden = release(workplace, ((0, 100),) * 3)

    assert WAVES.trend == LEAST_BASE
    assert said(workplace, small, large) is None
    assert said(workplace, large, small) is None
    assert said(workplace, hidden, large) is None
    assert said(workplace, large, hidden) is None


def test_what_was_asked_otherwise_or_says_no_one_thing_is_not_compared(workplace: Questionnaire) -> None:
    now = release(workplace, exact(30))
    table = now.tables[0]
    renamed = table.options[0].model_copy(update={"id": "often"})
    otherwise = now.model_copy(
        update={"tables": (table.model_copy(update={"options": (renamed, *table.options[1:])}),)}
    )
    roles = ((20, 20), (30, 30), (45, 45), (5, 5))
    profile = release(workplace, roles, measured="k02_contact")

    assert said(workplace, otherwise, now) is None
    assert said(workplace, release(workplace, exact(30), measured=MEASURED), profile) is None


@pytest.mark.parametrize(("first", "second"), [(30, 48), (30, 43), (30, 44), (10, 20), (50, 64), (0, 5)])
def test_chance_is_counted_as_newcombe_does(first: int, second: int) -> None:
    least, _ = confint_proportions_2indep(second, 100, first, 100, method="newcomb", compare="diff")
    shares = [Share(Fraction(count, 100), Fraction(count, 100)) for count in (first, second)]

    assert _surely_above(_Side(shares[1], 100), _Side(shares[0], 100)) == (least > 0)
