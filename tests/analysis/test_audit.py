"""The audit held to all sets of respondents of small organisations."""

from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure.audit import Audit
from analysis.disclosure.blocks import AuditedTable, Block, blocks_of
from analysis.disclosure.forms import band_of, bands
from analysis.disclosure.program import NotProvenError
from analysis.disclosure.respondents import Respondents
from analysis.disclosure.scene import Shown
from analysis.measures import measures_of
from analysis.tables import Interval
from questionnaires.model import Questionnaire
from tests.analysis.oracle import Small
from tests.analysis.rosters import SMALL, definition, multi, questionnaire, single

PEOPLE = 8
WITNESSED = {"witnessed": {"items": ["seen"], "in": ["once"]}}
FAMILIES = {
    "one choice": questionnaire(single("act", "never", "once", "often", sensitive=True)),
    "several choices": questionnaire(multi("kinds", "none", "a", "b", exclusive=["none"])),
    "two acts and any act": questionnaire(
        single("b11_favours", "never", "once"), single("b12_pressure_force", "never", "once")
    ),
    "dialogue": questionnaire(
        single("k04_dialogue", "more", "once", "no", missing={"dk": "dont_know"}),
    ),
    "routed": questionnaire(
        single("seen", "never", "once", sensitive=True),
        multi("did", "spoke", "told", sensitive=True, show_if="witnessed"),
        conditions=WITNESSED,
    ),
}


def audited(asked: Questionnaire, people: int = PEOPLE, threshold: int = 2) -> tuple[Audit, Block]:
    small = Small(asked, SMALL)
    measures = measures_of(asked)
    tables = [AuditedTable(t.id, measures[t.item], t.alternatives[-1]) for t in small.plan.tables]
    blocks = blocks_of(asked, tables)
    audit = Audit(Respondents(asked, small.counted, blocks), people, threshold)
    return audit, next(block for block in blocks if block.parent is None)


def in_bands(small: Small, raw: np.ndarray) -> dict[str, Shown]:
    """A publication in narrow bands; a routed base within two of the truth."""
    tables = small.plan.tables
    shown, place = {}, 0
    for table, base in zip(tables, raw[-len(tables) :].tolist(), strict=True):
        cells = raw[place : place + len(table.alternatives[-1])].tolist()
        place += len(cells)
        known = (
            Interval(PEOPLE, PEOPLE) if base == PEOPLE else Interval(max(base - 2, 0), min(base + 2, PEOPLE))
        )
        if known.hi >= 2 * SMALL.threshold:
            ladder = bands(known.hi, SMALL.threshold)
            shown[table.id] = Shown(known, tuple(band_of(cell, ladder) for cell in cells))
    return shown


def consistent(small: Small, raws: np.ndarray, shown: Mapping[str, Shown]) -> np.ndarray:
    """The raw tables that agree with everything shown."""
    fits = np.ones(len(raws), np.bool_)
    for place, bounds in _columns(small, shown):
        fits &= (raws[:, place] >= bounds.lo) & (raws[:, place] <= bounds.hi)
    return raws[fits]


def _columns(small: Small, shown: Mapping[str, Shown]) -> Iterator[tuple[int, Interval]]:
    tables, place = small.plan.tables, 0
    for number, table in enumerate(tables):
        for cell in range(len(table.alternatives[-1])):
            if table.id in shown:
                yield place + cell, shown[table.id].cells[cell]
        place += len(table.alternatives[-1])
        if table.id in shown:
            yield number - len(tables), shown[table.id].base


@pytest.mark.parametrize("name", FAMILIES)
@settings(max_examples=25)
@given(data=st.data())
def test_ranges_are_those_of_all_sets_of_respondents_that_fit(name: str, data: st.DataObject) -> None:
    small = Small(FAMILIES[name], SMALL)
    audit, root = audited(FAMILIES[name])
    raws = RAWS.setdefault(name, small.raw_tables(PEOPLE))
    shown = in_bands(small, raws[data.draw(st.integers(0, len(raws) - 1))])

    ranges = audit.ranges(root, shown)

    fitting = consistent(small, raws, shown)
    place = 0
    for table in small.plan.tables:
        width = len(table.alternatives[-1])
        if table.id in shown:
            columns = fitting[:, place : place + width]
            true = [
                Interval(int(column.min()), int(column.max()))
                for column, cell in zip(columns.T, shown[table.id].cells, strict=True)
                if not cell.is_exact
            ]
            assert list(ranges[table.id]) == true
        place += width


