"""
What stewards do: choose trustees, and see in time that a wave could be lost with their keys.

The secretariat has the same page for its own trustee, and one where it confirms who represents the employees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, lazy_gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from survey.access import Audience, open_to, services
from survey.delivery.message import written
from survey.forms import Form
from survey.stewardship import trustees
from survey.stewardship.forms import HolderForm, RecognitionForm, TrusteeForm, WaveForm
from survey.storage.audit import Action, record
from survey.storage.identifiers import is_identifier
from survey.storage.models import MembershipRole, Trustee, TrusteeRole
from survey.storage.repositories import NotFoundError, ScopedRepository, WaveRegistry, roles_in
from survey.waves import trusteeship
from survey.waves.plan import PlanError
from survey.waves.trusteeship import Addresses, Fault, Person, TrusteeshipError
from survey.waves.waiting import Waits

blueprint = Blueprint("stewardship", __name__, url_prefix="/o/<organisation_id>")
_Sent = TypeVar("_Sent", bound=Form)
ROLES: Final = {
    TrusteeRole.EMPLOYEES: lazy_gettext("The employees' representative"),
    TrusteeRole.MANAGEMENT: lazy_gettext("Management's representative"),
    TrusteeRole.SECRETARIAT: lazy_gettext("The alliance's secretariat"),
    TrusteeRole.OTHER: lazy_gettext("Another person of trust"),
}
# Field of the form, and what is wrong with it.
FAULTS: Final = {
    Fault.SAME_ADDRESS: ("email", lazy_gettext("Somebody with this address is a trustee already.")),
    Fault.SAME_NAME: (
        "name",
        lazy_gettext(
            "Somebody with this name is a trustee already. No person can be two. If there are two of the "
            "same name, write something that tells them apart."
        ),
    ),
    Fault.SECOND_STEWARD: (
        "email",
        lazy_gettext("Only one of those who run the surveys can be a trustee, and one of you is already."),
    ),
    Fault.STEWARD_FOR_EMPLOYEES: (
        "email",
        lazy_gettext("Whoever runs the surveys cannot stand for the employees. Ask somebody else."),
    ),
    Fault.ROLE: ("role", lazy_gettext("Choose whom the trustee stands for.")),
    Fault.REPLACED: ("email", lazy_gettext("This trustee has got a new invitation already.")),
    Fault.OTHER_KEY: (
        "email",
        lazy_gettext("The key has changed since the page was made. Compare the fingerprint again."),
    ),
}
WAITS: Final = {
    Waits.VOUCHING: lazy_gettext(
        "The program that opens answers does not know the secretariat's key yet. The secretariat reads its "
        "fingerprint out to whoever runs the machines; you need do nothing."
    ),
    Waits.LATER_DAYS: lazy_gettext(
        "The survey cannot begin: it follows less than half a year after your last one, and the two together "
        "could tell who came or went. Plan it with later days."
    ),
    Waits.DESTRUCTION: lazy_gettext(
        "There are more answers than people who were asked. They are never opened, and erased in time. Speak "
        "to the secretariat."
    ),
    Waits.OPERATOR: lazy_gettext(
        "The program that opens answers cannot go on with this survey. Whoever runs the machines sees in its "
        "log what to mend."
    ),
}
DONE: Final = {
    "invited": lazy_gettext("The invitation is on its way."),
    "new_key": lazy_gettext("A new invitation is on its way. The old key is of no use to new surveys."),
    "reminded": lazy_gettext("The trustees are being reminded."),
    "again": lazy_gettext("The survey begins again with the present keys. Everybody confirms anew."),
    "recognised": lazy_gettext("You have confirmed who represents the employees."),
}


@blueprint.get("/trustees")
@open_to(Audience.STEWARD, Audience.SECRETARIAT)
def trustees_page(organisation_id: str) -> ResponseReturnValue:
    """Show who holds keys, and how near each wave is to being lost."""
    return _page(organisation_id)


@blueprint.post("/trustees")
@open_to(Audience.STEWARD, Audience.SECRETARIAT)
def invite(organisation_id: str) -> ResponseReturnValue:
    """Invite somebody to be a trustee, by mail."""
    form = _form(organisation_id)
    if not form.validate_on_submit():
        return _page(organisation_id, form)
    person = Person(form.typed("name"), form.typed("email"), TrusteeRole(form.typed("role")))
    try:
        with services().databases.alliance_session() as session:
            stewards = trustees.stewards_of(session, organisation_id)
            token = trusteeship.invite_person(
                session, organisation_id, person, stewards=stewards, addresses=_addresses()
            )
            _write_invitation(session, organisation_id, person, token)
            invited = WaveRegistry(session).trustee(trusteeship.token_digest(token))
            _note(session, organisation_id, Action.TRUSTEE_INVITED, invited.id, role=person.role.value)
    except TrusteeshipError as refused:
        form.refuse(*FAULTS[refused.fault])
        return _page(organisation_id, form)
    return _back(organisation_id, "invited")


@blueprint.post("/trustees/new-key")
@open_to(Audience.STEWARD, Audience.SECRETARIAT)
def new_key(organisation_id: str) -> ResponseReturnValue:
    """Let a trustee who lost their key make another, by a mail to the address we have."""
    try:
        with services().databases.alliance_session() as session:
            trustee = _own(session, organisation_id, _sent(HolderForm()).typed("trustee"))
            person = Person(trustee.name, _addresses().of(trustee), trustee.role)
            _write_invitation(session, organisation_id, person, trusteeship.replace_key(session, trustee))
            _note(session, organisation_id, Action.TRUSTEE_REPLACED, trustee.id)
    except TrusteeshipError as refused:
        return _page(organisation_id, faults=[_fault(refused)])
    return _back(organisation_id, "new_key")


@blueprint.post("/trustees/reminder")
@open_to(Audience.STEWARD, Audience.SECRETARIAT)
def reminder(organisation_id: str) -> ResponseReturnValue:
    """Ask the trustees of a wave to look at it, and to show that their keys work."""
    with services().databases.alliance_session() as session:
        repository = ScopedRepository(session, organisation_id)
        wave = repository.wave(_sent(WaveForm()).typed("wave"))
        message = written(
            "trustee_reminder", organisation=repository.organisation().name, link=_address_of_page()
        )
        for address in trustees.depending_addresses(session, wave, _addresses()):
            services().outbox.queue(session, to=address, message=message)
        _note(session, organisation_id, Action.TRUSTEES_REMINDED, wave.id)
    return _back(organisation_id, "reminded")


@blueprint.post("/trustees/ceremony")
@open_to(Audience.STEWARD)
def begin_again(organisation_id: str) -> ResponseReturnValue:
    """Begin a wave again with the trustees' present keys, before it is open for answers."""
    try:
        with services().databases.alliance_session() as session:
            asked = _sent(WaveForm()).typed("wave")
            wave = ScopedRepository(session, organisation_id).wave(asked)
            trusteeship.begin_again(session, wave, services().at_rest, actor=current_user.id)
    except PlanError:
        text = lazy_gettext(
            "The survey cannot begin again yet. Everybody needs a new key, the secretariat's confirmation if "
            "they stand for the employees, and nobody may have been invited to answer."
        )
        return _page(organisation_id, faults=[{"field": "waves", "text": text}])
    return _back(organisation_id, "again")


