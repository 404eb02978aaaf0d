"""The forms of the secretariat's desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from survey.forms import Address, Form, choices_of


class DecisionForm(Form):
    """Yes with a place in the classification, or no with a reason."""

    decision = RadioField(
        _("Decision"),
        [InputRequired(_("Choose one."))],
        choices=choices_of({"approve": _("Approve"), "decline": _("Decline")}),
    )
    # Which sectors an area has is looked up when it is decided.
    sector = SelectField(_("Where it belongs (if you approve)"), validate_choice=False)
    reason = TextAreaField(
        _("Reason (if you decline)"),
        [Length(max=1000, message=_("Use at most 1000 characters."))],
        description=_("It is sent by mail as it stands."),
    )


class ClassificationForm(Form):
    """An organisation's place."""

    area = SelectField(_("Area"))
    sector = SelectField(_("Sector"), validate_choice=False)


class StewardForm(Form):
    """A steward to be, where an organisation has lost its own."""

    email = StringField(
        _("E-mail address of the new steward"),
        [InputRequired(_("Write an e-mail address.")), Address()],
    )
