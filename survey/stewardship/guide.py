"""The guide for a wave: advice, announcements and a plan for the follow-up, as a page and as a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from pydantic import BaseModel, ConfigDict

from survey.access import Audience, open_to
from survey.delivery.typesetting import typeset

blueprint = Blueprint("guide", __name__, url_prefix="/guide")
_TEXTS: Final = Path(__file__).parents[2] / "templates" / "stewardship"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Announcement(_Part):
    """A text to copy."""

    title: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        """The text as it is typeset."""
        return self.text.strip().split("\n\n")


class Plan(_Part):
    """What is done when, with room for who does it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Section(_Part):
    """One part of the guide."""

    id: str
    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    templates: tuple[Announcement, ...] = ()
    plan: Plan | None = None


class Guide(_Part):
    """The whole guide in one language."""

    title: str
    lead: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class _Printed:
    guide: Guide
    language: str

    def content(self) -> dict[str, object]:
        return {
            "language": self.language,
            "title": self.guide.title,
            "lead": self.guide.lead,
            "sections": [
                {
                    **section.model_dump(exclude={"templates"}),
                    "templates": [
                        {"title": each.title, "paragraphs": each.paragraphs} for each in section.templates
                    ],
                }
                for section in self.guide.sections
            ],
        }


@cache
def guide_in(language: str) -> Guide:
    """The guide in a language; English where it is not written in that."""
    known = language if language in ("da", "en") else "en"
    return Guide.model_validate(yaml.safe_load((_TEXTS / f"guide.{known}.yaml").read_text("utf-8")))


@cache
def printed(language: str) -> bytes:
    """The guide as a tagged PDF."""
    return typeset("stewardship/guide.typ", _Printed(guide_in(language), language).content())


@blueprint.get("")
@open_to(Audience.PUBLIC)
def page() -> ResponseReturnValue:
    """Show the guide to anybody."""
    return render_template("stewardship/guide.html", guide=guide_in(str(get_locale())))


@blueprint.get("/guide.pdf")
@open_to(Audience.PUBLIC)
def pdf() -> ResponseReturnValue:
    """The same, to print."""
    return Response(printed(str(get_locale())), mimetype="application/pdf")
