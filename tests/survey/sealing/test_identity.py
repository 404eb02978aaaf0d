from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.sealing.domains import Domain
from survey.sealing.identity import Identity, SignatureError, check_signed, fingerprint

IDENTITY = Identity(bytes(range(32)))
OTHER = Identity(bytes(32))


@given(st.sampled_from(Domain), st.lists(st.binary(max_size=64), max_size=4))
def test_what_custody_signed_holds(domain: Domain, parts: list[bytes]) -> None:
    signature = IDENTITY.sign(domain, *parts)

    assert len(signature) == 64
    check_signed(IDENTITY.public_key, signature, domain, *parts)


@pytest.mark.parametrize("signed", Domain, ids=lambda domain: domain.name.lower())
def test_a_signature_of_one_kind_is_none_of_any_other(signed: Domain) -> None:
    signature = IDENTITY.sign(signed, b"the same bytes")

    for claimed in set(Domain) - {signed}:
        with pytest.raises(SignatureError, match=f"custody did not sign this {claimed.value}"):
            check_signed(IDENTITY.public_key, signature, claimed, b"the same bytes")


@given(st.binary(max_size=80), st.integers(0, 511))
def test_a_changed_message_signature_or_signer_is_refused(message: bytes, bit: int) -> None:
    signature = IDENTITY.sign(Domain.LIST, message)
    flipped = (int.from_bytes(signature, "big") ^ 1 << bit).to_bytes(64, "big")

    for key, claimed, said in [
        (IDENTITY.public_key, signature, message + b"\x00"),
        (IDENTITY.public_key, flipped, message),
        (OTHER.public_key, signature, message),
    ]:
        with pytest.raises(SignatureError):
            check_signed(key, claimed, Domain.LIST, said)


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33), b"\xff" * 32])
@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65)])
def test_bytes_of_any_other_shape_are_refused_like_a_wrong_signature(key: bytes, signature: bytes) -> None:
    with pytest.raises(SignatureError):
        check_signed(key, signature, Domain.LIST, b"message")


def test_a_seed_stands_for_one_identity_and_a_fresh_one_for_another() -> None:
    assert Identity(bytes(32)).public_key == OTHER.public_key
    assert Identity(Identity.new_seed()).public_key != Identity(Identity.new_seed()).public_key
    assert (
        fingerprint(OTHER.public_key)
        == sha256(b"tillid custody identity v1\x00" + OTHER.public_key).hexdigest()
    )
