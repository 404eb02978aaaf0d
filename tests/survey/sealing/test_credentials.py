"""The respondent's side of a credential, and what anybody can verify; the issuer's is in test_issuing.py."""

from base64 import b64decode

import gmpy2
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from survey.sealing import credentials
from survey.sealing.credentials import Blinding, CredentialError, CredentialKey, public_der
from tests.survey.sealing.parties import OTHER_WAVE, WAVE, Respondent, issuing_key

SECRETS = st.binary(min_size=16, max_size=16)


def public(number: int = 0) -> rsa.RSAPublicKey:
    return credentials.issuing_public_key(issuing_key(number).public_bytes())


def encoded(signature: bytes, key: rsa.RSAPublicKey) -> int:
    """What a signature opens to: the message as it was blinded."""
    numbers = key.public_numbers()
    return pow(int.from_bytes(signature, "big"), numbers.e, numbers.n)


@settings(max_examples=20)
@given(SECRETS)
def test_blinded_signed_and_finalised_a_credential_holds(secret: bytes) -> None:
    respondent = Respondent.invited(secret=secret)
    message = credentials.credential_message(WAVE, respondent.key.public)

    assert credentials.credential_holds(public(), respondent.randomiser, respondent.signature, message)
    assert len(respondent.signature) == credentials.SIGNATURE_SIZE
    assert encoded(respondent.signature, public()) < public().public_numbers().n


@settings(max_examples=20)
@given(st.binary(max_size=80), st.integers(0, 2047), st.integers(0, 255))
def test_a_changed_credential_does_not_hold(other: bytes, bit: int, randomiser_bit: int) -> None:
    one = Respondent.invited(secret=bytes(16))
    message = credentials.credential_message(WAVE, one.key.public)
    flipped = (int.from_bytes(one.signature, "big") ^ 1 << bit).to_bytes(256, "big")
    randomiser = (int.from_bytes(one.randomiser, "big") ^ 1 << randomiser_bit).to_bytes(32, "big")
    assume(other != message)

    assert not credentials.credential_holds(public(), one.randomiser, flipped, message)
    assert not credentials.credential_holds(public(), randomiser, one.signature, message)
    assert not credentials.credential_holds(public(), one.randomiser, one.signature, other)
    assert not credentials.credential_holds(public(1), one.randomiser, one.signature, message)


@pytest.mark.parametrize("size", [0, 255, 257, 512])
def test_a_signature_of_another_length_does_not_hold(size: int) -> None:
    assert not credentials.credential_holds(public(), bytes(32), bytes(size), b"message")


def test_the_same_signature_plus_the_modulus_does_not_hold() -> None:
    one, modulus = Respondent.invited(), public().public_numbers().n
    larger = int.from_bytes(one.signature, "big") + modulus
    message = credentials.credential_message(WAVE, one.key.public)

    assert not credentials.credential_holds(public(), one.randomiser, larger.to_bytes(257, "big"), message)


@given(SECRETS)
def test_a_secret_stands_for_another_key_in_every_wave(secret: bytes) -> None:
    assert CredentialKey.of(secret, WAVE).public == CredentialKey.of(secret, WAVE).public
    assert CredentialKey.of(secret, WAVE).public != CredentialKey.of(secret, OTHER_WAVE).public


def test_a_credential_of_one_wave_is_none_of_another_under_the_same_issuing_key() -> None:
    one = Respondent.invited(WAVE)

    message = credentials.credential_message(OTHER_WAVE, one.key.public)

    assert not credentials.credential_holds(public(), one.randomiser, one.signature, message)


def test_every_exchange_could_have_led_to_every_credential() -> None:
    numbers = public().public_numbers()
    message = b"a credential"
    exchanges = []
    signatures = []
    for _ in range(4):
        blinding = credentials.blind(public(), message)
        answer = issuing_key().sign_blinded(blinding.blinded)
        exchanges.append((blinding.blinded, answer))
        signatures.append(credentials.finalise(public(), message, blinding, answer))

    # Whoever saw an exchange and a credential finds a factor that joins them, whether they belong together or
    # not: the factor is drawn evenly, so nothing tells one pair from another, whatever can be computed later.
    for blinded, answer in exchanges:
        for signature in signatures:
            factor = int.from_bytes(answer, "big") * pow(int.from_bytes(signature, "big"), -1, numbers.n)
            joined = encoded(signature, public()) * pow(factor, numbers.e, numbers.n) % numbers.n
            assert joined == int.from_bytes(blinded, "big")


def test_the_same_message_blinded_twice_shows_nothing_in_common() -> None:
    first, second = (credentials.blind(public(), b"message") for _ in range(2))

    assert first.blinded != second.blinded
    assert first.randomiser != second.randomiser


def test_what_undoes_the_blinding_is_not_shown_in_logs() -> None:
    blinding = credentials.blind(public(), b"message")

    assert str(blinding.inverse) not in repr(blinding)


