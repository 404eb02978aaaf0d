"""
An intruder with two waves of one organisation, who knows who joined and who left.

The naive rule here is to publish each wave as if it were the only one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from itertools import count, product
from math import ceil, comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.differencing import Remade, WithUnits
from analysis.differencing import beside as beside_others
from analysis.disclosure.forms import band_of, bands
from analysis.disclosure.public import PublishedRow
from analysis.disclosure.waves import WaveRow, is_far_enough, tells_nothing_new
from analysis.pipeline import make_release
from analysis.plan import publication_plan
from analysis.release import Release, from_bytes, to_bytes
from analysis.tables import Interval, OpenedWave
from policy import POLICY, WAVES
from questionnaires.digest import canonical_bytes
from survey.custody.directory import CustodyError
from survey.custody.releasing import check_far_enough, earlier_releases
from survey.sealing.domains import Domain
from survey.sealing.identity import Identity
from survey.storage.models import StoredRelease, Wave
from survey.storage.repositories import WaveRegistry
from survey.waves import manifest as manifests
from survey.waves.manifest import Unit
from survey.waves.waiting import Waits
from tests.alliances import Fielded
from tests.analysis.rosters import SMALL, provenance, questionnaire, released, single
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


def beside_if_answers_last(earlier: WaveRow, later: WaveRow) -> bool:
    return tells_nothing_new(earlier, later, WAVES, POLICY.threshold, most_changed=0)


def test_one_newcomer_between_two_exact_waves_is_told_where_answers_last() -> None:
    # Twelve of thirty, then thirteen of thirty-one: the one who joined said yes.
    assert not beside_if_answers_last(wave(30, "12", "18"), wave(31, "13", "18"))


def test_one_leaver_between_two_exact_waves_is_told_where_answers_last() -> None:
    assert not beside_if_answers_last(wave(31, "13", "18"), wave(30, "12", "18"))


def test_one_newcomer_is_not_told_of_among_people_who_change_their_minds() -> None:
    # Or one of the thirty thinks otherwise by now, and the one who joined said no.
    assert beside(wave(30, "12", "18"), wave(31, "13", "18"))
    assert beside(wave(31, "13", "18"), wave(30, "12", "18"))


def test_more_newcomers_than_may_have_changed_are_told_of() -> None:
    # Ten of twenty, then fifteen of twenty-five: of five who joined two at most said no.
    assert not beside(wave(20, "10", "10"), wave(25, "15", "10"))


def test_an_improvement_in_a_large_organisation_is_shown() -> None:
    assert beside(wave(100, "40", "60"), wave(100, "60", "40"))


def test_a_colleague_who_reckons_with_changes_learns_next_to_nothing_of_the_one_newcomer() -> None:
    """The chance that the newcomer said yes, which was 30 %, once the count of yes has risen by one."""
    percent = WAVES.changed_percent / 100
    believed = {people: _believed_of_newcomer(people, 0.3, percent) for people in (10, 20, 30, 60)}

    # A sensitive item is never shown of fewer than twenty.
    assert POLICY.sensitive == 20
    assert believed[10] < 0.4
    assert all(believed[people] < 0.3 for people in (20, 30, 60))
    # Whoever took it that everybody else answered as before would be certain.
    assert _believed_of_newcomer(30, 0.3, 1e-9) > 0.99


def _believed_of_newcomer(people: int, prior: float, changed: float) -> float:
    """By Bayes' rule: each of the others answers otherwise with that probability, independently."""
    yes = round(people * prior)
    from_yes = np.array([comb(yes, n) * changed**n * (1 - changed) ** (yes - n) for n in range(yes + 1)])
    no = people - yes
    to_yes = np.array([comb(no, n) * changed**n * (1 - changed) ** (no - n) for n in range(no + 1)])
    net = np.convolve(to_yes, from_yes[::-1])
    same, one_more = net[yes], net[yes + 1]
    return float(prior * same / (prior * same + (1 - prior) * one_more))


def test_bands_that_hide_the_newcomer_stand_beside_each_other() -> None:
    assert beside(wave(30, "0-4", "26-30"), wave(31, "0-4", "27-31"))


def test_the_same_people_with_the_same_bands_tell_nothing_new() -> None:
    assert beside(wave(30, "0-4", "26-30"), wave(30, "0-4", "26-30"))
    assert beside(wave(30, "12", "18"), wave(30, "12", "18"))


def test_two_bands_that_cut_each_other_are_told() -> None:
    # None to four of twenty, then five to nine: somebody of the first must have said yes.
    assert not beside(wave(20, "0-4", "16-20"), wave(21, "5-9", "12-16"))
    assert not beside_if_answers_last(wave(30, "0-4", "26-30"), wave(34, "5-9", "25-29"))


