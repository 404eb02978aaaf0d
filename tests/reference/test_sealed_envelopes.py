"""The same plaintext sealed by the browser's code and by Python: each opens what the other sealed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from questionnaires.answers import unpadded
from survey.sealing import xwing
from survey.sealing.open import DoesNotOpenError, WaveOpener
from survey.waves.manifest import from_b64

# frontend/tests/sealed.test.ts opens both there.
VECTORS = json.loads(Path("tests/vectors/sealed.json").read_text("utf-8"))
SEALED_BY = VECTORS["sealed_by"]


def opener(manifest_digest: bytes) -> WaveOpener:
    return WaveOpener(from_b64(VECTORS["seed"]), manifest_digest)


@pytest.mark.parametrize("by", SEALED_BY)
def test_an_envelope_opens_whoever_sealed_it(by: str) -> None:
    envelope = from_b64(SEALED_BY[by])
    plaintext = opener(from_b64(VECTORS["manifest_digest"])).open(
        envelope, from_b64(VECTORS["credential_key"])
    )

    assert len(envelope) == VECTORS["envelope_size"]
    assert unpadded(plaintext) == VECTORS["plaintext"].encode()


@pytest.mark.parametrize("by", SEALED_BY)
def test_under_other_promises_or_another_credential_it_does_not(by: str) -> None:
    envelope, digest = from_b64(SEALED_BY[by]), from_b64(VECTORS["manifest_digest"])

    with pytest.raises(DoesNotOpenError):
        opener(bytes(32)).open(envelope, from_b64(VECTORS["credential_key"]))
    with pytest.raises(DoesNotOpenError):
        opener(digest).open(envelope, bytes(32))


def test_the_seed_makes_the_key_it_was_sealed_to() -> None:
    assert xwing.public_bytes(from_b64(VECTORS["seed"])) == from_b64(VECTORS["wave_key"])
    assert SEALED_BY["browser"] != SEALED_BY["python"]
