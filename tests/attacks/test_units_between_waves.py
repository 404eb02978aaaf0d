"""
A steward who lists the units otherwise, so that a later wave is compared with strangers, or with nobody.

The steward writes the list of either wave, and may know what the earlier one has shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from itertools import permutations

import numpy as np
import pytest

from analysis.differencing import Remade, WithUnits, beside
from analysis.pipeline import make_again, make_release
from analysis.plan import PublicationPlan, publication_plan
from analysis.release import Release, Table
from analysis.tables import LEFT_BLANK, OpenedWave
from policy import POLICY
from questionnaires.digest import canonical_bytes
from questionnaires.model import Questionnaire
from survey.custody.directory import CustodyError
from survey.custody.releasing import with_units
from survey.storage.models import Wave
from survey.waves import manifest as manifests
from survey.waves.unit_tree import units_from_text
from tests.analysis.rosters import provenance, questionnaire, single
from tests.survey.waves.manifests import right

SEEN = questionnaire(single("seen", "no", "yes", sensitive=True))
Answers = Mapping[str, tuple[int, int]]
"""Unit → how many answered, and how many of them said yes; one left it blank."""

BEFORE: Answers = {"Kitchen": (24, 2), "Stage": (60, 2), "House": (30, 2)}
# Five to nine of the kitchen said yes by now, and the organisation's own row is as it was.
AFTER: Answers = {"Kitchen": (24, 6), "Stage": (60, 1), "House": (30, 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(WithUnits):
    """A wave with what it was made from."""

    opened: OpenedWave


def asked(units: str, answers: Answers, of: Questionnaire = SEEN) -> Asked:
    """A wave whose steward typed these units."""
    listed = units_from_text(units)
    rows = [
        (place, answer)
        for place, unit in enumerate(listed)
        for people, yes in [answers.get(unit.name, (0, 0))]
        for answer in ([1] * yes + [LEFT_BLANK] + [0] * (people - yes - 1) if people else [])
    ]
    ids, parents = tuple(unit.id for unit in listed), tuple(unit.parent for unit in listed)
    opened = OpenedWave(of, ids, np.array(rows, np.int32), parents)
    return Asked(make_release(opened, plan_of(of), POLICY, provenance(opened)), listed, opened=opened)


def plan_of(asked: Questionnaire) -> PublicationPlan:
    return publication_plan(asked, breakdowns=("unit",), open_wave=False)


def listed(answers: Answers) -> str:
    return "\n".join(f"{name}; {people}" for name, (people, _) in answers.items())


def beside_others(later: Asked, *earlier: WithUnits) -> Release:
    plan = plan_of(later.opened.questionnaire)
    again = partial(make_again, later.opened, plan, POLICY, provenance(later.opened))
    return beside(later, earlier, plan, POLICY, again)


def shown(later: Asked, *earlier: WithUnits) -> Table | None:
    """The table by unit, which the audit of the later wave by itself had shown."""
    assert later.release.table("seen.unit") is not None
    return beside_others(later, *earlier).table("seen.unit")


PLAN = plan_of(SEEN)
FIRST = asked(listed(BEFORE), BEFORE)


@pytest.mark.parametrize("order", [*permutations(AFTER)])
def test_a_unit_is_found_again_wherever_it_stands_in_the_list(order: Sequence[str]) -> None:
    assert shown(asked(listed({name: AFTER[name] for name in order}), AFTER), FIRST) is None


def test_a_list_in_another_order_is_still_shown_where_nothing_is_told() -> None:
    backwards = asked(listed(dict(reversed(list(BEFORE.items())))), BEFORE)

    assert shown(backwards, FIRST) == backwards.release.table("seen.unit")


@pytest.mark.parametrize(
    ("units", "others"),
    [
        # One is inserted before it.
        ("Bar; 25\nKitchen; 24\nStage; 60\nHouse; 30", {"Bar": (25, 2)}),
        # It is written otherwise.
        ("House; 30\n  KITCHEN ; 24\nStage; 60", {"KITCHEN": AFTER["Kitchen"]}),
    ],
)
def test_a_unit_is_found_again_in_another_list(units: str, others: Answers) -> None:
    assert shown(asked(units, {**AFTER, **others}), FIRST) is None


def test_a_unit_that_was_renamed_is_compared_with_what_is_missing() -> None:
    renamed = {"The kitchen": AFTER["Kitchen"], "Stage": AFTER["Stage"], "House": AFTER["House"]}

    assert shown(asked(listed(renamed), renamed), FIRST) is None
    # If all are, each may be any that is as large.
    renamed = {f"Team {name}": answers for name, answers in AFTER.items()}
    assert shown(asked(listed(renamed), renamed), FIRST) is None


@pytest.mark.parametrize("kept", [1, 24])
def test_a_name_that_is_kept_on_the_list_for_nobody_does_not_hide_that_its_people_bear_another(
    kept: int,
) -> None:
    renamed = {"The kitchen": AFTER["Kitchen"], "Stage": AFTER["Stage"], "House": AFTER["House"]}

    assert shown(asked(f"{listed(renamed)}\nKitchen; {kept}", renamed), FIRST) is None


def test_a_new_unit_and_a_closed_one_cost_no_table() -> None:
    added = {**BEFORE, "Bar": (25, 7)}
    closed = {name: BEFORE[name] for name in ("Kitchen", "Stage")}

    for later in (added, closed):
        found = asked(listed(later), later)
        assert shown(found, FIRST) == found.release.table("seen.unit")


def test_a_unit_that_closed_is_not_one_twice_its_size_that_opened() -> None:
    others = {"Bar": (60, 2), "Stage": BEFORE["Stage"], "House": BEFORE["House"]}
    found = asked(listed(others), others)

    assert shown(found, FIRST) == found.release.table("seen.unit")


def test_a_unit_with_too_few_answers_this_time_is_no_other_that_had_too_few_last_time() -> None:
    before = {**BEFORE, "Bar": (18, 2)}
    after = {"Kitchen": (18, 1), "Bar": (25, 5), "Stage": (60, 1), "House": (30, 1)}
    units = "Kitchen; 24\nBar; 25\nStage; 60\nHouse; 30"
    found = asked(units, after)

    assert shown(found, asked(units, before)) == found.release.table("seen.unit")


def test_groups_of_another_rung_are_compared_with_any_as_large() -> None:
    planned = [replace(table, id="seen.age", by="age") if table.by else table for table in PLAN.tables]
    of_age = PublicationPlan(tuple(planned))
    earlier, later = (
        by_age(FIRST, "u25", "u40", "o40"),
        by_age(asked(listed(AFTER), AFTER), "young", "mid", "old"),
    )
    assert later.release.table("seen.age") is not None

    def others(wave: WithUnits) -> Release:
        return beside(wave, [earlier], of_age, POLICY, lambda _: Remade(wave.release, ()))

    assert others(later).table("seen.age") is None
    # Of those as large as one another none has other bands.
    few = by_age(asked("Kitchen; 24\nStage; 60", BEFORE), "young", "old")
    assert others(few) == few.release


def test_no_range_tells_what_was_refused() -> None:
    """Of fifteen to nineteen of two units that are shown with nine each are eighteen."""
    of = questionnaire(single("seen", "no", "yes"))
    first, second = ({"Kitchen": (24, yes), "Stage": (24, yes)} for yes in (2, 9))
    later = asked(listed(second), second, of)
    assert later.release.ledger.ranges["seen"][1] == (18, 18)

    found = beside_others(later, asked(listed(first), first, of))

    whole = publication_plan(of, breakdowns=(), open_wave=False)
    by_itself = make_release(later.opened, whole, POLICY, provenance(later.opened))
    assert found.tables == by_itself.tables
    assert found.ledger.ranges == by_itself.ledger.ranges
    assert [(fact.table, fact.reason) for fact in found.ledger.left_out] == [("seen.unit", "not_proven")]


def by_age(wave: WithUnits, *groups: str) -> WithUnits:
    """The same, as if the units were groups of a breakdown item."""
    release, units = wave.release, wave.release.table("seen.unit")
    assert units is not None
    rows = [row.model_copy(update={"group": group}) for row, group in zip(units.rows, groups, strict=True)]
    table = units.model_copy(update={"id": "seen.age", "by": "age", "rows": tuple(rows)})
    return WithUnits(release.model_copy(update={"tables": (table,)}))


def test_custody_takes_the_names_from_the_manifest_that_its_release_is_of() -> None:
    data = canonical_bytes(right())
    manifest = manifests.from_bytes(data)
    facts = FIRST.release.wave.model_copy(update={"manifest": sha256(data).hexdigest()})
    release = FIRST.release.model_copy(update={"wave": facts})

    assert with_units(release, Wave(id=manifest.wave, manifest=data)) == WithUnits(release, manifest.units)
    renamed = data.replace(b"Kaj", "Køk".encode())
    for other in (None, b"", renamed, data + b" "):
        with pytest.raises(CustodyError, match="restore the one that custody signed"):
            with_units(release, Wave(id=manifest.wave, manifest=other))
