"""A wave that is being set up: what can be chosen for it, what still keeps it back, and handing it over."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policy import WAVES
from questionnaires.digest import definition_bytes, load_definition
from questionnaires.errors import DefinitionError
from questionnaires.loading import alliance_definition
from questionnaires.model import Questionnaire
from survey.sealing.at_rest import AtRest
from survey.stewardship.joint_forms import obstacles_of_joint
from survey.stewardship.own import alliance_questionnaire, fieldable
from survey.stewardship.setup_form import Facts
from survey.storage.drafts import WaveDraft
from survey.storage.models import Invitation, Organisation, Trustee, TrusteeRole, Wave
from survey.storage.people import QuestionnaireState
from survey.storage.repositories import ScopedRepository, WaveRegistry
from survey.waves import setup as setups
from survey.waves.help_lines import with_checked_lines
from survey.waves.lifecycle import Draft, advance, draft_wave
from survey.waves.plan import PlanError, WavePlan
from survey.waves.setup import Setup, Step
from survey.waves.states import WaveState
from survey.waves.trusteeship import BEFORE_FIELDING, Addresses, stewards_among, trustees_of

_ALLIANCES = ("workplace", "education", "culture_leisure")
# What others published counts, also where the figures are not there yet.
_BEFORE = (WaveState.FIELDING, WaveState.CLOSED, WaveState.OPENING, WaveState.RELEASED)


class NothingOfferedError(Exception):
    """The alliance has retired its questionnaires, and the organisation brought none."""


def setup_of(row: WaveDraft) -> Setup:
    """What was decided of a draft."""
    return Setup.model_validate(row.decided)


def facts_for(
    session: Session, organisation: Organisation, setup: Setup, today: datetime.date, language: str
) -> Facts:
    """
    What the steps need to know.

    Raises:
        NothingOfferedError: If there is no questionnaire to choose.
    """
    offered = questionnaires_for(session, organisation)
    if not offered:
        raise NothingOfferedError
    return Facts(
        organisation=organisation.name,
        offered=offered,
        whole=offered.get(setup.questionnaire) or next(iter(offered.values())),
        trustees=trustees_of(session, organisation.id),
        earliest=setups.earliest(_last_days(session, organisation.id), WAVES.months_apart),
        today=today,
        language=language,
        is_member=organisation.is_member,
    )


def questionnaires_for(session: Session, organisation: Organisation) -> Mapping[str, Questionnaire]:
    """What an organisation may field: its area's questionnaire first, the alliance's others, its own."""
    states = select(QuestionnaireState).where(QuestionnaireState.published.is_(False))
    retired = {(state.questionnaire_id, state.version) for state in session.scalars(states)}
    offered: dict[str, Questionnaire] = {}
    for found in (alliance_questionnaire(organisation), *map(alliance_definition, _ALLIANCES)):
        if (found.id, found.version) not in retired:
            offered.setdefault(f"{found.id}/{found.version}", found)
    for row in ScopedRepository(session, organisation.id).own_questionnaires():
        try:
            offered[row.id] = fieldable(row, organisation)
        except DefinitionError:
            # Matched with a question that has changed since: its own page says so.
            continue
    return offered


def earlier_setup(session: Session, organisation: Organisation, wave: Wave) -> Setup:
    """The set-up of one of the organisation's waves, to begin another from."""
    asked = load_definition(wave.definition)
    offered = questionnaires_for(session, organisation)
    if not offered:
        return Setup()
    chosen = next((key for key, found in offered.items() if found.id == asked.id), next(iter(offered)))
    return setups.copied(WavePlan.from_value(wave.plan), asked, offered[chosen], chosen)


def asked_of(session: Session, setup: Setup, facts: Facts) -> Questionnaire:
    """
    The questionnaire as the wave would ask it, with the help lines that have been called.

    Raises:
        DefinitionError: If it cannot be fielded so.
    """
    return with_checked_lines(session, setups.asked(setup, facts.whole, facts.organisation))


