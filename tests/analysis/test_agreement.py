"""What in a release cannot stand beside the rest of it: real releases, each changed in one place."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from analysis.agreement import as_asked, disagreements
from analysis.disclosure.public import Doubt
from analysis.release import Release, from_bytes, to_bytes
from policy import POLICY
from questionnaires.digest import canonical_bytes
from questionnaires.model import Questionnaire
from tests.analysis.rosters import definition, invented, released, wave
from tests.attacks import test_release_roster as in_units

WORKPLACE = definition("workplace")
ANY_ACT, COERCION, HANDLING = "I01_exposure_any", "I04_exposure_coercion", "I09_handling_score"

Written = dict[str, Any]
Change = Callable[[Written], None]


@cache
def of_everybody(people: int, mode: str = "invited") -> Release:
    return released(invented(WORKPLACE, people, seed=1), mode="open" if mode == "open" else "invited")


@cache
def by_groups() -> Release:
    return in_units.released(in_units.invented(75, 2))


def changed(release: Release, change: Change) -> Release:
    written = json.loads(to_bytes(release))
    change(written)
    return from_bytes(canonical_bytes(written))


def doubts(
    release: Release, questionnaire: Questionnaire | None, **raised: int
) -> set[tuple[str, str | None, Doubt]]:
    found = disagreements(release, POLICY.raised(raised), questionnaire)
    return {(finding.table, finding.group, finding.doubt) for finding in found}


def table(written: Written, table_id: str) -> Written:
    found: Written = next(each for each in written["tables"] if each["id"] == table_id)
    return found


def form(table_id: str, name: str) -> Change:
    return lambda written: written["ledger"]["forms"].update({table_id: name})


def like(table_id: str, other: str, **fields: object) -> Change:
    """Another table of the same figures."""

    def change(written: Written) -> None:
        made = {**json.loads(json.dumps(table(written, other))), "id": table_id, "item": table_id, **fields}
        written["tables"].append(made)
        ledger = written["ledger"]
        ledger["left_out"] = [each for each in ledger["left_out"] if each["table"] != table_id]
        ledger["forms"][table_id] = ledger["forms"][other]
        if other in ledger["ranges"]:
            ledger["ranges"][table_id] = ledger["ranges"][other]

    return change


def exactly(table_id: str, *counts: list[int]) -> Change:
    """The rows' cells as exact numbers."""

    def change(written: Written) -> None:
        for row, cells in zip(table(written, table_id)["rows"], counts, strict=True):
            row["cells"] = [[count, count] for count in cells]
        written["ledger"]["ranges"].pop(table_id, None)
        written["ledger"]["forms"][table_id] = "exact"

    return change


@pytest.mark.parametrize("people", [12, 40, 230])
@pytest.mark.parametrize("mode", ["invited", "open"])
def test_releases_as_they_are_made_agree(people: int, mode: str) -> None:
    assert doubts(of_everybody(people, mode), WORKPLACE) == set()
    assert doubts(of_everybody(people, mode), None) == set()


def test_a_release_by_group_agrees() -> None:
    assert any(table.by for table in by_groups().tables)
    assert doubts(by_groups(), in_units.ASKED) == set()
    assert doubts(by_groups(), None) == set()


@pytest.mark.parametrize("name", ["exact", "wide_bands", "hidden"])
def test_a_form_of_the_ledger_that_the_cells_have_not_is_found(name: str) -> None:
    release = of_everybody(40)
    assert release.ledger.forms[ANY_ACT] == "bands"

    found = doubts(changed(release, form(ANY_ACT, name)), None)

    assert found == {(ANY_ACT, None, Doubt.LEDGER_FORM)}


def test_a_base_over_the_counted_is_found_without_the_questionnaire() -> None:
    def change(written: Written) -> None:
        written["participation"] |= {"counted": 39, "received": 40}

    found = doubts(changed(of_everybody(40), change), None)

    whole = {each.id for each in of_everybody(40).tables if each.rows[0].base == (40, 40)}
    assert found == {("list", None, Doubt.LIST)} | {(table_id, None, Doubt.COUNTED) for table_id in whole}


