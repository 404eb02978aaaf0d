"""The forms by which a steward invites: addresses, how many cards, the words, and days."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are of a version before
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from survey.delivery.cover import LINK
from survey.delivery.outbox import AddressError, mail_address
from survey.forms import Day, Form
from survey.stewardship.cards import MOST

_SPOKEN: Final = {"da": "Dansk", "en": "English"}
_NUMBER: Final = lazy_gettext("Write a whole number from 1 to %(most)s.", most=MOST)
_DAY: Final = lazy_gettext("Choose a day.")
_SUBJECT: Final = lazy_gettext("Write a subject of up to 150 characters.")
_TEXT: Final = lazy_gettext("Write a text of up to 5,000 characters.")


class AddressForm(Form):
    """Addresses as text, as a file, or both."""

    addresses = TextAreaField(
        lazy_gettext("E-mail addresses"),
        description=lazy_gettext(
            "One on each line, or copied from a spreadsheet or a mail. Names beside them are left out."
        ),
    )
    file = FileField(
        lazy_gettext("Or a file"),
        description=lazy_gettext("CSV or Excel (.xlsx) with a column of e-mail addresses, up to 5 MB."),
    )


class MendForm(Form):
    """Where an invitation goes that was refused."""

    address = StringField(lazy_gettext("Send the invitation to"))

    def validate_address(self, field: StringField) -> None:
        """Put the address into its one spelling, or say what to mend."""
        try:
            field.data = mail_address(field.data or "")
        except AddressError as fault:
            message = lazy_gettext("Write an e-mail address, like name@example.org.")
            raise ValidationError(str(message)) from fault


class LostForm(Form):
    """That a file was lost before anybody had anything of it."""

    unused = BooleanField(
        lazy_gettext("Nobody has been given a card or a link from this file"),
        [InputRequired(lazy_gettext("Tick this only if it is so: what was handed out stops working."))],
    )


class HandOutForm(Form):
    """How many cards or links, and in which language."""

    number = IntegerField(
        lazy_gettext("How many?"), [InputRequired(_NUMBER), NumberRange(1, MOST, message=_NUMBER)]
    )
    language = SelectField(lazy_gettext("Language of the cards"))

    def offer(self, languages: tuple[str, ...]) -> None:
        """Let one of these languages be chosen."""
        self.language.choices = [SelectChoice(code, _SPOKEN.get(code, code)) for code in languages]


class CoverForm(Form):
    """Subject and text of a mail."""

    subject = StringField(
        lazy_gettext("Subject"), [DataRequired(_SUBJECT), Length(max=150, message=_SUBJECT)]
    )
    text = TextAreaField(lazy_gettext("Text"), [DataRequired(_TEXT), Length(max=5000, message=_TEXT)])

    def validate_text(self, field: TextAreaField) -> None:
        """A mail without its link invites nobody."""
        if LINK not in (field.data or ""):
            raise ValidationError(str(lazy_gettext("Write {link} where the link is to stand.")))


class ReminderForm(Form):
    """When those who were written to are reminded."""

    remind_on = Day(lazy_gettext("Day of the reminder"), [InputRequired(_DAY)])


class LastDayForm(Form):
    """Until when answers are taken."""

    last_day = Day(lazy_gettext("Last day for answers"), [InputRequired(_DAY)])
