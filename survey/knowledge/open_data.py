"""
The editions for programs: a read-only JSON API, described by OpenAPI, whose answers never change.

It gives what the editions tell and nothing else: every filter chooses among figures that are published, its
codes are those of the alliance's lists, and what it answers says nothing of who takes part.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from pydantic import BaseModel

from analysis.edition import Figure, Where, Withheld
from analysis.indicators import BY_ID
from survey.access import Audience, open_to, services
from survey.editions import ReadEdition, numbers, read_edition
from survey.knowledge.api_description import ALL, PAGE, allowed, openapi
from survey.knowledge.caching import with_etag
from survey.knowledge.figure_words import SIZES
from survey.knowledge.goals import Reached, reached
from survey.people.sectors import areas, sectors

blueprint = Blueprint("open_data", __name__, url_prefix="/api/v1")
blueprint.after_request(with_etag)

_PROBLEM: Final = "application/problem+json"
Filters: TypeAlias = Mapping[str, str]


@blueprint.after_request
def for_everybody(answer: Response) -> Response:
    """Let pages of other sites read what is public anyway."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@blueprint.get("/openapi.json")
@open_to(Audience.PUBLIC)
def description() -> Response:
    """Give the API's description."""
    return _json(openapi(services().base_url + "/api/v1"))


@blueprint.get("/codes")
@open_to(Audience.PUBLIC)
def codes() -> Response:
    """Give the codes that figures are told by, with their names."""
    return _asked({}) or _json(
        {
            "indicators": [
                {
                    "id": each.id,
                    "name": {"da": each.names.da, "en": each.names.en},
                    "direction": each.direction,
                }
                for each in BY_ID.values()
            ],
            "areas": [{"code": code, "name": dict(name)} for code, name in areas().items()],
            "sectors": [
                {"code": each.key, "area": area, "name": dict(each.name)}
                for area in areas()
                for each in sectors(area)
            ],
            "sizes": list(SIZES),
        }
    )


@blueprint.get("/editions")
@open_to(Audience.PUBLIC)
def editions() -> Response:
    """Give every edition, newest first."""
    with services().databases.alliance_session(reading=True) as session:
        found = [each for number in numbers(session) if (each := read_edition(session, number))]
    return _asked({}) or _json({"editions": [_about(each) for each in found]})


@blueprint.get("/editions/<number>")
@open_to(Audience.PUBLIC)
def edition(number: str) -> Response:
    """Give one edition: of which day it is, what it tells of, and where the rest stands."""
    found = _edition(number)
    return _asked({}) or (_missing(number) if found is None else _json(_about(found)))


@blueprint.get("/editions/<number>/figures")
@open_to(Audience.PUBLIC)
def figures(number: str) -> Response:
    """Give figures of one edition, a page at a time."""
    found = _edition(number)
    refused = _asked(allowed())
    if refused or found is None:
        return refused or _missing(number)
    return _page(found, "figures", found.edition.figures)


@blueprint.get("/editions/<number>/withheld")
@open_to(Audience.PUBLIC)
def withheld(number: str) -> Response:
    """Give what one edition does not tell, and why, a page at a time."""
    found = _edition(number)
    refused = _asked(allowed())
    if refused or found is None:
        return refused or _missing(number)
    return _page(found, "withheld", found.edition.withheld)


@blueprint.get("/editions/<number>/goals")
@open_to(Audience.PUBLIC)
def goals(number: str) -> Response:
    """Give what one edition tells of the alliance's goals: in how many organisations at least half say so."""
    found = _edition(number)
    if found is None:
        return _asked({}) or _missing(number)
    told = [_reached(each) for each in reached(found)]
    edition = found.edition
    about = {"edition": edition.number, "day": edition.day, "synthetic": edition.synthetic}
    return _asked({}) or _json({**about, "count": len(told), "goals": told})


