"""
What the library starts with: analysis/reference/tools.yaml, credited to its publishers, each link unchecked.

The list was read from stored copies of public pages; nobody has opened the links. An entry says so, and shows
none, until the secretariat has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.knowledge.content import Content, Kind
from survey.knowledge.library import index, sorting_of
from survey.storage.identifiers import new_identifier
from survey.storage.library import EntryState, LibraryEntry
from survey.storage.models import Organisation

_FILE: Final = Path(__file__).parents[2] / "analysis" / "reference" / "tools.yaml"
_KINDS: Final[Mapping[str, Kind]] = {
    "article": Kind.GUIDELINE,
    "campaign": Kind.CAMPAIGN,
    "charter": Kind.GUIDELINE,
    "dialogue_cards": Kind.TOOL,
    "e_learning": Kind.TOOL,
    "film": Kind.TOOL,
    "guide": Kind.GUIDELINE,
    "hotline": Kind.HELP,
    "official_guidance": Kind.GUIDELINE,
    "questionnaire": Kind.TOOL,
    "report": Kind.RESEARCH,
    "service": Kind.HELP,
    "site": Kind.GUIDELINE,
    "survey_guide": Kind.TOOL,
    "templates": Kind.TOOL,
    "toolkit": Kind.TOOL,
}
_UNKNOWN: Final = "ikke bekræftet"
# The list names people more finely than the library is narrowed by.
_AUDIENCES: Final[Mapping[str, str]] = {
    "amr": "employee",
    "analyst": "society_actor",
    "board": "leader",
    "coach": "volunteer",
    "employee": "employee",
    "freelancer": "employee",
    "hr": "leader",
    "leader": "leader",
    "researcher": "society_actor",
    "student": "pupil_student",
    "teacher": "teacher",
    "volunteer": "volunteer",
}


def starting_list() -> dict[str, Content]:
    """Return what the list says, by its entries' names in it."""
    tools: Sequence[Mapping[str, Any]] = yaml.safe_load(_FILE.read_text("utf-8"))["tools"]
    return {tool["id"]: _content(tool) for tool in tools}


def bring_in(session: Session, today: dt.date) -> int:
    """
    Publish what the library starts with and has not had, and say how many entries that were.

    Raises:
        sqlalchemy.exc.NoResultFound: If the alliance's own organisation is not there yet.
    """
    alliance = session.scalars(select(Organisation.id).where(Organisation.is_alliance)).one()
    known = set(session.scalars(select(LibraryEntry.starter).where(LibraryEntry.starter != "")))
    missing = {name: content for name, content in starting_list().items() if name not in known}
    for name, content in missing.items():
        entry = LibraryEntry(
            id=new_identifier(),
            organisation_id=alliance,
            starter=name,
            state=EntryState.PUBLISHED,
            title=content.title,
            sorting=sorting_of(content.title),
            content=content.stored(),
            published_on=today,
            changed_on=today,
        )
        session.add(entry)
        session.flush()
        index(session, entry)
    return len(missing)


def _content(tool: Mapping[str, Any]) -> Content:
    return Content(
        kind=_KINDS[tool["kind"]],
        title=tool["title"],
        publisher="" if tool["publisher"] == _UNKNOWN else tool["publisher"],
        url=tool["url"],
        language=tool["lang"],
        areas=tuple(tool["areas"]),
        audience=tuple(dict.fromkeys(_AUDIENCES[found] for found in tool["audience"])),
        categories=tuple(tool["categories"]),
    )