@blueprint.get("/representatives")
@open_to(Audience.SECRETARIAT)
def representatives(organisation_id: str) -> ResponseReturnValue:
    """List those who are to stand for employees, for the secretariat to confirm."""
    return _representatives(organisation_id)


@blueprint.post("/representatives")
@open_to(Audience.SECRETARIAT)
def recognise(organisation_id: str) -> ResponseReturnValue:
    """Keep that the secretariat has spoken to an employees' representative, and compared the fingerprint."""
    try:
        with services().databases.alliance_session() as session:
            form = _sent(RecognitionForm())
            asked = form.typed("trustee")
            trustee = session.get(Trustee, asked) if is_identifier(asked) else None
            if trustee is None:
                raise NotFoundError("trustee: there is none by that name; look it up in the list")
            trusteeship.recognise(trustee, form.typed("fingerprint"))
            _note(session, trustee.organisation_id, Action.REPRESENTATIVE_CONFIRMED, trustee.id)
    except TrusteeshipError as refused:
        return _representatives(organisation_id, [_fault(refused)])
    return redirect(url_for(".representatives", organisation_id=organisation_id, done="recognised"), 303)


def _representatives(
    organisation_id: str, faults: list[dict[str, object]] | None = None
) -> ResponseReturnValue:
    with services().databases.alliance_session(reading=True) as session:
        found = trustees.representatives(session, _addresses())
    return render_template(
        "stewardship/representatives.html",
        organisation_id=organisation_id,
        representatives=found,
        faults=faults or [],
        done=DONE.get(request.args.get("done", "")),
    ), 400 if faults else 200


