"""`tillid questionnaire`: what is wrong with a definition, what it asks of whom, and a paper to fill in."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import assert_never

import click

from questionnaires.answers import longest_plaintext
from questionnaires.digest import digest
from questionnaires.errors import DefinitionError, did_you_mean
from questionnaires.loading import findings_in, load
from questionnaires.model import (
    AllOf,
    AnyOf,
    Condition,
    Item,
    ItemTest,
    Not,
    Questionnaire,
    Ref,
    Section,
    TestKind,
)
from survey.answering.printing import printed
from survey.commands.files import write_whole

_FILE = click.Path(path_type=Path)


@click.group()
def questionnaire() -> None:
    """Check, show and print definitions."""


@questionnaire.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
def check(files: Sequence[Path]) -> None:
    """
    Print every fault of each definition, or "ok".

    Ends with status 1 if there is a fault: place, fact and remedy stand on one line each.
    """
    faults = 0
    for file in files:
        findings = findings_in(file)
        faults += len(findings)
        for finding in findings:
            click.echo(f"{file}: {finding}")
        if not findings:
            click.echo(f"{file}: ok")
    if faults:
        raise SystemExit(1)


@questionnaire.command()
@click.argument("file", type=_FILE)
@click.option("--lang", "language", help="Language of the texts; the definition's first choice if not given.")
def show(file: Path, language: str | None) -> None:
    """Print what is asked in which order and on what condition, and the definition's digest."""
    shown, chosen = _in_language(file, language)
    for line in lines_of(shown, chosen):
        click.echo(line)


def _in_language(file: Path, language: str | None) -> tuple[Questionnaire, str]:
    try:
        shown = load(file)
    except DefinitionError as error:
        raise click.ClickException(str(error)) from error
    chosen = language or shown.default_language
    if chosen not in shown.languages:
        raise click.ClickException(
            f'{file}: --lang is "{chosen}": it is not written in that.'
            f" {did_you_mean(chosen, shown.languages)}"
        )
    return shown, chosen


@questionnaire.command(name="print")
@click.argument("file", type=_FILE)
@click.option("--lang", "language", help="Language of the paper; the definition's first choice if not given.")
@click.option("--out", type=_FILE, required=True, help="Where the PDF goes.")
def print_command(file: Path, language: str | None, out: Path) -> None:
    """Write the questionnaire as a tagged PDF to fill in by hand, with routing told in words."""
    shown, chosen = _in_language(file, language)
    write_whole(out, printed(shown, chosen))
    click.echo(f"{out}: {shown.id} {shown.version}, {chosen}")


def lines_of(questionnaire: Questionnaire, language: str) -> Iterator[str]:
    """The path tree: sections, below each its items, and the named conditions at the end."""
    yield f"{questionnaire.id} {questionnaire.version}: {questionnaire.title[language]}"
    yield f"digest {digest(questionnaire)}"
    if questionnaire.caution is not None:
        yield f"caution: {questionnaire.caution[language]}"
    yield (
        f"{len(questionnaire.items)} items in {len(questionnaire.sections)} sections;"
        f" a response is at most {longest_plaintext(questionnaire, units=0)} bytes"
    )
    for section in questionnaire.sections:
        yield ""
        yield f"{section.id}{_marks_of_section(section)}: {section.title[language]}"
        yield from _condition_line(section.show_if, "  ")
        for item in section.items:
            yield f"  {item.id}{_marks_of_item(item)}: {item.text[language]}"
            yield from _condition_line(item.show_if, "      ")
            yield f"      {' | '.join(option.code for option in questionnaire.options_of(item))}"
    if questionnaire.conditions:
        yield ""
        yield "conditions"
        yield from (f"  {name} = {in_words(part)}" for name, part in questionnaire.conditions.items())


def in_words(condition: Condition) -> str:
    """A condition on one line."""
    match condition:
        case AllOf():
            return " and ".join(_bracketed(part) for part in condition.all)
        case AnyOf():
            return " or ".join(_bracketed(part) for part in condition.any)
        case Not():
            return f"not {_bracketed(condition.part)}"
        case Ref():
            return condition.ref
        case ItemTest():
            return _test_in_words(condition)
        case _:
            assert_never(condition)


def _bracketed(condition: Condition) -> str:
    words = in_words(condition)
    return f"({words})" if isinstance(condition, AllOf | AnyOf) else words


def _test_in_words(test: ItemTest) -> str:
    items = ", ".join(test.items)
    several = len(test.items) > 1
    if test.kind is TestKind.INCLUDES_NONE:
        return f"{'each of ' if several else ''}{items} includes none of {', '.join(test.codes)}"
    subject = f"any of {items}" if several else items
    if test.kind is TestKind.ANSWERED:
        return f"{subject} is answered"
    return f"{subject} {'is' if test.kind is TestKind.IN else 'includes'} {' or '.join(test.codes)}"


def _condition_line(condition: Condition | None, indent: str) -> Iterator[str]:
    if condition is not None:
        yield f"{indent}if {in_words(condition)}"


def _marks_of_section(section: Section) -> str:
    marks = {
        "sensitive": section.sensitive,
        "content warning": section.content_warning,
        "can be skipped": section.skippable,
    }
    return _marks([mark for mark, is_set in marks.items() if is_set])


def _marks_of_item(item: Item) -> str:
    marks = {
        "sensitive": item.sensitive,
        "content warning": item.content_warning,
        "reversed": item.reverse,
        "breakdown": item.breakdown,
        f"at most {item.max_choices}": item.max_choices is not None,
    }
    return _marks([item.type, *(mark for mark, is_set in marks.items() if is_set)])


def _marks(marks: Sequence[str]) -> str:
    return f" ({', '.join(marks)})" if marks else ""
