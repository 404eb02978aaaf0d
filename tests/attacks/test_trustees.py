"""A server that lies to a trustee: another custody, other promises, another list, another one-time key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from survey.commands.alliance import Alliance, Ballot
from survey.sealing import shares, xwing
from survey.sealing.domains import Domain
from survey.sealing.identity import Identity
from survey.trustees.client import TrusteeClient, TrusteeError
from survey.trustees.keyfile import ConfirmedWave
from survey.waves.manifest import from_b64, to_b64
from tests.alliances import Fielded

Lie = Callable[[dict[str, object]], None]


@pytest.fixture
def closed(wave: Fielded) -> Iterator[tuple[Alliance, Ballot]]:
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
        yield alliance, ballot


@pytest.fixture
def ballot(closed: tuple[Alliance, Ballot]) -> Ballot:
    return closed[1]


def lied_to(trustee: TrusteeClient, lie: Lie) -> TrusteeClient:
    """The trustee behind a server that changes what it was told to say."""
    honest = trustee.http

    def answer(request: httpx.Request) -> httpx.Response:
        given = honest.request(
            request.method, request.url.path, content=request.content, headers=dict(request.headers)
        )
        if request.method != "GET":
            return httpx.Response(given.status_code)
        data = given.json()
        lie(data)
        return httpx.Response(200, json=data)

    http = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://lying.example")
    return replace(trustee, http=http)


def another_custody(data: dict[str, object]) -> None:
    identity = Identity(bytes(32))
    data["custody_key"] = to_b64(identity.public_key)
    digest = sha256(from_b64(str(data["manifest"]))).digest()
    data["manifest_signature"] = to_b64(identity.sign(Domain.MANIFEST, digest))


def other_promises(data: dict[str, object]) -> None:
    data["manifest"] = to_b64(from_b64(str(data["manifest"])).replace(b'"invited":15', b'"invited":5'))


def another_number(data: dict[str, object]) -> None:
    data["number"] = 2


def another_share(data: dict[str, object]) -> None:
    data["sealed_share"] = to_b64(bytes(1200))


def opening(data: dict[str, object]) -> dict[str, object]:
    found = data["opening"]
    assert isinstance(found, dict)
    return found


def own_one_time_key(data: dict[str, object]) -> None:
    opening(data)["one_time_key"] = to_b64(xwing.public_bytes(bytes(32)))


def another_list(data: dict[str, object]) -> None:
    request = opening(data)
    assert isinstance(request["list"], dict)
    request["list"] = {**request["list"], "digest": "0" * 64}


def smaller_count(data: dict[str, object]) -> None:
    request = opening(data)
    assert isinstance(request["list"], dict)
    request["list"] = {**request["list"], "count": 1}


def another_waves_answer(data: dict[str, object]) -> None:
    data["wave"] = "0" * 16


@pytest.mark.parametrize(
    "lie",
    [
        another_custody,
        other_promises,
        another_number,
        another_share,
        own_one_time_key,
        another_list,
        smaller_count,
        another_waves_answer,
    ],
)
def test_a_trustee_approves_nothing_of_a_lying_server(ballot: Ballot, lie: Lie) -> None:
    trustee = lied_to(ballot.trustees[0], lie)

    with pytest.raises((TrusteeError, shares.ShareError)):
        trustee.approved(ballot.wave)


def test_a_trustee_confirms_no_promises_but_those_they_know(ballot: Ballot) -> None:
    known = ballot.trustees[0]
    other = known.file.with_wave(ballot.wave, ConfirmedWave(manifest="0" * 64))

    with pytest.raises(TrusteeError, match="not those you confirmed"):
        replace(known, file=other).confirm(ballot.wave)
    with pytest.raises(TrusteeError, match="have not confirmed"):
        replace(known, file=other).approved(ballot.wave)


def test_a_trustee_never_approves_a_second_list(ballot: Ballot) -> None:
    trustee = ballot.trustees[0]
    manifest = trustee.file.waves[ballot.wave].manifest
    remembers = trustee.file.with_wave(ballot.wave, ConfirmedWave(manifest=manifest, list="0" * 64))

    with pytest.raises(TrusteeError, match="another list before"):
        replace(trustee, file=remembers).approved(ballot.wave)


def test_an_approval_for_one_one_time_key_is_worth_nothing_to_another(
    closed: tuple[Alliance, Ballot],
) -> None:
    alliance, ballot = closed
    _, approval = ballot.trustees[0].approved(ballot.wave)
    request = opening(
        json.loads(
            alliance.http.get(
                f"/trustees/waves/{ballot.wave}",
                headers={"Authorization": f"Bearer {ballot.trustees[0].file.token}"},
            ).text
        )
    )
    manifest = bytes.fromhex(ballot.trustees[0].file.waves[ballot.wave].manifest)
    key = xwing.public_bytes(bytes(32))
    elsewhere = shares.Opening(ballot.wave, manifest, bytes.fromhex(str(approval["list"])), key)

    assert request["one_time_key"] != to_b64(key)
    with pytest.raises(shares.ShareError):
        shares.approved_share(from_b64(str(approval["approval"])), bytes(32), elsewhere)


def test_a_server_that_refuses_or_is_away_is_said_with_its_reason(ballot: Ballot, tmp_path: Path) -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    http = httpx.Client(transport=httpx.MockTransport(away), base_url="http://away.example")
    with pytest.raises(TrusteeError, match="try again when the server is up"):
        replace(ballot.trustees[0], http=http).waves()
    with pytest.raises(TrusteeError, match="404 unknown_wave"):
        ballot.trustees[0].promise("0" * 16)


def test_before_closing_there_is_nothing_to_approve(wave: Fielded) -> None:
    with wave.opened() as (_, ballot), pytest.raises(TrusteeError, match="has not asked"):
        ballot.trustees[0].approved(ballot.wave)
