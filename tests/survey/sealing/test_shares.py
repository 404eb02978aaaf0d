from dataclasses import replace
from hashlib import sha256
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.sealing import shares, xwing
from survey.sealing.shares import Binding, Opening, ShareError
from tests.reference.galois import at_zero, inverse, times
from tests.survey.sealing.parties import MANIFEST, OTHER_MANIFEST, OTHER_SEED, OTHER_WAVE, SEED, WAVE

SECRETS = st.binary(min_size=32, max_size=32)
QUORUMS = st.integers(2, 5).flatmap(lambda t: st.tuples(st.just(t), st.integers(t, 6)))
TRUSTEE = xwing.public_bytes(SEED)
BINDING = Binding(WAVE, MANIFEST, 1, shares.trustee_fingerprint(TRUSTEE))
OPENING = Opening(WAVE, MANIFEST, sha256(b"list").digest(), xwing.public_bytes(OTHER_SEED))
SHARE = bytes([1]) + sha256(b"share").digest()


@settings(max_examples=40)
@given(SECRETS, QUORUMS, st.data())
def test_any_quorum_of_the_shares_gives_the_secret(
    secret: bytes, quorum: tuple[int, int], data: st.DataObject
) -> None:
    made = shares.split(secret, *quorum)
    chosen = data.draw(st.permutations(made))[: data.draw(st.integers(quorum[0], quorum[1]))]

    assert [share[0] for share in made] == list(range(1, quorum[1] + 1))
    assert {len(share) for share in made} == {shares.SHARE_SIZE}
    assert shares.combine(chosen) == secret


@settings(max_examples=40)
@given(SECRETS, st.integers(3, 5))
def test_one_share_too_few_gives_something_else(secret: bytes, quorum: int) -> None:
    made = shares.split(secret, quorum, quorum + 1)

    for chosen in combinations(made, quorum - 1):
        assert shares.combine(chosen) != secret


@settings(max_examples=10)
@given(SECRETS, SECRETS, st.integers(2, 4))
def test_one_share_too_few_fits_every_secret(secret: bytes, guess: bytes, quorum: int) -> None:
    held = shares.split(secret, quorum, quorum)[:-1]

    # Whatever secret somebody guesses, there is a last share that would confirm it: nothing can be checked.
    missing = bytes([quorum]) + b"".join(
        completing(
            [(share[0], int.from_bytes(share[at : at + 16], "big")) for share in held],
            quorum,
            int.from_bytes(guess[at - 1 : at + 15], "big"),
        ).to_bytes(16, "big")
        for at in (1, 17)
    )

    assert shares.combine([*held, missing]) == guess


def completing(held: list[tuple[int, int]], number: int, guess: int) -> int:
    weight = at_zero([*((x, 0) for x, _ in held), (number, 1)])
    return times(guess ^ at_zero([*held, (number, 0)]), inverse(weight))


def test_the_same_secret_is_split_differently_each_time() -> None:
    first, second = (shares.split(SEED, 2, 3) for _ in range(2))

    assert set(first).isdisjoint(second)


@pytest.mark.parametrize(("quorum", "trustees"), [(0, 3), (1, 3), (4, 3), (2, 1), (-1, 3), (2, 256)])
def test_a_quorum_that_protects_nothing_or_cannot_be_reached_is_refused(quorum: int, trustees: int) -> None:
    with pytest.raises(ShareError, match=f"a quorum of {quorum} of {trustees} is refused: choose at least 2"):
        shares.split(SEED, quorum, trustees)


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_secret_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(ShareError, match=f"a secret of {size} bytes is refused"):
        shares.split(bytes(size), 2, 3)


def test_the_most_trustees_there_can_be_get_a_share_each() -> None:
    made = shares.split(SEED, 2, 255)

    assert shares.combine([made[254], made[0]]) == SEED


def test_shares_that_do_not_belong_together_are_refused() -> None:
    first, second, _ = shares.split(SEED, 2, 3)

    with pytest.raises(ShareError, match="at least two shares are needed, of 33 bytes each"):
        shares.combine([])
    with pytest.raises(ShareError, match="at least two shares are needed, of 33 bytes each"):
        shares.combine([first])
    with pytest.raises(ShareError, match="at least two shares are needed, of 33 bytes each"):
        shares.combine([first, second[:-1]])
    with pytest.raises(ShareError, match="a number of its own, from 1"):
        shares.combine([first, first])
    # Its value would be the secret, whatever the others hold.
    with pytest.raises(ShareError, match="a number of its own, from 1"):
        shares.combine([first, b"\x00" + bytes(32)])


