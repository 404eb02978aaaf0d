"""The forms of contributing: an entry as a member writes it, and the secretariat's answer."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from survey.forms import Form, Link, choices_of
from survey.knowledge.content import LONGEST_TEXT, TOLD, Content, Facet, Kind, Picture, Text
from survey.knowledge.reading import ReadForm
from survey.knowledge.wording import FACETS, KINDS, LANGUAGES, TEXTS, words_of

_TEXT = Length(max=LONGEST_TEXT, message=_("Use at most 20,000 characters."))
_SHORT = Length(max=200, message=_("Use at most 200 characters."))
_TOLD_TEXTS = (Text.DONE, Text.FOR_WHOM, Text.OUTCOME, Text.OTHERS)
PICTURE_FAULTS = {
    "kind": _("Send a JPEG, PNG or WebP. Other kinds, such as SVG, can hold more than a picture."),
    "size": _("This picture is too large. Send one of at most 8 MB and 40 million points."),
    "broken": _("This picture ends early or is damaged. Send it again."),
    "many": _("An entry has at most five pictures. Take one off first."),
}


class ContributionForm(Form):
    """A tool, an experience or a project, with what others need to know about it."""

    kind = SelectField(
        FACETS[Facet.KIND], choices=choices_of({kind.value: words for kind, words in KINDS.items()})
    )
    title = StringField(_("Title"), [DataRequired(_("Write a title.")), _SHORT])
    publisher = StringField(
        _("Publisher (if it is not you)"),
        [_SHORT],
        description=_("Your organisation is named as the one that brought it."),
    )
    url = StringField(_("Link (if there is one)"), [Link()])
    language = SelectField(FACETS[Facet.LANGUAGE], choices=choices_of(LANGUAGES))
    area = SelectMultipleField(FACETS[Facet.AREA])
    audience = SelectMultipleField(FACETS[Facet.AUDIENCE])
    category = SelectMultipleField(FACETS[Facet.CATEGORY])
    about = TextAreaField(
        TEXTS[Text.ABOUT],
        [_TEXT],
        description=_("Markdown works: **bold**, [link](https://…), and lists with - in front."),
    )
    done = TextAreaField(TEXTS[Text.DONE], [_TEXT], description=_("For experiences and projects."))
    for_whom = TextAreaField(TEXTS[Text.FOR_WHOM], [_TEXT])
    outcome = TextAreaField(
        TEXTS[Text.OUTCOME], [_TEXT], description=_("Also what did not work: it helps others most.")
    )
    others = TextAreaField(TEXTS[Text.OTHERS], [_TEXT])
    picture = FileField(
        _("Add a picture (JPEG, PNG or WebP)"),
        description=_("Nobody in it without their yes. Where and when it was taken is removed."),
    )
    description = StringField(
        _("What the picture shows, for those who do not see it"),
        [Length(max=300, message=_("Use at most 300 characters."))],
    )
    remove = SelectMultipleField(_("Pictures to take off"), validate_choice=False)

    def offer(self) -> None:
        """Offer what an entry can be found under."""
        for facet in (Facet.AREA, Facet.AUDIENCE, Facet.CATEGORY):
            self[facet.value].choices = choices_of(words_of(facet))

    def fill(self, content: Content) -> None:
        """Begin with what the last version says."""
        for name in ("title", "publisher", "url", "language"):
            self[name].data = getattr(content, name)
        self.kind.data = content.kind.value
        self.area.data, self.audience.data = list(content.areas), list(content.audience)
        self.category.data = list(content.categories)
        for text in Text:
            self[text.value].data = content.texts.get(text, "")

    def content(self, organisation: str, pictures: tuple[Picture, ...]) -> Content:
        """Return what was written, by an organisation of this name."""
        texts = {text: self.typed(text.value).strip() for text in Text}
        return Content(
            kind=Kind(self.typed("kind")),
            title=" ".join(self.typed("title").split()),
            publisher=" ".join(self.typed("publisher").split()) or organisation,
            url=self.typed("url"),
            language=self.typed("language"),
            areas=tuple(self.area.data or ()),
            audience=tuple(self.audience.data or ()),
            categories=tuple(self.category.data or ()),
            texts={text: written for text, written in texts.items() if written},
            pictures=pictures,
        )

    def sent_picture(self) -> bytes:
        """Return the picture that was sent, or nothing."""
        return bytes(self.picture.data.read()) if self._has_picture() else b""

    def validate(self, extra_validators: object = None) -> bool:
        """See that what is told is told whole, and each picture in words: else nobody can learn from it."""
        super().validate(extra_validators)
        told = self.kind.data in {kind.value for kind in TOLD}
        for text in _TOLD_TEXTS if told else (Text.ABOUT,):
            if not self.typed(text.value).strip():
                self.refuse(text.value, _("Write something here: others need it to learn from this."))
        if self._has_picture() and not self.typed("description").strip():
            self.refuse("description", _("Write what the picture shows."))
        return not self.problems()

    def _has_picture(self) -> bool:
        return isinstance(self.picture.data, FileStorage) and bool(self.picture.data.filename)


class ReviewForm(ReadForm):
    """The secretariat's answer to what was handed in."""

    decision = RadioField(
        _("Decision"),
        [DataRequired(_("Choose one."))],
        choices=choices_of({"publish": _("Publish"), "ask": _("Ask back")}),
    )
    question = TextAreaField(
        _("What you ask (if you ask back)"),
        [Length(max=2000, message=_("Use at most 2000 characters."))],
        description=_("It is sent to those who write for the organisation."),
    )

    def answered(self) -> bool:
        """Say whether it is an answer to what was read; what is missing stands at its field."""
        if not self.has_read():
            return False
        if self.decision.data == "publish" or self.typed("question").strip():
            return True
        self.refuse("question", _("Write what you ask."))
        return False