def test_waves_of_other_people_are_not_subtracted() -> None:
    # Most have changed: at least twenty of thirty joined.
    assert beside(wave(30, "5", "25"), wave(30, "25", "5"))


def test_options_grouped_otherwise_are_still_subtracted() -> None:
    a, b, c = (frozenset({code}) for code in "abc")
    fine = wave(240, "100", "60", "80", options=(a, b, c))
    coarse = wave(241, "161", "80", options=(a | b, c))

    assert not beside_if_answers_last(fine, coarse)
    assert beside_if_answers_last(fine, wave(241, "161", "80", options=(frozenset("uvw"), frozenset("xyz"))))


def test_an_answer_that_one_wave_alone_offers_does_not_hide_those_that_both_do() -> None:
    unsure = frozenset({"unsure"})
    earlier = wave(24, "0-4", "0-24", "0-4")
    assert not beside(earlier, wave(24, "5-9", "0-24", "0-4"))

    # Nobody need choose it: a questionnaire's next version offers it, and "yes" is the same answer.
    later = wave(24, "5-9", "0-24", "0-4", "0-4", options=(YES, NO, unsure, NOTHING))

    assert not beside(earlier, later)
    assert not beside(later, earlier)
    assert beside(earlier, wave(24, "0-4", "0-24", "0-4", "0-4", options=(YES, NO, unsure, NOTHING)))


def test_an_answer_that_one_wave_splits_is_added_up_beside_one_that_it_adds() -> None:
    once, often, unsure = (frozenset({code}) for code in ("once", "often", "unsure"))
    earlier = wave(24, "0-4", "20-24", options=(once | often, NO))
    # No answer of the later wave is one of the earlier; what two of them say together is.
    later = wave(24, "5-9", "0-4", "11-19", options=(once, often, NO | unsure))

    assert not beside(earlier, later)
    assert beside(earlier, wave(24, "0-4", "0", "20-24", options=(once, often, NO | unsure)))


def test_of_several_options_each_is_subtracted_by_itself() -> None:
    def chosen(base: int, yes: str) -> WaveRow:
        one = wave(base, yes, "20", "0-4")
        return WaveRow(one.options, one.row, multiple=True)

    assert not beside_if_answers_last(chosen(30, "12"), chosen(31, "13"))


@dataclass(frozen=True)
class _World:
    """What may have happened between two waves: each a count of yes, then of no."""

    stayed: tuple[int, int]
    left: tuple[int, int]
    joined: tuple[int, int]
    changed: tuple[int, int]

    @property
    def rows(self) -> tuple[tuple[int, int], tuple[int, int]]:
        yes_to_no, no_to_yes = self.changed
        (yes, no), (left_yes, left_no), (new_yes, new_no) = self.stayed, self.left, self.joined
        before = (yes + yes_to_no + left_yes, no + no_to_yes + left_no)
        return before, (yes + no_to_yes + new_yes, no + yes_to_no + new_no)


@st.composite
def _worlds(draw: st.DrawFn) -> _World:
    few = st.integers(0, 3)
    return _World(*(draw(st.tuples(part, part)) for part in (st.integers(2, 5), few, few, st.integers(0, 1))))


def _explain(rows: Sequence[PublishedRow], joined: int, changed: int) -> Iterator[_World]:
    """Every world with just so many newcomers, and at most so many who changed, that agrees with two rows."""
    before, after = (row.base.lo for row in rows)
    left = before + joined - after
    for new, gone, *moved in product(
        range(joined + 1), range(left + 1), range(changed + 1), range(changed + 1)
    ):
        stayed = before - left - sum(moved)
        for yes in range(stayed + 1) if sum(moved) <= changed else ():
            world = _World(
                (yes, stayed - yes), (gone, left - gone), (new, joined - new), (moved[0], moved[1])
            )
            if all(map(_agrees, rows, world.rows)):
                yield world


def _agrees(row: PublishedRow, counts: tuple[int, int]) -> bool:
    return all(cell.lo <= found <= cell.hi for cell, found in zip(row.cells, counts, strict=True))


@given(world=_worlds(), exact=st.tuples(st.booleans(), st.booleans()))
def test_whatever_may_stand_beside_proves_nothing_of_anybody_over_all_that_may_have_happened(
    world: _World, exact: tuple[bool, bool]
) -> None:
    earlier, later = map(_row, world.rows, exact)
    if not tells_nothing_new(earlier, later, WAVES, SMALL.threshold):
        return
    rows = earlier.row, later.row
    joined = next(found for found in count() if any(_explain(rows, found, 0)))
    if joined > WAVES.turnover_percent * later.row.base.hi // 100:
        return
    changed = ceil(WAVES.changed_percent * (later.row.base.lo - joined) / 100)

    worlds = list(_explain(rows, joined, changed))

    for people in ([world.joined for world in worlds], [world.left for world in worlds]):
        # Where there is anybody, one may have said yes and one may have said no.
        assert not any(people[0]) or (any(yes for yes, _ in people) and any(no for _, no in people))
    for number, row in enumerate(rows):
        assert all(
            _is_whole(cell, {found.rows[number][at] for found in worlds}) for at, cell in enumerate(row.cells)
        )


