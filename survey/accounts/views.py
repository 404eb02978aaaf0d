"""Signing in, in one step or two, and out; and the page after it: a person's organisations and roles."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, lazy_gettext
from flask_security import current_user, logout_user
from flask_security.forms import LoginForm
from sqlalchemy import select

from survey.access import WITH_ACCOUNT, Audience, open_to, services
from survey.accounts.factors import has_factor, use_code
from survey.accounts.forms import CodeForm, PasskeyForm
from survey.accounts.links import LinkError, redeem
from survey.accounts.passkeys import PasskeyError, account_by_passkey
from survey.accounts.session import (
    begin_second_step,
    finish,
    half_signed_in,
    known_here,
    remember_place,
    tell_of_new_place,
)
from survey.people.accounts import account_of
from survey.storage.accounts import Account
from survey.storage.models import MembershipRole
from survey.storage.repositories import organisations_of

blueprint = Blueprint("accounts", __name__, url_prefix=WITH_ACCOUNT.rstrip("/"))
one_time = Blueprint("one_time", __name__, url_prefix=WITH_ACCOUNT.rstrip("/"))
# What a role lets a person do in an organisation, as the page says it.
DUTIES: Final = {
    MembershipRole.STEWARD: lazy_gettext("You run the surveys."),
    MembershipRole.LEADER: lazy_gettext("You read the figures."),
    MembershipRole.TRUSTEE: lazy_gettext("You hold a part of the key, with a file of your own."),
    MembershipRole.ANALYST: lazy_gettext("You compare sectors."),
    MembershipRole.CONTRIBUTOR: lazy_gettext("You write in the library."),
    MembershipRole.SECRETARIAT: lazy_gettext("You run the alliance."),
    MembershipRole.OPERATOR: lazy_gettext("You run the machines, and see no content."),
}
READERS: Final = frozenset({MembershipRole.LEADER, MembershipRole.STEWARD})
# An address of our own, or nothing: whoever signs in is sent nowhere else.
_OWN_ADDRESS: Final = re.compile(r"/o/[A-Za-z0-9/_.-]*")


@blueprint.get("/")
@open_to(Audience.SIGNED_IN)
def organisations() -> ResponseReturnValue:
    """List the person's organisations, and what they may do in each."""
    with services().databases.alliance_session(reading=True) as session:
        found = organisations_of(session, current_user.id)
    return render_template(
        "accounts/organisations.html",
        organisations=found,
        duties=DUTIES,
        readers=READERS,
        roles=MembershipRole,
        releases=lambda organisation: _address(organisation, "releases"),
        trustees=lambda organisation: _address(organisation, "trustees"),
        representatives=lambda organisation: _address(organisation, "representatives"),
        desk=lambda organisation: _address(organisation, "desk"),
        questionnaires=lambda organisation: _address(organisation, "questionnaires"),
        waves=lambda organisation: _address(organisation, "waves"),
    )


