"""What a release gives reason to talk about, and the limits that come before any talk about it."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from flask_babel import lazy_gettext

from analysis.next_steps import Figures, NextStep, NextSteps, read_next_steps
from survey.dashboards.trusted import Reading

_REMEMBERED: Final = 32
NOT_SURE: Final = lazy_gettext(
    "These figures are too uncertain to point to one thing. Begin with the question of what everybody here "
    "can expect of one another."
)
"""Said where the figures give reason for no question."""


@cache
def rules() -> NextSteps:
    """The alliance's rules, as they stand beside the code."""
    return read_next_steps(files("analysis").joinpath("next_steps.yaml").read_text(encoding="utf-8"))


# A release never changes, and each rule weighs every figure that it names.
@lru_cache(maxsize=_REMEMBERED)
def advice(reading: Reading) -> tuple[NextStep, ...]:
    """The questions that a release's figures give reason to ask, in the rules' order."""
    questionnaire = reading.questionnaire
    return rules().that_speak(Figures(reading.release, questionnaire, str(questionnaire.area)))