def _is_whole(cell: Interval, found: set[int]) -> bool:
    """Whether none is as possible as one; nothing is asked where the cell, or the rest, is surely more."""
    return cell.is_exact or cell.lo >= SMALL.threshold or {0, 1} <= found or min(found) >= SMALL.threshold


def _row(counts: tuple[int, int], exactly: bool) -> WaveRow:
    base = sum(counts)
    ladder = bands(base, SMALL.threshold)
    cells = tuple(Interval(found, found) if exactly else band_of(found, ladder) for found in counts)
    return WaveRow((YES, NO), PublishedRow(None, None, Interval(base, base), cells), multiple=False)


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


def published(*, a: int, b: int, silent: int = 0) -> Release:
    """A release in which so many more were invited than answered."""
    rows = [{"q": "a"}] * a + [{"q": "b"}] * b + [{}] * 6
    release = released(answered(ASKED, rows))
    everybody = release.participation.model_copy(update={"invited": len(rows) + silent})
    return release.model_copy(update={"participation": everybody})


def beside_earlier(later: Release, *earlier: Release, lasting: Sequence[str] = ()) -> Release:
    plan = publication_plan(ASKED, breakdowns=(), open_wave=False)
    past = [WithUnits(release) for release in earlier]
    return beside_others(WithUnits(later), past, plan, POLICY, lambda _: Remade(later, ()), lasting)


def test_a_release_that_tells_of_a_newcomer_beside_the_last_one_hides_the_table() -> None:
    first, second = published(a=12, b=18), published(a=13, b=18)
    assert [table.id for table in first.tables] == [table.id for table in second.tables] == ["q"]

    shown = beside_earlier(second, first, lasting=["q"])

    assert [(table.id, table.is_hidden) for table in shown.tables] == [("q", True)]
    assert (shown.ledger.forms, shown.ledger.left_out) == ({"q": "hidden"}, ())
    # What is left is still a release, byte for byte.
    assert from_bytes(to_bytes(shown)) == shown


def test_what_is_refused_looks_as_if_the_wave_by_itself_had_refused_it() -> None:
    """Table, left_out and ledger; and what is broken down of it, which adds up to it, goes with it."""
    seen = questionnaire(single("tone", "a", "b"), single("seen", "no", "yes", sensitive=True))
    plan = publication_plan(seen, breakdowns=("unit",), open_wave=False)

    def asked(*yes: int) -> Release:
        rows = [
            (unit, number % 2, int(number < those)) for unit, those in enumerate(yes) for number in range(24)
        ]
        opened = OpenedWave(seen, tuple("uvw"[: len(yes)]), np.array(rows, np.int32))
        return make_release(opened, plan, POLICY, provenance(opened))

    by_itself = asked(17)
    units = [Unit(id=name, name=name, parent=None, headcount=24) for name in "u"]
    second, first = WithUnits(asked(6), units), WithUnits(asked(2), units)
    own = by_itself.table("seen")
    assert own is not None
    assert own.is_hidden

    shown = beside_others(second, [first], plan, POLICY, lambda _: Remade(second.release, ()))

    refused = shown.model_copy(update={"tables": by_itself.tables, "ledger": by_itself.ledger})
    assert to_bytes(shown) == to_bytes(refused)


def test_it_keeps_the_table_if_people_may_think_otherwise_or_may_have_answered_once() -> None:
    first, second = published(a=12, b=18), published(a=13, b=18)
    some_silent = published(a=12, b=18, silent=1), published(a=13, b=18, silent=1)

    assert beside_earlier(second, first) is second
    # One who said yes had not answered the first time, another not the second.
    assert beside_earlier(some_silent[1], some_silent[0], lasting=["q"]) is some_silent[1]
    refused = beside_earlier(some_silent[1], first, lasting=["q"])
    assert [table.is_hidden for table in refused.tables] == [True]


def test_a_release_beside_none_and_beside_the_same_stays_as_it_is() -> None:
    first = published(a=12, b=18)

    assert beside_earlier(first) is first
    assert beside_earlier(first, first) is first


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
            # What its organisation's next one is compared with, by the names of its units.
            (past,) = alliance.custody._earlier(Wave(id="the next", organisation_id=organisation))
            assert past.release == from_bytes(content)
            promised = manifests.from_bytes(WaveRegistry(session).wave(ballot.wave).manifest or b"")
            assert past.units == promised.units
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
