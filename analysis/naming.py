"""What tables, options and groups of options are called: in the questionnaire's words, or the indicator's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.indicators import BY_ID, NO, SCORE_GROUPS, YES, GroupsOf, OneOf
from analysis.release import Row, Table, TableOption
from analysis.tables import NO_ANSWER, UNIT
from questionnaires.model import Group, Item, Questionnaire

_BETWEEN: Final = " · "


@dataclass(frozen=True, slots=True)
class Name:
    """
    What to call something, and what exactly is meant where the name alone does not say.

    Attributes:
        text: The name.
        language: Of the text: the reader's, unless the questionnaire does not speak it.
        detail: What it stands for: the answers that are counted as one. Mostly empty.
    """

    text: str
    language: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    yes: str
    no: str
    unsure: str
    points: str
    no_answer: str
    skipped: str
    too_few: str
    alternative: str


_WORDS: Final = {
    "da": _Words(
        yes="Ja",
        no="Nej",
        unsure="I tvivl",
        points="{}–{} point",
        no_answer="Intet svar",
        skipped="Sprunget over",
        too_few="For få af spørgsmålene er besvaret",
        alternative="eller",
    ),
    "en": _Words(
        yes="Yes",
        no="No",
        unsure="In doubt",
        points="{}–{} points",
        no_answer="No answer",
        skipped="Skipped",
        too_few="Too few of the questions answered",
        alternative="or",
    ),
}


def title(kind: str, measured: str, questionnaire: Questionnaire, language: str) -> Name:
    """
    What a table is of: an item's question, or an indicator's name.

    Args:
        kind: "item" or "indicator", as releases and plans call them.
        measured: The item's or the indicator's id.
        questionnaire: What was asked.
        language: "da" or "en".

    Raises:
        UnknownNameError: If there is no such item or indicator.
    """
    if kind == "indicator" and measured in BY_ID:
        return Name(BY_ID[measured].names[language], language)
    item, spoken = questionnaire.item(measured), spoken_language(questionnaire, language)
    return Name(item.text[spoken], spoken)


def group_name(
    table: Table, row: Row, questionnaire: Questionnaire, units: Mapping[str, str], language: str
) -> Name:
    """
    What a row's reporting group is called; nothing for everybody.

    Args:
        table: Whose row it is.
        row: Of the organisation, or of one reporting group.
        questionnaire: What was asked.
        units: Unit id → name, as the manifest has them.
        language: "da" or "en".

    Raises:
        UnknownNameError: If the questionnaire does not break down by the table's item.
    """
    if row.group is None or table.by is None:
        return Name("", language)
    if table.by == UNIT:
        return Name(units.get(row.group, row.group), language)
    group = reporting_group(table, row, questionnaire)
    spoken = spoken_language(questionnaire, language)
    return Name(row.group, language) if group is None else Name(group.label[spoken], spoken)


def reporting_group(table: Table, row: Row, questionnaire: Questionnaire) -> Group | None:
    """The group of a row, by the rung of the breakdown's ladder whose groups are all the table's rows."""
    shown = [each.group for each in table.rows]
    for rung in questionnaire.ladder_of(questionnaire.item(table.by or "")):
        if [group.id for group in rung] == shown:
            return next(group for group in rung if group.id == row.group)
    return None


def spoken_language(questionnaire: Questionnaire, language: str) -> str:
    """The reader's language where the questionnaire has it, else the questionnaire's own."""
    return language if language in questionnaire.languages else questionnaire.default_language


def caution(table: Table, language: str) -> str | None:
    """What an indicator's figure cannot tell, where it needs saying."""
    words = BY_ID[table.item].caution if table.kind == "indicator" and table.item in BY_ID else None
    return None if words is None else words[language]


def option_name(option: TableOption, table: Table, questionnaire: Questionnaire, language: str) -> Name:
    """
    What one option of a table is called.

    Raises:
        UnknownNameError: If the questionnaire has not the table's item.
    """
    if table.kind == "indicator":
        return _outcome_name(option, table, questionnaire, language)
    item = questionnaire.item(table.item)
    answers, spoken = (
        answers_of(option.codes, item, questionnaire, language),
        spoken_language(questionnaire, language),
    )
    if option.id == NO_ANSWER:
        words = _WORDS[language]
        return Name(words.no_answer, language, _BETWEEN.join([*answers, words.skipped]))
    group = _group(option, questionnaire.grouping_of(item))
    if group is not None and len(option.codes) > 1:
        return Name(group.label[spoken], spoken, _BETWEEN.join(answers))
    return Name(alternatives(answers, language) or option.id, spoken)


def alternatives(names: Sequence[str], language: str) -> str:
    """The names with "or" before the last: "a", "a or b", "a, b or c"."""
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} {_WORDS[language].alternative} {names[-1]}"


def answers_of(codes: Iterable[str], item: Item, questionnaire: Questionnaire, language: str) -> list[str]:
    """The labels of these codes of an item, in order."""
    spoken = spoken_language(questionnaire, language)
    labels = {option.code: option.label[spoken] for option in questionnaire.options_of(item)}
    return [labels[code] for code in codes if code in labels]


def _outcome_name(option: TableOption, table: Table, questionnaire: Questionnaire, language: str) -> Name:
    words = _WORDS[language]
    if option.id == NO_ANSWER:
        return Name(words.no_answer, language, _uncounted(table, questionnaire, language))
    if option.id in SCORE_GROUPS:
        return Name(words.points.format(*SCORE_GROUPS[option.id]), language)
    rule = BY_ID[table.item].rule if table.item in BY_ID else None
    if isinstance(rule, GroupsOf):
        item = questionnaire.item(rule.item)
        members = [each.code for each in questionnaire.options_of(item) if each.group == option.id]
        answers = answers_of(members, item, questionnaire, language)
        return Name(" / ".join(answers) or option.id, spoken_language(questionnaire, language))
    return Name({YES: words.yes, NO: words.no, "unsure": words.unsure}.get(option.id, option.id), language)


def _uncounted(table: Table, questionnaire: Questionnaire, language: str) -> str:
    """Why a response is in none of an indicator's outcomes."""
    words = _WORDS[language]
    rule = BY_ID[table.item].rule if table.item in BY_ID else None
    if rule is None or len(rule.items) > 1:
        return words.too_few
    item = questionnaire.item(rule.items[0])
    counted = (
        {code for codes in rule.outcomes.values() for code in codes} if isinstance(rule, OneOf) else set()
    )
    missing = [o.code for o in questionnaire.options_of(item) if o.kind.is_missing and o.code not in counted]
    return _BETWEEN.join([*answers_of(missing, item, questionnaire, language), words.skipped])


def _group(option: TableOption, grouping: tuple[Group, ...]) -> Group | None:
    return next((g for g in grouping if g.id == option.id and set(g.codes) == set(option.codes)), None)
