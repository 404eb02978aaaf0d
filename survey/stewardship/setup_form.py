"""What the forms of setting a wave up have in common: what a step knows, shows and reads back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext
from wtforms import HiddenField, StringField, SubmitField
from wtforms.validators import DataRequired, Length

from questionnaires.model import Questionnaire, Text
from survey.forms import Day, Form
from survey.storage.models import Trustee
from survey.waves.setup import Setup

TOO_LONG: Final = lazy_gettext("This is too long. Say it shorter.")
WRITE_A_DAY: Final = lazy_gettext("Write a day, such as 2027-03-01.")
CHOOSE: Final = lazy_gettext("Choose one of these.")
WRITE_A_NUMBER: Final = lazy_gettext("Write a whole number.")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a step needs to know beside what was decided."""

    organisation: str
    offered: Mapping[str, Questionnaire]
    """By what `Setup.questionnaire` calls them; the one for the organisation's area is the first."""
    whole: Questionnaire
    """The chosen one, or the first."""
    trustees: Sequence[Trustee]
    earliest: datetime.date | None
    """When the next wave may begin, for the earlier ones' sake."""
    today: datetime.date
    language: str
    is_member: bool
    """Whether it is a member of the alliance, which may ask the people of others."""

    def said(self, text: Text) -> str:
        """A text in the page's language, or in the first that it has."""
        return text[self.language] if self.language in text else text[text.languages[0]]


def one_line(typed: str | None) -> str:
    """Return what was typed on one line, without what no keyboard types."""
    words = " ".join((typed or "").split())
    return "".join(character for character in words if character.isprintable())


def line(label: str, longest: int = 200, description: str = "", *, needed: str = "") -> StringField:
    """Return a field of one line; `needed` is what it says when it is left empty."""
    checks = [Length(max=longest, message=TOO_LONG), *([DataRequired(needed)] if needed else [])]
    return StringField(label, checks, filters=[one_line], description=description)


def day(field: Day) -> datetime.date:
    """Return the day in a field that was checked."""
    return field.data or datetime.date.max


class BeginForm(Form):
    """From which wave a new one is copied; from none if it is empty."""

    wave = HiddenField()


class StepForm(Form):
    """A step: filled from what was decided, and read back into it."""

    leave = SubmitField()

    def show(self, setup: Setup, facts: Facts) -> None:
        """Fill the fields with what was decided before."""
        raise NotImplementedError

    def offer(self, setup: Setup, facts: Facts) -> None:
        """Say what can be chosen; before what was sent is checked."""

    def chosen(self, setup: Setup, facts: Facts) -> dict[str, Any]:
        """Return what was chosen, by the names of `Setup`; marks a field where it cannot be."""
        raise NotImplementedError
