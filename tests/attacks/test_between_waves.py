"""
An intruder with two waves of one organisation, who knows who joined and who left.

The naive rule here is to publish each wave as if it were the only one.
"""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256

import pytest

from analysis.differencing import beside as beside_earlier
from analysis.disclosure.policy import POLICY, WAVES
from analysis.disclosure.public import PublishedRow
from analysis.disclosure.waves import WaveRow, is_far_enough, tells_nothing_new
from analysis.release import Release, from_bytes, to_bytes
from analysis.tables import Interval
from questionnaires.digest import canonical_bytes
from survey.custody.directory import CustodyError
from survey.custody.releasing import check_far_enough, earlier_releases
from survey.sealing.domains import Domain
from survey.sealing.identity import Identity
from survey.storage.models import StoredRelease
from survey.storage.repositories import WaveRegistry
from survey.waves import manifest as manifests
from survey.waves.waiting import Waits
from tests.alliances import Fielded
from tests.analysis.rosters import questionnaire, released, single
from tests.analysis.rosters import wave as answered
from tests.survey.waves.manifests import right

YES, NO, NOTHING = frozenset({"yes"}), frozenset({"no"}), frozenset({"no_answer"})


def wave(base: int, *cells: str, options: tuple[frozenset[str], ...] = ()) -> WaveRow:
    """A row drawn as its cells, `7` or `0-4`."""
    read = []
    for cell in cells:
        lo, _, hi = cell.partition("-")
        read.append(Interval(int(lo), int(hi or lo)))
    named = options or (YES, NO, NOTHING)[: len(read)]
    return WaveRow(named, PublishedRow(None, None, Interval(base, base), tuple(read)), multiple=False)


def beside(earlier: WaveRow, later: WaveRow) -> bool:
    return tells_nothing_new(earlier, later, WAVES, POLICY.threshold)


def test_one_newcomer_between_two_exact_waves_is_told() -> None:
    # Twelve of thirty, then thirteen of thirty-one: the one who joined said yes.
    assert not beside(wave(30, "12", "18"), wave(31, "13", "18"))


def test_one_leaver_between_two_exact_waves_is_told() -> None:
    assert not beside(wave(31, "13", "18"), wave(30, "12", "18"))


def test_bands_that_hide_the_newcomer_stand_beside_each_other() -> None:
    assert beside(wave(30, "0-4", "26-30"), wave(31, "0-4", "27-31"))


def test_the_same_people_with_the_same_bands_tell_nothing_new() -> None:
    assert beside(wave(30, "0-4", "26-30"), wave(30, "0-4", "26-30"))
    assert beside(wave(30, "12", "18"), wave(30, "12", "18"))


def test_two_bands_that_cut_each_other_are_told() -> None:
    # None to four of thirty, then all of four newcomers at most: five to nine of thirty-four.
    assert not beside(wave(30, "0-4", "26-30"), wave(34, "5-9", "25-29"))


def test_waves_of_other_people_are_not_subtracted() -> None:
    # Most have changed: at least twenty of thirty joined.
    assert beside(wave(30, "5", "25"), wave(30, "25", "5"))


def test_options_grouped_otherwise_are_still_subtracted() -> None:
    a, b, c = (frozenset({code}) for code in "abc")
    fine = wave(240, "100", "60", "80", options=(a, b, c))
    coarse = wave(241, "161", "80", options=(a | b, c))

    assert not beside(fine, coarse)
    assert beside(fine, wave(241, "161", "80", options=(a, frozenset("xyz"))))


def test_of_several_options_each_is_subtracted_by_itself() -> None:
    def chosen(base: int, yes: str) -> WaveRow:
        one = wave(base, yes, "20", "0-4")
        return WaveRow(one.options, one.row, multiple=True)

    assert not beside(chosen(30, "12"), chosen(31, "13"))


