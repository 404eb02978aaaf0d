"""Clients that send slowly, strangely or wrongly: nobody else waits, nothing breaks, nothing is stored."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from typing_extensions import Buffer

from questionnaires.answers import Answers
from questionnaires.loading import load
from survey.answering.client import Respondent
from survey.answering.exchanging import Exchange
from survey.app import create_app
from survey.commands.alliance import Alliance, Ballot
from survey.sealing import shares
from survey.storage.databases import open_databases
from survey.storage.repositories import WaveRegistry
from survey.waves.manifest import from_b64
from tests.alliances import ROUTING, Fielded

BLANK = Answers((None,) * len(load(ROUTING).items))


@pytest.fixture
def opened(wave: Fielded) -> Iterator[tuple[Alliance, Ballot]]:
    with wave.opened() as (alliance, ballot):
        yield alliance, ballot


class Slow(io.BytesIO):
    """A body of which each byte is long in coming; meanwhile somebody else wants to write."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__(b"{" * 1000)
        self.meanwhile = meanwhile
        self.reads = 0

    def readinto(self, buffer: Buffer, /) -> int:
        self.reads += 1
        self.meanwhile()
        return super().readinto(buffer)


def paths(wave: str) -> list[str]:
    shares_of_a_wave = f"/trustees/waves/{wave}"
    return [
        f"/w/{wave}/credential",
        f"/w/{wave}/responses",
        "/trustees/enrolment",
        f"{shares_of_a_wave}/confirmation",
        f"{shares_of_a_wave}/approval",
    ]


@pytest.mark.parametrize("place", range(5))
def test_a_client_that_sends_slowly_keeps_nobody_else_from_writing(
    opened: tuple[Alliance, Ballot], monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    alliance, ballot = opened
    monkeypatch.setattr("survey.storage.databases.BUSY_TIMEOUT_MS", 50)
    others = open_databases(alliance.config.database_url, alliance.config.responses_url)

    def write() -> None:
        with others.alliance_session(), others.responses_session():
            pass

    body = Slow(write)
    path = paths(ballot.wave)[place]
    kind = "application/octet-stream" if path.startswith("/w/") else "application/json"
    answer = (
        web(alliance)
        .test_client()
        .post(
            path,
            input_stream=body,
            content_type=kind,
            headers={"Authorization": f"Bearer {ballot.trustees[0].file.token}"},
        )
    )
    others.dispose()

    assert body.reads > 0
    assert 400 <= answer.status_code < 500


def web(alliance: Alliance) -> Flask:
    return create_app(alliance.config)


def ask(alliance: Alliance, ballot: Ballot, path: str, body: bytes) -> tuple[int, str]:
    headers = {
        "Authorization": f"Bearer {ballot.trustees[0].file.token}",
        "Content-Type": "application/json",
    }
    answer = alliance.http.post(path, content=body, headers=headers)
    return answer.status_code, answer.json()["error"]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 16_000,
        b'{"public_key":' + b"[" * 15_000,
        b'{"public_key":' + b"9" * 15_000 + b"}",
        b'{"public_key":"\\ud800"}',
        b'{"public_key":"\\u0000"}',
        b'\xff\xfe{"public_key"',
        b'{"public_key":NaN}',
    ],
)
def test_json_that_is_made_to_break_a_reader_is_malformed(
    opened: tuple[Alliance, Ballot], body: bytes
) -> None:
    assert ask(*opened, "/trustees/enrolment", body) == (400, "malformed")


@pytest.mark.parametrize("named", ["0" * 64, "", "\\ud800", "\\u0000", "x" * 9000])
def test_a_token_without_its_key_cannot_fill_a_trustees_place_with_another_list(
    opened: tuple[Alliance, Ballot], named: str
) -> None:
    alliance, ballot = opened
    alliance.close(ballot)
    path = f"/trustees/waves/{ballot.wave}/approval"

    assert ask(alliance, ballot, path, f'{{"list":"{named}","approval":"AAAA"}}'.encode()) == (
        409,
        "wrong_list",
    )
    assert alliance.approve(ballot, 2) is not None


