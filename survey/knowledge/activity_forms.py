"""The form of an activity, as a member proposes it and as the secretariat writes it."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, StopValidation

from survey.forms import Day, Form, Link, choices_of
from survey.knowledge.duties import ACTIVITY_KINDS
from survey.knowledge.planned import Planned

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_LONG = Length(max=8000, message=_("Use at most 8000 characters."))
_MARKDOWN = _("Markdown works: **bold**, [link](https://…), and lists with - in front.")


class _Time:
    """A validator: nothing, or a time of day."""

    def __call__(self, _form: Form, field: StringField) -> None:
        typed = (field.data or "").strip().replace(".", ":")
        field.data = typed.zfill(len("09:30")) if typed else ""
        if field.data and not _TIME.fullmatch(field.data):
            raise StopValidation(str(_("Write the time like 09:30, or leave it out.")))


class ActivityForm(Form):
    """A campaign, survey, conference or meeting."""

    kind = SelectField(_("Kind"), choices=choices_of(ACTIVITY_KINDS))
    title = StringField(
        _("What it is called"),
        [
            DataRequired(_("Write what it is called.")),
            Length(max=200, message=_("Use at most 200 characters.")),
        ],
    )
    language = SelectField(_("Language"), choices=choices_of({"da": _("Danish"), "en": _("English")}))
    begins_on = Day(_("First day"), [DataRequired(_("Write the first day."))])
    ends_on = Day(_("Last day"), [DataRequired(_("Write the last day."))])
    begins_at = StringField(_("Begins at (if it has a time)"), [_Time()])
    ends_at = StringField(_("Ends at"), [_Time()])
    place = StringField(
        _("Where (if it is somewhere)"), [Length(max=200, message=_("Use at most 200 characters."))]
    )
    link = StringField(_("A page about it (if there is one)"), [Link()])
    about = TextAreaField(_("What it is about"), [_LONG], description=_MARKDOWN)
    learnt = TextAreaField(
        _("What was learnt (when it is over)"),
        [_LONG],
        description=_("For those who were not there. Markdown works here too."),
    )
    cancelled = BooleanField(_("It is cancelled"))

    def validate_ends_on(self, field: Field) -> None:
        """See that it does not end before it begins."""
        if field.data and self.begins_on.data and field.data < self.begins_on.data:
            raise StopValidation(str(_("It ends before it begins. Look at both days.")))

    def validate_ends_at(self, field: Field) -> None:
        """See that it does not end before it begins, on one day."""
        times = self.begins_at.data or "", field.data or ""
        if times[1] and not times[0]:
            raise StopValidation(str(_("Write when it begins too.")))
        one_day = self.begins_on.data == self.ends_on.data
        if one_day and all(times) and times[1] <= times[0]:
            raise StopValidation(str(_("It ends before it begins. Look at both times.")))

    def planned(self) -> Planned:
        """Return what was typed, once it was checked."""
        values = {name: self[name].data for name in Planned.model_fields}
        # What was not sent is left out, and stands for nothing.
        told = {name: value for name, value in values.items() if value is not None}
        return Planned.model_validate(
            {name: value.strip() if isinstance(value, str) else value for name, value in told.items()}
        )


class HeldForm(ActivityForm):
    """An activity of whichever organisation holds it, as the secretariat writes it."""

    organisation = SelectField(_("Who holds it"))
