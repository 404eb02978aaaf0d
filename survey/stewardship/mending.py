"""A steward puts right what went wrong with invitations: addresses that took no mail, lost files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from survey.access import ORGANISATION, WITH_ACCOUNT, Audience, open_to, services
from survey.delivery.outbox import Refusal
from survey.sealing.base32 import new_code
from survey.stewardship.cards import download, made_file
from survey.stewardship.handing_out import FileGoneError, HandingOut, file_of
from survey.stewardship.invitation_overview import title_of
from survey.stewardship.invited import Inviting, NotFieldingError
from survey.stewardship.inviting_forms import LostForm, MendForm
from survey.stewardship.refusals import GoneError, InvitedAlreadyError, Refusals
from survey.storage.models import Wave
from survey.storage.repositories import ScopedRepository

blueprint = Blueprint(
    "mending", __name__, url_prefix=f"{WITH_ACCOUNT}<{ORGANISATION}>/waves/<wave_id>/invitations"
)
MOST_SHOWN: Final = 50
"""How many refused addresses are shown at once."""
REASONS: Final = {
    "5.1": lazy_gettext("there is no such address"),
    "5.2": lazy_gettext("the mailbox takes no mail, or is full"),
    "5.7": lazy_gettext("the mail server does not let our mails in"),
}
DONE: Final = {
    "mended": ("success", lazy_gettext("The invitation is on its way there. It may take some minutes.")),
    "again": ("success", lazy_gettext("The invitations are on their way once more.")),
    "removal": ("success", lazy_gettext("The address is taken out. No mail goes there any more.")),
    "gone": ("warning", lazy_gettext("That address is not on the list any more. Look at what is left.")),
}
_Done = Callable[[Refusals, Wave], object]


@dataclass(frozen=True, slots=True)
class Refused:
    """A refused address as the page shows it: what the codes mean, and the form to put it right."""

    refusal: Refusal
    meaning: object
    form: MendForm


@blueprint.get("/refusals")
@open_to(Audience.STEWARD)
def refused(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """List the addresses that took no mail, each with what can be done."""
    return _page(organisation_id, wave_id)


@blueprint.post("/refusals/<mail_id>")
@open_to(Audience.STEWARD)
def mend(organisation_id: str, wave_id: str, mail_id: str) -> ResponseReturnValue:
    """Send a refused invitation to another address, or to the same one again."""
    form = MendForm(prefix=mail_id)
    if not form.validate_on_submit():
        return _page(organisation_id, wave_id, {mail_id: form})
    address = form.typed("address")
    try:
        return _then(
            organisation_id, wave_id, "mended", lambda found, wave: found.mend(wave, mail_id, address)
        )
    except InvitedAlreadyError:
        message = gettext("Somebody was invited at this address already. Take the refused one out instead.")
        form.refuse("address", message)
        return _page(organisation_id, wave_id, {mail_id: form})


@blueprint.post("/refusals/again")
@open_to(Audience.STEWARD)
def again(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Send every refused invitation once more: the mail server was to blame, not the addresses."""
    return _then(organisation_id, wave_id, "again", lambda found, wave: found.again(wave))


@blueprint.post("/refusals/<mail_id>/removal")
@open_to(Audience.STEWARD)
def take_out(organisation_id: str, wave_id: str, mail_id: str) -> ResponseReturnValue:
    """Write no more to a refused address."""
    return _then(organisation_id, wave_id, "removal", lambda found, wave: found.take_out(wave, mail_id))


@blueprint.get("/files/<file_id>")
@open_to(Audience.STEWARD)
def lost(organisation_id: str, wave_id: str, file_id: str) -> ResponseReturnValue:
    """Say what it means to make a file of codes again."""
    return _lost_page(organisation_id, wave_id, file_id, LostForm(formdata=None))


