"""A steward brings a questionnaire: uploads it, reads what became of it, tries it, says what it measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from sqlalchemy.orm import Session

from analysis.indicators import BY_ID
from questionnaires.digest import definition_bytes, load_definition
from questionnaires.errors import DefinitionError
from questionnaires.exchange.limits import MOST_BYTES
from questionnaires.exchange.report import ExchangeError
from questionnaires.marking import marked_sensitive
from questionnaires.model import Questionnaire, Text
from survey.access import ORGANISATION, WITH_ACCOUNT, Audience, open_to, services, takes_up_to
from survey.forms import ButtonForm
from survey.stewardship.forms import BringForm, MatchForm, SensitivityForm, answers_form
from survey.stewardship.own import (
    MOST,
    NotBroughtError,
    alliance_questionnaire,
    brought,
    candidates,
    fieldable,
    mapping_value,
    mappings_of,
)
from survey.stewardship.report_words import in_the_pages_language, told
from survey.storage.models import Organisation, OwnQuestionnaire
from survey.storage.repositories import ScopedRepository

blueprint = Blueprint(
    "own_questionnaires", __name__, url_prefix=f"{WITH_ACCOUNT}<{ORGANISATION}>/questionnaires"
)
# The file, and what a form wraps around it.
LONGEST_UPLOAD: Final = MOST_BYTES + 64 * 1024


@blueprint.get("")
@open_to(Audience.STEWARD)
def overview(organisation_id: str) -> ResponseReturnValue:
    """List the questionnaires that the organisation brought, with a form for one more."""
    with services().databases.alliance_session(reading=True) as session:
        repository = ScopedRepository(session, organisation_id)
        return _overview(repository.organisation(), _listed(repository), BringForm())


@blueprint.post("/upload")
@open_to(Audience.STEWARD)
@takes_up_to(LONGEST_UPLOAD)
def bring(organisation_id: str) -> ResponseReturnValue:
    """Take a file, and keep what can be asked of it."""
    form = BringForm()
    # Before anything is written: what takes time must not keep others from writing.
    read = _read(form, organisation_id)
    with services().databases.alliance_session() as session:
        repository = ScopedRepository(session, organisation_id)
        listed = _listed(repository)
        if not isinstance(read, list) and len(listed) >= MOST:
            read = [gettext("There are %(most)s already. Remove one first.", most=MOST)]
        if isinstance(read, list):
            page = _overview(repository.organisation(), listed, form, read)
            return page, HTTPStatus.UNPROCESSABLE_ENTITY
        session.add(read)
        return _to_page(organisation_id, read.id)


@blueprint.get("/<own_id>")
@open_to(Audience.STEWARD)
def questionnaire(organisation_id: str, own_id: str) -> ResponseReturnValue:
    """Show one: the report, the preview, and what its questions are taken for."""
    with services().databases.alliance_session(reading=True) as session:
        return _page(*_found(session, organisation_id, own_id))


@blueprint.post("/<own_id>/mapping")
@open_to(Audience.STEWARD)
def map_item(organisation_id: str, own_id: str) -> ResponseReturnValue:
    """Say that one question is the same as one of the alliance's, or take that back."""
    with services().databases.alliance_session() as session:
        organisation, row = _found(session, organisation_id, own_id)
        form = _match_form(row, organisation)
        mappings = mappings_of(row)
        if form.remove.data:
            mappings.pop(form.typed("own"), None)
        elif not form.codes.data:
            return _page(organisation, row, form)
        elif form.validate():
            mappings[form.typed("own")] = form.mapping()
        else:
            return _page(organisation, row, form, form.problems()), HTTPStatus.UNPROCESSABLE_ENTITY
        before, row.mapping = row.mapping, mapping_value(mappings)
        try:
            fieldable(row, organisation)
        except DefinitionError as error:
            row.mapping = before
            return _page(organisation, row, form, _problems(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    return _to_page(organisation_id, own_id)


@blueprint.post("/<own_id>/marks")
@open_to(Audience.STEWARD)
def mark(organisation_id: str, own_id: str) -> ResponseReturnValue:
    """Say that one question is about what somebody did or suffered, or take that back."""
    form = SensitivityForm()
    with services().databases.alliance_session() as session:
        organisation, row = _found(session, organisation_id, own_id)
        own = load_definition(row.definition)
        if not form.validate() or form.own.data not in own.positions:
            abort(HTTPStatus.BAD_REQUEST)
        try:
            marked = marked_sensitive(own, form.typed("own"), sensitive=form.sensitive.data == "yes")
        except DefinitionError as error:
            page = _page(organisation, row, errors=_problems(error, "measures"))
            return page, HTTPStatus.UNPROCESSABLE_ENTITY
        row.definition = definition_bytes(marked)
    return _to_page(organisation_id, own_id)


@blueprint.get("/<own_id>/preview")
@open_to(Audience.STEWARD)
def preview(organisation_id: str, own_id: str) -> ResponseReturnValue:
    """Show the questionnaire as a respondent will meet it; nothing is sent."""
    with services().databases.alliance_session(reading=True) as session:
        organisation, row = _found(session, organisation_id, own_id)
        title = _said(load_definition(row.definition).title)
        language = str(get_locale())
        back = url_for(".questionnaire", organisation_id=organisation.id, own_id=row.id, lang=language)
        return render_template(
            "stewardship/preview.html",
            title=title,
            back=back,
            definition=url_for(".definition", organisation_id=organisation.id, own_id=row.id),
            base="",
        )


@blueprint.get("/<own_id>/definition.json")
@open_to(Audience.STEWARD)
def definition(organisation_id: str, own_id: str) -> ResponseReturnValue:
    """Hand out the definition that a wave would ask, in canonical bytes."""
    with services().databases.alliance_session(reading=True) as session:
        organisation, row = _found(session, organisation_id, own_id)
        return Response(definition_bytes(fieldable(row, organisation)), mimetype="application/json")


@blueprint.post("/<own_id>/removal")
@open_to(Audience.STEWARD)
def remove(organisation_id: str, own_id: str) -> ResponseReturnValue:
    """Forget one; waves that ask it have a copy of their own."""
    if not ButtonForm().validate():
        abort(HTTPStatus.BAD_REQUEST)
    with services().databases.alliance_session() as session:
        _, row = _found(session, organisation_id, own_id)
        session.delete(row)
    return _to_overview(organisation_id)


def _found(session: Session, organisation_id: str, own_id: str) -> tuple[Organisation, OwnQuestionnaire]:
    repository = ScopedRepository(session, organisation_id)
    return repository.organisation(), repository.own_questionnaire(own_id)


def _listed(repository: ScopedRepository) -> list[tuple[OwnQuestionnaire, Questionnaire]]:
    return [(row, load_definition(row.definition)) for row in repository.own_questionnaires()]


def _overview(
    organisation: Organisation,
    listed: list[tuple[OwnQuestionnaire, Questionnaire]],
    form: BringForm,
    faults: list[str] | None = None,
) -> str:
    return render_template(
        "stewardship/questionnaires.html",
        organisation=organisation,
        listed=listed,
        form=form,
        said=_said,
        errors=[{"field": "file", "text": fault} for fault in faults or []],
    )


def _read(form: BringForm, organisation_id: str) -> OwnQuestionnaire | list[str]:
    """The uploaded questionnaire, or everything that keeps it from being kept."""
    if not form.validate_on_submit():
        return [str(fault) for faults in form.errors.values() for fault in faults]
    upload = form.file.data
    # The readers of workbooks take a third of a second to load: only who brings a file waits for them.
    from questionnaires.exchange.reading import read_questionnaire  # noqa: PLC0415

    name = (upload.filename or "file")[-100:]
    try:
        imported = read_questionnaire({name: upload.stream.read(MOST_BYTES + 1)}, form.language.data)
        return brought(imported, organisation_id, services().today())
    except ExchangeError as error:
        return [told(error.finding)]
    except NotBroughtError as error:
        return [told(finding) for finding in error.findings[:20]]


def _to_overview(organisation_id: str) -> ResponseReturnValue:
    return redirect(url_for(".overview", organisation_id=organisation_id, lang=get_locale()))


def _to_page(organisation_id: str, own_id: str) -> ResponseReturnValue:
    address = url_for(
        ".questionnaire",
        organisation_id=organisation_id,
        own_id=own_id,
        lang=get_locale(),
    )
    return redirect(address)


def _match_form(row: OwnQuestionnaire, organisation: Organisation) -> MatchForm:
    """The form of the two items that are to be matched, with a field for each answer."""
    form, own = MatchForm(), load_definition(row.definition)
    alliance = alliance_questionnaire(organisation)
    item, target = form.typed("own"), form.typed("target")
    if item not in own.positions or not target:
        abort(HTTPStatus.BAD_REQUEST)
    if form.remove.data or target not in alliance.positions:
        return form
    return answers_form(_answers(own, item), _answers(alliance, target))


def _answers(questionnaire: Questionnaire, item: str) -> dict[str, str]:
    options = questionnaire.options_of(questionnaire.item(item))
    return {option.code: _said(option.label) for option in options}


def _problems(error: DefinitionError, field: str = "codes") -> list[dict[str, str]]:
    return [{"field": field, "text": told(finding)} for finding in error.findings]


def _page(
    organisation: Organisation,
    row: OwnQuestionnaire,
    form: MatchForm | None = None,
    errors: Sequence[Mapping[str, str]] = (),
) -> str:
    own, alliance = load_definition(row.definition), alliance_questionnaire(organisation)
    return render_template(
        "stewardship/questionnaire.html",
        organisation=organisation,
        row=row,
        own=own,
        alliance=alliance,
        mappings=mappings_of(row),
        candidates=candidates,
        indicators=BY_ID,
        form=form if form is not None and form.target.data in alliance.positions else None,
        said=_said,
        reported=in_the_pages_language,
        errors=errors,
    )


def _said(text: Text) -> str:
    """A text in the language of the page, or the questionnaire's first."""
    language = str(get_locale())
    return text[language] if language in text else text[text.languages[0]]
