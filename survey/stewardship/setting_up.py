"""A steward sets a wave up in steps that can be left and taken up again, and hands it to custody."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext, lazy_gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from questionnaires.digest import definition_bytes, load_definition
from questionnaires.errors import DefinitionError
from survey.access import ORGANISATION, WITH_ACCOUNT, Audience, open_to, services, takes_up_to
from survey.stewardship import previewed
from survey.stewardship import trustees as trustee_lists
from survey.stewardship.asking_forms import (
    LONGEST_FILE,
    GroupsForm,
    OwnItemsForm,
    PeopleForm,
    PeriodForm,
    QuestionnaireForm,
)
from survey.stewardship.drafting import (
    NothingOfferedError,
    ask_for_preview,
    asked_of,
    earlier_setup,
    facts_for,
    hand_over,
    obstacles,
    setup_of,
)
from survey.stewardship.promising_forms import ContactsForm, NoticeForm, PromisesForm, TrusteesForm
from survey.stewardship.setup_form import BeginForm, Facts, StepForm
from survey.stewardship.views import ROLES
from survey.storage.drafts import WaveDraft
from survey.storage.identifiers import new_identifier
from survey.storage.models import Organisation
from survey.storage.repositories import ScopedRepository
from survey.waves import setup as setups
from survey.waves.plan import PlanError, WavePlan
from survey.waves.setup import Setup, Step
from survey.waves.trusteeship import Addresses

blueprint = Blueprint("setting_up", __name__, url_prefix=f"{WITH_ACCOUNT}<{ORGANISATION}>/waves/drafts")
MOST_DRAFTS: Final = 50
LOOK_AGAIN_SECONDS: Final = "5"
# A file of units, and what a form wraps around it.
LONGEST: Final = LONGEST_FILE + 1024 * 1024
FORMS: Final[dict[Step, type[StepForm]]] = {
    Step.PEOPLE: PeopleForm,
    Step.QUESTIONNAIRE: QuestionnaireForm,
    Step.OWN_ITEMS: OwnItemsForm,
    Step.PERIOD: PeriodForm,
    Step.GROUPS: GroupsForm,
    Step.CONTACTS: ContactsForm,
    Step.NOTICE: NoticeForm,
    Step.TRUSTEES: TrusteesForm,
    Step.PROMISES: PromisesForm,
}
TITLES: Final = {
    Step.PEOPLE: lazy_gettext("Who is asked"),
    Step.QUESTIONNAIRE: lazy_gettext("What is asked"),
    Step.OWN_ITEMS: lazy_gettext("Questions of your own"),
    Step.PERIOD: lazy_gettext("Languages and days"),
    Step.GROUPS: lazy_gettext("Units and groups"),
    Step.CONTACTS: lazy_gettext("Whom people can turn to"),
    Step.NOTICE: lazy_gettext("What people are told of their data"),
    Step.TRUSTEES: lazy_gettext("Who holds the keys"),
    Step.PROMISES: lazy_gettext("What is promised"),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft at work, in its transaction."""

    session: Session
    organisation: Organisation
    row: WaveDraft
    setup: Setup
    facts: Facts

    def address(self, page: str, step: Step | None = None) -> str:
        """Return the address of one of its pages."""
        return url_for(
            f"setting_up.{page}",
            organisation_id=self.organisation.id,
            draft_id=self.row.id,
            step=step.value if step else None,
        )

    def keep(self, setup: Setup) -> None:
        """Store what was decided, and have the preview made anew."""
        self.row.decided, self.row.changed_on = setup.value(), services().today()
        ask_for_preview(self.row, setup, self.facts)


@blueprint.post("")
@open_to(Audience.STEWARD)
def begin(organisation_id: str) -> ResponseReturnValue:
    """Begin to set a wave up, from nothing or from an earlier one."""
    with services().databases.alliance_session() as session:
        repository = ScopedRepository(session, organisation_id)
        organisation = repository.organisation()
        if len(repository.drafts()) >= MOST_DRAFTS:
            abort(HTTPStatus.CONFLICT)
        earlier = BeginForm().typed("wave")
        setup = earlier_setup(session, organisation, repository.wave(earlier)) if earlier else Setup()
        row = WaveDraft(
            id=new_identifier(),
            organisation_id=organisation.id,
            decided=setup.value(),
            changed_on=services().today(),
        )
        session.add(row)
        address = url_for(".overview", organisation_id=organisation.id, draft_id=row.id)
        first = url_for(".step", organisation_id=organisation.id, draft_id=row.id, step=Step.PEOPLE.value)
    return redirect(address if earlier else first, HTTPStatus.SEE_OTHER)


