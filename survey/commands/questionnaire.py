"""`tillid questionnaire`: what is wrong with a definition, what it asks of whom, and a paper to fill in."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from questionnaires.answers import longest_plaintext
from questionnaires.digest import digest
from questionnaires.errors import DefinitionError, did_you_mean
from questionnaires.loading import findings_in, load
from questionnaires.model import Condition, Item, Questionnaire, Section
from questionnaires.wording import in_words
from survey.answering.printing import printed
from survey.commands.exchange import export_command, import_command
from survey.commands.written import check_out, write_whole

_FILE = click.Path(path_type=Path)


@click.group()
def questionnaire() -> None:
    """Check, show, print, import and export definitions."""


questionnaire.add_command(import_command)
questionnaire.add_command(export_command)


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
    check_out(out, [file])
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