def _reached(found: Reached) -> dict[str, Any]:
    return {
        "indicator": found.figure.indicator,
        "year": found.year,
        "area": found.figure.where.area,
        "made_in_edition": found.figure.edition,
        "organisations": found.figure.organisations,
        "respondents": found.figure.respondents,
        "at_least_half": asdict(found.organisations),
    }


def _page(edition: ReadEdition, name: str, everything: Sequence[Figure] | Sequence[Withheld]) -> Response:
    asked = request.args.to_dict()
    number = int(asked.get("page", "1"))
    chosen = [each for each in everything if _is_meant(each.indicator, each.where, asked)]
    here = chosen[(number - 1) * PAGE : number * PAGE]
    more = len(chosen) > number * PAGE
    address = services().base_url + url_for(f"open_data.{name}", number=edition.edition.number)
    following = f"{address}?{urlencode(asked | {'page': str(number + 1)})}"
    return _json(
        {
            "edition": edition.edition.number,
            "day": edition.edition.day,
            "synthetic": edition.edition.synthetic,
            "count": len(chosen),
            name: [_plain(each) for each in here],
            "next": following if more else None,
        }
    )


def _is_meant(indicator: str, where: Where, asked: Filters) -> bool:
    own = {
        "indicator": indicator,
        "year": str(where.year),
        "area": where.area or ALL,
        "sector": where.sector or ALL,
        "size": where.size or ALL,
    }
    return all(asked.get(name, value) == value for name, value in own.items())


def _about(found: ReadEdition) -> dict[str, Any]:
    edition, base = found.edition, services().base_url
    return {
        "number": edition.number,
        "day": edition.day,
        "policy": edition.policy,
        "synthetic": edition.synthetic,
        "indicators": found.indicators,
        "years": sorted({year for _, year in found.told}),
        "figures": len(edition.figures),
        "withheld": len(edition.withheld),
        "links": {
            name: base + url_for(endpoint, number=edition.number)
            for name, endpoint in (
                ("page", "figures.explorer_of"),
                ("figures", "open_data.figures"),
                ("withheld", "open_data.withheld"),
                ("goals", "open_data.goals"),
                ("csv", "figures.table"),
                ("package", "figures.package"),
                ("signed", "figures.signed"),
            )
        },
    }


def _edition(number: str) -> ReadEdition | None:
    if not (number.isascii() and number.isdigit() and len(number) <= 9):  # noqa: PLR2004  No number is longer.
        return None
    with services().databases.alliance_session(reading=True) as session:
        return read_edition(session, int(number))


def _asked(known: Mapping[str, Sequence[str] | range]) -> Response | None:
    """Refuse what is not a filter, or not one of its values; None where all is well."""
    for name, values in request.args.items(multi=True):
        if name not in known:
            return _problem(400, f'"{name[:40]}" is no filter here; there is {", ".join(known) or "none"}')
        if len(request.args.getlist(name)) > 1:
            return _problem(400, f"{name}: it stands there twice; ask for one value at a time")
        fits = known[name]
        is_known = _is_in(values, fits) if isinstance(fits, range) else values in fits
        if not is_known:
            remedy = (
                f"a number from {fits[0]} to {fits[-1]}"
                if isinstance(fits, range)
                else "a value of /api/v1/codes"
            )
            return _problem(400, f'{name}: "{values[:40]}" is none of its values; write {remedy}')
    return None


def _is_in(text: str, fits: range) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6 and int(text) in fits and text[0] != "0"  # noqa: PLR2004


def _missing(number: str) -> Response:
    return _problem(404, f'there is no edition "{number[:40]}"; /api/v1/editions lists them')


def _problem(status: int, detail: str) -> Response:
    """Say what is wrong as RFC 9457 does."""
    title = HTTPStatus(status).phrase
    answer = _json({"title": title, "status": status, "detail": detail})
    answer.status_code, answer.mimetype = status, _PROBLEM
    return answer


def _plain(part: BaseModel) -> dict[str, Any]:
    return part.model_dump(mode="json")


def _json(value: object) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), mimetype="application/json")
