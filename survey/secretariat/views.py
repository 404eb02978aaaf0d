"""
The secretariat's desk: what waits, organisations, people, help lines, questionnaires, and the log.

Nothing here tells of a wave's content: no count, no figure, no response.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, lazy_gettext
from flask_security import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.access import WITH_ACCOUNT, Audience, open_to, services
from survey.categories import MEMBER_KINDS
from survey.delivery.message import written
from survey.forms import choices_of
from survey.paging import paged
from survey.people.accounts import reset_factors
from survey.people.applying import ApplicationError, approve, classify, decline, domain_of, known, resembling
from survey.people.inviting import InvitationError, Invited, invite_person
from survey.people.sectors import areas, sector, sectors
from survey.secretariat.forms import ClassificationForm, DecisionForm, DeclineAllForm, StewardForm
from survey.secretariat.wording import ACTIONS, ROLES
from survey.storage.accounts import Account
from survey.storage.audit import Action, AuditEntry, head_of, record
from survey.storage.identifiers import is_identifier
from survey.storage.models import Membership, MembershipRole, Organisation
from survey.storage.people import Application, ApplicationState, HelpLineCheck, QuestionnaireState, Wish
from survey.waves.help_lines import check_digest, checked, published_definitions

blueprint = Blueprint("desk", __name__, url_prefix=f"{WITH_ACCOUNT}<organisation_id>/desk")
ENTRIES_ON_A_PAGE: Final = 100
# So many from one mail domain are shown as one line: a machine may own it.
FOLDED_FROM: Final = 4
_RESET: Final = (
    "Sekretariatet har fjernet det ekstra trin ved login fra din konto, fordi det er meldt tabt.",
    "The secretariat has taken the second factor off your account, because it was reported lost.",
)


@blueprint.get("/")
@open_to(Audience.SECRETARIAT)
def waiting(organisation_id: str) -> ResponseReturnValue:
    """List what waits for a decision by the mail domain it came from, and lead to the rest."""
    with services().databases.alliance_session(reading=True) as session:
        by_domain = _by_domain(_waiting(session))
        unchecked = _unchecked(session)
    return render_template(
        "secretariat/waiting.html",
        organisation_id=organisation_id,
        paged=paged(list(by_domain.items())),
        most=FOLDED_FROM,
        unchecked=unchecked,
        areas=areas(),
        kinds=MEMBER_KINDS,
    )


@blueprint.route("/applications/<application_id>", methods=["GET", "POST"])
@open_to(Audience.SECRETARIAT)
def application(organisation_id: str, application_id: str) -> ResponseReturnValue:
    """Show who wants to start or to be a member, and decide."""
    form = DecisionForm()
    try:
        with services().databases.alliance_session() as session:
            asked = session.get(Application, _named(application_id), with_for_update=True) or abort(404)
            form.sector.choices = choices_of({"": "–", **_sectors_of(asked.area)})
            here = known(session, asked)
            if request.method == "POST" and form.validate() and _decided(session, asked, form):
                return redirect(url_for("desk.waiting", organisation_id=organisation_id))
            alike = [other for other in resembling(session, asked) if other is not here]
    except ApplicationError:
        return redirect(url_for("desk.waiting", organisation_id=organisation_id))
    page = render_template(
        "secretariat/application.html",
        organisation_id=organisation_id,
        application=asked,
        here=here,
        alike=alike,
        form=form,
        areas=areas(),
        kinds=MEMBER_KINDS,
    )
    return page, HTTPStatus.BAD_REQUEST if form.problems() else HTTPStatus.OK


@blueprint.route("/applications/from/<domain>", methods=["GET", "POST"])
@open_to(Audience.SECRETARIAT)
def of_domain(organisation_id: str, domain: str) -> ResponseReturnValue:
    """Show all that waits from one mail domain, and decline it together: a machine wrote it."""
    form = DeclineAllForm()
    with services().databases.alliance_session() as session:
        found = _by_domain(_waiting(session)).get(domain) or abort(404)
        if request.method == "POST" and form.validate():
            for asked in found:
                decline(session, services().desk, asked, form.typed("reason").strip(), current_user.id)
            return redirect(url_for("desk.waiting", organisation_id=organisation_id))
    page = render_template(
        "secretariat/applications.html",
        organisation_id=organisation_id,
        domain=domain,
        applications=found,
        form=form,
        areas=areas(),
        kinds=MEMBER_KINDS,
    )
    return page, HTTPStatus.BAD_REQUEST if form.problems() else HTTPStatus.OK


@blueprint.get("/organisations")
@open_to(Audience.SECRETARIAT)
def organisations(organisation_id: str) -> ResponseReturnValue:
    """List organisations by name; those of one name are told apart by their numbers."""
    people = (
        select(Membership.organisation_id, func.count(Membership.account_id.distinct()).label("people"))
        .group_by(Membership.organisation_id)
        .subquery()
    )
    query = (
        select(Organisation, func.coalesce(people.c.people, 0))
        .outerjoin(people, people.c.organisation_id == Organisation.id)
        .order_by(Organisation.name, Organisation.id)
    )
    with services().databases.alliance_session(reading=True) as session:
        found = session.execute(query).all()
    return render_template(
        "secretariat/organisations.html", organisation_id=organisation_id, found=found, areas=areas()
    )


@blueprint.route("/organisations/<other_id>", methods=["GET", "POST"])
@open_to(Audience.SECRETARIAT)
def one_organisation(organisation_id: str, other_id: str) -> ResponseReturnValue:
    """Show an organisation's people and its place, and move it."""
    form = ClassificationForm()
    with services().databases.alliance_session() as session:
        other = session.get(Organisation, _named(other_id)) or abort(404)
        _offer(form, other, filled=request.method == "GET")
        if request.method == "POST" and form.validate() and _classified(session, other, form):
            return _back_to(organisation_id, other_id, "kept")
        return _organisation_page(session, organisation_id, other, form, StewardForm(formdata=None))


