import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from analysis.pipeline import make_release
from analysis.plan import PlanError, PublicationPlan, publication_plan
from analysis.release import ReleaseError, to_bytes
from analysis.tables import OpenedWave
from policy import POLICY
from tests.analysis.rosters import (
    NAMES,
    definition,
    invented,
    multi,
    provenance,
    questionnaire,
    released,
    single,
    wave,
)

ASKED = questionnaire(single("tone", "good", "bad"), multi("help", "talk", "rules"))


def small() -> OpenedWave:
    return wave(ASKED, [{"tone": tone, "help": ["talk"]} for tone in ("good", "bad", "good", "") * 8])


@pytest.mark.parametrize(("name", "people"), [(NAMES[0], 45), (NAMES[1], 210), (NAMES[2], 24)])
def test_the_same_responses_in_another_order_give_the_same_bytes(name: str, people: int) -> None:
    opened = invented(definition(name), people, seed=6)
    shuffled = np.random.default_rng(2).permutation(opened.answers)

    first = to_bytes(released(opened))

    assert to_bytes(released(OpenedWave(opened.questionnaire, opened.units, shuffled))) == first


PRINT_DIGEST = """
from hashlib import sha256
from analysis.release import to_bytes
from tests.analysis.rosters import definition, invented, released
print(sha256(to_bytes(released(invented(definition("workplace"), 45, seed=6)))).hexdigest())
"""


def test_another_process_that_orders_its_sets_otherwise_gives_the_same_bytes() -> None:
    def digest(seed: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."}
        return subprocess.check_output([sys.executable, "-c", PRINT_DIGEST], env=environment)

    assert digest("1") == digest("2")


def test_a_release_says_what_it_was_made_from_and_by_which_rules() -> None:
    opened = small()
    plan = publication_plan(ASKED, breakdowns=[], open_wave=False)

    release = make_release(opened, plan, POLICY.raised({"general": 12}), provenance(opened))

    assert release.participation.counted == 32
    assert release.questionnaire.sections == ("all",)
    assert (release.policy.version, release.policy.raised) == ("policy/1", {"general": 12})
    assert release.ledger.plan == plan.digest
    assert release.ledger.solver.name == "HiGHS"
    assert release.list.count == 32


def test_whoever_waits_for_a_release_is_told_how_far_it_is_and_nothing_of_the_answers() -> None:
    def told(seed: int) -> list[tuple[int, int]]:
        said: list[tuple[int, int]] = []
        opened = invented(definition("workplace"), 40, seed=seed)
        plan = publication_plan(opened.questionnaire, breakdowns=[], open_wave=False)
        make_release(opened, plan, POLICY, provenance(opened), lambda done, of: said.append((done, of)))
        return said

    said = told(seed=1)

    assert said == [(done, len(said)) for done in range(1, len(said) + 1)]
    assert len(said) > 5
    assert told(seed=2) == said


@pytest.mark.parametrize("name", NAMES)
def test_every_planned_table_is_shown_or_said_to_be_left_out_in_the_plans_order(name: str) -> None:
    opened = invented(definition(name), 60, seed=1)
    planned = [
        table.id for table in publication_plan(opened.questionnaire, breakdowns=[], open_wave=False).tables
    ]

    release = released(opened)

    shown, left_out = [t.id for t in release.tables], [fact.table for fact in release.ledger.left_out]
    assert sorted(shown + left_out) == sorted(planned)
    assert shown == [table for table in planned if table in shown]
    assert left_out == [table for table in planned if table in left_out]


def test_a_plan_of_another_questionnaire_is_refused() -> None:
    plan = publication_plan(definition("workplace"), breakdowns=[], open_wave=False)
    opened = small()

    with pytest.raises(PlanError, match="plan: table"):
        make_release(opened, plan, POLICY, provenance(opened))


def test_a_provenance_that_counts_other_responses_is_refused() -> None:
    opened = small()
    plan = publication_plan(ASKED, breakdowns=[], open_wave=False)
    fewer = OpenedWave(ASKED, (), opened.answers[:-1])

    with pytest.raises(ReleaseError, match="31 responses were opened and 32 counted; count what was opened"):
        make_release(fewer, plan, POLICY, provenance(opened))


def test_a_breakdown_in_which_no_two_groups_are_large_enough_is_left_out_for_its_base() -> None:
    opened = small()
    whole, *rest = publication_plan(ASKED, breakdowns=[], open_wave=False).tables
    plan = PublicationPlan((whole, *rest, replace(whole, id="tone.unit", by="unit")))

    release = make_release(opened, plan, POLICY, provenance(opened))

    assert [table.id for table in release.tables] == ["tone", "help"]
    assert [(fact.table, fact.reason) for fact in release.ledger.left_out] == [("tone.unit", "base")]


def test_every_count_lies_in_what_is_shown_of_it() -> None:
    opened = small()

    release = released(opened)

    tone, helps = (release.table(name).rows[0].cells for name in ("tone", "help"))  # type: ignore[union-attr]
    for count, (lo, hi) in zip((16, 8, 8, 32, 0, 0), (*tone, *helps), strict=True):
        assert lo <= count <= hi
