"""Observations as a workbook: the figures, a codebook that says what each column means, and the source."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from analysis.publication.observations import COLUMNS, Observation

_Value = str | float | None
_WIDE: Final = frozenset({"title", "option_name"})
_WIDTH, _WIDER = 16, 48


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    One sheet: what it is called, the names of its columns, and its lines.

    Attributes:
        wide: Names of the columns that hold sentences.
    """

    name: str
    columns: Sequence[str]
    lines: Iterable[Sequence[_Value]]
    wide: frozenset[str] = _WIDE


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words of a workbook: sheets' names, and what each column means."""

    figures: str
    codebook: str
    about: str
    column: str
    meaning: str
    columns: dict[str, str]


def workbook(
    observed: Iterable[Observation], about: Sequence[tuple[str, str]], language: str, made_on: datetime.date
) -> bytes:
    """
    The observations as an XLSX file of three sheets.

    Args:
        observed: From `observations.py`.
        about: What the figures are of, as pairs of a heading and a text.
        language: "da" or "en".
        made_on: The day of the release, which the file carries as its own: a clock would tell nothing more.
    """
    words = _WORDS[language]
    sheets = (
        Sheet(words.figures, COLUMNS, (each.values for each in observed)),
        Sheet(
            words.codebook,
            (words.column, words.meaning),
            [(name, words.columns[name]) for name in COLUMNS],
            frozenset({words.meaning}),
        ),
        Sheet(words.about, ("", words.about), about, frozenset({words.about})),
    )
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _write(book.create_sheet(sheet.name), sheet)
    book.properties.creator = "Tillid"
    book.properties.created = book.properties.modified = datetime.datetime.combine(made_on, datetime.time())
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _write(into: Worksheet, sheet: Sheet) -> None:
    into.freeze_panes = "A2"
    for number, line in enumerate((sheet.columns, *sheet.lines), start=1):
        into.append([ILLEGAL_CHARACTERS_RE.sub("", each) if isinstance(each, str) else each for each in line])
        for cell in into[number]:
            if isinstance(cell, Cell) and isinstance(cell.value, str):
                # Text whatever it begins with: organisations word questions, and none is a formula.
                cell.data_type = "s"
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = Font(bold=number == 1)
    for place, column in enumerate(sheet.columns, start=1):
        into.column_dimensions[get_column_letter(place)].width = _WIDER if column in sheet.wide else _WIDTH


_WORDS: Final = {
    "da": Words(
        figures="Tal",
        codebook="Kodebog",
        about="Om tallene",
        column="Kolonne",
        meaning="Betydning",
        columns={
            "table": "Tabellens id i den offentliggjorte fil",
            "kind": "item: et spørgsmål. indicator: en af alliancens indikatorer",
            "measured": "Spørgsmålets eller indikatorens id",
            "title": "Spørgsmålet eller indikatorens navn",
            "by": "Hvad tallet er delt op på; tomt for alle under ét",
            "group": "Gruppens id; tomt for alle under ét",
            "group_name": "Gruppens navn",
            "option": "Svarets id. no_answer: intet svar. mean: et gennemsnit fra 0 til 100",
            "option_name": "Svaret",
            "base_lower": "Mindst så mange blev spurgt",
            "base_upper": "Højst så mange blev spurgt",
            "lower": "Mindst så mange svarede dette; ved et gennemsnit point. Tomt, hvis tallet er skjult",
            "upper": "Højst så mange. Er de to tal ens, er tallet nøjagtigt",
            "percent_lower": "Mindst så mange procent af dem, der svarede (ved no_answer: af alle spurgte)",
            "percent_upper": "Højst så mange procent",
            "obs_status": "A: der er et tal. Q: tallet er skjult. Der står aldrig hvorfor",
        },
    ),
    "en": Words(
        figures="Figures",
        codebook="Codebook",
        about="About the figures",
        column="Column",
        meaning="Meaning",
        columns={
            "table": "Id of the table in the published file",
            "kind": "item: a question. indicator: one of the alliance's indicators",
            "measured": "Id of the question or the indicator",
            "title": "The question, or the indicator's name",
            "by": "What the figure is broken down by; empty for everybody",
            "group": "Id of the group; empty for everybody",
            "group_name": "Name of the group",
            "option": "Id of the answer. no_answer: no answer. mean: a mean from 0 to 100",
            "option_name": "The answer",
            "base_lower": "At least so many were asked",
            "base_upper": "At most so many were asked",
            "lower": "At least so many gave this answer; points for a mean. Empty where the figure is hidden",
            "upper": "At most so many. Where the two are the same, the figure is exact",
            "percent_lower": "At least so many per cent of those who answered (no_answer: of all asked)",
            "percent_upper": "At most so many per cent",
            "obs_status": "A: there is a figure. Q: the figure is hidden. Nothing says why",
        },
    ),
}
