from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.sealing import credentials, envelope
from survey.sealing.rows import Row, RowError, RowFault, RowVerifier, list_digest, submission
from tests.survey.sealing.parties import (
    MANIFEST,
    OTHER_MANIFEST,
    OTHER_WAVE,
    SIZE,
    WAVE,
    Respondent,
    issuing_key,
    verifier,
)

HEAD = 32 + 32 + 32 + 256 + 4 + 64


@pytest.fixture(scope="module")
def respondent() -> Respondent:
    return Respondent.invited()


@pytest.fixture(scope="module")
def row(respondent: Respondent) -> Row:
    return respondent.row()


def refusal(body: bytes, by: RowVerifier | None = None) -> RowFault:
    with pytest.raises(RowError) as refused:
        (by or verifier()).read(body)
    return refused.value.fault


def test_a_submission_is_read_as_it_was_written(row: Row) -> None:
    body = submission(MANIFEST, row)

    assert len(body) == HEAD + SIZE
    assert verifier().read(body) == row
    assert row.credential_digest == sha256(row.credential_key).digest()
    assert not row.withdrawn


def test_a_withdrawal_is_a_signed_row_of_the_same_length(respondent: Respondent, row: Row) -> None:
    withdrawal = respondent.row(envelope.tombstone(SIZE), sequence=1)

    body = submission(MANIFEST, withdrawal)

    assert verifier().read(body).withdrawn
    assert len(body) == len(submission(MANIFEST, row))


@pytest.mark.parametrize("size", [0, 1, 31, 32, HEAD - 1, HEAD])
def test_a_body_without_an_envelope_is_malformed(size: int) -> None:
    assert refusal(MANIFEST.ljust(size, b"\x00")[:size]) is RowFault.MALFORMED


def test_a_row_under_other_promises_is_refused(row: Row) -> None:
    assert refusal(submission(OTHER_MANIFEST, row)) is RowFault.WRONG_MANIFEST


@pytest.mark.parametrize("change", [-1, 1, -256, 256])
def test_an_envelope_of_another_length_is_refused(respondent: Respondent, change: int) -> None:
    longer = respondent.row(b"\x01" * (SIZE + change))

    assert refusal(submission(MANIFEST, longer)) is RowFault.WRONG_LENGTH


def test_an_envelope_of_another_version_is_refused(respondent: Respondent) -> None:
    later = respondent.row(b"\x02" * SIZE)

    assert refusal(submission(MANIFEST, later)) is RowFault.WRONG_VERSION


def test_a_credential_of_another_issuer_is_refused(row: Row) -> None:
    stranger = Respondent.invited(issuer=issuing_key(1))

    assert refusal(submission(MANIFEST, stranger.row())) is RowFault.CREDENTIAL_REFUSED
    theirs = stranger.row()
    assert verifier(issuers=(0, 1)).read(submission(MANIFEST, theirs)) == theirs
    assert verifier(issuers=(1, 0)).read(submission(MANIFEST, row)) == row


def test_a_credential_key_that_nobody_signed_is_refused(respondent: Respondent, row: Row) -> None:
    own_key = credentials.CredentialKey.of(credentials.new_secret(), WAVE)
    forged = replace(respondent, key=own_key).row()

    assert refusal(submission(MANIFEST, forged)) is RowFault.CREDENTIAL_REFUSED
    assert refusal(submission(MANIFEST, row._replace(randomiser=bytes(32)))) is RowFault.CREDENTIAL_REFUSED


def test_a_row_is_refused_under_another_wave_even_with_the_same_issuing_key(row: Row) -> None:
    assert refusal(submission(MANIFEST, row), verifier(OTHER_WAVE)) is RowFault.CREDENTIAL_REFUSED


def test_a_row_signature_binds_manifest_sequence_and_envelope(respondent: Respondent, row: Row) -> None:
    other_envelope = respondent.row().envelope
    changed = [
        row._replace(sequence=row.sequence + 1),
        row._replace(envelope=other_envelope),
        row._replace(envelope=envelope.tombstone(SIZE)),
        row._replace(row_signature=bytes(64)),
    ]

    for one in changed:
        assert refusal(submission(MANIFEST, one)) is RowFault.SIGNATURE_REFUSED
    # Sealed and signed under other promises, sent as if under these.
    elsewhere = respondent.row(manifest=OTHER_MANIFEST)
    assert refusal(submission(MANIFEST, elsewhere)) is RowFault.SIGNATURE_REFUSED


