"""The forms of the library: looking for something, and what the secretariat says about an entry."""

from __future__ import annotations

from typing import ClassVar

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired

from survey.forms import LINK_FAULTS, Form, Link, choices_of
from survey.knowledge.content import Facet
from survey.knowledge.library import Search
from survey.knowledge.wording import FACETS, words_of


class SearchForm(Form):
    """What somebody looks for; it changes nothing, and stands in the page's address."""

    class Meta(Form.Meta):
        """Nothing to guard against: whoever has the address may look."""

        csrf: ClassVar[bool] = False

    q = StringField(_("Look for"))
    area = SelectField(FACETS[Facet.AREA], validate_choice=False)
    audience = SelectField(FACETS[Facet.AUDIENCE], validate_choice=False)
    category = SelectField(FACETS[Facet.CATEGORY], validate_choice=False)
    kind = SelectField(FACETS[Facet.KIND], validate_choice=False)
    language = SelectField(FACETS[Facet.LANGUAGE], validate_choice=False)

    @classmethod
    def from_address(cls) -> SearchForm:
        """Read the page's address; a code that nobody knows narrows nothing."""
        form = cls(request.args)
        # Signs that no page may show are no part of a word either.
        form.q.data = "".join(sign for sign in form.typed("q") if sign.isprintable())
        for facet in Facet:
            field = form[facet.value]
            field.choices = choices_of({"": _("All"), **words_of(facet)})
            if field.data not in words_of(facet):
                field.data = ""
        return form

    def search(self) -> Search:
        """Return what is looked for."""
        codes = {facet: self.typed(facet.value) for facet in Facet if self.typed(facet.value)}
        page = request.args.get("page", default=1, type=int)
        return Search(self.typed("q"), codes, min(max(page, 1), 10_000))

    def address(self) -> dict[str, str]:
        """Return what an address needs to look for the same."""
        return {name: self.typed(name) for name in ("q", *Facet) if self.typed(name)}


class LinkForm(Form):
    """Where a link led, by the secretariat's own browser."""

    address = StringField(
        _("The address that your browser shows"),
        [DataRequired(LINK_FAULTS["form"]), Link()],
        description=_("Open the link first. If it led on to another address, write that one."),
    )
