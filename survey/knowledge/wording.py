"""What the library calls things: kinds, audiences, languages, texts, and the findings that entries answer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from flask_babel import get_locale, lazy_gettext

from analysis.next_steps import NextStep, read_next_steps
from survey.categories import CATEGORIES
from survey.knowledge.content import Content, Facet, Kind, Text
from survey.people.sectors import areas

KINDS: Final = {
    Kind.TOOL: lazy_gettext("Tool"),
    Kind.GUIDELINE: lazy_gettext("Guide or guideline"),
    Kind.CAMPAIGN: lazy_gettext("Campaign"),
    Kind.RESEARCH: lazy_gettext("Research"),
    Kind.HELP: lazy_gettext("Help and counselling"),
    Kind.EXPERIENCE: lazy_gettext("Experience"),
    Kind.PROJECT: lazy_gettext("Project"),
}
AUDIENCES: Final = {
    "leader": lazy_gettext("Leaders"),
    "employee": lazy_gettext("Employees"),
    "pupil_student": lazy_gettext("Pupils and students"),
    "teacher": lazy_gettext("Teachers"),
    "volunteer": lazy_gettext("Volunteers"),
    "society_actor": lazy_gettext("Actors in society"),
}
LANGUAGES: Final = {
    "da": lazy_gettext("Danish"),
    "en": lazy_gettext("English"),
    "other": lazy_gettext("Another language"),
}
FACETS: Final = {
    Facet.AREA: lazy_gettext("Area"),
    Facet.AUDIENCE: lazy_gettext("For whom"),
    Facet.CATEGORY: lazy_gettext("What for"),
    Facet.KIND: lazy_gettext("Kind"),
    Facet.LANGUAGE: lazy_gettext("Language"),
}
TEXTS: Final = {
    Text.ABOUT: lazy_gettext("What it is"),
    Text.DONE: lazy_gettext("What was done"),
    Text.FOR_WHOM: lazy_gettext("For whom it was"),
    Text.OUTCOME: lazy_gettext("What came of it"),
    Text.OTHERS: lazy_gettext("What others should know"),
}
FINDINGS: Final = {
    "N01": lazy_gettext("Fewer than half have talked about tone and limits together"),
    "N02": lazy_gettext("Many know neither the rules nor where to turn"),
    "N03": lazy_gettext("Many do not know whom they can turn to"),
    "N04": lazy_gettext("The climate lies low"),
    "N05": lazy_gettext("Some get away with more than others"),
    "N06": lazy_gettext("Leaders are not seen to step in"),
    "N07": lazy_gettext("It does not feel safe to speak up"),
    "N08": lazy_gettext("Degrading talk about women or men is common"),
    "N09": lazy_gettext("Unwanted sexual attention is common"),
    "N10": lazy_gettext("It often comes from customers, patients, citizens or guests"),
    "N11": lazy_gettext("It often comes from somebody with power"),
    "N12": lazy_gettext("Few of those who see it step in"),
    "N13": lazy_gettext("Few tell anybody who is responsible"),
    "N14": lazy_gettext("Those who spoke up were not well received"),
    "N15": lazy_gettext("It hits the young and the new far more often"),
    "N16": lazy_gettext("It often happens at parties, on trips or at introductions"),
    "N17": lazy_gettext("Rehearsals, seasons or shifts begin without a word about it"),
    "N18": lazy_gettext("Many have met the acts, and few call them harassment"),
    "N19": lazy_gettext("Little happens and the climate is good: keep it so"),
}
"""The findings behind the rules of analysis/next_steps.yaml, in words, by the rules' ids."""


def words_of(facet: Facet) -> Mapping[str, object]:
    """Return what the codes of a facet are called, in the order in which they are offered."""
    language = str(get_locale())
    match facet:
        case Facet.AREA:
            return {code: name[language] for code, name in areas().items()}
        case Facet.AUDIENCE:
            return AUDIENCES
        case Facet.CATEGORY:
            return CATEGORIES
        case Facet.KIND:
            return {kind.value: words for kind, words in KINDS.items()}
        case Facet.LANGUAGE:
            return LANGUAGES


def answered_by(content: Content) -> tuple[NextStep, ...]:
    """Return the rules whose findings an entry helps with, in the order of the rules."""
    return tuple(rule for rule in _rules() if rule.tool_category in content.categories)


@cache
def _rules() -> tuple[NextStep, ...]:
    return read_next_steps(files("analysis").joinpath("next_steps.yaml").read_text("utf-8")).rules
