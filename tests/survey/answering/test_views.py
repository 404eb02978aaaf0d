from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from unittest.mock import ANY

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from questionnaires.answers import Answers, encode, padded
from questionnaires.loading import load
from survey.answering import views
from survey.answering.client import AnsweringError, Respondent
from survey.answering.working import BITS, worked
from survey.app import create_app
from survey.attempts import FailedAttempts
from survey.commands.alliance import Alliance, Ballot
from survey.sealing import base32, credentials, envelope, rows
from survey.storage.models import Invitation
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import SealedResponse
from survey.waves import taking
from survey.waves.manifest import from_b64
from survey.waves.states import WaveState
from tests.alliances import DAY, ROUTING, Fielded

BLANK = Answers((None,) * len(load(ROUTING).items))
BYTES = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def field(wave: Fielded) -> Iterator[tuple[Alliance, Ballot]]:
    with wave.opened() as opened:
        yield opened


@pytest.fixture
def alliance(field: tuple[Alliance, Ballot]) -> Alliance:
    return field[0]


@pytest.fixture
def ballot(field: tuple[Alliance, Ballot]) -> Ballot:
    return field[1]


@pytest.fixture
def respondent(alliance: Alliance, ballot: Ballot) -> Respondent:
    return Respondent.arrive(alliance.http, ballot.wave, ballot.pin)


def row(respondent: Respondent, code: str, sequence: int = 0) -> rows.Row:
    key = credentials.CredentialKey.of(credentials.new_secret(), respondent.manifest.wave)
    randomiser, signature = respondent._credential(code, key)
    return signed_again(respondent, key, randomiser, signature, sequence)


def signed_again(
    respondent: Respondent, key: credentials.CredentialKey, randomiser: bytes, signature: bytes, sequence: int
) -> rows.Row:
    sealed = respondent._sealed(key, None, BLANK)
    message = credentials.row_message(respondent.manifest.wave, respondent.manifest_digest, sequence, sealed)
    return rows.Row(key.public, randomiser, signature, sequence, key.sign_row(message), sealed)


def submit(http: httpx.Client, wave: str, body: bytes) -> httpx.Response:
    return http.post(f"/w/{wave}/responses", content=body, headers=BYTES)


def exchange(http: httpx.Client, wave: str, body: bytes) -> httpx.Response:
    return http.post(f"/w/{wave}/credential", content=body, headers=BYTES)


def stored(alliance: Alliance) -> int:
    with alliance.databases.responses_session(reading=True) as session:
        return session.scalars(select(func.count()).select_from(SealedResponse)).one()


def exchanged(alliance: Alliance) -> int:
    with alliance.databases.alliance_session(reading=True) as session:
        return session.scalars(select(func.count(Invitation.blinded_digest))).one()


def refused(answer: httpx.Response, status: int, code: str) -> bool:
    return (answer.status_code, answer.json()) == (status, {"error": code})


def test_the_page_and_what_it_reads_set_no_cookie_and_are_not_kept(
    alliance: Alliance, ballot: Ballot
) -> None:
    for path in ("", "/manifest.json", "/questionnaire.json"):
        answer = alliance.http.get(f"/w/{ballot.wave}{path}")

        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert "ETag" not in answer.headers
        assert "Last-Modified" not in answer.headers


def test_the_definition_served_is_the_one_the_manifest_pins(
    alliance: Alliance, respondent: Respondent
) -> None:
    wave = respondent.manifest.wave
    data = alliance.http.get(f"/w/{wave}/questionnaire.json").content

    assert sha256(data).hexdigest() == respondent.manifest.questionnaire.digest


def test_a_manifest_that_is_not_the_pinned_one_is_refused_by_the_respondent(
    alliance: Alliance, ballot: Ballot
) -> None:
    other = base32.encode(bytes(10))

    with pytest.raises(AnsweringError, match="wrong_manifest"):
        Respondent.arrive(alliance.http, ballot.wave, other)


def test_unknown_and_spent_codes_get_one_and_the_same_answer(
    alliance: Alliance, ballot: Ballot, respondent: Respondent
) -> None:
    blinded = credentials.blind(respondent.issuing_key, b"message").blinded
    unknown = exchange(alliance.http, ballot.wave, b"0" * 16 + blinded)
    spent = exchange(alliance.http, ballot.wave, ballot.codes[0].encode() + blinded)

    assert refused(unknown, 403, "code_refused")
    assert (unknown.status_code, unknown.content) == (spent.status_code, spent.content)
    assert {k: v for k, v in unknown.headers.items() if k != "date"} == {
        k: v for k, v in spent.headers.items() if k != "date"
    }


