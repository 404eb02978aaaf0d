"""The files that a release can be taken home as; every one is made from the published forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from flask_babel import gettext, lazy_gettext

from analysis.naming import Name, group_name, spoken_language
from analysis.publication.observations import Observation, observations
from analysis.publication.text import to_csv
from analysis.release import Row, Table
from survey.dashboards.entries import who
from survey.dashboards.papers import dialogue_sheet, report
from survey.dashboards.trusted import Reading, units_of

SIGNED: Final = "release.json"
"""The one file that is not made here: the bytes that custody signed."""

KINDS: Final = {
    SIGNED: "application/json",
    "figures.csv": "text/csv",
    "figures.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "report.pdf": "application/pdf",
    "dialogue.pdf": "application/pdf",
}
"""File name → media type."""

NAMES: Final = {
    "report.pdf": lazy_gettext("A report with all figures (PDF)"),
    "figures.xlsx": lazy_gettext("The figures as a workbook (XLSX)"),
    "figures.csv": lazy_gettext("The figures as a table (CSV)"),
    SIGNED: lazy_gettext("The figures as they were signed when the answers were opened (JSON)"),
}
"""What the dashboard offers at its end, in this order."""


def written(reading: Reading, file: str, language: str) -> bytes:
    """
    What a release says, as one of the files of `KINDS` but the signed one.

    Args:
        reading: A release that was checked.
        file: Which.
        language: "da" or "en".
    """
    return _WRITERS[file](reading, language)


def _csv(reading: Reading, language: str) -> bytes:
    return to_csv(_observed(reading, language))


def _workbook(reading: Reading, language: str) -> bytes:
    # openpyxl takes a third of a second to load: only who downloads a workbook waits for it, not each start.
    from analysis.publication.workbook import workbook  # noqa: PLC0415

    period = reading.release.wave.field_period
    return workbook(
        _observed(reading, language),
        _about(reading, language),
        language,
        date.fromisoformat(period.last_possible_day),
    )


def _observed(reading: Reading, language: str) -> Iterator[Observation]:
    def named(table: Table, row: Row) -> Name:
        return group_name(table, row, reading.questionnaire, units_of(reading), language)

    return observations(reading.release, reading.questionnaire, language, named)


def _about(reading: Reading, language: str) -> list[tuple[str, str]]:
    release, questionnaire = reading.release, reading.questionnaire
    period = release.wave.field_period
    title = questionnaire.title[spoken_language(questionnaire, language)]
    return [
        (gettext("Organisation"), who(reading, language)),
        (gettext("Questionnaire"), f"{title} {questionnaire.version}"),
        (gettext("Asked"), f"{period.first_day} – {period.last_possible_day}"),
        (gettext("Rules for what may be shown"), release.policy.version),
        (gettext("Wave"), release.wave.id),
        (gettext("Fingerprint of the promises"), release.wave.manifest),
    ]


_WRITERS: Final[dict[str, Callable[[Reading, str], bytes]]] = {
    "figures.csv": _csv,
    "figures.xlsx": _workbook,
    "report.pdf": report,
    "dialogue.pdf": dialogue_sheet,
}
