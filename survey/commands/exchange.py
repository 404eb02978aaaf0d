"""`tillid questionnaire import` and `export`: from other formats, to other formats, each with its report."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click
import yaml

from analysis.agreement import as_asked
from analysis.release import Release, ReleaseError, from_bytes
from analysis.tables import NO_ANSWER
from questionnaires.errors import did_you_mean
from questionnaires.exchange.building import Imported
from questionnaires.exchange.codebook import write_codebook
from questionnaires.exchange.ddi import Counted, Frequencies, Study, write_ddi
from questionnaires.exchange.exported import Exported
from questionnaires.exchange.limesurvey_writing import write_limesurvey
from questionnaires.exchange.reading import read_questionnaire
from questionnaires.exchange.report import Entry, Outcome, grouped
from questionnaires.exchange.xlsform_writing import write_xlsform
from questionnaires.files import read_file
from questionnaires.loading import load
from questionnaires.model import Questionnaire

_FILE = click.Path(path_type=Path)
_HEADINGS: Final = {
    Outcome.CARRIED: "carried over",
    Outcome.CHANGED: "changed",
    Outcome.LEFT_OUT: "left out",
}
FORMATS: Final = ("xlsform", "limesurvey", "ddi", "codebook")


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--out", required=True, type=_FILE, help="The definition to write; it must not be there yet.")
@click.option("--language", default="da", show_default=True, help="Of texts that name no language.")
@click.option("--strict", is_flag=True, help="Write nothing if anything is left out.")
def import_command(files: Sequence[Path], out: Path, language: str, *, strict: bool) -> None:
    """
    Make a definition of an XLSForm (.xlsx, .xls, .csv) or a LimeSurvey survey structure (.lss).

    Ends with what was carried over, changed and left out, and where. Status 1 if nothing was written, or what
    was written has faults that must be mended before it can be fielded.
    """
    imported = _imported(files, language)
    for line in report_lines(imported.entries):
        click.echo(line)
    for finding in imported.findings:
        click.echo(f"fault: {finding}")
    if strict and not imported.is_whole:
        raise click.ClickException("--strict: something is left out, and nothing was written.")
    if not imported.definition["sections"]:
        raise click.ClickException("nothing was written.")
    _write(out, _as_yaml(imported.definition))
    if imported.findings:
        raise click.ClickException(f"{out}: written, with {len(imported.findings)} faults to mend.")


@click.command("export")
@click.argument("file", type=_FILE)
@click.option("--to", "to", required=True, type=click.Choice(FORMATS), help="The format.")
@click.option("--out", required=True, type=_FILE, help="The file to write; it must not be there yet.")
@click.option("--lang", "language", help="Of a codebook; the definition's first choice if not given.")
@click.option("--release", "released", type=_FILE, help="With ddi: a release, whose figures stand beside.")
def export_command(file: Path, to: str, out: Path, language: str | None, released: Path | None) -> None:
    """
    Write a definition as XLSForm, LimeSurvey survey structure, DDI-Codebook 2.5 or a codebook to print.

    Ends with what the format says in another way, or has no place for.
    """
    questionnaire = load(file)
    if released is not None and to != "ddi":
        raise click.ClickException(f"--release: {to} has no place for figures. Leave it out, or write ddi.")
    exported = _exported(questionnaire, to, language, released)
    _write(out, exported.content)
    for line in report_lines(exported.entries):
        click.echo(line)


class _PlainDumper(yaml.SafeDumper):
    """Writes each text out where it stands: a definition file has no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        """Whatever it is."""
        del data
        return True


def _as_yaml(definition: dict[str, object]) -> bytes:
    return yaml.dump(definition, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True).encode()


def report_lines(entries: Sequence[Entry]) -> Iterator[str]:
    """A report by outcome, each fact once with all the places it is said of."""
    for outcome in Outcome:
        for fact, places in grouped(entries, outcome).items():
            yield f"{_HEADINGS[outcome]}: {', '.join(places)}: {fact}"


def study_of(release: Release) -> Study:
    """The figures of a release, of the organisation as a whole, in the forms they were published in."""
    period = release.wave.field_period
    return Study(
        organisation=release.wave.organisation.name,
        first_day=period.first_day,
        last_day=period.last_possible_day,
        frequencies=dict(_frequencies(release)),
    )


def _frequencies(release: Release) -> Iterator[tuple[str, Frequencies]]:
    for table in release.tables:
        row = next((row for row in table.rows if row.group is None), None)
        if table.kind == "item" and table.by is None and row is not None:
            counted = tuple(
                Counted(option.id, () if option.id == NO_ANSWER else option.codes, cell)
                for option, cell in zip(table.options, row.cells, strict=True)
            )
            yield table.item, Frequencies(row.base, counted)


def _imported(files: Sequence[Path], language: str) -> Imported:
    contents: dict[str, bytes] = {}
    for file in files:
        try:
            contents[file.name] = read_file(file)
        except OSError as error:
            raise click.ClickException(f"{file}: cannot be read ({error.strerror}). Give a form.") from error
    return read_questionnaire(contents, language)


def _exported(questionnaire: Questionnaire, to: str, language: str | None, released: Path | None) -> Exported:
    match to:
        case "xlsform":
            return write_xlsform(questionnaire)
        case "limesurvey":
            return write_limesurvey(questionnaire)
        case "ddi":
            return write_ddi(*_with_figures(questionnaire, released))
        case _:
            return write_codebook(questionnaire, _spoken(questionnaire, language))


def _spoken(questionnaire: Questionnaire, language: str | None) -> str:
    chosen = language or questionnaire.default_language
    if chosen not in questionnaire.languages:
        raise click.ClickException(
            f'--lang is "{chosen}": it is not written in that.'
            f" {did_you_mean(chosen, questionnaire.languages)}"
        )
    return chosen


def _with_figures(questionnaire: Questionnaire, released: Path | None) -> tuple[Questionnaire, Study | None]:
    """The questionnaire as the wave asked it, and what was published of it."""
    if released is None:
        return questionnaire, None
    try:
        release = from_bytes(read_file(released))
    except OSError as error:
        raise click.ClickException(
            f"{released}: cannot be read ({error.strerror}). Give a release."
        ) from error
    except ReleaseError as error:
        raise click.ClickException(f"{released}: {error}") from error
    asked = as_asked(questionnaire, release.questionnaire)
    if asked is None:
        raise click.ClickException(
            f"{released}: it is of another questionnaire. Give the definition that was fielded."
        )
    return asked, study_of(release)


def _write(out: Path, content: bytes) -> None:
    try:
        with out.open("xb") as stream:
            stream.write(content)
    except FileExistsError as error:
        raise click.ClickException(f"{out}: it is there already. Give another name.") from error
    except OSError as error:
        raise click.ClickException(f"{out}: cannot be written ({error.strerror}).") from error
