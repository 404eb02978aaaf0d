"""The sectors' figures as anybody reads them: a page, a table to take home, and an address for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, get_locale, gettext, lazy_gettext

from analysis.edition import MEAN, Answer, Edition, Figure, Where
from analysis.indicators import BY_ID, NO, SCORE_GROUPS, YES
from survey.access import Audience, open_to, services
from survey.knowledge.caching import with_etag
from survey.knowledge.editions import estimated, figures_of, newest, numbers, read, signed_edition
from survey.people.sectors import areas, sector
from survey.sealing.identity import SignatureError

blueprint = Blueprint("figures", __name__, url_prefix="/figures")
blueprint.after_request(with_etag)

TENTHS: Final = 10
COLUMNS: Final = (
    "edition", "day", "synthetic", "indicator", "year", "area", "sector", "size", "made_in_edition",
    "organisations", "respondents", "answer", "unit", "estimate", "lower", "upper", "next_lower",
    "next_upper", "icc",
)  # fmt: skip
SIZES: Final = {
    "lt10": lazy_gettext("under 10 people"),
    "10_49": lazy_gettext("10–49 people"),
    "50_249": lazy_gettext("50–249 people"),
    "250_999": lazy_gettext("250–999 people"),
    "1000p": lazy_gettext("1,000 people or more"),
}
ANSWERS: Final = {
    YES: lazy_gettext("Yes"),
    NO: lazy_gettext("No"),
    "unsure": lazy_gettext("In doubt"),
    **{name: lazy_gettext("%(lo)s–%(hi)s points", lo=lo, hi=hi) for name, (lo, hi) in SCORE_GROUPS.items()},
    "internal": lazy_gettext("Somebody at the same place"),
    "leader": lazy_gettext("A leader"),
    "external": lazy_gettext("Somebody from outside"),
    MEAN: lazy_gettext("Mean, 0 to 100 points"),
}
OBJECTIONS: Final = {
    "too_few_organisations": lazy_gettext("too few organisations have shared theirs"),
    "too_few_respondents": lazy_gettext("too few people answered"),
    "one_dominates": lazy_gettext("one organisation is too large a part of it"),
    "two_dominate": lazy_gettext("two organisations are too large a part of it"),
    "difference": lazy_gettext("beside another figure it would tell of too few"),
    "follows": lazy_gettext("together with other figures it would tell of one organisation"),
}


@blueprint.get("/")
@open_to(Audience.PUBLIC)
def explorer() -> ResponseReturnValue:
    """Show one indicator in one year, everywhere it may be told."""
    with services().databases.alliance_session(reading=True) as session:
        edition = newest(session)
    told = estimated(edition) if edition else []
    if edition is None or not told:
        return render_template("knowledge/no_figures.html")
    indicators = [name for name in BY_ID if any(figure.indicator == name for figure in told)]
    indicator = _among(request.args.get("indicator", ""), indicators)
    years = sorted({f.where.year for f in told if f.indicator == indicator}, reverse=True)
    year = int(_among(request.args.get("year", ""), [str(each) for each in years]))
    figures = figures_of(edition, indicator, year)
    answers = [answer.id for answer in figures[0].answers]
    answer = _among(request.args.get("answer", ""), answers)
    return render_template(
        "knowledge/figures.html",
        edition=edition,
        indicator=BY_ID[indicator],
        indicators=[BY_ID[name] for name in indicators],
        years=years,
        year=year,
        answers={name: ANSWERS.get(name, name) for name in answers},
        answer=answer,
        rows=[(place(figure.where), figure, _of(figure, answer)) for figure in sorted(figures, key=_order)],
        withheld=[
            (place(each.where), OBJECTIONS.get(each.objection, each.objection))
            for each in edition.withheld
            if each.indicator == indicator and each.where.year == year
        ],
        is_mean=answer == MEAN,
        whole=format_decimal,
        decimal=lambda tenths: format_decimal(tenths / TENTHS, "0.0"),
    )


@blueprint.get("/<int:number>/figures.csv")
@open_to(Audience.PUBLIC)
def table(number: int) -> ResponseReturnValue:
    """Give an edition as a table, a line for each answer of each figure."""
    edition = read(_signed(number))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_lines(edition))
    answer = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="tillid-edition-{number}.csv"'
    return answer


@blueprint.get("/<int:number>/edition.json")
@open_to(Audience.PUBLIC)
def signed(number: int) -> ResponseReturnValue:
    """Give the very bytes of an edition that custody signed."""
    return Response(_signed(number), mimetype="application/json")


@blueprint.get("/editions.json")
@open_to(Audience.PUBLIC)
def listed() -> ResponseReturnValue:
    """Say which editions there are, newest first, and where."""
    with services().databases.alliance_session(reading=True) as session:
        found = numbers(session)
    return jsonify(
        editions=[
            {
                "number": number,
                "json": url_for("figures.signed", number=number),
                "csv": url_for("figures.table", number=number),
            }
            for number in found
        ]
    )


def place(where: Where) -> str:
    """What a selection is called, in the reader's language."""
    language = str(get_locale())
    found = sector(where.area, where.sector) if where.sector else None
    if found is not None:
        name = found.name[language]
    else:
        name = areas()[where.area][language] if where.area in areas() else gettext("All who took part")
    return f"{name}, {SIZES.get(where.size, where.size)}" if where.size else name


def _order(figure: Figure) -> tuple[str, str, int]:
    """Each area and sector followed by its sizes, the small ones first."""
    where = figure.where
    return where.area, where.sector, -1 if not where.size else list(SIZES).index(where.size)


def _signed(number: int) -> bytes:
    with services().databases.alliance_session(reading=True) as session:
        try:
            stored = signed_edition(session, number)
        except SignatureError:
            stored = None
        return abort(404) if stored is None else stored.content


def _lines(edition: Edition) -> Iterator[tuple[object, ...]]:
    for figure in edition.figures:
        where = figure.where
        about = (
            edition.number, edition.day, edition.synthetic, figure.indicator, where.year, where.area,
            where.sector, where.size, figure.edition, figure.organisations, figure.respondents,
        )  # fmt: skip
        for each in figure.answers:
            bounds = (each.estimate, each.lower, each.upper, each.next_lower, each.next_upper)
            unit = "points" if each.id == MEAN else "per cent"
            yield (*about, each.id, unit, *(tenths / TENTHS for tenths in bounds), each.icc)


def _of(figure: Figure, answer: str) -> Answer | None:
    return next((each for each in figure.answers if each.id == answer), None)


def _among(wanted: str, known: list[str]) -> str:
    """What was asked for if there is such a thing, else the first there is: an address tells nothing more."""
    return wanted if wanted in known else known[0]