def test_a_row_signature_of_one_wave_is_none_of_another(respondent: Respondent, row: Row) -> None:
    # The same key in both waves: a respondent's other wave cannot lend its signature.
    elsewhere = replace(respondent, wave=OTHER_WAVE).row(row.envelope)

    assert verifier().fault(row._replace(row_signature=elsewhere.row_signature)) is RowFault.SIGNATURE_REFUSED


@given(bit=st.integers(0, (HEAD + SIZE) * 8 - 1))
def test_no_single_bit_of_a_submission_can_be_changed(row: Row, bit: int) -> None:
    body = submission(MANIFEST, row)
    changed = (int.from_bytes(body, "big") ^ 1 << bit).to_bytes(len(body), "big")

    assert refusal(changed) in set(RowFault) - {RowFault.MALFORMED, RowFault.WRONG_LENGTH}


@given(body=st.binary(max_size=2 * HEAD))
def test_whatever_is_sent_is_refused_in_one_of_the_known_ways(body: bytes) -> None:
    assert refusal(MANIFEST + body) in RowFault


@pytest.mark.parametrize("sequence", [-1, 2**32, 2**63 - 1])
def test_a_stored_sequence_that_no_signature_can_cover_is_refused(row: Row, sequence: int) -> None:
    assert verifier().fault(row._replace(sequence=sequence)) is RowFault.SIGNATURE_REFUSED


@pytest.mark.parametrize("sequence", [0, 1, 2**32 - 1])
def test_every_sequence_of_four_bytes_can_be_signed(respondent: Respondent, sequence: int) -> None:
    body = submission(MANIFEST, respondent.row(sequence=sequence))

    assert verifier().read(body).sequence == sequence


@pytest.mark.parametrize("field", ["credential_key", "randomiser", "issuing_signature", "row_signature"])
@pytest.mark.parametrize("size", [0, 1, 31, 33, 500])
def test_a_stored_field_of_another_length_is_refused(row: Row, field: str, size: int) -> None:
    changed = row._replace(**{field: b"\x01" * size})  # type: ignore[arg-type]  # all four are bytes

    assert verifier().fault(changed) in {RowFault.CREDENTIAL_REFUSED, RowFault.SIGNATURE_REFUSED}


def test_the_randomiser_cannot_lend_bytes_to_the_message(row: Row) -> None:
    # What was signed is randomiser ‖ message: cut elsewhere it would be another credential of the same worth.
    message = credentials.credential_message(WAVE, row.credential_key)

    for moved in (1, 22, 38, 69):
        shifted = row._replace(
            randomiser=row.randomiser + message[:moved], credential_key=row.credential_key[moved:]
        )
        assert verifier().fault(shifted) is RowFault.CREDENTIAL_REFUSED


def test_a_row_digest_binds_credential_sequence_and_envelope(respondent: Respondent, row: Row) -> None:
    expected = sha256(
        b"tillid list row v1\x00" + row.credential_digest + bytes(4) + sha256(row.envelope).digest()
    )

    assert row.digest() == expected.digest()
    assert len({row.digest(), respondent.row().digest(), respondent.row(sequence=1).digest()}) == 3


DIGESTS = st.lists(st.binary(min_size=32, max_size=32), max_size=8)


@given(DIGESTS.flatmap(lambda digests: st.tuples(st.just(digests), st.permutations(digests))))
def test_a_list_digest_does_not_depend_on_the_order_of_the_rows(
    lists: tuple[list[bytes], list[bytes]],
) -> None:
    digests, shuffled = lists
    expected = sha256(b"tillid list v1\x00" + WAVE.encode() + b"".join(sorted(digests))).digest()

    assert list_digest(WAVE, shuffled) == list_digest(WAVE, digests) == expected
    assert list_digest(OTHER_WAVE, digests) != expected
    assert list_digest(WAVE, [*digests, bytes(32)]) != expected
