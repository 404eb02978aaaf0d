from hashlib import sha256
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from survey.sealing.domains import Domain

PAIRS = st.sampled_from(list(combinations(Domain, 2)))


@given(PAIRS, st.binary(max_size=40), st.binary(max_size=40))
def test_no_message_of_one_kind_is_a_message_of_another(
    pair: tuple[Domain, Domain], first: bytes, second: bytes
) -> None:
    assert pair[0].message(first) != pair[1].message(second)
    assert pair[0].hash(first) != pair[1].hash(second)


def test_a_name_is_followed_by_one_zero_byte_and_the_parts() -> None:
    assert Domain.ROW.message(b"ab", b"", b"c") == b"tillid row v1\x00abc"
    assert Domain.ROW.hash(b"ab", b"c") == sha256(b"tillid row v1\x00abc").digest()


def test_names_are_plain_and_hold_no_zero_byte() -> None:
    assert all(domain.value.isascii() and "\x00" not in domain.value for domain in Domain)
