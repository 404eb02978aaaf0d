"""
The trustees' page and its endpoints; formats in docs/reference/formats.md, "HTTP: trustees".

A bearer token says which trustee asks. It opens nothing: what a trustee gets is sealed to their own key, and
custody recognises what they give by what only the holder of that key can make.
"""

from __future__ import annotations

import datetime
import json
from typing import NoReturn

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.access import Audience, open_to, services
from survey.storage.audit import Action, record
from survey.storage.models import Organisation, Trustee, Wave, WaveTrustee
from survey.storage.repositories import NotFoundError, WaveRegistry
from survey.trustees import enrolment
from survey.trustees.enrolment import Refusal, RefusedError
from survey.waves.manifest import ManifestError, from_b64, to_b64
from survey.waves.plan import WavePlan
from survey.waves.trusteeship import is_proven, standing, token_digest

blueprint = Blueprint("trustees", __name__, url_prefix="/trustees")
_STATUS = {
    Refusal.MALFORMED: 400,
    Refusal.CONFIRMATION_REFUSED: 403,
    Refusal.NO_COPY: 404,
    Refusal.CUSTODY_NOT_READY: 503,
}


@blueprint.errorhandler(RefusedError)
def refused(error: RefusedError) -> ResponseReturnValue:
    """Say in one word why a request was not granted."""
    return jsonify(error=error.refusal.value), _STATUS.get(error.refusal, 409)


@blueprint.errorhandler(NotFoundError)
def not_found(_error: NotFoundError) -> ResponseReturnValue:
    """Another trustee's wave answers as one that does not exist."""
    return jsonify(error="unknown_wave"), 404


@blueprint.get("/")
@open_to(Audience.PUBLIC)
def page() -> ResponseReturnValue:
    """Give the page's shell: who asks, and with which key, stays in the browser."""
    return render_template("trustees/page.html")


@blueprint.get("/me")
@open_to(Audience.TRUSTEE_KEY)
def me() -> ResponseReturnValue:
    """Say who the holder of the token is to be, and which custody they will deal with."""
    with services().databases.alliance_session(reading=True) as session:
        trustee = _trustee(session)
        return jsonify(
            trustee=trustee.id,
            role=trustee.role.value,
            name=trustee.name,
            organisation=session.get_one(Organisation, trustee.organisation_id).name,
            fingerprint=trustee.fingerprint,
            custody=enrolment.custody_identity(session).fingerprint,
            copy=trustee.key_copy is not None,
        )


@blueprint.get("/copy")
@open_to(Audience.TRUSTEE_KEY)
def kept_copy() -> ResponseReturnValue:
    """Give back the copy of a key file that its owner left here."""
    with services().databases.alliance_session(reading=True) as session:
        copy = _trustee(session).key_copy
    if copy is None:
        raise RefusedError(Refusal.NO_COPY)
    return Response(copy, mimetype="application/json")


@blueprint.put("/copy")
@open_to(Audience.TRUSTEE_KEY)
def copy() -> ResponseReturnValue:
    """Keep a copy of a key file, since its owner asks for it."""
    left = request.get_data()
    with services().databases.alliance_session() as session:
        enrolment.keep_copy(_trustee(session), left)
    return Response(status=204)


@blueprint.delete("/copy")
@open_to(Audience.TRUSTEE_KEY)
def copy_forgotten() -> ResponseReturnValue:
    """Keep it no more."""
    with services().databases.alliance_session() as session:
        enrolment.keep_copy(_trustee(session), None)
    return Response(status=204)


@blueprint.post("/enrolment")
@open_to(Audience.TRUSTEE_KEY)
def enrolment_of_key() -> ResponseReturnValue:
    """Keep the trustee's public key, and tell them which custody they will deal with."""
    _receive()
    with services().databases.alliance_session() as session:
        trustee = _trustee(session)
        enrolment.enrol_key(trustee, _bytes("public_key"))
        _note(session, trustee.id, trustee.organisation_id, Action.KEY_ENROLLED)
        custody = enrolment.custody_identity(session)
        return jsonify(trustee=trustee.id, role=trustee.role.value, custody=custody.fingerprint)


@blueprint.get("/waves")
@open_to(Audience.TRUSTEE_KEY)
def waves() -> ResponseReturnValue:
    """The waves that depend on this trustee."""
    with services().databases.alliance_session(reading=True) as session:
        registry = WaveRegistry(session)
        places = registry.shares_of(_trustee(session).id)
        return jsonify(waves=[_summary(session, registry.wave(place.wave_id), place) for place in places])


