"""What the alliance is, how to join, and published figures of others for context."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, lazy_gettext

from analysis.indicators import BY_ID
from survey.access import Audience, open_to, services
from survey.categories import MEMBER_KINDS
from survey.editions import newest
from survey.knowledge.caching import with_etag
from survey.knowledge.duties import DUTIES
from survey.knowledge.goals import goals as goals_of

blueprint = Blueprint("alliance", __name__, url_prefix="/alliance")
blueprint.after_request(with_etag)
_REFERENCE: Final = Path(__file__).parents[2] / "analysis" / "reference"
_SAME: Final = "same"
_KINDS: Final = {
    "labour_market": lazy_gettext("Workplaces"),
    "education": lazy_gettext("Educational institutions"),
    "culture_leisure": lazy_gettext("Culture and leisure"),
}


@dataclass(frozen=True, slots=True)
class ContextFigure:
    """A figure that somebody else published: of what, who found it, when, and where it stands."""

    value: float
    year: int
    words: dict[str, str]
    source: str
    address: str

    def shown(self) -> str:
        """Return the number as the page's language writes it."""
        return f"{format_decimal(self.value)} %"


@blueprint.get("/")
@open_to(Audience.PUBLIC)
def overview() -> ResponseReturnValue:
    """Say what the alliance is, what it is for, what its members take on, how long, and how to join."""
    return render_template("knowledge/alliance.html", duties=DUTIES, kinds=MEMBER_KINDS)


@blueprint.get("/figures")
@open_to(Audience.PUBLIC)
def figures() -> ResponseReturnValue:
    """Show published Danish figures with source and year, apart from everything found here."""
    return render_template("knowledge/context.html", figures=context_figures())


@blueprint.get("/goals")
@open_to(Audience.PUBLIC)
def goals() -> ResponseReturnValue:
    """Show how far the alliance is with its own goals, year by year over its term."""
    with services().databases.alliance_session(reading=True) as session:
        edition = newest(session)
    return render_template(
        "knowledge/goals.html",
        edition=edition.edition if edition else None,
        goals=goals_of(edition),
        kinds=_KINDS,
        indicators=BY_ID,
        whole=format_decimal,
        decimal=lambda tenths: format_decimal(tenths / 10, "0.0"),
    )


@cache
def context_figures() -> tuple[ContextFigure, ...]:
    """Return the figures that are shown, in the order of analysis/reference/context.yaml."""
    known = _published()
    chosen = yaml.safe_load((_REFERENCE / "context.yaml").read_text("utf-8"))["figures"]
    return tuple(
        ContextFigure(
            value=known[figure["id"]]["value"],
            year=figure["year"],
            words={language: figure[language] for language in ("da", "en")},
            source=known[figure["id"]]["source"],
            address=known[figure["id"]]["url"],
        )
        for figure in chosen
    )


def _published() -> dict[str, dict[str, Any]]:
    """Figures by id, each with its own address: the file says `same` for the one above."""
    found: dict[str, dict[str, Any]] = {}
    address = ""
    for figure in yaml.safe_load((_REFERENCE / "benchmarks.yaml").read_text("utf-8"))["figures"]:
        address = address if figure["url"] == _SAME else figure["url"]
        found[figure["id"]] = {**figure, "url": address}
    return found
