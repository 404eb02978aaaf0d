"""What a release gives reason to talk about, and the limits that come before any talk about it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from flask_babel import lazy_gettext

from analysis.next_steps import Figures, NextStep, NextSteps, read_next_steps
from survey.dashboards.trusted import Reading

CATEGORIES: Final = {
    "knowledge": lazy_gettext("Knowledge about sexual harassment"),
    "guidelines": lazy_gettext("Guidelines"),
    "norms_agreement": lazy_gettext("Agreements about how we are together"),
    "dialogue": lazy_gettext("Tools for talking together"),
    "bystander": lazy_gettext("Practice for those who see it happen"),
    "leader_training": lazy_gettext("Training for leaders"),
    "contact_points": lazy_gettext("Somebody to turn to"),
    "independent_channel": lazy_gettext("A way past one's own management"),
    "case_procedure": lazy_gettext("What happens when somebody speaks up"),
    "external_parties": lazy_gettext("Customers, patients, citizens and guests"),
    "onboarding": lazy_gettext("A good start for the young and the new"),
    "events": lazy_gettext("Parties, trips and events"),
    "counselling": lazy_gettext("Counselling"),
    "mapping_survey": lazy_gettext("Finding out more"),
    "good_example": lazy_gettext("Good examples"),
    "law": lazy_gettext("The law"),
}
"""What the kinds of tools are called; the library sorts its entries by the same words."""

NOT_SURE: Final = lazy_gettext(
    "These figures are too uncertain to point to one thing. Begin with the question of what everybody here "
    "can expect of one another."
)
"""Said where the figures give reason for no question."""


@cache
def rules() -> NextSteps:
    """The alliance's rules, as they stand beside the code."""
    return read_next_steps(files("analysis").joinpath("next_steps.yaml").read_text(encoding="utf-8"))


def advice(reading: Reading) -> tuple[NextStep, ...]:
    """The questions that a release's figures give reason to ask, in the rules' order."""
    questionnaire = reading.questionnaire
    return rules().that_speak(Figures(reading.release, questionnaire, str(questionnaire.area)))