def test_a_base_under_the_counted_is_found_by_who_was_asked() -> None:
    def change(written: Written) -> None:
        written["participation"] |= {"counted": 41, "received": 42}
        written["list"]["count"] = 41

    release = changed(of_everybody(40), change)

    assert doubts(release, None) == set()
    assert (ANY_ACT, None, Doubt.COUNTED) in doubts(release, WORKPLACE)


def test_groups_that_are_more_than_the_counted_are_found() -> None:
    def change(written: Written) -> None:
        written["participation"] |= {"counted": 60, "received": 61}
        written["list"]["count"] = 60

    release = changed(by_groups(), change)

    assert {(each.id, None, Doubt.COUNTED) for each in release.tables if each.by} <= doubts(release, None)


@pytest.mark.parametrize(("listed", "is_found"), [(3, True), (39, True), (40, False), (41, True)])
def test_a_list_of_fewer_or_more_than_there_can_be_is_found(listed: int, is_found: bool) -> None:
    release = changed(of_everybody(40), lambda written: written["list"].update(count=listed))

    assert doubts(release, WORKPLACE) == ({("list", None, Doubt.LIST)} if is_found else set())


@pytest.mark.parametrize(
    ("table_id", "kind"),
    [
        (COERCION, "indicator"),
        ("I02_exposure_gender_harassment", "indicator"),
        ("b01_degrading_talk", "item"),
    ],
)
def test_what_is_shown_of_more_people_only_is_found(table_id: str, kind: str) -> None:
    release = changed(of_everybody(40), like(table_id, ANY_ACT, kind=kind))

    assert (table_id, None, Doubt.FEW) in doubts(release, WORKPLACE)


def test_who_was_heard_is_for_many_whatever_was_asked() -> None:
    release = changed(of_everybody(40), like(HANDLING, ANY_ACT))

    assert doubts(release, None) == {(HANDLING, None, Doubt.FEW)}


def test_numbers_that_the_wave_raised_hold() -> None:
    sensitive = {ANY_ACT, "I05_self_labelled", "I06_witnessed", "s01_self_label", "w01_witnessed"}
    shown = {each.id for each in of_everybody(25).tables}

    assert doubts(of_everybody(25), WORKPLACE, sensitive=40) == {
        (table_id, None, Doubt.FEW) for table_id in sensitive & shown
    }
    assert ANY_ACT in shown
    everything = {(table_id, None, Doubt.FEW) for table_id in shown}
    assert doubts(of_everybody(25), None, opening=30) == everything
    assert doubts(of_everybody(25), None, general=30) == everything
    assert doubts(of_everybody(25), None, open_wave=50) == set()
    assert doubts(of_everybody(40, "open"), None, open_wave=50) != set()
    routed = [each for each in of_everybody(230).tables if each.rows[0].base != (230, 230)]
    assert routed
    assert {(each.id, None, Doubt.FEW) for each in routed} <= doubts(
        of_everybody(230), WORKPLACE, routed_base=200
    )


def test_groups_smaller_than_a_sensitive_item_is_shown_of_are_found() -> None:
    def change(written: Written) -> None:
        part = {"base": [12, 12], "cells": [[0, 12], [0, 4], [0, 4]], "parent": None}
        rows = [{"group": "a", **part}, {"group": "b", **part}]
        like(f"{ANY_ACT}.unit", ANY_ACT, item=ANY_ACT, by="unit", rows=rows)(written)
        written["ledger"]["ranges"][f"{ANY_ACT}.unit"] = [[0, 12], [0, 4], [0, 4]] * 2

    release = changed(of_everybody(40), change)

    assert doubts(release, WORKPLACE) == {
        (f"{ANY_ACT}.unit", "a", Doubt.FEW),
        (f"{ANY_ACT}.unit", "b", Doubt.FEW),
    }
    assert doubts(release, None) == set()


def test_sensitive_answers_by_group_in_exact_numbers_are_found() -> None:
    def change(written: Written) -> None:
        rows = [{"group": "a", "parent": None, "base": [30, 30], "cells": []}]
        like(f"{ANY_ACT}.unit", ANY_ACT, item=ANY_ACT, by="unit", rows=rows)(written)
        exactly(f"{ANY_ACT}.unit", [10, 15, 5])(written)

    assert doubts(changed(of_everybody(40), change), WORKPLACE) == {(f"{ANY_ACT}.unit", "a", Doubt.SENSITIVE)}