def test_a_replayed_exchange_gets_the_same_signature_and_spends_nothing_more(
    alliance: Alliance, ballot: Ballot, respondent: Respondent
) -> None:
    body = ballot.codes[12].encode() + credentials.blind(respondent.issuing_key, b"message").blinded
    first = exchange(alliance.http, ballot.wave, body)
    second = exchange(alliance.http, ballot.wave, body)

    assert first.status_code == 200
    assert len(first.content) == 256
    assert first.content == second.content
    assert first.headers["Connection"] == "close"
    assert exchanged(alliance) == 13


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"0" * 271,
        b"0" * 273,
        b"o" * 16 + bytes(255) + b"\x01",
        b"U" * 16 + bytes(255) + b"\x01",
        b"\xff" * 272,
    ],
)
def test_a_malformed_exchange_is_refused_and_spends_nothing(
    alliance: Alliance, ballot: Ballot, body: bytes
) -> None:
    assert refused(exchange(alliance.http, ballot.wave, body), 400, "malformed")
    assert exchanged(alliance) == 12


@pytest.mark.parametrize("blinded", [bytes(256), b"\xff" * 256])
def test_a_blinded_message_outside_the_modulus_is_refused_and_the_code_stays_unspent(
    alliance: Alliance, ballot: Ballot, blinded: bytes
) -> None:
    body = ballot.codes[12].encode() + blinded

    assert refused(exchange(alliance.http, ballot.wave, body), 400, "malformed")
    assert exchanged(alliance) == 12


def test_a_body_of_another_type_is_malformed(alliance: Alliance, ballot: Ballot) -> None:
    for path in ("credential", "responses"):
        answer = alliance.http.post(f"/w/{ballot.wave}/{path}", json={"code": ballot.codes[12]})

        assert refused(answer, 400, "malformed")


def guessed_from_here(alliance: Alliance, ballot: Ballot) -> None:
    """As many wrong codes as are looked at for nothing."""
    wrong = b"0" * 16 + bytes(255) + b"\x01"
    answers = [exchange(alliance.http, ballot.wave, wrong) for _ in range(30)]
    assert refused(answers[29], 403, "code_refused")


def working(answer: httpx.Response, body: bytes) -> bytes:
    """The request with the work that the answer to it asks for."""
    wanted = answer.json()
    return body + worked(from_b64(wanted["challenge"]), body, wanted["bits"])


def test_after_too_many_wrong_codes_right_and_wrong_ones_are_told_apart_by_nothing(
    alliance: Alliance, ballot: Ballot, respondent: Respondent
) -> None:
    guessed_from_here(alliance, ballot)
    blinded = credentials.blind(respondent.issuing_key, b"message").blinded
    unknown, spent, right = (
        exchange(alliance.http, ballot.wave, code.encode() + blinded)
        for code in ("0" * 16, ballot.codes[0], ballot.codes[12])
    )

    assert unknown.status_code == 429
    assert unknown.json() == {"error": "too_many_attempts", "challenge": ANY, "bits": BITS}
    assert unknown.content == spent.content == right.content
    assert exchanged(alliance) == 12


def test_a_right_code_passes_with_work_and_a_wrong_one_is_refused_as_ever(
    alliance: Alliance, ballot: Ballot, respondent: Respondent
) -> None:
    guessed_from_here(alliance, ballot)
    blinded = credentials.blind(respondent.issuing_key, b"message").blinded
    bodies = [code.encode() + blinded for code in ("0" * 16, ballot.codes[0], ballot.codes[12])]
    asked = exchange(alliance.http, ballot.wave, bodies[0])
    unknown, spent, right = (exchange(alliance.http, ballot.wave, working(asked, body)) for body in bodies)

    assert refused(unknown, 403, "code_refused")
    assert unknown.content == spent.content
    assert (right.status_code, len(right.content)) == (200, 256)
    assert exchanged(alliance) == 13


