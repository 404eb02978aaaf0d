"""Ed25519 against RFC 8032 §7.1: custody's identity, and the keys that sign rows."""

from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from survey.sealing.credentials import CredentialKey, row_signature_holds
from survey.sealing.identity import Identity
from tests.reference.published import octets, vectors

CASES = vectors("rfc_8032")["vectors"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_published_seed_signs_as_published(case: Mapping[str, str]) -> None:
    seed, message = octets(case["secret_key"]), octets(case["message"])
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key = CredentialKey(private, private.public_key().public_bytes_raw())

    assert Identity(seed).public_key.hex() == key.public.hex() == case["public_key"]
    assert key.sign_row(message).hex() == case["signature"]
    assert row_signature_holds(key.public, octets(case["signature"]), message)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_signature_with_the_group_order_added_is_refused(case: Mapping[str, str]) -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    signature = octets(case["signature"])
    larger = int.from_bytes(signature[32:], "little") + order

    malleable = signature[:32] + larger.to_bytes(32, "little")

    assert not row_signature_holds(octets(case["public_key"]), malleable, octets(case["message"]))
