"""A joint wave, and whoever wants to make it an employer's own, or to single an organisation out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from analysis.release import Joined, Release
from questionnaires.digest import canonical_bytes
from questionnaires.loading import load
from survey.answering.client import AnsweringError, Respondent
from survey.commands.alliance import Alliance, Ballot, open_alliance
from survey.custody.directory import CustodyError
from survey.custody.releasing import check_far_enough
from survey.dashboards.sharing import may_be_shared
from survey.dashboards.trusted import trusted
from survey.storage.models import Wave
from survey.storage.repositories import WaveRegistry
from survey.waves import manifest as manifests
from survey.waves.joint import Joint
from survey.waves.manifest import Channel, Unit
from survey.waves.plan import PlanError, WavePlan
from survey.waves.states import WaveState
from tests.alliances import PORT, Clock, plan, routing, routing_replies
from tests.attacks.test_between_waves import published
from tests.survey.waves.manifests import Value, joint, right

THEATRES = Joint(organisations=6, largest=2, kind={"da": "små teatre", "en": "small theatres"})
ONE_OF_THEM = Unit(id="u1", name="Teater Ø", parent=None, headcount=2)


def together(**other: object) -> WavePlan:
    return plan(12).model_copy(update={"joint": THEATRES, **other})


@pytest.fixture
def alliance(tmp_path: Path) -> Iterator[Alliance]:
    with open_alliance(tmp_path, PORT, Clock()) as opened:
        yield opened


def fielded(alliance: Alliance) -> Ballot:
    organisation = alliance.organisation("Union", "labour_market")
    return alliance.field(organisation, routing(), together(), alliance.trustees(organisation))


def stored(alliance: Alliance, wave: str) -> Wave:
    with alliance.databases.alliance_session(reading=True) as session:
        return WaveRegistry(session).wave(wave)


@pytest.mark.parametrize("changed", ["taken out", "another number"])
def test_a_joint_wave_is_not_shown_as_an_employers_own(alliance: Alliance, changed: str) -> None:
    ballot = fielded(alliance)
    value = manifests.from_bytes(stored(alliance, ballot.wave).manifest or b"").model_dump(mode="json")
    if changed == "taken out":
        del value["joint"]
    else:
        value["joint"]["organisations"] = 600
    with alliance.databases.alliance_session() as session:
        wave = WaveRegistry(session).wave(ballot.wave)
        wave.manifest = manifests.from_value(value).to_bytes()
        wave.manifest_digest = manifests.digest(wave.manifest).hex()

    with pytest.raises(AnsweringError):
        Respondent.arrive(alliance.http, ballot.wave, ballot.pin, Channel.INVITATION)


PLANS: dict[str, dict[str, object]] = {
    "an organisation as a unit": {"units": (ONE_OF_THEM,), "breakdowns": ("unit",)},
    "an organisation left over": {"units": (ONE_OF_THEM.model_copy(update={"headcount": 10}),)},
    "one that is most of them": {"joint": THEATRES.model_copy(update={"largest": 3})},
    "shared with the alliance": {"alliance_sharing": "steward_decides"},
}


@pytest.mark.parametrize("name", PLANS)
def test_neither_web_nor_custody_takes_a_plan_that_singles_out(alliance: Alliance, name: str) -> None:
    organisation = alliance.organisation("Union", "labour_market")
    trustees = alliance.trustees(organisation)
    with pytest.raises(PlanError):
        alliance.draft(organisation, routing(), together(**PLANS[name]), trustees)

    # Whoever writes the database goes past the web.
    wave = alliance.draft(organisation, routing(), together(), trustees)
    with alliance.databases.alliance_session() as session:
        row = WaveRegistry(session).wave(wave)
        keys = WavePlan.from_value(row.plan).issuing_keys
        row.plan = together(**PLANS[name], issuing_keys=keys).value()
    alliance.custody.step()

    assert stored(alliance, wave).manifest is None
    assert stored(alliance, wave).state == WaveState.CEREMONY.value
    assert stored(alliance, wave).waits_for is not None


def test_a_question_of_ones_own_for_the_organisation_divides_no_joint_wave(alliance: Alliance) -> None:
    asked = load(Path("tests/questionnaires_for_tests/breakdown.yaml"))
    own, *_ = asked.rules.breakdown_items
    organisation = alliance.organisation("Union", "labour_market")
    trustees = alliance.trustees(organisation)

    with pytest.raises(PlanError, match=f"breakdowns: {own}: not the alliance's question"):
        alliance.draft(organisation, asked, together(breakdowns=(own,)), trustees)


def test_its_figures_are_in_no_contribution_and_its_release_says_whose_they_are(alliance: Alliance) -> None:
    ballot = fielded(alliance)
    alliance.answer(ballot, routing_replies(12), lambda _done, _of: None)
    alliance.close(ballot)
    assert alliance.approve(ballot, 2) is not None

    with alliance.databases.alliance_session(reading=True) as session:
        registry = WaveRegistry(session)
        reading = trusted(registry.wave(ballot.wave), registry.release(ballot.wave))
    assert alliance.custody.directory.contribution(ballot.wave) is None
    assert not may_be_shared(reading)
    told = reading.release.wave.joint
    assert told is not None
    assert (told.organisations, told.largest, dict(told.kind)) == (6, 2, THEATRES.kind)


@pytest.mark.parametrize(("before", "after"), [(None, joint), (THEATRES, right), (THEATRES, joint)])
def test_half_a_year_lies_between_any_two_waves_joint_or_not(
    before: Joint | None, after: Callable[[], Value]
) -> None:
    # The same people may be asked as one's own, and soon after as those of many with one organisation more.
    later = manifests.from_bytes(canonical_bytes(after()))
    begins = date.fromisoformat(later.field_period.first_day)

    check_far_enough(later, [ended(begins - timedelta(days=190), before)])
    with pytest.raises(CustodyError, match="less than 6 months"):
        check_far_enough(later, [ended(begins - timedelta(days=100), before)])


def ended(day: date, over: Joint | None) -> Release:
    """A release of a wave, joint or not, that ended on a day."""
    wave = published(a=12, b=18).wave
    period = wave.field_period.model_copy(update={"last_possible_day": day.isoformat()})
    joined = Joined(**over.model_dump()) if over else None
    told = wave.model_copy(update={"field_period": period, "joint": joined})
    return published(a=12, b=18).model_copy(update={"wave": told})
