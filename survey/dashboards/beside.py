"""The sector's figures beside one's own, from the newest edition and as far as both leave no doubt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flask_babel import lazy_gettext

from analysis.changes import Trend
from analysis.edition import Answer, Figure, Where
from analysis.indicators import BY_ID
from analysis.naming import Name, title
from analysis.release import Table
from analysis.shares import Share, shares_of_answered
from analysis.tables import Interval
from analysis.wording import WORDINGS
from survey.dashboards.trusted import Reading
from survey.editions import ReadEdition
from survey.people.sectors import areas, sector
from survey.storage.models import Organisation

SAID: Final = {
    Trend.HIGHER: lazy_gettext("More here"),
    Trend.LOWER: lazy_gettext("Fewer here"),
    Trend.NO_CLEAR_CHANGE: lazy_gettext("No clear difference"),
}
"""What is said of one's own figure beside the sector's."""
_TENTHS: Final = 10


@dataclass(frozen=True, slots=True)
class SectorLine:
    """
    One figure of a release beside its sector's.

    Attributes:
        anchor: Of its figure on the page.
        name: What it is called.
        own: The organisation's share, in words.
        others: The sector's share with its interval, in words.
        place: Whom the sector's figure is over, by language; None for all who took part.
        figure: The sector's, as it was told.
        answer: The answer of it that the share is of.
        said: Of the two, only what the whole of both intervals says.
    """

    anchor: str
    name: Name
    own: str
    others: str
    place: Mapping[str, str] | None
    figure: Figure
    answer: Answer
    said: Trend


def beside_the_sector(
    reading: Reading, organisation: Organisation, edition: ReadEdition | None, language: str
) -> tuple[SectorLine, ...]:
    """
    Each indicator of a release beside the narrowest figure that is told of where the organisation belongs.

    Of the release's year, or of the newest before it; nothing where no edition tells of any.
    """
    # Who asked for a joint wave belongs to another sector than those who were asked, or to none.
    if edition is None or reading.manifest.joint is not None:
        return ()
    own = [table for table in reading.release.tables if table.by is None and table.item in BY_ID]
    lines = (_line(reading, table, organisation, edition, language) for table in own)
    return tuple(line for line in lines if line is not None)


def _line(
    reading: Reading, table: Table, organisation: Organisation, edition: ReadEdition, language: str
) -> SectorLine | None:
    share = _share(table)
    figure = next(_told(reading, table.item, organisation, edition), None)
    if figure is None or share is None or share.is_unknown:
        return None
    answer = next((each for each in figure.answers if each.id == table.options[0].id), None)
    if answer is None:
        return None
    return SectorLine(
        anchor=table.id,
        name=title("indicator", table.item, reading.questionnaire, language),
        own=WORDINGS[language].share(share),
        others=_others(answer, language),
        place=_place(figure.where),
        figure=figure,
        answer=answer,
        said=_said(share, answer),
    )


def _others(answer: Answer, language: str) -> str:
    wording = WORDINGS[language]
    estimate, lower, upper = (
        f"{number / _TENTHS:.1f}".replace(".", wording.decimal)
        for number in (answer.estimate, answer.lower, answer.upper)
    )
    return f"{wording.percent.format(estimate)} ({lower}–{upper})"


def _share(table: Table) -> Share | None:
    """The share of the first answer: yes, or favourable."""
    row = table.rows[0]
    cells = [Interval(*cell) for cell in row.cells]
    shares = shares_of_answered(cells, Interval(*row.base), multiple=table.multiple)
    return None if table.multiple else shares[0]


def _told(
    reading: Reading, indicator: str, organisation: Organisation, edition: ReadEdition
) -> Iterator[Figure]:
    """What is told of where the organisation belongs, the newest first and of each year the narrowest."""
    own_year = int(reading.release.wave.field_period.last_possible_day[:4])
    belongs = (organisation.scheme, organisation.scheme_version, organisation.scheme_code)
    for year in edition.years(indicator):
        if year > own_year:
            continue
        everybody = Where(year=year)
        area = Where(year=year, area=organisation.area)
        of_sector = (
            [Where(year=year, area=organisation.area, sector="/".join(belongs))] if all(belongs) else []
        )
        for where in (*of_sector, area, everybody):
            figure = edition.figure(indicator, where)
            if figure is not None:
                yield figure


def _said(share: Share, answer: Answer) -> Trend:
    own = share.percent
    if own.lo * _TENTHS > answer.upper:
        return Trend.HIGHER
    return Trend.LOWER if own.hi * _TENTHS < answer.lower else Trend.NO_CLEAR_CHANGE


def _place(where: Where) -> Mapping[str, str] | None:
    found = sector(where.area, where.sector) if where.sector else None
    if found is not None:
        return found.name
    return areas().get(where.area)