@blueprint.post("/files/<file_id>")
@open_to(Audience.STEWARD)
def make_again(organisation_id: str, wave_id: str, file_id: str) -> ResponseReturnValue:
    """Make a lost file again, with fresh codes; those of the lost one work no more."""
    form = LostForm()
    if not form.validate_on_submit():
        return _lost_page(organisation_id, wave_id, file_id, form)
    try:
        with services().databases.alliance_session(reading=True) as session:
            inviting = _inviting(session, organisation_id)
            wave = inviting.open_wave(wave_id)
            file = file_of(inviting, wave, file_id)
            # Outside the transaction that counts them: cards take a while, and nobody is to wait meanwhile.
            codes = [new_code() for _ in range(file.number)]
            data = made_file(wave, file.channel, file.language, services().base_url, codes)
        with services().databases.alliance_session() as session:
            inviting = _inviting(session, organisation_id)
            HandingOut(inviting, services().at_rest).count_instead(
                inviting.wave(wave_id), file, codes, services().today()
            )
    except (FileGoneError, NotFieldingError):
        form.refuse("unused", gettext("The file cannot be made again now. Look at what is on the list."))
        return _lost_page(organisation_id, wave_id, file_id, form)
    return download(file.channel, data)


def _then(organisation_id: str, wave_id: str, done: str, what: _Done) -> ResponseReturnValue:
    try:
        with services().databases.alliance_session() as session:
            inviting = _inviting(session, organisation_id)
            what(Refusals(inviting, services().outbox), inviting.wave(wave_id))
    except (GoneError, NotFieldingError):
        done = "gone"
    here = url_for(".refused", organisation_id=organisation_id, wave_id=wave_id, done=done)
    return redirect(here, HTTPStatus.SEE_OTHER)


def _page(
    organisation_id: str, wave_id: str, typed: Mapping[str, MendForm] | None = None
) -> ResponseReturnValue:
    typed = typed or {}
    with services().databases.alliance_session(reading=True) as session:
        wave = _fixed(session, organisation_id, wave_id)
        refusals = services().outbox.refusals(session, wave.id)
        title = title_of(wave)
    shown = _shown(refusals, typed)
    problems = [problem for each in shown for problem in each.form.problems()]
    page = render_template(
        "stewardship/refusals.html",
        organisation_id=organisation_id,
        wave_id=wave_id,
        title=title,
        shown=shown,
        number=len(refusals),
        problems=problems,
        done=DONE.get(request.args.get("done", "")),
    )
    return page, HTTPStatus.BAD_REQUEST if problems else HTTPStatus.OK


def _shown(refusals: Sequence[Refusal], typed: Mapping[str, MendForm]) -> list[Refused]:
    """The first of them, and whichever somebody is just putting right."""
    return [
        Refused(each, _meaning(each.reason), typed.get(each.id) or _form(each))
        for place, each in enumerate(refusals)
        if place < MOST_SHOWN or each.id in typed
    ]


def _form(refusal: Refusal) -> MendForm:
    return MendForm(formdata=None, prefix=refusal.id, data={"address": refusal.address})


def _meaning(reason: str) -> object:
    """What an answer's enhanced code says (RFC 3463), where it says it surely."""
    code = reason.rpartition(" ")[2]
    return next((words for begins, words in REASONS.items() if code.startswith(f"{begins}.")), None)


def _lost_page(organisation_id: str, wave_id: str, file_id: str, form: LostForm) -> ResponseReturnValue:
    with services().databases.alliance_session(reading=True) as session:
        wave = _fixed(session, organisation_id, wave_id)
        try:
            file = file_of(_inviting(session, organisation_id), wave, file_id)
        except FileGoneError:
            abort(HTTPStatus.NOT_FOUND)
        title = title_of(wave)
    page = render_template(
        "stewardship/lost_file.html",
        organisation_id=organisation_id,
        wave_id=wave_id,
        title=title,
        file=file,
        form=form,
    )
    return page, HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK


def _fixed(session: Session, organisation_id: str, wave_id: str) -> Wave:
    """The wave, if its promises are fixed; before, nobody can be invited to it."""
    wave = ScopedRepository(session, organisation_id).wave(wave_id)
    if wave.manifest is None:
        abort(HTTPStatus.NOT_FOUND)
    return wave


def _inviting(session: Session, organisation_id: str) -> Inviting:
    return Inviting(session, organisation_id, current_user.id, services().invitation_key)