@pytest.mark.parametrize(
    ("last", "first", "expected"),
    [
        (date(2026, 3, 15), date(2026, 9, 14), False),
        (date(2026, 3, 15), date(2026, 9, 15), True),
        (date(2026, 8, 31), date(2027, 2, 27), False),
        (date(2026, 8, 31), date(2027, 2, 28), True),
        (date(2026, 6, 30), date(2026, 12, 30), True),
        (date(2026, 12, 31), date(2026, 11, 1), False),
    ],
)
def test_waves_are_half_a_year_apart(last: date, first: date, expected: bool) -> None:
    assert is_far_enough(last, first, WAVES) is expected


ASKED = questionnaire(single("q", "a", "b"))


def published(*, a: int, b: int) -> Release:
    rows = [{"q": "a"}] * a + [{"q": "b"}] * b + [{}] * 6
    return released(answered(ASKED, rows))


def test_a_release_that_tells_of_a_newcomer_beside_the_last_one_loses_the_table() -> None:
    first, second = published(a=12, b=18), published(a=13, b=18)
    assert [table.id for table in first.tables] == [table.id for table in second.tables] == ["q"]

    shown = beside_earlier(second, [first], POLICY)

    assert shown.tables == ()
    assert [(left.table, left.reason) for left in shown.ledger.left_out] == [("q", "not_proven")]
    # What is left is still a release, byte for byte.
    assert from_bytes(to_bytes(shown)) == shown


def test_a_release_beside_none_and_beside_the_same_stays_as_it_is() -> None:
    first = published(a=12, b=18)

    assert beside_earlier(first, [], POLICY) is first
    assert beside_earlier(first, [first], POLICY) is first


def test_custody_knows_its_own_earlier_releases_and_refuses_any_other() -> None:
    identity = Identity(bytes(32))
    content = to_bytes(published(a=12, b=18))
    own = StoredRelease(
        wave_id="w", content=content, signature=identity.sign(Domain.RELEASE, sha256(content).digest())
    )
    forged = StoredRelease(wave_id="w", content=content, signature=bytes(64))

    remembered = {"w": sha256(content).digest()}
    assert earlier_releases([own], identity.public_key, remembered) == [from_bytes(content)]
    with pytest.raises(CustodyError, match="did not sign its release"):
        earlier_releases([forged], identity.public_key, remembered)
    with pytest.raises(CustodyError, match="not stored as it was"):
        earlier_releases([own], identity.public_key, {"w": bytes(32)})


def test_a_release_that_was_taken_out_of_the_database_is_missed(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)
        content = alliance.approve(ballot, 2) or b""
        with alliance.databases.alliance_session() as session:
            organisation = WaveRegistry(session).wave(ballot.wave).organisation_id
            stored = session.get_one(StoredRelease, ballot.wave)
            signature = stored.signature
            session.delete(stored)
        key, directory = alliance.custody.directory.identity().public_key, alliance.custody.directory

        remembered = directory.remembered_releases(organisation)

        assert remembered == {ballot.wave: sha256(content).digest()}
        assert directory.remembered_releases("another organisation") == {}
        with pytest.raises(CustodyError, match="not stored as it was"):
            earlier_releases([], key, remembered)
        # What a crash kept from being remembered is remembered as custody starts again.
        file = next(directory._folder.glob("releases/*"))
        file.unlink()
        with alliance.databases.alliance_session() as session:
            session.add(
                StoredRelease(
                    wave_id=ballot.wave, organisation_id=organisation, content=content, signature=signature
                )
            )
        alliance.custody.start()
        assert file.read_bytes() == sha256(content).digest()


def test_custody_promises_no_wave_that_follows_too_soon() -> None:
    manifest = manifests.from_bytes(canonical_bytes(right()))
    first = date.fromisoformat(manifest.field_period.first_day)
    past = published(a=12, b=18)

    def ended(day: date) -> Release:
        period = past.wave.field_period.model_copy(update={"last_possible_day": day.isoformat()})
        return past.model_copy(update={"wave": past.wave.model_copy(update={"field_period": period})})

    check_far_enough(manifest, [ended(first - timedelta(days=190))])
    with pytest.raises(CustodyError, match="less than 6 months") as refused:
        check_far_enough(manifest, [ended(first - timedelta(days=190)), ended(first - timedelta(days=100))])
    # What its steward is told of it.
    assert refused.value.waits is Waits.LATER_DAYS