def test_a_table_that_no_plan_has_is_found() -> None:
    release = of_everybody(40)

    def by(name: str) -> Release:
        new = f"{ANY_ACT}.{name}"
        return changed(release, like(new, ANY_ACT, item=ANY_ACT, by=name))

    assert (f"{ANY_ACT}.c01", None, Doubt.PLAN) in doubts(by("c01"), WORKPLACE)
    assert ("other", None, Doubt.PLAN) in doubts(changed(release, like("other", ANY_ACT)), WORKPLACE)
    renamed = changed(release, like("k02_contact.unit", ANY_ACT, item="k02_contact", by=None))
    assert ("k02_contact.unit", None, Doubt.PLAN) in doubts(renamed, WORKPLACE)


def test_an_open_wave_and_what_is_for_many_have_no_groups() -> None:
    rows = [{"group": "a", "parent": None, "base": [40, 40], "cells": [[0, 4], [0, 40], [0, 4]]}]
    in_an_open_wave = changed(
        of_everybody(40, "open"), like(f"{ANY_ACT}.unit", ANY_ACT, item=ANY_ACT, by="unit", rows=rows)
    )
    of_many = changed(of_everybody(230), like("other", ANY_ACT, item=HANDLING, by="unit"))

    for asked in (WORKPLACE, None):
        assert (f"{ANY_ACT}.unit", None, Doubt.PLAN) in doubts(in_an_open_wave, asked)
    assert ("other", None, Doubt.PLAN) in doubts(of_many, None)


def test_other_options_than_the_questionnaire_has_are_found() -> None:
    def renamed(written: Written) -> None:
        table(written, ANY_ACT)["options"][0]["codes"] = ["no"]

    def several(written: Written) -> None:
        table(written, ANY_ACT)["multiple"] = True

    for change in (renamed, several):
        found = doubts(changed(of_everybody(40), change), WORKPLACE)

        assert found == {(ANY_ACT, None, Doubt.OPTIONS)}
    assert ("c01_taken_seriously", None, Doubt.OPTIONS) in doubts(
        of_everybody(230), WORKPLACE, all_options=300
    )


def opened(table_id: str, *places: int) -> Change:
    """Cells of the organisation's row hidden beside the others."""

    def change(written: Written) -> None:
        (row,) = table(written, table_id)["rows"]
        for place in places:
            row["cells"][place] = [0, row["base"][1]]

    return change


@pytest.mark.parametrize(
    ("people", "table_id", "places"),
    [
        (40, "I12_safety_index", [1]),
        (40, "c02_safe_to_tell", [0, 1]),
        (40, "n01_needs", [2]),
        (40, ANY_ACT, [0, 1]),
        (230, "s01_self_label", [1]),
    ],
)
def test_cells_hidden_where_the_policy_leaves_none_open_are_found(
    people: int, table_id: str, places: list[int]
) -> None:
    of_table = of_everybody(people).table(table_id)
    assert of_table is not None

    found = doubts(changed(of_everybody(people), opened(table_id, *places)), WORKPLACE)

    assert (table_id, None, Doubt.LONE) in found


def test_one_cell_may_be_open_where_what_is_left_tells_that_nothing_happened() -> None:
    rows = [row.cells for each in of_everybody(40).tables if each.item == ANY_ACT for row in each.rows]

    assert [cells.count((0, 40)) for cells in rows] == [1]
    assert doubts(of_everybody(40), WORKPLACE) == set()


def test_a_questionnaire_is_known_by_its_digest_whole_or_in_sections() -> None:
    sections = [section.id for section in WORKPLACE.sections][:2]
    part = WORKPLACE.with_sections(sections)
    of_part = released(wave(part, [{}] * 12)).questionnaire
    of_other = of_part.model_copy(update={"sections": ("nothing",), "digest": "0" * 64})

    assert as_asked(WORKPLACE, of_everybody(40).questionnaire) is WORKPLACE
    assert as_asked(WORKPLACE, of_part) == part
    assert as_asked(definition("education"), of_part) is None
    assert as_asked(WORKPLACE, of_other) is None
