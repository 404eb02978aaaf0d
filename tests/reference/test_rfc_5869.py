"""HKDF against RFC 5869, Appendix A; a credential key is what it makes of a secret."""

from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from survey.sealing.credentials import CredentialKey
from tests.reference.published import octets, vectors


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    keyed = HMAC(key, hashes.SHA256())
    keyed.update(message)
    return keyed.finalize()


@pytest.mark.parametrize("case", vectors("rfc_5869")["vectors"], ids=["A.1", "A.2", "A.3"])
def test_the_library_derives_what_is_published(case: Mapping[str, Any]) -> None:
    salt, info, material = (octets(case[name]) for name in ("salt", "info", "ikm"))

    assert HKDF(hashes.SHA256(), case["length"], salt, info).derive(material).hex() == case["okm"]
    assert hmac_sha256(salt or bytes(32), material).hex() == case["prk"]


def test_a_credential_key_is_the_hkdf_of_its_secret_with_an_empty_salt() -> None:
    secret, wave = bytes(range(16)), "0123456789abcdef"
    extracted = hmac_sha256(bytes(32), secret)

    seed = hmac_sha256(extracted, b"tillid credential key v1\x00" + wave.encode() + b"\x01")

    expected = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    assert CredentialKey.of(secret, wave).public == expected
