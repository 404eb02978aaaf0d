"""
Help lines: none is shown to a respondent before somebody has called it and found it to be what it says.

A check holds for exactly this name, number and address; a definition that says something else is unchecked. A
wave takes the checked lines with it when it is drafted, so that they are among what its manifest pins.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires.digest import canonical_bytes
from questionnaires.loading import alliance_definition
from questionnaires.model import HelpLine, Questionnaire
from survey.storage.people import HelpLineCheck

DEFINITIONS: Final = Path(__file__).parents[2] / "questionnaires" / "definitions"


def check_digest(line: HelpLine) -> str:
    """Return what a check is filed under: a digest of all that respondents would see of a line."""
    told = {
        "name": line.name.model_dump(mode="json"),
        "phone": line.phone or "",
        "url": line.url or "",
        "anonymous": line.anonymous,
    }
    return sha256(canonical_bytes(told)).hexdigest()


def checked(session: Session) -> frozenset[str]:
    """Return the digests of all checks."""
    return frozenset(session.scalars(select(HelpLineCheck.digest)))


def with_checked_lines(session: Session, questionnaire: Questionnaire) -> Questionnaire:
    """Return the questionnaire with its checked help lines free to be shown, and the others as they were."""
    digests = checked(session)
    lines = tuple(
        line.model_copy(update={"verify_before_release": False}) if check_digest(line) in digests else line
        for line in questionnaire.help_lines
    )
    return questionnaire.model_copy(update={"help_lines": lines})


def published_definitions() -> list[Questionnaire]:
    """Return the alliance's questionnaires, as their files say them, by id and version."""
    found = [alliance_definition(path.stem) for path in DEFINITIONS.glob("[a-z]*.yaml")]
    return sorted(found, key=lambda questionnaire: (questionnaire.id, questionnaire.version))
