"""Signing in and out, and the page after it: a person's organisations and what they may see there."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, lazy_gettext
from flask_security import current_user, login_user, logout_user
from flask_security.forms import LoginForm

from survey.access import WITH_ACCOUNT, Audience, open_to, services
from survey.accounts.links import LinkError, redeem
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
    """List the person's organisations."""
    with services().databases.alliance_session(reading=True) as session:
        found = organisations_of(session, current_user.id)
    return render_template(
        "accounts/organisations.html",
        organisations=found,
        duties=DUTIES,
        readers=READERS,
        releases=_releases,
        trustees=_trustees,
        representatives=_representatives,
    )


@blueprint.route("/sign-in", methods=["GET", "POST"])
@open_to(Audience.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Ask for address and password; a wrong address and a wrong password read alike."""
    if current_user.is_authenticated:
        return redirect(url_for("accounts.organisations"))
    form = LoginForm()
    # Where to go next is decided here, by our own addresses.
    del form.next
    if request.method == "GET":
        return _asked(form, 200)
    attempts, address = services().failed_sign_ins, request.remote_addr or ""
    if not attempts.allowed(address):
        return _asked(form, 429)
    if not form.validate() or form.user is None:
        attempts.record_failure(address)
        return _asked(form, 401)
    login_user(form.user, remember=False, authn_via=["password"])
    return redirect(_next_page())


@blueprint.post("/sign-out")
@open_to(Audience.PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End the session."""
    logout_user()
    return redirect(url_for("site.front"))


@one_time.get("/once/<token>")
@open_to(Audience.PUBLIC)
def once(token: str) -> ResponseReturnValue:
    """Sign in by a link that the demo printed."""
    if request.method == "HEAD":  # a terminal that looks ahead does not use it up
        return "", 204
    try:
        with services().databases.alliance_session() as session:
            account = redeem(session, services().secret_key, token)
    except LinkError:
        return render_template("accounts/link_used.html"), 410
    login_user(account, remember=False, authn_via=["link"])
    return redirect(url_for("accounts.organisations"))


def _releases(organisation_id: str) -> str:
    # The address is the interface between the two slices, which do not know each other.
    return f"{WITH_ACCOUNT}{organisation_id}/releases?lang={get_locale()}"


def _trustees(organisation_id: str) -> str:
    return f"{WITH_ACCOUNT}{organisation_id}/trustees?lang={get_locale()}"


def _representatives(organisation_id: str) -> str:
    return f"{WITH_ACCOUNT}{organisation_id}/representatives?lang={get_locale()}"


def _asked(form: LoginForm, status: int) -> ResponseReturnValue:
    return render_template("accounts/sign_in.html", form=form, status=status), status


def _next_page() -> str:
    wanted = request.args.get("next", "")
    if not _OWN_ADDRESS.fullmatch(wanted):
        return url_for("accounts.organisations")
    return f"{wanted}?lang={get_locale()}" if "lang" in request.args else wanted
