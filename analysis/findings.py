"""
The one sentence that says what a table shows, and never more than all of its bounds say.

A finding is a function of the published bounds alone (docs/explanation/disclosure.md, R4): which option it
speaks of follows from the questionnaire, or from bounds that leave no doubt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis.naming import alternatives, answers_of, option_name
from analysis.release import Row, Table
from analysis.shares import Share, shares_of_answered
from analysis.tables import NO_ANSWER, Interval
from analysis.wording import WORDINGS, Wording, is_hidden
from questionnaires.model import Questionnaire

_BEST_GROUP: Final = "favourable"
_EVER: Final = "ever"
_YES: Final = "yes"
_NAMED_AT_MOST: Final = 2


@dataclass(frozen=True, slots=True)
class _Sentences:
    hidden: str
    headline_hidden: str
    answers: str
    happened: str
    mean: str
    high_scores: str
    most_common: str
    most_chosen: str
    undecided: str
    indicators: dict[str, str]


_SENTENCES: Final = {
    "da": _Sentences(
        hidden="Tallene er skjult for at beskytte dem, der svarede.",
        headline_hidden="Hvor mange der {}, er skjult for at beskytte dem, der svarede.",
        answers="svarer {}",
        happened="svarer, at det er sket mindst én gang",
        mean="Gennemsnittet er omkring {} ud af 100.",
        high_scores="ligger på 65 eller mere",
        most_common="Det hyppigste svar er {}",
        most_chosen="Flest har valgt {}",
        undecided="Tallene afgør ikke, hvilket svar der er det hyppigste.",
        indicators={
            "I01_exposure_any": "har oplevet mindst én af handlingerne inden for de seneste 12 måneder",
            "I02_exposure_gender_harassment": (
                "har oplevet kønskrænkende adfærd inden for de seneste 12 måneder"
            ),
            "I03_exposure_unwanted_attention": (
                "har oplevet uønsket seksuel opmærksomhed inden for de seneste 12 måneder"
            ),
            "I04_exposure_coercion": (
                "har oplevet seksuel tvang eller bestikkelse inden for de seneste 12 måneder"
            ),
            "I05_self_labelled": (
                "siger selv, at de er blevet udsat for seksuel chikane inden for de seneste 12 måneder"
            ),
            "I06_witnessed": "har set eller hørt andre blive udsat inden for de seneste 12 måneder",
            "S01_repeated": "har oplevet det flere gange inden for de seneste 12 måneder",
            "S02_directed": "har oplevet noget, der var rettet mod dem selv, inden for de seneste 12 måneder",
            "I08_told_formal": "har fortalt det til en med ansvar",
            "I10_awareness": "kender reglerne og ved, hvem de kan gå til",
            "I14_dialogue_held": "har talt sammen om tone og grænser inden for de seneste 12 måneder",
        },
    ),
    "en": _Sentences(
        hidden="The figures are hidden to protect people.",
        headline_hidden="How many {} is hidden to protect people.",
        answers="answer {}",
        happened="say that it has happened at least once",
        mean="The mean is about {} out of 100.",
        high_scores="score 65 or more",
        most_common="The most common answer is {}",
        most_chosen="Most often chosen: {}",
        undecided="The figures do not settle which answer is the most common.",
        indicators={
            "I01_exposure_any": "have experienced at least one of the acts in the last 12 months",
            "I02_exposure_gender_harassment": "have experienced gender harassment in the last 12 months",
            "I03_exposure_unwanted_attention": (
                "have experienced unwanted sexual attention in the last 12 months"
            ),
            "I04_exposure_coercion": "have experienced sexual coercion or bribery in the last 12 months",
            "I05_self_labelled": "say themselves that they have been sexually harassed in the last 12 months",
            "I06_witnessed": "have seen or heard others being exposed in the last 12 months",
            "S01_repeated": "have experienced it more than once in the last 12 months",
            "S02_directed": "have experienced something directed at themselves in the last 12 months",
            "I08_told_formal": "have told someone in a position of responsibility",
            "I10_awareness": "know the rules and know whom to turn to",
            "I14_dialogue_held": "have talked about tone and boundaries in the last 12 months",
        },
    ),
}


@dataclass(frozen=True, slots=True)
class Headline:
    """What a sentence speaks of: some of the options taken together, and what choosing one of them means."""

    options: frozenset[str]
    doing: str


def finding(table: Table, row: Row, questionnaire: Questionnaire, language: str) -> str:
    """
    What one row of a table shows, in a sentence or two.

    Raises:
        UnknownNameError: If the table is not of this questionnaire.
    """
    words = _SENTENCES[language]
    mean = "" if row.mean is None else words.mean.format(row.mean) + " "
    if _says_nothing(row):
        return mean.strip() or words.hidden
    said = headline(table, questionnaire, language)
    if said is None:
        return mean + _most_common(table, row, questionnaire, language)
    return mean + _told(said, table, row, language)


def _says_nothing(row: Row) -> bool:
    return all(is_hidden(Interval(*cell), Interval(*row.base)) for cell in row.cells)


def headline(table: Table, questionnaire: Questionnaire, language: str) -> Headline | None:
    """What a table's sentence speaks of: options that it takes together; None where no few of them say it."""
    words = _SENTENCES[language]
    ids = {option.id for option in table.options}
    if table.kind == "indicator":
        if _BEST_GROUP in ids:
            return Headline(frozenset({_BEST_GROUP}), words.high_scores)
        doing = words.indicators.get(table.item)
        return Headline(frozenset({_YES}), doing) if doing and _YES in ids else None
    if table.multiple:
        return None  # people stand in several options, so options taken together count no one
    item = questionnaire.item(table.item)
    groups = {group.id: group.codes for group in questionnaire.grouping_of(item)}
    for group_id in (_BEST_GROUP, _EVER):
        codes = groups.get(group_id, ())
        options = [option for option in table.options if set(option.codes) <= set(codes) and option.codes]
        if options:
            answers = answers_of(codes, item, questionnaire, language)
            quoted = [WORDINGS[language].quoted.format(answer) for answer in answers]
            doing = (
                words.happened if group_id == _EVER else words.answers.format(alternatives(quoted, language))
            )
            return Headline(frozenset(option.id for option in options), doing)
    return None


