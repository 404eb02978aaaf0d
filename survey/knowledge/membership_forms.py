"""The forms of members: what they promise for a year, what the secretariat says of it, and leaving."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from survey.forms import Day, Form, choices_of
from survey.knowledge.duties import DUTIES
from survey.knowledge.reading import ReadForm

LEAVING_FAULTS = {
    "early": _("Choose a day that is at least two weeks off: until then it can be taken back."),
    "late": _("Choose a day within two years."),
}
_LONG = Length(max=1000, message=_("Use at most 1000 characters."))


class CommitmentForm(Form):
    """What a member will do in a year under one duty."""

    year = SelectField(_("Year"))
    duty = SelectField(_("Duty"), choices=choices_of(DUTIES))
    promise = TextAreaField(_("What you will do"), [DataRequired(_("Write what you will do.")), _LONG])

    def offer(self, joined_on: dt.date, today: dt.date) -> None:
        """Offer the years from the one in which the member joined to the next one."""
        years = range(joined_on.year, max(joined_on.year, today.year + 1) + 1)
        self.year.choices = choices_of({str(year): str(year) for year in years})
        if not self.year.data:
            self.year.data = str(today.year)


class OutcomeForm(Form):
    """What came of it; and the promise anew, where the secretariat has asked about it or hidden it."""

    promise = TextAreaField(_("What you will do"), [DataRequired(_("Write what you will do.")), _LONG])
    outcome = TextAreaField(_("What came of it"), [_LONG])

    def ask_for(self, *, promise: bool) -> None:
        """Ask for the promise anew, or only for what came of it."""
        if promise:
            return
        del self.promise
        self.outcome.validators = [DataRequired(_("Write what came of it.")), _LONG]


class ModerationForm(ReadForm):
    """What the secretariat says of a commitment."""

    decision = RadioField(
        _("What should happen"),
        [DataRequired(_("Choose one."))],
        choices=choices_of(
            {
                "ask": _("Ask the member to write it again; it is shown meanwhile"),
                "hide": _("Hide it, until the member has written it again and you have seen it"),
                "show": _("Show it"),
            }
        ),
    )
    note = TextAreaField(
        _("Question or reason"),
        [_LONG],
        description=_("It is sent by mail as it stands. Nobody else sees it."),
    )

    def reasoned(self) -> bool:
        """Say whether it is about what was read, with a reason where it needs one; else it stands there."""
        if not self.has_read():
            return False
        if self.decision.data == "show" or self.typed("note").strip():
            return True
        self.refuse("note", _("Write what you ask, or why it is hidden."))
        return False


class LeavingForm(Form):
    """The last day of a membership."""

    last_day = Day(_("Last day as a member"), [DataRequired(_("Write the last day."))])

    def day(self) -> dt.date:
        """Return the day, once it was checked."""
        return self.last_day.data or dt.date.min

    def mark(self, fault: str) -> None:
        """Say what is wrong with the day."""
        self.refuse("last_day", LEAVING_FAULTS[fault])


class EndingForm(LeavingForm):
    """The last day of somebody else's membership, and why the secretariat ends it."""

    reason = TextAreaField(
        _("Reason"),
        [DataRequired(_("Write why: it is sent to the member.")), _LONG],
        description=_("It is sent by mail as it stands."),
    )