@blueprint.post("/organisations/<other_id>/stewards")
@open_to(Audience.SECRETARIAT)
def invite_steward(organisation_id: str, other_id: str) -> ResponseReturnValue:
    """Invite a steward to an organisation that has lost its own."""
    form, place = StewardForm(), ClassificationForm(formdata=None)
    with services().databases.alliance_session() as session:
        other = session.get(Organisation, _named(other_id)) or abort(404)
        _offer(place, other, filled=True)
        if form.validate() and _invited(session, other, form):
            return _back_to(organisation_id, other_id, "invited")
        return _organisation_page(session, organisation_id, other, place, form)


@blueprint.post("/people/<person_id>/factors")
@open_to(Audience.SECRETARIAT)
def reset_second_factors(organisation_id: str, person_id: str) -> ResponseReturnValue:
    """Take a lost second factor off; the person keeps the password, and is told by mail."""
    with services().databases.alliance_session() as session:
        account = session.get(Account, _named(person_id)) or abort(404)
        if account.id == current_user.id:
            abort(403)  # else a stolen session could take off the very thing that guards it
        reset_factors(session, account, actor=current_user.id)
        _tell_of_reset(session, account)
    return redirect(url_for("desk.people", organisation_id=organisation_id, reset="1"))


@blueprint.get("/people")
@open_to(Audience.SECRETARIAT)
def people(organisation_id: str) -> ResponseReturnValue:
    """List everybody who has an account, with their roles."""
    query = (
        select(Account.id, Account.email, Organisation.name, Membership.role)
        .outerjoin(Membership, Membership.account_id == Account.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .order_by(Account.email, Organisation.name, Membership.role)
    )
    with services().databases.alliance_session(reading=True) as session:
        found = session.execute(query).all()
    by_person: dict[tuple[str, str], list[tuple[str, MembershipRole]]] = {}
    for identifier, email, organisation, role in found:
        roles = by_person.setdefault((identifier, email), [])
        if organisation:
            roles.append((organisation, role))
    return render_template(
        "secretariat/people.html", organisation_id=organisation_id, by_person=by_person, roles=ROLES
    )


@blueprint.get("/help-lines")
@open_to(Audience.SECRETARIAT)
def help_lines(organisation_id: str) -> ResponseReturnValue:
    """List the help lines of all questionnaires, and which were checked when."""
    with services().databases.alliance_session(reading=True) as session:
        checks = {check.digest: check.checked_on for check in session.scalars(select(HelpLineCheck))}
    lines = {
        check_digest(line): line for definition in published_definitions() for line in definition.help_lines
    }
    return render_template(
        "secretariat/help_lines.html", organisation_id=organisation_id, lines=lines, checks=checks
    )


@blueprint.post("/help-lines/<digest>/<verdict>")
@open_to(Audience.SECRETARIAT)
def check_help_line(organisation_id: str, digest: str, verdict: str) -> ResponseReturnValue:
    """Say that a help line was called and is right, or take that back."""
    known = {check_digest(line) for definition in published_definitions() for line in definition.help_lines}
    if digest not in known or verdict not in {"right", "unchecked"}:
        abort(404)
    with services().databases.alliance_session() as session:
        found = session.get(HelpLineCheck, digest)
        if verdict == "right" and found is None:
            session.add(HelpLineCheck(digest=digest, checked_on=services().today()))
            record(session, actor=current_user.id, action=Action.HELP_LINE_VERIFIED, subject=digest)
        elif verdict == "unchecked" and found is not None:
            session.delete(found)
            record(session, actor=current_user.id, action=Action.HELP_LINE_WITHDRAWN, subject=digest)
    return redirect(url_for("desk.help_lines", organisation_id=organisation_id))


@blueprint.get("/questionnaires")
@open_to(Audience.SECRETARIAT)
def questionnaires(organisation_id: str) -> ResponseReturnValue:
    """List the questionnaires, and which are offered."""
    with services().databases.alliance_session(reading=True) as session:
        states = {(row.questionnaire_id, row.version): row.published for row in _states(session)}
    return render_template(
        "secretariat/questionnaires.html",
        organisation_id=organisation_id,
        definitions=published_definitions(),
        states=states,
    )


@blueprint.post("/questionnaires/<questionnaire_id>/<version>/<verdict>")
@open_to(Audience.SECRETARIAT)
def publish(organisation_id: str, questionnaire_id: str, version: str, verdict: str) -> ResponseReturnValue:
    """Offer a questionnaire, or offer it no more; waves that have it keep it."""
    known = {(definition.id, definition.version) for definition in published_definitions()}
    if (questionnaire_id, version) not in known or verdict not in {"publish", "retire"}:
        abort(404)
    published = verdict == "publish"
    with services().databases.alliance_session() as session:
        session.merge(
            QuestionnaireState(questionnaire_id=questionnaire_id, version=version, published=published)
        )
        record(
            session,
            actor=current_user.id,
            action=Action.QUESTIONNAIRE_PUBLISHED if published else Action.QUESTIONNAIRE_RETIRED,
            subject=f"{questionnaire_id} {version}"[:80],
        )
    return redirect(url_for("desk.questionnaires", organisation_id=organisation_id))


@blueprint.get("/log")
@open_to(Audience.SECRETARIAT)
def log(organisation_id: str) -> ResponseReturnValue:
    """Show what each role did, the last first, and the head of the chain to be noted."""
    before = request.args.get("before", type=int)
    query = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(ENTRIES_ON_A_PAGE)
    with services().databases.alliance_session(reading=True) as session:
        entries = session.scalars(query.where(AuditEntry.number < before) if before else query).all()
        emails = dict(session.execute(select(Account.id, Account.email)).all())
        names = dict(session.execute(select(Organisation.id, Organisation.name)).all())
        head = head_of(session)
    return render_template(
        "secretariat/log.html",
        organisation_id=organisation_id,
        entries=entries,
        emails=emails,
        names=names,
        actions=ACTIONS,
        head=head,
    )


def _named(text: str) -> str:
    return text if is_identifier(text) else abort(404)


def _sectors_of(area: str) -> dict[str, str]:
    language = str(get_locale())
    return {found.key: f"{found.name[language]} ({found.code})" for found in sectors(area)}


def _waiting(session: Session) -> Sequence[Application]:
    query = select(Application).where(Application.state == ApplicationState.WAITING)
    return session.scalars(query.order_by(Application.asked_on, Application.name, Application.id)).all()


def _by_domain(applications: Sequence[Application]) -> Mapping[str, Sequence[Application]]:
    """In the order of the first of each: whoever sends a hundred takes one line."""
    found: dict[str, list[Application]] = {}
    for each in applications:
        found.setdefault(domain_of(each.contact), []).append(each)
    return found


def _decided(session: Session, asked: Application, form: DecisionForm) -> bool:
    """Decide as the form says, or mark what is missing."""
    reason, desk = form.typed("reason").strip(), services().desk
    if not form.reasoned(member=asked.wish is Wish.MEMBER):
        return False
    if form.decision.data == "decline":
        decline(session, desk, asked, reason, current_user.id)
        return True
    chosen = sector(asked.area, form.typed("sector"))
    if chosen is None and known(session, asked) is None:
        form.refuse("sector", lazy_gettext("Choose where it belongs."))
        return False
    approve(session, desk, asked, chosen, reason, current_user.id)
    return True


def _back_to(organisation_id: str, other_id: str, done: str) -> ResponseReturnValue:
    done_now = {name: "1" if name == done else None for name in ("kept", "invited")}
    return redirect(
        url_for(
            "desk.one_organisation",
            organisation_id=organisation_id,
            other_id=other_id,
            kept=done_now["kept"],
            invited=done_now["invited"],
        )
    )


def _organisation_page(
    session: Session,
    organisation_id: str,
    other: Organisation,
    form: ClassificationForm,
    steward: StewardForm,
) -> ResponseReturnValue:
    page = render_template(
        "secretariat/organisation.html",
        organisation_id=organisation_id,
        other=other,
        people=_people(session, other.id),
        roles=ROLES,
        form=form,
        steward=steward,
        problems=[*steward.problems(), *form.problems()],
    )
    return page, HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK


def _invited(session: Session, other: Organisation, form: StewardForm) -> bool:
    invited = Invited(form.typed("email"), MembershipRole.STEWARD, str(get_locale()), current_user.id)
    try:
        invite_person(session, services().outbox, services().base_url, other, invited)
    except InvitationError:
        form.refuse("email", lazy_gettext("Too many invitations wait. Withdraw some first."))
        return False
    return True


def _offer(form: ClassificationForm, other: Organisation, *, filled: bool) -> None:
    language = str(get_locale())
    form.area.choices = choices_of({code: name[language] for code, name in areas().items()})
    form.sector.choices = choices_of(
        {key: name for area in areas() for key, name in _sectors_of(area).items()}
    )
    if filled:
        form.area.data = other.area
        form.sector.data = f"{other.scheme}/{other.scheme_version}/{other.scheme_code}"


def _classified(session: Session, other: Organisation, form: ClassificationForm) -> bool:
    chosen = sector(form.typed("area"), form.typed("sector"))
    if chosen is None:
        form.refuse("sector", lazy_gettext("That sector is not of this area."))
        return False
    classify(other, form.typed("area"), chosen)
    record(
        session,
        actor=current_user.id,
        action=Action.ORGANISATION_CLASSIFIED,
        organisation_id=other.id,
        subject=other.id,
        details={"sector": chosen.key},
    )
    return True


def _people(session: Session, other_id: str) -> list[tuple[str, str, MembershipRole]]:
    query = (
        select(Account.id, Account.email, Membership.role)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.organisation_id == other_id)
        .order_by(Account.email, Membership.role)
    )
    return [(identifier, email, role) for identifier, email, role in session.execute(query)]


def _unchecked(session: Session) -> int:
    digests = checked(session)
    known = {check_digest(line) for definition in published_definitions() for line in definition.help_lines}
    return len(known - digests)


def _states(session: Session) -> list[QuestionnaireState]:
    return list(session.scalars(select(QuestionnaireState)))


def _tell_of_reset(session: Session, account: Account) -> None:
    message = written(
        "account_changed",
        (account.language,),
        what_da=_RESET[0],
        what_en=_RESET[1],
        site=services().base_url,
    )
    services().outbox.queue(session, to=account.email, message=message)
