"""
Invented respondents, calibrated by published Danish figures: for the demo, and for previews of a release.

The shares come from analysis/reference/benchmarks.yaml (`demo_calibration`), where each has its source; how
they hang together is assumed. Nobody's answers, and labelled so on every page that shows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random  # noqa: TID251  Invented respondents, not a secret.
from typing import TYPE_CHECKING

import yaml

from questionnaires.answers import Answer, Answers, answers_from_codes
from questionnaires.model import Item, ItemType, Option, OptionKind, Questionnaire
from questionnaires.routing import on_path

if TYPE_CHECKING:
    from analysis.tables import OpenedWave

_FIGURES = Path(__file__).parents[2] / "analysis" / "reference" / "benchmarks.yaml"
_LEFT_BLANK = 0.03
_PREFERS_NOT = 0.02
_LIKELY_ACT = 0.45
"""Chance of each act of a kind for somebody who has met that kind: assumed."""
_WITNESS = "witness"
"""What the question measures whether somebody saw it happen to others."""
_IN_PRACTICE = {"k01_guidelines": "yes_know", "k02_contact": "yes", "k04_dialogue": "more"}
"""What somebody says where guidelines are known and the dialogue is held."""

Invented = tuple[int | None, Answers]
"""The position of the unit, or None where it was left blank; and the answers."""


Calibration = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Place:
    """What the invented organisation is like."""

    exposure: str
    """Which of the published prevalences it has, such as `average`."""
    climate: float
    """How good its climate is, 0 to 1: assumed."""
    practice: float | None = None
    """How many know the rules and have talked about them, 0 to 1; None: every answer is as likely."""


def invented(
    questionnaire: Questionnaire, place: Place, number: int, units: Sequence[int], seed: int
) -> list[Invented]:
    """
    `number` invented responses, the same for the same `seed`.

    Args:
        questionnaire: What they answer.
        place: What it is like where they are.
        number: How many.
        units: How likely each unit is, relative to the others; some respondents leave it blank.
        seed: Of the random numbers.
    """
    source = Random(seed)  # noqa: S311  Invented respondents, not a secret.
    crowd = _Crowd(questionnaire, place, _calibration(), source)
    return [crowd.response(units) for _ in range(number)]


def as_opened(
    questionnaire: Questionnaire,
    responses: Sequence[Invented],
    units: Sequence[str] = (),
    parents: Sequence[str | None] = (),
) -> OpenedWave:
    """
    The responses as custody would have them after an opening.

    Args:
        questionnaire: What they answered.
        responses: From `invented`.
        units: Ids of the units, in the order that the responses mean.
        parents: For each unit the one it lies in, or None.
    """
    # Loaded here alone: who invents for the demo's doors needs none of it.
    import numpy as np  # noqa: PLC0415

    from analysis.routes import leave_out_what_was_not_asked  # noqa: PLC0415
    from analysis.tables import OpenedWave  # noqa: PLC0415

    rows = [[_number(unit), *map(_number, answers.chosen)] for unit, answers in responses]
    matrix = np.array(rows, np.int32)
    leave_out_what_was_not_asked(questionnaire, matrix)
    return OpenedWave(questionnaire, tuple(units), matrix, tuple(parents))


def _number(answer: Answer) -> int:
    from analysis.tables import LEFT_BLANK  # noqa: PLC0415

    if answer is None:
        return LEFT_BLANK
    return answer if isinstance(answer, int) else sum(1 << position for position in answer)


def _calibration() -> dict[str, dict[str, float] | float]:
    figures: dict[str, dict[str, float] | float] = yaml.safe_load(_FIGURES.read_text("utf-8"))[
        "demo_calibration"
    ]
    return figures


@dataclass(frozen=True, slots=True)
class _Crowd:
    questionnaire: Questionnaire
    place: Place
    figures: Mapping[str, dict[str, float] | float]
    source: Random

    def response(self, units: Sequence[int]) -> Invented:
        met = self._kinds_met()
        codes = {item.id: code for item in self.questionnaire.items if (code := self._code(item, met))}
        routed = on_path(self.questionnaire, answers_from_codes(self.questionnaire, codes))
        said = sum(units) > 0 and not self._happens(_LEFT_BLANK)
        unit = self.source.choices(range(len(units)), units)[0] if said else None
        return unit, routed.answers

    def _kinds_met(self) -> frozenset[str]:
        """The kinds of acts this respondent has met, by construct."""
        shares = self.figures["any"]
        if not isinstance(shares, dict) or not self._happens(shares[self.place.exposure]):
            return frozenset()
        likely = {
            "behaviour.gender_harassment": "share_gh_given_any",
            "behaviour.unwanted_attention": "share_usa_given_any",
            "behaviour.coercion": "share_coercion_given_any",
            "self_labelling": "self_label_given_any",
        }
        return frozenset(kind for kind, figure in likely.items() if self._happens(self._figure(figure)))

    def _code(self, item: Item, met: frozenset[str]) -> str | list[str] | None:
        if self._happens(_LEFT_BLANK):
            return None
        options = self.questionnaire.options_of(item)
        if item.measures.startswith(("behaviour.", "self_labelling", _WITNESS)):
            return self._frequency(options, exposed=self._happened(item.measures, met))
        if item.scale == "agree5":
            return self._agreement(options, reverse=item.reverse)
        named = [option for option in options if not option.kind.is_missing]
        several = [option.code for option in named if not option.exclusive]
        if item.type is ItemType.MULTI and several:
            return self._several(several, item.max_choices)
        good = _IN_PRACTICE.get(item.id)
        if good is not None and self.place.practice is not None:
            if self._happens(self.place.practice):
                return good
            named = [option for option in named if option.code != good]
        one = self.source.choice(named).code
        return [one] if item.type is ItemType.MULTI else one

    def _happened(self, measured: str, met: frozenset[str]) -> bool:
        if measured == _WITNESS:
            return self._happens(self._figure("witnessed_given_any" if met else "witnessed_given_none"))
        return measured in met and self._happens(_LIKELY_ACT)

    def _frequency(self, options: Sequence[Option], *, exposed: bool) -> str:
        declined = [option.code for option in options if option.kind is OptionKind.NO_ANSWER]
        if declined and self._happens(_PREFERS_NOT):
            return declined[0]
        steps = [option.code for option in options if option.kind is OptionKind.SUBSTANTIVE]
        return self.source.choices(steps[1:], range(len(steps) - 1, 0, -1))[0] if exposed else steps[0]

    def _agreement(self, options: Sequence[Option], *, reverse: bool) -> str:
        steps = [option.code for option in options if option.kind is OptionKind.SUBSTANTIVE]
        place = sum(self._happens(self.place.climate) for _ in range(len(steps) - 1))
        return steps[-1 - place] if reverse else steps[place]

    def _several(self, codes: Sequence[str], most: int | None) -> list[str]:
        return self.source.sample(codes, self.source.randint(1, min(most or 3, len(codes))))

    def _figure(self, name: str) -> float:
        figure = self.figures[name]
        if isinstance(figure, dict):
            raise TypeError(f"benchmarks.yaml: demo_calibration.{name} is not one share")
        return figure

    def _happens(self, share: float) -> bool:
        return self.source.random() < share
