"""The API's description in OpenAPI 3.1, made from the types and lists that it answers with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from analysis.edition import Figure, Withheld
from analysis.indicators import BY_ID
from survey.knowledge.figure_words import SIZES
from survey.people.sectors import areas, sectors

ALL: Final = "all"
"""The value of a filter for figures that are not narrowed by it."""
PAGE: Final = 200
"""How many figures an answer has at most."""
_YEARS: Final = range(2_000, 10_000)
_PAGES: Final = range(1, 100_001)
_REF: Final = "#/components/schemas/"
_SAYS: Final = {
    "indicator": "Only this indicator.",
    "year": "Only this year.",
    "area": "Only this area; `all` for figures that are not narrowed by area.",
    "sector": "Only this industry or type of institution; `all` for figures that are not narrowed by it.",
    "size": "Only this band of sizes; `all` for figures that are not narrowed by it.",
    "page": "Which page, from 1.",
}


def allowed() -> Mapping[str, Sequence[str] | range]:
    """Return each filter's values."""
    return {
        "indicator": list(BY_ID),
        "year": _YEARS,
        "area": [ALL, *areas()],
        "sector": [ALL, *(each.key for area in areas() for each in sectors(area))],
        "size": [ALL, *SIZES],
        "page": _PAGES,
    }


def openapi(base_url: str) -> dict[str, Any]:
    """Return the description of the API that stands at this address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tillid, figures of the sectors",
            "version": "1",
            "description": "Figures over organisations that have shared theirs, in editions that never"
            " change. Read only; the same rules as on the page: nothing is told of one organisation.",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": base_url}],
        "paths": {
            "/codes": {"get": _operation("codes", "The codes that figures are told by", "Codes", [])},
            "/editions": {"get": _operation("editions", "All editions, newest first", "Editions", [])},
            "/editions/{number}": {"get": _operation("edition", "One edition", "Edition", [_NUMBER])},
            "/editions/{number}/figures": {
                "get": _operation("figures", "Figures of an edition", "Figures", [_NUMBER, *_filters()])
            },
            "/editions/{number}/withheld": {
                "get": _operation(
                    "withheld", "What is not told, and why", "WithheldFigures", [_NUMBER, *_filters()]
                )
            },
            "/editions/{number}/goals": {
                "get": _operation(
                    "goals",
                    "In how many organisations at least half say that a goal is met",
                    "Goals",
                    [_NUMBER],
                )
            },
        },
        "components": {"schemas": _schemas()},
    }


_NUMBER: Final = {
    "name": "number",
    "in": "path",
    "required": True,
    "description": "The edition's number.",
    "schema": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
}


def _filters() -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "description": _SAYS[name], "schema": _schema_of(values)}
        for name, values in allowed().items()
    ]


def _schema_of(values: Sequence[str] | range) -> dict[str, Any]:
    if isinstance(values, range):
        return {"type": "integer", "minimum": values[0], "maximum": values[-1]}
    return {"type": "string", "enum": list(values)}


def _operation(name: str, summary: str, schema: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    in_path = any(each["in"] == "path" for each in parameters)
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": _answer(summary, "application/json", schema),
            "304": {"description": "Nothing has changed since the ETag that was sent."},
            "400": _answer("A filter or a value that there is not.", "application/problem+json", "Problem"),
            **(
                {"404": _answer("No such edition.", "application/problem+json", "Problem")} if in_path else {}
            ),
        },
    }


def _answer(says: str, media: str, schema: str) -> dict[str, Any]:
    return {
        "description": says,
        "headers": {"ETag": {"schema": {"type": "string"}, "description": "Send it as If-None-Match."}},
        "content": {media: {"schema": {"$ref": _REF + schema}}},
    }


def _object(**properties: object) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _schemas() -> dict[str, Any]:
    _, made = models_json_schema(
        [(Figure, "serialization"), (Withheld, "serialization")], ref_template=_REF + "{model}"
    )
    text, whole, truth = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
    names = _object(da=text, en=text)
    links = _object(page=text, figures=text, withheld=text, goals=text, csv=text, package=text, signed=text)
    half = _object(estimate=whole, lower=whole, upper=whole)
    paged = {"edition": whole, "day": text, "synthetic": truth, "count": whole}
    following = {"next": {"type": ["string", "null"]}}
    return {
        **made["$defs"],
        "Problem": _object(title=text, status=whole, detail=text),
        "Codes": _object(
            indicators=_list(_object(id=text, name=names, direction=text)),
            areas=_list(_object(code=text, name=names)),
            sectors=_list(_object(code=text, area=text, name=names)),
            sizes=_list(text),
        ),
        "Edition": _object(
            number=whole, day=text, policy=text, synthetic=truth, indicators=_list(text), years=_list(whole),
            figures=whole, withheld=whole, links=links,
        ),
        "Editions": _object(editions=_list({"$ref": _REF + "Edition"})),
        "Figures": _object(**paged, figures=_list({"$ref": _REF + "Figure"}), **following),
        "Goals": _object(**paged, goals=_list(_object(
            indicator=text, year=whole, area=text, made_in_edition=whole, organisations=whole,
            respondents=whole, at_least_half=half,
        ))),
        "WithheldFigures": _object(**paged, withheld=_list({"$ref": _REF + "Withheld"}), **following),
    }  # fmt: skip


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}
