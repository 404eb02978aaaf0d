"""What every form has: protection against other sites, messages in the page's language, errors in a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from flask_babel import get_domain, gettext, lazy_gettext
from flask_wtf import FlaskForm
from stdnum.dk import cvr
from stdnum.exceptions import ValidationError
from wtforms import DateField, Field, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import StopValidation

from survey.people.links import LinkError, one_link
from survey.people.spelling import SpellingError, one_address, one_name

# What WTForms itself says, so that the catalogue has it.
_ITS_OWN: Final = (lazy_gettext("Not a valid choice."), lazy_gettext("Not a valid date value."))
LINK_FAULTS: Final = {
    "form": lazy_gettext("Copy the whole address of the page, from https:// on."),
    "disguise": lazy_gettext("This address is not what it seems to be. Copy it from the page itself."),
    "shortened": lazy_gettext(
        "This address hides where it leads. Open it, and copy the one that the browser shows then."
    ),
    "long": lazy_gettext("This address is too long. Find a shorter one to the same page."),
}
_DAYS: Final = ["%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y"]


class _OurCatalogue:
    """WTForms' own messages, in the product's catalogue: the library has no Danish."""

    def gettext(self, string: str) -> str:
        return str(gettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        # WTForms puts its own numbers in afterwards; Flask-Babel's function would look for them here.
        return str(get_domain().get_translations().ngettext(singular, plural, n))


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form of this product."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """Where its messages come from."""

        locales: ClassVar[list[str]] = ["da", "en"]

        def get_translations(self, _form: object) -> _OurCatalogue:
            """Return the product's own catalogue."""
            return _OurCatalogue()

    def typed(self, name: str) -> str:
        """Return what was typed into a field, or nothing."""
        return str(self[name].data or "")

    def problems(self) -> list[dict[str, str]]:
        """List what is wrong, first error of each field, for the summary at the head of a page."""
        return [
            {"field": field.id, "text": str(field.errors[0])}
            for field in self
            if field.errors and field.name != "csrf_token"
        ]

    def refuse(self, name: str, message: object) -> None:
        """Mark a field as wrong, for what only a view can know."""
        field: Field = self[name]
        field.errors = [*field.errors, str(message)]


class CompanyNumber:
    """A validator: a CVR number whose check digit fits."""

    def __call__(self, _form: Form, field: StringField) -> None:
        """Put the number into eight digits, or say what to mend."""
        try:
            field.data = cvr.validate(field.data or "")
        except ValidationError as fault:
            message = lazy_gettext(
                "That is no CVR number: it has eight digits, and the last one must fit the others."
            )
            raise StopValidation(str(message)) from fault


class Name:
    """A validator: a name that can be read, in one alphabet."""

    def __call__(self, _form: Form, field: StringField) -> None:
        """Put the name into its one spelling, or say what to mend."""
        try:
            field.data = one_name(field.data or "")
        except SpellingError as fault:
            message = lazy_gettext(
                "The name has letters that look like others, or that are not seen. Type it anew."
            )
            raise StopValidation(str(message)) from fault


class Day(DateField):
    """
    A day, as the browser's calendar sends it or as Danes write it.

    What cannot be read is shown again as it was typed, in a field that takes any text: a calendar's field
    would show nothing, and what was typed would be lost.
    """

    def __init__(self, label: object, validators: Sequence[object] = (), **options: object) -> None:
        """Take what any field takes."""
        super().__init__(label, validators, format=_DAYS, **options)  # type: ignore[arg-type]  # its stubs know one format

    @property
    def input_type(self) -> str:
        """What the browser is to make of it."""
        return "text" if self.typed and not self.data else "date"

    @property
    def typed(self) -> str:
        """What stands in it: the day, or what was typed instead of one."""
        if self.data:
            return self.data.isoformat()
        return "".join(sign for sign in " ".join(self.raw_data or ()) if sign.isprintable())


class ButtonForm(Form):
    """A button, and nothing to fill in."""


class Address:
    """A validator: an e-mail address, in one spelling and one alphabet."""

    def __call__(self, _form: Form, field: StringField) -> None:
        """Put the address into its one spelling, or say what to mend."""
        try:
            field.data = one_address(field.data or "")
        except SpellingError as fault:
            message = lazy_gettext("Write an e-mail address, like name@example.org.")
            raise StopValidation(str(message)) from fault


class Link:
    """A validator: nothing, or an address that can be led to."""

    def __call__(self, _form: Form, field: StringField) -> None:
        """Put the address into its one spelling, or say what to mend."""
        try:
            field.data = one_link(field.data or "")
        except LinkError as fault:
            raise StopValidation(str(LINK_FAULTS[fault.fault])) from fault


def choices_of(named: Mapping[str, object]) -> list[SelectChoice]:
    """Return a form's choices from words by code."""
    return [SelectChoice(code, words) for code, words in named.items()]
