"""An open wave: whoever has the link can answer at the price of work, and no proof serves twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from survey.answering import views
from survey.answering.client import AnsweringError, Respondent
from survey.answering.working import OPEN_BITS, challenge, worked
from survey.commands.alliance import Alliance, Ballot, open_alliance
from survey.sealing import credentials
from survey.storage.models import Invitation
from survey.storage.responses import SealedResponse
from survey.waves.manifest import Channel, Unit, WaveMode, from_b64
from survey.waves.plan import PlanError, WavePlan
from tests.alliances import PORT, Clock, plan, routing, routing_replies

BYTES = {"Content-Type": "application/octet-stream"}
FEW = 2
"""Bits of work in a test that is not about them."""
ENOUGH = 40


def open_plan() -> WavePlan:
    return plan(0).model_copy(update={"mode": WaveMode.OPEN, "expected": 60})


@contextmanager
def fielded(folder: Path) -> Iterator[tuple[Alliance, Ballot]]:
    with open_alliance(folder, PORT, Clock()) as alliance:
        organisation = alliance.organisation("Union", "labour_market")
        yield (
            alliance,
            alliance.field(organisation, routing(), open_plan(), alliance.trustees(organisation)),
        )


@pytest.fixture
def wave(tmp_path: Path) -> Iterator[tuple[Alliance, Ballot]]:
    """An open wave that takes answers."""
    with fielded(tmp_path) as found:
        yield found


@pytest.fixture
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hardly any work, where many answer."""
    monkeypatch.setattr(views, "OPEN_BITS", FEW)


def arrive(alliance: Alliance, ballot: Ballot) -> Respondent:
    return Respondent.arrive(alliance.http, ballot.wave, ballot.pin, Channel.OPEN)


def blinded(respondent: Respondent) -> bytes:
    """A blinded message as a browser makes it, under the wave's own key."""
    key = credentials.CredentialKey.of(credentials.new_secret(), respondent.manifest.wave)
    message = credentials.credential_message(respondent.manifest.wave, key.public)
    return credentials.blind(respondent.issuing_key, message).blinded


def asked(alliance: Alliance, wave: str, body: bytes) -> tuple[int, bytes]:
    answer = alliance.http.post(f"/w/{wave}/credential", content=body, headers=BYTES)
    return answer.status_code, answer.content


def work(alliance: Alliance, wave: str, request: bytes) -> bytes:
    """The proof that the server wants of a request."""
    status, said = asked(alliance, wave, request)
    assert status == 429
    wanted = json.loads(said)
    return worked(from_b64(wanted["challenge"]), request, wanted["bits"])


def test_answers_to_an_open_wave_are_taken_released_as_a_whole_and_say_what_they_are(
    wave: tuple[Alliance, Ballot], easy: None
) -> None:
    alliance, ballot = wave
    respondent = arrive(alliance, ballot)
    for reply in routing_replies(ENOUGH):
        respondent.send("", None, reply.answers)

    alliance.close(ballot)
    release = json.loads(alliance.approve(ballot, 2) or b"")
    totals = alliance.http.get(f"/w/{ballot.wave}/totals.json").json()

    assert release["wave"]["mode"] == "open"
    assert release["participation"]["counted"] == ENOUGH
    assert {table["by"] for table in release["tables"]} == {None}
    assert any(table["rows"] for table in release["tables"])
    assert (totals["mode"], totals["invited"], totals["made_up"]) == ("open", 0, None)
    assert "alle kunne svare" in alliance.http.get(f"/w/{ballot.wave}/totals").text


def test_under_forty_responses_nothing_of_an_open_wave_is_shown(
    wave: tuple[Alliance, Ballot], easy: None
) -> None:
    alliance, ballot = wave
    respondent = arrive(alliance, ballot)
    for reply in routing_replies(ENOUGH - 1):
        respondent.send("", None, reply.answers)

    alliance.close(ballot)
    release = json.loads(alliance.approve(ballot, 2) or b"")

    assert [table for table in release["tables"] if table["rows"]] == []


def test_without_work_nobody_gets_a_right_and_nothing_is_looked_up(wave: tuple[Alliance, Ballot]) -> None:
    alliance, ballot = wave
    request = blinded(arrive(alliance, ballot))

    for body in (request, request + bytes(8)):
        status, said = asked(alliance, ballot.wave, body)
        assert (status, json.loads(said)["bits"]) == (429, OPEN_BITS)
    # The same for a wave that is not there: whoever has not worked is told nothing.
    assert asked(alliance, "0" * 16, request)[0] == 429


