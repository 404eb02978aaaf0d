"""The forms of a steward: whom to ask to be a trustee, a questionnaire's file, what its questions match."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are of a version before
from wtforms.validators import AnyOf, DataRequired, Length, ValidationError

from questionnaires.mapping import ItemMapping
from questionnaires.model import Questionnaire
from survey.delivery.outbox import AddressError, mail_address
from survey.forms import Form, choices_of

LANGUAGES: Final = (SelectChoice("da", "Dansk"), SelectChoice("en", "English"))


_LONGEST_NAME: Final = 200
_NAME: Final = lazy_gettext("Write the trustee's name.")
_ROLE: Final = lazy_gettext("Choose whom the trustee stands for.")


def _on_one_line(typed: str | None) -> str:
    """What was typed, on one line and without what no keyboard types."""
    words = " ".join((typed or "").split())
    return "".join(character for character in words if character.isprintable())


class TrusteeForm(Form):
    """Somebody to be asked to hold a key, and whom they stand for."""

    name = StringField(
        lazy_gettext("Name"),
        [DataRequired(_NAME), Length(max=_LONGEST_NAME, message=_NAME)],
        filters=[_on_one_line],
    )
    email = StringField(lazy_gettext("E-mail address"), filters=[_on_one_line])
    role = RadioField(lazy_gettext("Whom does the trustee stand for?"), validate_choice=False)

    def validate_email(self, field: StringField) -> None:
        """Put the address into the spelling that mails go to, or say what to mend."""
        try:
            field.data = mail_address(field.data or "")
        except AddressError as fault:
            message = str(lazy_gettext("Write an e-mail address, such as a@b.dk."))
            raise ValidationError(message) from fault

    def offer(self, roles: Mapping[str, object]) -> None:
        """Let one of these roles be chosen, given as words by role, and none else."""
        self.role.choices = choices_of(roles)
        self.role.validators = [AnyOf([*roles], message=_ROLE)]


class BringForm(Form):
    """A file, and the language of what in it names none."""

    file = FileField(validators=[FileRequired(lazy_gettext("Choose a file."))])
    language = SelectField(choices=LANGUAGES, default="da")


def chosen_item(sent: Mapping[str, str], questionnaire: Questionnaire) -> tuple[str, str] | None:
    """The own item that is to be matched next and the one chosen for it; None if none was chosen."""
    own, target = sent.get("own", ""), sent.get("target", "")
    return (own, target) if own in questionnaire.positions and target else None


def mapping_in(sent: Mapping[str, str], own: str, target: str, questionnaire: Questionnaire) -> ItemMapping:
    """What was chosen for each option of an item; one without a choice is left to be told of."""
    codes = {
        option.code: sent.get(f"code-{option.code}", "")
        for option in questionnaire.options_of(questionnaire.item(own))
    }
    return ItemMapping(target, {code: meant for code, meant in codes.items() if meant})
