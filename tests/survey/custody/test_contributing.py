from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from analysis.coding import coded
from analysis.measures import measures_of, option_sets
from analysis.tables import FrequencyTable, OpenedWave, PlannedTable
from analysis.tabulation import tabulated
from questionnaires.digest import canonical_bytes, read_canonical
from questionnaires.loading import load
from survey.commands.alliance import open_alliance
from survey.custody.contributing import contribution, draws
from survey.custody.directory import CustodyDirectory, CustodyError
from survey.custody.opening import Opened
from survey.waves.manifest import from_bytes
from tests.alliances import PORT, ROUTING, Clock, Fielded, plan, routing_replies
from tests.analysis.rosters import definition, invented
from tests.survey.waves.manifests import right

SEED = bytes(range(32))
ANY_ACT = "I01_exposure_any"
MANIFEST = from_bytes(canonical_bytes(right()))


def made(seed: bytes = SEED) -> bytes:
    return contribution(MANIFEST, Opened(invented(definition("workplace"), 60, seed=1), {}), seed)


def test_a_contribution_is_canonical_and_says_no_count_as_it_was() -> None:
    value = json.loads(made())

    read_canonical(made())
    assert set(value) == {
        "format",
        "wave",
        "organisation",
        "questionnaire",
        "respondents",
        "likelier",
        "indicators",
    }
    assert value["respondents"] == 60
    for indicator in value["indicators"]:
        assert indicator.get("points", 0) % 100 == 0


def test_an_opening_done_again_draws_the_same_and_another_wave_otherwise() -> None:
    assert made() == made()
    assert made() != made(seed=bytes(32))


def test_draws_are_even_and_of_their_label() -> None:
    draw = draws(SEED, bytes(32))
    seen = [draw(f"I01/{number}", 5) for number in range(5_000)]

    # Five times 1,000 are expected; the standard deviation of each is 28.
    assert all(abs(seen.count(number) - 1_000) < 6 * 28 for number in range(5))
    assert draw("I01/yes", 5) == draw("I01/yes", 5)


def test_the_noise_is_unbiased_over_waves() -> None:
    opened = Opened(invented(definition("workplace"), 60, seed=1), {})
    drawn = [json.loads(contribution(MANIFEST, opened, bytes([seed] * 32))) for seed in range(60)]
    table = tabulated_indicator(opened.wave, ANY_ACT)

    for place, count in enumerate(table.cells[:-1]):
        given = [_counts(wave, ANY_ACT)[place] for wave in drawn]
        # The standard deviation of one is 3.5, of the mean of sixty 0.45.
        assert abs(sum(given) / len(given) - count) < 2
        assert len(set(given)) > 5


def _counts(value: dict[str, Any], indicator: str) -> list[int]:
    found: list[int] = next(each["counts"] for each in value["indicators"] if each["id"] == indicator)
    return found


def tabulated_indicator(opened: OpenedWave, name: str) -> FrequencyTable:
    measure = measures_of(opened.questionnaire)[name]
    options = option_sets(opened.questionnaire, measure)
    planned = PlannedTable(name, measure.kind, name, None, options)
    return tabulated(coded(opened, [measure]), planned, options[-1])


def test_a_contribution_is_kept_where_the_manifest_allows_it_and_erased_at_destruction(
    tmp_path: Path,
) -> None:
    clock = Clock()
    with open_alliance(tmp_path, PORT, clock) as alliance:
        organisation = alliance.organisation("Example", "labour_market")
        promised = plan(15).model_copy(update={"alliance_sharing": "steward_decides"})
        ballot = alliance.field(organisation, load(ROUTING), promised, alliance.trustees(organisation))
        alliance.answer(ballot, routing_replies(12), lambda _done, _of: None)
        alliance.close(ballot)
        release = alliance.approve(ballot, 2) or b""
        kept = alliance.custody.directory.contribution(ballot.wave) or b""

        clock.day += datetime.timedelta(days=30)
        alliance.custody.step()

        assert json.loads(kept)["respondents"] == 12
        assert b"tillid-contribution" not in release
        assert alliance.custody.directory.contribution(ballot.wave) is None
        assert list(tmp_path.rglob(f"contributions/{ballot.wave}")) == []


def test_no_contribution_is_made_where_the_manifest_promised_none(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot):
        alliance.close(ballot)

        assert alliance.approve(ballot, 2) is not None
        assert alliance.custody.directory.contribution(ballot.wave) is None


def test_a_contribution_is_private_and_never_replaced(tmp_path: Path) -> None:
    directory = CustodyDirectory(tmp_path)
    directory.keep_contribution("w", b"one")
    directory.keep_contribution("w", b"one")

    file = tmp_path / "contributions" / "w"
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CustodyError, match="another contribution"):
        directory.keep_contribution("w", b"two")
