"""The sectors' figures as anybody reads them: the explorer, and an edition's files at addresses that stay."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal

from analysis.comparison import MATTERS
from analysis.edition import MEAN
from analysis.indicators import BY_ID
from survey.access import Audience, open_to, services
from survey.editions import ReadEdition, newest, numbers, read_edition, signed_edition
from survey.knowledge.caching import with_etag
from survey.knowledge.catalogue import catalogue
from survey.knowledge.figure_words import ANSWERS, OBJECTIONS, SIZES, place
from survey.knowledge.goals import reached
from survey.knowledge.selecting import Shown, answers, selected, shown, sides, with_part
from survey.knowledge.tables import TENTHS, data_package, figures_csv, goals_csv, withheld_csv
from survey.people.sectors import areas, sectors
from survey.sealing.identity import SignatureError

blueprint = Blueprint("figures", __name__, url_prefix="/figures")
blueprint.after_request(with_etag)

_SCALES: Final = (100, 200, 250, 500, 1_000)
"""Where a chart may end, in tenths: the first that everything on it lies under."""


@blueprint.get("/")
@open_to(Audience.PUBLIC)
def explorer() -> ResponseReturnValue:
    """Show a view of the newest edition."""
    with services().databases.alliance_session(reading=True) as session:
        edition = newest(session)
    return _page(edition)


@blueprint.get("/<int:number>/")
@open_to(Audience.PUBLIC)
def explorer_of(number: int) -> ResponseReturnValue:
    """Show a view of one edition, at an address that will show the same for ever."""
    return _page(_edition(number))


def _page(edition: ReadEdition | None) -> str:
    if edition is None or not edition.told:
        return render_template("knowledge/no_figures.html")
    selection = selected(edition, request.args)
    view = shown(edition, selection)
    where = selection.where
    return render_template(
        "knowledge/figures.html",
        edition=edition.edition,
        view=view,
        selection=selection,
        indicator=BY_ID[selection.indicator],
        indicators=[BY_ID[name] for name in edition.indicators],
        years=edition.years(selection.indicator),
        answers={name: ANSWERS.get(name, name) for name in answers(edition, selection.indicator, where.year)},
        areas=areas(),
        sectors=sectors(where.area) if where.area else [],
        sizes=SIZES,
        sides=sides(where),
        objections=OBJECTIONS,
        place=place,
        into=with_part,
        own_address=services().base_url
        + url_for("figures.explorer_of", number=edition.edition.number, **selection.address()),
        is_mean=selection.answer == MEAN,
        matters=MATTERS,
        scale=_scale(view),
        whole=format_decimal,
        decimal=lambda tenths: format_decimal(tenths / TENTHS, "0.0"),
        signed=lambda points: format_decimal(points, "+0.0;−0.0"),
        probability=lambda p: format_decimal(p, "0.000") if p >= 0.001 else "< " + format_decimal(0.001),  # noqa: PLR2004
    )


def _scale(view: Shown) -> int:
    """Where the charts of a view end, in tenths, the same for all of them."""
    most = max((row.answer.upper for row in (*view.rows, *view.years)), default=0)
    return next(end for end in _SCALES if end >= most)


@blueprint.get("/<int:number>/view.csv")
@open_to(Audience.PUBLIC)
def view_table(number: int) -> ResponseReturnValue:
    """Give what a view shows as a table: the selection, its parts, and its years."""
    edition = _edition(number)
    if not edition.told:
        abort(404)
    view = shown(edition, selected(edition, request.args))
    found = dict.fromkeys(row.figure for row in (*view.rows, *view.years))
    return _csv(figures_csv(edition.edition, found), f"tillid-edition-{number}-view.csv")


@blueprint.get("/<int:number>/figures.csv")
@open_to(Audience.PUBLIC)
def table(number: int) -> ResponseReturnValue:
    """Give an edition as a table, a line for each answer of each figure."""
    edition = _edition(number).edition
    return _csv(figures_csv(edition, edition.figures), f"tillid-edition-{number}.csv")


@blueprint.get("/<int:number>/withheld.csv")
@open_to(Audience.PUBLIC)
def withheld(number: int) -> ResponseReturnValue:
    """Give as a table what an edition does not tell, and why."""
    return _csv(withheld_csv(_edition(number).edition), f"tillid-edition-{number}-withheld.csv")


@blueprint.get("/<int:number>/goals.csv")
@open_to(Audience.PUBLIC)
def goals(number: int) -> ResponseReturnValue:
    """Give as a table in how many organisations at least half of the people say that the goals are met."""
    edition = _edition(number)
    return _csv(goals_csv(edition.edition, reached(edition)), f"tillid-edition-{number}-goals.csv")


@blueprint.get("/<int:number>/datapackage.json")
@open_to(Audience.PUBLIC)
def package(number: int) -> ResponseReturnValue:
    """Describe an edition's tables as a Frictionless Data Package."""
    address = services().base_url + url_for("figures.explorer_of", number=number)
    edition = _edition(number)
    return jsonify(data_package(edition.edition, reached(edition), address))


@blueprint.get("/<int:number>/edition.json")
@open_to(Audience.PUBLIC)
def signed(number: int) -> ResponseReturnValue:
    """Give the very bytes of an edition that custody signed."""
    with services().databases.alliance_session(reading=True) as session:
        try:
            stored = signed_edition(session, number)
        except SignatureError:
            stored = None
        return abort(404) if stored is None else Response(stored.content, mimetype="application/json")


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
                "package": url_for("figures.package", number=number),
            }
            for number in found
        ]
    )


@blueprint.get("/catalogue.jsonld")
@open_to(Audience.PUBLIC)
def described() -> ResponseReturnValue:
    """Describe all editions to catalogues of open data, as DCAT-AP."""
    with services().databases.alliance_session(reading=True) as session:
        found = [each for number in numbers(session) if (each := read_edition(session, number))]
    answer = jsonify(catalogue([each.edition for each in found], services().base_url))
    answer.mimetype = "application/ld+json"
    return answer


@blueprint.get("/data")
@open_to(Audience.PUBLIC)
def open_data() -> ResponseReturnValue:
    """Say how the figures are used elsewhere, with an example in pandas and one in a spreadsheet."""
    with services().databases.alliance_session(reading=True) as session:
        edition = newest(session)
    number = edition.edition.number if edition else 1
    return render_template(
        "knowledge/open_data.html",
        edition=edition.edition if edition else None,
        table=services().base_url + url_for("figures.table", number=number),
    )


def _edition(number: int) -> ReadEdition:
    with services().databases.alliance_session(reading=True) as session:
        return read_edition(session, number) or abort(404)


def _csv(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
