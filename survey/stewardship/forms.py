"""The forms of bringing a questionnaire: a file, and what each of its questions is the same as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are of a version before

from questionnaires.mapping import ItemMapping
from questionnaires.model import Questionnaire

LANGUAGES: Final = (SelectChoice("da", "Dansk"), SelectChoice("en", "English"))


class BringForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
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
