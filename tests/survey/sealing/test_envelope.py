import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.sealing import envelope
from survey.sealing.envelope import EnvelopeFault
from survey.sealing.open import DoesNotOpenError
from tests.survey.sealing.parties import (
    MANIFEST,
    OTHER_MANIFEST,
    OTHER_SEED,
    SIZE,
    opener,
    sealer,
)

PADDED = st.binary(min_size=envelope.padded_size(SIZE), max_size=envelope.padded_size(SIZE))
KEYS = st.binary(min_size=32, max_size=32)


@given(PADDED, KEYS)
def test_opening_inverts_sealing(plaintext: bytes, key: bytes) -> None:
    assert opener().open(sealer().seal(plaintext, key), key) == plaintext


@given(PADDED, KEYS)
def test_an_envelope_has_the_waves_length_and_a_version(plaintext: bytes, key: bytes) -> None:
    sealed = sealer().seal(plaintext, key)

    assert len(sealed) == SIZE
    assert sealed[0] == envelope.VERSION
    assert envelope.fault(sealed, SIZE) is None
    assert not envelope.is_tombstone(sealed)
    assert plaintext not in sealed


@given(PADDED, KEYS)
def test_the_same_response_sealed_twice_looks_like_two(plaintext: bytes, key: bytes) -> None:
    first, second = (sealer().seal(plaintext, key) for _ in range(2))

    assert first[1:1121] != second[1:1121]
    assert first[1121:] != second[1121:]


@given(PADDED, KEYS, KEYS)
def test_under_another_manifest_credential_or_key_nothing_opens(
    plaintext: bytes, key: bytes, other_key: bytes
) -> None:
    sealed = sealer().seal(plaintext, key)
    strangers = [(opener(manifest=OTHER_MANIFEST), key), (opener(seed=OTHER_SEED), key)]
    if other_key != key:
        strangers.append((opener(), other_key))

    for stranger, claimed in strangers:
        with pytest.raises(DoesNotOpenError, match="not sealed to this wave, manifest and credential"):
            stranger.open(sealed, claimed)


@given(st.integers(0, SIZE * 8 - 1))
def test_an_envelope_with_one_bit_changed_does_not_open(bit: int) -> None:
    sealed = sealer().seal(bytes(envelope.padded_size(SIZE)), bytes(32))
    changed = (int.from_bytes(sealed, "big") ^ 1 << bit).to_bytes(SIZE, "big")

    with pytest.raises(DoesNotOpenError):
        opener().open(changed, bytes(32))


@pytest.mark.parametrize(
    "sealed",
    [*(b"\x01" * size for size in (0, 1, 1120, 1121, 1136, 1137)), bytes(SIZE), b"\x01" + bytes(SIZE - 1)],
    ids=["none", "1", "1120", "1121", "1136", "1137", "tombstone", "zeros"],
)
def test_whatever_somebody_stores_the_answer_is_that_it_does_not_open(sealed: bytes) -> None:
    with pytest.raises(DoesNotOpenError):
        opener().open(sealed, bytes(32))


def test_a_point_of_small_order_in_the_encapsulated_key_does_not_open() -> None:
    sealed = sealer().seal(bytes(envelope.padded_size(SIZE)), bytes(32))

    with pytest.raises(DoesNotOpenError):
        opener().open(sealed[:1089] + bytes(32) + sealed[1121:], bytes(32))


@given(st.integers(1, 5000))
def test_the_size_is_the_least_multiple_of_256_that_holds_the_longest_response(longest: int) -> None:
    size = envelope.envelope_size(longest)

    assert size % 256 == 0
    assert envelope.padded_size(size) > longest  # room for the byte that begins the padding
    assert envelope.padded_size(size - 256) <= longest


def test_an_envelope_is_1137_bytes_longer_than_what_it_holds() -> None:
    assert envelope.padded_size(1280) == 1280 - 1137


def test_a_withdrawal_has_the_length_of_a_response_and_holds_nothing() -> None:
    tombstone = envelope.tombstone(SIZE)

    assert tombstone == bytes(SIZE)
    assert envelope.is_tombstone(tombstone)
    assert envelope.fault(tombstone, SIZE) is None


@given(
    st.integers(0, 2 * SIZE).filter(lambda size: size != SIZE), st.sampled_from([b"\x00", b"\x01", b"\x02"])
)
def test_another_length_is_refused_whatever_it_holds(size: int, filling: bytes) -> None:
    assert envelope.fault(filling * size, SIZE) is EnvelopeFault.WRONG_LENGTH


@given(st.integers(0, 255), st.integers(1, SIZE - 1))
def test_another_version_is_refused(version: int, place: int) -> None:
    changed = bytearray(SIZE)
    changed[0], changed[place] = version, 1

    expected = None if version == envelope.VERSION else EnvelopeFault.WRONG_VERSION
    assert envelope.fault(bytes(changed), SIZE) is expected


def test_the_binding_names_the_promises_and_the_credential() -> None:
    binding = envelope.binding(MANIFEST, bytes(32))

    assert binding.startswith(b"tillid response v1\x00" + MANIFEST)
    assert len(binding) == 19 + 32 + 32
