"""
Each way to subtract by itself: an organisation in which the naive rule gives somebody away so; ours does not.

The intruder is the campaign's (tests/attacks/intruder/attack.py): it has the staff list, the questions and
the release. Attacks that need more than one release, or another position, have files of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pytest

from analysis.pipeline import make_release
from analysis.plan import publication_plan
from analysis.tables import LEFT_BLANK, OpenedWave
from policy import POLICY
from questionnaires.model import Questionnaire
from tests.analysis.rosters import definition, multi, provenance, questionnaire, single
from tests.analysis.rosters import wave as answered
from tests.attacks.intruder.attack import attacked
from tests.attacks.intruder.crowd import staff_list
from tests.attacks.rules import Released, naive_release

SEEN: Final = single("seen", "no", "yes", sensitive=True)
SEX: Final = single("sex", "w", "m", missing={"pna": "no_answer"}, breakdown=True)
WITNESSED: Final = single("w01_witnessed", "never", "once", "few", "monthly", sensitive=True)

People = tuple[int, str | None, Mapping[str, str | Sequence[str]]]
"""So many, in that unit, who said that."""


@dataclass(frozen=True)
class Organisation:
    """Who works there and what they said, and by what figures are broken down."""

    asked: Questionnaire
    people: Sequence[People]
    by: tuple[str, ...] = ()

    @property
    def wave(self) -> OpenedWave:
        units = tuple(dict.fromkeys(unit for _, unit, _ in self.people if unit))
        opened = answered(self.asked, [said for many, _, said in self.people for _ in range(many)])
        answers = opened.answers.copy()
        places = [
            units.index(unit) if unit else LEFT_BLANK for many, unit, _ in self.people for _ in range(many)
        ]
        answers[:, 0] = places
        return OpenedWave(self.asked, units, answers.astype(np.int32), (None,) * len(units))


def won(organisation: Organisation, release: Released) -> list[str]:
    """What the intruder tells of the people of an organisation that it must not."""
    wave = organisation.wave
    staff = staff_list(wave.questionnaire, wave.units, wave.answers)
    return [win.what for win in attacked(release, wave.questionnaire, staff).wins]


def ours(organisation: Organisation) -> Released:
    wave = organisation.wave
    plan = publication_plan(wave.questionnaire, breakdowns=organisation.by, open_wave=False)
    return make_release(wave, plan, POLICY, provenance(wave)).model_dump(mode="json")


def said(yes: int, no: int, unit: str | None = None, **more: str) -> Iterable[People]:
    return [(yes, unit, {"seen": "yes", **more}), (no, unit, {"seen": "no", **more})]


# Twenty of each unit answered, and one who named none: what units add up to, taken from the whole, is theirs.
LEFT_BLANK_ONE = Organisation(
    questionnaire(SEEN), [*said(6, 15, "u1"), *said(7, 14, "u2"), *said(1, 0)], ("unit",)
)
# All women are in one unit, with one man: what the unit's count has more than the women's is his.
ONE_MAN = Organisation(
    questionnaire(SEX, SEEN, breakdowns=("sex",)),
    [*said(6, 15, "u1", sex="w"), *said(1, 0, "u1", sex="m"), *said(7, 14, "u2", sex="m")],
    ("unit", "sex"),
)
# Those who know the guidelines, and those of them who know whom to turn to: one knows the one alone.
KNOWS_ONE = Organisation(
    questionnaire(
        single("k01_guidelines", "yes_know", "yes_unknown", "no"),
        single("k02_contact", "yes", "partly", "no"),
    ),
    [
        (20, None, {"k01_guidelines": "yes_know", "k02_contact": "yes"}),
        (1, None, {"k01_guidelines": "yes_know", "k02_contact": "no"}),
        (19, None, {"k01_guidelines": "no", "k02_contact": "no"}),
    ],
)
# Twelve were led to what they did: that many saw something, and three bands of four add up to it.
LED_THERE = Organisation(
    questionnaire(
        WITNESSED,
        multi("did", "spoke", "told", "nothing", sensitive=True, show_if="witnessed"),
        conditions={"witnessed": {"items": ["w01_witnessed"], "in": ["once", "few", "monthly"]}},
    ),
    [
        (40, None, {"w01_witnessed": "never"}),
        *((4, None, {"w01_witnessed": often, "did": ["told"]}) for often in ("once", "few", "monthly")),
    ],
)
# Two left it blank: exact counts of all others, taken from the base.
LEFT_OUT_BY_TWO = Organisation(questionnaire(SEEN), [*said(12, 26), (2, None, {})])

ATTACKS: Final = {
    "units from the whole": LEFT_BLANK_ONE,
    "one breakdown from another": ONE_MAN,
    "one figure from another that it lies in": KNOWS_ONE,
    "the base of those who were led there": LED_THERE,
    "answers from the base": LEFT_OUT_BY_TWO,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_naive_rule_gives_somebody_away(attack: str) -> None:
    organisation = ATTACKS[attack]

    assert won(organisation, naive_release(organisation.wave, organisation.by))


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_released_gives_nobody_away(attack: str) -> None:
    organisation = ATTACKS[attack]
    release = ours(organisation)

    assert won(organisation, release) == []
    # Nor by showing nothing at all: the whole organisation's first figure is there.
    assert release["tables"]


CLIMATE: Final = (
    "c01_taken_seriously",
    "c02_safe_to_tell",
    "c03_consequences_for_all",
    "c04_must_tolerate_tone",
    "c05_some_get_away",
    "c06_peers_step_in",
)
INDEX: Final = "I11_climate_index"


def agreed(people: int) -> Organisation:
    """Everybody gave the best answer to all that the index is made of."""
    asked = definition("workplace")
    best = {item: best_answer(asked, item) for item in CLIMATE}
    return Organisation(asked, [(people, None, best)])


def best_answer(asked: Questionnaire, item_id: str) -> str:
    """The answer at the favourable end of the scale."""
    item = asked.item(item_id)
    codes = [option.code for option in item.options or asked.options_of(item)]
    favourable = next(group for group in asked.grouping_of(item) if group.id == "favourable")
    return min(favourable.codes, key=codes.index) if codes[0] in favourable.codes else favourable.codes[-1]


def test_a_mean_shown_of_few_would_tell_that_nobody_scored_low() -> None:
    organisation = agreed(12)
    naive = naive_release(organisation.wave, ())
    index = next(table for table in naive["tables"] if table["item"] == INDEX)
    with_mean = {**index, "rows": [{**index["rows"][0], "mean": 100}]}

    assert won(organisation, {"tables": [index]}) == []
    assert won(organisation, {"tables": [with_mean]})


def test_no_mean_is_released_of_few_nor_one_that_gives_somebody_away() -> None:
    few, more = ours(agreed(12)), ours(agreed(24))

    means = {table["item"]: row.get("mean") for table in few["tables"] for row in table["rows"]}
    assert set(means.values()) <= {None}
    assert won(agreed(24), more) == []
