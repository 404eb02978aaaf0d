import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.sealing import xwing
from survey.sealing.xwing import PUBLIC_KEY_SIZE, SUITE, KeyFormatError
from tests.survey.sealing.parties import SEED

PRIME = 2**255 - 19
# Points of small order on Curve25519 and its twist, and other ways of writing them (RFC 7748 §6.1, §7).
SMALL_ORDER = [
    0,
    1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
    PRIME - 1,
    PRIME,
    PRIME + 1,
]


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300), st.binary(max_size=80))
def test_what_was_sealed_to_a_seeds_public_key_opens_with_the_seed(
    seed: bytes, plaintext: bytes, info: bytes
) -> None:
    public = xwing.public_bytes(seed)

    sealed = SUITE.encrypt(plaintext, xwing.public_key(public), info)

    assert len(public) == PUBLIC_KEY_SIZE
    assert len(sealed) == len(plaintext) + xwing.OVERHEAD
    assert SUITE.decrypt(sealed, xwing.private_key(seed), info) == plaintext


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_a_key_whose_half_would_give_the_secret_away_is_refused(point: int) -> None:
    key = xwing.public_bytes(SEED)[:1184] + point.to_bytes(32, "little")

    with pytest.raises(KeyFormatError, match="not an X-Wing public key"):
        xwing.public_key(key)


@pytest.mark.parametrize("size", [0, 32, 1184, 1215, 1217])
def test_a_public_key_of_another_length_is_refused_with_both_lengths(size: int) -> None:
    with pytest.raises(KeyFormatError, match=f"has 1216 bytes, this one {size}"):
        xwing.public_key(bytes(size))


def test_a_key_with_numbers_beyond_the_modulus_is_refused() -> None:
    with pytest.raises(KeyFormatError, match="not an X-Wing public key"):
        xwing.public_key(b"\xff" * 1184 + xwing.public_bytes(SEED)[1184:])


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_private_key_of_another_length_is_refused_with_both_lengths(size: int) -> None:
    for read in (xwing.private_key, xwing.public_bytes):
        with pytest.raises(KeyFormatError, match=f"has 32 bytes, this one {size}"):
            read(bytes(size))


def test_two_fresh_seeds_differ() -> None:
    assert xwing.new_seed() != xwing.new_seed()
    assert len(xwing.new_seed()) == xwing.SEED_SIZE