def test_what_cannot_be_an_approval_is_malformed(opened: tuple[Alliance, Ballot]) -> None:
    alliance, ballot = opened
    alliance.close(ballot)
    _, approval = ballot.trustees[0].approved(ballot.wave)
    path = f"/trustees/waves/{ballot.wave}/approval"

    body = f'{{"list":"{approval["list"]}","approval":"AAAA"}}'.encode()
    assert ask(alliance, ballot, path, body) == (400, "malformed")
    assert len(from_b64(str(approval["approval"]))) == shares.APPROVAL_SIZE


def test_one_trustee_who_gives_a_wrong_share_does_not_stop_a_quorum_of_others(
    opened: tuple[Alliance, Ballot], monkeypatch: pytest.MonkeyPatch
) -> None:
    alliance, ballot = opened
    alliance.close(ballot)
    with monkeypatch.context() as lying:
        lying.setattr("survey.trustees.client.shares.unwrap_share", lambda *_: b"\x01" + bytes(32))
        _, approval = ballot.trustees[0].approved(ballot.wave)
    ballot.trustees[0].send_approval(ballot.wave, approval)

    honest = replace(ballot, trustees=ballot.trustees[1:])
    assert alliance.approve(honest, 2) is not None


def test_an_address_in_front_of_which_nobody_stands_believes_no_forwarded_header(
    opened: tuple[Alliance, Ballot],
) -> None:
    alliance, ballot = opened
    forwarded = {
        "X-Forwarded-Proto": "javascript",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
    }
    answer = web(alliance).test_client().get(f"//w//{ballot.wave}", headers=forwarded)

    assert "javascript" not in answer.headers.get("Location", "")
    assert "evil" not in answer.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_no_method_gets_a_cookie_or_something_to_keep_from_an_answering_address(
    opened: tuple[Alliance, Ballot], method: str
) -> None:
    alliance, ballot = opened
    client = web(alliance).test_client()
    client.set_cookie("tillid", "eyJ1c2VyIjoxfQ.x.y", path="/")
    for path in (f"/w/{ballot.wave}", *paths(ballot.wave)[:2], "/w/%00", "/w/..%2fo/", "/w/x/list/zz"):
        answer = client.open(path, method=method, headers={"X-HTTP-Method-Override": "POST"})

        assert "Set-Cookie" not in answer.headers, path
        assert "Cookie" not in answer.headers.get("Vary", ""), path
        assert answer.headers["Cache-Control"] == "no-store", path
        assert answer.headers["Referrer-Policy"] == "no-referrer", path
        assert answer.status_code < 500, path


def test_a_code_and_what_was_blinded_stand_in_no_traceback(opened: tuple[Alliance, Ballot]) -> None:
    _, ballot = opened
    wanted = Exchange(ballot.codes[0], b"\x07" * 256)

    assert ballot.codes[0] not in repr(wanted)
    assert "x07" not in repr(wanted)


def test_after_destruction_nothing_is_exchanged_and_nothing_is_stored(
    opened: tuple[Alliance, Ballot],
) -> None:
    alliance, ballot = opened
    respondent = Respondent.arrive(alliance.http, ballot.wave, ballot.pin)
    recorded: list[tuple[str, bytes]] = []
    alliance.http.event_hooks = {"request": [lambda sent: recorded.append((sent.url.path, sent.read()))]}
    respondent.send(ballot.codes[14], None, BLANK)
    alliance.http.event_hooks = {"request": []}
    alliance.close(ballot)
    with alliance.databases.alliance_session() as session:
        WaveRegistry(session).wave(ballot.wave).state = "destroyed"

    for path, body in recorded:
        answer = alliance.http.post(path, content=body, headers={"Content-Type": "application/octet-stream"})
        assert (answer.status_code, answer.json()) == (409, {"error": "wave_closed"})
    assert [path.rsplit("/", 1)[1] for path, _ in recorded] == ["credential", "responses"]
