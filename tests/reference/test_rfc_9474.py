"""Blind signatures against RFC 9474, Appendix A, and against the textbook."""

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from survey.sealing import credentials
from survey.sealing.credentials import Blinding, CredentialError
from survey.sealing.issuing import IssuingKey
from tests.reference.published import octets, vectors

VECTOR = vectors("rfc_9474")
MESSAGE, PREFIX, SALT = (octets(VECTOR[name]) for name in ("msg", "msg_prefix", "salt"))
INVERSE = int(VECTOR["inv"], 16)


@pytest.fixture(scope="module")
def private() -> rsa.RSAPrivateKey:
    p, q, n, e = (int(VECTOR[name], 16) for name in ("p", "q", "n", "e"))
    d = pow(e, -1, (p - 1) * (q - 1))
    crt = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, d, *crt, rsa.RSAPublicNumbers(e, n)).private_key()


def test_blinding_gives_the_published_blinded_message(private: rsa.RSAPrivateKey) -> None:
    key = private.public_key()
    factor = pow(INVERSE, -1, key.public_numbers().n)

    blinded, inverse = credentials._blinded(key, PREFIX + MESSAGE, SALT, lambda _: factor - 1)

    assert blinded.hex() == VECTOR["blinded_msg"]
    assert inverse == INVERSE


def test_the_encoded_message_is_below_the_modulus_and_is_what_the_signature_opens_to(
    private: rsa.RSAPrivateKey,
) -> None:
    numbers = private.public_key().public_numbers()

    encoded = int.from_bytes(credentials._pss_encoded(PREFIX + MESSAGE, SALT, 4095), "big")

    assert encoded < numbers.n
    assert encoded == pow(int(VECTOR["sig"], 16), numbers.e, numbers.n)


def test_signing_blindly_gives_the_published_signature(private: rsa.RSAPrivateKey) -> None:
    assert IssuingKey(private).sign_blinded(octets(VECTOR["blinded_msg"])).hex() == VECTOR["blind_sig"]


def test_finalising_gives_the_published_signature(private: rsa.RSAPrivateKey) -> None:
    blinding = Blinding(PREFIX, octets(VECTOR["blinded_msg"]), INVERSE)

    signature = credentials.finalise(private.public_key(), MESSAGE, blinding, octets(VECTOR["blind_sig"]))

    assert signature.hex() == VECTOR["sig"]
    assert credentials.credential_holds(private.public_key(), PREFIX, signature, MESSAGE)


def test_the_published_signature_is_none_of_another_message_or_randomiser(private: rsa.RSAPrivateKey) -> None:
    key, signature = private.public_key(), octets(VECTOR["sig"])

    assert not credentials.credential_holds(key, PREFIX, signature, MESSAGE + b"x")
    assert not credentials.credential_holds(key, bytes(32), signature, MESSAGE)


def test_a_key_of_another_size_is_no_issuing_key(private: rsa.RSAPrivateKey) -> None:
    key = IssuingKey(private)

    with pytest.raises(CredentialError, match="2,048 bits"):
        credentials.issuing_public_key(key.public_bytes())
    with pytest.raises(CredentialError, match="2,048 bits"):
        IssuingKey.from_bytes(key.to_bytes())
