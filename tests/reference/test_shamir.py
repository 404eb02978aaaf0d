"""
Shamir's scheme against shares that the program `ssss` made, and against plain arithmetic.

`ssss` adds x^quorum to its polynomial, Tillid does not: published shares become Tillid's by taking it away.
"""

from collections.abc import Mapping
from itertools import combinations, islice
from typing import Any

import pytest
from Crypto.Protocol.SecretSharing import Shamir
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.sealing import shares
from tests.reference.galois import at_zero, power
from tests.reference.published import octets, vectors

CASES = vectors("shamir")["vectors"]


def parsed(share: str) -> tuple[int, bytes]:
    number, value = share.split("-")
    return int(number), octets(value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["secret"][:8])
def test_any_quorum_of_published_shares_gives_the_published_secret(case: Mapping[str, Any]) -> None:
    quorum = case["quorum"]
    whole = [parsed(share) for share in case["shares"]]
    plain = [(x, (int.from_bytes(y, "big") ^ power(x, quorum)).to_bytes(16, "big")) for x, y in whole]

    for chosen in islice(combinations(range(len(whole)), quorum), 10):
        assert Shamir.combine([whole[place] for place in chosen], ssss=True).hex() == case["secret"]
        both_halves = [bytes([plain[place][0]]) + plain[place][1] * 2 for place in chosen]
        assert shares.combine(both_halves).hex() == case["secret"] * 2


@settings(max_examples=10)
@given(st.binary(min_size=32, max_size=32), st.integers(2, 4), st.data())
def test_what_is_split_is_what_plain_arithmetic_puts_together(
    secret: bytes, quorum: int, data: st.DataObject
) -> None:
    made = shares.split(secret, quorum, data.draw(st.integers(quorum, 7)))
    chosen = data.draw(st.permutations(made))[:quorum]

    first, second = (
        at_zero([(share[0], int.from_bytes(share[at : at + 16], "big")) for share in chosen])
        for at in (1, 17)
    )

    assert first.to_bytes(16, "big") + second.to_bytes(16, "big") == secret