@blueprint.get("/<draft_id>")
@open_to(Audience.STEWARD)
def overview(organisation_id: str, draft_id: str) -> ResponseReturnValue:
    """List the steps, and which are still to be taken."""
    with _draft(organisation_id, draft_id, reading=True) as draft:
        return render_template("stewardship/setup/overview.html", draft=draft, steps=Step, titles=TITLES)


@blueprint.post("/<draft_id>/throw-away")
@open_to(Audience.STEWARD)
def remove(organisation_id: str, draft_id: str) -> ResponseReturnValue:
    """Forget a draft."""
    with _draft(organisation_id, draft_id) as draft:
        draft.session.delete(draft.row)
    return _to_list(organisation_id)


@blueprint.get("/<draft_id>/steps/<step>")
@open_to(Audience.STEWARD)
def step(organisation_id: str, draft_id: str, step: str) -> ResponseReturnValue:
    """Show a step with what was decided before."""
    with _draft(organisation_id, draft_id, reading=True) as draft:
        chosen = _step(step)
        form = FORMS[chosen](formdata=None)
        form.offer(draft.setup, draft.facts)
        form.show(draft.setup, draft.facts)
        return _page(draft, chosen, form)


@blueprint.post("/<draft_id>/steps/<step>")
@open_to(Audience.STEWARD)
@takes_up_to(LONGEST)
def take(organisation_id: str, draft_id: str, step: str) -> ResponseReturnValue:
    """Keep what was chosen in a step, or say what to mend; what was typed stays."""
    with _draft(organisation_id, draft_id) as draft:
        chosen = _step(step)
        form = FORMS[chosen]()
        form.offer(draft.setup, draft.facts)
        choices = form.chosen(draft.setup, draft.facts) if form.validate() else {}
        if form.problems():
            return _page(draft, chosen, form), HTTPStatus.UNPROCESSABLE_ENTITY
        draft.keep(draft.setup.decided(chosen, **choices))
        return redirect(_after(draft, chosen, form), HTTPStatus.SEE_OTHER)


@blueprint.get("/<draft_id>/last")
@open_to(Audience.STEWARD)
def last(organisation_id: str, draft_id: str) -> ResponseReturnValue:
    """Show all that was decided, and what can no longer be changed after this."""
    with _draft(organisation_id, draft_id, reading=True) as draft:
        return _last_page(draft)


@blueprint.post("/<draft_id>/last")
@open_to(Audience.STEWARD)
def finish(organisation_id: str, draft_id: str) -> ResponseReturnValue:
    """Hand the wave to custody and its trustees."""
    with _draft(organisation_id, draft_id) as draft:
        if draft.setup.open_steps or _obstacles(draft):
            return _last_page(draft), HTTPStatus.CONFLICT
        try:
            hand_over(
                draft.session,
                draft.row,
                draft.setup,
                draft.facts,
                services().at_rest,
                actor=current_user.id,
            )
        except (PlanError, DefinitionError):
            text = gettext("The survey cannot be handed over like this. Go through the steps once more.")
            return _last_page(draft, text), HTTPStatus.CONFLICT
    return _to_list(organisation_id, done="handed")


@blueprint.get("/<draft_id>/preview")
@open_to(Audience.STEWARD)
def preview(organisation_id: str, draft_id: str) -> ResponseReturnValue:
    """Show what the wave would show, with invented figures, and what it would not."""
    with _draft(organisation_id, draft_id, reading=True) as draft:
        row = draft.row
        if row.asked_plan is None or row.asked_definition is None:
            missing = [step for step in draft.setup.open_steps if step not in setups.NOT_PREVIEWED]
            return render_template(
                "stewardship/setup/preview.html", draft=draft, titles=TITLES, missing=missing or [*Step]
            )
        plan, asked = WavePlan.from_value(row.asked_plan), load_definition(row.asked_definition)
        page = render_template(
            "stewardship/setup/preview.html",
            draft=draft,
            missing=(),
            small=previewed.small_units(plan),
            waiting=row.preview is None,
            preview=previewed.read(row.preview, asked, plan, str(get_locale())) if row.preview else None,
        )
        # Without a script: the browser asks again by itself until it is there.
        return (page, {"Refresh": LOOK_AGAIN_SECONDS}) if row.preview is None else page


