"""
A respondent's endpoints; formats in docs/reference/formats.md, "HTTP: answering".

Nothing here sets a cookie, writes a log line about a request, or sees an answer unsealed.
"""

from __future__ import annotations

import gzip
import json
import re
from bisect import bisect_left, bisect_right
from functools import cache, lru_cache

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from survey.access import Audience, open_to, services
from survey.answering.about import about
from survey.answering.exchanging import CodeRefusedError, Exchange, Issuer, MalformedRequestError
from survey.answering.printing import printed_of_wave
from survey.answering.receiving import (
    NothingToReplaceError,
    SequenceRefusedError,
    WaveClosedError,
    receive,
)
from survey.answering.totals import Totals, totals
from survey.answering.working import BITS, OPEN_BITS, challenge, shows_work
from survey.sealing.at_rest import AtRest
from survey.sealing.identity import SignatureError
from survey.sealing.issuing import IssuingKey
from survey.sealing.rows import RowError
from survey.storage.models import StoredRelease, Wave
from survey.storage.repositories import NotFoundError, WaveRegistry
from survey.waves.checking import promised
from survey.waves.fielding import were_handed_out
from survey.waves.manifest import ManifestError, WaveMode, to_b64
from survey.waves.states import ANNOUNCED, WaveState
from survey.waves.taking import Standing

blueprint = Blueprint("answering", __name__, url_prefix="/w")
_BYTES = "application/octet-stream"
_STATUS = {
    "malformed": 400,
    "wrong_length": 400,
    "wrong_version": 400,
    "code_refused": 403,
    "credential_refused": 403,
    "signature_refused": 403,
    "unknown_wave": 404,
    "no_paper": 404,
    "wave_not_open": 409,
    "wave_closed": 409,
    "wave_not_closed": 409,
    "wrong_manifest": 409,
    "sequence_refused": 409,
    "too_many_attempts": 429,
    "try_again": 503,
}


