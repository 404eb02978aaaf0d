"""What to talk about next: a rule speaks when the published bounds leave no doubt, and only then."""

from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import next_steps
from analysis.indicators import BY_ID
from analysis.measures import measures_of
from analysis.next_steps import (
    Extent,
    Figures,
    GapRule,
    GroupGapRule,
    IndicatorRule,
    ItemRule,
    MeanRule,
    NextSteps,
    NextStepsError,
    read_next_steps,
)
from analysis.release import Row, Table, TableOption
from analysis.tables import Measure
from questionnaires.loading import load
from questionnaires.model import Questionnaire
from tests import releases

RULES = Path("analysis/next_steps.yaml")
DEFINITIONS = sorted(Path("questionnaires/definitions").glob("[a-z]*.yaml"))
ORGANISATION = {"id": "0" * 16, "name": "Havnens Værksted"}


@pytest.fixture(scope="module")
def steps() -> NextSteps:
    return read_next_steps(RULES.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def workplace() -> Questionnaire:
    return _workplace()


@cache
def _workplace() -> Questionnaire:
    return load(Path("questionnaires/definitions/workplace.yaml"))


def figures(workplace: Questionnaire, *shown: Table) -> Figures:
    release = releases.release(workplace, "1" * 16, ORGANISATION, list(shown))
    return Figures(release, workplace, "labour_market")


def exposed(
    workplace: Questionnaire, yes: tuple[int, int], base: int = 60, measured: str = "I01_exposure_any"
) -> Table:
    """An indicator of yes and no, of which nobody left out the answer."""
    no = (base - yes[1], base - yes[0])
    return releases.table(workplace, measured, (yes, no, (0, 0)), (base, base))


def said(steps: NextSteps, figures: Figures) -> list[str]:
    return [rule.id for rule in steps.that_speak(figures)]


def test_the_alliances_rules_can_be_read_and_each_asks_in_both_languages(steps: NextSteps) -> None:
    assert len(steps.rules) >= 19
    assert len({rule.id for rule in steps.rules}) == len(steps.rules)
    for words in [*steps.limits, *(rule.question for rule in steps.rules)]:
        assert words["da"] != words["en"]


def test_every_rule_reads_what_some_questionnaire_asks(steps: NextSteps) -> None:
    definitions = [load(path) for path in DEFINITIONS if path.name != "PUBLISHED.yaml"]
    items = {item.id for definition in definitions for item in definition.items}

    for rule in steps.rules:
        when = rule.when.model_dump()
        named = [when, *when.get("all_of", ()), when.get("gap") or {}, when.get("breakdown_gap") or {}]
        for part in named:
            assert {part[key] for key in ("indicator", "indicator_a", "indicator_b") if key in part} <= set(
                BY_ID
            )
            assert {part["item"]} <= items if "item" in part else True


def test_a_release_in_which_nothing_is_shown_gives_no_advice(
    steps: NextSteps, workplace: Questionnaire
) -> None:
    assert said(steps, figures(workplace)) == []
    assert said(steps, figures(workplace, exposed(workplace, (0, 60)))) == []


@pytest.mark.parametrize(("mean", "speaks"), [(60, True), (65, False), (70, False)])
def test_a_rounded_mean_speaks_only_if_every_mean_that_rounds_to_it_does(
    workplace: Questionnaire, mean: int, speaks: bool
) -> None:
    rule = IndicatorRule(indicator="I11_climate_index", below=65)
    cells = ((0, 60),) * 4
    table = releases.table(workplace, "I11_climate_index", cells, (60, 60), coarse=True, mean=mean)

    assert rule.speaks(figures(workplace, table)) is speaks


@pytest.mark.parametrize(("yes", "speaks"), [((7, 9), True), ((6, 9), False), ((0, 4), False)])
def test_a_share_speaks_only_if_its_least_passes_the_limit(
    workplace: Questionnaire, yes: tuple[int, int], speaks: bool
) -> None:
    rule = IndicatorRule(indicator="I02_exposure_gender_harassment", above=10)
    table = exposed(workplace, yes, measured="I02_exposure_gender_harassment")

    assert rule.speaks(figures(workplace, table)) is speaks


@given(lo=st.integers(0, 60), wider=st.integers(0, 60), limit=st.integers(0, 100))
def test_a_wider_band_never_says_more(lo: int, wider: int, limit: int) -> None:
    workplace = _workplace()
    narrow, wide = (
        next_steps._of_row(table, table.rows[0])
        for table in (
            exposed(workplace, (lo, min(lo + 4, 60))),
            exposed(workplace, (max(0, lo - wider), min(60, lo + 4 + wider))),
        )
    )
    for rule in (IndicatorRule(indicator="any", below=limit), IndicatorRule(indicator="any", above=limit)):
        assert rule.hold(narrow) or not rule.hold(wide)


def test_two_figures_lie_apart_only_if_the_nearest_of_their_bounds_do(workplace: Questionnaire) -> None:
    rule = GapRule.model_validate(
        {
            "gap": {
                "indicator_a": "I01_exposure_any",
                "indicator_b": "I05_self_labelled",
                "difference_above": 15,
            }
        }
    )

    def gap(any_act: tuple[int, int]) -> bool:
        labelled = releases.table(
            workplace, "I05_self_labelled", ((0, 4), (56, 60), (0, 0), (0, 0)), (60, 60)
        )
        return rule.speaks(figures(workplace, exposed(workplace, any_act), labelled))

    assert gap((15, 19))
    assert not gap((10, 14))
    assert not rule.speaks(figures(workplace, exposed(workplace, (30, 34))))


def test_the_youngest_lie_apart_only_from_all_the_others(workplace: Questionnaire) -> None:
    rule = GroupGapRule.model_validate(
        {
            "breakdown_gap": {
                "indicator": "I01_exposure_any",
                "item": "d02_age",
                "youngest_minus_rest_above": 10,
            }
        }
    )
    whole = exposed(workplace, (5, 9))

    def broken_down(of_the_youngest: tuple[int, int], of_the_others: tuple[int, int]) -> Table:
        rows = [
            exposed(workplace, yes, base=30).rows[0].model_copy(update={"group": group})
            for group, yes in (("u45", of_the_youngest), ("45p", of_the_others))
        ]
        return whole.model_copy(update={"by": "d02_age", "rows": tuple(rows)})

    def speaks(table: Table) -> bool:
        asked = figures(workplace, whole)
        release = asked.release.model_copy(update={"tables": (whole, table)})
        return rule.speaks(Figures(release, workplace, "labour_market"))

    assert speaks(broken_down((10, 14), (0, 4)))
    assert not speaks(broken_down((10, 14), (7, 9)))
    assert not rule.speaks(figures(workplace, whole))


def test_an_option_counted_together_with_others_says_nothing_of_itself(workplace: Questionnaire) -> None:
    item = workplace.item("k02_contact")
    apart = releases.table(
        workplace, item.id, tuple((0, 60) for _ in releases_options(workplace, item.id)), (60, 60)
    )
    assert figures(workplace, apart).chosen(item.id, ("no",)) == Extent(Fraction(0), Fraction(100))
    assert figures(workplace, apart).chosen(item.id, ("no such answer",)) is None

    together = apart.model_copy(
        update={
            "options": (
                apart.options[0].model_copy(
                    update={"codes": tuple(c for option in apart.options[:-1] for c in option.codes)}
                ),
                apart.options[-1],
            ),
            "rows": (apart.rows[0].model_copy(update={"cells": ((0, 60), (0, 60))}),),
        }
    )
    assert figures(workplace, together).chosen(item.id, ("no",)) is None


def releases_options(workplace: Questionnaire, item: str) -> tuple[object, ...]:
    return releases.made_up(workplace, _measure(workplace, item), 60).options


def _measure(workplace: Questionnaire, item: str) -> Measure:
    return measures_of(workplace)[item]


def test_a_rule_of_one_area_is_silent_in_the_others(workplace: Questionnaire) -> None:
    rule = ItemRule(item="k02_contact", share_of="no", above=-1, area="culture_leisure")
    shown = figures(workplace, releases.made_up(workplace, _measure(workplace, "k02_contact"), 60))

    assert not rule.speaks(shown)
    assert rule.speaks(Figures(shown.release, workplace, "culture_leisure")) is (
        shown.chosen("k02_contact", ("no",)) is not None
    )


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=5, max_size=5).map(
        lambda cells: [(min(cell), max(cell)) for cell in cells]
    )
)
def test_the_mean_of_an_item_is_bounded_by_every_set_of_answers_within_the_bands(
    cells: list[tuple[int, int]],
) -> None:
    values = [0, 25, 50, 75, 100]
    table = Table(
        id="any",
        kind="item",
        item="any",
        by=None,
        options=(
            *(TableOption(id=str(value), codes=(str(value),)) for value in values),
            TableOption(id="no_answer", codes=()),
        ),
        rows=(Row(group=None, parent=None, base=(0, 15), cells=(*cells, (0, 15))),),
    )

    extent = next_steps._mean(table, table.rows[0], {str(value): value for value in values})

    means = [
        Fraction(sum(n * v for n, v in zip(ns, values, strict=True)), sum(ns))
        for ns in product(*(range(lo, hi + 1) for lo, hi in cells))
        if sum(ns)
    ]
    assert extent == (Extent(min(means), max(means)) if means else None)


def test_a_mean_rule_needs_the_values_of_all_that_is_counted_together(workplace: Questionnaire) -> None:
    rule = MeanRule(item="c05_some_get_away", mean_below_after_reverse=60)

    assert not rule.speaks(figures(workplace))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("rules: [", "no YAML"),
        ("[]", "as a whole"),
        (
            RULES.read_text(encoding="utf-8").replace("tool_category: onboarding", "tool_category: wine", 1),
            "wine is no tool category",
        ),
        (RULES.read_text(encoding="utf-8").replace("below: 50", "under: 50", 1), "when"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused_with_their_place(text: str, fault: str) -> None:
    with pytest.raises(NextStepsError, match=fault):
        read_next_steps(text)
