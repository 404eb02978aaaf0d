"""The forms of the secretariat's desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from survey.forms import Address, Form, choices_of


class DecisionForm(Form):
    """Yes with a place in the classification, or no; with a reason wherever a mail tells it."""

    decision = RadioField(
        _("Decision"),
        [InputRequired(_("Choose one."))],
        choices=choices_of({"approve": _("Approve"), "decline": _("Decline")}),
    )
    # Which sectors an area has is looked up when it is decided.
    sector = SelectField(_("Where it belongs (if you approve)"), validate_choice=False)
    reason = TextAreaField(
        _("Reason"),
        [Length(max=1000, message=_("Use at most 1000 characters."))],
        description=_("It is sent by mail as it stands. Without it nobody is declined, or becomes a member."),
    )

    def reasoned(self, *, member: bool) -> bool:
        """Say whether what needs a reason has one; what is missing stands at the field."""
        if self.typed("reason").strip() or (self.decision.data == "approve" and not member):
            return True
        self.refuse("reason", _("Write why: it is all they get to know."))
        return False


class DeclineAllForm(Form):
    """Why all that came from one mail domain is declined."""

    reason = TextAreaField(
        _("Reason"),
        [
            InputRequired(_("Write why: it is all they get to know.")),
            Length(max=1000, message=_("Use at most 1000 characters.")),
        ],
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
