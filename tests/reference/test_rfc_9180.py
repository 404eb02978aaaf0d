"""
HPKE against RFC 9180, draft-ietf-hpke-pq, and a key schedule written from the RFC.

The library's public interface seals without additional data, as Tillid does. The published vectors have
some, so they are opened through the function that the library keeps for its own tests; and the suite that
Tillid uses is opened from ciphertexts made here, from published shared secrets.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from survey.sealing import xwing
from tests.reference.published import octets, vectors

AEADS = {1: AEAD.AES_128_GCM, 2: AEAD.AES_256_GCM, 3: AEAD.CHACHA20_POLY1305}
KEY_SIZES = {1: 16, 2: 32, 3: 32}
RFC_9180 = vectors("rfc_9180")["vectors"]
HPKE_PQ = vectors("hpke_pq")
X_WING = vectors("x_wing")
X_WING_ID, HKDF_SHA256_ID, AES_256_GCM_ID = 0x647A, 1, 2


def key_schedule(shared_secret: bytes, info: bytes, *, kem: int, kdf: int, aead: int) -> tuple[bytes, bytes]:
    """Key and base nonce of base mode (RFC 9180 §5.1), with HKDF-SHA256."""
    suite = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (kem, kdf, aead))

    def extract(salt: bytes, label: bytes, material: bytes) -> bytes:
        keyed = hmac.HMAC(salt or bytes(32), hashes.SHA256())
        keyed.update(b"HPKE-v1" + suite + label + material)
        return keyed.finalize()

    def expand(secret: bytes, label: bytes, context: bytes, length: int) -> bytes:
        labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context
        return HKDFExpand(hashes.SHA256(), length, labelled).derive(secret)

    context = b"\x00" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared_secret, b"secret", b"")
    return expand(secret, b"key", context, KEY_SIZES[aead]), expand(secret, b"base_nonce", context, 12)


@pytest.mark.parametrize("vector", RFC_9180, ids=lambda vector: f"aead {vector['aead_id']}")
def test_the_library_opens_what_rfc_9180_sealed(vector: Mapping[str, Any]) -> None:
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEADS[vector["aead_id"]])
    key = X25519PrivateKey.from_private_bytes(octets(vector["skRm"]))
    sealed = octets(vector["enc"] + vector["encryption"]["ct"])
    info, aad = octets(vector["info"]), octets(vector["encryption"]["aad"])

    opened = openssl.hpke._decrypt_with_aad(suite, sealed, key, info, aad)

    assert opened.hex() == vector["encryption"]["pt"]


def test_the_library_opens_what_was_sealed_to_a_published_x_wing_key() -> None:
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEADS[HPKE_PQ["aead_id"]])
    sealed = octets(HPKE_PQ["enc"] + HPKE_PQ["encryption"]["ct"])
    info, aad = octets(HPKE_PQ["info"]), octets(HPKE_PQ["encryption"]["aad"])
    key = xwing.private_key(octets(HPKE_PQ["skRm"]))

    assert openssl.hpke._decrypt_with_aad(suite, sealed, key, info, aad).hex() == HPKE_PQ["encryption"]["pt"]


@pytest.mark.parametrize(
    "vector", [*RFC_9180, HPKE_PQ], ids=lambda vector: f"kem {vector['kem_id']:#x}, aead {vector['aead_id']}"
)
def test_the_key_schedule_written_here_is_the_published_one(vector: Mapping[str, Any]) -> None:
    key, nonce = key_schedule(
        octets(vector["shared_secret"]),
        octets(vector["info"]),
        kem=vector["kem_id"],
        kdf=vector["kdf_id"],
        aead=vector["aead_id"],
    )

    assert key.hex() == vector["key"]
    assert nonce.hex() == vector["base_nonce"]


@pytest.mark.parametrize(
    ("seed", "encapsulated", "shared_secret"),
    [
        (X_WING["seed"], X_WING["ct"], X_WING["ss"]),
        (HPKE_PQ["skRm"], HPKE_PQ["enc"], HPKE_PQ["shared_secret"]),
    ],
    ids=["draft-connolly-cfrg-xwing-kem", "draft-ietf-hpke-pq"],
)
def test_tillids_suite_opens_what_a_published_shared_secret_sealed(
    seed: str, encapsulated: str, shared_secret: str
) -> None:
    info = b"tillid response v1\x00and what follows"
    key, nonce = key_schedule(
        octets(shared_secret), info, kem=X_WING_ID, kdf=HKDF_SHA256_ID, aead=AES_256_GCM_ID
    )
    sealed = octets(encapsulated) + AESGCM(key).encrypt(nonce, b"answers", None)

    assert xwing.SUITE.decrypt(sealed, xwing.private_key(octets(seed)), info) == b"answers"
