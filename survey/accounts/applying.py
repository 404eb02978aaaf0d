"""The two doors for organisations that are not here yet: to start, and to become a member of the alliance."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, lazy_gettext

from survey.access import WITH_ACCOUNT, Audience, open_to, services
from survey.accounts.forms import DoorForm, MemberForm, StartForm
from survey.forms import choices_of
from survey.people.applying import ApplicationError, Applied, address_of, hand_in, write_link
from survey.people.sectors import areas
from survey.storage.people import Wish

blueprint = Blueprint("applying", __name__, url_prefix=WITH_ACCOUNT.rstrip("/"))
_WISHES: Final[Mapping[str, Wish]] = {"start": Wish.START, "join": Wish.MEMBER}
_MANY: Final = lazy_gettext(
    "Many applications from your mail domain wait already. Write to the secretariat instead."
)


@blueprint.route("/start", methods=["GET", "POST"], defaults={"door": "start"})
@blueprint.route("/join", methods=["GET", "POST"], defaults={"door": "join"})
@open_to(Audience.PUBLIC)
def address(door: str) -> ResponseReturnValue:
    """Ask for an address, and write to it; the same answer whoever asks, and however often."""
    form = DoorForm()
    if request.method == "GET":
        return render_template("accounts/apply.html", door=door, form=form, status=HTTPStatus.OK)
    if not form.validate():
        return _refused(door, form, HTTPStatus.BAD_REQUEST)
    # Only what would have written a mail counts: whoever mistypes is not shut out.
    if not services().may_ask_for_mail(request.remote_addr or ""):
        return _refused(door, form, HTTPStatus.TOO_MANY_REQUESTS)
    contact = form.typed("contact")
    # A machine that filled in what nobody sees is told the same. So is whoever has three links already: they
    # lie in the mailbox and work, so that nobody is shut out by what others typed.
    if not form.website.data and services().may_get_link(contact):
        with services().databases.alliance_session() as session:
            write_link(session, services().desk, _WISHES[door], contact, str(get_locale()))
    return render_template("accounts/apply_asked.html", door=door, contact=contact)


@blueprint.route("/start/<token>", methods=["GET", "POST"], defaults={"door": "start"})
@blueprint.route("/join/<token>", methods=["GET", "POST"], defaults={"door": "join"})
@open_to(Audience.PUBLIC)
def application(door: str, token: str) -> ResponseReturnValue:
    """Take an application from whoever has the link: looking at it, as mail programs do, does nothing."""
    try:
        contact = address_of(services().desk, _WISHES[door], token)
    except ApplicationError:
        return render_template("accounts/apply_gone.html", door=door), HTTPStatus.GONE
    form = MemberForm() if door == "join" else StartForm()
    language = str(get_locale())
    form.area.choices = choices_of({code: name[language] for code, name in areas().items()})
    if request.method == "POST" and form.validate() and _handed_in(door, contact, form, language):
        return render_template("accounts/apply_done.html", door=door, contact=contact)
    page = render_template("accounts/apply_form.html", door=door, contact=contact, form=form)
    return page, HTTPStatus.BAD_REQUEST if form.problems() else HTTPStatus.OK


def _handed_in(door: str, contact: str, form: StartForm, language: str) -> bool:
    applied = Applied(**form.told(), language=language)
    try:
        with services().databases.alliance_session() as session:
            hand_in(session, services().desk, _WISHES[door], contact, applied)
    except ApplicationError:
        form.refuse("name", _MANY)
        return False
    return True


def _refused(door: str, form: DoorForm, status: HTTPStatus) -> ResponseReturnValue:
    return render_template("accounts/apply.html", door=door, form=form, status=status), status
