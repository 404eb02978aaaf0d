"""The forms of a leader's space: what becomes of a release, and what is done after it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from flask_babel import lazy_gettext
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, Length, Optional

from survey.forms import Day, Form
from survey.storage.models import LONGEST_ACTION, LONGEST_REASON

_LONGEST_NAME: Final = 200
_REASON: Final = lazy_gettext("Write why the figures are taken back, in at most 1,000 letters.")
_SURE: Final = lazy_gettext("Say that you know that it cannot be undone.")
_WHAT: Final = lazy_gettext("Write what you will do, in at most 500 letters.")
_WHO: Final = lazy_gettext("Write who sees to it, in at most 200 letters.")
_DAY: Final = lazy_gettext("Choose a day.")
_HOW: Final = lazy_gettext("Write how everybody gets to hear of it, in at most 500 letters.")


def _trimmed(typed: str | None) -> str:
    """What was typed, without what surrounds it and without what no keyboard types."""
    return "".join(each for each in (typed or "").strip() if each.isprintable() or each == "\n")


def _on_one_line(typed: str | None) -> str:
    return " ".join(_trimmed(typed).split())


class Deed(StrEnum):
    """What can become of a release and be undone."""

    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    SHARE = "share"
    UNSHARE = "unshare"


class DeedForm(Form):
    """One button."""

    deed = SelectField(choices=[SelectChoice(each.value) for each in Deed])


class WithdrawalForm(Form):
    """A release is taken back for good, and for a reason that everybody who saw it may read."""

    reason = TextAreaField(
        lazy_gettext("Why are the figures taken back?"),
        [DataRequired(_REASON), Length(max=LONGEST_REASON, message=_REASON)],
        filters=[_trimmed],
        description=lazy_gettext("Everybody who could see the figures can read the reason. Name nobody."),
    )
    sure = BooleanField(
        lazy_gettext("I know that they can never be shown again"), [DataRequired(_SURE)], default=False
    )


class ActionForm(Form):
    """Something to be done: what, who, by when, and what it is to change."""

    what = TextAreaField(
        lazy_gettext("What will you do?"),
        [DataRequired(_WHAT), Length(max=LONGEST_ACTION, message=_WHAT)],
        filters=[_trimmed],
    )
    who = StringField(
        lazy_gettext("Who sees to it?"),
        [DataRequired(_WHO), Length(max=_LONGEST_NAME, message=_WHO)],
        filters=[_on_one_line],
        description=lazy_gettext("Somebody with the time and the right to do it. A job title will do."),
    )
    due_on = Day(lazy_gettext("By when?"), [DataRequired(_DAY)])
    about = SelectField(
        lazy_gettext("Which figure should it change?"),
        [Optional()],
        description=lazy_gettext("Next time the action stands beside what has become of the figure."),
    )


class FollowUpForm(Form):
    """When and how everybody who was asked hears what came of it."""

    day = Day(lazy_gettext("On which day does everybody hear the results?"), [DataRequired(_DAY)])
    how = TextAreaField(
        lazy_gettext("How?"),
        [DataRequired(_HOW), Length(max=LONGEST_ACTION, message=_HOW)],
        filters=[_trimmed],
        description=lazy_gettext("Those who were away, on leave or at work in the evening are asked too."),
    )


class ActionChangeForm(Form):
    """One button beside an action: it is done, it is not done after all, or it goes."""

    change = SelectField(choices=[SelectChoice(each) for each in ("done", "undone", "remove")])