def _told(said: Headline, table: Table, row: Row, language: str) -> str:
    words, wording = _SENTENCES[language], WORDINGS[language]
    cell, share = together(said.options, table, row)
    base = Interval(*row.base)
    if is_hidden(cell, base):
        return words.headline_hidden.format(said.doing)
    # A low band by itself is a phrase people know; several of them summed up ("fewer than 13") are not.
    is_low_band = cell.lo == 0 and len(said.options) == 1
    by_number = wording.count(cell, base) if is_low_band or share.is_unknown else None
    lead, percent = _lead(by_number, share, wording)
    return f"{_capitalised(lead)} {said.doing}{percent}."


def _lead(by_number: str | None, share: Share, wording: Wording) -> tuple[str, str]:
    """How a sentence begins, and the per cents that follow in brackets unless it began with them."""
    percent = wording.share(share, in_a_sentence=True)
    lead = by_number or wording.plainly(share)
    if lead is None:
        return percent, ""
    return lead, "" if share.is_unknown else f" ({percent})"


def together(options: frozenset[str], table: Table, row: Row) -> tuple[Interval, Share]:
    """Bounds of the count of several options taken as one, and their share of those who answered."""
    cells = {option.id: Interval(*cell) for option, cell in zip(table.options, row.cells, strict=True)}
    base = Interval(*row.base)
    chosen = [cells[option] for option in cells if option in options]
    others = [cells[option] for option in cells if option not in options and option != NO_ANSWER]
    least, most = sum(cell.lo for cell in chosen), sum(cell.hi for cell in chosen)
    together = Interval(least, min(most, base.hi))
    shares = shares_of_answered([together, *others, cells[NO_ANSWER]], base, multiple=table.multiple)
    return together, shares[0]


def _most_common(table: Table, row: Row, questionnaire: Questionnaire, language: str) -> str:
    words, wording = _SENTENCES[language], WORDINGS[language]
    cells = [Interval(*cell) for cell in row.cells]
    base = Interval(*row.base)
    leading = _leading(cells[:-1])
    # Of two answers, "the most common is one or the other" would say nothing in many words.
    is_any = len(leading) == len(cells) - 1 > 1
    if is_any or len(leading) > _NAMED_AT_MOST or is_hidden(cells[leading[0]], base):
        return words.undecided
    names = [option_name(table.options[place], table, questionnaire, language).text for place in leading]
    said = words.most_chosen if table.multiple else words.most_common
    sentence = said.format(alternatives([wording.quoted.format(name) for name in names], language))
    share = shares_of_answered(cells, base, multiple=table.multiple)[leading[0]]
    if len(leading) > 1 or share.is_unknown:
        return f"{sentence}."
    return f"{sentence}: {wording.share(share, in_a_sentence=True)}."


def _leading(cells: Sequence[Interval]) -> list[int]:
    """Places of the options that may be the most common: those that no other surely passes."""
    surely = max(cell.lo for cell in cells)
    return [place for place, cell in enumerate(cells) if cell.hi >= surely]


def _capitalised(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