RAWS: dict[str, np.ndarray] = {}


@pytest.mark.parametrize("name", FAMILIES)
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_called_safe_leaves_every_cell_open(name: str, data: st.DataObject) -> None:
    small = Small(FAMILIES[name], SMALL)
    audit, root = audited(FAMILIES[name])
    raws = RAWS.setdefault(name, small.raw_tables(PEOPLE))
    shown = in_bands(small, raws[data.draw(st.integers(0, len(raws) - 1))])

    if not audit.is_safe(root, shown):
        return

    for what, least, most in small.told(consistent(small, raws, shown)):
        if what.split(":")[0] in shown:
            assert least >= SMALL.threshold or (least == 0 and most >= SMALL.threshold - 1), what


def exact(*cells: int, base: int | None = None) -> Shown:
    people = sum(cells) if base is None else base
    return Shown(Interval(people, people), tuple(Interval(cell, cell) for cell in cells))


def at_work(people: int, item: str) -> tuple[Audit, Block]:
    """The workplace questionnaire's audit at the policy's threshold, and the block that an item stands in."""
    audit, _ = audited(definition("workplace"), people, threshold=5)
    return audit, next(block for block in audit.respondents.blocks if item in block.items)


def test_a_small_difference_of_two_exact_counts_is_found() -> None:
    audit, acts = at_work(60, "b01_degrading_talk")
    any_act = {"I01_exposure_any": exact(25, 30, 5)}

    assert audit.is_safe(acts, any_act)
    assert audit.is_safe(acts, any_act | {"b01_degrading_talk": exact(32, 20, 8)})
    # 30 of 60 met no act at all and 27 met this one: the other 3 met something else, or said too little.
    assert not audit.is_safe(acts, any_act | {"b01_degrading_talk": exact(28, 27, 5)})


def test_an_act_shown_in_bands_beside_an_exact_total_is_no_better() -> None:
    audit, acts = at_work(60, "b01_degrading_talk")
    whole = Interval(60, 60)
    act = Shown(whole, (Interval(0, 60), Interval(25, 29), Interval(5, 9)))

    assert not audit.is_safe(acts, {"I01_exposure_any": exact(25, 30, 5), "b01_degrading_talk": act})


def test_a_mean_narrows_what_an_indexs_parts_leave_open() -> None:
    audit, leaders = at_work(40, "l01_leader_clear")
    whole = Interval(40, 40)
    cells = (Interval(36, 40), Interval(0, 4), Interval(0, 4), Interval(0, 4))

    assert audit.is_safe(leaders, {"I13_leader_index": Shown(whole, cells, mean=90)})
    # All who have a score have the highest: nobody is neutral or unfavourable.
    assert not audit.is_safe(leaders, {"I13_leader_index": Shown(whole, cells, mean=100)})


def test_what_nobody_could_have_answered_is_not_safe() -> None:
    audit, root = audited(FAMILIES["one choice"])
    impossible = {"act": exact(5, 5, 5, 5, base=PEOPLE)}
    open_too = {
        "act": Shown(Interval(8, 8), (Interval(0, 1), Interval(0, 1), Interval(0, 1), Interval(0, 1)))
    }

    assert not audit.is_safe(root, impossible | open_too)
    with pytest.raises(NotProvenError):
        audit.ranges(root, open_too)


def test_nothing_shown_leaves_everything_open() -> None:
    audit, root = audited(FAMILIES["routed"])

    assert audit.is_safe(root, {})
    assert audit.ranges(root, {}) == {}


def test_how_many_were_led_to_an_item_follows_from_the_answers_that_lead_there() -> None:
    audit, root = audited(FAMILIES["routed"])
    routed = next(block for block in audit.respondents.blocks if block.parent is root)
    whole = Interval(8, 8)

    assert audit.asked(routed, {}) == (0, 8)
    assert audit.asked(routed, {"seen": exact(3, 3, 2)}) == (3, 3)
    assert audit.asked(routed, {"seen": Shown(whole, (Interval(0, 8), Interval(2, 3), Interval(0, 1)))}) == (
        2,
        3,
    )


def test_one_pass_over_several_answers_for_many_numbers_at_once() -> None:
    audit, root = audited(FAMILIES["several choices"])
    shown = Shown(Interval(8, 8), (Interval(2, 3), Interval(2, 3), Interval(2, 3), Interval(2, 3)))

    assert audit.ranges(root, {"kinds": shown})["kinds"] == ((2, 3), (2, 3), (2, 3), (2, 3))