@blueprint.get("/<draft_id>/consent")
@open_to(Audience.STEWARD)
def consent(organisation_id: str, draft_id: str) -> ResponseReturnValue:
    """Show the page that respondents read first, and the questionnaire after it; nothing is sent."""
    with _draft(organisation_id, draft_id, reading=True) as draft:
        if draft.row.asked_plan is None:
            return redirect(draft.address("preview"), HTTPStatus.SEE_OTHER)
        return render_template(
            "stewardship/preview.html",
            title=draft.facts.said(draft.facts.whole.title),
            back=draft.address("overview"),
            definition=draft.address("definition"),
            base=draft.address("overview").partition("?")[0],
        )


@blueprint.get("/<draft_id>/definition.json")
@open_to(Audience.STEWARD)
def definition(organisation_id: str, draft_id: str) -> ResponseReturnValue:
    """Hand out the definition as the wave would ask it."""
    with _draft(organisation_id, draft_id, reading=True) as draft:
        if draft.row.asked_definition is None:
            abort(HTTPStatus.NOT_FOUND)
        asked = definition_bytes(asked_of(draft.session, draft.setup, draft.facts))
        return Response(asked, mimetype="application/json")


@blueprint.get("/<draft_id>/manifest.json")
@open_to(Audience.STEWARD)
def manifest(organisation_id: str, draft_id: str) -> ResponseReturnValue:
    """Hand out what the wave would promise, without the keys that custody makes."""
    with _draft(organisation_id, draft_id, reading=True) as draft:
        if draft.row.asked_plan is None:
            abort(HTTPStatus.NOT_FOUND)
        asked = asked_of(draft.session, draft.setup, draft.facts)
        plan = WavePlan.from_value(draft.row.asked_plan)
        names = {"id": draft.organisation.id, "name": draft.organisation.name}
        chosen = [each for each in draft.facts.trustees if each.id in draft.setup.trustees]
        return jsonify(previewed.promises(plan, asked, names, [each.role.value for each in chosen]))


@contextmanager
def _draft(organisation_id: str, draft_id: str, *, reading: bool = False) -> Iterator[Draft]:
    with services().databases.alliance_session(reading=reading) as session:
        repository = ScopedRepository(session, organisation_id)
        row, organisation = repository.draft(draft_id), repository.organisation()
        setup = setup_of(row)
        try:
            facts = facts_for(session, organisation, setup, services().today(), str(get_locale()))
        except NothingOfferedError:
            abort(HTTPStatus.CONFLICT)
        yield Draft(session, organisation, row, setup, facts)


def _step(name: str) -> Step:
    return next((step for step in Step if step.value == name), None) or abort(HTTPStatus.NOT_FOUND)


def _after(draft: Draft, step: Step, form: StepForm) -> str:
    if form.leave.data:
        return draft.address("overview")
    following = [*Step][[*Step].index(step) + 1 :]
    return draft.address("step", following[0]) if following else draft.address("overview")


def _page(draft: Draft, step: Step, form: StepForm) -> str:
    steps = [*Step]
    return render_template(
        f"stewardship/setup/{step.value}.html",
        draft=draft,
        step=step,
        number=steps.index(step) + 1,
        of=len(steps),
        title=TITLES[step],
        form=form,
        faults=form.problems(),
        setups=setups,
        roles=ROLES,
    )


def _last_page(draft: Draft, refused: str = "") -> str:
    found = _obstacles(draft)
    faults = [{"field": "obstacles", "text": text} for text in ([refused] if refused else [])]
    setup = draft.setup
    days = [datetime.date.fromisoformat(text) for text in (setup.first_day, setup.last_day) if text]
    chosen = [trustee for trustee in draft.facts.trustees if trustee.id in setup.trustees]
    return render_template(
        "stewardship/setup/last.html",
        draft=draft,
        titles=TITLES,
        obstacles=found,
        faults=faults,
        days=days,
        trustees=chosen,
        roles=ROLES,
        title=draft.facts.said(draft.facts.whole.title),
        asked=None if setup.open_steps else asked_of(draft.session, setup, draft.facts),
    )


def _obstacles(draft: Draft) -> list[str]:
    stewards = trustee_lists.stewards_of(draft.session, draft.organisation.id)
    return obstacles(draft.setup, draft.facts, Addresses(services().outbox.at_rest), stewards)


def _to_list(organisation_id: str, done: str | None = None) -> ResponseReturnValue:
    address = url_for("wave_list.overview", organisation_id=organisation_id, done=done)
    return redirect(address, HTTPStatus.SEE_OTHER)