def test_the_work_for_one_guess_is_good_for_no_other(
    alliance: Alliance, ballot: Ballot, respondent: Respondent
) -> None:
    guessed_from_here(alliance, ballot)
    blinded = credentials.blind(respondent.issuing_key, b"message").blinded
    wrong, right = (code.encode() + blinded for code in ("0" * 16, ballot.codes[12]))
    proof = working(exchange(alliance.http, ballot.wave, wrong), wrong)[272:]

    assert exchange(alliance.http, ballot.wave, right + proof).status_code == 429
    assert exchange(alliance.http, ballot.wave, right + bytes(8)).status_code == 429
    assert refused(exchange(alliance.http, ballot.wave, right + proof[1:]), 400, "malformed")
    assert exchanged(alliance) == 12


def test_whoever_answers_behind_an_address_that_guessed_notices_nothing(
    alliance: Alliance, ballot: Ballot, respondent: Respondent
) -> None:
    guessed_from_here(alliance, ballot)

    respondent.send(ballot.codes[12], None, BLANK)

    assert stored(alliance) == 13


def test_a_server_that_asks_for_endless_work_is_not_obeyed(
    alliance: Alliance, ballot: Ballot, respondent: Respondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    guessed_from_here(alliance, ballot)
    monkeypatch.setattr(views, "BITS", 64)

    with pytest.raises(AnsweringError, match="too_many_attempts"):
        respondent.send(ballot.codes[12], None, BLANK)


def test_work_that_was_begun_before_the_hour_struck_counts(
    alliance: Alliance, ballot: Ballot, respondent: Respondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    guessed_from_here(alliance, ballot)
    body = ballot.codes[12].encode() + credentials.blind(respondent.issuing_key, b"message").blinded
    begun = working(exchange(alliance.http, ballot.wave, body), body)
    monkeypatch.setattr(FailedAttempts, "allowed", lambda *_: False)
    hour = FailedAttempts.hour
    monkeypatch.setattr(FailedAttempts, "hour", lambda self: hour(self) + 2)
    assert exchange(alliance.http, ballot.wave, begun).status_code == 429
    monkeypatch.setattr(FailedAttempts, "hour", lambda self: hour(self) + 1)

    assert exchange(alliance.http, ballot.wave, begun).status_code == 200


def test_a_row_is_stored_once_and_the_same_bytes_again_change_nothing(
    alliance: Alliance, ballot: Ballot, respondent: Respondent
) -> None:
    body = rows.submission(respondent.manifest_digest, row(respondent, ballot.codes[12]))

    assert [submit(alliance.http, ballot.wave, body).status_code for _ in range(2)] == [204, 204]
    assert stored(alliance) == 13


def test_a_higher_sequence_replaces_and_a_lower_or_equal_one_is_refused(
    alliance: Alliance, ballot: Ballot, respondent: Respondent
) -> None:
    key = credentials.CredentialKey.of(credentials.new_secret(), ballot.wave)
    randomiser, signature = respondent._credential(ballot.codes[12], key)
    versions = [signed_again(respondent, key, randomiser, signature, number) for number in (0, 2, 1, 2)]
    bodies = [rows.submission(respondent.manifest_digest, version) for version in versions]

    answers = [submit(alliance.http, ballot.wave, body) for body in bodies]

    assert [answer.status_code for answer in answers] == [204, 204, 409, 409]
    assert refused(answers[2], 409, "sequence_refused")
    assert stored(alliance) == 13


def later(respondent: Respondent, key: credentials.CredentialKey, sequence: int, sealed: bytes) -> bytes:
    """A later version as a receipt's holder sends it: the proof is left to the row that is there."""
    message = credentials.row_message(respondent.manifest.wave, respondent.manifest_digest, sequence, sealed)
    version = rows.Row(key.public, bytes(32), bytes(256), sequence, key.sign_row(message), sealed)
    return rows.submission(respondent.manifest_digest, version)


def test_a_receipt_alone_replaces_and_withdraws_and_the_rows_still_prove_themselves(
    alliance: Alliance, ballot: Ballot, respondent: Respondent
) -> None:
    secret = respondent.send(ballot.codes[12], None, BLANK)
    key = credentials.CredentialKey.of(secret, ballot.wave)
    sealed = respondent._sealed(key, None, BLANK)
    replaced, withdrawn = later(respondent, key, 1, sealed), later(respondent, key, 2, bytes(len(sealed)))

    answers = [submit(alliance.http, ballot.wave, body) for body in (replaced, replaced, withdrawn, replaced)]

    assert [answer.status_code for answer in answers] == [204, 204, 204, 409]
    assert refused(answers[3], 409, "sequence_refused")
    assert stored(alliance) == 13
    alliance.close(ballot)
    statement = alliance.http.get(f"/w/{ballot.wave}/list.json").json()["statement"]
    assert (statement["count"], statement["withdrawn"], statement["rejected"]) == (12, 1, {})


def test_without_a_stored_response_a_receipt_stores_nothing(
    alliance: Alliance, ballot: Ballot, respondent: Respondent
) -> None:
    key = credentials.CredentialKey.of(credentials.new_secret(), ballot.wave)
    body = later(respondent, key, 1, respondent._sealed(key, None, BLANK))

    assert refused(submit(alliance.http, ballot.wave, body), 403, "credential_refused")
    assert stored(alliance) == 12


def test_nobody_but_the_receipts_holder_replaces_a_response(
    alliance: Alliance, ballot: Ballot, respondent: Respondent
) -> None:
    key = credentials.CredentialKey.of(respondent.send(ballot.codes[12], None, BLANK), ballot.wave)
    body = later(respondent, key, 1, respondent._sealed(key, None, BLANK))
    forged = [
        body[:32] + credentials.CredentialKey.of(credentials.new_secret(), ballot.wave).public + body[64:],
        body[:355] + b"\x02" + body[356:],
        body[:-1] + bytes([body[-1] ^ 1]),
    ]

    for other in forged:
        assert refused(submit(alliance.http, ballot.wave, other), 403, "signature_refused")
    assert refused(submit(alliance.http, ballot.wave, body[:-1]), 400, "wrong_length")
    assert refused(submit(alliance.http, ballot.wave, bytes(32) + body[32:]), 409, "wrong_manifest")


def test_each_fault_of_a_row_has_its_own_word_and_nothing_is_stored(
    alliance: Alliance, ballot: Ballot, respondent: Respondent
) -> None:
    good = rows.submission(respondent.manifest_digest, row(respondent, ballot.codes[12]))
    at_signature = 32 + 32 + 32
    at_envelope = 32 + 32 + 32 + 256 + 4 + 64
    faults = [
        (good[:at_envelope], 400, "malformed"),
        (good[:-1], 400, "wrong_length"),
        (good + b"\x00", 400, "wrong_length"),
        (good[:at_envelope] + b"\x02" + good[at_envelope + 1 :], 400, "wrong_version"),
        (bytes(32) + good[32:], 409, "wrong_manifest"),
        (good[:at_signature] + bytes(256) + good[at_signature + 256 :], 403, "credential_refused"),
        (good[: at_signature + 256 + 3] + b"\x01" + good[at_signature + 256 + 4 :], 403, "signature_refused"),
        (good[:-1] + bytes([good[-1] ^ 1]), 403, "signature_refused"),
    ]

    for body, status, code in faults:
        assert refused(submit(alliance.http, ballot.wave, body), status, code), code
    assert stored(alliance) == 12


def test_an_envelope_copied_under_another_credential_is_refused(
    alliance: Alliance, ballot: Ballot, respondent: Respondent
) -> None:
    mine, theirs = row(respondent, ballot.codes[12]), row(respondent, ballot.codes[13])
    copied = rows.Row(
        mine.credential_key, mine.randomiser, mine.issuing_signature, 0, theirs.row_signature, theirs.envelope
    )

    answer = submit(alliance.http, ballot.wave, rows.submission(respondent.manifest_digest, copied))

    assert refused(answer, 403, "signature_refused")


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        (WaveState.DRAFT, 404, "unknown_wave"),
        (WaveState.CANCELLED, 404, "unknown_wave"),
        (WaveState.READY, 409, "wave_not_open"),
        (WaveState.CLOSED, 409, "wave_closed"),
        (WaveState.RELEASED, 409, "wave_closed"),
    ],
)
def test_outside_the_field_period_nothing_is_exchanged_or_stored(
    alliance: Alliance, ballot: Ballot, respondent: Respondent, state: WaveState, status: int, code: str
) -> None:
    body = rows.submission(respondent.manifest_digest, row(respondent, ballot.codes[12]))
    request = ballot.codes[13].encode() + credentials.blind(respondent.issuing_key, b"message").blinded
    with alliance.databases.alliance_session() as session:
        WaveRegistry(session).wave(ballot.wave).state = state.value

    assert refused(submit(alliance.http, ballot.wave, body), status, code)
    assert refused(exchange(alliance.http, ballot.wave, request), status, code)
    assert stored(alliance) == 12
    assert exchanged(alliance) == 13