def test_work_for_one_request_is_none_for_another(wave: tuple[Alliance, Ballot]) -> None:
    alliance, ballot = wave
    respondent = arrive(alliance, ballot)
    first, second = blinded(respondent), blinded(respondent)
    proof = work(alliance, ballot.wave, first)

    assert asked(alliance, ballot.wave, first + proof)[0] == 200
    assert asked(alliance, ballot.wave, second + proof)[0] == 429


def test_a_request_that_comes_again_gets_the_same_signature_and_no_second_right(
    wave: tuple[Alliance, Ballot],
) -> None:
    alliance, ballot = wave
    request = blinded(arrive(alliance, ballot))
    body = request + work(alliance, ballot.wave, request)

    assert asked(alliance, ballot.wave, body) == asked(alliance, ballot.wave, body)


def test_too_little_work_is_refused(wave: tuple[Alliance, Ballot]) -> None:
    alliance, ballot = wave
    request = blinded(arrive(alliance, ballot))
    wanted = json.loads(asked(alliance, ballot.wave, request)[1])
    seed = from_b64(wanted["challenge"])
    too_little = next(
        proof
        for bits in range(OPEN_BITS)
        if (proof := worked(seed, request, bits)) != worked(seed, request, OPEN_BITS)
    )

    assert asked(alliance, ballot.wave, request + too_little)[0] == 429


def test_work_from_two_hours_ago_has_expired(
    wave: tuple[Alliance, Ballot], monkeypatch: pytest.MonkeyPatch
) -> None:
    alliance, ballot = wave
    request = blinded(arrive(alliance, ballot))
    body = request + work(alliance, ballot.wave, request)
    seen = challenge

    def later(hours: int) -> None:
        monkeypatch.setattr(views, "challenge", lambda key, name, hour: seen(key, name, hour + hours))

    later(1)
    assert asked(alliance, ballot.wave, body)[0] == 200
    later(2)
    assert asked(alliance, ballot.wave, body)[0] == 429


def test_work_for_one_wave_is_none_for_another(wave: tuple[Alliance, Ballot]) -> None:
    alliance, ballot = wave
    organisation = alliance.organisation("Another", "labour_market")
    other = alliance.field(organisation, routing(), open_plan(), alliance.trustees(organisation))
    request = blinded(arrive(alliance, ballot))
    body = request + work(alliance, ballot.wave, request)

    assert asked(alliance, other.wave, body)[0] == 429
    assert challenge(b"k", ballot.wave, 1) != challenge(b"k", other.wave, 1)


def test_nobody_comes_without_a_code_to_a_wave_that_invites(
    wave: tuple[Alliance, Ballot], easy: None
) -> None:
    alliance, _ = wave
    organisation = alliance.organisation("Another", "labour_market")
    invited = alliance.field(organisation, routing(), plan(12), alliance.trustees(organisation))
    respondent = Respondent.arrive(alliance.http, invited.wave, invited.pin)

    with pytest.raises(AnsweringError, match="malformed"):
        respondent.send("", None, routing_replies(1)[0].answers)
    assert respondent.send(invited.codes[0], None, routing_replies(1)[0].answers)


def test_a_closed_wave_gives_no_right_to_anybody(wave: tuple[Alliance, Ballot], easy: None) -> None:
    alliance, ballot = wave
    respondent = arrive(alliance, ballot)
    alliance.close(ballot)

    with pytest.raises(AnsweringError, match="wave_closed"):
        respondent.send("", None, routing_replies(1)[0].answers)


def test_nothing_that_is_kept_tells_who_worked_for_what(wave: tuple[Alliance, Ballot], easy: None) -> None:
    alliance, ballot = wave
    arrive(alliance, ballot).send("", None, routing_replies(1)[0].answers)

    with alliance.databases.alliance_session(reading=True) as session:
        assert session.scalar(select(func.count()).select_from(Invitation)) == 0
    with alliance.databases.responses_session(reading=True) as session:
        assert session.scalar(select(func.count()).select_from(SealedResponse)) == 1


@pytest.mark.parametrize(
    "divided",
    [
        {"invited": 12},
        {"units": (Unit(id="a", name="A", parent=None, headcount=12),)},
        {"breakdowns": ("unit",)},
        {"alliance_sharing": "steward_decides"},
    ],
    ids=lambda value: next(iter(value)),
)
def test_an_open_wave_cannot_be_planned_with_what_tells_a_part_of_it(
    wave: tuple[Alliance, Ballot], divided: dict[str, object]
) -> None:
    alliance, ballot = wave
    with pytest.raises(PlanError, match="an open wave invites nobody"):
        alliance.draft("0" * 16, routing(), open_plan().model_copy(update=divided), ballot.trustees)