def obstacles(setup: Setup, facts: Facts, addresses: Addresses, stewards: frozenset[str]) -> list[str]:
    """What keeps the wave from being handed to custody, a sentence each."""
    found = list(_about_days(setup, facts))
    if setup.questionnaire not in facts.offered:
        found.append(gettext("The questionnaire you chose is no longer offered. Choose another."))
    chosen = [trustee for trustee in facts.trustees if trustee.id in setup.trustees]
    found += _about_trustees(setup, chosen)
    found += obstacles_of_joint(setup, facts)
    if stewards_among(chosen, stewards, addresses) > 1:
        found.append(gettext("More than one of the trustees run the surveys themselves. Choose others."))
    return found


def hand_over(
    session: Session, row: WaveDraft, setup: Setup, facts: Facts, at_rest: AtRest, actor: str
) -> Wave:
    """
    The draft as a wave that waits for its ceremony; the draft is gone.

    Raises:
        PlanError: If something is missing, or a trustee cannot be one.
        DefinitionError: If the questionnaire cannot be fielded so.
    """
    questionnaire = setups.asked(setup, facts.whole, facts.organisation)
    plan = setups.planned(setup, questionnaire)
    if plan.joint is not None and not facts.is_member:
        raise PlanError("joint: only a member of the alliance asks the people of others")
    if setup.notice is None:
        raise PlanError("notice: nobody is told who is responsible; write it")
    trustees = [session.get_one(Trustee, trustee) for trustee in setup.trustees]
    wave = draft_wave(session, Draft(row.organisation_id, questionnaire, plan, trustees), at_rest)
    advance(wave, WaveState.CEREMONY, actor=actor)
    session.delete(row)
    return wave


def cancel(session: Session, wave: Wave, actor: str) -> None:
    """
    Take a wave back before anybody was invited; its shares are gone with it.

    Raises:
        PlanError: If it is open for answers or was, or people hold invitations to it.
    """
    invited = select(func.count()).select_from(Invitation).where(Invitation.wave_id == wave.id)
    if not may_be_cancelled(wave) or session.scalar(invited):
        raise PlanError("wave: people hold invitations to it, or it is over; close it instead")
    advance(wave, WaveState.CANCELLED, actor=actor)
    for place in WaveRegistry(session).shares(wave.id):
        place.sealed_share = place.confirmation_digest = None


def may_be_cancelled(wave: Wave) -> bool:
    """Whether a wave has not been opened for answers."""
    return WaveState(wave.state) in BEFORE_FIELDING


def ask_for_preview(row: WaveDraft, setup: Setup, facts: Facts) -> None:
    """Have the worker make a preview of what is decided now, where that is enough for one."""
    row.preview = row.asked_plan = row.asked_definition = None
    try:
        questionnaire = setups.asked(setup, facts.whole, facts.organisation)
        plan = setups.planned(setup, questionnaire)
    except (PlanError, DefinitionError):
        return
    row.asked_plan, row.asked_definition = plan.value(), definition_bytes(questionnaire)


def _about_days(setup: Setup, facts: Facts) -> Iterator[str]:
    if not setup.first_day:
        return
    first = datetime.date.fromisoformat(setup.first_day)
    if first < facts.today:
        yield gettext("The first day is over. Choose a later one.")
    if facts.earliest and first < facts.earliest:
        yield gettext("The first day lies less than half a year after another survey. Choose a later one.")


def _about_trustees(setup: Setup, chosen: list[Trustee]) -> Iterator[str]:
    if Step.TRUSTEES not in setup.taken:
        return
    if len(chosen) < len(setup.trustees):
        yield gettext("A trustee you chose has been replaced. Choose them again.")
    for trustee in chosen:
        if trustee.public_key is None:
            yield gettext("%(name)s has not made a key yet.", name=trustee.name or trustee.role.value)
        elif trustee.role is TrusteeRole.EMPLOYEES and trustee.recognised is None:
            yield gettext(
                "The secretariat has not confirmed yet that %(name)s represents the employees. "
                "It rings them.",
                name=trustee.name or trustee.role.value,
            )


def _last_days(session: Session, organisation_id: str) -> list[datetime.date]:
    waves = ScopedRepository(session, organisation_id).waves()
    released = {release.wave_id for release in ScopedRepository(session, organisation_id).releases()}
    return [
        datetime.date.fromisoformat(WavePlan.from_value(wave.plan).field_period.last_possible_day)
        for wave in waves
        if WaveState(wave.state) in _BEFORE or wave.id in released
    ]
