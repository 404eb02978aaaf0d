"""Whoever holds the issuing key makes credentials; whoever runs the web lets answers in when nobody may."""

from __future__ import annotations

import datetime

import pytest

from questionnaires.answers import Answers, encode, padded
from questionnaires.loading import load
from survey.answering.client import AnsweringError, Respondent
from survey.commands.alliance import Alliance, Ballot
from survey.custody.closing import ListStatement
from survey.sealing import credentials, envelope, rows
from survey.sealing.at_rest import AtRest
from survey.sealing.issuing import IssuingKey
from survey.storage.models import Wave
from survey.storage.repositories import WaveRegistry
from survey.waves.states import WaveState
from survey.waves.waiting import Waits
from tests.alliances import DAY, ROUTING, Clock, Fielded

QUESTIONNAIRE = load(ROUTING)
NOTHING = Answers((None,) * len(QUESTIONNAIRE.items))
LAST = DAY + datetime.timedelta(days=28)


def stored(alliance: Alliance, ballot: Ballot) -> Wave:
    with alliance.databases.alliance_session(reading=True) as session:
        return WaveRegistry(session).wave(ballot.wave)


def stuffed(alliance: Alliance, ballot: Ballot, number: int) -> None:
    """Send rows under credentials that were exchanged for no invitation."""
    sealed_key = stored(alliance, ballot).issuing_key
    assert sealed_key is not None
    issuer = IssuingKey.from_bytes(AtRest(alliance.config.fernet_keys).decrypt(sealed_key))
    respondent = Respondent.arrive(alliance.http, ballot.wave, ballot.pin)
    for _ in range(number):
        answer = alliance.http.post(
            f"/w/{ballot.wave}/responses",
            content=rows.submission(respondent.manifest_digest, invented(respondent, issuer)),
            headers={"Content-Type": "application/octet-stream"},
        )
        assert answer.status_code == 204


def invented(respondent: Respondent, issuer: IssuingKey) -> rows.Row:
    """A row whose credential the holder of the issuing key gave to themselves."""
    wave = respondent.manifest.wave
    key = credentials.CredentialKey.of(credentials.new_secret(), wave)
    message = credentials.credential_message(wave, key.public)
    blinding = credentials.blind(respondent.issuing_key, message)
    blind_signature = issuer.sign_blinded(blinding.blinded)
    signature = credentials.finalise(respondent.issuing_key, message, blinding, blind_signature)
    size = envelope.padded_size(respondent.manifest.envelope_size)
    sealed = respondent.sealer.seal(padded(encode(QUESTIONNAIRE, None, NOTHING), size), key.public)
    return respondent._row(key, blinding.randomiser, signature, sealed)


def statement(alliance: Alliance, ballot: Ballot) -> ListStatement:
    return ListStatement.model_validate_json(stored(alliance, ballot).list_statement or b"")


def test_a_wave_with_more_responses_than_people_is_never_opened_and_destroyed_in_time(
    wave: Fielded, caplog: pytest.LogCaptureFixture
) -> None:
    # 12 of the 15 invited answered: among four invented ones each of them is easier to tell apart.
    clock = Clock()
    with wave.opened(clock) as (alliance, ballot):
        stuffed(alliance, ballot, 4)
        alliance.close(ballot)
        for _ in range(3):
            alliance.custody.step()

        assert stored(alliance, ballot).state == WaveState.CLOSED.value
        assert statement(alliance, ballot).proven == 16
        assert caplog.text.count("16 responses prove a right to be there, and only 15 people had one") == 1
        assert stored(alliance, ballot).waits_for == Waits.DESTRUCTION
        clock.day += datetime.timedelta(days=60)
        alliance.custody.step()
        assert stored(alliance, ballot).state == WaveState.DESTROYED.value
        assert stored(alliance, ballot).waits_for is None


def test_a_state_put_forward_opens_a_stuffed_wave_no_more_than_asking_does(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        stuffed(alliance, ballot, 4)
        alliance.close(ballot)
        with alliance.databases.alliance_session() as session:
            WaveRegistry(session).wave(ballot.wave).state = WaveState.OPENING.value
        alliance.custody.step()

        assert stored(alliance, ballot).one_time_key is None


def test_stuffing_in_place_of_those_who_did_not_answer_is_said_in_the_signed_list(wave: Fielded) -> None:
    # Fifteen were invited and twelve exchanged: fourteen responses are possible, and two of them have no
    # exchange. It is opened, and whoever approves or reads the totals can see it.
    with wave.opened() as (alliance, ballot):
        stuffed(alliance, ballot, 2)
        alliance.close(ballot)

        said = statement(alliance, ballot)
        assert (said.exchanged, said.proven) == (12, 14)
        assert stored(alliance, ballot).state == WaveState.OPENING.value


def test_withdrawn_ones_count_among_those_who_had_a_right(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
        known = statement(alliance, ballot)

    assert known.model_copy(update={"count": 9, "withdrawn": 3}).proven == 12


def test_after_closing_the_issuing_key_is_nowhere_in_the_database(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        before = stored(alliance, ballot).issuing_key
        alliance.close(ballot)
        after = stored(alliance, ballot).issuing_key
        alliance.databases.dispose()

        assert before is not None
        assert after is None
        assert before not in (wave.folder / "alliance.db").read_bytes()


@pytest.mark.parametrize(
    ("day", "code"),
    [(DAY - datetime.timedelta(days=1), "wave_not_open"), (LAST + datetime.timedelta(days=1), "wave_closed")],
)
def test_outside_the_promised_days_the_web_takes_nothing_whatever_state_stands_in_the_database(
    wave: Fielded, day: datetime.date, code: str
) -> None:
    # Opened before the day that was promised, or kept open by stopping the worker.
    with wave.opened(Clock(day)) as (alliance, ballot):
        respondent = Respondent.arrive(alliance.http, ballot.wave, ballot.pin)

        assert stored(alliance, ballot).state == WaveState.FIELDING.value
        with pytest.raises(AnsweringError) as refused:
            respondent.send(ballot.codes[13], None, NOTHING)
        assert refused.value.code == code
        assert 'data-state="fielding"' not in alliance.http.get(f"/w/{ballot.wave}").text


@pytest.mark.parametrize("day", [DAY, LAST])
def test_on_the_first_and_on_the_last_promised_day_responses_are_taken(
    wave: Fielded, day: datetime.date
) -> None:
    with wave.opened(Clock(day)) as (alliance, ballot):
        respondent = Respondent.arrive(alliance.http, ballot.wave, ballot.pin)

        assert len(respondent.send(ballot.codes[13], None, NOTHING)) == 16