@blueprint.route("/sign-in", methods=["GET", "POST"])
@open_to(Audience.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Ask for address and password; a wrong address and a wrong password read alike."""
    if current_user.is_authenticated:
        return redirect(url_for("accounts.organisations"))
    form = _sign_in_form()
    if request.method == "GET":
        return _asked(form, 200)
    attempts, counted = services().failed_sign_ins, _counted_for_sign_in(str(form.email.data or ""))
    if not attempts.allowed(counted):
        return _asked(form, 429)
    if not form.validate() or not isinstance(form.user, Account):
        attempts.record_failure(counted)
        return _asked(form, 401)
    account = form.user
    with services().databases.alliance_session(reading=True) as session:
        second_step = has_factor(session, account)
    if second_step:
        begin_second_step(account)
        return redirect(_kept("accounts.second_step"))
    return _signed_in(account, second_factor=False, way="password")


@blueprint.route("/sign-in/second", methods=["GET", "POST"])
@open_to(Audience.PUBLIC)
def second_step() -> ResponseReturnValue:
    """Ask for a code or a passkey, of whoever has shown the password."""
    stands_for = half_signed_in()
    if stands_for is None:
        return redirect(_kept("accounts.sign_in"))
    form = CodeForm()
    attempts = services().failed_codes
    if request.method == "GET":
        return _asked_for_code(form, 200)
    if not attempts.allowed(stands_for):
        form.refuse("code", lazy_gettext("There have been too many wrong codes. Try again in an hour."))
        return _asked_for_code(form, 429)
    if not form.validate():
        return _asked_for_code(form, 400)
    with services().databases.alliance_session() as session:
        account = session.scalars(
            select(Account).where(Account.fs_uniquifier == stands_for).with_for_update()
        ).one_or_none()
        right = account is not None and use_code(
            account, services().at_rest, form.typed("code"), services().outbox.now()
        )
    if account is None or not right:
        attempts.record_failure(stands_for)
        form.refuse(
            "code", lazy_gettext("That code is not right. Wait for the next one, or use a recovery code.")
        )
        return _asked_for_code(form, 401)
    return _signed_in(account, second_factor=True, way="code")


@blueprint.post("/sign-in/passkey")
@open_to(Audience.PUBLIC)
def by_passkey() -> ResponseReturnValue:
    """Sign in by a passkey: it is a device and a finger, hence two factors by itself."""
    form = PasskeyForm()
    # Nobody is turned away for wrong attempts from their network: a signature is not guessed.
    if not form.validate():
        return _asked(_sign_in_form(), 401, passkey_refused=True)
    try:
        with services().databases.alliance_session() as session:
            account = account_by_passkey(session, form.credential.data or "", services().base_url)
    except PasskeyError:
        return _asked(_sign_in_form(), 401, passkey_refused=True)
    return _signed_in(account, second_factor=True, way="passkey")


@blueprint.post("/sign-out")
@open_to(Audience.PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End the session."""
    logout_user()
    return redirect(url_for("site.front"))


@one_time.get("/once/<token>")
@open_to(Audience.PUBLIC)
def once(token: str) -> ResponseReturnValue:
    """Sign in by a link that the demo printed; it stands for both factors: nobody real has any there."""
    if request.method == "HEAD":  # a terminal that looks ahead does not use it up
        return "", 204
    try:
        with services().databases.alliance_session() as session:
            account = redeem(session, services().secret_key, token)
    except LinkError:
        return render_template("accounts/link_used.html"), 410
    finish(account, second_factor=True, way="link")
    return remember_place(account, make_response(redirect(url_for("accounts.organisations"))))


def _signed_in(account: Account, *, second_factor: bool, way: str) -> ResponseReturnValue:
    where = _next_page()
    finish(account, second_factor=second_factor, way=way)
    return tell_of_new_place(account, make_response(redirect(where)))


def _address(organisation_id: str, what: str) -> str:
    # The address is the interface between slices, which do not know each other.
    return f"{WITH_ACCOUNT}{organisation_id}/{what}?lang={get_locale()}"


def _counted_for_sign_in(email: str) -> str:
    """What a wrong password counts for: the network, or an account that this browser has signed in to."""
    with services().databases.alliance_session(reading=True) as session:
        account = account_of(session, email)
    if account is not None and (mark := known_here(account)):
        return f"known browser {mark}"
    return request.remote_addr or ""


def _sign_in_form() -> LoginForm:
    # Where to go next is decided here, by our own addresses.
    form = LoginForm()
    del form.next
    return form


def _asked(form: LoginForm, status: int, *, passkey_refused: bool = False) -> ResponseReturnValue:
    page = render_template(
        "accounts/sign_in.html",
        form=form,
        status=status,
        passkey=PasskeyForm(),
        passkey_refused=passkey_refused,
    )
    return page, status


def _asked_for_code(form: CodeForm, status: int) -> ResponseReturnValue:
    return render_template("accounts/second_step.html", form=form), status


def _kept(endpoint: str) -> str:
    return url_for(endpoint, next=request.args.get("next"))


def _next_page() -> str:
    wanted = request.args.get("next", "")
    if not _OWN_ADDRESS.fullmatch(wanted):
        return url_for("accounts.organisations")
    return f"{wanted}?lang={get_locale()}" if "lang" in request.args else wanted