@pytest.mark.parametrize("wrong", ["zeros", "another message's", "shorter", "longer", "plus the modulus"])
def test_an_issuer_that_answers_with_something_else_is_found_out(wrong: str) -> None:
    blinding = credentials.blind(public(), b"message")
    right = issuing_key().sign_blinded(blinding.blinded)
    answers = {
        "zeros": bytes(256),
        "another message's": issuing_key().sign_blinded(credentials.blind(public(), b"message").blinded),
        "shorter": right[1:],
        "longer": b"\x00" + right,
        "plus the modulus": (int.from_bytes(right, "big") + public().public_numbers().n).to_bytes(257, "big"),
    }

    with pytest.raises(CredentialError, match="the issuer's answer is not a signature of this credential"):
        credentials.finalise(public(), b"message", blinding, answers[wrong])


@pytest.fixture(scope="module")
def cheating() -> rsa.RSAPublicKey:
    """A third of all messages are divisible by three, blinded or not: its issuer could sort by that."""
    key = rsa.RSAPublicNumbers(65537, 3 * int(gmpy2.next_prime(2**2046 // 3 * 2 + 1))).public_key()
    return credentials.issuing_public_key(public_der(key))


def test_a_modulus_that_shows_through_the_blinding_is_found_out(cheating: rsa.RSAPublicKey) -> None:
    salts = [number.to_bytes(48, "big") for number in range(40)]

    showing = [
        salt for salt in salts if int.from_bytes(credentials._pss_encoded(b"m", salt, 2047), "big") % 3 == 0
    ]

    assert showing
    for salt in showing:
        with pytest.raises(CredentialError, match="does not hide what it signs"):
            credentials._blinded(cheating, b"m", salt, lambda _: 0)
    for salt in set(salts) - set(showing):
        assert credentials._blinded(cheating, b"m", salt, lambda _: 0)


def test_a_factor_that_cannot_be_undone_is_refused_rather_than_used(cheating: rsa.RSAPublicKey) -> None:
    with pytest.raises(CredentialError, match="does not hide what it signs"):
        credentials._blinded(cheating, b"message", bytes(48), lambda _: 2)


@pytest.fixture(scope="module")
def wrong_keys() -> dict[str, bytes]:
    right = issuing_key().public_bytes()
    pss = right.replace(b64decode("KoZIhvcNAQEB"), b64decode("KoZIhvcNAQEK"))
    edwards = ed25519.Ed25519PrivateKey.generate().public_key()
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return {
        "nothing": b"",
        "garbage": b"\x30\x82\x01\x22" + bytes(290),
        "an Ed25519 key": edwards.public_bytes(*form),
        "an elliptic curve's": curve.public_bytes(*form),
        "1,024 bits": public_der(rsa.generate_private_key(65537, 1024).public_key()),  # noqa: S505  Refused.
        "3,072 bits": public_der(rsa.generate_private_key(65537, 3072).public_key()),
        "exponent 3": public_der(rsa.RSAPublicNumbers(3, public().public_numbers().n).public_key()),
        "another algorithm's name": pss,
        "more behind it": right + b"\x00",
        "cut short": right[:-1],
        "PEM": public().public_bytes(serialization.Encoding.PEM, form[1]),
        "a private key": issuing_key().to_bytes(),
    }


@pytest.mark.parametrize(
    "kind",
    [
        "nothing",
        "garbage",
        "an Ed25519 key",
        "an elliptic curve's",
        "1,024 bits",
        "3,072 bits",
        "exponent 3",
        "another algorithm's name",
        "more behind it",
        "cut short",
        "PEM",
        "a private key",
    ],
)
def test_only_an_rsa_key_of_the_agreed_form_is_an_issuing_key(
    kind: str, wrong_keys: dict[str, bytes]
) -> None:
    with pytest.raises(CredentialError, match="an issuing key is an RSA"):
        credentials.issuing_public_key(wrong_keys[kind])


@given(st.integers(0, 293), st.integers(1, 255))
def test_a_changed_issuing_key_is_refused_or_written_in_the_one_way(place: int, change: int) -> None:
    data = bytearray(issuing_key().public_bytes())
    data[place] ^= change

    try:
        key = credentials.issuing_public_key(bytes(data))
    except CredentialError:
        return

    assert public_der(key) == bytes(data)
    assert (key.key_size, key.public_numbers().e) == (2048, 65537)


def test_a_row_signature_holds_for_its_key_and_message_only() -> None:
    key, other = CredentialKey.of(bytes(16), WAVE), CredentialKey.of(b"\x01" * 16, WAVE)
    message = credentials.row_message(WAVE, bytes(32), 0, b"envelope")
    signature = key.sign_row(message)

    assert credentials.row_signature_holds(key.public, signature, message)
    assert not credentials.row_signature_holds(other.public, signature, message)
    assert not credentials.row_signature_holds(key.public, signature, message + b"x")
    assert not credentials.row_signature_holds(key.public[:31], signature, message)
    assert not credentials.row_signature_holds(key.public, signature[:63], message)


def test_the_hash_of_a_messages_length_is_what_the_rfc_says() -> None:
    assert len(credentials._pss_encoded(b"m", bytes(48), 2047)) == 256
    assert len(credentials._mgf1(b"seed", 100)) == 100


def test_a_blinding_keeps_what_is_needed_later_and_sends_one_number() -> None:
    blinding = credentials.blind(public(), b"message")

    assert isinstance(blinding, Blinding)
    assert len(blinding.randomiser) == credentials.RANDOMISER_SIZE
    assert len(blinding.blinded) == credentials.SIGNATURE_SIZE