class AnsweringRefusedError(Exception):
    """A request that is refused, with one of the codes of docs/reference/formats.md."""

    def __init__(self, code: str, **more: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


@blueprint.errorhandler(AnsweringRefusedError)
def refused(error: AnsweringRefusedError) -> ResponseReturnValue:
    """One word; the page has the sentence in the respondent's language."""
    return jsonify(error=error.code, **error.more), _STATUS[error.code]


@blueprint.errorhandler(SQLAlchemyError)
def not_stored(_error: SQLAlchemyError) -> ResponseReturnValue:
    """The database did not take it: nothing was stored, and the page offers to try again."""
    return jsonify(error="try_again"), 503


@blueprint.errorhandler(ManifestError)
def not_as_promised(_error: ManifestError) -> ResponseReturnValue:
    """A wave whose stored promises are not those it made serves nobody until they are restored."""
    return jsonify(error="try_again"), 503


@blueprint.get("/<wave_id>")
@open_to(Audience.RESPONDENT)
def page(wave_id: str) -> ResponseReturnValue:
    """The page that asks, seals and sends."""
    try:
        found = _standing(wave_id)
    except AnsweringRefusedError:
        return render_template("answering/absent.html"), 404
    promises = found.manifest
    return render_template(
        "answering/wave.html",
        wave=wave_id,
        state=found.state.value,
        last_day=found.last_day.isoformat(),
        paper=promises.languages if promises.paper_credentials else (),
    )


@blueprint.get("/<wave_id>/manifest.json")
@open_to(Audience.RESPONDENT)
def manifest(wave_id: str) -> ResponseReturnValue:
    """The manifest's bytes, as they were signed."""
    return _public(_standing(wave_id).data)


@blueprint.get("/<wave_id>/questionnaire.json")
@open_to(Audience.RESPONDENT)
def questionnaire(wave_id: str) -> ResponseReturnValue:
    """The definition's bytes, whose digest the manifest pins."""
    return _public(services().standings.definition(_standing(wave_id)))


@blueprint.get("/<wave_id>/paper/<language>.pdf")
@open_to(Audience.RESPONDENT)
def paper(wave_id: str, language: str) -> ResponseReturnValue:
    """The questionnaire to print, in one of its languages, where the wave takes answers on paper."""
    with services().databases.alliance_session(reading=True) as session:
        wave = _announced(session, wave_id)
        promises = promised(wave)
        definition, data = wave.definition, wave.manifest or b""
    if not promises.paper_credentials or language not in promises.languages:
        raise AnsweringRefusedError("no_paper")
    return Response(printed_of_wave(definition, data, language), mimetype="application/pdf")


@blueprint.post("/<wave_id>/credential")
@open_to(Audience.RESPONDENT)
def credential(wave_id: str) -> ResponseReturnValue:
    """Exchange an invitation code, or in an open wave some work, for a blind signature."""
    attempts, address = services().failed_attempts, request.remote_addr or ""
    try:
        wanted = Exchange.read(_body())
        # Before anything is looked up: right and wrong codes are told apart by nothing yet.
        if not wanted.code:
            _see_work(attempts.hour(), wave_id, wanted, OPEN_BITS)
        elif not attempts.allowed(address):
            _see_work(attempts.hour(), wave_id, wanted, BITS)
        found = _standing(wave_id)
        _see_fielded(found.state)
        signature = _issuing_key(found, wanted).sign_blinded(wanted.blinded)
    except MalformedRequestError as fault:
        raise AnsweringRefusedError("malformed") from fault
    except CodeRefusedError as fault:
        # It may have been closed while this came in: whoever is too late has not guessed.
        _see_fielded(services().standings.now(wave_id).state)
        attempts.record_failure(address)
        raise AnsweringRefusedError("code_refused") from fault
    # The submission that follows must not come over the same connection.
    return Response(signature, mimetype=_BYTES, headers={"Connection": "close"})


@blueprint.post("/<wave_id>/responses")
@open_to(Audience.RESPONDENT)
def responses(wave_id: str) -> ResponseReturnValue:
    """Store a sealed response that proves its right to be there."""
    body = _body()
    found = _standing(wave_id)
    _see_fielded(found.state)
    try:
        row = found.verifier.read(body)
        with services().databases.storing() as stored:
            receive(stored, wave_id, row)
    except RowError as fault:
        raise AnsweringRefusedError(fault.fault.value) from fault
    except WaveClosedError as fault:
        # It was closed while this came in.
        raise AnsweringRefusedError("wave_closed") from fault
    except SequenceRefusedError as fault:
        raise AnsweringRefusedError("sequence_refused") from fault
    except NothingToReplaceError as fault:
        raise AnsweringRefusedError("credential_refused") from fault
    return Response(status=204)


@blueprint.get("/<wave_id>/list.json")
@open_to(Audience.RESPONDENT)
def closed_list(wave_id: str) -> ResponseReturnValue:
    """What custody signed about the closed wave."""
    with services().databases.alliance_session(reading=True) as session:
        wave = _listed(session, wave_id)
        statement = json.loads(wave.list_statement or b"{}")
        return jsonify(statement=statement, signature=to_b64(wave.list_signature or b""))


@blueprint.get("/<wave_id>/totals")
@open_to(Audience.RESPONDENT)
def totals_page(wave_id: str) -> ResponseReturnValue:
    """What became of every response, for whoever was asked."""
    with services().databases.alliance_session(reading=True) as session:
        try:
            found: Totals | None = _totals(session, wave_id)
        except AnsweringRefusedError as refusal:
            if refusal.code != "wave_not_closed":
                return render_template("answering/absent.html"), 404
            found = None
        published = found is not None and _is_published(session, wave_id)
        handed_out = were_handed_out(session, wave_id)
    return render_template(
        "answering/totals.html", wave=wave_id, totals=found, published=published, handed_out=handed_out
    )


@blueprint.get("/<wave_id>/about")
@open_to(Audience.RESPONDENT)
def about_page(wave_id: str) -> ResponseReturnValue:
    """What it is about: promises, days, notice, contacts, and what came of it."""
    with services().databases.alliance_session(reading=True) as session:
        try:
            wave = _announced(session, wave_id)
        except AnsweringRefusedError:
            return render_template("answering/absent.html"), 404
        told, published = about(wave, services().today()), _is_published(session, wave_id)
    return render_template("answering/about.html", wave=wave_id, about=told, published=published)


@blueprint.get("/<wave_id>/totals.json")
@open_to(Audience.RESPONDENT)
def totals_json(wave_id: str) -> ResponseReturnValue:
    """The same as data."""
    with services().databases.alliance_session(reading=True) as session:
        return jsonify(_totals(session, wave_id).value())


@blueprint.get("/<wave_id>/list/", defaults={"bucket": ""})
@blueprint.get("/<wave_id>/list/<bucket>")
@open_to(Audience.RESPONDENT)
def list_bucket(wave_id: str, bucket: str) -> ResponseReturnValue:
    """The row digests that begin with a prefix, all without one: a browser looks for its own among them."""
    if not re.fullmatch("[0-9a-f]{0,2}", bucket):
        raise AnsweringRefusedError("malformed")
    with services().databases.alliance_session(reading=True) as session:
        rows = _listed(session, wave_id).list_rows or b""
    return Response(_bucket(rows, bucket), mimetype=_BYTES)


def _bucket(rows: bytes, prefix: str) -> bytes:
    """Those of `rows`, digests of 32 bytes in ascending order, whose hex begins with `prefix`."""
    number = len(rows) // 32
    least, most = bytes.fromhex(prefix.ljust(64, "0")), bytes.fromhex(prefix.ljust(64, "f"))
    first = bisect_left(range(number), least, key=lambda at: rows[32 * at : 32 * at + 32])
    end = bisect_right(range(number), most, key=lambda at: rows[32 * at : 32 * at + 32])
    return rows[32 * first : 32 * end]


def _public(data: bytes) -> Response:
    """JSON that is the same for everybody and holds no secret, compressed where the browser takes that."""
    response = Response(data, mimetype="application/json")
    if request.accept_encodings.quality("gzip"):
        response.set_data(_compressed(data))
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


@lru_cache(maxsize=64)
def _compressed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _announced(session: Session, wave_id: str) -> Wave:
    """A wave whose promises are fixed, and are what its digest says."""
    try:
        wave = WaveRegistry(session).wave(wave_id)
    except NotFoundError as fault:
        raise AnsweringRefusedError("unknown_wave") from fault
    if WaveState(wave.state) not in ANNOUNCED:
        raise AnsweringRefusedError("unknown_wave")
    promised(wave)
    return wave


def _see_fielded(state: WaveState) -> None:
    if state is WaveState.READY:
        raise AnsweringRefusedError("wave_not_open")
    if state is not WaveState.FIELDING:
        raise AnsweringRefusedError("wave_closed")


def _standing(wave_id: str) -> Standing:
    """A wave whose promises are fixed, and are what its digest says, as it stands today."""
    try:
        return services().standings.of(wave_id)
    except NotFoundError as fault:
        raise AnsweringRefusedError("unknown_wave") from fault


def _listed(session: Session, wave_id: str) -> Wave:
    wave = _announced(session, wave_id)
    if wave.list_statement is None:
        raise AnsweringRefusedError("wave_not_closed")
    return wave


def _totals(session: Session, wave_id: str) -> Totals:
    wave = _listed(session, wave_id)
    try:
        release: StoredRelease | None = WaveRegistry(session).release(wave_id)
    except NotFoundError:
        release = None
    try:
        return totals(wave, release)
    except SignatureError as fault:
        # Numbers that custody did not sign are nobody's business.
        raise AnsweringRefusedError("try_again") from fault


def _is_published(session: Session, wave_id: str) -> bool:
    """Whether those who were asked are shown what came of it."""
    try:
        return WaveRegistry(session).release(wave_id).published_on is not None
    except NotFoundError:
        return False


def _body() -> bytes:
    if request.mimetype != _BYTES:
        raise AnsweringRefusedError("malformed")
    return request.get_data(cache=False)


def _see_work(hour: int, wave_id: str, wanted: Exchange, bits: int) -> None:
    """Let a request go on that was worked for, in this hour or the one that just ended."""
    key = services().invitation_key
    now, before = (challenge(key, wave_id, each) for each in (hour, hour - 1))
    if not wanted.proof or not any(
        shows_work(wanted.proof, each, wanted.worked_for, bits) for each in (now, before)
    ):
        raise AnsweringRefusedError("too_many_attempts", challenge=to_b64(now), bits=bits)


@cache
def _issuer(invitation_key: bytes, at_rest: AtRest) -> Issuer:
    """The process's own, which opens the keys of a wave once."""
    return Issuer(invitation_key, at_rest)


def _issuing_key(wave: Standing, wanted: Exchange) -> IssuingKey:
    """The key that signs what is wanted; the code, if there is one, is spent on it."""
    issuer = _issuer(services().invitation_key, services().at_rest)
    with services().databases.spending() as alliance:
        if wanted.code:
            return issuer.key_for(alliance, wave.wave, wave.verifier.issuing_keys, wanted)
        if wave.manifest.mode is WaveMode.OPEN:
            return issuer.open_key(alliance, wave.wave, wave.verifier.issuing_keys, wanted)
    raise MalformedRequestError