def test_a_code_is_not_exchanged_once_its_wave_is_closed_and_that_is_no_guess(
    alliance: Alliance, ballot: Ballot, respondent: Respondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = ballot.codes[13].encode() + credentials.blind(respondent.issuing_key, b"message").blinded
    monkeypatch.setattr(taking, "MANY", 1)
    assert alliance.http.get(f"/w/{ballot.wave}/manifest.json").status_code == 200
    with alliance.databases.alliance_session() as session:
        WaveRegistry(session).wave(ballot.wave).state = WaveState.CLOSED.value

    # It is remembered for a moment that the wave takes responses: codes are not spent by that.
    for _ in range(40):
        assert refused(exchange(alliance.http, ballot.wave, request), 409, "wave_closed")
    assert exchanged(alliance) == 12


def test_an_unknown_wave_is_unknown_everywhere(alliance: Alliance) -> None:
    wave = "0" * 16

    for path in ("/manifest.json", "/questionnaire.json", "/list.json", "/list/00"):
        assert refused(alliance.http.get(f"/w/{wave}{path}"), 404, "unknown_wave")
    assert alliance.http.get(f"/w/{wave}").status_code == 404


def test_the_list_comes_after_closing_in_buckets_that_together_are_the_list(
    alliance: Alliance, ballot: Ballot
) -> None:
    assert refused(alliance.http.get(f"/w/{ballot.wave}/list.json"), 409, "wave_not_closed")
    alliance.close(ballot)

    statement = alliance.http.get(f"/w/{ballot.wave}/list.json").json()["statement"]
    buckets = [alliance.http.get(f"/w/{ballot.wave}/list/{prefix:02x}").content for prefix in range(256)]
    digests = b"".join(buckets)
    wider = b"".join(alliance.http.get(f"/w/{ballot.wave}/list/{prefix:x}").content for prefix in range(16))

    assert digests == wider == alliance.http.get(f"/w/{ballot.wave}/list/").content
    assert len(digests) == 12 * 32
    found = [digests[at : at + 32] for at in range(0, len(digests), 32)]
    assert rows.list_digest(ballot.wave, found).hex() == statement["digest"]
    assert refused(alliance.http.get(f"/w/{ballot.wave}/list/xyz"), 400, "malformed")


def test_a_database_that_does_not_answer_stores_nothing_and_asks_to_try_again(
    alliance: Alliance, ballot: Ballot, respondent: Respondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = rows.submission(respondent.manifest_digest, row(respondent, ballot.codes[12]))

    def gone(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("gone"))

    monkeypatch.setattr(views, "receive", gone)

    assert refused(submit(alliance.http, ballot.wave, body), 503, "try_again")
    assert stored(alliance) == 12


def test_a_wave_whose_manifest_was_changed_serves_what_it_promised_or_nobody(
    alliance: Alliance, ballot: Ballot
) -> None:
    promised = alliance.http.get(f"/w/{ballot.wave}/manifest.json").content
    with alliance.databases.alliance_session() as session:
        wave = WaveRegistry(session).wave(ballot.wave)
        wave.manifest = (wave.manifest or b"").replace(b'"invited":15', b'"invited":16')

    assert alliance.http.get(f"/w/{ballot.wave}/manifest.json").content == promised
    web = create_app(alliance.config).test_client()
    answer = web.get(f"/w/{ballot.wave}/manifest.json")
    assert (answer.status_code, answer.json) == (503, {"error": "try_again"})


def test_all_responses_of_a_wave_have_one_length(alliance: Alliance, ballot: Ballot) -> None:
    with alliance.databases.responses_session(reading=True) as session:
        lengths = set(session.scalars(select(func.length(SealedResponse.envelope))))

    assert len(lengths) == 1


def test_a_plaintext_that_fills_the_envelope_still_fits(respondent: Respondent) -> None:
    size = envelope.padded_size(respondent.manifest.envelope_size)
    plaintext = encode(respondent.questionnaire, None, BLANK)

    assert len(padded(plaintext, size)) == size


def test_the_field_period_of_the_manifest_begins_today(respondent: Respondent) -> None:
    assert respondent.manifest.field_period.first_day == DAY.isoformat()
