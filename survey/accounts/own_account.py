"""A person's own account: password, authenticator app, passkeys, recovery codes, and every session's end."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Final

import segno
from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_security import current_user, logout_user, verify_password
from sqlalchemy.orm import Session

from survey.access import BY_PASSWORD, SECOND_FACTOR, WITH_ACCOUNT, Audience, open_to, services
from survey.accounts.factors import app_address, keep_secret, matches, new_recovery_codes, new_secret
from survey.accounts.forms import CodeForm, OwnPasswordForm, PasskeyForm, PresentPasswordForm
from survey.accounts.passkeys import (
    PasskeyError,
    add_passkey,
    passkeys_of,
    registration_options,
    signing_in_options,
)
from survey.accounts.session import finish, is_fresh, password_shown, remember_place
from survey.delivery.message import written
from survey.people.accounts import AccountError, end_sessions, set_password
from survey.people.leaving import close
from survey.storage.accounts import Account
from survey.storage.audit import Action, record
from survey.storage.repositories import organisations_of

blueprint = Blueprint("own_account", __name__, url_prefix=f"{WITH_ACCOUNT}account")
# A secret that waits for its first code; in the session, encrypted.
_WAITING: Final = "waiting_secret"
_PASSWORD_CHANGED: Final = ("Din adgangskode er ændret.", "Your password has changed.")
_APP_ADDED: Final = (
    "Der er føjet en app til godkendelse til din konto.",
    "An authenticator app was added to your account.",
)
_APP_REMOVED: Final = (
    "Appen til godkendelse er fjernet fra din konto.",
    "The authenticator app was removed from your account.",
)
_PASSKEY_ADDED: Final = (
    "Der er føjet en adgangsnøgle til din konto.",
    "A passkey was added to your account.",
)
_PASSKEY_REMOVED: Final = (
    "En adgangsnøgle er fjernet fra din konto.",
    "A passkey was removed from your account.",
)
_CODES_RENEWED: Final = (
    "Der er lavet nye nødkoder til din konto. De gamle virker ikke mere.",
    "New recovery codes were made for your account. The old ones work no more.",
)


def after_password(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Run the view below only for who has shown the password within ten minutes; others are asked for it."""

    @wraps(view)
    def asked_first(**arguments: str) -> ResponseReturnValue:
        if is_fresh():
            return view(**arguments)
        after = "app" if request.endpoint == "own_account.app" else None
        return redirect(url_for("own_account.present_password", after=after))

    return asked_first


@blueprint.get("/")
@open_to(Audience.SIGNED_IN)
def overview() -> ResponseReturnValue:
    """Show what keeps the account safe, and what is missing."""
    with services().databases.alliance_session(reading=True) as session:
        account = _own(session)
        passkeys = passkeys_of(session, account.id)
    return render_template(
        "accounts/account.html",
        account=account,
        passkeys=passkeys,
        missing="needed" in request.args and not (account.totp_secret or passkeys),
        asked_again="needed" in request.args and bool(account.totp_secret or passkeys),
        fresh=is_fresh(),
        passkey=PasskeyForm(),
    )


@blueprint.route("/app", methods=["GET", "POST"])
@open_to(Audience.SIGNED_IN)
@after_password
def app() -> ResponseReturnValue:
    """Add an authenticator app: show its secret, and believe it when its first code is right."""
    form, secret = CodeForm(), _waiting_secret()
    form.code.description = _("Six digits from your app.")
    if request.method == "GET":
        return _app_page(form, secret, 200)
    if not form.validate():
        return _app_page(form, secret, 400)
    step = matches(secret, form.typed("code"), services().outbox.now())
    if step is None:
        form.refuse("code", _("That code is not right. Is the clock of your phone? Wait for the next code."))
        return _app_page(form, secret, 400)
    with services().databases.alliance_session() as session:
        account = _own(session)
        keep_secret(account, services().at_rest, secret, step)
        codes = new_recovery_codes(account)
        _tell(session, account, Action.FACTOR_ADDED, _APP_ADDED)
    browser_session.pop(_WAITING, None)
    browser_session[SECOND_FACTOR] = True
    return render_template("accounts/recovery_codes.html", codes=codes)


