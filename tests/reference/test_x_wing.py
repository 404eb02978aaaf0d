"""X-Wing against its draft and draft-ietf-hpke-pq; what it seals is opened in test_rfc_9180.py."""

from hashlib import sha3_256, shake_256

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from survey.sealing import xwing
from tests.reference.published import octets, vectors

X_WING = vectors("x_wing")
HPKE_PQ = vectors("hpke_pq")


@pytest.mark.parametrize(
    ("seed", "public_key"),
    [(X_WING["seed"], X_WING["pk"]), (HPKE_PQ["skRm"], HPKE_PQ["pkRm"])],
    ids=["draft-connolly-cfrg-xwing-kem", "draft-ietf-hpke-pq"],
)
def test_a_published_seed_gives_the_published_public_key(seed: str, public_key: str) -> None:
    assert xwing.public_bytes(octets(seed)).hex() == public_key


def test_the_halves_of_a_key_and_the_combiner_give_the_published_shared_secret() -> None:
    expanded = shake_256(octets(X_WING["seed"])).digest(96)
    ciphertext, public_key = octets(X_WING["ct"]), octets(X_WING["pk"])

    first = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).decapsulate(ciphertext[:1088])
    ephemeral = X25519PublicKey.from_public_bytes(ciphertext[1088:])
    second = X25519PrivateKey.from_private_bytes(expanded[64:]).exchange(ephemeral)

    combined = sha3_256(first + second + ciphertext[1088:] + public_key[1184:] + b"\\.//^\\")
    assert combined.hexdigest() == X_WING["ss"]