@blueprint.get("/waves/<wave_id>")
@open_to(Audience.TRUSTEE_KEY)
def wave(wave_id: str) -> ResponseReturnValue:
    """What a wave promises, this trustee's sealed share, and custody's request if there is one."""
    with services().databases.alliance_session(reading=True) as session:
        found, place = _place(session, wave_id)
        if found.manifest is None or found.manifest_signature is None or place.sealed_share is None:
            raise RefusedError(Refusal.WRONG_STATE)
        return jsonify(
            **_summary(session, found, place),
            number=place.number,
            manifest=to_b64(found.manifest),
            manifest_signature=to_b64(found.manifest_signature),
            custody_key=to_b64(enrolment.custody_identity(session).public_key),
            sealed_share=to_b64(place.sealed_share),
            opening=_opening(found),
            paper_codes=None if place.paper_codes is None else to_b64(place.paper_codes),
        )


@blueprint.get("/waves/<wave_id>/questionnaire")
@open_to(Audience.TRUSTEE_KEY)
def questionnaire(wave_id: str) -> ResponseReturnValue:
    """Give the definition, which respondents get only when the wave is announced; the manifest pins it."""
    with services().databases.alliance_session(reading=True) as session:
        return Response(_place(session, wave_id)[0].definition, mimetype="application/json")


@blueprint.post("/waves/<wave_id>/confirmation")
@open_to(Audience.TRUSTEE_KEY)
def confirmation(wave_id: str) -> ResponseReturnValue:
    """Keep the proof that this trustee's share unwraps, or still does."""
    _receive()
    with services().databases.alliance_session() as session:
        found, place = _place(session, wave_id)
        first = not place.confirmed
        enrolment.confirm_share(found, place, _bytes("confirmation"), services().today())
        if first:
            _note(session, place.trustee_id, found.organisation_id, Action.SHARE_CONFIRMED, found.id)
    return Response(status=204)


@blueprint.post("/waves/<wave_id>/refusal")
@open_to(Audience.TRUSTEE_KEY)
def refusal(wave_id: str) -> ResponseReturnValue:
    """Keep why this trustee will not open the wave."""
    _receive()
    with services().databases.alliance_session() as session:
        found, place = _place(session, wave_id)
        enrolment.decline_opening(found, place, _text("reason"), _bytes("confirmation"))
        _note(session, place.trustee_id, found.organisation_id, Action.OPENING_DECLINED, found.id)
    return Response(status=204)


@blueprint.post("/waves/<wave_id>/approval")
@open_to(Audience.TRUSTEE_KEY)
def approval(wave_id: str) -> ResponseReturnValue:
    """Keep this trustee's share, sealed for one opening of one list."""
    _receive()
    with services().databases.alliance_session() as session:
        found, place = _place(session, wave_id)
        enrolment.approve_opening(found, place, _text("list"), _bytes("approval"))
        _note(session, place.trustee_id, found.organisation_id, Action.OPENING_APPROVED, found.id)
    return Response(status=204)


def _trustee(session: Session) -> Trustee:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        abort(401)
    try:
        return WaveRegistry(session).trustee(token_digest(token))
    except NotFoundError:
        abort(401)


def _note(session: Session, trustee: str, organisation_id: str, action: Action, subject: str = "") -> None:
    record(session, actor=trustee, action=action, subject=subject, organisation_id=organisation_id)


def _place(session: Session, wave_id: str) -> tuple[Wave, WaveTrustee]:
    registry = WaveRegistry(session)
    place = registry.share(wave_id, _trustee(session).id)
    return registry.wave(wave_id), place


def _summary(session: Session, found: Wave, place: WaveTrustee) -> dict[str, object]:
    """What the server says of a wave; a client believes of it what custody has signed."""
    keys = standing(session, found, services().today())
    period = WavePlan.from_value(found.plan).field_period
    return {
        "wave": found.id,
        "organisation": WaveRegistry(session).organisation_of(found).name,
        "state": found.state,
        "first_day": period.first_day,
        "last_possible_day": period.last_possible_day,
        "closed_on": _day(found.closed_on),
        "released_on": _day(found.released_on),
        "waits_for": found.waits_for,
        "confirmed": place.confirmed,
        "approved": place.approval is not None,
        "declined": place.declined,
        "proven": is_proven(place, services().today()),
        "keys": {
            "quorum": keys.quorum,
            "trustees": keys.trustees,
            "able": keys.able,
            "proven": keys.proven,
            "declined": keys.declined,
            "danger": keys.danger.value,
        },
    }


def _day(day: datetime.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _opening(found: Wave) -> dict[str, object] | None:
    if found.one_time_key is None or found.opening_signature is None or found.list_statement is None:
        return None
    return {
        "list": json.loads(found.list_statement),
        "list_signature": to_b64(found.list_signature or b""),
        "one_time_key": to_b64(found.one_time_key),
        "signature": to_b64(found.opening_signature),
    }


def _receive() -> None:
    """Read the body before any lock is taken: whoever sends slowly keeps nobody else waiting."""
    request.get_data()


def _text(name: str) -> str:
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # a few thousand brackets
        _malformed()
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, str):
        _malformed()
    return value


def _bytes(name: str) -> bytes:
    try:
        return from_b64(_text(name))
    except ManifestError:
        _malformed()


def _malformed() -> NoReturn:
    raise RefusedError(Refusal.MALFORMED)