@given(SECRETS, SECRETS)
def test_the_pad_comes_off_as_it_went_on(seed: bytes, pad: bytes) -> None:
    assert shares.masked(shares.masked(seed, pad), pad) == seed
    assert shares.masked(seed, bytes(32)) == seed


def test_a_truncated_pad_is_refused_with_a_remedy() -> None:
    with pytest.raises(ShareError, match="custody's pad has 31 bytes instead of 32; restore its directory"):
        shares.masked(SEED, bytes(31))


def test_a_share_unwraps_for_its_trustee() -> None:
    sealed = shares.seal_share(SHARE, TRUSTEE, BINDING)

    assert shares.unwrap_share(sealed, SEED, BINDING) == SHARE


@pytest.mark.parametrize(
    "other",
    [
        replace(BINDING, wave=OTHER_WAVE),
        replace(BINDING, manifest_digest=OTHER_MANIFEST),
        replace(BINDING, number=2),
        replace(BINDING, trustee=bytes(32)),
    ],
    ids=["wave", "manifest", "number", "trustee"],
)
def test_a_share_unwraps_under_what_it_was_sealed_for_only(other: Binding) -> None:
    sealed = shares.seal_share(SHARE, TRUSTEE, BINDING)

    with pytest.raises(ShareError, match="not sealed to this key, for this purpose"):
        shares.unwrap_share(sealed, SEED, other)


def test_nobody_else_unwraps_a_share() -> None:
    sealed = shares.seal_share(SHARE, TRUSTEE, BINDING)

    with pytest.raises(ShareError, match="not sealed to this key"):
        shares.unwrap_share(sealed, OTHER_SEED, BINDING)


@pytest.mark.parametrize(
    "share", [b"", SHARE[:-1], SHARE + b"\x00", b"\x02" + SHARE[1:], b"\x00" + SHARE[1:]]
)
def test_a_trustee_is_not_fooled_by_a_share_that_is_not_theirs(share: bytes) -> None:
    sealed = shares.seal_share(share, TRUSTEE, BINDING)

    with pytest.raises(ShareError, match="this is not share number 1"):
        shares.unwrap_share(sealed, SEED, BINDING)


@given(st.binary(max_size=1300))
def test_whatever_lies_in_a_shares_place_is_refused(sealed: bytes) -> None:
    with pytest.raises(ShareError):
        shares.unwrap_share(sealed, SEED, BINDING)
    with pytest.raises(ShareError):
        shares.approved_share(sealed, OTHER_SEED, OPENING)


def test_a_confirmation_tells_the_share_to_nobody_and_is_bound_to_the_promises() -> None:
    confirmation = shares.confirmation(SHARE, MANIFEST)

    assert confirmation == sha256(b"tillid confirmation v1\x00" + MANIFEST + SHARE).digest()
    assert confirmation != shares.confirmation(SHARE, OTHER_MANIFEST)
    assert confirmation != shares.confirmation(SHARE[:-1] + b"\x00", MANIFEST)


def test_an_approved_share_opens_for_its_opening() -> None:
    assert shares.approved_share(shares.approve(SHARE, OPENING), OTHER_SEED, OPENING) == SHARE


@pytest.mark.parametrize(
    "other",
    [
        replace(OPENING, wave=OTHER_WAVE),
        replace(OPENING, manifest_digest=OTHER_MANIFEST),
        replace(OPENING, list_digest=bytes(32)),
        replace(OPENING, one_time_key=xwing.public_bytes(SEED)),
    ],
    ids=["wave", "manifest", "list", "one-time key"],
)
def test_an_approval_serves_no_other_opening(other: Opening) -> None:
    approval = shares.approve(SHARE, OPENING)

    with pytest.raises(ShareError, match="not sealed to this key, for this purpose"):
        shares.approved_share(approval, OTHER_SEED, other)
    with pytest.raises(ShareError, match="not sealed to this key, for this purpose"):
        shares.approved_share(approval, SEED, OPENING)


def test_a_sealed_share_is_no_approval() -> None:
    sealed = shares.seal_share(SHARE, OPENING.one_time_key, BINDING)

    with pytest.raises(ShareError):
        shares.approved_share(sealed, OTHER_SEED, OPENING)


def test_what_custody_signs_of_an_opening_has_the_four_parts() -> None:
    assert OPENING.signed_parts() == (WAVE.encode(), MANIFEST, OPENING.list_digest, OPENING.one_time_key)


def test_a_fingerprint_is_of_the_whole_key() -> None:
    assert shares.trustee_fingerprint(TRUSTEE) == sha256(b"tillid trustee key v1\x00" + TRUSTEE).digest()