def _form(organisation_id: str) -> TrusteeForm:
    """The form with the roles that this person may fill."""
    form = TrusteeForm()
    form.offer({role.value: ROLES[role] for role in _offered(organisation_id)})
    return form


def _page(
    organisation_id: str,
    form: TrusteeForm | None = None,
    faults: Sequence[Mapping[str, object]] = (),
) -> ResponseReturnValue:
    with services().databases.alliance_session(reading=True) as session:
        found = trustees.overview(session, organisation_id, _addresses(), services().today())
    form = form or _form(organisation_id)
    wrong = [*form.problems(), *faults]
    return render_template(
        "stewardship/trustees.html",
        overview=found,
        roles=ROLES,
        waits=WAITS,
        form=form,
        faults=wrong,
        done=DONE.get(request.args.get("done", "")),
        language=str(get_locale()),
    ), 400 if wrong else 200


def _offered(organisation_id: str) -> list[TrusteeRole]:
    """Whom this person may invite somebody to stand for; the secretariat chooses its own trustee."""
    with services().databases.alliance_session(reading=True) as session:
        held = roles_in(session, current_user.id, organisation_id)
    own = [TrusteeRole.EMPLOYEES, TrusteeRole.MANAGEMENT, TrusteeRole.OTHER]
    return [
        *(own if MembershipRole.STEWARD in held else []),
        *([TrusteeRole.SECRETARIAT] if MembershipRole.SECRETARIAT in held else []),
    ]


def _write_invitation(session: Session, organisation_id: str, person: Person, token: str) -> None:
    # After `#`: what stands there never reaches a server, or a log on the way.
    message = written(
        "trustee_invited",
        trustee=person.name,
        role=person.role.value,
        organisation=ScopedRepository(session, organisation_id).organisation().name,
        link=f"{_address_of_page()}#{token}",
    )
    services().outbox.queue(session, to=person.address, message=message)


def _sent(form: _Sent) -> _Sent:
    """The form of a button, which no browser sends unfilled."""
    return form if form.validate_on_submit() else abort(400)


def _own(session: Session, organisation_id: str, asked: str) -> Trustee:
    own = ScopedRepository(session, organisation_id).trustees()
    found = next((trustee for trustee in own if trustee.id == asked and trustee.address), None)
    if found is None:
        raise NotFoundError("trustee: there is none by that name; look it up in the list")
    return found


def _note(session: Session, organisation_id: str, action: Action, subject: str, **details: str) -> None:
    record(
        session,
        actor=current_user.id,
        action=action,
        subject=subject,
        organisation_id=organisation_id,
        details=details,
    )


def _fault(refused: TrusteeshipError) -> dict[str, object]:
    return {"field": "trustees", "text": FAULTS[refused.fault][1]}


def _back(organisation_id: str, done: str) -> ResponseReturnValue:
    return redirect(url_for(".trustees_page", organisation_id=organisation_id, done=done), 303)


def _address_of_page() -> str:
    return f"{services().base_url}/trustees/"


def _addresses() -> Addresses:
    # The worker writes reminders, and has the mails' keys only.
    return Addresses(services().outbox.at_rest)
