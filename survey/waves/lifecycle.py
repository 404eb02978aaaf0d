"""A wave from plan to closing: what stewards and the worker do to it; the rest of its life is custody's."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session, object_session

from questionnaires.digest import definition_bytes
from questionnaires.model import Questionnaire
from survey.sealing.at_rest import AtRest
from survey.sealing.issuing import IssuingKey
from survey.storage.audit import Action, Process, record
from survey.storage.fielding import CodeFile, InvitedAddress
from survey.storage.identifiers import new_identifier
from survey.storage.mails import QueuedMail
from survey.storage.models import Trustee, TrusteeRole, Wave, WaveTrustee
from survey.waves.help_lines import with_checked_lines
from survey.waves.joint import FEWEST, own_breakdowns, singled_out
from survey.waves.manifest import Channel, IssuingKeyPin, WaveMode, to_b64
from survey.waves.plan import PlanError, WavePlan
from survey.waves.states import TransitionError, WaveState, transition


@dataclass(frozen=True, slots=True)
class Draft:
    """What a wave is made from."""

    organisation_id: str
    questionnaire: Questionnaire
    """With the wave's sections only."""
    plan: WavePlan
    trustees: Sequence[Trustee]


def draft_wave(session: Session, draft: Draft, at_rest: AtRest) -> Wave:
    """
    A new wave in `draft`, with its issuing keys and a numbered place for each trustee's share.

    Raises:
        PlanError: If a trustee has not enrolled a key, comes twice, or the quorum is out of reach; if nobody
            stands for the employees, or the secretariat has not confirmed who; if an open wave has groups, or
            a joint one might single an organisation out.
    """
    _check_trustees(draft)
    _check_mode(draft.plan)
    check_joint(draft.plan, draft.questionnaire)
    keys = {channel: IssuingKey.generate() for channel in _channels(draft.plan)}
    wave = Wave(
        id=new_identifier(),
        organisation_id=draft.organisation_id,
        state=WaveState.DRAFT.value,
        plan=draft.plan.model_copy(update={"issuing_keys": _pins(keys)}).value(),
        definition=definition_bytes(with_checked_lines(session, draft.questionnaire)),
        issuing_key=at_rest.encrypt(b"".join(key.to_bytes() for key in keys.values())),
    )
    session.add(wave)
    session.flush()
    for number, trustee in enumerate(draft.trustees, 1):
        session.add(
            WaveTrustee(
                wave_id=wave.id,
                number=number,
                organisation_id=wave.organisation_id,
                trustee_id=trustee.id,
                confirmed=False,
            )
        )
    return wave


def advance(wave: Wave, target: WaveState, *, actor: str = Process.COMMAND) -> None:
    """
    Take `wave` to `target`, and write into the audit log who did.

    Args:
        wave: In a session whose transaction holds both.
        target: Where to.
        actor: An account's id, or the process.

    Raises:
        TransitionError: If it cannot go there from where it stands.
    """
    before, after = wave.state, transition(WaveState(wave.state), target).value
    wave.state = after
    _record(wave, actor, {"from": before, "to": after})


def close(wave: Wave, today: datetime.date, *, actor: str = Process.COMMAND) -> None:
    """
    End the field period: nothing more can be stored, and custody takes over.

    The issuing key goes with it: whoever gets hold of it later can make no credential that still counts. The
    addresses that were invited go too, what was kept of files of codes, and every mail about the wave.

    Raises:
        TransitionError: If the wave is not open.
    """
    advance(wave, WaveState.CLOSED, actor=actor)
    wave.closed_on = today
    wave.issuing_key = None
    session = _session(wave)
    session.execute(delete(InvitedAddress).where(InvitedAddress.wave_id == wave.id))
    session.execute(delete(CodeFile).where(CodeFile.wave_id == wave.id))
    session.execute(delete(QueuedMail).where(QueuedMail.about == wave.id))


def _record(wave: Wave, actor: str, details: dict[str, str]) -> None:
    record(
        _session(wave),
        actor=actor,
        action=Action.WAVE_ADVANCED,
        subject=wave.id,
        organisation_id=wave.organisation_id,
        details=details,
    )


def _session(wave: Wave) -> Session:
    session = object_session(wave)
    if session is None:
        raise TransitionError(f"wave {wave.id}: it is in no transaction, so nothing would be written of it")
    return session


def _channels(plan: WavePlan) -> tuple[Channel, ...]:
    """What the wave's keys sign for; where there is one for paper, it is the second."""
    first = Channel.OPEN if plan.mode is WaveMode.OPEN else Channel.INVITATION
    return (first, Channel.PAPER) if plan.paper_credentials else (first,)


def _pins(keys: Mapping[Channel, IssuingKey]) -> tuple[IssuingKeyPin, ...]:
    return tuple(
        IssuingKeyPin(channel=channel, key=to_b64(key.public_bytes())) for channel, key in keys.items()
    )


def _check_mode(plan: WavePlan) -> None:
    # Nobody knows who answers an open wave, or how often: a part of it may be one person's doing.
    divided = plan.invited or plan.units or plan.breakdowns or plan.alliance_sharing != "never"
    if plan.mode is WaveMode.OPEN and divided:
        raise PlanError(
            "mode: an open wave invites nobody, is shown as a whole, and is never shared; plan it so"
        )


def check_joint(plan: WavePlan, questionnaire: Questionnaire) -> None:
    """
    See that a joint wave singles none of its organisations out; what the manifest cannot say of itself too.

    Raises:
        PlanError: If it might.
    """
    if plan.joint is None:
        return
    if plan.alliance_sharing != "never":
        raise PlanError("alliance_sharing: a joint wave is no organisation, and is never shared; plan it so")
    if own := own_breakdowns(questionnaire, plan.breakdowns):
        raise PlanError(
            f"breakdowns: {', '.join(own)}: not the alliance's question, and it might ask for the "
            "organisation; leave it out"
        )
    people = plan.expected if plan.mode is WaveMode.OPEN else plan.invited
    if found := next(singled_out(plan.joint, people, plan.units), None):
        raise PlanError(
            f"units: {found} has {found.people} people, who may be of fewer than {FEWEST} of the "
            "joined organisations; put it together with others"
        )


def _check_trustees(draft: Draft) -> None:
    trustees = draft.trustees
    if TrusteeRole.EMPLOYEES not in {trustee.role for trustee in trustees}:
        raise PlanError(
            "trustees: nobody stands for the employees, who confirm that those invited are real; add theirs"
        )
    missing = [trustee.role.value for trustee in trustees if trustee.public_key is None]
    if missing:
        raise PlanError(
            f"trustees: {', '.join(missing)} has not enrolled a key; wait for it, or choose another"
        )
    if any(trustee.role is TrusteeRole.EMPLOYEES and trustee.recognised is None for trustee in trustees):
        raise PlanError(
            "trustees: the secretariat has not confirmed who represents the employees; ask them to, by "
            "the fingerprint of the key"
        )
    if len({trustee.fingerprint for trustee in trustees}) != len(trustees):
        raise PlanError("trustees: one key comes twice; each trustee needs a key of their own")
    if draft.plan.quorum > len(trustees):
        raise PlanError(
            f"quorum: {len(trustees)} trustees cannot make {draft.plan.quorum}; lower it or add trustees"
        )
