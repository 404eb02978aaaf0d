"""What a server may say to a trustee, honest and not; frontend/tests/trustees.test.ts is its twin."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from survey.sealing import shares
from survey.trustees.client import TrusteeClient, TrusteeError
from survey.trustees.keyfile import KeyFile
from survey.waves.manifest import ManifestError, from_b64
from tests.vectors.lying_servers import FILE, told

VECTORS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
WAVE = VECTORS["answer"]["wave"]
SAID = {
    "other_custody": (TrusteeError, "not the custody you enrolled with"),
    "not_signed": (TrusteeError, "custody did not sign"),
    "other_wave": (TrusteeError, "another wave"),
    "not_confirmed": (TrusteeError, "have not confirmed"),
    "not_among_trustees": (TrusteeError, "not among its trustees"),
    "share_does_not_open": (shares.ShareError, "not sealed to this key"),
    "not_asked": (TrusteeError, "has not asked"),
    "other_list": (TrusteeError, "of another wave"),
    "second_list": (TrusteeError, "another list before"),
    "unreadable": (ManifestError, "quorum"),
}


def trustee(answer: object, knows: object = None) -> TrusteeClient:
    """The vectors' trustee, whose file knows these waves, before a server that always says `answer`."""
    http = httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, json=answer)),
        base_url="https://culture.example.org",
    )
    value = {**VECTORS["key_file"], **({} if knows is None else {"waves": knows})}
    return TrusteeClient(http, KeyFile.model_validate_json(json.dumps(value)), bytes.fromhex(VECTORS["seed"]))


def test_the_key_file_opens_with_its_words() -> None:
    file = KeyFile.model_validate_json(json.dumps(VECTORS["key_file"]))

    assert file.seed(VECTORS["passphrase"]).hex() == VECTORS["seed"]


def test_an_honest_request_is_approved_for_its_one_time_key_alone() -> None:
    file, sent = trustee(VECTORS["answer"]).approved(WAVE)
    request = VECTORS["answer"]["opening"]
    opening = shares.Opening(
        WAVE,
        bytes.fromhex(file.waves[WAVE].manifest),
        bytes.fromhex(request["list"]["digest"]),
        from_b64(request["one_time_key"]),
    )

    assert file.waves[WAVE].list == sent["list"] == request["list"]["digest"]
    given = shares.approved_share(
        from_b64(str(sent["approval"])), bytes.fromhex(VECTORS["one_time_seed"]), opening
    )
    assert given.hex() == VECTORS["share"]


@pytest.mark.parametrize("vector", VECTORS["lies"], ids=lambda vector: vector["name"])
def test_a_lie_is_refused_for_what_it_is(vector: dict[str, Any]) -> None:
    kind, words = SAID[vector["refused"]]

    with pytest.raises(kind, match=words):
        trustee(told(VECTORS, vector), vector.get("knows")).approved(WAVE)


def test_every_reason_has_a_lie() -> None:
    assert {vector["refused"] for vector in VECTORS["lies"]} == set(SAID)