@blueprint.post("/app/removal")
@open_to(Audience.SIGNED_IN)
@after_password
def remove_app() -> ResponseReturnValue:
    """Remove the authenticator app."""
    with services().databases.alliance_session() as session:
        account = _own(session)
        _must_not_be_last(session, bool(passkeys_of(session, account.id)))
        account.totp_secret = account.totp_counter = None
        _tell(session, account, Action.FACTOR_REMOVED, _APP_REMOVED)
    return redirect(url_for("own_account.overview"))


@blueprint.post("/recovery-codes")
@open_to(Audience.SIGNED_IN)
@after_password
def recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes, and show them this once."""
    with services().databases.alliance_session() as session:
        account = _own(session)
        if not account.totp_secret and not passkeys_of(session, account.id):
            abort(400)
        codes = new_recovery_codes(account)
        _tell(session, account, Action.FACTOR_ADDED, _CODES_RENEWED)
    return render_template("accounts/recovery_codes.html", codes=codes)


@blueprint.post("/passkeys/options")
@open_to(Audience.SIGNED_IN)
@after_password
def passkey_options() -> ResponseReturnValue:
    """Tell a browser how to make a passkey."""
    with services().databases.alliance_session(reading=True) as session:
        options = registration_options(session, _own(session), services().base_url)
    return Response(options, mimetype="application/json")


@blueprint.post("/passkeys")
@open_to(Audience.SIGNED_IN)
@after_password
def passkeys() -> ResponseReturnValue:
    """Keep a passkey that the browser has made."""
    form = PasskeyForm()
    if not form.validate():
        abort(400)
    name = " ".join((form.name.data or "").split()) or str(_("Passkey"))
    try:
        with services().databases.alliance_session() as session:
            account = _own(session)
            add_passkey(session, account, form.credential.data or "", name, services().base_url)
            codes = [] if account.recovery_codes else new_recovery_codes(account)
            _tell(session, account, Action.FACTOR_ADDED, _PASSKEY_ADDED)
    except PasskeyError:
        return render_template("accounts/passkey_refused.html"), 400
    browser_session[SECOND_FACTOR] = True
    if codes:
        return render_template("accounts/recovery_codes.html", codes=codes)
    return redirect(url_for("own_account.overview"))


@blueprint.post("/passkeys/<credential_id>/removal")
@open_to(Audience.SIGNED_IN)
@after_password
def remove_passkey(credential_id: str) -> ResponseReturnValue:
    """Remove one of the person's own passkeys."""
    with services().databases.alliance_session() as session:
        account = _own(session)
        own = passkeys_of(session, account.id)
        found = next((passkey for passkey in own if passkey.credential_id.hex() == credential_id), None)
        if found is None:
            abort(404)
        _must_not_be_last(session, bool(account.totp_secret) or len(own) > 1)
        session.delete(found)
        _tell(session, account, Action.FACTOR_REMOVED, _PASSKEY_REMOVED)
    return redirect(url_for("own_account.overview"))


@blueprint.route("/password", methods=["GET", "POST"])
@open_to(Audience.SIGNED_IN)
def password() -> ResponseReturnValue:
    """Change the password; every other session ends, this one goes on."""
    form = OwnPasswordForm()
    if request.method == "GET":
        return render_template("accounts/password.html", form=form)
    if form.validate():
        _check_present(form)
    if form.problems() or not form.password_fits(current_user.email):
        return render_template("accounts/password.html", form=form), 400
    with services().databases.alliance_session() as session:
        account = _own(session)
        set_password(account, form.typed("password"))
        _tell(session, account, Action.PASSWORD_CHANGED, _PASSWORD_CHANGED)
    return _goes_on(account)


@blueprint.route("/present-password", methods=["GET", "POST"])
@open_to(Audience.SIGNED_IN)
def present_password() -> ResponseReturnValue:
    """Ask for the password once more, before the account's keys are changed."""
    form = PresentPasswordForm()
    if request.method == "POST" and form.validate() and _check_present(form):
        password_shown()
        after = "own_account.app" if request.args.get("after") == "app" else "own_account.overview"
        return redirect(url_for(after))
    status = 400 if form.problems() else 200
    return render_template("accounts/present_password.html", form=form), status


