"""What of an edition is looked at: a selection, its parts and its years; every one has an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from analysis.comparison import Comparison, compared_by_year, explored, planned
from analysis.edition import Answer, Figure, Where, Withheld
from survey.editions import ReadEdition
from survey.knowledge.figure_words import SIZES
from survey.people.sectors import areas, sector, sectors

AREA: Final = "area"
SECTOR: Final = "sector"
SIZE: Final = "size"
PARTS: Final = (AREA, SECTOR, SIZE)
"""What may stand side by side: areas, industries or types of institution, and sizes."""


@dataclass(frozen=True, slots=True)
class Selection:
    """
    One indicator's answer somewhere in one year, and by what it is taken apart.

    Attributes:
        where: Of the selection as a whole.
        by: One of `PARTS`.
    """

    indicator: str
    answer: str
    where: Where
    by: str

    def address(self) -> dict[str, Any]:
        """What stands in the address of this view, and in that of its table."""
        where = self.where
        asked = {
            "indicator": self.indicator,
            "answer": self.answer,
            "year": where.year,
            "area": where.area,
            "sector": where.sector,
            "size": where.size,
            "by": self.by,
        }
        return {name: value for name, value in asked.items() if value}


def selected(edition: ReadEdition, asked: Mapping[str, str]) -> Selection:
    """
    Return what was asked for, each part of it the first there is if it is not known.

    The codes are those of the alliance's lists, whoever takes part: an address tells nothing more.

    Args:
        edition: One that tells something.
        asked: The words of an address.
    """
    indicator = _among(asked.get("indicator", ""), edition.indicators)
    years = edition.years(indicator)
    year = int(_among(asked.get("year", ""), [str(each) for each in years]))
    area = _among(asked.get(AREA, ""), ["", *areas()])
    found = sector(area, asked.get(SECTOR, "")) if area else None
    size = _among(asked.get(SIZE, ""), ["", *SIZES])
    where = Where(year=year, area=area, sector=found.key if found else "", size=size)
    by = _among(asked.get("by", ""), sides(where))
    return Selection(indicator, _among(asked.get("answer", ""), answers(edition, indicator, year)), where, by)


def sides(where: Where) -> list[str]:
    """By what a selection can be taken apart, the plainest first: not by what narrows it already."""
    narrowed = (bool(where.area), bool(where.sector), bool(where.size))
    open_to_it = [part for part, narrows in zip(PARTS, narrowed, strict=True) if not narrows]
    return [part for part in open_to_it if part != AREA or not where.sector] or [SIZE]


def answers(edition: ReadEdition, indicator: str, year: int) -> list[str]:
    """Ids of what is told of an indicator in one year, wherever it is told."""
    told = edition.told[indicator, year].values()
    return list(dict.fromkeys(answer.id for figure in told for answer in figure.answers))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: a figure, and its answer that is looked at."""

    figure: Figure
    answer: Answer


@dataclass(frozen=True, slots=True)
class Shown:
    """
    All that a view shows.

    Attributes:
        whole: The selection itself, or None where it is not told.
        parts: What it consists of, as far as that is told.
        years: The selection in every year that it is told of, the oldest first.
        changes: Each of these years less the one before, adjusted together.
        areas: The comparisons that the alliance planned: areas with one another, of that year.
        differences: The parts with one another, found by looking.
        withheld: What of the selection and its parts is not told.
    """

    selection: Selection
    whole: Row | None
    parts: Sequence[Row]
    years: Sequence[Row]
    changes: Sequence[Comparison]
    areas: Sequence[Comparison]
    differences: Sequence[Comparison]
    withheld: Sequence[Withheld]

    @property
    def rows(self) -> list[Row]:
        """The selection and its parts."""
        return [*([self.whole] if self.whole else []), *self.parts]


def shown(edition: ReadEdition, selection: Selection) -> Shown:
    """Return what a view of the edition shows."""
    where, name = selection.where, selection.answer
    parts = list(_rows(edition, selection, list(_parts(where, selection.by))))
    years = _rows(
        edition, selection, [where.model_copy(update={"year": y}) for y in edition.years(selection.indicator)]
    )
    by_year = sorted(years, key=lambda row: row.figure.where.year)
    whole = next(_rows(edition, selection, [where]), None)
    of_areas = _rows(edition, selection, [Where(year=where.year, area=area) for area in areas()])
    hidden = edition.withheld.get((selection.indicator, where.year), {})
    return Shown(
        selection=selection,
        whole=whole,
        parts=parts,
        years=by_year,
        changes=compared_by_year([row.figure for row in by_year], name),
        areas=planned([row.figure for row in of_areas], name),
        differences=explored([row.figure for row in parts], name),
        withheld=[hidden[each] for each in (where, *_parts(where, selection.by)) if each in hidden],
    )


def with_part(selection: Selection, where: Where) -> Selection:
    """Return the selection of one of its parts, of which the first way to take it apart is shown."""
    return replace(selection, where=where, by=sides(where)[0])


def _parts(where: Where, by: str) -> Iterator[Where]:
    if by == AREA:
        for area in areas():
            yield where.model_copy(update={AREA: area})
    elif by == SIZE:
        for size in SIZES:
            yield where.model_copy(update={SIZE: size})
    else:
        for area in [where.area] if where.area else areas():
            for each in sectors(area):
                yield where.model_copy(update={AREA: area, SECTOR: each.key})


def _rows(edition: ReadEdition, selection: Selection, places: Sequence[Where]) -> Iterator[Row]:
    for where in places:
        figure = edition.figure(selection.indicator, where)
        if figure is not None:
            found = next((each for each in figure.answers if each.id == selection.answer), None)
            if found is not None:
                yield Row(figure, found)


def _among(wanted: str, known: Sequence[str]) -> str:
    """What was asked for if there is such a thing, else the first there is: an address tells nothing more."""
    return wanted if wanted in known else known[0]
