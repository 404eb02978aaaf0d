"""One paper questionnaire, asked for in a terminal: the path is followed, and one can always go back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import click

from questionnaires.answers import Answers, answers_from_codes
from questionnaires.errors import AnswerError
from questionnaires.model import Item, ItemType, Questionnaire
from questionnaires.routing import path
from survey.commands.files import Reply
from survey.waves.manifest import Unit

BACK: Final = "<"
_HELP: Final = (
    "The number beside the cross; several with spaces; Enter where nothing is crossed; < to go back."
)


@dataclass(slots=True)
class Paper:
    """What has been typed of one paper so far."""

    questionnaire: Questionnaire
    units: Sequence[Unit]
    language: str
    unit: int | None = None
    codes: dict[str, list[str]] = field(default_factory=dict)

    def answers(self) -> Answers:
        """What is crossed, as positions; answers that the path has left are still in it."""
        questionnaire = self.questionnaire
        single = {name: codes[0] for name, codes in self.codes.items() if codes}
        given = {
            name: codes if questionnaire.item(name).type is ItemType.MULTI else single[name]
            for name, codes in self.codes.items()
            if codes
        }
        return answers_from_codes(questionnaire, given)

    def summary(self) -> Iterator[str]:
        """What is crossed, a line per question, for the typist to hold beside the paper."""
        for name in path(self.questionnaire, self.answers()):
            item = self.questionnaire.item(name)
            labels = {option.code: option.label for option in self.questionnaire.options_of(item)}
            crossed = [labels[code][self.language] for code in self.codes.get(name, [])]
            yield f"{item.text[self.language]}  {'; '.join(crossed) or '–'}"

    def reply(self) -> Reply:
        """What is to be sent."""
        return Reply(self.unit, self.answers())


def ask(questionnaire: Questionnaire, units: Sequence[Unit], language: str) -> Paper:
    """Ask for everything on one paper, in its order."""
    paper = Paper(questionnaire, units, language)
    click.echo(_HELP)
    asked: list[str] = []
    step = _next_step(paper, asked)
    while step is not None:
        went_back = _ask_unit(paper) if step == _UNIT else _ask_item(paper, questionnaire.item(step))
        if not went_back:
            asked.append(step)
        elif asked:
            asked.pop()
        step = _next_step(paper, asked)
    return paper


_UNIT: Final = ""
"""No item has this id."""


def _next_step(paper: Paper, asked: Sequence[str]) -> str | None:
    steps = [_UNIT] if paper.units else []
    steps += path(paper.questionnaire, paper.answers())
    return next((step for step in steps if step not in asked), None)


def _ask_unit(paper: Paper) -> bool:
    _show("Unit / afdeling", [unit.name for unit in paper.units])
    chosen = _numbers(len(paper.units), most=1)
    if chosen is None:
        return True
    paper.unit = chosen[0] if chosen else None
    return False


def _ask_item(paper: Paper, item: Item) -> bool:
    """Whether the typist wants to go back."""
    options = paper.questionnaire.options_of(item)
    _show(item.text[paper.language], [option.label[paper.language] for option in options])
    is_multi = item.type is ItemType.MULTI
    while True:
        chosen = _numbers(len(options), most=(item.max_choices or len(options)) if is_multi else 1)
        if chosen is None:
            return True
        paper.codes[item.id] = [options[place].code for place in chosen]
        try:
            paper.answers()
        except AnswerError as fault:
            click.echo(f"  {fault}")
        else:
            return False


def _show(question: str, labels: Sequence[str]) -> None:
    click.echo(f"\n{question}")
    for number, label in enumerate(labels, 1):
        click.echo(f"  {number:>2}  {label}")


def _numbers(highest: int, *, most: int) -> list[int] | None:
    """Positions of what is crossed, ascending; None to go back."""
    while True:
        typed = click.prompt(">", default="", show_default=False, prompt_suffix=" ").strip()
        if typed == BACK:
            return None
        numbers = sorted(set(_read(typed)))
        if all(1 <= number <= highest for number in numbers) and len(numbers) <= most:
            return [number - 1 for number in numbers]
        click.echo(f"  Type {'one number' if most == 1 else f'at most {most} numbers'} from 1 to {highest}.")


def _read(typed: str) -> Iterator[int]:
    for word in re.split(r"[\s,]+", typed):
        if word:
            yield int(word) if word.isascii() and word.isdigit() else 0
