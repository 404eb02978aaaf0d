from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from analysis.release import from_bytes
from questionnaires.answers import Answers, answers_from_codes, encode, padded
from questionnaires.loading import load
from survey.answering.client import Respondent
from survey.commands.alliance import Alliance, Ballot
from survey.commands.files import Reply
from survey.custody.directory import CustodyDirectory, CustodyError
from survey.custody.process import Custody
from survey.sealing import credentials, envelope, rows
from survey.sealing.domains import Domain
from survey.sealing.identity import check_signed
from survey.sealing.seal import WaveSealer
from survey.storage.models import Wave, WaveTrustee
from survey.storage.repositories import WaveRegistry
from survey.storage.responses import SealedResponse
from survey.waves.lifecycle import close
from survey.waves.manifest import from_b64
from survey.waves.states import WaveState
from tests.alliances import DAY, ROUTING, Clock, Fielded

QUESTIONNAIRE = load(ROUTING)


def stored(alliance: Alliance, wave: str) -> Wave:
    with alliance.databases.alliance_session(reading=True) as session:
        found = WaveRegistry(session).wave(wave)
        _ = found.list_rows
        return found


def places(alliance: Alliance, wave: str) -> Sequence[WaveTrustee]:
    with alliance.databases.alliance_session(reading=True) as session:
        return WaveRegistry(session).shares(wave)


def responses(alliance: Alliance) -> int:
    with alliance.databases.responses_session(reading=True) as session:
        return session.scalars(select(func.count()).select_from(SealedResponse)).one()


def send_sealed(alliance: Alliance, ballot: Ballot, code: str, plaintext: bytes, manifest: bytes) -> None:
    """Store a row that proves its right to be there, whatever is sealed in it."""
    respondent = Respondent.arrive(alliance.http, ballot.wave, ballot.pin)
    key = credentials.CredentialKey.of(credentials.new_secret(), ballot.wave)
    randomiser, signature = respondent._credential(code, key)
    size = envelope.padded_size(respondent.manifest.envelope_size)
    sealer = WaveSealer(from_b64(respondent.manifest.wave_key), manifest or respondent.manifest_digest)
    row = respondent._row(key, randomiser, signature, sealer.seal(padded(plaintext, size), key.public))
    body = rows.submission(respondent.manifest_digest, row)
    answer = alliance.http.post(
        f"/w/{ballot.wave}/responses", content=body, headers={"Content-Type": "application/octet-stream"}
    )
    assert answer.status_code == 204


def test_one_trustee_opens_nothing_and_two_make_a_release(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)

        assert alliance.approve(ballot, 1) is None
        assert stored(alliance, ballot.wave).state == WaveState.OPENING.value

        release = alliance.approve(ballot, 2)

        assert release is not None
        assert from_bytes(release).participation.counted == 12
        assert from_bytes(release).participation.invited == 15
        assert stored(alliance, ballot.wave).state == WaveState.RELEASED.value


