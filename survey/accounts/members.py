"""The people of an organisation: who has which role, who is invited, and roles given and taken."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, lazy_gettext
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.access import WITH_ACCOUNT, Audience, open_to, services
from survey.accounts.forms import InvitePersonForm
from survey.accounts.views import DUTIES
from survey.forms import ButtonForm, choices_of
from survey.people.accounts import AccountError
from survey.people.inviting import InvitationError, Invited, grantable, invite_person
from survey.people.leaving import take_role
from survey.storage.accounts import Account
from survey.storage.audit import Action, record
from survey.storage.identifiers import is_identifier
from survey.storage.models import Membership, MembershipRole, Organisation
from survey.storage.people import PersonInvitation
from survey.storage.repositories import ScopedRepository, roles_in

blueprint = Blueprint("members", __name__, url_prefix=f"{WITH_ACCOUNT}<organisation_id>/people")
ROLE_NAMES = {
    MembershipRole.STEWARD: lazy_gettext("Steward"),
    MembershipRole.LEADER: lazy_gettext("Leader"),
    MembershipRole.TRUSTEE: lazy_gettext("Trustee"),
    MembershipRole.ANALYST: lazy_gettext("Analyst"),
    MembershipRole.CONTRIBUTOR: lazy_gettext("Contributor"),
    MembershipRole.SECRETARIAT: lazy_gettext("Secretariat"),
    MembershipRole.OPERATOR: lazy_gettext("Operator"),
}


@blueprint.get("/")
@open_to(Audience.STEWARD, Audience.SECRETARIAT)
def people(organisation_id: str) -> ResponseReturnValue:
    """List people and invitations."""
    return _page(organisation_id, InvitePersonForm(formdata=None), 200)


@blueprint.post("/invitations")
@open_to(Audience.STEWARD, Audience.SECRETARIAT)
def invite(organisation_id: str) -> ResponseReturnValue:
    """Invite somebody to a role."""
    form = InvitePersonForm()
    with services().databases.alliance_session() as session:
        organisation = ScopedRepository(session, organisation_id).organisation()
        _offer(form, _grantable(session, organisation))
        if form.validate():
            invited = Invited(
                form.typed("email"), MembershipRole(form.role.data), form.language.data, current_user.id
            )
            try:
                invite_person(session, services().outbox, services().base_url, organisation, invited)
            except InvitationError:
                form.refuse("email", lazy_gettext("Too many invitations wait. Withdraw some first."))
    if form.problems():
        return _page(organisation_id, form, 400)
    return redirect(url_for("members.people", organisation_id=organisation_id, invited="1"))


@blueprint.post("/invitations/<invitation_id>/withdrawal")
@open_to(Audience.STEWARD, Audience.SECRETARIAT)
def withdraw(organisation_id: str, invitation_id: str) -> ResponseReturnValue:
    """Take back an invitation: its link works no more."""
    with services().databases.alliance_session() as session:
        query = select(PersonInvitation).where(
            PersonInvitation.id == _named(invitation_id), PersonInvitation.organisation_id == organisation_id
        )
        found = session.scalars(query).one_or_none() or abort(404)
        session.delete(found)
        record(
            session,
            actor=current_user.id,
            action=Action.INVITATION_WITHDRAWN,
            organisation_id=organisation_id,
            subject=invitation_id,
        )
    return redirect(url_for("members.people", organisation_id=organisation_id))


@blueprint.post("/<account_id>/<role>/removal")
@open_to(Audience.STEWARD, Audience.SECRETARIAT)
def remove(organisation_id: str, account_id: str, role: str) -> ResponseReturnValue:
    """Take a role from somebody, which signs them out everywhere; the last one closes their account."""
    taken = next((known for known in MembershipRole if known.value == role), None) or abort(404)
    try:
        with services().databases.alliance_session() as session:
            organisation = ScopedRepository(session, organisation_id).organisation()
            # A foreign person reads as one that does not exist.
            if taken not in roles_in(session, _named(account_id), organisation_id):
                abort(404)
            if taken not in _grantable(session, organisation):
                abort(403)
            outbox = services().outbox
            take_role(session, outbox, account_id, organisation_id, taken, actor=current_user.id)
    except AccountError:
        return _page(organisation_id, InvitePersonForm(formdata=None), HTTPStatus.CONFLICT)
    return redirect(url_for("members.people", organisation_id=organisation_id))


def _page(organisation_id: str, form: InvitePersonForm, status: int) -> ResponseReturnValue:
    with services().databases.alliance_session(reading=True) as session:
        organisation = ScopedRepository(session, organisation_id).organisation()
        granted = _grantable(session, organisation)
        people = session.execute(
            select(Account.id, Account.email, Membership.role)
            .join(Membership, Membership.account_id == Account.id)
            .where(Membership.organisation_id == organisation_id)
            .order_by(Account.email, Membership.role)
        ).all()
        waiting = session.scalars(
            select(PersonInvitation)
            .where(PersonInvitation.organisation_id == organisation_id)
            .order_by(PersonInvitation.email)
        ).all()
    _offer(form, granted)
    page = render_template(
        "accounts/people.html",
        organisation=organisation,
        people=people,
        waiting=waiting,
        granted=granted,
        role_names=ROLE_NAMES,
        duties=DUTIES,
        form=form,
        button=ButtonForm(),
        now=services().outbox.now(),
        invited=request.args.get("invited") == "1",
        last_one=status == HTTPStatus.CONFLICT,
    )
    return page, status


def _offer(form: InvitePersonForm, granted: frozenset[MembershipRole]) -> None:
    form.role.choices = choices_of(
        {role.value: ROLE_NAMES[role] for role in MembershipRole if role in granted}
    )
    form.language.choices = choices_of({"da": "Dansk", "en": "English"})
    if form.language.data is None:
        form.language.data = str(get_locale())


def _grantable(session: Session, organisation: Organisation) -> frozenset[MembershipRole]:
    return grantable(organisation, roles_in(session, current_user.id, organisation.id))


def _named(text: str) -> str:
    return text if is_identifier(text) else abort(404)
