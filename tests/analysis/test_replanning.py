"""Plans found again by their digests, and releases from which something that was planned was taken."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from analysis.disclosure.public import Doubt, Finding
from analysis.plan import publication_plan
from analysis.release import LeftOutFact, Release
from analysis.replanning import plan_of, untold
from questionnaires.model import Questionnaire
from tests.analysis.rosters import definition, questionnaire, released, single, wave
from tests.attacks import test_release_roster as in_units

WORKPLACE = definition("workplace")
OWN = questionnaire(single("tone", "good", "bad"), single("act", "no", "yes", sensitive=True))


def of(asked: Questionnaire, breakdowns: Sequence[str], *, named: bool = True) -> Release:
    """A release of twelve who left all blank, that says nothing but which tables of a plan were left out."""
    plan = publication_plan(asked, breakdowns=breakdowns, open_wave=False)
    release = released(wave(asked, [{}] * 12))
    left_out = tuple(LeftOutFact(table=table.id, reason="base") for table in plan.tables)
    ledger = {"plan": plan.digest, "left_out": left_out if named else (), "forms": {}, "ranges": {}}
    return release.model_copy(update={"tables": (), "ledger": release.ledger.model_copy(update=ledger)})


def without(release: Release, *names: str) -> Release:
    left_out = tuple(fact for fact in release.ledger.left_out if fact.table not in names)
    return release.model_copy(
        update={
            "tables": tuple(table for table in release.tables if table.id not in names),
            "ledger": release.ledger.model_copy(update={"left_out": left_out}),
        }
    )


def doubts(release: Release, asked: Questionnaire) -> set[tuple[str, Doubt]]:
    plan = plan_of(release, asked)
    assert plan is not None
    assert plan.digest == release.ledger.plan
    return {(finding.table, finding.doubt) for finding in untold(release, plan)}


@pytest.mark.parametrize(
    ("breakdowns", "named"),
    [
        ((), True),
        (("d01_gender", "unit"), True),
        (("d05_external_contact", "d04_tenure", "d01_gender", "unit"), True),
        ((), False),
        (("unit",), False),
        (("d03_role", "unit", "d01_gender"), False),
    ],
)
def test_a_plan_is_found_whatever_its_breakdowns_and_their_order(
    breakdowns: Sequence[str],
    named: bool,
) -> None:
    release = of(WORKPLACE, breakdowns, named=named)

    plan = plan_of(release, WORKPLACE)

    assert plan == publication_plan(WORKPLACE, breakdowns=breakdowns, open_wave=False)
    assert bool(list(untold(release, plan))) is not named


def test_a_release_by_group_tells_of_all_that_was_planned() -> None:
    release = in_units.released(in_units.invented(75, 2))

    assert any(table.by for table in release.tables)
    assert doubts(release, in_units.ASKED) == set()


def test_a_table_that_is_taken_out_is_found_wherever_it_stood() -> None:
    release = in_units.released(in_units.invented(75, 2))
    shown = next(table.id for table in release.tables if table.by)
    left_out = release.ledger.left_out[0].table

    assert doubts(without(release, shown), in_units.ASKED) == {(shown, Doubt.MISSING)}
    assert doubts(without(release, left_out), in_units.ASKED) == {(left_out, Doubt.MISSING)}


def test_what_was_never_planned_is_not_left_out_and_nothing_twice() -> None:
    release = of(OWN, ())
    other, tone = LeftOutFact(table="other", reason="base"), release.ledger.left_out[0]
    left_out = (*release.ledger.left_out, other, tone)
    more = release.model_copy(update={"ledger": release.ledger.model_copy(update={"left_out": left_out})})

    assert doubts(more, OWN) == {("other", Doubt.PLAN), (tone.table, Doubt.TWICE)}


def test_a_plan_of_another_making_is_not_found() -> None:
    release = of(OWN, ())
    ledger = release.ledger.model_copy(update={"plan": "0" * 64})

    assert plan_of(release.model_copy(update={"ledger": ledger}), OWN) is None
    assert plan_of(of(WORKPLACE, ()), OWN) is None


def test_a_finding_names_the_table_as_a_whole() -> None:
    release = of(OWN, (), named=False)
    plan = plan_of(release, OWN)
    assert plan is not None

    assert list(untold(release, plan)) == [
        Finding(table.id, None, None, Doubt.MISSING) for table in plan.tables
    ]
