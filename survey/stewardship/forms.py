"""The forms of a steward: whom to ask to be a trustee, a questionnaire's file, what its questions match."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are of a version before
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length

from questionnaires.mapping import ItemMapping
from survey.forms import Address, Form, choices_of

LANGUAGES: Final = (SelectChoice("da", "Dansk"), SelectChoice("en", "English"))


_CODE: Final = "code-"
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
    email = StringField(lazy_gettext("E-mail address"), [Address()], filters=[_on_one_line])
    role = RadioField(lazy_gettext("Whom does the trustee stand for?"), validate_choice=False)

    def offer(self, roles: Mapping[str, object]) -> None:
        """Let one of these roles be chosen, given as words by role, and none else."""
        self.role.choices = choices_of(roles)
        self.role.validators = [AnyOf([*roles], message=_ROLE)]


class BringForm(Form):
    """A file, and the language of what in it names none."""

    file = FileField(validators=[FileRequired(lazy_gettext("Choose a file."))])
    language = SelectField(choices=LANGUAGES, default="da")


class WaveForm(Form):
    """A button about one wave."""

    wave = HiddenField(validators=[InputRequired()])


class HolderForm(Form):
    """A button about one trustee."""

    trustee = HiddenField(validators=[InputRequired()])


class RecognitionForm(HolderForm):
    """That a trustee's key is whose it is said to be, by the fingerprint that was read out."""

    fingerprint = HiddenField(validators=[InputRequired()])


class SensitivityForm(Form):
    """Whether an own item asks about what somebody did or suffered."""

    own = HiddenField(validators=[InputRequired()])
    sensitive = HiddenField(validators=[AnyOf(["yes", "no"])])


class MatchForm(Form):
    """
    Which of the alliance's items one of an organisation's own is the same as, and by which button it is sent.

    Its answers have fields of their own, `code-…`, in the form that `answers_form` makes.
    """

    own = HiddenField(validators=[InputRequired()])
    target = HiddenField(validators=[InputRequired()])
    codes = SubmitField()
    remove = SubmitField()

    def mapping(self) -> ItemMapping:
        """What is chosen for each of the own item's options; one without a choice is left out."""
        chosen = {field.name.removeprefix(_CODE): field.data for field in self.answers()}
        return ItemMapping(self.typed("target"), {code: meant for code, meant in chosen.items() if meant})

    def answers(self) -> list[Field]:
        """The fields of the own item's options, in their order."""
        return [field for field in self if field.name.startswith(_CODE)]

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        """Say at the field what is not matched, and what is matched twice."""
        fits = bool(super().validate(extra_validators))
        taken: set[str] = set()
        for field in self.answers():
            if field.data and field.data in taken:
                self.refuse(field.name, lazy_gettext("Each answer can be the same as one other only."))
                fits = False
            taken.add(field.data or "")
        return fits


def answers_form(own: Mapping[str, str], alliance: Mapping[str, str]) -> MatchForm:
    """The form that matches the options of two items, each given as words by code."""

    class AnswersForm(MatchForm):
        """One field for each of the own item's options."""

    choices = choices_of({"": lazy_gettext("Choose the same answer"), **alliance})
    for code, words in own.items():
        required = InputRequired(lazy_gettext("Choose what it is the same as."))
        setattr(AnswersForm, f"{_CODE}{code}", SelectField(words, [required], choices=choices))
    return AnswersForm()
