"""A cheating operator stores one respondent's row again, under another key, to count it twice."""

from itertools import permutations

from survey.custody.closing import verified
from survey.custody.ranges import StoredRow
from survey.sealing import envelope
from survey.sealing.rows import Row
from tests.survey.sealing.parties import SIZE, Respondent, verifier


def own(*stored: Row) -> list[StoredRow]:
    """The first row under its own key; a key holds one row, so all others lie elsewhere."""
    seen: set[bytes] = set()
    found = []
    for row in stored:
        found.append(StoredRow(row, row.credential_digest not in seen))
        seen.add(row.credential_digest)
    return found


def test_a_row_that_is_stored_twice_counts_once() -> None:
    one, another = Respondent.invited().row(), Respondent.invited().row()

    closed = verified(own(one, another, one, one), verifier())

    assert closed.row_digests == tuple(sorted([one.digest(), another.digest()]))
    assert closed.rejected == {"credential_refused": 2}


def test_an_earlier_version_beside_the_later_one_adds_no_vote() -> None:
    respondent = Respondent.invited()
    versions = [respondent.row(sequence=number) for number in range(3)]
    withdrawal = respondent.row(envelope.tombstone(SIZE), sequence=3)

    for stored in permutations([*versions, withdrawal]):
        closed = verified(own(*stored), verifier())

        assert len(closed.row_digests) + closed.withdrawn == 1
        assert closed.rejected == {"credential_refused": 3}


def test_a_forged_row_cannot_push_the_true_one_out() -> None:
    true = Respondent.invited().row()
    forged = true._replace(row_signature=bytes(64))

    closed = verified([StoredRow(forged, is_in_place=False), StoredRow(true, is_in_place=True)], verifier())

    assert closed.row_digests == (true.digest(),)
    assert closed.rejected == {"credential_refused": 1}
