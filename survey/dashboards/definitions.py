"""
What each figure of a release means: what counts, among whom, how far it is told, and by which rules.

For whoever asks how a number came about. All of it follows from the questionnaire, the alliance's indicators,
the manifest and the release's ledger; nothing is said that the release does not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from flask_babel import gettext, lazy_gettext

from analysis.indicators import BY_ID, AllOf, AnyOf, GroupChosen, GroupsOf, OneOf, Score
from analysis.indicators import Rule as IndicatorRule
from analysis.naming import Name, alternatives, answers_of, title
from analysis.release import Table
from analysis.tables import Interval
from analysis.wording import WORDINGS
from policy import POLICY
from questionnaires.model import Questionnaire
from survey.dashboards.trusted import Reading

_Meaning: TypeAlias = tuple[tuple[str, ...], tuple[tuple[Name, str], ...]]
_RULES: Final = {
    "opening": lazy_gettext("Answers needed before anything at all is opened"),
    "general": lazy_gettext("People in a group before its figures on climate, rules and dialogue are shown"),
    "sensitive": lazy_gettext("People in a group before its figures on acts, met or seen, are shown"),
    "coercion": lazy_gettext("Answers needed before figures on coercion are shown, for all together only"),
    "routed_respondents": lazy_gettext(
        "Answers needed before questions that only some were asked are shown, for all together only"
    ),
    "routed_base": lazy_gettext("People who must have been asked such a question"),
    "mean": lazy_gettext("People in a group before a mean is shown, rounded to the nearest 5"),
}
"""The policy's numbers that a reader meets."""
FORMS: Final = {
    "exact": lazy_gettext("Exact numbers. Each is at least 5, and so is the number of all others."),
    "bands": lazy_gettext("Ranges of five, such as “5–9”. The lowest is “fewer than 5”, and may be nobody."),
    "wide_bands": lazy_gettext("Wide ranges, since narrower ones could give somebody away."),
    "hidden": lazy_gettext("Hidden: the group is too small, or the number could give somebody away."),
}
"""How far a table is told; the most that any of its cells is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One number of the policy under which the wave was held."""

    words: str
    number: int
    is_raised: bool


@dataclass(frozen=True, slots=True)
class Definition:
    """
    One figure's meaning.

    Attributes:
        anchor: Of its figure.
        name: What it is called.
        how: How an answer is counted, a sentence each.
        questions: What was asked, with the answers that count; empty where each stands by itself.
        base: How many were asked, in words; None where it is not shown.
        form: How far it is told.
    """

    anchor: str
    name: Name
    how: tuple[str, ...]
    questions: tuple[tuple[Name, str], ...]
    base: str | None
    form: str


def rules_of(reading: Reading) -> tuple[Rule, ...]:
    """The numbers that decide what is shown, as the wave promised them."""
    raised = reading.release.policy.raised
    held = POLICY.in_force(raised)
    return tuple(Rule(str(words), getattr(held, name), name in raised) for name, words in _RULES.items())


def definitions(reading: Reading, language: str) -> tuple[Definition, ...]:
    """Of each figure of the organisation that was planned, in the plan's order, indicators first."""
    planned = [plan for plan in reading.manifest.publication if plan.by is None]
    planned.sort(key=lambda plan: plan.kind == "item")
    return tuple(_definition(reading, plan.table, plan.kind, plan.item, language) for plan in planned)


def _definition(reading: Reading, anchor: str, kind: str, measured: str, language: str) -> Definition:
    table, asked = reading.release.table(anchor), reading.questionnaire
    how, questions = _meaning(kind, measured, asked, language)
    return Definition(
        anchor=anchor,
        name=title(kind, measured, asked, language),
        how=how,
        questions=questions,
        base=None if table is None else _base(table, language),
        form=str(FORMS["hidden" if table is None else reading.release.ledger.forms[anchor]]),
    )


def _base(table: Table, language: str) -> str:
    return WORDINGS[language].asked(Interval(*table.rows[0].base))


def _meaning(kind: str, measured: str, asked: Questionnaire, language: str) -> _Meaning:
    if kind == "item" or measured not in BY_ID:
        return (gettext("One question, as it was asked."),), ()
    rule = BY_ID[measured].rule
    counted = _counted(rule, asked)
    questions = tuple(
        (
            title("item", item, asked, language),
            alternatives(_quoted(answers_of(codes, asked.item(item), asked, language), language), language),
        )
        for item, codes in counted.items()
    )
    return _how(rule), questions


def _quoted(answers: Sequence[str], language: str) -> list[str]:
    return [WORDINGS[language].quoted.format(answer) for answer in answers]


def _counted(rule: IndicatorRule, asked: Questionnaire) -> dict[str, tuple[str, ...]]:
    """Which answers count, by item; none where each of them does."""
    match rule:
        case AnyOf():
            return dict.fromkeys(rule.items, rule.codes)
        case AllOf():
            return {item: (code,) for item, code in rule.codes.items()}
        case OneOf():
            return {rule.item: tuple(code for codes in rule.outcomes.values() for code in codes)}
        case GroupChosen():
            options = asked.options_of(asked.item(rule.item))
            return {rule.item: tuple(option.code for option in options if option.group == rule.group)}
        case GroupsOf() | Score():
            return dict.fromkeys(rule.items, ())
        case _:
            assert_never(rule)


def _how(rule: IndicatorRule) -> tuple[str, ...]:
    match rule:
        case AnyOf():
            how = gettext("Counts those who gave one of these answers to at least one of the questions.")
            return how, _least(rule.least_valid)
        case AllOf():
            return (gettext("Counts those who gave these answers to all of the questions."),)
        case OneOf():
            return (gettext("Counts the answers to one question."),)
        case GroupsOf():
            return (gettext("Counts kinds of answers. One person can be in several."),)
        case GroupChosen():
            return (gettext("Counts those who gave at least one of these answers."),)
        case Score():
            how = gettext("Each person's mean of these questions, from 0 to 100, rounded to the nearest 5.")
            turned = gettext("Where a question is put the other way round, so is what its answers count.")
            return how, turned, _least(rule.least_valid)
        case _:
            assert_never(rule)


def _least(number: int) -> str:
    if number == 1:
        return str(gettext("Whoever answered none of them is not counted."))
    return str(gettext("Whoever answered fewer than %(least)s of them is not counted.", least=number))