def test_a_release_is_signed_by_the_custody_of_the_manifest(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
        content = alliance.approve(ballot, 2)
        with alliance.databases.alliance_session(reading=True) as session:
            release = WaveRegistry(session).release(ballot.wave)
        manifest = json.loads(stored(alliance, ballot.wave).manifest or b"")

    assert content == release.content
    check_signed(
        from_b64(manifest["custody"]["key"]),
        release.signature,
        Domain.RELEASE,
        sha256(release.content).digest(),
    )


def test_the_same_list_gives_the_same_release_byte_for_byte_after_a_crash(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
        crashed = wave.copied(wave.folder.with_name(wave.folder.name + "-again"))
        first = alliance.approve(ballot, 2)

    # Custody starts again: the one-time key is gone, the opening is asked for anew, other trustees approve.
    with crashed.opened() as (alliance, ballot):
        assert stored(alliance, ballot.wave).state == WaveState.CLOSED.value
        alliance.custody.step()
        ballot.trustees.reverse()
        second = alliance.approve(ballot, 2)

    assert first is not None
    assert first == second


def test_under_ten_responses_nothing_is_opened_and_destruction_follows(wave: Fielded) -> None:
    clock = Clock()
    with wave.opened(clock) as (alliance, ballot):
        with alliance.databases.responses_session() as session:
            few = select(SealedResponse).order_by(SealedResponse.credential_digest).limit(3)
            for row in session.scalars(few):
                session.delete(row)
        alliance.close(ballot)

        assert stored(alliance, ballot.wave).state == WaveState.CLOSED.value
        assert json.loads(stored(alliance, ballot.wave).list_statement or b"")["count"] == 9

        clock.day += datetime.timedelta(days=60)
        alliance.custody.step()

        assert stored(alliance, ballot.wave).state == WaveState.DESTROYED.value
        assert responses(alliance) == 0


def test_destruction_erases_envelopes_shares_and_pad_thirty_days_after_release(wave: Fielded) -> None:
    clock = Clock()
    with wave.opened(clock) as (alliance, ballot):
        alliance.close(ballot)
        release = alliance.approve(ballot, 2)
        clock.day += datetime.timedelta(days=29)
        alliance.custody.step()
        assert responses(alliance) == 12

        clock.day += datetime.timedelta(days=1)
        alliance.custody.step()

        assert stored(alliance, ballot.wave).state == WaveState.DESTROYED.value
        assert responses(alliance) == 0
        assert all(place.sealed_share is None for place in places(alliance, ballot.wave))
        assert stored(alliance, ballot.wave).issuing_key is None
        with pytest.raises(CustodyError, match="never be opened"):
            alliance.custody.directory.pad(ballot.wave)
        with alliance.databases.alliance_session(reading=True) as session:
            assert WaveRegistry(session).release(ballot.wave).content == release


def test_trustees_who_let_sixty_days_pass_lose_the_wave(wave: Fielded) -> None:
    clock = Clock()
    with wave.opened(clock) as (alliance, ballot):
        alliance.close(ballot)
        assert alliance.approve(ballot, 1) is None
        clock.day += datetime.timedelta(days=60)

        alliance.custody.step()
        alliance.custody.step()

        assert stored(alliance, ballot.wave).state == WaveState.DESTROYED.value


def test_an_opening_whose_key_died_with_the_process_is_asked_for_again(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
        alliance.approve(ballot, 1)
        first = stored(alliance, ballot.wave).one_time_key
        after_crash = Custody(alliance.databases, alliance.custody.directory, Clock())

        after_crash.step()
        assert stored(alliance, ballot.wave).state == WaveState.CLOSED.value
        assert all(place.approval is None for place in places(alliance, ballot.wave))

        after_crash.step()
        assert stored(alliance, ballot.wave).one_time_key not in (None, first)


def test_a_response_that_comes_after_closing_is_refused_and_one_smuggled_in_is_not_opened(
    wave: Fielded,
) -> None:
    with wave.opened() as (alliance, ballot):
        open_copy = wave.copied(wave.folder.with_name(wave.folder.name + "-open"))
        alliance.close(ballot)
        with open_copy.opened() as (still_open, other):
            respondent = Respondent.arrive(still_open.http, other.wave, other.pin)
            respondent.send(other.codes[14], None, Answers((None,) * len(QUESTIONNAIRE.items)))
            with still_open.databases.responses_session(reading=True) as session:
                late = [
                    SealedResponse(**{c.key: getattr(row, c.key) for c in SealedResponse.__table__.columns})
                    for row in session.scalars(select(SealedResponse))
                ]
        with alliance.databases.responses_session() as session:
            for row in late:
                session.merge(row)

        release = alliance.approve(ballot, 2)

        assert responses(alliance) == 13
        assert release is not None
        assert from_bytes(release).participation.counted == 12


def test_a_missing_row_of_the_signed_list_stops_the_opening(
    wave: Fielded, caplog: pytest.LogCaptureFixture
) -> None:
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
        with alliance.databases.responses_session() as session:
            session.delete(session.scalars(select(SealedResponse).limit(1)).one())

        assert alliance.approve(ballot, 2) is None

    assert "1 responses of the signed list are not in the database" in caplog.text


@pytest.mark.parametrize("changed", ["list_rows", "list_statement", "manifest"])
def test_a_wave_whose_signed_words_were_changed_is_not_opened(
    wave: Fielded, caplog: pytest.LogCaptureFixture, changed: str
) -> None:
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
        for trustee in ballot.trustees[:2]:
            _, approval = trustee.approved(ballot.wave)
            trustee.send_approval(ballot.wave, approval)
        with alliance.databases.alliance_session() as session:
            found = WaveRegistry(session).wave(ballot.wave)
            value = getattr(found, changed)
            if changed == "list_rows":
                setattr(found, changed, value[32:])
            else:
                setattr(found, changed, value.replace(b"12", b"11").replace(b'"invited":15', b'"invited":16'))

        alliance.custody.step()

        assert stored(alliance, ballot.wave).state == WaveState.OPENING.value
    assert ballot.wave in caplog.text


def test_rows_that_do_not_verify_are_counted_by_kind_and_left_out(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        with alliance.databases.responses_session() as session:
            first, second, third = session.scalars(select(SealedResponse).limit(3))
            first.row_signature = bytes(64)
            second.issuing_signature = bytes(256)
            third.envelope = third.envelope[:-1]

        alliance.close(ballot)
        statement = json.loads(stored(alliance, ballot.wave).list_statement or b"")

    assert statement["rejected"] == {"signature_refused": 1, "credential_refused": 1, "wrong_length": 1}
    assert statement["received"] == 12
    assert statement["count"] == 9


def test_envelopes_that_do_not_open_or_hold_something_else_are_counted_by_kind(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        blank = encode(QUESTIONNAIRE, None, Answers((None,) * len(QUESTIONNAIRE.items)))
        send_sealed(alliance, ballot, ballot.codes[12], blank, sha256(b"other promises").digest())
        send_sealed(alliance, ballot, ballot.codes[13], b"{}", b"")
        send_sealed(alliance, ballot, ballot.codes[14], blank.replace(b'"v":1', b'"v": 1'), b"")
        alliance.close(ballot)

        release = alliance.approve(ballot, 2)

    assert release is not None
    participation = from_bytes(release).participation
    assert participation.received == 15
    assert participation.counted == 12
    assert participation.rejected == {"does_not_open": 1, "malformed": 1, "not_canonical": 1}


def test_a_wave_of_which_under_ten_responses_open_is_released_without_a_single_table(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        with alliance.databases.responses_session() as session:
            for row in session.scalars(select(SealedResponse).limit(3)).all():
                session.delete(row)
        for code in ballot.codes[12:15]:
            send_sealed(alliance, ballot, code, b"{}", b"")
        alliance.close(ballot)

        release = alliance.approve(ballot, 2)

    assert release is not None
    assert from_bytes(release).participation.counted == 9
    assert from_bytes(release).tables == ()
    assert {left.reason for left in from_bytes(release).ledger.left_out} == {"base"}


def test_answers_off_the_path_are_dropped_and_the_rest_is_kept(wave: Fielded) -> None:
    codes = {"start": "no", "middle": "yes", "end": "yes"}
    answers = answers_from_codes(QUESTIONNAIRE, codes)
    with wave.opened() as (alliance, ballot):
        send_sealed(alliance, ballot, ballot.codes[12], encode(QUESTIONNAIRE, None, answers), b"")
        alliance.close(ballot)
        release = alliance.approve(ballot, 2)

    assert release is not None
    assert from_bytes(release).participation.counted == 13


def test_a_withdrawn_response_leaves_a_tombstone_that_is_counted_as_withdrawn(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        respondent = Respondent.arrive(alliance.http, ballot.wave, ballot.pin)
        secret = respondent.send(ballot.codes[13], None, Answers((None,) * len(QUESTIONNAIRE.items)))
        key = credentials.CredentialKey.of(secret, ballot.wave)
        with alliance.databases.responses_session(reading=True) as session:
            row = session.get_one(SealedResponse, (ballot.wave, sha256(key.public).digest()))
        nothing = envelope.tombstone(respondent.manifest.envelope_size)
        signed = credentials.row_message(ballot.wave, respondent.manifest_digest, 1, nothing)
        withdrawal = rows.Row(
            key.public, row.randomiser, row.issuing_signature, 1, key.sign_row(signed), nothing
        )
        body = rows.submission(respondent.manifest_digest, withdrawal)
        headers = {"Content-Type": "application/octet-stream"}
        assert (
            alliance.http.post(f"/w/{ballot.wave}/responses", content=body, headers=headers).status_code
            == 204
        )
        alliance.close(ballot)
        statement = json.loads(stored(alliance, ballot.wave).list_statement or b"")

    assert (statement["received"], statement["withdrawn"], statement["count"]) == (13, 1, 12)


def test_a_second_ceremony_for_the_same_wave_is_refused_by_the_directory(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot), pytest.raises(CustodyError, match="has a pad already"):
        alliance.custody.directory.new_pad(ballot.wave)


def test_another_custody_directory_cannot_open_the_wave(
    wave: Fielded, caplog: pytest.LogCaptureFixture
) -> None:
    with wave.opened() as (alliance, ballot):
        with alliance.databases.alliance_session() as session:
            close(WaveRegistry(session).wave(ballot.wave), DAY)
        alliance.custody.step()
        other = Custody(alliance.databases, CustodyDirectory(wave.folder / "other"), Clock())
        other.step()
        for trustee in ballot.trustees[:2]:
            with pytest.raises(Exception, match="custody"):
                trustee.approved(ballot.wave)
        other.step()

        assert stored(alliance, ballot.wave).state == WaveState.CLOSED.value
    assert "custody did not sign this manifest" in caplog.text


def test_what_waits_for_nobody_is_left_alone(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        before = stored(alliance, ballot.wave)
        alliance.custody.step()

        assert stored(alliance, ballot.wave).state == before.state == WaveState.FIELDING.value


def test_replies_need_not_fill_all_invitations(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        reply = Reply(None, Answers((None,) * len(QUESTIONNAIRE.items)))
        rest = Ballot(ballot.wave, ballot.pin, ballot.codes[12:], ballot.trustees)
        alliance.answer(rest, [reply], lambda _done, _of: None)

        assert responses(alliance) == 13
