"""Ways in for a person who has no session yet: an invitation, a forgotten password."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.access import WITH_ACCOUNT, Audience, open_to, services
from survey.accounts.forms import AddressForm, NewPasswordForm
from survey.accounts.session import finish, remember_place
from survey.accounts.views import DUTIES
from survey.delivery.message import written
from survey.people.accounts import account_of, set_password
from survey.people.inviting import InvitationError, accept, invitation_of
from survey.storage.accounts import Account
from survey.storage.audit import Action, record
from survey.storage.models import Organisation
from survey.storage.people import PersonInvitation

blueprint = Blueprint("joining", __name__, url_prefix=WITH_ACCOUNT.rstrip("/"))
RESET_SECONDS: Final = 3600


@blueprint.route("/invitations/<token>", methods=["GET", "POST"])
@open_to(Audience.PUBLIC)
def invitation(token: str) -> ResponseReturnValue:
    """Show what somebody is invited to, and let them accept: with an account of theirs, or a new one."""
    form = NewPasswordForm()
    try:
        with services().databases.alliance_session() as session:
            invited = invitation_of(session, token, services().outbox.now())
            organisation = session.get_one(Organisation, invited.organisation_id)
            known = account_of(session, invited.email)
            if request.method == "GET" or not _may_accept(form, known, invited):
                return _invitation_page(form, invited, organisation, known)
            account = accept(session, invited, signed_in=_signed_in(), password=form.typed("password"))
    except InvitationError as fault:
        return render_template("accounts/invitation_gone.html", fault=fault.fault), 410
    if current_user.is_authenticated:
        return redirect(url_for("accounts.organisations"))
    finish(account, second_factor=False, way="invitation")
    return remember_place(account, make_response(redirect(url_for("accounts.organisations"))))


@blueprint.route("/password", methods=["GET", "POST"])
@open_to(Audience.PUBLIC)
def forgotten() -> ResponseReturnValue:
    """Write to whoever has forgotten the password; the page says the same whether there is an account."""
    form = AddressForm()
    if request.method == "GET":
        return render_template("accounts/forgotten.html", form=form, status=200)
    if not services().may_ask_for_mail(request.remote_addr or ""):
        return render_template("accounts/forgotten.html", form=form, status=429), 429
    if not form.validate():
        return render_template("accounts/forgotten.html", form=form, status=400), 400
    with services().databases.alliance_session() as session:
        account = account_of(session, form.typed("email"))
        if account is not None and account.active:
            link = url_for("joining.reset", token=_reset_token(account))
            message = written("password_reset", (account.language,), link=services().base_url + link)
            services().outbox.queue(session, to=account.email, message=message)
    return render_template("accounts/forgotten_asked.html", email=form.email.data)


@blueprint.route("/password/<token>", methods=["GET", "POST"])
@open_to(Audience.PUBLIC)
def reset(token: str) -> ResponseReturnValue:
    """Choose a new password by a link; a second factor is asked for at the next sign-in as ever."""
    form = NewPasswordForm()
    with services().databases.alliance_session() as session:
        account = _by_reset_token(session, token)
        if account is None:
            return render_template("accounts/reset_gone.html"), 410
        if request.method == "GET":
            return render_template("accounts/reset.html", form=form, status=200)
        if not form.validate() or not form.password_fits(account.email):
            return render_template("accounts/reset.html", form=form, status=400), 400
        set_password(account, form.typed("password"))
        record(session, actor=account.id, action=Action.PASSWORD_CHANGED, subject=account.id)
    return redirect(url_for("accounts.sign_in", changed="1"))


def _signed_in() -> Account | None:
    return current_user if current_user.is_authenticated else None


def _may_accept(form: NewPasswordForm, known: Account | None, invited: PersonInvitation) -> bool:
    if known is not None or current_user.is_authenticated:
        return bool(current_user.is_authenticated and current_user.email == invited.email)
    return bool(form.validate()) and form.password_fits(invited.email)


def _invitation_page(
    form: NewPasswordForm, invited: PersonInvitation, organisation: Organisation, known: Account | None
) -> ResponseReturnValue:
    page = render_template(
        "accounts/invitation.html",
        form=form,
        invited=invited,
        organisation=organisation,
        duty=DUTIES[invited.role],
        another=current_user.is_authenticated and current_user.email != invited.email,
        known=known is not None,
    )
    return page, 200 if request.method == "GET" else 400


def _reset_token(account: Account) -> str:
    # What changes with the password is part of it: a link that was used works no more.
    return str(_signer().dumps([account.id, account.fs_uniquifier[:16]]))


def _by_reset_token(session: Session, token: str) -> Account | None:
    try:
        identifier, mark = _signer().loads(token, max_age=RESET_SECONDS)
    except BadSignature:
        return None
    account = session.scalars(select(Account).where(Account.id == identifier)).one_or_none()
    if account is None or not account.active or account.fs_uniquifier[:16] != mark:
        return None
    return account


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(services().secret_key, salt="tillid new password")