@blueprint.route("/closing", methods=["GET", "POST"])
@open_to(Audience.SIGNED_IN)
def closing() -> ResponseReturnValue:
    """Close the account, by whoever knows its password; the last who runs an organisation must stay."""
    form = PresentPasswordForm()
    if request.method == "GET" or not form.validate() or not _check_present(form):
        return _closing_page(form, 400 if form.problems() else 200)
    try:
        with services().databases.alliance_session() as session:
            close(session, services().outbox, _own(session), actor=current_user.id)
    except AccountError:
        return _closing_page(form, 409)
    logout_user()
    return render_template("accounts/closed.html")


def _closing_page(form: PresentPasswordForm, status: int) -> ResponseReturnValue:
    return render_template("accounts/closing.html", form=form, last_one=status == HTTPStatus.CONFLICT), status


def _check_present(form: PresentPasswordForm | OwnPasswordForm) -> bool:
    """Say whether the present password is right; wrong ones are counted, and ten are enough for an hour."""
    attempts, mine = services().failed_codes, f"password of {current_user.id}"
    if not attempts.allowed(mine):
        form.refuse("present", _("There have been too many wrong passwords. Try again in an hour."))
        return False
    if verify_password(form.typed("present"), current_user.password):
        return True
    attempts.record_failure(mine)
    form.refuse("present", _("That is not your present password."))
    return False


@blueprint.post("/sessions")
@open_to(Audience.SIGNED_IN)
def sessions() -> ResponseReturnValue:
    """Sign out everywhere else; this session goes on."""
    with services().databases.alliance_session() as session:
        account = _own(session)
        end_sessions(account)
    return _goes_on(account)


def _goes_on(account: Account) -> ResponseReturnValue:
    second_factor = bool(browser_session.get(SECOND_FACTOR))
    finish(account, second_factor=second_factor, way="password")
    return remember_place(account, make_response(redirect(url_for("own_account.overview"))))


def _own(session: Session) -> Account:
    return session.get_one(Account, current_user.id)


def _tell(session: Session, account: Account, action: Action, what: tuple[str, str]) -> None:
    """Write down what changed, and tell the person by mail, in case it was somebody else."""
    record(session, actor=account.id, action=action, subject=account.id)
    message = written(
        "account_changed", (account.language,), what_da=what[0], what_en=what[1], site=services().base_url
    )
    services().outbox.queue(session, to=account.email, message=message)


def _must_not_be_last(session: Session, another: bool) -> None:  # noqa: FBT001  Said by the caller's words.
    """Refuse to take the last factor from somebody whose role needs one."""
    roles = {role for found in organisations_of(session, current_user.id).values() for role in found}
    if not another and {Audience(role.value) for role in roles} - BY_PASSWORD:
        abort(409)


def _waiting_secret() -> str:
    at_rest = services().at_rest
    if request.method == "GET" or _WAITING not in browser_session:
        browser_session[_WAITING] = at_rest.encrypt(new_secret().encode()).decode()
    return at_rest.decrypt(browser_session[_WAITING].encode()).decode()


def _app_page(form: CodeForm, secret: str, status: int) -> ResponseReturnValue:
    square = segno.make(app_address(secret, current_user.email), error="m")
    dark = [
        (x, y) for y, row in enumerate(square.matrix_iter(border=0)) for x, module in enumerate(row) if module
    ]
    page = render_template(
        "accounts/app.html",
        form=form,
        key=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        size=square.symbol_size(border=0)[0],
        path="".join(f"M{x} {y}h1v1h-1z" for x, y in dark),
    )
    return page, status


@blueprint.post("/passkeys/sign-in-options")
@open_to(Audience.PUBLIC)
def sign_in_options() -> ResponseReturnValue:
    """Tell a browser how to answer with a passkey; says nothing about any account."""
    return Response(signing_in_options(services().base_url), mimetype="application/json")
