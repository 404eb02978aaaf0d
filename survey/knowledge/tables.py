"""An edition's figures as tables: the columns, their lines, and what describes both to programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, Final

from analysis.edition import MEAN, Edition, Figure, Where
from survey.knowledge.goals import Reached

TENTHS: Final = 10
_TEXT, _WHOLE, _NUMBER, _YES_OR_NO = "string", "integer", "number", "boolean"
_WHERE: Final = (
    ("year", "year", "Year of the field periods."),
    ("area", _TEXT, "Code of the area; empty for all."),
    ("sector", _TEXT, "Industry or type of institution as scheme/version/code; empty for all."),
    ("size", _TEXT, "Band of how many were asked in each organisation; empty for all."),
)
_EDITION: Final = (
    ("edition", _WHOLE, "Number of the edition."),
    ("day", "date", "Day of the edition."),
    ("synthetic", _YES_OR_NO, "Whether invented organisations are among those behind the figure."),
    ("indicator", _TEXT, "Id of the alliance's indicator."),
)
FIGURES: Final = (
    *_EDITION,
    *_WHERE,
    ("made_in_edition", _WHOLE, "Edition that made the figure: what may not be made anew stands."),
    ("organisations", _WHOLE, "How many organisations the figure is over."),
    ("respondents", _WHOLE, "How many people answered in them."),
    ("answer", _TEXT, "Id of the answer, or mean."),
    (
        "unit",
        _TEXT,
        (
            "per cent, or points from 0 to 100. Per cents are of those who answered; of who did it"
            " (I07_source_profile) of all that were named, since one person may have named several."
        ),
    ),
    ("estimate", _NUMBER, "The figure."),
    ("lower", _NUMBER, "Lower end of the 95 per cent interval for the sector."),
    ("upper", _NUMBER, "Upper end of it."),
    ("next_lower", _NUMBER, "Lower end of the 95 per cent interval for one more organisation."),
    ("next_upper", _NUMBER, "Upper end of it."),
    ("error", _NUMBER, "Standard error."),
    ("icc", _WHOLE, "How alike people of one organisation are, in per cent; empty where the noise hides it."),
)
WITHHELD: Final = (
    *_EDITION,
    *_WHERE,
    ("objection", _TEXT, "Why it is not told: by who it would be over, never by what they said."),
)
GOALS: Final = (
    *_EDITION,
    *_WHERE[:2],
    ("made_in_edition", _WHOLE, "Edition that made the figure behind it."),
    ("organisations", _WHOLE, "How many organisations the figure is over."),
    ("respondents", _WHOLE, "How many people answered in them."),
    (
        "at_least_half",
        _WHOLE,
        (
            "In how many of these organisations at least half of those who answered say yes: estimated"
            " from the figure alone, none of them is known."
        ),
    ),
    ("lower", _WHOLE, "Lower end of its 95 per cent interval."),
    ("upper", _WHOLE, "Upper end of it."),
)
COLUMNS: Final = tuple(name for name, _, _ in FIGURES)


def figures_csv(edition: Edition, figures: Iterable[Figure]) -> bytes:
    """Write figures of an edition as CSV (RFC 4180), a line for each answer."""
    return _csv(FIGURES, (line for figure in figures for line in _lines(edition, figure)))


def withheld_csv(edition: Edition) -> bytes:
    """Write what an edition does not tell, and why, as CSV."""
    return _csv(
        WITHHELD,
        (
            (*_about(edition, each.indicator), *_place(each.where), each.objection)
            for each in edition.withheld
        ),
    )


def goals_csv(edition: Edition, reached: Iterable[Reached]) -> bytes:
    """Write what an edition tells of the alliance's goals as CSV, a line for each area and year."""
    return _csv(
        GOALS,
        (
            (
                *_about(edition, each.figure.indicator),
                *_place(each.figure.where)[:2],
                each.figure.edition,
                each.figure.organisations,
                each.figure.respondents,
                each.organisations.estimate,
                each.organisations.lower,
                each.organisations.upper,
            )
            for each in reached
        ),
    )


def data_package(edition: Edition, reached: Iterable[Reached], address: str) -> dict[str, Any]:
    """Return a Frictionless Data Package that describes the tables; they lie beside it."""
    made_up = " All organisations in it are invented." if edition.synthetic else ""
    return {
        "profile": "tabular-data-package",
        "name": f"tillid-edition-{edition.number}",
        "title": f"Tillid, figures of the sectors, edition {edition.number}",
        "description": f"Figures over organisations that shared theirs, as of {edition.day}.{made_up}",
        "homepage": address,
        "version": str(edition.number),
        "created": f"{edition.day}T00:00:00Z",
        "licenses": [{"name": "CC-BY-4.0", "path": LICENCE, "title": "Creative Commons Attribution 4.0"}],
        "synthetic": edition.synthetic,
        "resources": [
            _resource("figures", FIGURES, figures_csv(edition, edition.figures)),
            _resource("withheld", WITHHELD, withheld_csv(edition)),
            _resource("goals", GOALS, goals_csv(edition, reached)),
        ],
    }


LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"


def _resource(name: str, columns: tuple[tuple[str, str, str], ...], content: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
        "schema": {
            "fields": [
                {"name": column, "type": kind, "description": means} for column, kind, means in columns
            ],
            "missingValues": [""],
        },
    }


def _csv(columns: tuple[tuple[str, str, str], ...], lines: Iterable[tuple[object, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([name for name, _, _ in columns])
    writer.writerows(lines)
    return text.getvalue().encode("utf-8")


def _about(edition: Edition, indicator: str) -> tuple[object, ...]:
    return edition.number, edition.day, str(edition.synthetic).lower(), indicator


def _place(where: Where) -> tuple[object, ...]:
    return where.year, where.area, where.sector, where.size


def _lines(edition: Edition, figure: Figure) -> Iterator[tuple[object, ...]]:
    counted = (figure.edition, figure.organisations, figure.respondents)
    for each in figure.answers:
        unit = "points" if each.id == MEAN else "per cent"
        tenths = (
            each.estimate, each.lower, each.upper, each.next_lower, each.next_upper, each.error,
        )  # fmt: skip
        in_units = (number / TENTHS for number in tenths)
        yield (
            *_about(edition, figure.indicator),
            *_place(figure.where),
            *counted,
            each.id,
            unit,
            *in_units,
            each.icc,
        )
