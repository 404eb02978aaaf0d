import gmpy2
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.sealing import credentials
from survey.sealing.credentials import CredentialError
from survey.sealing.issuing import IssuingKey
from tests.survey.sealing.parties import issuing_key

DER, PKCS8 = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
PLAIN = serialization.NoEncryption()


def numbers() -> rsa.RSAPrivateNumbers:
    return issuing_key()._private.private_numbers()


@settings(max_examples=25)
@given(st.integers(1, 2**2047))
def test_a_blind_signature_is_the_textbooks_power(message: int) -> None:
    private = numbers()

    signature = issuing_key().sign_blinded(message.to_bytes(256, "big"))

    assert int.from_bytes(signature, "big") == pow(message, private.d, private.public_numbers.n)


def test_the_same_blinded_message_gets_the_same_signature() -> None:
    blinded = credentials.blind(issuing_key()._private.public_key(), b"message").blinded

    answers = {issuing_key().sign_blinded(blinded) for _ in range(5)}

    assert len(answers) == 1


@pytest.mark.parametrize("offset", [0, 1, 2**100])
def test_a_number_that_is_not_below_the_modulus_is_refused(offset: int) -> None:
    modulus = numbers().public_numbers.n
    blinded = min(modulus + offset, 2**2048 - 1).to_bytes(256, "big")

    with pytest.raises(CredentialError, match="a number below the modulus, in 256 bytes"):
        issuing_key().sign_blinded(blinded)


@pytest.mark.parametrize(
    "blinded", [b"", bytes(256), b"\x01", bytes(254) + b"\x01", bytes(256) + b"\x01"], ids=len
)
def test_zero_and_other_lengths_are_refused(blinded: bytes) -> None:
    with pytest.raises(CredentialError, match="a number below the modulus, in 256 bytes"):
        issuing_key().sign_blinded(blinded)


@pytest.mark.parametrize("edge", ["one", "the last"])
def test_the_first_and_the_last_number_below_the_modulus_are_signed(edge: str) -> None:
    modulus = numbers().public_numbers.n
    message = 1 if edge == "one" else modulus - 1

    signature = issuing_key().sign_blinded(message.to_bytes(256, "big"))

    assert int.from_bytes(signature, "big") == message


def test_a_fault_in_one_half_of_the_computation_never_leaves() -> None:
    key = IssuingKey(issuing_key()._private)
    key._dp += 1
    blinded = credentials.blind(key._private.public_key(), b"message").blinded

    # With the faulty signature anybody could take the modulus apart: gcd(signature**e − message, n) = q.
    with pytest.raises(CredentialError, match="failed its own check and was not sent; try again"):
        key.sign_blinded(blinded)

    message = int.from_bytes(blinded, "big")
    faulty = pow(int(key._power(gmpy2.mpz(message))), 65537, int(key._n))
    assert int(gmpy2.gcd(faulty - message, key._n)) == numbers().q


def test_a_key_comes_back_from_its_bytes() -> None:
    again = IssuingKey.from_bytes(issuing_key().to_bytes())

    assert again.public_bytes() == issuing_key().public_bytes()
    assert len(again.public_bytes()) == 294
    assert credentials.issuing_public_key(again.public_bytes()).key_size == 2048


@pytest.mark.parametrize("kind", ["garbage", "Ed25519", "1,024 bits", "exponent 3", "encrypted", "public"])
def test_other_bytes_are_no_issuing_key(kind: str) -> None:
    made = {
        "garbage": lambda: b"\x30\x03\x02\x01\x00",
        "Ed25519": lambda: ed25519.Ed25519PrivateKey.generate().private_bytes(DER, PKCS8, PLAIN),
        "1,024 bits": lambda: rsa.generate_private_key(65537, 1024).private_bytes(DER, PKCS8, PLAIN),  # noqa: S505
        "exponent 3": lambda: rsa.generate_private_key(3, 2048).private_bytes(DER, PKCS8, PLAIN),
        "encrypted": lambda: issuing_key()._private.private_bytes(
            DER, PKCS8, serialization.BestAvailableEncryption(b"password")
        ),
        "public": issuing_key().public_bytes,
    }

    with pytest.raises(CredentialError, match="an issuing key is an RSA key"):
        IssuingKey.from_bytes(made[kind]())


@settings(max_examples=30)
@given(st.integers(0, 1200), st.integers(1, 255))
def test_a_damaged_key_is_refused_or_signs_rightly(place: int, change: int) -> None:
    data = bytearray(issuing_key().to_bytes())
    data[place % len(data)] ^= change

    try:
        key = IssuingKey.from_bytes(bytes(data))
        signature = key.sign_blinded((2).to_bytes(256, "big"))
    except CredentialError:
        return

    assert pow(int.from_bytes(signature, "big"), 65537, int(key._n)) == 2
